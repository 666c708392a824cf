/** One signaling connection a stream, one socket a medium. That a second one was refused is said by the refusal. */
import { nameOf, STATUS_CODE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { DUPLICATE_MS, SILENCE_MS } from '../protocol/timing.js';
import type { Connection, FrameEntry, Timeline } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { recalls, streamOf } from './shared/endings.js';
import { statusMeant } from './shared/refusal.js';

const { DUPLICATE_SIGNAL_REQUEST, MEDIA_DATA_ALL_CONNECTION_EXIST, DUPLICATE_MEDIA_DATA_CONNECTION } = STATUS_CODE;
const DUPLICATES: readonly (number | undefined)[] = [
  DUPLICATE_SIGNAL_REQUEST.value,
  MEDIA_DATA_ALL_CONNECTION_EXIST.value,
  DUPLICATE_MEDIA_DATA_CONNECTION.value,
];

/** An older connection that ends so soon after a newer one began was thrown out by it. */
const THROWN_OUT_MS = 5_000;
/** For so long Zoom may take a closed connection for an open one. */
const UNNOTICED_MS = 10_000;

const RETRY = `try again after ${DUPLICATE_MS.map(duration).join(', ')}`;

export const duplicateConnection = defineRule({
  id: 'duplicate-connection',
  section: 'Handshake',
  title: 'each connection of the stream is there once',
  failureTitle: 'a connection of the stream is there twice',
  why: 'A second connection is refused, or throws out the first; two workers or a webhook handled twice make one.',
  docs: DOCS.dataTypes,
  needs: [['frame', 'check:answer']],
  check: (timeline) => {
    const verdicts = [...pairs(timeline).map(twice), ...alone(timeline)];
    if (verdicts.length > 0) return verdicts;
    const isSeen = timeline.connections.some(({ reply }) => reply !== undefined);
    return told(timeline, 'duplicate-connection') ?? (isSeen ? { status: 'pass', message: ONE } : undefined);
  },
});

const ONE = 'one connection a socket';

interface Pair {
  readonly older: Connection;
  readonly newer: Connection;
  /** The handshakes of the two. */
  readonly first: FrameEntry;
  readonly second: FrameEntry;
}

/** Connections that exclude each other and were open together, apart from those the server asked to be opened anew. */
function pairs(timeline: Timeline): Pair[] {
  const asked = recalls(timeline);
  return timeline.connections.flatMap((newer, index) => {
    const second = newer.handshake;
    if (!second) return [];
    return timeline.connections
      .slice(0, index)
      .filter((older) => excludes(older, newer) && streamOf(older) === streamOf(newer))
      .filter(({ close, error }) => !error && (close === undefined || close.event.t > second.event.t))
      .filter(({ begin }) => !asked.some(({ t }) => t > begin && t <= newer.begin))
      // After such a silence Zoom's documents tell the client to take it for dead and connect again.
      .filter(({ lastHeard }) => newer.begin - lastHeard < SILENCE_MS)
      .flatMap((older) => (older.handshake ? [{ older, newer, first: older.handshake, second }] : []));
  });
}

function excludes({ socket: one }: Connection, { socket: other }: Connection): boolean {
  const media = one !== 'signaling' && other !== 'signaling';
  return one === other || (media && (one === 'media:all' || other === 'media:all'));
}

function twice({ older, newer, first, second }: Pair): Verdict {
  const same = older.socket === newer.socket;
  const status = newer.accepted ? undefined : statusMeant(newer);
  const { close } = older;
  const lived = (close?.event.t ?? 0) - second.event.t;
  const thrownOut = close?.event.by === 'peer' && lived < THROWN_OUT_MS ? close : undefined;
  const seen = `${newer.socket} was opened ${same ? 'again while it' : `while ${older.socket}`} was open`;
  const evidence = [
    { event: first.number, note: 'the older one' },
    { event: second.number, note: 'the newer one' },
    ...(thrownOut ? [{ event: thrownOut.number, note: 'the older one ended' }] : []),
  ];
  const base = { cause: same ? 'two-open' : 'all-and-single', evidence, fix: same ? ONE_LOCK : ALL_OR_SINGLE } as const;
  if (DUPLICATES.includes(status)) {
    const message = `${seen}; the server refused it (${nameOf(STATUS_CODE, status)})`;
    return { ...base, status: 'fail', certainty: 'certain', message };
  }
  if (thrownOut) {
    const message = `${seen}; ${duration(lived)} later the server closed the older one`;
    return { ...base, status: 'fail', certainty: 'likely', message };
  }
  return { ...base, status: 'warn', certainty: 'likely', message: `${seen}; one is expected` };
}

const ONE_LOCK = 'lock by rtms_stream_id, drop webhooks already handled, and close the older socket before a newer one';
const ALL_OR_SINGLE = 'open the URL named all, or one socket for each medium, not both';

/** Refused as the second one, with no first in sight. */
function alone(timeline: Timeline): Verdict[] {
  const { signaling, connections } = timeline;
  const reply = signaling?.reply;
  if (!signaling || !reply || signaling.accepted || statusMeant(signaling) !== DUPLICATE_SIGNAL_REQUEST.value) return [];
  if (pairs(timeline).some(({ newer }) => newer === signaling)) return [];
  const before = connections.findLast(
    ({ socket, close, begin }) => socket === 'signaling' && close !== undefined && begin < signaling.begin,
  )?.close;
  const gap = signaling.begin - (before?.event.t ?? Number.NEGATIVE_INFINITY);
  if (before && gap < UNNOTICED_MS) {
    return [
      {
        status: 'warn',
        certainty: 'likely',
        cause: 'just-closed',
        message: `the connection before ended ${duration(gap)} earlier, which the server may not have noticed`,
        evidence: [{ event: before.number, note: 'ended here' }],
        fix: `${RETRY}: it passes`,
      },
    ];
  }
  return [
    {
      status: 'warn',
      certainty: 'possible',
      cause: 'first-try',
      message: 'no other signaling connection is on record; a first try may meet a server that is not ready yet',
      evidence: [{ event: reply.number, note: 'refused here' }],
      fix: `${RETRY}; if it stays so, another client holds the stream: a worker, a container, a colleague`,
    },
  ];
}
