import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildFrame,
  closePayload,
  FrameReader,
  OPCODE,
  readClose,
  type Frame,
  type Sender,
} from '../../src/protocol/frame.js';

const MOST = 1 << 20;
const fromHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** The frames in some bytes that come in pieces of this size. */
function framesIn(bytes: Buffer, sender: Sender, piece = bytes.length): { frames: Frame[]; reader: FrameReader } {
  const reader = new FrameReader(sender, MOST);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += piece) frames.push(...reader.read(bytes.subarray(at, at + piece)));
  return { frames, reader };
}

describe('FrameReader reads the examples of RFC 6455 section 5.7', () => {
  it.each<[string, string, Sender, number, string]>([
    ['an unmasked text message', '81 05 48656c6c6f', 'server', OPCODE.text, 'Hello'],
    ['a masked text message', '81 85 37fa213d 7f9f4d5158', 'client', OPCODE.text, 'Hello'],
    ['an unmasked ping', '89 05 48656c6c6f', 'server', OPCODE.ping, 'Hello'],
    ['a masked pong', '8a 85 37fa213d 7f9f4d5158', 'client', OPCODE.pong, 'Hello'],
    ['256 bytes', `82 7e 0100 ${'41'.repeat(256)}`, 'server', OPCODE.binary, 'A'.repeat(256)],
    ['65,536 bytes', `82 7f 0000000000010000 ${'41'.repeat(65_536)}`, 'server', OPCODE.binary, 'A'.repeat(65_536)],
    ['an empty message', '81 00', 'server', OPCODE.text, ''],
  ])('%s', (_, hex, sender, opcode, text) => {
    const bytes = fromHex(hex);
    for (const piece of [bytes.length, 7, 1]) {
      const { frames } = framesIn(bytes, sender, piece);
      expect(frames).toHaveLength(1);
      expect(frames[0]).toMatchObject({ fin: true, opcode });
      expect(frames[0]?.payload.toString()).toBe(text);
      expect(frames[0]?.bytes.equals(bytes)).toBe(true);
    }
  });

  it('a fragmented message, with a ping in between', () => {
    const { frames } = framesIn(fromHex('01 03 48656c  89 00  80 02 6c6f'), 'server', 2);
    expect(frames.map(({ fin, opcode, payload }) => [fin, opcode, payload.toString()])).toEqual([
      [false, OPCODE.text, 'Hel'],
      [true, OPCODE.ping, ''],
      [true, OPCODE.continuation, 'lo'],
    ]);
  });
});

describe('FrameReader stops at', () => {
  it.each<[string, string, Sender, string]>([
    ['a reserved bit', 'c1 05 48656c6c6f', 'server', 'WS_ERR_UNEXPECTED_RSV_1'],
    ['an opcode that is none', '83 00', 'server', 'WS_ERR_INVALID_OPCODE'],
    ['a client without a mask', '81 05 48656c6c6f', 'client', 'WS_ERR_EXPECTED_MASK'],
    ['a server with a mask', '81 85 37fa213d 7f9f4d5158', 'server', 'WS_ERR_UNEXPECTED_MASK'],
    ['a fragmented ping', '09 00', 'server', 'WS_ERR_EXPECTED_FIN'],
    ['a ping of 126 bytes', '89 7e 007e', 'server', 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'],
    ['a continuation of nothing', '80 02 6c6f', 'server', 'WS_ERR_INVALID_OPCODE'],
    ['a new message within a message', '01 03 48656c 81 00', 'server', 'WS_ERR_INVALID_OPCODE'],
    ['a message that is too long', '82 7f 0000000000100001', 'server', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'],
    [
      'JSON without a frame',
      Buffer.from('{"msg_type":1,"signature":""}').toString('hex'),
      'client',
      'WS_ERR_UNEXPECTED_RSV_1',
    ],
  ])('%s, and keeps the bytes', (_, hex, sender, code) => {
    const bytes = fromHex(hex);
    const { frames, reader } = framesIn(bytes, sender, 3);
    expect(reader.fault?.code).toBe(code);
    expect(Buffer.concat([...frames.map((frame) => frame.bytes), reader.rest()]).equals(bytes)).toBe(true);
  });

  it('fragments that are too long together', () => {
    const half = Buffer.alloc(MOST / 2 + 1);
    const reader = new FrameReader('server', MOST);
    const [first, second] = [
      buildFrame('server', OPCODE.binary, half),
      buildFrame('server', OPCODE.continuation, half),
    ];
    first[0] = OPCODE.binary;
    expect(reader.read(Buffer.concat([first, second]))).toHaveLength(1);
    expect(reader.fault?.code).toBe('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH');
  });
});

describe('whatever comes, in whatever pieces', () => {
  const pieces = fc.integer({ min: 1, max: 40 });

  it('no byte is lost or invented', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom<Sender>('client', 'server'),
        pieces,
        (data, sender, piece) => {
          const bytes = Buffer.from(data);
          const { frames, reader } = framesIn(bytes, sender, piece);
          expect(Buffer.concat([...frames.map((frame) => frame.bytes), reader.rest()]).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  it('what was built is read', () => {
    const message = fc.tuple(
      fc.constantFrom(OPCODE.text, OPCODE.binary),
      fc.uint8Array({ maxLength: 70_000, size: 'max' }),
    );
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 4 }),
        fc.constantFrom<Sender>('client', 'server'),
        (messages, sender) => {
          const built = messages.map(([opcode, payload]) => buildFrame(sender, opcode, Buffer.from(payload)));
          const { frames, reader } = framesIn(Buffer.concat(built), sender, 1000);
          expect(reader.fault).toBeUndefined();
          expect(frames.map(({ opcode, payload }) => [opcode, payload.toString('hex')])).toEqual(
            messages.map(([opcode, payload]) => [opcode, Buffer.from(payload).toString('hex')]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a close frame', () => {
  it.each<[string, Buffer, number, string]>([
    ['with code and reason', fromHex('03e8 627965'), 1000, 'bye'],
    ['with a code alone', closePayload(4001), 4001, ''],
    ['with nothing', Buffer.alloc(0), 1005, ''],
  ])('%s', (_, payload, code, reason) => {
    expect(readClose(payload)).toEqual({ code, reason });
  });
});
