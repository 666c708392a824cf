/**
 * From the bytes of one WebSocket message to the JSON text RTMS expects in it, naming what stands in the way:
 * prefixes, encodings, quotes, truncation. It judges the wrapping only; what the JSON says is messages.ts.
 */
import { unescaped } from './escapes.js';
import { isObject } from './json.js';
import { beginningAt, lazily, Pieces, recoded, through, unchanged, type Origin, type Range } from './origin.js';

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
  /** Where the bytes of `text` stand in the message as given. */
  readonly origin: Origin;
}

interface Repair {
  readonly fault: FramingFault;
  /** What is left once the fault is mended, and where that stands in what was given. */
  readonly bytes?: Uint8Array;
  readonly origin?: Origin;
  /** It is no more than a guess unless what is left can be read. */
  readonly tentative?: true;
}

type Detector = (bytes: Uint8Array) => Repair | undefined;

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LONGEST_PREFIX = 32;
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

/** Reads one message. Never throws; arbitrary bytes give faults, outermost first, each at its place in the whole. */
export const readMessageText = (bytes: Uint8Array): MessageText => readLayer(bytes, MOST_REPAIRS);

function readLayer(bytes: Uint8Array, repairsLeft: number): MessageText {
  const text = utf8Text(bytes);
  const value = text === undefined ? undefined : parse(text);
  if (isObject(value) && text !== undefined) return { value, text, faults: [], origin: unchanged };
  // What is JSON, but no object, has nothing around it; a string can hold one.
  if (value !== undefined && typeof value !== 'string') return { faults: [notJson(bytes)], origin: unchanged };
  for (const detect of DETECTORS) {
    const repair = detect(bytes);
    if (!repair) continue;
    const { fault, bytes: rest, origin = unchanged, tentative } = repair;
    if (rest === undefined || repairsLeft === 0) {
      if (tentative) continue;
      return { faults: [fault], origin };
    }
    const inner = readLayer(rest, repairsLeft - 1);
    if (inner.value === undefined && tentative) continue;
    return {
      ...inner,
      faults: [fault, ...inner.faults.map((each) => placed(each, origin))],
      origin: through(origin, inner.origin),
    };
  }
  return { faults: [notJson(bytes)], origin: unchanged };
}

function placed(fault: FramingFault, origin: Origin): FramingFault {
  const [start, end] = origin([fault.start, fault.end]);
  return { ...fault, start, end };
}

const DETECTORS: readonly Detector[] = [
  byteOrderMark,
  utf16,
  doubleEncoded,
  prefix,
  (bytes) => typographicQuotes(bytes, 'outside-strings'),
  (bytes) => typographicQuotes(bytes, 'everywhere'),
  strayCommas,
  trailingBytes,
  truncated,
  latin1,
  protobuf,
  notUtf8,
];

function byteOrderMark(bytes: Uint8Array): Repair | undefined {
  if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return undefined;
  const message = 'a byte order mark (EF BB BF) stands before the JSON';
  return { fault: { cause: 'bom', start: 0, end: 3, message }, bytes: bytes.subarray(3), origin: beginningAt(3) };
}

function utf16(bytes: Uint8Array): Repair | undefined {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const little = first === 0xff || (first === OPENING_BRACE && second === 0);
  if (!marked && !little && !(first === 0 && second === OPENING_BRACE)) return undefined;
  const start = marked ? 2 : 0;
  const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes.subarray(start));
  const message = `the JSON is UTF-16 (${little ? 'little' : 'big'}-endian); RTMS messages are UTF-8`;
  return {
    fault: { cause: 'not-utf8', start: 0, end: bytes.length, message },
    bytes: encoder.encode(text),
    origin: lazily(() => recoded(text, (character) => 2 * character.length, [start, bytes.length])),
    tentative: true,
  };
}

/** A few bytes, then the JSON: what a length-prefixed or typed framing on top of WebSocket looks like. */
function prefix(bytes: Uint8Array): Repair | undefined {
  const brace = bytes.subarray(0, LONGEST_PREFIX + 1).indexOf(OPENING_BRACE);
  // A quote before the brace is a string of JSON, its own fault.
  const start = bytes[brace - 1] === QUOTE && bytes[brace + 1] === BACKSLASH ? brace - 1 : brace;
  if (start < 1) return undefined;
  const head = bytes.subarray(0, start);
  // A quote before the brace is double encoding, white space is legal JSON, a mark is its own fault.
  if (head.every((byte) => byte === QUOTE || isJsonSpace(byte)) || head[0] === 0xef) return undefined;
  // An empty line ends the headers of an HTTP request, whose body is no message.
  if (/\n\r?\n$/.test(latin1Text(head))) return undefined;
  const rest = bytes.subarray(start);
  return { fault: describePrefix(head, rest.length), bytes: rest, origin: beginningAt(start), tentative: true };
}

function describePrefix(head: Uint8Array, length: number): FramingFault {
  const fault = (cause: FramingCause, what: string): FramingFault => {
    const count = head.length === 1 ? 'one byte stands' : `${head.length} bytes stand`;
    return { cause, start: 0, end: head.length, message: `${count} before the JSON: ${what}` };
  };
  const field = lengthField(head, length);
  if (field) {
    const { start, end, words } = field;
    if (end - start === head.length) return fault('length-prefix', `its length ${words}`);
    const parts = [
      ...(start > 0 ? [`type ${hexOf(head.subarray(0, start))}`] : []),
      `length ${words}`,
      ...(end < head.length ? [`then ${hexOf(head.subarray(end))}`] : []),
    ];
    return fault('binary-prefix', parts.join(', '));
  }
  if (head.every(isPlain)) {
    const text = lenientDecoder.decode(head);
    const origin = SOCKET_IO.test(text) ? ', as Socket.IO packs an event' : '';
    return fault('text-prefix', JSON.stringify(text) + origin);
  }
  return fault('binary-prefix', hexStart(head));
}

/** `42["message",`: https://socket.io/docs/v4/socket-io-protocol/ */
const SOCKET_IO = /^\d{1,4}\[/;

interface LengthField {
  readonly start: number;
  readonly end: number;
  /** `187, big-endian`. */
  readonly words: string;
}

const WIDTHS = [8, 4, 2, 3, 1] as const;

/** A number in the head that is the length of what follows it, or of everything; at the front before further in. */
function lengthField(head: Uint8Array, length: number): LengthField | undefined {
  for (let start = 0; start < head.length; start += 1) {
    const varint = readVarint(head, start);
    // In one byte it is that byte.
    if (varint?.value === length && varint.end > start + 1 && varint.end <= head.length) {
      return { start, end: varint.end, words: `${length}, as a varint` };
    }
    for (const width of WIDTHS) {
      const end = start + width;
      const bytes = head.subarray(start, end);
      if (bytes.length < width) continue;
      const order = width === 1 ? 'as one byte' : 'big-endian';
      const words =
        lengthWords(readInteger(bytes), order, head.length - end, head.length, length) ??
        lengthWords(readInteger(bytes.toReversed()), 'little-endian', head.length - end, head.length, length);
      if (words !== undefined) return { start, end, words };
    }
  }
  return undefined;
}

/** `behind` is how much of the head stands after the number. */
function lengthWords(value: number, order: string, behind: number, head: number, length: number): string | undefined {
  if (value === length || value === length + behind) return `${value}, ${order}`;
  return value === length + head ? `${value}, ${order}, itself included` : undefined;
}

const readInteger = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0);

function doubleEncoded(bytes: Uint8Array): Repair | undefined {
  const text = latin1Text(bytes);
  if (!/^\s*(?:"[\s\\"]*\{|\{\s*\\+")/.test(text)) return undefined;
  const [start, end] = contentOf(text);
  const { bytes: inner, origin } = unescaped(bytes.subarray(start, end));
  const message = 'the JSON was turned into a JSON string once more: its quotes are escaped';
  return {
    fault: { cause: 'double-encoded', start: 0, end: bytes.length, message },
    bytes: inner,
    origin: through(beginningAt(start), origin),
    tentative: true,
  };
}

/** The part of a text inside the white space and the quotes around it. */
function contentOf(text: string): Range {
  const start = text.search(/\S/);
  const end = text.trimEnd().length;
  if (text[start] !== '"') return [start, end];
  return [start + 1, text[end - 1] === '"' && text[end - 2] !== '\\' ? end - 1 : end];
}

/** What word processors, mails and forums write in place of an ASCII character. */
const TYPOGRAPHIC: ReadonlyMap<string, Uint8Array> = new Map(
  [
    ...Array.from('\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02', (character) => [character, '"'] as const),
    ...Array.from('\u2018\u2019', (character) => [character, "'"] as const),
    ...Array.from(
      '\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000',
      (character) => [character, ' '] as const,
    ),
    ...Array.from('\u200b\ufeff', (character) => [character, ''] as const),
  ].map(([character, plain]) => [latin1Text(Buffer.from(character)), encoder.encode(plain)]),
);

type Where = 'outside-strings' | 'everywhere';

/**
 * Text that went through a word processor, a mail or a forum: quotes and spaces are not the ASCII ones any more.
 * Inside of strings they may be meant so; where the strings themselves have such quotes, there is no telling.
 */
function typographicQuotes(bytes: Uint8Array, where: Where): Repair | undefined {
  const [first] = typographicIn(bytes, where);
  if (!first) return undefined;
  let shown = first;
  // Every plain character is shorter than what stands for it.
  const result = Buffer.alloc(bytes.length);
  let length = 0;
  let copied = 0;
  let others = -1;
  for (const { start, end, plain } of typographicIn(bytes, where)) {
    result.set(bytes.subarray(copied, start), length);
    result.set(plain, length + start - copied);
    length += start - copied + plain.length;
    copied = end;
    others += 1;
    // A quote tells more than a space.
    if (plain[0] === QUOTE && shown.plain[0] !== QUOTE) shown = { start, end, plain };
  }
  result.set(bytes.subarray(copied), length);
  return {
    fault: describeTypographic(bytes.subarray(shown.start, shown.end), shown.start, others),
    bytes: result.subarray(0, length + bytes.length - copied),
    origin: lazily(() => typographicOrigin(bytes, where)),
    tentative: true,
  };
}

function typographicOrigin(bytes: Uint8Array, where: Where): Origin {
  const pieces = new Pieces();
  let copied = 0;
  for (const { start, end, plain } of typographicIn(bytes, where)) {
    pieces.add(start - copied, copied, start);
    pieces.add(plain.length, start, end);
    copied = end;
  }
  pieces.add(bytes.length - copied, copied, bytes.length);
  return pieces.origin;
}

function* typographicIn(
  bytes: Uint8Array,
  where: Where,
): Generator<{ readonly start: number; readonly end: number; readonly plain: Uint8Array }> {
  const text = latin1Text(bytes);
  let inString = false;
  for (let start = 0; start < bytes.length; start += 1) {
    const byte = bytes[start] ?? 0;
    if (byte === BACKSLASH && inString) start += 1;
    else if (byte === QUOTE) inString = where === 'outside-strings' && !inString;
    if (byte < 0xc2 || inString) continue;
    // In UTF-8, C2 and C3 begin two bytes, E0 to EF three.
    const end = start + (byte < 0xe0 ? 2 : 3);
    const plain = TYPOGRAPHIC.get(text.slice(start, end));
    if (plain === undefined) continue;
    yield { start, end, plain };
    start = end - 1;
  }
}

function describeTypographic(character: Uint8Array, start: number, others: number): FramingFault {
  const shown = lenientDecoder.decode(character);
  const what = shown.trim() === '' || shown === '\u200b' ? 'a space that is not ASCII' : `typographic quote ${shown}`;
  const code = `U+${shown.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const more = others === 0 ? '' : `, and ${others.toLocaleString('en-US')} more`;
  const message = `${what} (${code}) where an ASCII one belongs${more}`;
  return { cause: 'typographic-quotes', start, end: start + character.length, message };
}

/** Behind the last member, as JavaScript and Python take it. In what does not read as JSON a comma is any byte. */
function strayCommas(bytes: Uint8Array): Repair | undefined {
  if (!isOpening(bytes.find((byte) => !isJsonSpace(byte))) || bytes.some(isControl)) return undefined;
  const commas = [...strayCommasIn(bytes)];
  const [first] = commas;
  if (first === undefined) return undefined;
  const kept: Uint8Array[] = [];
  const pieces = new Pieces();
  let from = 0;
  for (const end of [...commas, bytes.length]) {
    kept.push(bytes.subarray(from, end));
    pieces.add(end - from, from, end);
    from = end + 1;
  }
  const others = commas.length - 1;
  const message = `a comma stands before a closing bracket${others === 0 ? '' : `, and ${others} more`}`;
  return {
    fault: { cause: 'not-json', start: first, end: first + 1, message },
    bytes: Buffer.concat(kept),
    origin: pieces.origin,
    tentative: true,
  };
}

function* strayCommasIn(bytes: Uint8Array): Generator<number> {
  let inString = false;
  let comma: number | undefined;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) inString = !inString;
    if (inString || isJsonSpace(byte)) continue;
    if (comma !== undefined && isClosing(byte)) yield comma;
    comma = byte === COMMA ? at : undefined;
  }
}

function trailingBytes(bytes: Uint8Array): Repair | undefined {
  const { end } = scan(bytes);
  if (end === undefined || end === bytes.length) return undefined;
  const text = utf8Text(bytes.subarray(0, end));
  if (text === undefined || !holdsObject(text)) return undefined;
  const trail = bytes.subarray(end);
  const count = `${trail.length} ${trail.length === 1 ? 'byte follows' : 'bytes follow'}`;
  const what = trail.includes(OPENING_BRACE) ? 'another message, as it seems' : hexStart(trail);
  return {
    fault: { cause: 'trailing-bytes', start: end, end: bytes.length, message: `${count} the JSON: ${what}` },
    bytes: bytes.subarray(0, end),
  };
}

function truncated(bytes: Uint8Array): Repair | undefined {
  const closed = closeTruncated(bytes);
  if (closed === undefined) return undefined;
  const message = `the JSON breaks off after ${bytes.length} bytes`;
  return {
    fault: { cause: 'truncated', start: Math.max(0, bytes.length - 1), end: bytes.length, message },
    bytes: closed,
    // What was supplied at the end stands for nothing.
    origin: ([start, end]) => [Math.min(start, bytes.length), Math.min(end, bytes.length)],
  };
}

/** JSON with letters in an encoding of one byte each. */
function latin1(bytes: Uint8Array): Repair | undefined {
  if (utf8Text(bytes) !== undefined) return undefined;
  const text = latin1Text(bytes);
  return {
    fault: describeNotUtf8(bytes),
    bytes: encoder.encode(text),
    origin: lazily(() => recoded(text, () => 1, [0, bytes.length])),
    tentative: true,
  };
}

function notUtf8(bytes: Uint8Array): Repair | undefined {
  return utf8Text(bytes) === undefined ? { fault: describeNotUtf8(bytes) } : undefined;
}

function describeNotUtf8(bytes: Uint8Array): FramingFault {
  const lenient = lenientDecoder.decode(bytes);
  const start = Buffer.byteLength(lenient.slice(0, lenient.indexOf('\ufffd')));
  const message = `byte ${hexOf(bytes.subarray(start, start + 1))} at offset ${start} is not valid UTF-8`;
  return { cause: 'not-utf8', start, end: start + 1, message };
}

/** Wire types of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/ */
const FIXED_SIZES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** At least two fields that parse to the last byte; any less happens by chance, and so does any number in plain text. */
function protobuf(bytes: Uint8Array): Repair | undefined {
  if (bytes.every(isPlain)) return undefined;
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
  /** Offset behind the first complete value, if it completes. */
  readonly end?: number;
  /** What would close what is still open, innermost first. */
  readonly closers: string;
  /** Offset of the last comma or opening bracket outside of strings: where the last member begins. */
  readonly member: number;
}

/** Follows strings and brackets only: enough to tell complete from cut off, and to find where the value ends. */
function scan(bytes: Uint8Array): Scan {
  const open: string[] = [];
  let inString = false;
  let member = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    if (byte === QUOTE) inString = true;
    if (isOpening(byte)) open.push(byte === OPENING_BRACE ? '}' : ']');
    if (isOpening(byte) || byte === COMMA) member = at;
    if (isClosing(byte)) {
      open.pop();
      if (open.length === 0) return { end: at + 1, closers: '', member };
    }
  }
  return { closers: (inString ? '"' : '') + open.toReversed().join(''), member };
}

/** The bytes with what they lack at their end supplied; undefined where that gives no JSON object. */
function closeTruncated(bytes: Uint8Array): Uint8Array | undefined {
  const { closers, end, member } = scan(bytes);
  if (end !== undefined || bytes[bytes.findIndex((byte) => !isJsonSpace(byte))] !== OPENING_BRACE) return undefined;
  const text = textOfCut(bytes);
  if (text === undefined) return undefined;
  const withoutLast = bytes.subarray(0, isOpening(bytes[member]) ? member + 1 : member);
  const candidates = [
    text.replace(/\\(?:u[0-9a-f]{0,3})?$/i, '') + closers,
    lenientDecoder.decode(withoutLast) + scan(withoutLast).closers,
  ];
  const closed = candidates.find(holdsObject);
  return closed === undefined ? undefined : encoder.encode(closed);
}

/** UTF-8 text whose last character may be cut. */
function textOfCut(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** What is sent in place of JSON where nobody turned the object into it, or something else came after. */
const LOOK_ALIKES: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^$/, 'the message is empty'],
  [/^\[object \w+\]$/, 'the message is what an object becomes as text without JSON.stringify'],
  [/^\{\s*'/, "the keys stand in single quotes, as Python's str() writes a dict"],
  [/^\{\s*\w+=/, "the message is a map as Java's toString() writes it"],
  [/^\{\s*[A-Za-z_$][\w$]*\s*:/, 'the keys have no quotes, as in JavaScript source'],
  [/^(?:eyJ|ey[IA])[\w+/=\s-]*$/, 'the message is Base64, as it seems of JSON'],
  [/^7b[0-9a-f\s]+$/i, 'the message is hex digits, as it seems of JSON'],
  [/^[\w.[\]]+=[^&\s]*(?:&[^\s]*)?$/, 'the message is a URL-encoded form'],
  [/^<[\w?!]/, 'the message is XML or HTML'],
];

function notJson(bytes: Uint8Array): FramingFault {
  const text = latin1Text(bytes).trim();
  const value = parse(text);
  const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  const words = LOOK_ALIKES.find(([pattern]) => pattern.test(text))?.[1];
  const json = value === undefined ? 'the message is not a JSON object' : `the message is ${kind}, not a JSON object`;
  return { cause: 'not-json', start: 0, end: bytes.length, message: words ?? json };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const holdsObject = (text: string): boolean => isObject(parse(text));

/** One character a byte, so that an index in it is an offset. */
function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const isClosing = (byte: number): boolean => byte === CLOSING_BRACE || byte === CLOSING_BRACKET;

const isOpening = (byte: number | undefined): boolean => byte === OPENING_BRACE || byte === OPENING_BRACKET;

/** What no JSON has, in a string or outside. */
const isControl = (byte: number): boolean => byte < 0x20 && !isJsonSpace(byte);

/** White space or a visible character of ASCII. */
const isPlain = (byte: number): boolean => isJsonSpace(byte) || (byte > 0x20 && byte < 0x7f);

const isJsonSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

const SHOWN_BYTES = 8;

/** The first bytes, and whether there are more. */
const hexStart = (bytes: Uint8Array): string =>
  hexOf(bytes.subarray(0, SHOWN_BYTES)) + (bytes.length > SHOWN_BYTES ? ' …' : '');

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
