/**
 * A scenario of the mock server: how it departs from what is documented, step by step, and what is expected of the
 * client, as data. It decodes one; it reads no files and carries nothing out.
 */
import * as v from 'valibot';
import {
  CLOSE_CODE,
  CLOSE_CODE_RANGE,
  lookup,
  MESSAGE_TYPE,
  SESSION_STATE,
  STREAM_STATE,
  type CloseCode,
} from '../protocol/codes.js';
import { isObject } from '../protocol/json.js';
import { isMediaName, MEDIA, type MediaName } from '../protocol/media.js';
import type { SocketName } from '../session/event.js';
import { KEEP_ALIVE_INTERVAL_MS, KEEP_ALIVE_LIMIT } from '../protocol/timing.js';
import { Expectations, isClientAct } from '../session/expectation.js';

const { REGISTERED, PRIVATE_USE } = CLOSE_CODE_RANGE;
/** RFC 6455 section 5.5: a control frame carries 125 bytes, two of which are the code. */
export const LONGEST_CLOSE_REASON = 123;
/** The longest delay a Node timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

const Text = v.pipe(v.string(), v.nonEmpty('is empty'));
/** Of the server's clock, which `--speed` makes faster. */
const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LONGEST_MS));
const Count = v.pipe(v.number(), v.integer(), v.minValue(1));
const Status = v.pipe(v.number(), v.integer(), v.minValue(1, 'is not the number of a refusal'));

/** How a connection is ended. 1006 cannot be sent: it drops the connection without a close frame. */
const closeFields = {
  code: v.pipe(v.number(), v.check(isCloseCode, 'is not a close code that a server can send, nor 1006')),
  reason: v.optional(v.pipe(v.string(), v.maxBytes(LONGEST_CLOSE_REASON, 'is too long for a close frame')), ''),
};
const Close = v.strictObject(closeFields);
export type Close = v.InferOutput<typeof Close>;

export const NORMAL: Close = { code: CLOSE_CODE.NORMAL_CLOSURE.value, reason: '' };

const MEDIA_NAMES = Object.keys(MEDIA).filter(isMediaName);
const Media = v.custom<MediaName>((value) => typeof value === 'string' && isMediaName(value), 'is not a kind of media');

/**
 * What happens by itself, for a step to follow. On those of REACTIONS, the steps take the place of what the server
 * does otherwise.
 */
export const MOMENTS = [
  /** The webhook was delivered, or a first socket opened. */
  'start',
  /** A signaling handshake without a fault: accepted. */
  'handshake',
  /** A media handshake without a fault: accepted. */
  'media-handshake',
  /** A handshake with a fault, on either kind of socket: answered with its status, then closed with 1000. */
  'fault',
  /** The signaling handshake was accepted. */
  'accepted',
  /** A media handshake was accepted. */
  'media-accepted',
  /** CLIENT_READY_ACK let media flow for the first time. */
  'ready',
  /** It did so again after a connection was lost. */
  'recovered',
  /** A message came that is not documented, or does not belong where it came. */
  'misfit',
  /** A socket was asked for at a URL from before a failover. */
  'old-url',
  /** The client asked for the end of the stream. */
  'close-request',
  /** The stream is over. */
  'over',
] as const;
export type MomentName = (typeof MOMENTS)[number];
const REACTIONS = ['handshake', 'media-handshake', 'fault'] as const satisfies MomentName[];

const step = {
  /** A moment, or the `as` of another step. */
  on: Text,
  /** Which of its occurrences, from 1. */
  times: v.optional(v.union([v.literal('every'), v.pipe(v.array(Count), v.readonly())]), [1]),
  after: v.optional(Milliseconds, 0),
  /** Makes it a moment for other steps and for what is expected. */
  as: v.exactOptional(Text),
};
/** `this`: the one the moment came on; `media:audio`: the one that carries audio. */
export type SocketChoice = 'this' | 'all' | 'media' | SocketName;
const SocketChoice = v.custom<SocketChoice>(
  (value) =>
    typeof value === 'string' &&
    (['this', 'all', 'media', 'signaling'].includes(value) || isMediaName(value.replace(/^media:/, ''))),
  'is no socket',
);
const socket = v.optional(SocketChoice, 'this');
const state = <T extends object>(table: T) =>
  v.exactOptional(
    v.custom<keyof T & string>((value) => typeof value === 'string' && Object.hasOwn(table, value), 'is not a state'),
  );

const Step = v.variant('do', [
  /** Answers with a status, on `fault` that of the fault, then closes unless that is null. */
  v.strictObject({
    ...step,
    do: v.literal('refuse'),
    status: v.exactOptional(Status),
    reason: v.exactOptional(v.string()),
    close: v.optional(v.nullable(Close), NORMAL),
  }),
  /** Says nothing to a handshake. */
  v.strictObject({ ...step, do: v.literal('ignore') }),
  v.strictObject({ ...step, do: v.literal('close'), socket, ...closeFields }),
  /** Resets the TCP connection. */
  v.strictObject({ ...step, do: v.literal('reset'), socket }),
  /** Sends a message, or any text, or any bytes; `pad` makes it larger by so many. */
  v.strictObject({
    ...step,
    do: v.literal('send'),
    socket,
    message: v.exactOptional(v.custom<object>(isObject, 'is not an object')),
    text: v.exactOptional(v.string()),
    base64: v.exactOptional(v.pipe(v.string(), v.base64())),
    opcode: v.exactOptional(v.picklist(['text', 'binary'])),
    pad: v.exactOptional(Count),
  }),
  /** Tells new states; media pauses with either. */
  v.strictObject({ ...step, do: v.literal('state'), session: state(SESSION_STATE), stream: state(STREAM_STATE) }),
  /** Sends no media any more. */
  v.strictObject({ ...step, do: v.literal('mute') }),
  /** Sends nothing any more and answers nothing on the sockets that are open. */
  v.strictObject({ ...step, do: v.literal('fall-silent') }),
  /** Ends the stream for a STOP_REASON; without `close`, the sockets are left to the client. */
  v.strictObject({
    ...step,
    do: v.literal('stop'),
    reason: v.pipe(v.number(), v.integer()),
    close: v.optional(v.boolean(), true),
  }),
  /** Delivers the started webhook once more, as it was. */
  v.strictObject({ ...step, do: v.literal('redeliver') }),
  /** Drops every socket and delivers a newer started webhook with another URL. */
  v.strictObject({ ...step, do: v.literal('failover') }),
  /** All has been seen: what is expected can be judged. */
  v.strictObject({ ...step, do: v.literal('finish') }),
]);
export type Step = v.InferOutput<typeof Step>;

const MessageName = v.custom<keyof typeof MESSAGE_TYPE>(
  (name) => Object.hasOwn(MESSAGE_TYPE, String(name)),
  'is no message',
);

/** How messages go on the wire: those named, or all. */
const Wire = v.strictObject({
  messages: v.exactOptional(v.pipe(v.array(MessageName), v.readonly())),
  opcode: v.exactOptional(v.picklist(['text', 'binary'])),
  /** Frames that a message is split into. RFC 6455 section 5.4. */
  fragments: v.exactOptional(Count),
  delayMs: v.exactOptional(Milliseconds),
  /** The next message waits until this one would be through. */
  bytesPerSecond: v.exactOptional(Count),
});
export type Wire = v.InferOutput<typeof Wire>;

const Scenario = v.pipe(
  v.strictObject({
    name: Text,
    /** What the server does. */
    description: Text,
    /** What a right client does. */
    expectation: Text,
    /**
     * Whether Zoom documents the behaviour, or users or Zoom's samples report it, or neither: what a network or a fault
     * can do, and a client has to bear. `source` says where.
     */
    basis: v.picklist(['documented', 'reported', 'assumed']),
    source: v.pipe(v.string(), v.url('is not a URL')),
    /** Whether it can be played only with an endpoint for webhooks. */
    needs: v.exactOptional(v.literal('webhook')),
    /** One scenario for each of these numbers, which stand in place of every `$each`. */
    each: v.exactOptional(v.pipe(v.array(v.number()), v.readonly())),
    /** The media that `server_urls` offers; asking for another is a fault. */
    offer: v.optional(v.pipe(v.array(Media), v.readonly()), MEDIA_NAMES),
    /** After so many unanswered in a row the socket is ended; with null it never is. */
    keepAlive: v.optional(
      v.strictObject({
        intervalMs: v.optional(v.pipe(Milliseconds, v.minValue(1)), KEEP_ALIVE_INTERVAL_MS),
        misses: v.optional(Count, KEEP_ALIVE_LIMIT),
        close: v.optional(v.nullable(Close), NORMAL),
      }),
      {},
    ),
    media: v.optional(
      v.strictObject({
        /** Without, media handshakes succeed and no media ever comes. */
        flows: v.optional(v.boolean(), true),
        participants: v.optional(Count, 3),
        /** Audio from before the client was ready, in ms; what really passed since the start, unless given. */
        buffered: v.exactOptional(Milliseconds),
      }),
      {},
    ),
    wire: v.optional(v.pipe(v.array(Wire), v.readonly()), []),
    /** Age of the started webhook when it is delivered. */
    webhookAgeMs: v.optional(Milliseconds, 0),
    /** When to judge at the latest, after `start`. */
    lasts: v.optional(v.pipe(Milliseconds, v.minValue(1)), 15_000),
    script: v.optional(v.pipe(v.array(Step), v.readonly()), []),
    judge: Expectations,
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { script, judge } = dataset.value;
    const known: readonly string[] = [...MOMENTS, ...script.flatMap(({ as }) => as ?? [])];
    const named = [...script.map(({ on }) => on), ...judge.flatMap(({ see, since, given }) => [see, since, given])];
    for (const { on, do: action } of script) {
      const isReaction = REACTIONS.some((moment) => moment === on);
      if ((action === 'refuse' || action === 'ignore') && !isReaction) {
        addIssue({ message: `${action} answers a handshake, and ${on} is none` });
      }
    }
    for (const name of named) {
      if (name === undefined || known.includes(name) || isClientAct(name)) continue;
      addIssue({ message: `${name} is no moment and no "as" of a step` });
    }
  }),
);
export type Scenario = v.InferOutput<typeof Scenario>;

/** Reads the JSON of a scenario, one for each of its `each`. Throws an Error that names every field at fault. */
export function decodeScenarios(value: unknown): Scenario[] {
  const each = isObject(value) ? value['each'] : undefined;
  if (!Array.isArray(each)) return [decodeScenario(value)];
  return each.map((number: unknown) => decodeScenario(withNumber(value, number)));
}

/** The name that the variants of a scenario share. */
export const familyOf = ({ name, each }: Scenario): string => (each ? name.replace(/-[^-]*$/, '') : name);

/** `name-number`, with the number in place of `$each`, inside texts too. */
function withNumber(value: unknown, number: unknown): unknown {
  const text = JSON.stringify(value).replaceAll('"$each"', JSON.stringify(number)).replaceAll('$each', String(number));
  const scenario: unknown = JSON.parse(text);
  return isObject(scenario) ? { ...scenario, name: `${String(scenario['name'])}-${String(number)}` } : scenario;
}

/** Reads the JSON of one scenario. Throws an Error that names every field at fault. */
export function decodeScenario(value: unknown): Scenario {
  const result = v.safeParse(Scenario, value);
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${wordsFor(issue)}`);
  throw new Error(`not a scenario: ${faults.join('; ')}`);
}

/** Keys that are missing or unknown are reported by the object they belong to. */
function wordsFor({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object') return message;
  return expected === 'never' ? 'is not known' : received === 'undefined' ? 'is missing' : message;
}

function isCloseCode(code: number): boolean {
  const onWire = lookup<CloseCode>(CLOSE_CODE, code)?.onWire ?? false;
  const free = Number.isInteger(code) && code >= REGISTERED.value && code <= PRIVATE_USE.to;
  return onWire || free || code === CLOSE_CODE.ABNORMAL_CLOSURE.value;
}
