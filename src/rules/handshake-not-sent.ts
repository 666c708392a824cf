/** A socket that opens must be spoken on first: the client has to send its handshake at once. */
import { endOf, newestConnections } from './connections.js';
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';
import { duration } from '../session/words.js';

export const handshakeNotSent = defineRule({
  id: 'handshake-not-sent',
  title: 'the handshake was sent',
  failureTitle: 'the socket opened and nothing was sent',
  why: 'Zoom waits for the handshake and closes without one; the client speaks first.',
  docs: DOCS.workWithStreams,
  needs: ['phase'],
  check: (timeline) => {
    const opened = newestConnections(timeline).filter((connection) => connection.opened);
    if (opened.length === 0) return undefined;
    const mute = opened.filter(({ handshake }) => handshake === undefined);
    if (mute.length === 0) return { status: 'pass', message: 'sent' };
    return mute.map((connection) => {
      const upgrade = connection.phases.get('upgrade');
      const open = endOf(connection, timeline) - (upgrade?.event.t ?? 0);
      return {
        status: 'fail',
        certainty: 'certain',
        cause: connection.socket === 'signaling' ? 'signaling' : 'media',
        message: `${connection.socket} was open for ${duration(open)} and no message was sent on it`,
        evidence: [
          ...(upgrade ? [{ event: upgrade.number, note: 'opened' }] : []),
          ...(connection.close ? [{ event: connection.close.number, note: 'closed' }] : []),
        ],
        fix: 'send the handshake in the handler of the open event, not before it and not on a timer',
      };
    });
  },
});
