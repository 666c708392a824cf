/**
 * From the bytes of one WebSocket message to the JSON text RTMS expects in it, naming what stands in the way:
 * prefixes, encodings, quotes, truncation. It judges the wrapping only; what the JSON says is messages.ts.
 */

export type FramingCause =
  | 'binary-prefix'
  | 'length-prefix'
  | 'text-prefix'
  | 'double-encoded'
  | 'typographic-quotes'
  | 'bom'
  | 'truncated'
  | 'trailing-bytes'
  | 'not-utf8'
  | 'protobuf'
  | 'not-json';

/** One thing wrong with the wrapping. `start` and `end` are byte offsets in the message as given, end exclusive. */
export interface FramingFault {
  readonly cause: FramingCause;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What was read. `value` is there when JSON was found, if need be behind the faults; `text` is that JSON, repaired. */
export interface MessageText {
  readonly value?: unknown;
  readonly text?: string;
  readonly faults: readonly FramingFault[];
}

interface Repair {
  readonly fault: FramingFault;
  readonly bytes?: Uint8Array;
}

type Detector = (bytes: Uint8Array) => Repair | undefined;

const OPENING_BRACE = 0x7b;
const LONGEST_PREFIX = 16;
/** More layers than this is not a mistake anyone makes. */
const MOST_REPAIRS = 4;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes as UTF-8 text, or undefined where they are not UTF-8. A byte order mark is kept. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads one message. Never throws; arbitrary bytes give faults. */
export function readMessageText(bytes: Uint8Array): MessageText {
  const faults: FramingFault[] = [];
  let rest = bytes;
  for (let repairs = 0; repairs <= MOST_REPAIRS; repairs += 1) {
    const text = utf8Text(rest);
    const value = text === undefined ? undefined : parseObject(text);
    if (value !== undefined && text !== undefined) return { value, text, faults };
    const repair = firstRepair(rest);
    faults.push(shifted(repair.fault, faults.length === 0 ? 0 : bytes.length - rest.length, bytes.length));
    if (repair.bytes === undefined) break;
    rest = repair.bytes;
  }
  return { faults };
}

const DETECTORS: readonly Detector[] = [
  byteOrderMark,
  utf16,
  prefix,
  doubleEncoded,
  typographicQuotes,
  trailingBytes,
  truncated,
  notUtf8,
  protobuf,
];

function firstRepair(bytes: Uint8Array): Repair {
  for (const detect of DETECTORS) {
    const repair = detect(bytes);
    if (repair) return repair;
  }
  const message = bytes.length === 0 ? 'the message is empty' : 'the message is not a JSON object';
  return { fault: { cause: 'not-json', start: 0, end: bytes.length, message } };
}

function byteOrderMark(bytes: Uint8Array): Repair | undefined {
  if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return undefined;
  const message = 'a byte order mark (EF BB BF) stands before the JSON';
  return { fault: { cause: 'bom', start: 0, end: 3, message }, bytes: bytes.subarray(3) };
}

function utf16(bytes: Uint8Array): Repair | undefined {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const little = first === 0xff || (first === OPENING_BRACE && second === 0);
  if (!marked && !little && !(first === 0 && second === OPENING_BRACE)) return undefined;
  const body = marked ? bytes.subarray(2) : bytes;
  const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(body);
  if (parseObject(text) === undefined) return undefined;
  const message = `the JSON is UTF-16 (${little ? 'little' : 'big'}-endian); RTMS messages are UTF-8`;
  return { fault: { cause: 'not-utf8', start: 0, end: bytes.length, message }, bytes: encoder.encode(text) };
}

/** A few bytes, then the JSON: what a length-prefixed or typed framing on top of WebSocket looks like. */
function prefix(bytes: Uint8Array): Repair | undefined {
  const start = bytes.subarray(0, LONGEST_PREFIX + 1).indexOf(OPENING_BRACE);
  if (start < 1) return undefined;
  const head = bytes.subarray(0, start);
  const rest = bytes.subarray(start);
  const text = utf8Text(rest);
  if (text === undefined || closeTruncated(text) === undefined) return undefined;
  // A quote before the brace is double encoding, white space is legal JSON, a mark is its own fault.
  if (head.every((byte) => byte === 0x22 || isJsonSpace(byte)) || head[0] === 0xef) return undefined;
  return { fault: describePrefix(head, rest.length), bytes: rest };
}

function describePrefix(head: Uint8Array, length: number): FramingFault {
  const fault = (cause: FramingCause, message: string): FramingFault => ({
    cause,
    start: 0,
    end: head.length,
    message,
  });
  const count = head.length === 1 ? 'one byte stands' : `${head.length} bytes stand`;
  const asLength = lengthPrefix(head, length);
  if (asLength) return fault('length-prefix', `${count} before the JSON: its length ${length}, ${asLength}`);
  const [type, ...tail] = head;
  const typed = type !== undefined && lengthPrefix(Uint8Array.from(tail), length);
  if (typed) return fault('binary-prefix', `${count} before the JSON: type ${hex(type)}, length ${length}, ${typed}`);
  if (head.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    return fault('text-prefix', `${count} before the JSON: ${JSON.stringify(lenientDecoder.decode(head))}`);
  }
  return fault('binary-prefix', `${count} before the JSON: ${Array.from(head, hex).join(' ')}`);
}

function lengthPrefix(head: Uint8Array, length: number): string | undefined {
  const bigEndian = [2, 4, 8].includes(head.length) && readInteger(head) === length;
  const littleEndian = [2, 4, 8].includes(head.length) && readInteger(head.toReversed()) === length;
  if (bigEndian) return 'big-endian';
  if (littleEndian) return 'little-endian';
  const varint = readVarint(head, 0);
  if (varint?.end === head.length && varint.value === length) return head.length === 1 ? 'as one byte' : 'as a varint';
  return undefined;
}

const readInteger = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0);

function doubleEncoded(bytes: Uint8Array): Repair | undefined {
  const text = utf8Text(bytes)?.trim();
  if (text === undefined || !/^"?\{?\s*\\?"/.test(text)) return undefined;
  const inner = parse(text) ?? parse(`"${text}"`);
  if (typeof inner !== 'string' || parse(inner) === undefined) return undefined;
  const message = 'the JSON was turned into a JSON string once more: its quotes are escaped';
  return { fault: { cause: 'double-encoded', start: 0, end: bytes.length, message }, bytes: encoder.encode(inner) };
}

const TYPOGRAPHIC: readonly (readonly [pattern: RegExp, plain: string])[] = [
  [/[\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]/g, '"'],
  [/[\u2018\u2019]/g, "'"],
  [/[\u00a0\u2002-\u200a\u202f\u3000]/g, ' '],
  [/[\u200b\ufeff]/g, ''],
];

/** Text that went through a word processor, a mail or a forum: quotes and spaces are not the ASCII ones any more. */
function typographicQuotes(bytes: Uint8Array): Repair | undefined {
  const text = utf8Text(bytes);
  const first = text?.search(/[\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02\u2018\u2019\u00a0\u2002-\u200b\u202f\u3000]/);
  if (text === undefined || first === undefined || first < 0) return undefined;
  const plain = TYPOGRAPHIC.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
  if (parseObject(plain) === undefined && closeTruncated(plain) === undefined) return undefined;
  const character = text.charAt(first);
  const start = encoder.encode(text.slice(0, first)).length;
  const what = /\s/.test(character) ? 'a space that is not ASCII' : `typographic quote ${character}`;
  const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const fault = {
    start,
    end: start + encoder.encode(character).length,
    message: `${what} (${code}) where an ASCII one belongs`,
  };
  return { fault: { cause: 'typographic-quotes', ...fault }, bytes: encoder.encode(plain) };
}

function trailingBytes(bytes: Uint8Array): Repair | undefined {
  const text = lenientDecoder.decode(bytes);
  const { end } = scan(text);
  if (end === undefined || parseObject(text.slice(0, end)) === undefined) return undefined;
  const start = encoder.encode(text.slice(0, end)).length;
  // A replacement character inside the value makes the two lengths differ: that is another fault.
  if (start >= bytes.length || utf8Text(bytes.subarray(0, start)) === undefined) return undefined;
  const count = bytes.length - start;
  const message = `${count} ${count === 1 ? 'byte follows' : 'bytes follow'} the JSON`;
  return { fault: { cause: 'trailing-bytes', start, end: bytes.length, message }, bytes: bytes.subarray(0, start) };
}

function truncated(bytes: Uint8Array): Repair | undefined {
  const text = utf8Text(bytes);
  const closed = text === undefined ? undefined : closeTruncated(text);
  if (closed === undefined) return undefined;
  const message = `the JSON breaks off after ${bytes.length} bytes`;
  const fault: FramingFault = { cause: 'truncated', start: Math.max(0, bytes.length - 1), end: bytes.length, message };
  return { fault, bytes: encoder.encode(closed) };
}

function notUtf8(bytes: Uint8Array): Repair | undefined {
  if (utf8Text(bytes) !== undefined || protobuf(bytes)) return undefined;
  const good = lenientDecoder.decode(bytes).indexOf('\ufffd');
  const start = encoder.encode(lenientDecoder.decode(bytes).slice(0, good)).length;
  const message = `byte ${hex(bytes[start] ?? 0)} at offset ${start} is not valid UTF-8`;
  return { fault: { cause: 'not-utf8', start, end: start + 1, message } };
}

/** Wire types of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/ */
const FIXED_SIZES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** At least two fields that parse to the last byte; any less happens by chance, and so does any number in plain text. */
function protobuf(bytes: Uint8Array): Repair | undefined {
  if (bytes.every((byte) => isJsonSpace(byte) || (byte >= 0x20 && byte < 0x7f))) return undefined;
  let at = 0;
  let fields = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (!tag || tag.value >>> 3 === 0) return undefined;
    const wireType = tag.value & 7;
    const fixed = FIXED_SIZES[wireType];
    const varint = fixed === undefined ? readVarint(bytes, tag.end) : undefined;
    if (fixed !== undefined) at = tag.end + fixed;
    else if (wireType === 0 && varint) at = varint.end;
    else if (wireType === 2 && varint) at = varint.end + varint.value;
    else return undefined;
    fields += 1;
  }
  if (at !== bytes.length || fields < 2) return undefined;
  const message = `the message reads as Protocol Buffers (${fields} fields), not as JSON`;
  return { fault: { cause: 'protobuf', start: 0, end: bytes.length, message } };
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + 5); at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

interface Scan {
  /** Index behind the first complete value, if it completes. */
  readonly end?: number;
  /** What would close what is still open, innermost first. */
  readonly closers: string;
}

/** Follows strings and brackets only: enough to tell complete from cut off, and to find where the value ends. */
function scan(text: string): Scan {
  const open: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return { end: at + 1, closers: '' };
    }
  }
  return { closers: (inString ? '"' : '') + open.toReversed().join('') };
}

/** The text, if need be with what it lacks at its end supplied; undefined where that gives no JSON object. */
function closeTruncated(text: string): string | undefined {
  const { closers, end } = scan(text);
  if (end !== undefined) return parseObject(text.slice(0, end)) === undefined ? undefined : text;
  const whole = text.replace(/\\$/, '') + closers;
  const withoutLast = text.replace(/[,{][^,{]*$/, (tail) => (tail.startsWith('{') ? '{' : ''));
  return [whole, withoutLast + scan(withoutLast).closers].find((candidate) => parseObject(candidate) !== undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parseObject(text: string): object | undefined {
  const value = parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** A fault found behind earlier repairs, back in offsets of the whole; exact where those took bytes from the front. */
function shifted(fault: FramingFault, by: number, limit: number): FramingFault {
  const within = (offset: number): number => Math.max(0, Math.min(offset + Math.max(0, by), limit));
  return { ...fault, start: within(fault.start), end: within(fault.end) };
}

const isJsonSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
