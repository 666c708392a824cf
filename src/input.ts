/** Reads what a user names: files and standard input, bounded in size, each failure in words. Judges nothing. */
import { open } from 'node:fs/promises';
import { errorCode, RtmsError, type Hint } from './errors.js';
import { readMessageText, utf8Text, type MessageText } from './protocol/framing.js';
import { textRedactor } from './session/redact.js';

/** Far above any webhook, handshake or manifest. */
const MAX_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

/** A file that cannot be read, with the reason and what to give in its place. */
export function unreadable(path: string, error: unknown, give: string): RtmsError {
  const code = errorCode(error);
  return new RtmsError('input', `cannot read ${nameOf(path)}: ${REASONS[code] ?? code}`, [['give', give]]);
}

/** What to call a file in a sentence. */
export const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

/** Flags that take a file with a secret. */
const SECRET_FILES: readonly string[] = ['--client-secret-file', '--secret-token-file', '--token-file'];

/**
 * The bytes of a file, or of standard input for `-`. Throws RtmsError (`input`) if it cannot be read, is empty, or
 * is larger than 1 MiB; `flag` is named in the text.
 */
export async function readBytes(path: string, flag: string): Promise<Buffer> {
  const fail = (what: string, hints: readonly Hint[] = []): RtmsError =>
    new RtmsError('input', `${nameOf(path)} ${what}`, hints);
  const bytes = await readAll(path).catch((error: unknown) => {
    // Whoever gives the secret itself in place of its file must not find it in a log.
    const shown = SECRET_FILES.includes(flag) ? `the file of ${flag}` : path;
    throw unreadable(shown, error, `${flag} FILE, or - for standard input`);
  });
  if (bytes === undefined) {
    throw fail(`is larger than ${MAX_BYTES / 1024 / 1024} MiB`, [
      ['give', `${flag} the one JSON document meant, not a log or a recording`],
    ]);
  }
  if (bytes.length === 0)
    throw fail('is empty', [['give', `${flag} FILE with something in it, or - for standard input`]]);
  return bytes;
}

/** As `readBytes`, decoded as UTF-8. */
export async function readText(path: string, flag: string): Promise<string> {
  const bytes = await readBytes(path, flag);
  const text = utf8Text(bytes);
  if (text === undefined) throw new RtmsError('input', `${path} is not UTF-8 text`, [['give', `${flag} a text file`]]);
  return text;
}

const BODY = 'the request body exactly as it was received';

export interface JsonInput {
  /** As read, byte for byte. */
  readonly bytes: Buffer;
  /** The bytes as text; of another encoding than UTF-8, the JSON in it. */
  readonly text: string;
  readonly value: unknown;
  /** What was put right on the way, in words with its place. */
  readonly repairs: readonly string[];
}

/** As `readBytes`, read as one JSON object. Typographic quotes and other wrappings are seen through and reported. */
export async function readJson(path: string, flag: string): Promise<JsonInput> {
  return jsonIn(await readBytes(path, flag), path, flag);
}

/** As `readJson`, of bytes that were read. */
export function jsonIn(bytes: Buffer, path: string, flag: string): JsonInput {
  const name = nameOf(path);
  const reading = readMessageText(bytes);
  const places = reading.faults.map((fault) => `${place(bytes, fault.start)}: ${fault.message}`);
  const cutOff = reading.faults.some(({ cause }) => cause === 'truncated');
  if (reading.value === undefined || cutOff) {
    throw new RtmsError('input', `${name} ${notObject(bytes) ?? `is not JSON: ${places.at(-1) ?? ''}`}`, [
      ...excerpt(bytes, reading),
      ['give', `${flag} ${flag === '--payload' ? BODY : 'one JSON document, whole'}`],
    ]);
  }
  const recoded = reading.faults.some(({ cause }) => cause === 'not-utf8');
  const text = (recoded ? reading.text : utf8Text(bytes)) ?? '';
  return {
    bytes,
    text,
    value: reading.value,
    repairs: places.map((where) => `${name}: ${where}; read as if it were plain`),
  };
}

/** What is there in place of a JSON object, where that is clear. */
function notObject(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  if (/^(?:[A-Z]+ \S+ HTTP\/|HTTP\/|[A-Za-z-]+: )/.test(text))
    return 'begins with HTTP headers; the body alone is expected';
  try {
    const value: unknown = JSON.parse(text);
    const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    return `holds ${kind}; a JSON object is expected`;
  } catch {
    return undefined;
  }
}

/** Standard input, once it was read: two readers of one option get the same. */
let standardInput: Promise<Buffer | undefined> | undefined;

function readAll(path: string): Promise<Buffer | undefined> {
  if (path !== '-') return collect(path);
  standardInput ??= collect(path);
  return standardInput;
}

async function collect(path: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await chunksOf(path)) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > MAX_BYTES) return undefined;
  }
  return Buffer.concat(chunks);
}

/** A file as it is read, piece by piece. Rejects, then or while it is read, with the error of the system. */
export async function chunksOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return process.stdin;
  const file = await open(path, 'r');
  return file.createReadStream({ highWaterMark: CHUNK_BYTES });
}

/** Options that read a file, or standard input for `-`. */
const FILE_OPTIONS = [
  'payload',
  'handshake',
  'session',
  'manifest',
  'tokenFile',
  'answers',
  'body',
  'verify',
  'ca',
  'clientSecretFile',
  'secretTokenFile',
] as const;

/** Throws RtmsError (`usage`) if two options are to read standard input, which can be read once. */
export function refuseSharedInput(options: object): void {
  const [first, second] = FILE_OPTIONS.filter((name) => Reflect.get(options, name) === '-');
  if (first === undefined || second === undefined) return;
  const message = `${flagOf(first)} and ${flagOf(second)} both read standard input`;
  throw new RtmsError('usage', message, [['give', 'a file for one of them']]);
}

/** The flag of an option: `--client-secret-file` of `clientSecretFile`. */
export const flagOf = (option: string): string =>
  `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const QUOTED = /^(["'`“‘])(.*)(["'`”’])$/s;

/** Whether quotes stand around the text. */
export const isQuoted = (text: string): boolean => QUOTED.test(text.trim());

/** The text without what a copy, an editor or a shell left around it: white space, a byte order mark, quotes. */
export function unwrapped(text: string): string {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  return (QUOTED.exec(trimmed)?.[2] ?? trimmed).trim();
}

/** The longest delay a Node timer can hold: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `30s`, `500ms`, `2m`, `1h`; a bare number is seconds. In ms. Throws RtmsError (`usage`). */
export function parseDuration(text: string, flag: string, least = 1): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (!(ms >= least && ms <= LONGEST_MS))
    throw new RtmsError('usage', `${flag} ${text} is not a duration`, [['give', `${flag} 30s, 500ms, 2m or 1h`]]);
  return ms;
}

/** The path of a URL as a request has it. Throws RtmsError (`usage`). */
export function parsePath(text: string, flag: string): string {
  const base = 'http://localhost';
  const url = text.startsWith('/') && URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url && url.origin === base && url.search === '' && url.hash === '') return url.pathname;
  throw new RtmsError('usage', `${flag} ${text} is not a path`, [['give', `${flag} /webhook, without host and query`]]);
}

/** The URL of the developer's own app. Throws RtmsError (`usage`). */
export function parseHttpUrl(text: string, flag: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new RtmsError('usage', `${flag} ${text} is not an HTTP URL`, [
    ['give', `${flag} http://localhost:3000/webhook`],
  ]);
}

/** A byte offset as the line and column an editor shows. */
function place(bytes: Uint8Array, offset: number): string {
  const before = Buffer.from(bytes.subarray(0, offset)).toString('utf8');
  const lines = before.split('\n');
  return `line ${lines.length}, column ${Array.from(lines.at(-1) ?? '').length + 1}`;
}

const EXCERPT_COLUMNS = 72;
/** Masks have the length of what they hide, so that places stay true. */
const hideSecrets = textRedactor({});

/** The offending line with a caret under the place; of what has no JSON in it, nothing: it can be a secret. */
function excerpt(bytes: Uint8Array, { faults }: MessageText): Hint[] {
  const fault = faults.at(-1);
  const text = hideSecrets(Buffer.from(bytes).toString('utf8'));
  if (!fault || !/[{[]/.test(text)) return [];
  const at = Buffer.from(bytes.subarray(0, fault.start)).toString('utf8').length;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const from = Math.max(lineStart, at - EXCERPT_COLUMNS / 2);
  const line = (text.slice(from).split('\n')[0] ?? '').slice(0, EXCERPT_COLUMNS);
  if (line.trim() === '') return [];
  // Control characters of a file that is not text must not reach the terminal.
  const printable = line.replace(/[^\x20-\x7e\u00a0-\u{10ffff}]/gu, '·');
  return [
    ['here', printable],
    ['', `${' '.repeat(at - from)}^`],
  ];
}
