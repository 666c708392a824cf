/** A client that was offered media opens a media socket. */
import { DOCS } from '../protocol/docs.js';
import { KEEP_ALIVE_INTERVAL_MS } from '../protocol/timing.js';
import { count, duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { unopenedMedia } from './shared/acceptance.js';

export const mediaNotOpened = defineRule({
  id: 'media-not-opened',
  section: 'Handshake',
  title: 'a media socket was opened',
  failureTitle: 'no media socket was opened',
  why: 'Media comes on sockets of its own, whose URLs are in the answer to the signaling handshake.',
  docs: DOCS.universalEvents,
  needs: ['frame'],
  check: (timeline) => {
    const unopened = unopenedMedia(timeline);
    if (!unopened) return timeline.mediaSockets.length > 0 ? { status: 'pass', message: 'opened' } : undefined;
    const { signaling, reply, media, waited } = unopened;
    const { answered } = signaling.keepAlive;
    // A client that answers nothing may not read at all, which is another finding.
    if (answered === 0 || waited < KEEP_ALIVE_INTERVAL_MS) return undefined;
    return {
      status: 'warn',
      certainty: 'likely',
      message: `${media.join(', ')} offered, and no media socket was opened in ${duration(waited)}`,
      evidence: [
        { event: reply.number, path: '$.media_server.server_urls', note: 'offered here' },
        { note: `${count(answered, 'keep-alive')} answered meanwhile, so the client reads` },
      ],
      fix: 'read the URLs at media_server.server_urls (.audio, .transcript, .all …) of message 2, and no other field',
    };
  },
});
