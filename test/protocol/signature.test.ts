/** Signatures against worked vectors, made with openssl from made-up credentials. */
import { describe, expect, it } from 'vitest';
import {
  answerUrlValidation,
  handshakeMessage,
  maskSecret,
  sameSignature,
  signHandshake,
  signWebhook,
  verifyWebhook,
} from '../../src/protocol/signature.js';

const BODY =
  '{"event":"meeting.rtms_started","event_ts":1784548800123,"payload":{"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==",' +
  '"operator_id":"exampleOperator01","rtms_stream_id":"0123456789abcdef0123456789abcdef",' +
  '"server_urls":"wss://rtms-example.invalid:443"}}';
const TIMESTAMP = '1784548800';
const SECRET_TOKEN = 'exampleSecretToken0004';
const WEBHOOK_SIGNATURE = 'v0=3cf657fe15224b81a7c81f20d2765c26b21fe37a6799e9f071ee00942232acd1';

describe('handshake', () => {
  it.each([
    {
      what: 'meeting, leading zeros',
      clientId: 'EXAMPLEclientId0000001',
      entityId: 'a1B2c3D4e5F6/g7H+8i9Jw==',
      streamId: '0123456789abcdef0123456789abcdef',
      secret: 'exampleClientSecretAAAABBBBCCCC01',
      bytes: 80,
      signature: '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d',
    },
    {
      what: 'Video SDK session',
      clientId: 'EXAMPLEsdkKey000000001',
      entityId: 'ZyXwVuTsRqPoNmLkJiHgFe==',
      streamId: 'fedcba9876543210fedcba9876543210',
      secret: 'exampleSdkSecretDDDDEEEEFFFF0002',
      bytes: 80,
      signature: '711b9b7b81fdc982a65f642627ceb78087213ef5fbe424638619eb4874f52427',
    },
    {
      what: 'Contact Center engagement',
      clientId: 'EXAMPLEzccClientId0003',
      entityId: 'abCDEfghIJklMNopQRstUV',
      streamId: '00112233445566778899aabbccddeeff',
      secret: 'exampleZccSecretGGGGHHHHIIII0003',
      bytes: 78,
      signature: 'e11568aa73be4c098f889c2cc333d9c075a996a89281c339b566ff5dcb7f472a',
    },
  ])('$what', ({ clientId, entityId, streamId, secret, bytes, signature }) => {
    const parts = { clientId, entityId, streamId };
    expect(handshakeMessage(parts)).toBe(`${clientId},${entityId},${streamId}`);
    expect(Buffer.byteLength(handshakeMessage(parts))).toBe(bytes);
    expect(signHandshake(parts, secret)).toBe(signature);
  });

  it('takes parts and secret as UTF-8', () => {
    const parts = { clientId: 'é', entityId: '会議', streamId: '🎧' };
    // printf '%s' 'é,会議,🎧' | openssl dgst -sha256 -hmac 'schlüssel'
    expect(signHandshake(parts, 'schlüssel')).toBe('f045ebb692658ed9af6aa2a929a3a0017204d02e328d6fbd24c4b85fd48e0492');
  });
});

describe('webhook', () => {
  it('signs the header and the body', () => {
    expect(signWebhook(BODY, TIMESTAMP, SECRET_TOKEN)).toBe(WEBHOOK_SIGNATURE);
    expect(signWebhook(BODY, '1784548800123', SECRET_TOKEN)).toBe(
      'v0=388fd2bd89a026859d343d36f246b252e0c5313bef0431de9137c27805093bce',
    );
  });

  it('signs bytes that are not UTF-8 as they are', () => {
    const body = Uint8Array.from([0x7b, 0xff, 0x7d]);
    // printf 'v0:1:{\xff}' | openssl dgst -sha256 -hmac k
    expect(signWebhook(body, '1', 'k')).toBe('v0=d9cf0fb1f8f641d6e0adf260dc83d847fb68da2af3aa488b6dc9222bcbb3d2e8');
  });

  it.each([
    ['the same request', WEBHOOK_SIGNATURE, BODY, TIMESTAMP, SECRET_TOKEN, true],
    ['the same body as bytes', WEBHOOK_SIGNATURE, Buffer.from(BODY), TIMESTAMP, SECRET_TOKEN, true],
    ['one more newline', WEBHOOK_SIGNATURE, `${BODY}\n`, TIMESTAMP, SECRET_TOKEN, false],
    ['another second', WEBHOOK_SIGNATURE, BODY, '1784548801', SECRET_TOKEN, false],
    ['another token', WEBHOOK_SIGNATURE, BODY, TIMESTAMP, 'exampleSecretToken0005', false],
    ['no v0=', WEBHOOK_SIGNATURE.slice(3), BODY, TIMESTAMP, SECRET_TOKEN, false],
    ['no signature', '', BODY, TIMESTAMP, SECRET_TOKEN, false],
  ] as const)('verifies: %s', (_, given, body, timestamp, secretToken, valid) => {
    expect(verifyWebhook(given, body, timestamp, secretToken)).toBe(valid);
  });

  it('answers the URL validation', () => {
    expect(answerUrlValidation('qgg8vlvZRS6UYooatFL8Aw', SECRET_TOKEN)).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: 'bd05b6563c93f14e4907976f44ea41cb5c7734928e74e894b0e346702158c9f8',
    });
  });
});

describe('sameSignature', () => {
  it.each([
    ['v0=ab', 'v0=ab', true],
    ['', '', true],
    ['v0=ab', 'v0=ac', false],
    ['v0=ab', 'v0=AB', false],
    ['v0=ab', 'v0=abab', false],
    ['é', 'e', false],
  ])('%j, %j: %s', (a, b, same) => {
    expect(sameSignature(a, b)).toBe(same);
  });
});

describe('maskSecret', () => {
  it.each([
    ['fe51000000000000000000000000005636', 'fe51…5636'],
    ['abcdefghijklmnopqrstuvwx', 'abcd…uvwx'],
    ['abcdefghijklmnopqrstuvw', 'abc…uvw'],
    ['abcdefghijkl', 'ab…kl'],
    ['abcdef', 'a…f'],
    ['abcde', '…'],
    ['', '…'],
    ['🔑23456🔒', '🔑…🔒'],
  ])('%j becomes %j', (value, masked) => {
    expect(maskSecret(value)).toBe(masked);
  });
});
