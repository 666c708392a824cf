import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessageText, type FramingCause } from '../../src/protocol/framing.js';

const JSON_TEXT = '{"msg_type":1,"rtms_stream_id":"1d33"}';
const JSON_HEX = Buffer.from(JSON_TEXT).toString('hex');
const VALUE = { msg_type: 1, rtms_stream_id: '1d33' };
const LENGTH = JSON_TEXT.length.toString(16);

const fromHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('readMessageText, right messages', () => {
  it.each([
    ['plain', JSON_HEX],
    ['a newline at the end, as Go writes it', `${JSON_HEX}0a`],
    ['white space around', `2020${JSON_HEX}20`],
    [
      'typographic quotes inside a value',
      Buffer.from('{"msg_type":17,"content":{"data":"“hi”\u00a0"}}').toString('hex'),
    ],
  ])('%s', (_, hex) => {
    const reading = readMessageText(fromHex(hex));
    expect(reading.faults).toEqual([]);
    expect(reading.value).toHaveProperty('msg_type');
  });
});

describe('readMessageText, one fault each', () => {
  it.each<[string, string, FramingCause, [number, number], string]>([
    [
      'type and big-endian length',
      `01 000000${LENGTH} ${JSON_HEX}`,
      'binary-prefix',
      [0, 5],
      'type 01, length 38, big-endian',
    ],
    ['an unknown header', `9c 02 ${JSON_HEX}`, 'binary-prefix', [0, 2], '9c 02'],
    ['4-byte length', `000000${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 4], 'length 38, big-endian'],
    ['2-byte length, little-endian', `${LENGTH}00 ${JSON_HEX}`, 'length-prefix', [0, 2], 'little-endian'],
    ['length as one byte', `${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 1], 'as one byte'],
    ['text before it', `${Buffer.from('data: ').toString('hex')}${JSON_HEX}`, 'text-prefix', [0, 6], '"data: "'],
    ['a byte order mark', `efbbbf${JSON_HEX}`, 'bom', [0, 3], 'EF BB BF'],
    ['a NUL behind it', `${JSON_HEX}00`, 'trailing-bytes', [38, 39], '1 byte follows'],
    ['a second message behind it', `${JSON_HEX}${JSON_HEX}`, 'trailing-bytes', [38, 76], '38 bytes follow'],
  ])('%s', (_, hex, cause, [start, end], words) => {
    const { faults, value } = readMessageText(fromHex(hex));
    expect(faults).toEqual([{ cause, start, end, message: expect.stringContaining(words) }]);
    expect(value).toEqual(VALUE);
  });

  it.each<[string, string, FramingCause]>([
    ['a JSON string of JSON', JSON.stringify(JSON_TEXT), 'double-encoded'],
    ['escaped quotes without the outer ones', JSON.stringify(JSON_TEXT).slice(1, -1), 'double-encoded'],
    ['typographic quotes', JSON_TEXT.replaceAll('"', '”'), 'typographic-quotes'],
    ['a non-breaking space', JSON_TEXT.replace(',', ',\u00a0'), 'typographic-quotes'],
  ])('%s', (_, text, cause) => {
    const { faults, value } = readMessageText(Buffer.from(text));
    expect(faults.map((fault) => fault.cause)).toEqual([cause]);
    expect(value).toEqual(VALUE);
  });

  it('names the first typographic quote and its place in bytes', () => {
    const [fault] = readMessageText(Buffer.from('{\n  “msg_type”: 1}')).faults;
    expect(fault).toMatchObject({ start: 4, end: 7, message: expect.stringContaining('U+201C') });
  });

  it.each([
    ['inside a value', '{"msg_type":1,"rtms_stream_id":"1d', { msg_type: 1, rtms_stream_id: '1d' }],
    ['behind a value', '{"msg_type":1', { msg_type: 1 }],
    ['behind a key', '{"msg_type":1,"rtms_', { msg_type: 1 }],
    ['behind a comma', '{"msg_type":1,', { msg_type: 1 }],
    [
      'inside a nested object',
      '{"msg_type":3,"media_params":{"audio":{"codec":1',
      { msg_type: 3, media_params: { audio: { codec: 1 } } },
    ],
  ])('truncated %s', (_, text, value) => {
    const reading = readMessageText(Buffer.from(text));
    expect(reading.faults).toMatchObject([{ cause: 'truncated', start: text.length - 1, end: text.length }]);
    expect(reading.value).toEqual(value);
  });

  it.each(['utf-16le', 'utf-16be'] as const)('%s', (encoding) => {
    const little = Buffer.from(JSON_TEXT, 'utf16le');
    const { faults, value } = readMessageText(encoding === 'utf-16le' ? little : Buffer.from(little).swap16());
    expect(faults).toMatchObject([{ cause: 'not-utf8', message: expect.stringContaining('UTF-16') }]);
    expect(value).toEqual(VALUE);
  });

  it.each<[string, string, FramingCause]>([
    ['nothing', '', 'not-json'],
    ['a number', '31', 'not-json'],
    ['an array', '5b5d', 'not-json'],
    ['words', Buffer.from('hello').toString('hex'), 'not-json'],
    ['Protocol Buffers: field 1 varint 1, field 2 text', '0801 1203616263', 'protobuf'],
    ['Latin-1', '7b2261223a22e9227d', 'not-utf8'],
  ])('%s cannot be read', (_, hex, cause) => {
    const { faults, value } = readMessageText(fromHex(hex));
    expect(faults.map((fault) => fault.cause)).toEqual([cause]);
    expect(value).toBeUndefined();
  });
});

describe('readMessageText, two faults', () => {
  it('names both, the second at its place in the whole', () => {
    const { faults, value } = readMessageText(fromHex(`efbbbf ${JSON_HEX} 00`));
    expect(faults).toMatchObject([
      { cause: 'bom', start: 0, end: 3 },
      { cause: 'trailing-bytes', start: 41, end: 42 },
    ]);
    expect(value).toEqual(VALUE);
  });
});

it('never throws, and every place lies inside the input', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        for (const { start, end } of readMessageText(bytes).faults) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      },
    ),
  );
});
