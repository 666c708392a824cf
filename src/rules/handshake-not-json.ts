/** The first message must be one JSON text and nothing else. What the JSON says is for other rules. */
import { DOCS } from '../protocol/docs.js';
import type { FramingCause } from '../protocol/framing.js';
import { defineRule } from './rule.js';
import { isAccepted, newestConnections } from './shared/connections.js';

const FIXES = {
  'binary-prefix': 'send the JSON alone, as a text frame: WebSocket itself marks where a message ends',
  'length-prefix': 'send the JSON alone, as a text frame: WebSocket itself marks where a message ends',
  'text-prefix': 'send the JSON alone: no name, no event, nothing before the brace',
  'double-encoded': 'turn the object into JSON once; it is a string already where it is encoded again',
  'typographic-quotes': 'type the quotes and spaces anew as ASCII: the text came through a web page or word processor',
  bom: 'write the JSON as UTF-8 without a byte order mark',
  truncated: 'send the whole JSON in one message; look for a buffer that is too short',
  'trailing-bytes': 'end the message with the closing brace: no NUL, no padding, no second object',
  'not-utf8': 'encode the JSON as UTF-8',
  protobuf: 'send JSON: RTMS reads Protocol Buffers only where protocol version 2 was agreed',
  'not-json': 'send one JSON object, beginning with { and ending with }',
} as const satisfies Record<FramingCause, string>;

export const handshakeNotJson = defineRule({
  id: 'handshake-not-json',
  section: 'Handshake',
  title: 'the handshake is one JSON text',
  failureTitle: 'the handshake is not plain JSON',
  why: 'Zoom reads each WebSocket message as one JSON object; anything around it makes the message unreadable.',
  docs: DOCS.universalEvents,
  causes: FIXES,
  subject: 'the framing',
  needs: ['frame'],
  check: (timeline) => {
    const sent = newestConnections(timeline).flatMap((connection) =>
      connection.handshake ? [{ connection, entry: connection.handshake }] : [],
    );
    if (sent.length === 0) return undefined;
    const faulty = sent.flatMap(({ connection, entry }) =>
      isAccepted(connection) ? [] : entry.reading.faults.map((fault) => ({ entry, fault })),
    );
    if (faulty.length === 0) {
      const clean = sent.every(({ entry }) => entry.reading.faults.length === 0);
      return { status: 'pass', message: clean ? 'one JSON text, nothing around it' : 'the server accepted it' };
    }
    return faulty.map(({ entry, fault: { cause, message, start, end } }) => ({
      status: 'fail',
      certainty: 'certain',
      cause,
      message: `${message}; one JSON object alone is expected`,
      evidence: [
        { event: entry.number, bytes: [start, end], note: `${entry.event.opcode}, ${entry.event.bytes} bytes` },
      ],
      fix: FIXES[cause],
    }));
  },
});
