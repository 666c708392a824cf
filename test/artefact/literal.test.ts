import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLiteral, type Literal } from '../../src/artefact/literal.js';

/** One character a byte, as the reader takes it. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const read = (text: string, start = 0): Literal | undefined => readLiteral(latin1(text), start).literal;
const valueOf = (text: string): unknown => {
  const literal = read(text);
  return literal && (JSON.parse(Buffer.from(literal.json).toString()) as unknown);
};

const HANDSHAKE = {
  msg_type: 1,
  protocol_version: 1,
  meeting_uuid: 'RE/HWbQ7QESDTyweZXDZtA==',
  rtms_stream_id: '1d330e9ca9c04407bded276b30b64be7',
};

describe('readLiteral', () => {
  it.each<[Literal['notation'], string, unknown]>([
    [
      'json',
      '{"msg_type": 1, "a": [true, null, -1.5e3, {"b": ""}]}',
      { msg_type: 1, a: [true, null, -1500, { b: '' }] },
    ],
    ['python', "{'msg_type': 1, 'a': True, 'b': None, 'c': (1, 'x')}", { msg_type: 1, a: true, b: null, c: [1, 'x'] }],
    ['python', `{'a': "it's", 'b': b'\\x01{', 'é': 'ü'}`, { a: "it's", b: '\u0001{', é: 'ü' }],
    ['javascript', '{ msg_type: 1, a: { b: `x` }, c: undefined, }', { msg_type: 1, a: { b: 'x' }, c: null }],
    ['javascript', '{"a":1,}', { a: 1 }],
    [
      'java',
      '{msg_type=1, a=b=, c={d=[x, 2]}, on=true, e=, f=null}',
      { msg_type: 1, a: 'b=', c: { d: ['x', 2] }, on: true, e: '', f: null },
    ],
    ['java', '{user_name=Doe, Jane, msg_type=17}', { user_name: 'Doe, Jane', msg_type: 17 }],
    ['ruby', '{"msg_type"=>1, :a=>nil}', { msg_type: 1, a: null }],
  ])('%s: %s', (notation, text, value) => {
    expect(read(text)?.notation).toBe(notation);
    expect(valueOf(text)).toEqual(value);
  });

  it('leaves JSON as it is, white space and all', () => {
    const text = '{ "a" : "\\u00e9\\n" }';
    expect(Buffer.from(read(text)?.json ?? '').toString()).toBe(text);
  });

  it('takes what is an id for text in a Java map, even of digits', () => {
    expect(valueOf('{call_id=7123456789012345678, sequence=1}')).toEqual({
      call_id: '7123456789012345678',
      sequence: 1,
    });
  });

  it('takes the fields behind the name of a class', () => {
    expect(read('Handshake(msg_type=1, signature=c0ee)', 9)?.notation).toBe('java');
  });

  it.each([
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a" 1}',
    '{1:2}',
    '{"a":1 "b":2}',
    '{a}',
    '{{}}',
    `${'{a:'.repeat(99)}1${'}'.repeat(99)}`,
  ])('%s is none', (text) => expect(read(text)).toBeUndefined());

  it('knows where each part stood', () => {
    const text = 'x {meeting_uuid=RE/é==, msg_type=1}';
    const { json, origin } = read(text, 2) ?? { json: Buffer.alloc(0), origin: () => [0, 0] as const };
    const at = Buffer.from(json).indexOf('"RE/');
    const [start, end] = origin([at, at + 4]);
    expect(Buffer.from(text).subarray(start, end).toString()).toBe('RE/é==');
  });
});

/** A message as the languages print it. */
const words = fc
  .stringMatching(/^[A-Za-z0-9/+_-]{1,24}={0,2}$/)
  .filter((word) => !/^(?:-?\d+|true|false|null|nil|None|undefined)$/i.test(word));
const message = fc.record({
  meeting_uuid: words,
  msg_type: fc.nat(30),
  buffer_data: fc.boolean(),
  rtms_stream_id: words,
});

const asJava = (value: object): string =>
  `{${Object.entries(value)
    .map(([key, item]) => `${key}=${String(item)}`)
    .join(', ')}}`;
const asPython = (value: object): string =>
  `{${Object.entries(value)
    .map(
      ([key, item]) =>
        `'${key}': ${typeof item === 'string' ? `'${item}'` : item === true ? 'True' : item === false ? 'False' : String(item)}`,
    )
    .join(', ')}}`;
const asJavaScript = (value: object): string =>
  `{\n${Object.entries(value)
    .map(([key, item]) => `  ${key}: ${typeof item === 'string' ? `'${item}'` : String(item)}`)
    .join(',\n')}\n}`;

it.each([
  ['Java', asJava],
  ['Python', asPython],
  ['JavaScript', asJavaScript],
  ['JSON', (value: object) => JSON.stringify(value)],
])('%s: any message comes back as it was', (_, write) => {
  fc.assert(
    fc.property(message, (value) => {
      expect(valueOf(write(value))).toEqual(value);
    }),
  );
  expect(valueOf(write(HANDSHAKE))).toEqual(HANDSHAKE);
});

it('any JSON comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small', maxDepth: 4 })),
      fc.nat(4),
      (value, indent) => {
        expect(valueOf(JSON.stringify(value, null, indent))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

it('never throws, and stays inside the text', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '`',
    ':',
    '=',
    '=>',
    ',',
    '\\',
    'a',
    '1',
    ' ',
    '\n',
    'b',
    'True',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
      const text = latin1(`{${pieces.join('')}`);
      const { end, literal } = readLiteral(text, 0);
      expect(end).toBeLessThanOrEqual(text.length);
      if (!literal) return;
      expect(() => JSON.parse(Buffer.from(literal.json).toString())).not.toThrow();
      const [from, to] = literal.origin([0, literal.json.length]);
      expect([from, to]).toEqual([0, literal.end]);
    }),
  );
});
