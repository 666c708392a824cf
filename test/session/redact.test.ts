import { describe, expect, it } from 'vitest';
import type { EventBody, FrameEvent } from '../../src/session/event.js';
import { eventRedactor, maskInPlace, textRedactor } from '../../src/session/redact.js';

const SIGNATURE = '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d';
const MASKED = `0003${'*'.repeat(56)}519d`;
const BASE64 = 'AANnr7ebwyeux8y3b2Xhx9eZ7tiDL59nNwncGc3PUZ0=';
const SECRET = 'exampleClientSecretAAAABBBBCCCC01';

const frame = (text: string): FrameEvent => ({
  type: 'frame',
  socket: 'signaling',
  dir: 'out',
  opcode: 'text',
  bytes: Buffer.byteLength(text),
  text,
});

describe('maskInPlace', () => {
  it.each([
    [SIGNATURE, MASKED],
    ['abcdefghijklm', 'abcd*****jklm'],
    ['abcdefghijkl', '************'],
    ['', ''],
  ])('%s', (value, masked) => {
    expect(maskInPlace(value)).toBe(masked);
    expect(maskInPlace(value)).toHaveLength(value.length);
  });
});

describe('a signature is masked', () => {
  const redact = textRedactor({});
  it.each([
    ['in JSON', `{"msg_type":1,"signature":"${SIGNATURE}"}`],
    ['in JSON with spaces', `{"signature" : "${SIGNATURE}"}`],
    ['in escaped JSON', `"{\\"signature\\":\\"${SIGNATURE}\\"}"`],
    ['in typographic quotes', `{“signature”:“${SIGNATURE}”}`],
    ['in a Java map', `{signature=${SIGNATURE}, msg_type=1}`],
    ['in a Python repr', `{'signature': '${SIGNATURE}'}`],
    ['under another name', `{"sig":"${SIGNATURE}"}`],
    ['as a header', `x-zm-signature: v0=${SIGNATURE}`],
    ['in upper case', `{"signature":"${SIGNATURE.toUpperCase()}"}`],
    ['in Base64', `{"signature":"${BASE64}"}`],
    ['in Base64 under another name', `{"sig":"${BASE64}","x":1}`],
    ['in Base64 as hmac', `{"hmac":"${BASE64}"}`],
    ['in Base64 as rtmsSignature', `{"rtmsSignature":"${BASE64}"}`],
    ['in upper case under another name', `{"requestSignature":"${SIGNATURE.toUpperCase()}"}`],
    ['in upper case alone', `hmac ${SIGNATURE.toUpperCase()} end`],
  ])('%s', (_, text) => {
    const masked = redact(text);
    expect(masked).not.toContain(SIGNATURE.slice(4, 60));
    expect(masked).not.toContain(SIGNATURE.slice(4, 60).toUpperCase());
    expect(masked).not.toContain(BASE64.slice(4, 40));
    expect(masked).toHaveLength(text.length);
  });

  it('unless signatures are to be shown', () => {
    const text = `{"signature":"${SIGNATURE}","access_token":"eyJhbGciOi.abcdefgh.ijkl"}`;
    const shown = textRedactor({ showSignatures: true })(text);
    expect(shown).toContain(SIGNATURE);
    expect(shown).not.toContain('abcdefgh');
  });
});

describe('other text stays', () => {
  const redact = textRedactor({ secrets: [SECRET] });
  it.each([
    ['silence in Base64', `{"msg_type":14,"content":{"data":"${'A'.repeat(64)}"}}`],
    ['words with sign in them', '{"data":"the design: something-long-enough"}'],
    ['a short signature', '{"signature":"none"}'],
    ['ids', '{"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==","rtms_stream_id":"0123456789abcdef0123456789abcdef"}'],
  ])('%s', (_, text) => {
    expect(redact(text)).toBe(text);
  });

  it('and a frame without secrets is the same object', () => {
    const event = frame('{"msg_type":12,"timestamp":1}');
    expect(eventRedactor({})(event)).toBe(event);
  });
});

describe('a secret is masked wherever it stands', () => {
  const redact = eventRedactor({ secrets: [SECRET] });
  const binary = { type: 'frame', socket: 'signaling', dir: 'out', opcode: 'binary', bytes: 40 } as const;
  const inLatin1 = Buffer.concat([Buffer.from([0xbb, 0xff]), Buffer.from(`{"k":"${SECRET}"}`)]);
  it.each<[string, EventBody]>([
    ['a frame', frame(`{"x":"${SECRET}"}`)],
    ['a frame that is not text', { ...binary, base64: inLatin1.toString('base64') }],
    ['a webhook', { type: 'webhook', headers: { 'x-custom': SECRET }, body: `{"a":"${SECRET}"}` }],
    [
      'a webhook that is not text',
      { type: 'webhook', headers: {}, body: inLatin1.toString(), base64: inLatin1.toString('base64') },
    ],
    ['an error', { type: 'error', socket: 'signaling', code: 'E', message: `with ${SECRET}` }],
    ['a phase', { type: 'phase', name: 'upgrade', socket: 'signaling', ms: 1, ok: false, detail: { body: SECRET } }],
    ['a close', { type: 'close', socket: 'signaling', code: 1000, reason: SECRET, by: 'peer', clean: true }],
    ['a note', { type: 'note', text: SECRET }],
  ])('%s', (_, event) => {
    const text = JSON.stringify(redact(event));
    const decoded = /"base64":"([^"]+)"/.exec(text)?.[1] ?? '';
    expect(text + Buffer.from(decoded, 'base64').toString('latin1')).not.toContain(SECRET);
    expect(text).not.toBe(JSON.stringify(event));
  });

  it.each(['utf16le', 'utf16be'])('and so is a signature sent as %s', (encoding) => {
    const little = Buffer.from(`{"signature":"${SIGNATURE}","k":"${SECRET}"}`, 'utf16le');
    const bytes = encoding === 'utf16le' ? little : Buffer.from(little).swap16();
    const event = redact({ ...binary, bytes: bytes.length, base64: bytes.toString('base64') });
    const back = Buffer.from(event.type === 'frame' ? (event.base64 ?? '') : '', 'base64');
    const text = (encoding === 'utf16le' ? back : Buffer.from(back).swap16()).toString('utf16le');
    expect(text).toContain(MASKED);
    expect(text).not.toContain(SECRET);
    expect(back).toHaveLength(bytes.length);
  });

  it('a signature header is masked by its name', () => {
    const event: EventBody = { type: 'webhook', headers: { 'X-Zm-Signature': `v0=${BASE64}` }, body: '{}' };
    expect(JSON.stringify(redact(event))).not.toContain(BASE64);
  });
});
