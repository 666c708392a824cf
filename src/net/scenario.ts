/**
 * A scenario of the mock server: how it behaves, and what a right client does about it, as data. It decodes one; it
 * reads no files and carries nothing out.
 */
import * as v from 'valibot';
import { CLOSE_CODE, CLOSE_CODE_RANGE, lookup, type CloseCode } from '../protocol/codes.js';
import { isMediaName, type MediaName } from '../protocol/media.js';

const { REGISTERED, PRIVATE_USE } = CLOSE_CODE_RANGE;
/** RFC 6455 section 5.5: a control frame carries 125 bytes, two of which are the code. */
const LONGEST_CLOSE_REASON = 123;
/** The longest delay a Node timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

const Text = v.pipe(v.string(), v.nonEmpty('is empty'));
const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LONGEST_MS));
const Status = v.pipe(v.number(), v.integer(), v.minValue(1, 'is not the number of a refusal'));

/** How a connection is ended. 1006 cannot be sent: it drops the connection without a close frame. */
const Close = v.strictObject({
  code: v.pipe(v.number(), v.check(isCloseCode, 'is not a close code that a server can send, nor 1006')),
  reason: v.pipe(v.string(), v.maxBytes(LONGEST_CLOSE_REASON, 'is too long for a close frame')),
});
export type Close = v.InferOutput<typeof Close>;

const Media = v.custom<MediaName>((value) => typeof value === 'string' && isMediaName(value), 'is not a kind of media');

const Scenario = v.strictObject({
  name: Text,
  /** What the server does. */
  description: Text,
  /** What a right client does. */
  expectation: Text,
  /** Whether Zoom documents the behaviour, or users or Zoom's samples report it; `source` says where. */
  basis: v.picklist(['documented', 'reported']),
  source: v.pipe(v.string(), v.url('is not a URL')),
  /** The frame every message of the server comes in. */
  opcode: v.picklist(['text', 'binary']),
  /** The media that `server_urls` offers; asking for another is a fault. */
  offer: v.pipe(v.array(Media), v.readonly()),
  /** What follows on a faulty handshake after a while: an answer or none, then the end or nothing. */
  handshakeFault: v.strictObject({ reply: v.boolean(), delayMs: Milliseconds, close: v.nullable(Close) }),
  /** A status that refuses even a faultless handshake. */
  forceStatus: v.exactOptional(
    v.strictObject({
      signaling: v.exactOptional(Status),
      media: v.exactOptional(Status),
      reason: v.exactOptional(v.string()),
    }),
  ),
  /** After so many unanswered in a row the socket is ended; with null it never is. */
  keepAlive: v.strictObject({
    intervalMs: v.pipe(Milliseconds, v.minValue(1)),
    misses: v.pipe(v.number(), v.integer(), v.minValue(1)),
    close: v.nullable(Close),
  }),
  /** Without a flow, media handshakes succeed and no media ever comes. */
  media: v.strictObject({ flows: v.boolean() }),
});
export type Scenario = v.InferOutput<typeof Scenario>;

/** Reads the JSON of a scenario. Throws an Error that names every field at fault. */
export function decodeScenario(value: unknown): Scenario {
  const result = v.safeParse(Scenario, value);
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
  throw new Error(`not a scenario: ${faults.join('; ')}`);
}

function isCloseCode(code: number): boolean {
  const onWire = lookup<CloseCode>(CLOSE_CODE, code)?.onWire ?? false;
  const free = Number.isInteger(code) && code >= REGISTERED.value && code <= PRIVATE_USE.to;
  return onWire || free || code === CLOSE_CODE.ABNORMAL_CLOSURE.value;
}
