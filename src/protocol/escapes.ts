/** Backslash escapes taken off, as JSON, JavaScript and Python write them; what is no escape stays as it is. */
import { Pieces, type Origin } from './origin.js';

/** Bytes with their places in what they were derived from. */
export interface Derived {
  readonly bytes: Uint8Array;
  readonly origin: Origin;
}

const BACKSLASH = 0x5c;

const SIMPLE: ReadonlyMap<number, string> = new Map(
  Object.entries({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\', '/': '/' }).map(
    ([letter, meaning]) => [letter.charCodeAt(0), meaning],
  ),
);

/** `\xe9` is a character of text, but a byte where the literal is one of bytes, as Python's b'…'. */
export function unescaped(bytes: Uint8Array, { hexIsByte = false } = {}): Derived {
  // Every escape is longer than what it stands for.
  const result = Buffer.alloc(bytes.length);
  const pieces = new Pieces();
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const run = bytes.indexOf(BACKSLASH, at);
    const plainEnd = run < 0 ? bytes.length : run;
    result.set(bytes.subarray(at, plainEnd), length);
    pieces.add(plainEnd - at, at, plainEnd);
    length += plainEnd - at;
    at = plainEnd;
    if (run < 0) break;
    const { text, end } = readEscape(bytes, at);
    const written = text.length === 1 && hexIsByte ? result.write(text, length, 'latin1') : result.write(text, length);
    pieces.add(written, at, end);
    length += written;
    at = end;
  }
  return { bytes: result.subarray(0, length), origin: pieces.origin };
}

function readEscape(bytes: Uint8Array, at: number): { readonly text: string; readonly end: number } {
  const letter = bytes[at + 1] ?? 0;
  const simple = SIMPLE.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const digits = { x: 2, u: 4 }[String.fromCharCode(letter)];
  const unit = digits === undefined ? undefined : readHex(bytes, at + 2, digits);
  if (digits === undefined || unit === undefined) return { text: '\\', end: at + 1 };
  const end = at + 2 + digits;
  const low = isHighSurrogate(unit) && bytes[end] === BACKSLASH ? readHex(bytes, end + 2, 4) : undefined;
  return low === undefined
    ? { text: String.fromCharCode(unit), end }
    : { text: String.fromCharCode(unit, low), end: end + 6 };
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

function readHex(bytes: Uint8Array, start: number, digits: number): number | undefined {
  const text = Buffer.from(bytes.subarray(start, start + digits)).toString('latin1');
  return text.length === digits && /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
