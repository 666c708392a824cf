/** What the client sends after its handshakes is as documented. Whether it answers in time is another rule. */
import { EVENT_TYPE, lookup, MESSAGE_TYPE, nameOf, type Code, type MessageTypeCode } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { isObject } from '../protocol/json.js';
import { CLIENT_MESSAGES, eventSubscription, typeMeant } from '../protocol/messages.js';
import type { Connection, FrameEntry, Timeline } from '../session/timeline.js';
import { count } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { isExcerpt, isPresent } from './shared/handshakes.js';
import { shown } from './shared/words.js';

export const messageMalformed = defineRule({
  id: 'message-malformed',
  section: 'Handshake',
  title: 'what the client sends is as documented',
  failureTitle: 'a message of the client is not as documented',
  why: 'Zoom answers neither subscriptions nor acknowledgements, so what it cannot read goes unnoticed.',
  docs: DOCS.universalEvents,
  needs: ['frame'],
  check: (timeline) => {
    const sent = timeline.connections.flatMap((connection) => laterMessages(connection, timeline));
    if (sent.length === 0) return undefined;
    const faults = sent.flatMap((message) => CHECKS.map((check) => check(message)).find(Boolean) ?? []);
    if (faults.length === 0) return { status: 'pass', message: `${count(sent.length, 'message')}, each as documented` };
    // A client makes the same mistake in every message; the first one tells.
    return faults.filter(({ message }, index) => faults.findIndex((other) => other.message === message) === index);
  },
});

/** A message of the client as it was sent. `type` is the one it means. */
interface Sent {
  readonly connection: Connection;
  readonly entry: FrameEntry;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly type: number | undefined;
  /** Whether keep-alives were asked for, so that the answers are judged beside the questions. */
  readonly asked: boolean;
}

function laterMessages(connection: Connection, { connections }: Timeline): Sent[] {
  const { frames, handshake } = connection;
  const asked = connections.some(({ keepAlive }) => keepAlive.asked > 0);
  return frames
    .filter((entry) => entry.event.dir === 'out' && (entry !== handshake || isExcerpt(connection)))
    .map((entry) => {
      const fields = isObject(entry.reading.value) ? entry.reading.value : {};
      return { connection, entry, fields, type: typeMeant(fields['msg_type']), asked };
    })
    .filter(({ entry, type }) => entry !== handshake || !HANDSHAKES.includes(type));
}

/** Alone in an excerpt, they are for the rules `handshake-*` all the same. */
const HANDSHAKES: readonly (number | undefined)[] = [
  MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value,
  MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value,
];

type Fault = Exclude<Verdict, { status: 'pass' | 'skip' }>;

/** In the order in which they matter; the first that speaks is the finding. */
const CHECKS: readonly ((sent: Sent) => Fault | undefined)[] = [
  notJson,
  typeNotNumber,
  subscriptionForm,
  serverMessage,
  wrongSocket,
  fieldsUnlike,
];

const { KEEP_ALIVE_REQ, KEEP_ALIVE_RESP, CLIENT_READY_ACK, EVENT_SUBSCRIPTION } = MESSAGE_TYPE;
const { PARTICIPANT_VIDEO_ON, PARTICIPANT_VIDEO_OFF } = EVENT_TYPE;
const SUBSCRIPTION = JSON.stringify(eventSubscription([PARTICIPANT_VIDEO_ON.value, PARTICIPANT_VIDEO_OFF.value]));

const named = (type: number | undefined): string => `${nameOf(MESSAGE_TYPE, type)} (${type})`;
const known = (type: number | undefined): MessageTypeCode | undefined => lookup<MessageTypeCode>(MESSAGE_TYPE, type);

function fault({ entry }: Sent, cause: string, path: string, message: string, fix: string): Fault {
  return { status: 'fail', certainty: 'certain', cause, message, evidence: [{ event: entry.number, path }], fix };
}

/** That of a first message is `handshake-not-json`. */
function notJson(sent: Sent): Fault | undefined {
  const { connection, entry } = sent;
  const [framing] = entry.reading.faults;
  if (!framing || entry === connection.handshake) return undefined;
  const message = `${connection.socket}: ${framing.message}; one JSON object alone is expected`;
  return fault(sent, framing.cause, '$', message, 'send each message as one JSON text, as the handshake was');
}

/** A message alone that does not say what it is passes for a handshake. */
function typeNotNumber(sent: Sent): Fault | undefined {
  const { connection, entry, fields, type } = sent;
  const given = fields['msg_type'];
  if (typeof given === 'number' || (entry === connection.handshake && type === undefined)) return undefined;
  const seen = isPresent(fields, 'msg_type') ? shown(given) : 'not there';
  const expected = type === undefined ? 'a number' : `the number ${type}`;
  const fix = type === undefined ? 'send the number of the message as msg_type' : `send "msg_type": ${type}`;
  return fault(sent, 'msg_type', '$.msg_type', `msg_type is ${seen}; ${expected} is expected`, fix);
}

/** As a page of Zoom has it: https://developers.zoom.us/docs/rtms/meetings/video-single-stream/ */
function subscriptionForm(sent: Sent): Fault | undefined {
  const { fields, type } = sent;
  if (known(type)?.dir !== 'in' || !('event_type' in fields || 'events' in fields)) return undefined;
  const message = `a subscription is sent as ${named(type)}; ${named(EVENT_SUBSCRIPTION.value)} is expected`;
  return { ...fault(sent, 'subscription-form', '$.msg_type', message, `send ${SUBSCRIPTION}`), certainty: 'likely' };
}

/** What the server does with it is not documented. */
function serverMessage(sent: Sent): Fault | undefined {
  const { type } = sent;
  if (known(type)?.dir !== 'in') return undefined;
  const fix =
    type === KEEP_ALIVE_REQ.value
      ? `only answer ${type} with ${KEEP_ALIVE_RESP.value}; a WebSocket ping shows whether the server is there`
      : `do not send ${type}`;
  const message = `${named(type)} is sent by the client; only the server sends it`;
  return { ...fault(sent, 'server-message', '$.msg_type', message, fix), status: 'warn' };
}

/** Where these two belong is judged with what depends on them. */
const OWN_RULES: readonly (number | undefined)[] = [KEEP_ALIVE_RESP.value, CLIENT_READY_ACK.value];

function wrongSocket(sent: Sent): Fault | undefined {
  const { socket } = sent.connection;
  const channel = known(sent.type)?.channel;
  const here = socket === 'signaling' ? 'signaling' : 'media';
  const fits = channel === undefined || channel === 'both' || channel === here;
  if (fits || OWN_RULES.includes(sent.type)) return undefined;
  const expected = channel === 'signaling' ? 'signaling' : 'a media socket';
  const message = `${named(sent.type)} is sent on ${socket}; ${expected} is expected`;
  return fault(sent, 'wrong-socket', '$.msg_type', message, `send it on ${expected}`);
}

function fieldsUnlike(sent: Sent): Fault | undefined {
  const { entry, fields, type, asked } = sent;
  const example = CLIENT_MESSAGES.find(({ msg_type }) => msg_type === type);
  if (!example || (type === KEEP_ALIVE_RESP.value && asked)) return undefined;
  const unlike = differences(example, fields, '$');
  const [first] = unlike;
  if (!first) return undefined;
  const { path, seen, expected } = first;
  const cause = seen === NOT_THERE ? 'field-missing' : 'field-type';
  const message = `${named(type)}: ${path.slice('$.'.length)} is ${seen}; ${expected} is expected`;
  return {
    ...fault(sent, cause, path, message, `send ${JSON.stringify(example)}`),
    // What Zoom does with it is not documented; some of its own code answers keep-alives without their timestamp.
    status: type === KEEP_ALIVE_RESP.value ? 'warn' : 'fail',
    certainty: 'likely',
    evidence: unlike.slice(0, MOST_SHOWN).map((difference) => ({ event: entry.number, path: difference.path })),
  };
}

interface Difference {
  readonly path: string;
  readonly seen: string;
  readonly expected: string;
}

const NOT_THERE = 'not there';
/** Of a message wrong in every element, a few tell. */
const MOST_SHOWN = 3;

/** Where a value lacks something the example has, or has it as another type. Of an array, every element is compared. */
function differences(example: unknown, value: unknown, path: string): Difference[] {
  if (value === undefined || value === null || value === '') {
    return [{ path, seen: NOT_THERE, expected: ofType(example) }];
  }
  if (typeOf(value) !== typeOf(example)) return [{ path, seen: shown(value), expected: meant(example, value) }];
  if (Array.isArray(example) && Array.isArray(value)) {
    return value.flatMap((item, index) => differences(example[0], item, `${path}[${index}]`));
  }
  if (!isObject(example) || !isObject(value)) return [];
  return Object.entries(example).flatMap(([key, item]) => differences(item, value[key], `${path}.${key}`));
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

const ofType = (example: unknown): string => `${/^[ao]/.test(typeOf(example)) ? 'an' : 'a'} ${typeOf(example)}`;

/** The number behind the name of an event, or else the type alone. */
function meant(example: unknown, value: unknown): string {
  const event = Object.entries<Code>(EVENT_TYPE).find(([name]) => name === value)?.[1];
  return typeof example === 'number' && event ? `the number ${event.value}` : ofType(example);
}
