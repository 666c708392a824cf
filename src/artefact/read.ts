/**
 * The bytes of any file → the documents in it: a handshake or another message, a webhook, a manifest, as they are, in
 * some encoding, or inside a log. Says what was assumed on the way; judges nothing. Recordings are recording.ts.
 */
import type { Derived } from '../protocol/escapes.js';
import { readMessageText, type MessageText } from '../protocol/framing.js';
import { isObject } from '../protocol/json.js';
import { beginningAt, recoded, through, unchanged, type Origin } from '../protocol/origin.js';
import { handshakeLike, kindOf, type Artefact, type DocumentKind } from './artefact.js';
import { base64In } from './base64.js';
import { hexdumpsIn, plainHex } from './hex.js';
import { readHttp } from './http.js';
import { finder, framesIn, MOST_FRAMES } from './log.js';
import { isText, type Source } from './source.js';

/** How the bytes of a document are written in the file. */
export type Encoding = 'hex' | 'base64' | 'raw';

export interface ReadOptions {
  /** What the documents are, where that is known. */
  readonly kind?: DocumentKind;
  readonly encoding?: Encoding;
  /** False where the file may be the source code of a client: then no message is looked for among other text. */
  readonly search?: boolean;
}

/** Every document of a file, in its order; none where nothing was recognised. */
export function readArtefacts(source: Source, options: ReadOptions = {}): Artefact[] {
  const view = viewOf(source);
  if (options.encoding !== undefined) return ENCODINGS[options.encoding](view, options);
  const whole = wholeFile(view, options);
  const least = insteadOf(whole, source);
  const inside = least === Infinity ? [] : firstOf(FORMS, view, options);
  if (inside.length >= least) return inside;
  if (!whole) return attempt(view, options);
  return least === Infinity || options.search !== false ? [whole] : [];
}

/** A file as it is, and as text in which one character is one byte. */
interface View {
  readonly source: Source;
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Where `bytes` stand in the file. */
  readonly origin: Origin;
  readonly assumptions: readonly string[];
}

function viewOf(source: Source): View {
  const { bytes, encoding } = source;
  if (encoding === 'utf-8') {
    return { source, text: latin1(bytes), bytes, origin: unchanged, assumptions: [] };
  }
  const decoded = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const text = decoded.replace(/^\ufeff/, '');
  const mark = 2 * (decoded.length - text.length);
  const utf8 = Buffer.from(text);
  return {
    source,
    text: latin1(utf8),
    bytes: utf8,
    origin: recoded(text, (character) => 2 * character.length, [mark, bytes.length]),
    assumptions: ['a UTF-16 file'],
  };
}

/** Why a file that is not empty has no document, as `is binary …`. */
export function whyNothing({ bytes, isText }: Source, { encoding }: ReadOptions): string {
  if (encoding === 'hex') return 'holds no hex digits of an RTMS message';
  if (encoding === 'base64') return 'holds no Base64 of an RTMS message';
  const { value, faults } = readMessageText(bytes);
  if (isObject(value)) {
    const keys = Object.keys(value)
      .slice(0, MOST_KEYS)
      .map((key) => key.slice(0, LONGEST_KEY));
    const known = 'no RTMS message, webhook, manifest or refusal of the API';
    return `is JSON, but ${known}: it has ${keys.join(', ') || 'nothing in it'}`;
  }
  if (!isText) return 'is binary and holds no RTMS message';
  return faults[0]?.message.includes('JSON object') && /^\s*[[\d"tfn]/.test(latin1(bytes))
    ? `holds nothing to judge: ${faults[0].message}`
    : 'is text without an RTMS message, webhook or manifest in it';
}

const MOST_KEYS = 5;
const LONGEST_KEY = 30;

type Form = (view: View, options: ReadOptions) => Artefact[];

const FORMS: readonly Form[] = [http, among, digits, base64];

const ENCODINGS: Readonly<Record<Encoding, Form>> = {
  raw: ({ source }, options) => documentOf({ bytes: source.bytes, origin: unchanged }, [], options),
  hex: (view, options) => firstOf([dumps, digits], view, options),
  base64,
};

const firstOf = (forms: readonly Form[], view: View, options: ReadOptions): Artefact[] =>
  forms.reduce<Artefact[]>((found, form) => (found.length > 0 ? found : form(view, options)), []);

/** The file is one document, perhaps a faulty one. */
function wholeFile({ source }: View, options: ReadOptions): Artefact | undefined {
  const [whole] = documentOf({ bytes: source.bytes, origin: unchanged }, [], options);
  if (!whole || (whole.reading.value === undefined && !isProtobuf(whole))) return undefined;
  return whole.kind === 'handshake' || whole.kind === 'message' ? withoutLastNewline(whole) : whole;
}

/** An editor's, which was never sent; the body of a webhook keeps every byte, as its signature covers it. */
function withoutLastNewline(whole: Artefact): Artefact {
  const [newline = ''] = whole.form === 'text' ? (/\r?\n$/.exec(latin1(whole.document.slice(-2))) ?? []) : [];
  return { ...whole, document: whole.document.subarray(0, whole.document.length - newline.length) };
}

/** How many documents inside the file explain it better than that it is one, with something around it. */
function insteadOf(whole: Artefact | undefined, { isText }: Source): number {
  if (!whole) return 1;
  const { document, reading } = whole;
  const isPrefixed = reading.faults.some(({ cause }) => cause.endsWith('-prefix'));
  if (isText && isPrefixed && !SOCKET_IO.test(latin1(document))) return 1;
  const trail = reading.faults.find(({ cause }) => cause === 'trailing-bytes');
  return trail && /\n\s*\S/.test(latin1(document.subarray(trail.start))) ? 2 : Infinity;
}

/** A packet with one event, which no log begins its lines with. */
const SOCKET_IO = /^\d{1,4}\["[^"\n]{1,64}",\s*\{[^\n]*\]\s*$/;

/** A webhook, or an answer of the API, as it came over HTTP. */
function http(view: View, options: ReadOptions): Artefact[] {
  return fromHttp(view, view.assumptions, options);
}

function fromHttp({ bytes, origin }: Derived, assumptions: readonly string[], options: ReadOptions): Artefact[] {
  const message = readHttp(latin1(bytes));
  if (!message) return [];
  const { status, headers, body } = message;
  const derived = { bytes: bytes.subarray(...body), origin: through(origin, beginningAt(body[0])) };
  return documentOf(derived, [...assumptions, 'with its headers'], options).map((found) => ({
    ...found,
    headers: new Map([...headers].map(([name, { value, range }]) => [name, { value, range: origin(range) }])),
    ...(status !== undefined && { status }),
  }));
}

/** Whatever is told apart from other text around it. */
function among(view: View, options: ReadOptions): Artefact[] {
  const found = options.search === false ? dumps(view, options) : [...dumps(view, options), ...frames(view, options)];
  return found.toSorted((a, b) => a.origin([0, 0])[0] - b.origin([0, 0])[0]);
}

function dumps(view: View, options: ReadOptions): Artefact[] {
  const found = hexdumpsIn(view.text, MOST_FRAMES);
  const where = finder(view.text);
  return found.flatMap((dump) => {
    const place = found.length > 1 ? [where(dump.start)] : [];
    return encoded(view, dump, [...place, 'read as a hexdump', ...dump.notes], options);
  });
}

function digits(view: View, options: ReadOptions): Artefact[] {
  const dump = plainHex(view.text);
  return dump ? encoded(view, dump, ['read as hex digits', ...dump.notes], options) : [];
}

function base64(view: View, options: ReadOptions): Artefact[] {
  const decoded = base64In(view.text);
  return decoded ? encoded(view, decoded, ['read as Base64'], options) : [];
}

function frames(view: View, { kind: wanted }: ReadOptions): Artefact[] {
  const where = finder(view.text);
  return framesIn(view.text).map(({ kind, reading, document, origin, start, notation }, index) => {
    const derived = { bytes: document, origin: through(view.origin, origin) };
    const assumptions = [
      ...view.assumptions,
      where(start),
      ...(notation === undefined ? [] : [notation]),
      ...(index + 1 === MOST_FRAMES ? [`the messages behind the first ${MOST_FRAMES} were not read`] : []),
    ];
    return { ...artefact(wanted ?? kind, reading, derived, assumptions), form: 'text' };
  });
}

/** What cannot be read, but was meant to be: by the user's word, or by the names in it. */
function attempt({ source, text }: View, { kind }: ReadOptions): Artefact[] {
  const guessed = /^\s*["'({[]/.test(text) ? ATTEMPTS.find(([pattern]) => pattern.test(text))?.[1] : undefined;
  const meant = kind ?? guessed;
  if (meant === undefined || source.bytes.length === 0) return [];
  const { bytes } = source;
  return [artefact(meant, readMessageText(bytes), { bytes, origin: unchanged }, [])];
}

const ATTEMPTS: readonly (readonly [pattern: RegExp, kind: DocumentKind])[] = [
  [/msg_type\W/, 'handshake'],
  [/\W(?:rtms_started|rtms_stopped|rtms_interrupted)\W|endpoint\.url_validation/, 'webhook'],
];

/** A document that the file shows as digits; of HTTP, its body. */
function encoded(
  view: View,
  { bytes, origin }: Derived,
  assumptions: readonly string[],
  options: ReadOptions,
): Artefact[] {
  const derived = { bytes, origin: through(view.origin, origin) };
  const all = [...view.assumptions, ...assumptions];
  const request = fromHttp(derived, all, options);
  const found = request.length > 0 ? request : documentOf(derived, all, options);
  return found.map((each) => ({ ...each, form: 'bytes' }));
}

/** None where the bytes are nothing that is known, and nobody says what they are. */
function documentOf(derived: Derived, assumptions: readonly string[], { kind }: ReadOptions): Artefact[] {
  const reading = readMessageText(derived.bytes);
  const isHandshake = handshakeLike(reading.value) || isProtobuf({ reading, document: derived.bytes });
  const found = kind ?? kindOf(reading.value) ?? (isHandshake ? ('handshake' as const) : undefined);
  return found ? [artefact(found, reading, derived, assumptions)] : [];
}

/** With an id of a stream or a signature in it: other bytes can read so by chance. */
function isProtobuf({ reading, document }: Pick<Artefact, 'reading' | 'document'>): boolean {
  return reading.faults[0]?.cause === 'protobuf' && /[0-9a-f]{32}/i.test(latin1(document));
}

function artefact(
  kind: DocumentKind,
  reading: MessageText,
  { bytes, origin }: Derived,
  assumptions: readonly string[],
): Artefact {
  // No rule judges how these are written; what was seen through is said all the same.
  const repairs = kind === 'manifest' || kind === 'answer' ? reading.faults.map(({ message }) => message) : [];
  return {
    kind,
    document: bytes,
    reading,
    origin,
    form: isText(bytes) ? 'text' : 'bytes',
    headers: new Map(),
    assumptions: [...assumptions, ...repairs],
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
