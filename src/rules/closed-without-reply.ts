/** The symptom: the socket closed with no answer to the handshake, seen or told. Why is close/explain.ts. */
import { CLOSE_CODE, lookup, type CloseCode } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent, CloseEvent } from '../session/event.js';
import type { Connection, Entry, FrameEntry, Timeline } from '../session/timeline.js';
import { count, duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';
import { newestConnections } from './shared/connections.js';
import { ownEndings } from './shared/endings.js';
import { shown } from './shared/words.js';

export const closedWithoutReply = defineRule({
  id: 'closed-without-reply',
  section: 'Close',
  title: 'the handshake was answered before the close',
  failureTitle: 'the socket closed and no reply says why',
  why: 'Zoom may refuse a handshake by closing with 1000 and no reason; the close alone proves nothing.',
  docs: DOCS.troubleshooting,
  absence: true,
  symptom: true,
  needs: [],
  check: (timeline) => {
    const seen = newestConnections(timeline).flatMap((connection) => judge(connection, timeline));
    const told = timeline.check('close-reported');
    const verdicts = [...seen, ...(told ? [reported(told)] : [])];
    return verdicts.length > 0 ? verdicts : undefined;
  },
});

function judge(connection: Connection, timeline: Timeline): Verdict[] {
  const { handshake, reply, close, media } = connection;
  if (!handshake || reply || !close || close.event.by === 'self' || media.size > 0) return [];
  if (ownEndings(timeline).some(({ t }) => t <= close.event.t)) return [];
  return [verdict(connection, handshake, close)];
}

function verdict({ socket, counts }: Connection, handshake: FrameEntry, close: Entry<CloseEvent>): Verdict {
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
    fix: [...ofTheCode(code), 'rank what is left: rtms doctor --session RECORDING'].join('; '),
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

/** Told is not seen: what came in before it, or how long it took, may not be known. */
function reported(told: Entry<CheckEvent>): Verdict {
  const [code = '', afterMs, framesIn] = ['code', 'afterMs', 'framesIn'].map((name) => factOf(told, name));
  const after = afterMs === undefined ? '' : ` after ${duration(Number(afterMs))}`;
  const frames = framesIn === undefined ? '' : `, ${count(Number(framesIn), 'frame')} in`;
  const untold = [...(afterMs === undefined ? ['--after 1.8s'] : []), ...(framesIn === undefined ? ['--frames-in 0'] : [])];
  return {
    status: 'fail',
    certainty: 'likely',
    cause: 'reported',
    message: `closed with ${code}${after}${frames}`,
    evidence: [{ event: told.number, note: 'as told, not seen' }],
    fix: [
      ...ofTheCode(Number(code)),
      untold.length > 0
        ? `say when it closed and what had come in, all opcodes counted: ${untold.join(' ')}`
        : 'give what you have: --handshake FILE, --payload FILE',
    ].join('; '),
  };
}
