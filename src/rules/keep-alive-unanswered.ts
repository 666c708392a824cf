/** Every keep-alive is answered with its timestamp, on the socket it came on. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { KEEP_ALIVE_INTERVAL_MS, KEEP_ALIVE_LIMIT } from '../protocol/timing.js';
import type { Connection, FrameEntry, Timeline } from '../session/timeline.js';
import { count, duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { unreadAcceptance } from './shared/acceptance.js';
import { endOf } from './shared/connections.js';

const { KEEP_ALIVE_REQ, KEEP_ALIVE_RESP } = MESSAGE_TYPE;

export const keepAliveUnanswered = defineRule({
  id: 'keep-alive-unanswered',
  section: 'Close',
  title: 'no keep-alive went unanswered',
  failureTitle: 'keep-alives are not answered as they should be',
  why: 'Zoom asks every 10 s on every socket and interrupts the connection after three questions without an answer.',
  docs: DOCS.universalEvents,
  absence: true,
  subject: 'keep-alive',
  needs: ['frame'],
  check: (timeline) => {
    // Who reads nothing answers nothing: that is `replies-not-read`.
    if (unreadAcceptance(timeline)) return undefined;
    const verdicts = timeline.connections.flatMap((connection) => judge(connection, timeline));
    return verdicts.length > 0 ? verdicts : passed(timeline);
  },
});

function judge(connection: Connection, timeline: Timeline): Verdict[] {
  const { keepAlive } = connection;
  const end = endOf(connection, timeline);
  const overdue = keepAlive.unanswered.filter(({ event }) => end - event.t > KEEP_ALIVE_INTERVAL_MS);
  const missed = keepAlive.unanswered.length >= KEEP_ALIVE_LIMIT ? keepAlive.unanswered : overdue;
  const elsewhere = missed.length > 0 ? strayAnswers(timeline, connection) : [];
  const alive = elsewhere.length === 0 ? answersMeanwhile(connection, missed, timeline) : undefined;
  return [...unanswered(connection, missed, elsewhere, alive), ...withoutTimestamp(connection)];
}

/** A media socket that answers its own keep-alives while signaling does not. */
function answersMeanwhile(
  { socket }: Connection,
  [first]: readonly FrameEntry[],
  { mediaSockets }: Timeline,
): FrameEntry | undefined {
  if (socket !== 'signaling' || !first) return undefined;
  return mediaSockets
    .flatMap(({ frames }) => frames)
    .filter(({ event }) => event.dir === 'out' && event.t > first.event.t)
    .find(({ reading }) => reading.message.msg_type === KEEP_ALIVE_RESP.value);
}

/** Answers on other sockets to what was asked on this one. */
function strayAnswers({ connections }: Timeline, { keepAlive, socket }: Connection): FrameEntry[] {
  const asked = keepAlive.unanswered.map(timestampOf);
  return connections
    .filter((connection) => connection.socket !== socket)
    .flatMap((connection) => [...connection.keepAlive.stray, ...connection.keepAlive.withoutTimestamp])
    .filter((entry) => asked.includes(timestampOf(entry)));
}

function unanswered(
  { socket, close, keepAlive }: Connection,
  missed: readonly FrameEntry[],
  [stray]: readonly FrameEntry[],
  alive: FrameEntry | undefined,
): Verdict[] {
  const last = missed.at(-1);
  if (!last) return [];
  const all = count(keepAlive.asked, 'keep-alive');
  const closed = close?.event.by === 'peer' ? close : undefined;
  const since = duration((closed?.event.t ?? 0) - last.event.t);
  const binary = missed.some(({ event }) => event.opcode === 'binary');
  const missing = `${missed.length} of ${all} unanswered${alive ? `, while ${alive.event.socket} answers its own` : ''}`;
  const answer = `{"msg_type":${KEEP_ALIVE_RESP.value},"timestamp":<the same>}`;
  const fixes = [
    `answer each ${KEEP_ALIVE_REQ.value} with ${answer} on ${socket}`,
    ...(binary ? ['they come in binary frames, so read those too'] : []),
    ...(alive ? ['read signaling for as long as it lasts, in a loop that media does not hold up'] : []),
  ];
  return [
    {
      status: missed.length >= KEEP_ALIVE_LIMIT ? 'fail' : 'warn',
      certainty: 'certain',
      cause: stray ? 'wrong-socket' : alive ? 'signaling-unread' : 'unanswered',
      message: stray
        ? `${socket}: ${missed.length} of ${all} answered on ${stray.event.socket}; answers on ${socket} are expected`
        : `${socket}: ${missing}; Zoom gives up after ${KEEP_ALIVE_LIMIT}`,
      evidence: [
        ...missed.slice(0, KEEP_ALIVE_LIMIT).map(({ number }) => ({ event: number })),
        ...(stray ? [{ event: stray.number, note: 'answered here' }] : []),
        ...(alive ? [{ event: alive.number, note: `${alive.event.socket} answers` }] : []),
        ...(closed ? [{ event: closed.number, note: `closed ${since} after the last one, likely for this` }] : []),
      ],
      fix: fixes.join('; '),
    },
  ];
}

function withoutTimestamp({ keepAlive, socket }: Connection): Verdict[] {
  const [first] = keepAlive.withoutTimestamp;
  if (!first) return [];
  const sent = timestampOf(first);
  return [
    {
      status: 'warn',
      certainty: 'likely',
      cause: sent === undefined ? 'no-timestamp' : 'wrong-timestamp',
      message: `${socket}: ${count(keepAlive.withoutTimestamp.length, 'answer')} ${
        sent === undefined ? 'without a timestamp' : 'with another timestamp'
      }; that of the question is expected`,
      evidence: [{ event: first.number, path: '$.timestamp' }],
      fix: `copy timestamp from the question (${KEEP_ALIVE_REQ.value}) into the answer (${KEEP_ALIVE_RESP.value})`,
    },
  ];
}

function timestampOf({ reading: { message } }: FrameEntry): number | undefined {
  switch (message.msg_type) {
    case KEEP_ALIVE_REQ.value:
    case KEEP_ALIVE_RESP.value:
      return message.timestamp;
    default:
      return undefined;
  }
}

function passed({ connections, signaling }: Timeline): Verdict | undefined {
  const ledgers = connections.map(({ keepAlive }) => keepAlive);
  const asked = ledgers.reduce((sum, ledger) => sum + ledger.asked, 0);
  if (asked > 0) {
    const answered = ledgers.reduce((sum, ledger) => sum + ledger.answered, 0);
    const worst = duration(Math.max(...ledgers.map(({ worstMs }) => worstMs)));
    return { status: 'pass', message: `${answered} of ${asked} answered, worst ${worst}` };
  }
  const { handshake, close } = signaling ?? {};
  if (!handshake || !close) return undefined;
  const lived = close.event.t - handshake.event.t;
  if (lived > KEEP_ALIVE_INTERVAL_MS) return undefined;
  return { status: 'pass', message: `closed ${duration(lived)} in, before any keep-alive was due` };
}
