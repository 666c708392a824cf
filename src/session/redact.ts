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

const SECRET_KEYS = 'access_token|refresh_token|client_secret|secret_token|srtp_keys|srt_passphrase|encryptedToken';
const SIGNATURE_KEYS = '(?<![a-z])sign(?:ature)?';

/** A value under one of the keys, in JSON, escaped JSON, typographic quotes, a Java map or a Python repr. */
const keyed = (keys: string): RegExp =>
  new RegExp(`((?:${keys})[\\\\"'“”]*\\s*[:=]\\s*[\\\\"'“”]*)([A-Za-z0-9+/=_.%-]{9,})`, 'gi');

const SIGNATURES: readonly RegExp[] = [keyed(SIGNATURE_KEYS), /(\b|v0=)([0-9a-f]{64})(?![0-9A-Za-z+/=])/g];
const TOKENS: readonly RegExp[] = [
  keyed(SECRET_KEYS),
  /("(?:audio|video|share)"\s*:\s*")([0-9a-f]{64})(?=")/g,
  /(\bbearer\s+)([A-Za-z0-9._~+/=-]{9,})/gi,
];

/** A quick look that spares media frames, the bulk of all traffic, the full search. */
const SUSPICIOUS = new RegExp(`${SECRET_KEYS}|${SIGNATURE_KEYS}|bearer|[0-9a-f]{64}`, 'i');

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
    if (!SUSPICIOUS.test(withoutValues)) return withoutValues;
    return patterns.reduce(
      (result, pattern) => result.replace(pattern, (_, key: string, value: string) => key + maskInPlace(value)),
      withoutValues,
    );
  };
}

/** A function that hides them in any event. An event without any comes back as it is. */
export function eventRedactor(options: RedactOptions): (body: EventBody) => EventBody {
  const redactText = textRedactor(options);
  const redactFacts = (facts: Facts): Facts =>
    mapValues(facts, (value) => (typeof value === 'string' ? redactText(value) : value));
  return (body) => {
    switch (body.type) {
      case 'frame':
        return redactFrame(body, redactText);
      case 'webhook':
        return { ...body, headers: redactHeaders(body.headers, redactText), body: redactText(body.body) };
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
  if (frame.text !== undefined) {
    const text = redactText(frame.text);
    return text === frame.text ? frame : { ...frame, text };
  }
  if (frame.base64 === undefined) return frame;
  // Latin-1 maps every byte to one character and back, so a secret behind a binary prefix is found as well.
  const bytes = Buffer.from(frame.base64, 'base64').toString('latin1');
  const redacted = redactText(bytes);
  return bytes === redacted ? frame : { ...frame, base64: Buffer.from(redacted, 'latin1').toString('base64') };
}

const SIGNATURE_HEADERS = /^(?:x-zm-signature|authorization|cookie|proxy-authorization)$/i;

function redactHeaders(
  headers: WebhookEvent['headers'],
  redactText: (text: string) => string,
): WebhookEvent['headers'] {
  return mapValues(headers, (value, name) => (SIGNATURE_HEADERS.test(name) ? maskInPlace(value) : redactText(value)));
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
