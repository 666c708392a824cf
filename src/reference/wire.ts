/** The numbers on the wire, as families: close codes, statuses, stop reasons, messages, events and states. */
import {
  CLOSE_CODE,
  CLOSE_CODE_RANGE,
  EARLIEST_STATUS_CODE,
  EVENT_TYPE,
  FIRST_PRODUCT_EVENT_TYPE,
  LEGACY_STATUS_CODE,
  MESSAGE_TYPE,
  nameOf,
  SESSION_STATE,
  STATUS_CODE,
  STOP_REASON,
  STREAM_STATE,
  ZCC_VOICE_EVENT_TYPE,
  ZCC_VOICE_EVENT_TYPE_RANGE,
  type CloseCode,
  type EventTypeCode,
  type MessageTypeCode,
  type StatusCode,
  type StopKind,
  type StopReasonCode,
} from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { entriesOf, type Detail, type Family } from './family.js';

const JUDGE_BOTH = 'rtms doctor --payload started.json --handshake mine.json';

const { UNUSED, UNDEFINED, ...OPEN_RANGES } = CLOSE_CODE_RANGE;

const LOCAL: Detail = ['note', 'no close frame carries it: it is what a library says of one that is missing'];

const close: Family = {
  id: 'close',
  label: 'close code',
  words: ['close', 'code', 'closed'],
  about: 'close codes of a WebSocket, and what each says in RTMS',
  example: 'close 1000',
  next: [JUDGE_BOTH],
  docs: DOCS.closeCodes,
  entries: entriesOf<CloseCode>(CLOSE_CODE, ({ value, onWire, rtms, readings = [] }) => ({
    details: [
      ['in RTMS', rtms],
      ...readings.map(([seen, points]): Detail => ['seen', `${seen}\n→ ${points}`]),
      ...(onWire ? [] : [LOCAL]),
    ],
    next: [`rtms doctor --close-code ${value} --after 1.8s --handshake mine.json --payload started.json`],
  })),
  ranges: OPEN_RANGES,
  outside: (code) => (code < UNUSED.value || code > UNUSED.to ? UNDEFINED : UNUSED).meaning,
};

const answers = [
  MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP,
  MESSAGE_TYPE.DATA_HAND_SHAKE_RESP,
  MESSAGE_TYPE.STREAM_CLOSE_RESP,
  MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP,
].map(({ value }) => value);

const status: Family = {
  id: 'status',
  label: 'status code',
  words: ['status', 'STATUS_CODE', 'RTMS_STATUS_CODE'],
  about: 'status_code of an answer, in the live service and the 2025 beta',
  example: 'status 15',
  place: `status_code of msg_type ${answers.join(', ')}`,
  decides: "the reason text: the table whose words it uses is meant; without one, the live service's",
  next: [JUDGE_BOTH],
  docs: DOCS.dataTypes,
  entries: [
    ...entriesOf<StatusCode>(STATUS_CODE, ({ action }) => ({ of: 'live service', fix: action })),
    ...entriesOf(LEGACY_STATUS_CODE, () => ({ of: '2025 beta' })),
    ...entriesOf(EARLIEST_STATUS_CODE, () => ({ of: 'first sample' })),
  ],
};

const RECONNECT: Readonly<Record<StopKind, string>> = {
  wanted: 'no: someone asked for the end',
  ended: 'no: what was streamed is over',
  policy: 'no: a setting or a withdrawn consent forbids it',
  failure: 'no: the stream is lost, start a new one',
};

const stop: Family = {
  id: 'stop',
  label: 'stop reason',
  words: ['stop', 'reason', 'STOP_BC', 'RTMS_STOP_REASON'],
  about: 'why a stream ended, the one place where Zoom says it',
  example: 'stop 18',
  place:
    `stop_reason of an rtms_stopped webhook and of msg_type ${MESSAGE_TYPE.SESSION_STATE_UPDATE.value}, ` +
    `reason of msg_type ${MESSAGE_TYPE.STREAM_STATE_UPDATE.value}`,
  next: ['rtms explain reconnect'],
  docs: DOCS.failover,
  entries: entriesOf<StopReasonCode>(STOP_REASON, ({ value, action, kind, formerly }) => ({
    fix: action,
    details: [['reconnect', RECONNECT[kind]], ...(formerly === undefined ? [] : [['formerly', formerly] as const])],
    ...(formerly !== undefined && { aliases: [formerly] }),
    ...(value === STOP_REASON.AUTHENTICATION_FAILURE.value && { next: [JUDGE_BOTH] }),
  })),
};

const SOCKETS = { signaling: 'on signaling', media: 'on a media socket', both: 'on every socket' } as const;

function messageDetails({ dir, channel, answeredBy }: MessageTypeCode): Detail[] {
  if (!dir || !channel) return [];
  return [
    ['sent', `${dir === 'out' ? 'by your client' : 'by Zoom'}, ${SOCKETS[channel]}`],
    ...(answeredBy === undefined ? [] : [['answer', `${answeredBy} ${nameOf(MESSAGE_TYPE, answeredBy)}`] as const]),
  ];
}

const message: Family = {
  id: 'message',
  label: 'message type',
  words: ['msg', 'msg_type', 'message', 'RTMS_MESSAGE_TYPE'],
  about: 'msg_type of a message, who sends it and on which socket',
  example: 'msg 12',
  next: ['rtms explain flow'],
  docs: DOCS.universalEvents,
  entries: entriesOf<MessageTypeCode>(MESSAGE_TYPE, (row) => ({ details: messageDetails(row) })),
};

const { value: SUBSCRIPTION } = MESSAGE_TYPE.EVENT_SUBSCRIPTION;
const SUBSCRIBE = `subscribe to it with ${SUBSCRIPTION} EVENT_SUBSCRIPTION: it does not come by itself`;

const event: Family = {
  id: 'event',
  label: 'event type',
  words: ['event', 'RTMS_EVENT_TYPE', 'RTMS_ZCC_VOICE_EVENT_TYPE'],
  about: 'event_type of an event, with its other meanings in Contact Center',
  example: 'event 8',
  place: `event_type of msg_type ${MESSAGE_TYPE.EVENT_UPDATE.value}`,
  decides: 'the product: Contact Center voice counts for itself from here on',
  next: ['rtms connect --payload started.json --event ACTIVE_SPEAKER_CHANGE PARTICIPANT_JOIN'],
  docs: DOCS.dataTypes,
  entries: [
    ...entriesOf<EventTypeCode>(EVENT_TYPE, ({ value, automatic }) => ({
      ...(value >= FIRST_PRODUCT_EVENT_TYPE && { of: 'most products' }),
      ...(value !== EVENT_TYPE.UNDEFINED.value && { fix: automatic ? 'nothing to do: it comes by itself' : SUBSCRIBE }),
    })),
    ...entriesOf(ZCC_VOICE_EVENT_TYPE, () => ({ of: 'Contact Center' })),
  ],
  ranges: ZCC_VOICE_EVENT_TYPE_RANGE,
};

const session: Family = {
  id: 'session',
  label: 'session state',
  words: ['session', 'state', 'RTMS_SESSION_STATE'],
  about: 'state of the session',
  example: 'session 5',
  place: `state of msg_type ${MESSAGE_TYPE.SESSION_STATE_UPDATE.value}, ${MESSAGE_TYPE.SESSION_STATE_RESP.value}`,
  next: ['rtms explain flow'],
  docs: DOCS.dataTypes,
  entries: entriesOf(SESSION_STATE),
};

const stream: Family = {
  id: 'stream',
  label: 'stream state',
  words: ['stream', 'state', 'RTMS_STREAM_STATE'],
  about: 'state of the stream',
  example: 'stream 4',
  place: `state of msg_type ${MESSAGE_TYPE.STREAM_STATE_UPDATE.value}, ${MESSAGE_TYPE.STREAM_STATE_RESP.value}`,
  next: ['rtms explain flow', 'rtms explain reconnect'],
  docs: DOCS.dataTypes,
  entries: entriesOf(STREAM_STATE),
};

export const WIRE_FAMILIES: readonly Family[] = [close, status, stop, message, event, session, stream];
