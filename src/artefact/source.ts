/** The bytes a user gave, as the lines and columns an editor shows. */
import { utf8Text } from '../protocol/framing.js';
import type { Range } from '../protocol/origin.js';

/** As UTF-8 counts also what is no text at all. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Counted from 1; columns are characters. The end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const NEWLINE = 0x0a;

export class Source {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  /** Size of the byte order mark. */
  readonly #mark: number;
  #isText: boolean | undefined;
  #starts: readonly number[] | undefined;
  #counts: readonly number[] | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.encoding = encodingOf(bytes);
    this.#mark = markSize(bytes, this.encoding);
  }

  /** Whether places in it are lines and columns; what is no text has offsets alone. */
  get isText(): boolean {
    return (this.#isText ??= this.encoding !== 'utf-8' || isText(this.bytes));
  }

  /** A range inside the input, with at least one byte of it where it has any. */
  inside([start, end]: Range): Range {
    const last = Math.max(0, this.bytes.length - 1);
    const from = Math.max(0, Math.min(start, last));
    return [from, Math.max(Math.min(from + 1, this.bytes.length), Math.min(end, this.bytes.length))];
  }

  /** Where a range stands. */
  place(range: Range): Place {
    const [start, end] = this.inside(range);
    const from = this.#locate(start);
    const to = this.#locate(end);
    return { ...from, endLine: to.line, endColumn: to.column };
  }

  /** A range up to the end of its line, with what stands around it there: so many bytes on either side, at most. */
  excerpt(range: Range, most: number): { readonly before: string; readonly text: string; readonly after: string } {
    const [start, end] = this.inside(range);
    const line = this.#lineOf(start);
    const lineStart = this.#lineStarts[line - 1] ?? 0;
    const lineEnd = this.#lineStarts[line] ?? this.bytes.length;
    const last = Math.max(start, Math.min(end, lineEnd, start + most));
    return {
      before: this.#decode(Math.max(lineStart, start - most), start),
      text: this.#decode(start, last).replace(/[\r\n]+$/, ''),
      after: this.#decode(last, Math.min(lineEnd, last + most)).replace(/[\r\n]+$/, ''),
    };
  }

  /** Characters that are cut at either end are left out. */
  #decode(start: number, end: number): string {
    const odd = this.encoding === 'utf-8' ? 0 : start % 2;
    return new TextDecoder(this.encoding)
      .decode(this.bytes.subarray(start + odd, end))
      .replace(/^\ufffd+|\ufffd+$/g, '');
  }

  #locate(offset: number): { readonly line: number; readonly column: number } {
    const line = this.#lineOf(offset);
    const start = this.#lineStarts[line - 1] ?? 0;
    return { line, column: this.#characters(offset) - this.#characters(start) + 1 };
  }

  /** The number of the last line that begins at or before the offset. */
  #lineOf(offset: number): number {
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** How many stand before an offset. A byte order mark is none: no editor shows it. */
  #characters(offset: number): number {
    const end = Math.max(offset, this.#mark);
    if (this.encoding !== 'utf-8') return Math.floor((end - this.#mark) / 2);
    const block = Math.floor(end / BLOCK);
    return (this.#blocks[block] ?? 0) + countCharacters(this.bytes, Math.max(block * BLOCK, this.#mark), end);
  }

  /** Characters before each block, so that none is counted again for every place behind it. */
  get #blocks(): readonly number[] {
    return (this.#counts ??= blockCounts(this.bytes, this.#mark));
  }

  get #lineStarts(): readonly number[] {
    return (this.#starts ??= lineStarts(this.bytes, this.encoding));
  }
}

/** A byte order mark gives UTF-16 away, and so do the zero bytes of ASCII letters. */
function encodingOf([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): Encoding {
  if ((first === 0xff && second === 0xfe) || (isAscii(first) && second === 0 && fourth === 0 && third !== 0)) {
    return 'utf-16le';
  }
  if ((first === 0xfe && second === 0xff) || (isAscii(second) && first === 0 && third === 0 && fourth !== 0)) {
    return 'utf-16be';
  }
  return 'utf-8';
}

function markSize([first, second, third]: Uint8Array, encoding: Encoding): number {
  if (encoding !== 'utf-8') return first === 0xff || first === 0xfe ? 2 : 0;
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

const isAscii = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

const BLOCK = 4096;

function blockCounts(bytes: Uint8Array, mark: number): number[] {
  const counts = [0];
  for (let start = 0; start + BLOCK <= bytes.length; start += BLOCK) {
    counts.push((counts.at(-1) ?? 0) + countCharacters(bytes, Math.max(start, mark), start + BLOCK));
  }
  return counts;
}

/** In UTF-8, every byte begins a character but those from 80 to BF. */
function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  return count;
}

function lineStarts(bytes: Uint8Array, encoding: Encoding): number[] {
  const starts = [0];
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (encoding === 'utf-8') starts.push(at + 1);
    else if (encoding === 'utf-16le' && at % 2 === 0 && bytes[at + 1] === 0) starts.push(at + 2);
    else if (encoding === 'utf-16be' && at % 2 === 1 && bytes[at - 1] === 0) starts.push(at + 1);
  }
  return starts;
}

const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Whether it can be shown as text; logs have the colours of a terminal in them. */
export function isText(bytes: Uint8Array): boolean {
  const text = utf8Text(bytes);
  return text !== undefined && !CONTROL.test(text.replaceAll('\u001b', ''));
}
