/**
 * Hides secrets in an event before anything keeps or shows it. Masks inside frames have the length of what they
 * hide, so that sizes, offsets and the shape of the JSON stay true.
 */
import type { EventBody, Facts, FrameEvent, WebhookEvent } from './event.js';

export interface RedactOptions {
  /** Values that must not appear anywhere: client secret, Secret Token, passwords. */
  readonly secrets?: readonly string[];
  /** Leave handshake and webhook signatures readable. Secrets and tokens stay hidden. */
  readonly showSignatures?: boolean;
}

/** Values shorter than this would mask ordinary words. */
const SHORTEST_SECRET = 6;
const VISIBLE = 4;

const SECRET_KEYS = 'access_token|refresh_token|_secret|clientSecret|secret_token|secretToken|srtp_keys|srt_passphrase|encryptedToken';

/** Other names under which clients send their signature, without case and punctuation. */
export const SIGNATURE_ALIASES = ['sign', 'sig', 'hmac', 'token', 'auth', 'rtmssignature'] as const;

/** A value under one of the keys, in JSON, escaped JSON, typographic quotes, a Java map or a Python repr. */
const keyed = (keys: string, shortest: number): RegExp =>
  new RegExp(`(\\b\\w{0,40}(?:${keys})[\\\\"'“”]*\\s*[:=]\\s*[\\\\"'“”]*)([A-Za-z0-9+/=_.%-]{${shortest},})`, 'gi');

/** Under an alias only what is as long as a digest: the words are too common for less. */
const SIGNATURES: readonly RegExp[] = [
  keyed('signature', 9),
  keyed(SIGNATURE_ALIASES.join('|'), 40),
  /(\b|v0=)([0-9a-f]{64})(?![0-9A-Za-z+/=])/g,
  // Upper-case hex has a digit; the Base64 of silence, all A, has none.
  /(?<![0-9A-Za-z+/=])()((?=[A-F]*[0-9])[0-9A-F]{64})(?![0-9A-Za-z+/=])/g,
];
const TOKENS: readonly RegExp[] = [
  keyed(SECRET_KEYS, 9),
  /("(?:audio|video|share)"\s*:\s*")([0-9a-f]{64})(?=")/g,
  /(\bbearer\s+)([A-Za-z0-9._~+/=-]{9,})/gi,
];

/** First and last four characters, as many `*` between them as are hidden. */
export function maskInPlace(value: string): string {
  const shown = value.length > VISIBLE * 3 ? VISIBLE : 0;
  return value.slice(0, shown) + '*'.repeat(value.length - 2 * shown) + value.slice(value.length - shown);
}

/** A function that hides the given secrets, signatures and tokens in any text. */
export function textRedactor({ secrets = [], showSignatures = false }: RedactOptions): (text: string) => string {
  const values = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const patterns = showSignatures ? TOKENS : [...TOKENS, ...SIGNATURES];
  return (text) => {
    const withoutValues = values.reduce((result, value) => result.replaceAll(value, maskInPlace(value)), text);
    return patterns.reduce(
      (result, pattern) => result.replace(pattern, (_, key: string, value: string) => key + maskInPlace(value)),
      withoutValues,
    );
  };
}

/** A function that hides them in the value of an HTTP header, some of which are nothing else. */
export function headerRedactor(options: RedactOptions): (name: string, value: string) => string {
  const redactText = textRedactor(options);
  const secret = options.showSignatures ? TOKEN_HEADERS : [...TOKEN_HEADERS, SIGNATURE_HEADER];
  return (name, value) => (secret.includes(name.toLowerCase()) ? maskInPlace(value) : redactText(value));
}

/** A function that hides them in any event. An event without any comes back as it is. */
export function eventRedactor(options: RedactOptions): (body: EventBody) => EventBody {
  const redactText = textRedactor(options);
  const redactHeader = headerRedactor(options);
  const redactFacts = (facts: Facts): Facts =>
    mapValues(facts, (value) => (typeof value === 'string' ? redactText(value) : value));
  return (body) => {
    switch (body.type) {
      case 'frame':
        return redactFrame(body, redactText);
      case 'webhook':
        return redactWebhook(body, redactText, redactHeader);
      case 'phase':
        return { ...body, detail: redactFacts(body.detail) };
      case 'check':
        return { ...body, facts: redactFacts(body.facts) };
      case 'close':
        return { ...body, reason: redactText(body.reason) };
      case 'error':
        return { ...body, message: redactText(body.message) };
      case 'note':
        return { ...body, text: redactText(body.text) };
      default:
        return body satisfies never;
    }
  };
}

function redactFrame(frame: FrameEvent, redactText: (text: string) => string): FrameEvent {
  if (frame.text !== undefined && !frame.text.includes('\0')) {
    const text = aroundMedia(frame.text, redactText);
    return text === frame.text ? frame : { ...frame, text };
  }
  const bytes = Buffer.from(frame.base64 ?? frame.text ?? '', frame.base64 === undefined ? 'utf8' : 'base64');
  const redacted = redactBytes(bytes, redactText);
  if (redacted.equals(bytes)) return frame;
  return frame.base64 === undefined
    ? { ...frame, text: redacted.toString('utf8') }
    : { ...frame, base64: redacted.toString('base64') };
}

function redactWebhook(
  webhook: WebhookEvent,
  redactText: (text: string) => string,
  redactHeader: (name: string, value: string) => string,
): WebhookEvent {
  const { headers, body, base64 } = webhook;
  return {
    ...webhook,
    headers: mapValues(headers, (value, name) => redactHeader(name, value)),
    body: redactText(body),
    ...(base64 !== undefined && { base64: redactBytes(Buffer.from(base64, 'base64'), redactText).toString('base64') }),
  };
}

const redactBytes = (bytes: Buffer, redactText: (text: string) => string): Buffer =>
  ENCODINGS.reduce<Buffer>((result, recode) => recode(result, redactText), bytes);

/** Longer payloads than this are media. */
const LONG_DATA = 512;

/** Spares the Base64 of media, the bulk of all traffic: it holds no key, no quote and no secret. */
function aroundMedia(text: string, redactText: (text: string) => string): string {
  const start = text.indexOf('"data":"') + '"data":"'.length;
  const end = text.indexOf('"', start);
  if (!text.includes('"data":"') || end - start < LONG_DATA) return redactText(text);
  const data = text.slice(start, end);
  return /^[A-Za-z0-9+/=]+$/.test(data)
    ? redactText(text.slice(0, start)) + data + redactText(text.slice(end))
    : redactText(text);
}

/**
 * Ways to read bytes as text and back without loss: Latin-1 finds what stands behind a binary prefix, the others what
 * was sent as UTF-16.
 */
const ENCODINGS: readonly ((bytes: Buffer, redactText: (text: string) => string) => Buffer)[] = [
  (bytes, redactText) => Buffer.from(redactText(bytes.toString('latin1')), 'latin1'),
  (bytes, redactText) => inUtf16(bytes, redactText),
  (bytes, redactText) => (bytes.length % 2 === 0 ? inUtf16(Buffer.from(bytes).swap16(), redactText).swap16() : bytes),
];

function inUtf16(bytes: Buffer, redactText: (text: string) => string): Buffer {
  const text = bytes.toString('utf16le');
  const redacted = redactText(text);
  return text === redacted
    ? Buffer.from(bytes)
    : Buffer.concat([Buffer.from(redacted, 'utf16le'), bytes.subarray(text.length * 2)]);
}

const SIGNATURE_HEADER = 'x-zm-signature';
const TOKEN_HEADERS: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
