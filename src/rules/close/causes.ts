/**
 * What can be behind a socket that closed, as data: for each cause the circumstances that speak for it, against it, and
 * those that exclude it, which rules settle it, and the next step where none did. explain.ts reads it.
 * https://github.com/zoom/rtms-samples/blob/main/TROUBLESHOOTING.md and, where nothing is published, the protocol.
 */
import { CLOSE_CODE, lookup, MESSAGE_TYPE } from '../../protocol/codes.js';
import { KEEP_ALIVE_INTERVAL_MS, KEEP_ALIVE_LIMIT, SILENCE_MS } from '../../protocol/timing.js';
import { count, duration } from '../../session/words.js';

/** What is known of one close. Whatever is not known is left out. */
export interface CloseFacts {
  readonly code?: number;
  /** From the handshake to the close, in ms. */
  readonly afterMs?: number;
  /** Text and binary messages received before it. */
  readonly framesIn?: number;
  readonly binaryIn?: number;
  readonly by?: 'peer' | 'self';
  /** Whether the server took the handshake. */
  readonly accepted: boolean;
  /** Whether the end of the stream was announced before. */
  readonly ended: boolean;
  /** Whether the handshake's signature was recomputed and matches. */
  readonly signatureMatches: boolean;
  /** Whether the frames were counted as they came, whatever their opcode. */
  readonly counted: boolean;
  /** Whether it is a media socket's, of a stream whose signaling was accepted. */
  readonly joined: boolean;
  /** Whether a person says that no other process can hold the stream. */
  readonly alone: boolean;
}

interface Circumstance {
  readonly holds: (facts: CloseFacts) => boolean;
  readonly words: (facts: CloseFacts) => string;
}

const { value: KEEP_ALIVE } = MESSAGE_TYPE.KEEP_ALIVE_REQ;

/** A refusal comes within it, and no keep-alive is due before it is over. */
const AT_ONCE_MS = KEEP_ALIVE_INTERVAL_MS / 2;
/** When three keep-alives have gone unanswered, the first and last of them half an interval early or late. */
const MISSED_MS = {
  from: KEEP_ALIVE_INTERVAL_MS * (KEEP_ALIVE_LIMIT - 0.5),
  to: SILENCE_MS + KEEP_ALIVE_INTERVAL_MS,
};

/** An answer, and what may come with it; a stream brings more. */
const AN_ANSWER = { least: 1, most: 3 };

const codeIs =
  (...codes: readonly { readonly value: number }[]) =>
  ({ code }: CloseFacts): boolean =>
    codes.some(({ value }) => value === code);
const closedWith = ({ code }: CloseFacts): string => `closed with ${code}`;
const closedAfter = ({ afterMs = 0 }: CloseFacts): string => `closed ${duration(afterMs)} after the handshake`;

const CIRCUMSTANCES = {
  'at-once': { holds: ({ afterMs }) => afterMs !== undefined && afterMs < AT_ONCE_MS, words: closedAfter },
  'keep-alives-missed': {
    holds: ({ afterMs }) => afterMs !== undefined && afterMs >= MISSED_MS.from && afterMs < MISSED_MS.to,
    words: (facts) => `${closedAfter(facts)}, the time of three keep-alives`,
  },
  late: { holds: ({ afterMs }) => afterMs !== undefined && afterMs >= MISSED_MS.to, words: closedAfter },
  'nothing-in': { holds: ({ framesIn }) => framesIn === 0, words: () => 'no frame came in' },
  'frames-in': {
    holds: ({ framesIn }) => framesIn !== undefined && framesIn > 0,
    words: ({ framesIn = 0 }) => `${count(framesIn, 'frame')} came in`,
  },
  'answered-at-once': {
    holds: ({ afterMs = Infinity, framesIn = 0 }) =>
      afterMs < AT_ONCE_MS && framesIn >= AN_ANSWER.least && framesIn <= AN_ANSWER.most,
    words: ({ framesIn = 0 }) => `${count(framesIn, 'frame')} came in before it`,
  },
  'counted-none': { holds: ({ framesIn, counted }) => counted && framesIn === 0, words: () => 'none came' },
  'binary-in': {
    holds: ({ binaryIn }) => binaryIn !== undefined && binaryIn > 0,
    words: ({ binaryIn = 0 }) => `${count(binaryIn, 'binary frame')} came in`,
  },
  'undocumented-code': {
    holds: ({ code }) => code !== undefined && lookup(CLOSE_CODE, code) === undefined,
    words: closedWith,
  },
  dropped: { holds: codeIs(CLOSE_CODE.ABNORMAL_CLOSURE), words: () => 'the connection ended without a close frame' },
  'unsupported-data': { holds: codeIs(CLOSE_CODE.UNSUPPORTED_DATA), words: closedWith },
  'not-utf8': { holds: codeIs(CLOSE_CODE.INVALID_FRAME_PAYLOAD_DATA), words: closedWith },
  'too-big': { holds: codeIs(CLOSE_CODE.MESSAGE_TOO_BIG), words: closedWith },
  'protocol-error': { holds: codeIs(CLOSE_CODE.PROTOCOL_ERROR, CLOSE_CODE.BAD_GATEWAY), words: closedWith },
  'tls-failed': { holds: codeIs(CLOSE_CODE.TLS_HANDSHAKE), words: closedWith },
  'credentials-code': { holds: codeIs(CLOSE_CODE.UNAUTHORIZED, CLOSE_CODE.FORBIDDEN), words: closedWith },
  'server-trouble': {
    holds: codeIs(
      CLOSE_CODE.GOING_AWAY,
      CLOSE_CODE.INTERNAL_ERROR,
      CLOSE_CODE.SERVICE_RESTART,
      CLOSE_CODE.TRY_AGAIN_LATER,
    ),
    words: closedWith,
  },
  'own-close': { holds: ({ by }) => by === 'self', words: () => 'the client sent the close frame' },
  accepted: { holds: ({ accepted }) => accepted, words: () => 'the server had accepted the handshake' },
  ended: { holds: ({ ended }) => ended, words: () => 'the end of the stream was announced before' },
  joined: { holds: ({ joined }) => joined, words: () => 'signaling had been accepted' },
  alone: { holds: ({ alone }) => alone, words: () => 'no other process, as answered' },
  'signature-matches': { holds: ({ signatureMatches }) => signatureMatches, words: () => 'the signature is right' },
} as const satisfies Readonly<Record<string, Circumstance>>;
type CircumstanceName = keyof typeof CIRCUMSTANCES;

export interface CloseCause {
  /** The rule that it is a case of. */
  readonly rule: string;
  readonly cause: string;
  /** A noun for "not …". */
  readonly subject: string;
  readonly message: string;
  readonly speaksFor: readonly CircumstanceName[];
  readonly speaksAgainst: readonly CircumstanceName[];
  readonly excludedBy: readonly CircumstanceName[];
  /** Rules that settle it: one that fails or warns names it, all of them passing rule it out. */
  readonly settledBy: readonly string[];
  /** It can lie outside what was seen: a rule that passes rules nothing out. */
  readonly elsewhere?: true;
  /** The command or the question that settles it where nothing at hand did. */
  readonly next: string;
}

/** Circumstances in which nobody was refused. */
const NOT_REFUSED = ['accepted', 'own-close', 'ended'] as const;
/** What the code tells by itself. */
const SAID_BY_CODE = ['server-trouble', 'too-big', 'undocumented-code'] as const;
/** A handshake that is refused in silence is refused at once, and with a code that says nothing. */
const NO_SILENT_REFUSAL = [
  ...SAID_BY_CODE,
  'keep-alives-missed',
  'late',
  'frames-in',
  'dropped',
  'unsupported-data',
  'tls-failed',
  'joined',
] as const;

/** The more often reported first: where circumstances decide nothing, this order does. */
export const CLOSE_CAUSES: readonly CloseCause[] = [
  {
    rule: 'handshake-refused',
    cause: 'not-read',
    subject: 'a refusal with a status code',
    message: 'what came in is the answer: msg_type 2, whose status_code and reason say what is refused',
    speaksFor: ['answered-at-once'],
    speaksAgainst: SAID_BY_CODE,
    excludedBy: NOT_REFUSED,
    settledBy: ['handshake-refused'],
    next: 'print what came in, decoded as UTF-8 if it is binary, and look its code up: rtms explain status 3',
  },
  {
    rule: 'signature-mismatch',
    cause: 'not-checked',
    subject: 'the signature',
    message: 'the signature may be wrong: another secret, another text, another encoding',
    speaksFor: ['at-once', 'nothing-in', 'credentials-code'],
    speaksAgainst: NO_SILENT_REFUSAL,
    excludedBy: [...NOT_REFUSED, 'signature-matches'],
    settledBy: ['signature-mismatch', 'signature-shape'],
    next: 'recompute it with your secret: rtms sign --payload started.json --handshake mine.json',
  },
  {
    rule: 'handshake-field-missing',
    cause: 'not-checked',
    subject: 'the form of the handshake',
    message: 'the handshake may be malformed: bytes around the JSON, a field missing, renamed or of another type',
    speaksFor: ['at-once', 'nothing-in', 'not-utf8'],
    speaksAgainst: NO_SILENT_REFUSAL.filter((name) => name !== 'joined'),
    excludedBy: NOT_REFUSED,
    settledBy: [
      'handshake-not-json',
      'handshake-wrong-message',
      'handshake-field-misnamed',
      'handshake-field-missing',
      'handshake-field-type',
    ],
    next: 'write the bytes you send to a file, just before they are sent: rtms lint mine.json',
  },
  {
    rule: 'install-mismatch',
    cause: 'other-app',
    subject: 'another app',
    message: 'client id and secret may be a right pair of the wrong app: Server-to-Server, or the other version',
    speaksFor: ['signature-matches', 'at-once', 'credentials-code'],
    speaksAgainst: NO_SILENT_REFUSAL,
    excludedBy: NOT_REFUSED,
    settledBy: ['install-mismatch', 'app-type'],
    next: 'take the pair of the app and version (Development, Production) whose webhook it was',
  },
  {
    rule: 'handshake-id-mismatch',
    cause: 'not-checked',
    subject: 'the ids',
    message: 'ids, stream and URL may come from different webhooks, or be altered on their way',
    speaksFor: ['at-once'],
    speaksAgainst: NO_SILENT_REFUSAL,
    excludedBy: NOT_REFUSED,
    settledBy: ['handshake-id-mismatch'],
    next: 'compare them: rtms doctor --payload started.json --handshake mine.json',
  },
  {
    rule: 'webhook-stale',
    cause: 'not-checked',
    subject: 'a stale payload',
    message: 'the webhook may have been older than 60 s when the socket opened: retried, queued or replayed',
    speaksFor: ['at-once'],
    speaksAgainst: NO_SILENT_REFUSAL.filter((name) => name !== 'dropped'),
    excludedBy: NOT_REFUSED,
    settledBy: ['webhook-stale'],
    next: 'log the age of event_ts when the socket opens; connect at once to a new stream',
  },
  {
    rule: 'duplicate-connection',
    cause: 'not-checked',
    subject: 'a second client',
    message: 'another client may hold the stream: a second instance, a hot reload, a retried webhook',
    speaksFor: ['at-once'],
    speaksAgainst: NO_SILENT_REFUSAL.filter((name) => name !== 'late'),
    excludedBy: ['alone', 'own-close', 'ended'],
    settledBy: ['duplicate-connection'],
    elsewhere: true,
    next: 'stop every other process with this app, wait 10 s, start a new stream',
  },
  {
    rule: 'replies-not-read',
    cause: 'not-checked',
    subject: 'unread binary frames',
    message: 'the client may listen for text frames only, while the replies and keep-alives come in binary ones',
    speaksFor: ['keep-alives-missed', 'nothing-in', 'unsupported-data', 'binary-in'],
    speaksAgainst: [...SAID_BY_CODE, 'dropped', 'tls-failed'],
    excludedBy: ['counted-none', 'own-close', 'ended'],
    settledBy: ['replies-not-read', 'reply-unreadable'],
    next: 'see whether a neutral client gets an answer: rtms connect --payload started.json',
  },
  {
    rule: 'keep-alive-unanswered',
    cause: 'not-checked',
    subject: 'keep-alive',
    message: `keep-alives (msg_type ${KEEP_ALIVE}) may go unanswered, or be answered on another socket or too late`,
    speaksFor: ['keep-alives-missed', 'frames-in'],
    speaksAgainst: [...SAID_BY_CODE, 'unsupported-data', 'tls-failed'],
    excludedBy: ['at-once', 'own-close', 'ended'],
    settledBy: ['keep-alive-unanswered'],
    next: 'count the questions and answers on each socket: rtms proxy, or rtms lint of a recording',
  },
  {
    rule: 'handshake-not-sent',
    cause: 'not-checked',
    subject: 'a handshake that was not sent',
    message: 'the handshake may never have left: sent before the socket was open, or not at all',
    speaksFor: ['keep-alives-missed', 'nothing-in'],
    speaksAgainst: [...SAID_BY_CODE, 'at-once', 'dropped', 'unsupported-data', 'tls-failed'],
    excludedBy: [...NOT_REFUSED, 'frames-in'],
    settledBy: ['handshake-not-sent'],
    next: 'log each send and whether it succeeded; send in the handler of the open event',
  },
  {
    rule: 'stream-stopped',
    cause: 'not-checked',
    subject: 'the end of the stream',
    message: 'the stream may have ended: host, user, meeting or a setting stopped it',
    speaksFor: ['accepted', 'ended', 'frames-in', 'late'],
    speaksAgainst: [...SAID_BY_CODE, 'answered-at-once', 'nothing-in', 'dropped', 'unsupported-data', 'tls-failed'],
    excludedBy: ['own-close'],
    settledBy: ['stream-stopped'],
    next: 'look for the rtms_stopped webhook with this rtms_stream_id: rtms explain stop REASON',
  },
  {
    rule: 'closed-without-reply',
    cause: 'something-between',
    subject: 'something in between',
    message: 'a proxy, firewall or load balancer may end the connection: it idles, or is not passed through',
    speaksFor: ['dropped', 'late', 'protocol-error', 'tls-failed'],
    speaksAgainst: [...SAID_BY_CODE, 'unsupported-data'],
    excludedBy: ['own-close', 'ended'],
    settledBy: [],
    next: 'see whether it lives without the proxy, or from another network: rtms connect --payload started.json',
  },
  {
    rule: 'closed-without-reply',
    cause: 'receive-limit',
    subject: 'the receive limit',
    message: 'a message is larger than the client takes: video and share exceed many a default',
    speaksFor: ['too-big'],
    speaksAgainst: [],
    excludedBy: ['ended'],
    settledBy: [],
    next: 'raise the limit of the WebSocket library, to 4 MiB at least',
  },
  {
    rule: 'closed-without-reply',
    cause: 'server-trouble',
    subject: 'trouble at the server',
    message: 'the server was ending, restarting or overloaded',
    speaksFor: ['server-trouble'],
    speaksAgainst: [],
    excludedBy: ['own-close', 'ended'],
    settledBy: [],
    next: 'connect again with growing delays: 3 s, 6 s, 12 s',
  },
  {
    rule: 'closed-without-reply',
    cause: 'own-close',
    subject: 'your own code',
    message: 'your own side closed it: a resource block that ended, an exception in a handler, a process that left',
    speaksFor: ['own-close'],
    speaksAgainst: ['server-trouble'],
    excludedBy: [],
    settledBy: [],
    next: 'log who sends the close frame first; look for what closes the socket in your code',
  },
];

/** Those of the circumstances that hold, in words. */
export const holding = (names: readonly CircumstanceName[], facts: CloseFacts): string[] =>
  names.flatMap((name) => {
    const { holds, words }: Circumstance = CIRCUMSTANCES[name];
    return holds(facts) ? [words(facts)] : [];
  });
