import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf, hybridOf, type Difference, type SentHandshake } from '../../src/session/hybrids.js';

const FIELDS = {
  msg_type: 1,
  protocol_version: 1,
  sequence: 0,
  meeting_uuid: 'RE/HWbQ7QESDTyweZXDZtA==',
  signature: 'ab',
};
const GOOD = sent(JSON.stringify(FIELDS));

function sent(text: string | Uint8Array, more: Partial<SentHandshake> = {}): SentHandshake {
  return { bytes: Buffer.from(text), opcode: 'text', delayMs: 0, ...more };
}

const brief = (differences: readonly Difference[]): string[] =>
  differences.map(({ name, from, to }) => `${name}: ${from} → ${to}`);

const textOf = ({ bytes }: SentHandshake): string => Buffer.from(bytes).toString('utf8');

describe('differences', () => {
  it.each<[string, SentHandshake, readonly string[]]>([
    ['none', GOOD, []],
    ['a value', sent(JSON.stringify({ ...FIELDS, signature: 'cd' })), ['signature: "cd" → "ab"']],
    [
      'a signature cut short',
      sent(JSON.stringify({ ...FIELDS, signature: '1d7bea1e0c5cd10bfa0e' })),
      ['signature: "1d7b************fa0e" → "ab"'],
    ],
    ['a type', sent(JSON.stringify({ ...FIELDS, msg_type: '1' })), ['msg_type: "1" → 1']],
    ['a field too few', sent(JSON.stringify({ ...FIELDS, sequence: undefined })), ['sequence: not there → 0']],
    ['a field too many', sent(JSON.stringify({ ...FIELDS, toString: 'x' })), ['toString: "x" → not there']],
    [
      'the order',
      sent(
        '{"protocol_version":1,"msg_type":1,"sequence":0,"meeting_uuid":"RE/HWbQ7QESDTyweZXDZtA==","signature":"ab"}',
      ),
      [
        'order of the fields: protocol_version, msg_type, sequence, meeting_uuid, signature → ' +
          'msg_type, protocol_version, sequence, meeting_uuid, signature',
      ],
    ],
    [
      'the spelling of Python',
      sent(
        '{"msg_type": 1, "protocol_version": 1, "sequence": 0, "meeting_uuid": "RE/HWbQ7QESDTyweZXDZtA==", "signature": "ab"}',
      ),
      ['white space and escapes: a space after each comma and colon → compact'],
    ],
    [
      'a line break behind it',
      sent(`${textOf(GOOD)}\n`),
      ['white space and escapes: compact, white space around it → compact'],
    ],
    ['the opcode', { ...GOOD, opcode: 'binary' }, ['opcode: binary → text']],
    ['the time', { ...GOOD, delayMs: 3000 }, ['delay before it: 3000 ms → 0 ms']],
    [
      'the framing',
      sent(Buffer.concat([Buffer.from([1, 0, 0, 0, GOOD.bytes.length]), GOOD.bytes])),
      [expect.stringMatching(/^framing: .* → one JSON text, nothing around it$/)],
    ],
    ['no JSON at all', sent('hello'), ['framing: the message is not a JSON object → one JSON text, nothing around it']],
  ])('%s', (_, failing, expected) => {
    expect(brief(differencesOf(failing, GOOD))).toEqual(expected);
  });

  it('are told apart behind where they are cut for people', () => {
    const long = (end: string): SentHandshake => sent(JSON.stringify({ note: `${'x'.repeat(200)}${end}` }));
    expect(differencesOf(long('a'), long('b'))).toHaveLength(1);
  });
});

/** Mends the differences of these names. */
function mend(failing: SentHandshake, ...names: readonly string[]): ReturnType<typeof hybridOf> {
  const wanted = differencesOf(failing, GOOD).filter(({ name }) => names.includes(name));
  expect(wanted).toHaveLength(names.length);
  return hybridOf(failing, GOOD, wanted);
}

describe('a hybrid', () => {
  const failing = sent('{"signature":"cd","meeting_uuid":"x","msg_type":"1","extra":true}', {
    opcode: 'binary',
    delayMs: 9,
  });

  it.each<[readonly string[], string]>([
    [['signature'], '{"signature":"ab","meeting_uuid":"x","msg_type":"1","extra":true}'],
    [['sequence'], '{"signature":"cd","meeting_uuid":"x","msg_type":"1","sequence":0,"extra":true}'],
    [['extra'], '{"signature":"cd","meeting_uuid":"x","msg_type":"1"}'],
    [['order of the fields'], '{"msg_type":"1","meeting_uuid":"x","signature":"cd","extra":true}'],
    [
      ['msg_type', 'protocol_version', 'order of the fields'],
      '{"msg_type":1,"protocol_version":1,"meeting_uuid":"x","signature":"cd","extra":true}',
    ],
  ])('with %s mended', (names, text) => {
    const { handshake } = mend(failing, ...names);
    expect(textOf(handshake)).toBe(text);
    expect(handshake).toMatchObject({ opcode: 'binary', delayMs: 9 });
  });

  it('keeps the bytes where only opcode or time are mended', () => {
    const { handshake } = mend(failing, 'opcode', 'delay before it');
    expect(handshake).toEqual({ bytes: failing.bytes, opcode: 'text', delayMs: 0 });
  });

  it('keeps the spelling of a known library', () => {
    const python = sent('{"msg_type": 1, "signature": "cd", "ids": [1, 2], "more": {"a": "b, c"}}');
    expect(textOf(mend(python, 'signature').handshake)).toBe(
      '{"msg_type": 1, "signature": "ab", "ids": [1, 2], "more": {"a": "b, c"}}',
    );
  });

  it('mends what cannot be kept, and says so', () => {
    const odd = sent(`\u0001{"msg_type":1,  "signature":"cd"}`);
    const { handshake, mended } = mend(odd, 'signature');
    expect(textOf(handshake)).toBe('{"msg_type":1,"signature":"ab"}');
    expect(mended.map(({ kind }) => kind)).toEqual(['framing', 'field', 'spelling']);
  });

  it('has the JSON of a broken framing', () => {
    const odd = sent(`\u0001${textOf(GOOD)}`);
    expect(textOf(mend(odd, 'framing').handshake)).toBe(textOf(GOOD));
    expect(textOf(mend(sent('hello'), 'framing').handshake)).toBe(textOf(GOOD));
  });
});

it('nothing mended is the failing handshake, and everything mended the good one', () => {
  const json = fc.dictionary(fc.constantFrom('msg_type', 'signature', 'a', 'b', 'c'), fc.jsonValue({ maxDepth: 1 }));
  const bytes = fc.oneof(
    fc
      .tuple(json, fc.constantFrom(undefined, 2, '\t'))
      .map(([value, indent]) => Buffer.from(JSON.stringify(value, undefined, indent))),
    fc.uint8Array({ maxLength: 40 }),
  );
  const any = fc.record({ bytes, opcode: fc.constantFrom('text', 'binary'), delayMs: fc.nat(3) });
  fc.assert(
    fc.property(any, json, (failing, fields) => {
      const good = sent(JSON.stringify(fields));
      const all = differencesOf(failing, good);
      expect(hybridOf(failing, good, []).handshake).toEqual(failing);
      const { handshake } = hybridOf(failing, good, all);
      expect({ ...handshake, bytes: textOf(handshake) }).toEqual({ ...good, bytes: textOf(good) });
    }),
  );
});
