/** The answer on each media socket accepts what was asked for. */
import { DOCS } from '../protocol/docs.js';
import type { Connection, Timeline } from '../session/timeline.js';
import { defineRule, type Evidence } from './rule.js';
import { sentHandshakes } from './shared/handshakes.js';
import { isNamed, mediaFaults } from './shared/media-faults.js';
import { refusalOf } from './shared/refusal.js';

export const mediaRefused = defineRule({
  id: 'media-refused',
  section: 'Handshake',
  title: 'the media handshakes were accepted',
  failureTitle: 'a media handshake was refused',
  why: 'Each medium needs its scope, its URL, and parameters that go together.',
  docs: DOCS.media,
  needs: ['frame'],
  check: (timeline) => {
    const answered = timeline.mediaSockets.filter(({ reply }) => reply !== undefined);
    if (answered.length === 0) return undefined;
    const refused = answered.flatMap((connection) =>
      refusalOf(timeline, connection, paramsFaults(timeline, connection)),
    );
    return refused.length > 0 ? refused : { status: 'pass', message: 'accepted' };
  },
});

/** What is wrong with the parameters, where it is what the refusal is about. */
function paramsFaults(timeline: Timeline, connection: Connection): Evidence[] {
  const handshake = sentHandshakes(timeline).find((sent) => sent.connection === connection);
  if (!handshake) return [];
  return mediaFaults(handshake)
    .filter((fault) => isNamed(fault, handshake))
    .map(({ path, message: note }) => ({ event: handshake.entry.number, path, note }));
}
