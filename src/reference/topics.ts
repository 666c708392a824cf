/** Short texts for whoever begins. Every number and name in them comes from the tables. */
import {
  EVENT_TYPE,
  MESSAGE_TYPE,
  SESSION_STATE,
  STATUS_CODE,
  STOP_REASON,
  STREAM_STATE,
  type CodeTable,
  type StopKind,
  type StopReasonCode,
} from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { DEFAULT_MEDIA_PARAMS, MEDIA, type MediaName } from '../protocol/media.js';
import { clientReadyAck, dataHandshake, keepAliveResponse, signalingHandshake } from '../protocol/messages.js';
import { scopesOf } from '../protocol/scopes.js';
import { handshakeMessage } from '../protocol/signature.js';
import {
  BACKOFF_MS,
  CONNECT_WINDOW_MS,
  DELIVERY,
  DUPLICATE_MS,
  KEEP_ALIVE_INTERVAL_MS,
  KEEP_ALIVE_LIMIT,
  RECONNECT_WINDOW_MS,
  SILENCE_MS,
  SLOWER_KEEP_ALIVE_MS,
} from '../protocol/timing.js';
import { PRODUCTS } from '../protocol/webhooks.js';
import { duration } from '../session/words.js';
import { runs, type Detail, type Entry, type Family } from './family.js';

/** As `12 KEEP_ALIVE_REQ`. */
const named = <Table extends CodeTable>(table: Table, name: keyof Table & string): string =>
  `${table[name]?.value} ${name}`;
const message = (name: keyof typeof MESSAGE_TYPE): string => named(MESSAGE_TYPE, name);
const stops = (...kinds: readonly StopKind[]): string =>
  runs(Object.values<StopReasonCode>(STOP_REASON).flatMap(({ kind, value }) => (kinds.includes(kind) ? [value] : [])));
/** JSON that can be broken into lines between its fields. */
const json = (value: object): string => JSON.stringify(value).replaceAll(',"', ', "');
const durations = (all: readonly number[]): string => all.map(duration).join(', ');

const connectWindow = duration(CONNECT_WINDOW_MS);
const signalingWindow = duration(RECONNECT_WINDOW_MS.signaling);
const mediaWindow = duration(RECONNECT_WINDOW_MS.media);

const SAMPLE = {
  entity: { field: 'meeting_uuid', value: '…' },
  streamId: '…',
  signature: '…',
} as const;

const flow: Entry = {
  name: 'flow',
  of: 'in short',
  meaning: 'a webhook, two handshakes, one acknowledgement, media, and keep-alives all along',
  details: [
    ['1 webhook', `rtms_started arrives; answer 200 at once, then connect within ${connectWindow}`],
    [
      '2 signaling',
      `open server_urls and send ${message('SIGNALING_HAND_SHAKE_REQ')}; ` +
        `${message('SIGNALING_HAND_SHAKE_RESP')} answers with status_code ${STATUS_CODE.OK.value} and the media URLs`,
    ],
    [
      '3 media',
      `open a media URL and send ${message('DATA_HAND_SHAKE_REQ')} with the same signature; ` +
        `${message('DATA_HAND_SHAKE_RESP')} answers with status_code ${STATUS_CODE.OK.value}`,
    ],
    ['4 ready', `send ${message('CLIENT_READY_ACK')} on signaling: no media comes before it`],
    [
      '5 stream',
      `${message('MEDIA_DATA_AUDIO')} to ${message('MEDIA_DATA_CHAT')} come on the media sockets, ` +
        `${message('EVENT_UPDATE')} on signaling`,
    ],
    ['all along', `answer ${message('KEEP_ALIVE_REQ')} with ${message('KEEP_ALIVE_RESP')} on the socket it came on`],
    [
      '6 end',
      `${message('STREAM_STATE_UPDATE')} says ${named(STREAM_STATE, 'TERMINATED')} or ` +
        `${message('SESSION_STATE_UPDATE')} says ${named(SESSION_STATE, 'STOPPED')}, the sockets close, ` +
        'and the rtms_stopped webhook gives the stop reason',
    ],
    ['frames', 'one message is one JSON text; Zoom may send it in a text or a binary frame, so read both'],
  ],
  next: ['rtms connect --mock --duration 5s', 'rtms explain handshake'],
  docs: DOCS.workWithStreams,
};

const idFields = Object.values(PRODUCTS).map(({ entityFields: [field], label }) => `${field} (${label})`);

const handshake: Entry = {
  name: 'handshake',
  of: 'in short',
  meaning: 'the first message on each socket: one JSON text in a text frame, with nothing around it',
  details: [
    ['signaling', json(signalingHandshake(SAMPLE))],
    [
      'media',
      json(dataHandshake({ ...SAMPLE, mediaType: MEDIA.audio.bit, mediaParams: DEFAULT_MEDIA_PARAMS.audio })),
    ],
    ['then', `${json(clientReadyAck('…'))} on signaling, once a media handshake was accepted`],
    ['id', `${idFields.join(', ')}, exactly as in the webhook`],
    ['refused', `by status_code and reason, or by a close without a word: rtms explain close 1000`],
  ],
  next: ['rtms sign --payload started.json --handshake mine.json', 'rtms explain signature'],
  docs: DOCS.universalEvents,
};

/** Those there is code for: whoever asks for one of them begins with this. */
const LANGUAGES = ['js', 'ts', 'python', 'java', 'kotlin', 'go', 'csharp', 'php', 'ruby', 'rust', 'bash'];

const signature: Entry = {
  name: 'signature',
  aliases: ['hmac', 'sha256', ...LANGUAGES],
  of: 'in short',
  meaning: 'HMAC-SHA256 of three values of the webhook, keyed with the client secret',
  details: [
    [
      'message',
      `${handshakeMessage({ clientId: 'client_id', entityId: 'ID', streamId: 'rtms_stream_id' })}: ` +
        'joined by commas, no space, no line break, each as it was received',
    ],
    ['ID', idFields.join(', ')],
    ['key', 'the client secret as it is; in the Video SDK, SDK Key and SDK Secret are the pair'],
    ['result', '64 characters of lower-case hex, leading zeros kept'],
    ['sent', `in ${message('SIGNALING_HAND_SHAKE_REQ')} and each ${message('DATA_HAND_SHAKE_REQ')}: one value a stream`],
    ['not', 'no time, no meeting number, no webhook Secret Token, no Base64, no URL encoding'],
    ['webhooks', 'have another signature, x-zm-signature: rtms sign webhook --help'],
  ],
  next: ['rtms sign --payload started.json --verify YOURS', 'rtms sign --snippet java'],
  docs: DOCS.workWithStreams,
};

const frames: Entry = {
  name: 'frames',
  aliases: ['frame', 'binary', 'opcode', 'framing'],
  of: 'in short',
  meaning: 'one message of the WebSocket is one JSON text, with nothing before or behind it',
  details: [
    ['send', 'the JSON alone in a text frame: no type byte, no length, no Protocol Buffers, no byte order mark'],
    ['read', 'text and binary frames alike: Zoom may send the same JSON in either'],
    ['so', 'onText and onBinary in Java, str and bytes in Python, string and ArrayBuffer in JavaScript'],
    ['media', 'comes as Base64 in content.data of that JSON, never as bare bytes'],
    ['pings', `of the WebSocket are answered by libraries; ${message('KEEP_ALIVE_REQ')} is answered by you`],
  ],
  next: ['rtms lint mine.hex', 'rtms connect --mock --dump hex --duration 5s', 'rtms explain replies-not-read'],
  docs: DOCS.universalEvents,
};

const keepAlive: Entry = {
  name: 'keep-alive',
  aliases: ['keepalive', 'ping', 'heartbeat'],
  of: 'in short',
  meaning: 'Zoom asks on every socket whether you are there, and wants the answer on that socket',
  details: [
    [
      'asked',
      `${message('KEEP_ALIVE_REQ')}, in a text or a binary frame, about every ${duration(KEEP_ALIVE_INTERVAL_MS)} by ` +
        `the documents, every ${duration(SLOWER_KEEP_ALIVE_MS)} by other sources: count on neither`,
    ],
    ['answer', `${json(keepAliveResponse(1784548810000))} on the same socket, with the timestamp of the question`],
    [
      'missed',
      `${KEEP_ALIVE_LIMIT} in a row interrupt the connection; Zoom waits ${signalingWindow} for signaling, ` +
        `${mediaWindow} for media to come back, then ends the stream`,
    ],
    [
      'told by',
      `stop reason ${(['KEEP_ALIVE_TIMEOUT', 'SIGNAL_CONNECTION_INTERRUPTED', 'AWAIT_RECONNECTION_TIMEOUT'] as const)
        .map((name) => named(STOP_REASON, name))
        .join(', ')}`,
    ],
    ['often', 'binary frames are not read; the answer goes to the other socket; media work blocks the reader'],
  ],
  next: ['rtms connect --mock=keep-alive-strict --duration 30s', 'rtms explain keep-alive-unanswered'],
  docs: DOCS.universalEvents,
};

const reconnect: Entry = {
  name: 'reconnect',
  aliases: ['failover', 'reconnection'],
  of: 'in short',
  meaning: 'what was lost says what to connect again, and for how long Zoom waits; the close code does not',
  details: [
    ['other URL', 'rtms_started again for this rtms_stream_id, with other server_urls: connect both there at once'],
    ['signaling', `rtms_interrupted: both sockets again, to the URL you have, within ${signalingWindow}`],
    [
      'media',
      `event ${named(EVENT_TYPE, 'MEDIA_CONNECTION_INTERRUPTED')}, or stream state ` +
        `${named(STREAM_STATE, 'INTERRUPTED')}: that media socket alone, within ${mediaWindow} (older documents: 30 s)`,
    ],
    ['silence', `nothing for ${duration(SILENCE_MS)}: both sockets again`],
    [
      'delays',
      `${durations(BACKOFF_MS)}; ` +
        `after status ${named(STATUS_CODE, 'DUPLICATE_SIGNAL_REQUEST')} ${durations(DUPLICATE_MS)}`,
    ],
    ['start anew', `stop reasons ${stops('failure')}: the stream is lost`],
    ['leave it', `stop reasons ${stops('wanted', 'ended', 'policy')}`],
  ],
  next: ['rtms connect --payload started.json --reconnect', 'rtms explain stop'],
  docs: DOCS.failover,
};

const mediaScopes = scopesOf('media', 'meeting').map(({ name }) => name);

const setup: Entry = {
  name: 'setup',
  aliases: ['set-up', 'start'],
  of: 'in short',
  meaning: 'what must be true before rtms_started can arrive; a meeting alone starts nothing',
  details: [
    ['app', 'General app, user-managed (meetings, webinars); Contact Center takes Server-to-Server too'],
    ['scopes', `one a medium, such as ${mediaScopes[0]}: rtms explain scopes`],
    ['events', 'RTMS Started and RTMS Stopped, better RTMS Interrupted too, at a validated URL'],
    ['plan', 'Developer Pack credits on the account that owns the app; without them, API error 2310'],
    ['setting', 'Share realtime meeting content with apps, on for the user (portal, Zoom Apps tab)'],
    ['start', `auto-start, PATCH /live_meetings/{meetingId}/rtms_app/status, or startRTMS() in the client`],
    ['changed', 'scopes or events? add the app again, for each user (Local Test → Add app now)'],
    ['sign with', 'the pair of that app and version, never of a Server-to-Server app that only starts it'],
  ],
  next: ['rtms doctor --product meeting --manifest app.json', 'rtms doctor --ask'],
  docs: DOCS.addFeatures,
};

function mediaLine(name: MediaName): Detail {
  const { bit, urlKeys, msgType } = MEDIA[name];
  const data = msgType === undefined ? 'every kind of data' : `data in msg_type ${msgType}`;
  return [name, `media_type ${bit}, URL ${urlKeys[0]}, ${data}; by default ${json(DEFAULT_MEDIA_PARAMS[name])}`];
}

const media: Entry = {
  name: 'media',
  aliases: ['media_params', 'parameters'],
  of: 'in short',
  meaning: 'one socket a medium, or one named all; parameters are enum numbers, no units, and must go together',
  details: [
    ...(['audio', 'video', 'share', 'transcript', 'chat'] as const).map(mediaLine),
    ['all', `media_type ${MEDIA.all.bit}, URL ${MEDIA.all.urlKeys[0]}; it excludes the sockets for one medium`],
    ['data', 'Base64 in content.data; L16 is little-endian in every sample; transcript and chat are plain text'],
  ],
  next: ['rtms connect --payload started.json --media audio,transcript', 'rtms explain codec'],
  docs: DOCS.mediaParameters,
};

const webhook: Entry = {
  name: 'webhook',
  of: 'in short',
  meaning: 'Zoom posts to your endpoint when a stream starts, breaks or stops; the ids and the URL are in it',
  details: [
    ['names', Object.values(PRODUCTS).map(({ prefix }) => `${prefix}rtms_started`).join(', ')],
    ['answer', `200 or 204 within ${duration(DELIVERY.answerWithinMs)}, and work afterwards`],
    ['again', `after ${durations(DELIVERY.retriesAfterMs)} where the answer is 5xx or none: too late for a stream`],
    [
      'validated',
      `endpoint.url_validation comes at first and every ${duration(DELIVERY.validatesEveryMs)}: answer it for good`,
    ],
    ['signed', 'x-zm-signature, over the received bytes, keyed with the Secret Token of the event subscription'],
    ['taken for', 'meeting.started only proves that webhooks arrive'],
  ],
  next: ['rtms listen', 'rtms explain webhooks'],
  docs: DOCS.webhooks,
};

export const TOPIC_FAMILY: Family = {
  id: 'topic',
  label: 'topic',
  words: ['topic', 'topics'],
  about: 'short texts for whoever begins',
  example: 'flow',
  next: [],
  docs: DOCS.workWithStreams,
  entries: [flow, handshake, signature, frames, keepAlive, reconnect, media, webhook, setup],
};
