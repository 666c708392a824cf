/** What goes into each signature: lengths, separators, odd characters, and never the key. */
import { describe, expect, it } from 'vitest';
import { describeChallenge, describeHandshake, describeWebhook, idWarnings } from '../../src/report/signed.js';

const CLIENT_ID = { value: 'EXAMPLEclientId0000001', source: 'ZOOM_CLIENT_ID from .env' };
const SECRET = { value: 'exampleClientSecretAAAABBBBCCCC01', source: 'ZOOM_CLIENT_SECRET from .env' };
const TOKEN = { value: 'exampleSecretToken0004', source: '--secret-token-file token' };
const webhookOf = (body: string, timestamp = '1784548800') =>
  describeWebhook({ body: Buffer.from(body), file: 'body.json', timestamp, secretToken: TOKEN });
const ENTITY = { field: 'meeting_uuid', value: 'a1B2c3D4e5F6/g7H+8i9Jw==' } as const;
const STREAM_ID = '0123456789abcdef0123456789abcdef';

describe('handshake', () => {
  const signed = describeHandshake({ clientId: CLIENT_ID, clientSecret: SECRET, entity: ENTITY, streamId: STREAM_ID });

  it('has the signature, and the message it covers', () => {
    expect(signed.value).toBe('000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d');
    expect(signed.message.join('')).toBe(`${CLIENT_ID.value},${ENTITY.value},${STREAM_ID}`);
    expect(signed.bytes).toBe(80);
  });

  it('tells lengths and sources', () => {
    expect(signed.parts.map(({ label, note }) => [label, note])).toEqual([
      ['client id', '22 characters, ZOOM_CLIENT_ID from .env'],
      ['meeting_uuid', '24, / and + and = unchanged'],
      ['rtms_stream_id', '32'],
    ]);
    expect(signed.key).toEqual({ label: 'key', value: 'client secret', note: '33 bytes, no whitespace' });
    expect(signed.source).toBe(SECRET.source);
  });

  it('never holds the key', () => {
    expect(JSON.stringify(signed)).not.toContain(SECRET.value);
  });

  it.each([
    ['a space', 'a b', 'a␠b'],
    ['a newline', 'ab\n', 'ab\\n'],
    ['a no-break space', 'a\u00a0b', 'a\\u00a0b'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['an escape sequence', '\u001b[2Jab', '\\u001b[2Jab'],
  ])('makes %s visible', (_, streamId, visible) => {
    const odd = describeHandshake({ clientId: CLIENT_ID, clientSecret: SECRET, entity: ENTITY, streamId });
    expect(odd.parts[2]).toMatchObject({ value: visible, note: expect.stringMatching(/, 1 of them invisible$/) });
    expect(odd.message[4]).toBe(visible);
  });

  it('sees whitespace inside the key', () => {
    const clientSecret = { ...SECRET, value: 'two words' };
    expect(describeHandshake({ clientId: CLIENT_ID, clientSecret, entity: ENTITY, streamId: STREAM_ID }).key.note).toBe(
      '9 bytes, whitespace inside',
    );
  });
});

describe('webhook', () => {
  it('counts the whole body, shows its start, and has no key', () => {
    const signed = webhookOf(`{"text":"${'ü'.repeat(40)}"}`);
    expect(signed.bytes).toBe('v0:1784548800:'.length + 91);
    expect(signed.message).toEqual(['v0', ':', '1784548800', ':', `{"text":"${'ü'.repeat(31)}…`]);
    expect(signed.value).toMatch(/^v0=[0-9a-f]{64}$/);
    expect(JSON.stringify(signed)).not.toContain(TOKEN.value);
  });

  it.each([
    ['1784548800', '2026-07-20T12:00:00Z'],
    ['1784548800123', 'milliseconds; the header holds seconds'],
    ['9999999999999', 'milliseconds; the header holds seconds'],
  ])('reads the timestamp %s', (timestamp, note) => {
    expect(webhookOf('{}', timestamp).parts[0]?.note).toBe(note);
  });
});

it('answers a challenge with the body Zoom expects', () => {
  const signed = describeChallenge({ plainToken: 'qgg8vlvZRS6UYooatFL8Aw', secretToken: TOKEN });
  expect(JSON.parse(signed.result)).toEqual({ plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken: signed.value });
  expect(signed.value).toBe('bd05b6563c93f14e4907976f44ea41cb5c7734928e74e894b0e346702158c9f8');
});

describe('idWarnings', () => {
  it.each([
    ['nine digits', '123456789', STREAM_ID, ['meeting_uuid 123456789 is a meeting number']],
    ['eleven digits', '81234567890', STREAM_ID, ['meeting_uuid 81234567890 is a meeting number']],
    ['a space', 'a b', STREAM_ID, ['meeting_uuid holds 1 invisible character: a␠b']],
    ['a newline in the stream id', ENTITY.value, 'abc\n', ['rtms_stream_id holds 1 invisible character: abc\\n']],
  ])('warns of %s', (_, value, streamId, starts) => {
    const warnings = idWarnings({ field: 'meeting_uuid', value }, streamId);
    expect(warnings.map((warning, index) => warning.slice(0, starts[index]?.length))).toEqual(starts);
  });

  it.each([
    ['a meeting uuid', ENTITY.value],
    ['eight digits', '12345678'],
    ['twelve digits', '123456789012'],
  ])('has nothing to say of %s', (_, value) => {
    expect(idWarnings({ field: 'meeting_uuid', value }, STREAM_ID)).toEqual([]);
  });
});
