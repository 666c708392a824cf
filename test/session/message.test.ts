import { expect, it } from 'vitest';
import { sentFrame } from '../../src/session/message.js';

it.each([
  ['{"msg_type":1}', 'signaling'],
  ['{"msg_type":3,"media_type":1}', 'media:audio'],
  ['{"msg_type":3,"media_type":8}', 'media:transcript'],
  ['{"msg_type":3,"media_type":32}', 'media:all'],
  ['{"msg_type":3,"media_type":9}', 'media:all'],
  ['{"signature":"c0ee","media_type":2}', 'media:video'],
  ['{"msg_type":2}', 'signaling'],
  ['{"msg_type":17}', 'signaling'],
  ['not JSON', 'signaling'],
])('%s, sent by a client, goes on %s', (text, socket) =>
  expect(sentFrame(Buffer.from(text))).toMatchObject({ type: 'frame', socket, dir: 'out', opcode: 'text', text }),
);
