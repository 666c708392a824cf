/**
 * Hexdumps → bytes: those of `rtms`, `xxd`, `hexdump`, `od` and Wireshark, and plain digits in any dress. It does not
 * know what the bytes are. Texts have one character a byte.
 */
import type { Derived } from '../protocol/escapes.js';
import { Pieces } from '../protocol/origin.js';

/** Bytes read from digits. */
export interface Dump extends Derived {
  /** Where the dump begins in the text. */
  readonly start: number;
  /** What the dump itself leaves out, in words. */
  readonly notes: readonly string[];
}

const ROW_BYTES = 16;
/** Longer lines are no rows: sixteen bytes and what they read as take eighty columns. */
const LONGEST_ROW = 256;
/** A dump can say with one `*` that it stands for gigabytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The runs of hexdump rows in a text, the first so many; what stands between them is no dump. */
export function hexdumpsIn(text: string, most: number): Dump[] {
  const dumps: Dump[] = [];
  let rows: Row[] = [];
  const finish = (): void => {
    const dump = assemble(rows);
    if (dump) dumps.push(dump);
    rows = [];
  };
  for (let at = 0; at < text.length && dumps.length < most;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const row = end - at > LONGEST_ROW ? undefined : readRow(text.slice(at, end).trimEnd(), at);
    // An offset of zero begins another dump. Not by Number: it takes 000000e0 for a power of ten.
    if (row?.offset === '' ? rows.length === 0 : !row || /^0+$/.test(row.offset)) finish();
    if (row && (row.offset !== '' || rows.length > 0)) rows.push(row);
    at = end + 1;
  }
  finish();
  return dumps;
}

interface Row {
  /** As written; empty for `*`, which stands for more rows like the last one. */
  readonly offset: string;
  readonly groups: readonly Group[];
  /** Where the line begins in the text. */
  readonly start: number;
}

/** Digits without a space between them, and where they begin in the text. */
interface Group {
  readonly digits: string;
  readonly at: number;
}

/** An offset, digits in groups, and perhaps what they read as. */
const ROW = /^[ \t]*([0-9a-f]{4,16})(:|[ \t]{1,4}|$)(.*)$/i;

function readRow(line: string, start: number): Row | undefined {
  if (line === '*') return { offset: '', groups: [], start };
  const [, offset = '', mark = '', rest = ''] = ROW.exec(line) ?? [];
  if (offset === '') return undefined;
  const groups = readGroups(rest, mark === ':', start + line.length - rest.length);
  // Only the last line of a dump has an offset alone.
  return groups.length === 0 && rest !== '' ? undefined : { offset, groups, start };
}

/** Up to what they read as: behind a bar, or behind a gap wider than that between groups. */
function readGroups(rest: string, isXxd: boolean, start: number): Group[] {
  const [area = ''] = rest.split('|');
  const gap = isXxd ? 2 : 3;
  const groups: Group[] = [];
  let bytes = 0;
  for (const { index, 1: space = '', 2: digits = '' } of area.matchAll(/(\s*)(\S+)/g)) {
    const isBehind = bytes >= ROW_BYTES || (groups.length > 0 && space.length >= gap);
    if (isBehind || !/^(?:[0-9a-f]{2})+$/i.test(digits)) break;
    groups.push({ digits, at: start + index + space.length });
    bytes += digits.length / 2;
  }
  return groups;
}

/** Undefined where the rows are none after all: one line of a log can look like one. */
function assemble(rows: readonly Row[]): Dump | undefined {
  const [first] = rows;
  const width = first?.offset.length ?? 0;
  if (!first || (width < 7 && rows.length < 2)) return undefined;
  const begin = Number.parseInt(first.offset, 16);
  const dump = new DumpWriter(width === 7);
  const notes = new Set<string>(begin === 0 ? [] : [`the dump begins at offset ${begin}`]);
  for (const [index, { offset, groups }] of rows.entries()) {
    if (offset === '') continue;
    const stated = statedOffset(offset, begin + dump.length) - begin;
    const isWhole = rows[index - 1]?.offset === '' ? dump.repeatTo(stated) : stated === dump.length;
    // At the end, `hexdump` and `od` fill up the last word.
    if (!isWhole && groups.length === 0) dump.cut(stated);
    else if (!isWhole) notes.add('rows are missing in the dump');
    dump.add(groups);
  }
  return dump.length === 0 ? undefined : { ...dump.result(), start: first.start, notes: [...notes] };
}

/** `od` counts in octal. */
function statedOffset(offset: string, expected: number): number {
  return Number.parseInt(offset, 8) === expected ? expected : Number.parseInt(offset, 16);
}

class DumpWriter {
  length = 0;
  readonly #pieces = new Pieces();
  readonly #chunks: Uint8Array[] = [];
  readonly #isSwapped: boolean;
  #last: { readonly bytes: Uint8Array; readonly from: number; readonly to: number } | undefined;

  /** With `couldBeSwapped`, groups of two bytes are words as the machine reads them, low byte first. */
  constructor(couldBeSwapped: boolean) {
    this.#isSwapped = couldBeSwapped;
  }

  add(groups: readonly Group[]): void {
    const row = groups.map(({ digits }) => Buffer.from(digits, 'hex'));
    for (const [index, bytes] of row.entries()) {
      const at = groups[index]?.at ?? 0;
      if (this.#isSwapped && bytes.length === 2) {
        bytes.swap16();
        this.#pieces.add(2, at, at + 4);
      } else for (const byte of bytes.keys()) this.#pieces.add(1, at + 2 * byte, at + 2 * byte + 2);
    }
    const bytes = Buffer.concat(row);
    const [first, last] = [groups[0], groups.at(-1)];
    if (first && last) this.#last = { bytes, from: first.at, to: last.at + last.digits.length };
    this.#chunks.push(bytes);
    this.length += bytes.length;
  }

  /** Repeats the last row up to an offset; false where that cannot be. */
  repeatTo(offset: number): boolean {
    const size = offset - this.length;
    if (this.#last?.bytes.length !== ROW_BYTES || size <= 0 || size % ROW_BYTES > 0 || offset > MOST_BYTES)
      return false;
    this.#chunks.push(Buffer.alloc(size, this.#last.bytes));
    this.#pieces.add(size, this.#last.from, this.#last.to);
    this.length = offset;
    return true;
  }

  cut(length: number): void {
    this.length = Math.max(0, Math.min(this.length, length));
  }

  result(): Derived {
    return { bytes: Buffer.concat(this.#chunks).subarray(0, this.length), origin: this.#pieces.origin };
  }
}

/** What can stand around and between the digits of bytes written out in a program or a log. */
const BETWEEN = /[\s,;:[\]{}()<>"'`-]/;
const BYTE = /(?:0x|\\x)?([0-9a-f]{2})|0x([0-9a-f])(?![0-9a-f])/iy;
/** How Node shows a Buffer, and that it shows only a part. */
const BUFFER = /Buffer(?:\(\d+\) \[Uint8Array\])? |\.{3} \d+ more bytes?/y;

/** A text that is hex digits and nothing else: with or without spaces, commas, colons, `0x`, brackets, a `<Buffer >`. */
export function plainHex(text: string): Dump | undefined {
  const bytes = Buffer.alloc(Math.ceil(text.length / 2));
  const pieces = new Pieces();
  const notes: string[] = [];
  let length = 0;
  let start: number | undefined;
  for (let at = 0; at < text.length;) {
    BYTE.lastIndex = at;
    const [whole, two, one] = BYTE.exec(text) ?? [];
    if (whole !== undefined) {
      start ??= at;
      bytes[length] = Number.parseInt(two ?? one ?? '', 16);
      pieces.add(1, at, at + whole.length);
      length += 1;
      at += whole.length;
    } else if (BETWEEN.test(text.charAt(at))) {
      at += 1;
    } else {
      BUFFER.lastIndex = at;
      const [word] = BUFFER.exec(text) ?? [];
      if (word === undefined) return undefined;
      if (word.startsWith('...')) notes.push(`only a part was printed: ${word}`);
      at += word.length;
    }
  }
  return start === undefined ? undefined : { bytes: bytes.subarray(0, length), origin: pieces.origin, start, notes };
}
