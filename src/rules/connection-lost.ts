/** A connection that was accepted stays until the stream ends. How a handshake fails is for other rules. */
import { CLOSE_CODE, lookup, type CloseCode } from '../protocol/codes.js';
import type { CloseEvent } from '../session/event.js';
import type { Connection, Entry, Timeline } from '../session/timeline.js';
import { isAccepted, newestConnections } from './connections.js';
import { DOCS } from './docs.js';
import { ownEndings } from './endings.js';
import { defineRule, type Verdict } from './rule.js';
import { shown } from './words.js';

/** So many unanswered keep-alives end a connection, and are a finding of their own. */
const MISSES = 3;

const FIXES = {
  signaling: 'connect again within 60 s, signaling and media (rtms connect --reconnect); look for a second client',
  media: 'open this media socket again within 30 s (rtms connect --reconnect): signaling still lives',
} as const;

export const connectionLost = defineRule({
  id: 'connection-lost',
  section: 'Close',
  title: 'accepted connections lived to the end of the stream',
  failureTitle: 'an accepted connection was lost',
  why: 'Zoom says when a stream is over; a close without that word is a loss, and the stream waits for a reconnection.',
  docs: DOCS.failover,
  needs: ['close'],
  check: (timeline) => {
    const accepted = newestConnections(timeline).filter(isAccepted);
    if (accepted.length === 0) return undefined;
    const lost = accepted.flatMap((connection) => lossOf(connection, timeline));
    // Without signaling there is no media: its end is the one to report.
    const [first] = lost;
    if (!first) return { status: 'pass', message: 'no connection was lost' };
    return first.connection.socket === 'signaling' ? [verdict(first)] : lost.map(verdict);
  },
});

interface Loss {
  readonly connection: Connection;
  readonly close: Entry<CloseEvent>;
}

function lossOf(connection: Connection, timeline: Timeline): Loss[] {
  const { close, keepAlive } = connection;
  if (!close || close.event.by === 'self' || keepAlive.unanswered.length >= MISSES) return [];
  return ownEndings(timeline).some(({ t }) => t <= close.event.t) ? [] : [{ connection, close }];
}

/** Any code but 1000 says that something broke; 1000 may be an end whose message was not sent. */
function verdict({ connection: { socket }, close }: Loss): Verdict {
  const { code, reason } = close.event;
  const normal = code === CLOSE_CODE.NORMAL_CLOSURE.value;
  const cause = socket === 'signaling' ? 'signaling' : 'media';
  const meaning = lookup<CloseCode>(CLOSE_CODE, code)?.meaning;
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
    fix: FIXES[cause],
  };
}

const how = (code: number): string => (code === CLOSE_CODE.ABNORMAL_CLOSURE.value ? 'dropped' : `closed with ${code}`);
