/** A socket that opens must be spoken on first: the client has to send its handshake at once. */
import { DOCS } from '../protocol/docs.js';
import type { Connection, Timeline } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { endOf, newestConnections } from './shared/connections.js';

/** A client that sends when its socket opens has sent by then. */
const AT_ONCE_MS = 50;

const NOT_SENT = 'send the handshake in the handler of the open event, not before it and not on a timer';
const CLOSED_FIRST = 'look at close code and reason; take the URL of the newest webhook, and look for another client';

export const handshakeNotSent = defineRule({
  id: 'handshake-not-sent',
  section: 'Handshake',
  title: 'the handshake was sent',
  failureTitle: 'the socket opened and nothing was sent',
  why: 'Zoom waits for the handshake and closes without one; the client speaks first.',
  docs: DOCS.workWithStreams,
  absence: true,
  needs: ['phase'],
  check: (timeline) => {
    const opened = newestConnections(timeline).filter((connection) => connection.opened);
    if (opened.length === 0) return undefined;
    const mute = opened.filter(
      (connection) =>
        !wasSent(connection) &&
        connection.error === undefined &&
        // A record that ends so soon does not have what came next.
        (connection.close !== undefined || openFor(connection, timeline) >= AT_ONCE_MS),
    );
    if (mute.length === 0) return { status: 'pass', message: 'sent' };
    return mute.map((connection) => {
      const upgrade = connection.phases.get('upgrade');
      const open = openFor(connection, timeline);
      const closedFirst = connection.close?.event.by === 'peer' && open < AT_ONCE_MS;
      return {
        status: 'fail',
        certainty: 'certain',
        cause: closedFirst ? 'closed-first' : connection.socket === 'signaling' ? 'signaling' : 'media',
        message: closedFirst
          ? `the server closed ${connection.socket} ${duration(open)} after it opened, before a handshake could be sent`
          : `${connection.socket} was open for ${duration(open)} and no message was sent on it`,
        evidence: [
          ...(upgrade ? [{ event: upgrade.number, note: 'opened' }] : []),
          ...(connection.close ? [{ event: connection.close.number, note: 'closed' }] : []),
        ],
        fix: closedFirst ? CLOSED_FIRST : NOT_SENT,
      };
    });
  },
});

/** By the frame itself, or by what only comes after it. */
const wasSent = ({ handshake, reply, phases }: Connection): boolean =>
  handshake !== undefined || reply !== undefined || phases.get('handshake')?.event.ok === true;

/** In ms, to its end or that of the session. */
function openFor(connection: Connection, timeline: Timeline): number {
  return endOf(connection, timeline) - (connection.phases.get('upgrade')?.event.t ?? 0);
}
