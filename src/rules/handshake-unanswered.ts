/** The server answers the handshake within the time given to it, while the socket stays open. */
import { DOCS } from '../protocol/docs.js';
import type { Connection } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { isInterrupted, newestConnections } from './shared/connections.js';

const FIXES = {
  signaling: "check the URL, and that msg_type is a number: Zoom's mock server stays silent for a string",
  media: "check that the URL is one of media_server.server_urls; Zoom's mock server never answers the media handshake",
} as const;

/** By anything at all: what cannot be read is another rule. */
const isAnswered = ({ reply, media, frames }: Connection): boolean =>
  reply !== undefined ||
  media.size > 0 ||
  frames.some(({ event, reading }) => event.dir === 'in' && reading.value === undefined);

export const handshakeUnanswered = defineRule({
  id: 'handshake-unanswered',
  section: 'Handshake',
  title: 'the handshake was answered',
  failureTitle: 'the handshake was not answered in time',
  why: 'Without an answer neither acceptance nor refusal is known.',
  docs: DOCS.workWithStreams,
  absence: true,
  incomplete: true,
  needs: ['phase'],
  check: (timeline) => {
    const replies = newestConnections(timeline).flatMap((connection) => {
      const phase = connection.phases.get('reply');
      return phase ? [{ connection, phase }] : [];
    });
    if (replies.length === 0) return undefined;
    const silent = replies.filter(({ connection, phase }) => !phase.event.ok && !isAnswered(connection));
    if (silent.length === 0) return { status: 'pass', message: 'answered' };
    return silent.map(({ connection: { socket, handshake }, phase }) => {
      const stopped = isInterrupted(phase);
      const cause = socket === 'signaling' ? 'signaling' : 'media';
      return {
        status: stopped ? 'warn' : 'fail',
        certainty: 'certain',
        cause,
        message: `${socket}: no answer to the handshake within ${duration(phase.event.ms)}; ${stopped ? 'then it was stopped' : 'the socket stayed open'}`,
        evidence: [
          ...(handshake ? [{ event: handshake.number, note: 'sent' }] : []),
          { event: phase.number, note: 'given up' },
        ],
        fix: FIXES[cause],
      };
    });
  },
});
