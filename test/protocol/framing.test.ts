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
    ['a comma too many', Buffer.from(JSON_TEXT.replace('}', ', }')).toString('hex'), 'not-json', [37, 38], 'a comma stands'],
    ['a packet of Socket.IO', `34325b226d222c ${JSON_HEX}`, 'text-prefix', [0, 7], 'as Socket.IO packs'],
    ['an unknown header', `9c 02 ${JSON_HEX}`, 'binary-prefix', [0, 2], '9c 02'],
    ['4-byte length', `000000${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 4], 'length 38, big-endian'],
    ['2-byte length, little-endian', `${LENGTH}00 ${JSON_HEX}`, 'length-prefix', [0, 2], 'little-endian'],
    ['length as one byte', `${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 1], 'as one byte'],
    ['3-byte length', `0000${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 3], 'length 38, big-endian'],
    ['8-byte length', `00000000000000${LENGTH} ${JSON_HEX}`, 'length-prefix', [0, 8], 'length 38, big-endian'],
    [
      'a length that counts itself',
      `0000002a ${JSON_HEX}`,
      'length-prefix',
      [0, 4],
      'length 42, big-endian, itself included',
    ],
    ['length, then type', `000000${LENGTH} 01 ${JSON_HEX}`, 'binary-prefix', [0, 5], 'length 38, big-endian, then 01'],
    ['a length of type and JSON', `00000027 01 ${JSON_HEX}`, 'binary-prefix', [0, 5], 'length 39, big-endian, then 01'],
    [
      '2-byte type, 2-byte length',
      `0001 00${LENGTH} ${JSON_HEX}`,
      'binary-prefix',
      [0, 4],
      'type 00 01, length 38, big-endian',
    ],
    [
      'Protocol Buffers, field 1',
      `0a ${LENGTH} ${JSON_HEX}`,
      'binary-prefix',
      [0, 2],
      'type 0a, length 38, as one byte',
    ],
    [
      'the name of the message',
      `${Buffer.from('SIGNALING_HAND_SHAKE_REQ ').toString('hex')}${JSON_HEX}`,
      'text-prefix',
      [0, 25],
      '"SIGNALING_HAND_SHAKE_REQ "',
    ],
    ['text before it', `${Buffer.from('data: ').toString('hex')}${JSON_HEX}`, 'text-prefix', [0, 6], '"data: "'],
    ['a byte order mark', `efbbbf${JSON_HEX}`, 'bom', [0, 3], 'EF BB BF'],
    ['a NUL behind it', `${JSON_HEX}00`, 'trailing-bytes', [38, 39], '1 byte follows'],
    ['a second message behind it', `${JSON_HEX}${JSON_HEX}`, 'trailing-bytes', [38, 76], '38 bytes follow'],
  ])('%s', (_, hex, cause, [start, end], words) => {
    const { faults, value } = readMessageText(fromHex(hex));
    expect(faults).toEqual([{ cause, start, end, message: expect.stringContaining(words) }]);
    expect(value).toEqual(VALUE);
  });

  it('a length as a varint, where its first byte is the length too', () => {
    const text = JSON.stringify({ data: 'x'.repeat(221) });
    const { faults } = readMessageText(fromHex(`e801 ${Buffer.from(text).toString('hex')}`));
    expect(faults).toMatchObject([{ cause: 'length-prefix', start: 0, end: 2 }]);
    expect(faults[0]?.message).toContain('232, as a varint');
  });

  it('leaves commas in strings, and finds each of several', () => {
    const { faults, value, text } = readMessageText(Buffer.from('{"a":[1,2, ],"b":",}",}'));
    expect(faults).toMatchObject([{ cause: 'not-json', start: 9, end: 10 }]);
    expect(faults[0]?.message).toContain('and 1 more');
    expect(text).toBe('{"a":[1,2 ],"b":",}"}');
    expect(value).toEqual({ a: [1, 2], b: ',}' });
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
    ['no text at all', 'ff00fe017f', 'not-utf8'],
  ])('%s cannot be read', (_, hex, cause) => {
    const { faults, value } = readMessageText(fromHex(hex));
    expect(faults.map((fault) => fault.cause)).toEqual([cause]);
    expect(value).toBeUndefined();
  });
});

describe('readMessageText, what is no JSON', () => {
  it.each([
    ['[object Object]', 'without JSON.stringify'],
    ["{'msg_type': 1}", "Python's str()"],
    ['{msg_type=1, signature=c0ee}', "Java's toString()"],
    ['{ msg_type: 1 }', 'no quotes'],
    [Buffer.from(JSON_TEXT).toString('base64'), 'Base64'],
    [JSON_HEX, 'hex digits'],
    ['msg_type=1&signature=c0ee', 'URL-encoded form'],
    ['<handshake/>', 'XML'],
    ['[1]', 'an array'],
    ['null', 'is null'],
    ['"x"', 'a string'],
    ['true', 'a boolean'],
  ])('%s', (text, words) => {
    expect(readMessageText(Buffer.from(text)).faults).toEqual([
      { cause: 'not-json', start: 0, end: text.length, message: expect.stringContaining(words) },
    ]);
  });
});

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('readMessageText, several faults', () => {
  it.each<[string, Uint8Array, readonly (readonly [FramingCause, number, number])[]]>([
    [
      'a byte order mark and a NUL',
      fromHex(`efbbbf ${JSON_HEX} 00`),
      [
        ['bom', 0, 3],
        ['trailing-bytes', 41, 42],
      ],
    ],
    [
      'a header and a cut',
      fromHex(`01 000000${LENGTH} ${JSON_HEX.slice(0, -2)}`),
      [
        ['binary-prefix', 0, 5],
        ['truncated', 41, 42],
      ],
    ],
    [
      'a header and typographic quotes',
      Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from(JSON_TEXT.replaceAll('"', '“'))]),
      [
        ['binary-prefix', 0, 3],
        ['typographic-quotes', 4, 7],
      ],
    ],
    [
      'a header and double encoding',
      Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from(JSON.stringify(JSON_TEXT))]),
      [
        ['binary-prefix', 0, 3],
        ['double-encoded', 3, 3 + JSON.stringify(JSON_TEXT).length],
      ],
    ],
    [
      'double encoding, cut',
      Buffer.from(JSON.stringify(JSON_TEXT).slice(0, -3)),
      [
        ['double-encoded', 0, JSON.stringify(JSON_TEXT).length - 3],
        ['truncated', 42, 43],
      ],
    ],
    [
      'double encoding, twice',
      Buffer.from(JSON.stringify(JSON.stringify(JSON_TEXT))),
      [
        ['double-encoded', 0, 62],
        ['double-encoded', 1, 61],
      ],
    ],
    [
      'UTF-16 with a NUL behind it',
      utf16(`${JSON_TEXT}\0`),
      [
        ['not-utf8', 0, 80],
        ['trailing-bytes', 78, 80],
      ],
    ],
    [
      'Latin-1, cut',
      Buffer.from('{"reason":"éa', 'latin1'),
      [
        ['not-utf8', 11, 12],
        ['truncated', 12, 13],
      ],
    ],
  ])('%s: each at its place in the whole', (_, bytes, expected) => {
    const { faults, value } = readMessageText(bytes);
    expect(faults.map(({ cause, start, end }) => [cause, start, end])).toEqual(expected);
    expect(value).toBeDefined();
  });
});

describe('readMessageText, the text it makes', () => {
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['plain', Buffer.from(JSON_TEXT)],
    ['behind a header', fromHex(`01 000000${LENGTH} ${JSON_HEX}`)],
    ['escaped', Buffer.from(JSON.stringify(JSON_TEXT))],
    ['typographic', Buffer.from(JSON_TEXT.replaceAll('"', '”').replace(',', ',\u00a0'))],
    ['UTF-16', utf16(JSON_TEXT)],
    ['UTF-16, escaped', utf16(JSON.stringify(JSON_TEXT))],
    ['cut', Buffer.from(JSON_TEXT.slice(0, -2))],
  ];

  it.each(cases)('%s: a value in it is found where it stands in the message', (_, bytes) => {
    const { text = '', origin } = readMessageText(bytes);
    const at = Buffer.from(text).indexOf('1d33');
    const [start, end] = origin([at, at + 4]);
    const seen = Buffer.from(bytes.subarray(start, end));
    expect([seen.toString('utf8'), seen.toString('utf16le')]).toContain('1d33');
  });

  it('what was supplied at a cut stands at its end', () => {
    const { text = '', origin } = readMessageText(Buffer.from('{"a":{"b":"c'));
    expect(text).toBe('{"a":{"b":"c"}}');
    expect(origin([text.length - 2, text.length])).toEqual([12, 12]);
  });
});

/** Bytes of any kind, and messages wrapped in ways that go together. */
const message = fc.json().map((text): Uint8Array => Buffer.from(`{"v":${text}}`));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const wrap = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
  (bytes) => Buffer.concat([Buffer.from([1, 0, 0, 0, bytes.length % 256]), bytes]),
  (bytes) => Buffer.from(JSON.stringify(textOf(bytes))),
  (bytes) => Buffer.from(textOf(bytes), 'utf16le'),
  (bytes) => Buffer.from(textOf(bytes).replaceAll('"', '“')),
  (bytes) => bytes.subarray(0, Math.ceil(bytes.length * 0.8)),
  (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
);
const wrapped = fc
  .tuple(message, fc.array(wrap, { maxLength: 3 }))
  .map(([bytes, wraps]) => wraps.reduce((result, wrapOnce) => wrapOnce(result), bytes));

it('never throws, and every place lies inside the input', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string().map((text) => Buffer.from(text)),
        wrapped,
      ),
      (bytes) => {
        const { faults, text = '', origin } = readMessageText(bytes);
        const whole = origin([0, Buffer.byteLength(text)]);
        for (const [start, end] of [...faults.map((fault) => [fault.start, fault.end] as const), whole]) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      },
    ),
  );
});
