/** A client that was accepted goes on: it opens media, answers keep-alives. One that does not may see no answer. */
import { DOCS } from '../protocol/docs.js';
import { count, duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { unreadAcceptance } from './shared/acceptance.js';

const FIXES = {
  binary:
    'handle binary messages as text ones: decode the bytes as UTF-8, then as JSON (in Java onMessage(ByteBuffer), ' +
    'in OkHttp onMessage(ByteString), in .NET WebSocketMessageType.Binary)',
  text: 'log every message that arrives; success is msg_type 2 with status_code 0, a number, not "OK" and not status',
} as const;

export const repliesNotRead = defineRule({
  id: 'replies-not-read',
  section: 'Handshake',
  title: 'the client acts on the answers of the server',
  failureTitle: 'the client seems not to read the answers of the server',
  why: 'Many libraries hand binary frames to another callback than text; who listens for text alone hears nothing.',
  docs: DOCS.troubleshooting,
  needs: ['frame'],
  check: (timeline) => {
    const unread = unreadAcceptance(timeline);
    if (!unread) return undefined;
    const { signaling, reply, waited } = unread;
    const { close, keepAlive } = signaling;
    const opcode = reply.event.opcode === 'binary' ? 'binary' : 'text';
    const asked = keepAlive.unanswered[0];
    return {
      status: 'fail',
      certainty: 'likely',
      cause: opcode,
      message: `accepted in a ${opcode} frame, and the client sent nothing in ${duration(waited)} after it`,
      evidence: [
        { event: reply.number, path: '$.status_code', note: `accepted, ${opcode}` },
        ...(asked ? [{ event: asked.number, note: `${count(keepAlive.asked, 'keep-alive')}, none answered` }] : []),
        ...(close ? [{ event: close.number, note: `closed with ${close.event.code}` }] : []),
      ],
      fix: FIXES[opcode],
    };
  },
});
