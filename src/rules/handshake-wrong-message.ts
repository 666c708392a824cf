/** The first message on each socket is the handshake of that socket. */
import { MESSAGE_TYPE, nameOf } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { typeMeant } from '../protocol/messages.js';
import { defineRule } from './rule.js';
import { isExcerpt, judgeHandshakes } from './shared/handshakes.js';

export const handshakeWrongMessage = defineRule({
  id: 'handshake-wrong-message',
  section: 'Handshake',
  title: 'the first message is the handshake',
  failureTitle: 'the first message is another one than the handshake',
  why: 'Signaling begins with message 1, a media socket with message 3; before that, Zoom knows nobody to listen to.',
  docs: DOCS.workWithStreams,
  needs: ['frame'],
  check: (timeline) =>
    judgeHandshakes(
      timeline,
      (handshake) => {
        const { connection, entry, fields, expectedType } = handshake;
        const type = typeMeant(fields['msg_type']);
        if (type === undefined || type === expectedType || isExcerpt(connection)) return [];
        const expected = `${expectedType} (${nameOf(MESSAGE_TYPE, expectedType)})`;
        const sent = `${type} (${nameOf(MESSAGE_TYPE, type)})`;
        return [
          {
            status: 'fail',
            certainty: 'certain',
            cause: connection.socket === 'signaling' ? 'signaling' : 'media',
            message: `the first message on ${connection.socket} is ${sent}; ${expected} is expected`,
            evidence: [{ event: entry.number, path: '$.msg_type' }],
            fix: `send ${expected} first; the URL of the webhook is signaling, those of its answer are media`,
          },
        ];
      },
      'it is the handshake',
    ),
});
