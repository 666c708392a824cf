/** The answer on each media socket accepts what was asked for. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { checkMediaParams } from '../protocol/media.js';
import type { Connection } from '../session/timeline.js';
import { DOCS } from './docs.js';
import { refusalOf } from './refusal.js';
import { defineRule, type Evidence } from './rule.js';

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
    const refused = answered.flatMap((connection) => refusalOf(timeline, connection, paramsFaults(connection)));
    return refused.length > 0 ? refused : { status: 'pass', message: 'accepted' };
  },
});

/** Which of the parameters asked for are not legal. */
function paramsFaults({ handshake }: Connection): Evidence[] {
  const message = handshake?.reading.message;
  if (!handshake || message?.msg_type !== MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value) return [];
  const { number } = handshake;
  return checkMediaParams(message.media_params).map(({ path, message: note }) => ({ event: number, path, note }));
}
