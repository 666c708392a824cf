/**
 * The three signatures of Zoom RTMS: handshake, webhook request, URL validation. It computes and compares them;
 * why a value is wrong is the business of signature-mistakes.ts.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a handshake signature is made of, each exactly as received: nothing encoded, decoded or trimmed. */
export interface SignatureParts {
  /** Client id of the app; for the Video SDK, the SDK Key. */
  readonly clientId: string;
  /** `meeting_uuid`, `webinar_uuid`, `session_id`, `engagement_id` or `call_id` of the webhook. */
  readonly entityId: string;
  /** `rtms_stream_id` of the webhook. */
  readonly streamId: string;
}

/**
 * The text a handshake signature covers: the three parts joined by commas, no spaces, no newline at the end.
 * https://developers.zoom.us/docs/rtms/meetings/work-with-streams/
 */
export function handshakeMessage({ clientId, entityId, streamId }: SignatureParts): string {
  return [clientId, entityId, streamId].join(',');
}

/**
 * `signature` of the signaling and of every media handshake of one stream: 64 characters of lower-case hex.
 * The key is the client secret as UTF-8 bytes, never decoded from Base64 or hex.
 * https://developers.zoom.us/docs/rtms/event-reference/universal-events/
 */
export function signHandshake(parts: SignatureParts, clientSecret: string): string {
  return hmacHex(handshakeMessage(parts), clientSecret);
}

/**
 * Value of the header `x-zm-signature`: `v0=` and 64 characters of lower-case hex.
 * `body` is the request body as received, `timestamp` the header `x-zm-request-timestamp` (Unix seconds),
 * `secretToken` the Secret Token of the event subscription, not the client secret.
 * https://developers.zoom.us/docs/api/webhooks
 */
export function signWebhook(body: Uint8Array | string, timestamp: string, secretToken: string): string {
  const digest = createHmac('sha256', secretToken).update(`v0:${timestamp}:`).update(body).digest('hex');
  return `v0=${digest}`;
}

/** Whether `given` is the `x-zm-signature` of this request. Says nothing about the age of the timestamp. */
export function verifyWebhook(
  given: string,
  body: Uint8Array | string,
  timestamp: string,
  secretToken: string,
): boolean {
  return sameSignature(given, signWebhook(body, timestamp, secretToken));
}

/** The JSON answer to `endpoint.url_validation`, which Zoom awaits within 3 seconds. */
export interface UrlValidationAnswer {
  readonly plainToken: string;
  /** Lower-case hex HMAC-SHA256 of the plain token, keyed with the Secret Token. */
  readonly encryptedToken: string;
}

/**
 * Answers Zoom's question whether the endpoint knows the Secret Token.
 * https://developers.zoom.us/docs/api/webhooks
 */
export function answerUrlValidation(plainToken: string, secretToken: string): UrlValidationAnswer {
  return { plainToken, encryptedToken: hmacHex(plainToken, secretToken) };
}

/** Compares two signatures in a time that tells nothing about where they differ, nor about their lengths. */
export function sameSignature(a: string, b: string): boolean {
  // timingSafeEqual wants equal lengths; digests have them.
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

const SHOWN_AT_EACH_END = 4;

/** First and last four characters of a secret or signature; of a short one fewer, never more than a third in all. */
export function maskSecret(value: string): string {
  const characters = Array.from(value);
  const shown = Math.min(SHOWN_AT_EACH_END, Math.floor(characters.length / 6));
  return [...characters.slice(0, shown), '…', ...characters.slice(characters.length - shown)].join('');
}

function hmacHex(message: string, key: string): string {
  return createHmac('sha256', key).update(message).digest('hex');
}
