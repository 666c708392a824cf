/** What comes from the server, text or binary, reads as RTMS messages. That nothing came is another rule. */
import { DOCS } from '../protocol/docs.js';
import { frameBytes } from '../session/message.js';
import type { Connection } from '../session/timeline.js';
import { count } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { newestConnections } from './shared/connections.js';

const SHOWN_BYTES = 16;

export const replyUnreadable = defineRule({
  id: 'reply-unreadable',
  section: 'Handshake',
  title: 'what the server sends can be read',
  failureTitle: 'what the server sends is not an RTMS message',
  why: 'Zoom may send its JSON in binary frames, which many libraries hand to another callback than text.',
  docs: DOCS.troubleshooting,
  subject: 'unread binary frames',
  needs: ['phase'],
  check: (timeline) => {
    const connections = newestConnections(timeline).filter(
      ({ handshake, received, error }) => handshake ?? error ?? received > 0,
    );
    if (connections.length === 0) return undefined;
    const unreadable = connections.flatMap(judge);
    if (unreadable.length > 0) return unreadable;
    // Those that came were read here; whether the developer's client reads them is not known.
    const binary = connections.some(({ counts }) => counts.in.binary > 0);
    return binary ? undefined : { status: 'pass', message: 'none came' };
  },
});

function judge({ socket, frames, media, error }: Connection): Verdict[] {
  if (error?.event.code.startsWith('WS_ERR_')) {
    return [
      {
        status: 'fail',
        certainty: 'certain',
        cause: 'not-websocket',
        message: `${socket}: a frame came that breaks RFC 6455: ${error.event.message}`,
        evidence: [{ event: error.number, note: error.event.code }],
        fix: 'look for a proxy or gateway in between that alters frames; connect without it, or from another network',
      },
    ];
  }
  const received = frames.filter(({ event }) => event.dir === 'in');
  const [first] = received;
  if (!first || media.size > 0 || received.some(({ reading }) => isMessage(reading.message))) return [];
  const head = frameBytes(first.event).subarray(0, SHOWN_BYTES);
  const fault = first.reading.faults[0]?.message ?? 'it is JSON, but has no msg_type';
  return [
    {
      status: 'fail',
      certainty: 'certain',
      cause: 'not-rtms',
      message: `${socket}: ${count(received.length, 'message')} came and none is an RTMS message: ${fault}`,
      evidence: [{ event: first.number, bytes: [0, head.length], note: `${first.event.opcode}: ${hex(head)}` }],
      fix: 'check that the URL is one of RTMS, and that protocol_version and encoding are what the client reads',
    },
  ];
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

function isMessage(message: { readonly msg_type: number | undefined; readonly unknownType?: number }): boolean {
  return message.msg_type !== undefined || message.unknownType !== undefined;
}
