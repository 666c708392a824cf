/** A connection that was accepted stays until the stream ends. How a handshake fails is for other rules. */
import { CLOSE_CODE, lookup, type CloseCode } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { KEEP_ALIVE_LIMIT, RECONNECT_WINDOW_MS } from '../protocol/timing.js';
import type { CloseEvent } from '../session/event.js';
import type { Connection, Entry, Timeline } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { unreadAcceptance } from './shared/acceptance.js';
import { isAccepted, newestConnections } from './shared/connections.js';
import { ownEndings, streamOf } from './shared/endings.js';
import { shown } from './shared/words.js';

const FIXES = {
  signaling: 'connect again within 60 s, signaling and media (rtms connect --reconnect); look for a second client',
  media: 'open this media socket again, after 3 s, 6 s, 12 s …, within 30 s (rtms connect --reconnect)',
} as const;
const NO_WISH = 'whether to reconnect is told by stop reason and state, not by the close code: it is no wish to stop';

export const connectionLost = defineRule({
  id: 'connection-lost',
  section: 'Close',
  title: 'accepted connections lived to the end of the stream',
  failureTitle: 'an accepted connection was lost',
  why: 'Zoom says when a stream is over; a close without that word is a loss, and the stream waits for a reconnection.',
  docs: DOCS.failover,
  absence: true,
  needs: ['close'],
  check: (timeline) => {
    const late = newestConnections(timeline).flatMap((connection) => lateReturn(connection, timeline));
    if (late.length > 0) return late;
    const { signaling } = timeline;
    // Without signaling there is no media: its end is the one to report.
    const judged = signaling?.close?.event.by === 'peer' ? [signaling] : newestConnections(timeline);
    const accepted = judged.filter(isAccepted);
    if (accepted.length === 0) return undefined;
    const lost = accepted.flatMap((connection) => lossOf(connection, timeline));
    return lost.length > 0 ? lost.map(verdict) : { status: 'pass', message: 'no connection was lost' };
  },
});

interface Loss {
  readonly connection: Connection;
  readonly close: Entry<CloseEvent>;
}

function lossOf(connection: Connection, timeline: Timeline): Loss[] {
  const { close, keepAlive } = connection;
  if (!close || close.event.by === 'self' || keepAlive.unanswered.length >= KEEP_ALIVE_LIMIT) return [];
  // What never went on after the acceptance was not lost, but not read.
  if (unreadAcceptance(timeline)?.signaling === connection) return [];
  return ownEndings(timeline).some(({ t }) => t <= close.event.t) ? [] : [{ connection, close }];
}

/** A code of a normal end may be an end whose message was not sent; any other says that something broke. */
function verdict({ connection: { socket }, close }: Loss): Verdict {
  const { code, reason } = close.event;
  const { meaning, endsNormally: normal = false } = lookup<CloseCode>(CLOSE_CODE, code) ?? {};
  const cause = socket === 'signaling' ? 'signaling' : 'media';
  return {
    status: normal ? 'warn' : 'fail',
    certainty: normal ? 'likely' : 'certain',
    cause,
    message: `${socket} was ${how(code)} without a word that the stream is over`,
    evidence: [
      {
        event: close.number,
        note: [`${code} ${shown(reason)}`, meaning].filter((part) => part !== undefined).join(': '),
      },
    ],
    fix: normal ? `${FIXES[cause]}; ${NO_WISH}` : FIXES[cause],
  };
}

/** A connection that came back when the server no longer waited for it, and was not taken. */
function lateReturn(connection: Connection, timeline: Timeline): Verdict[] {
  const { socket, begin, handshake } = connection;
  if (isAccepted(connection) || !handshake || !connection.close) return [];
  const leg = socket === 'signaling' ? 'signaling' : 'media';
  const window = RECONNECT_WINDOW_MS[leg];
  const lost = timeline.connections
    .filter((other) => other.socket === socket && streamOf(other) === streamOf(connection) && isAccepted(other))
    .flatMap((other) => lossOf(other, timeline))
    .at(-1)?.close;
  if (!lost || begin - lost.event.t <= window) return [];
  const gap = duration(begin - lost.event.t);
  return [
    {
      status: 'fail',
      certainty: 'likely',
      cause: 'window-missed',
      message: `${socket} came back ${gap} after it was lost; the server waits ${duration(window)}`,
      evidence: [
        { event: lost.number, note: 'lost here' },
        { event: handshake.number, note: 'tried again here' },
      ],
      fix: 'start a new stream and connect from its webhook; next time reconnect after 3 s, 6 s, 12 s …',
    },
  ];
}

const how = (code: number): string => (code === CLOSE_CODE.ABNORMAL_CLOSURE.value ? 'dropped' : `closed with ${code}`);
