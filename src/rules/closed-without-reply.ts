/** The symptom: a handshake was sent, and the socket closed with no answer to it. Why is for the other rules. */
import { CLOSE_CODE, lookup, MESSAGE_TYPE, type CloseCode } from '../protocol/codes.js';
import type { CloseEvent } from '../session/event.js';
import type { Connection, Entry, FrameEntry, Timeline } from '../session/timeline.js';
import { newestConnections } from './connections.js';
import { DOCS } from './docs.js';
import { ownEndings } from './endings.js';
import { defineRule, type Verdict } from './rule.js';
import { duration } from '../session/words.js';
import { shown } from './words.js';

/** Three keep-alives come 10 s apart: an earlier close is not about them. */
const KEEP_ALIVE_MS = 25_000;
const KEEP_ALIVE = MESSAGE_TYPE.KEEP_ALIVE_REQ.value;

export const closedWithoutReply = defineRule({
  id: 'closed-without-reply',
  section: 'Close',
  title: 'the handshake was answered before the close',
  failureTitle: 'the socket closed without a reply',
  why: 'Zoom may refuse a handshake by closing with 1000 and no reason; the close alone proves nothing.',
  docs: DOCS.troubleshooting,
  symptom: true,
  needs: ['frame', 'close'],
  check: (timeline) => {
    const verdicts = newestConnections(timeline).flatMap((connection) => judge(connection, timeline));
    return verdicts.length > 0 ? verdicts : undefined;
  },
});

function judge(connection: Connection, timeline: Timeline): Verdict[] {
  const { handshake, reply, close, media } = connection;
  if (!handshake || reply || !close || close.event.by === 'self' || media.size > 0) return [];
  if (ownEndings(timeline).some(({ t }) => t <= close.event.t)) return [];
  return [verdict(connection, handshake, close, timeline)];
}

function verdict(
  { socket, counts }: Connection,
  handshake: FrameEntry,
  close: Entry<CloseEvent>,
  timeline: Timeline,
): Verdict {
  const { code, reason, t } = close.event;
  const dropped = code === CLOSE_CODE.ABNORMAL_CLOSURE.value;
  const after = t - handshake.event.t;
  const where = socket === 'signaling' ? '' : `${socket} `;
  return {
    status: 'fail',
    certainty: 'certain',
    cause: dropped ? 'dropped' : 'closed',
    message: `${where}${dropped ? 'dropped' : 'closed'} without a reply${wordsOf(close.event)}`,
    evidence: [
      {
        event: close.number,
        note: `${code} ${JSON.stringify(reason)} by the peer, ${duration(after)} after the handshake`,
      },
      { note: `${counts.in.text} text, ${counts.in.binary} binary frames came before it` },
    ],
    fix: [...ofTheCode(code), ...leftToCheck(timeline, after)].join('; '),
  };
}

const SILENT: readonly number[] = [
  CLOSE_CODE.NORMAL_CLOSURE.value,
  CLOSE_CODE.NO_STATUS_RECEIVED.value,
  CLOSE_CODE.ABNORMAL_CLOSURE.value,
];

/** A code or a reason that says something is all that the server gave. */
function wordsOf({ code, reason }: CloseEvent): string {
  if (SILENT.includes(code) && reason === '') return '';
  return `, with ${code}${reason === '' ? '' : ` ${shown(reason)}`}`;
}

/** What a telling code means here, before anything else is suspected. */
function ofTheCode(code: number): string[] {
  if (SILENT.includes(code)) return [];
  const known = lookup<CloseCode>(CLOSE_CODE, code);
  return [
    known ? `${code} is ${known.meaning}: ${known.rtms}` : `${code} is not documented for RTMS: go by its reason`,
  ];
}

/** What no other rule could settle, most likely first. */
function leftToCheck(timeline: Timeline, after: number): string[] {
  const signature = timeline.check('signature-mismatch');
  const questions: readonly (readonly [open: boolean, question: string])[] = [
    [signature?.event.ok === false, 'mend the signature first'],
    [after >= KEEP_ALIVE_MS, `answer keep-alives (${KEEP_ALIVE}) on their socket, in text and binary frames`],
    [!signature, 'check the signature: rtms sign --payload FILE --handshake FILE'],
    [signature?.event.ok === true, 'check that client id and secret are of the app that receives the webhook'],
    [timeline.webhooks.length === 0, 'check that ids and URL come from one webhook, less than 60 s old'],
    [true, 'look for another client on the same stream'],
  ];
  return questions.flatMap(([open, question]) => (open ? [question] : []));
}
