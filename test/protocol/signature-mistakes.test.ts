/** Every mistake is made here by hand, alone and in pairs, and must be named; what is none of them must not be. */
import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  recogniseChallenge,
  recogniseHandshakeSignature,
  recogniseWebhookSignature,
  SIGNATURE_CAUSES,
} from '../../src/protocol/signature-mistakes.js';
import type { SignatureCause } from '../../src/protocol/signature-mistakes.js';
import { signHandshake, signWebhook } from '../../src/protocol/signature.js';

const CLIENT = 'EXAMPLEclientId0000001';
const ENTITY = 'a1B2c3D4e5F6/g7H+8i9Jw==';
const STREAM = '0123456789abcdef0123456789abcdef';
const SECRET = 'exampleClientSecretAAAABBBBCCCC01';
const SECRET_TOKEN = 'exampleSecretToken0004';
const PARTS = { clientId: CLIENT, entityId: ENTITY, streamId: STREAM };
const INPUT = {
  parts: PARTS,
  entityField: 'meeting_uuid',
  clientSecret: SECRET,
  secretToken: SECRET_TOKEN,
  otherIds: { meeting_number: '98765432101', operator_id: 'exampleOperator01' },
  otherClientIds: { ZM_RTMS_CLIENT: 'EXAMPLEotherClient0002' },
  otherSecrets: { ZM_RTMS_SECRET: 'exampleOtherSecretDDDDEEEEFFFF02' },
};

/** How the value is made, and what each step makes of it when it is done right. */
const RIGHT = {
  client: CLIENT,
  entity: ENTITY,
  stream: STREAM,
  parts: (client: string, entity: string, stream: string): string[] => [client, entity, stream],
  join: (values: string[]): string => values.join(','),
  message: (text: string): string | Buffer => text,
  key: SECRET as string | Buffer,
  digest: (message: string | Buffer, key: string | Buffer): Buffer =>
    createHmac('sha256', key).update(message).digest(),
  write: (digest: Buffer): string => digest.toString('hex'),
  wrap: (text: string): string => text,
};
type Steps = typeof RIGHT;

function make(change: Partial<Steps>): string {
  const { client, entity, stream, parts, join, message, key, digest, write, wrap } = { ...RIGHT, ...change };
  return wrap(write(digest(message(join(parts(client, entity, stream))), key)));
}

const joinedBy =
  (delimiter: string) =>
  (values: string[]): string =>
    values.join(delimiter);
const inDifferentSteps = (a: Partial<Steps>, b: Partial<Steps>): boolean =>
  Object.keys(a).every((step) => !(step in b));
const sha256 = (...chunks: (string | Buffer)[]): Buffer =>
  chunks.reduce((hash, chunk) => hash.update(chunk), createHash('sha256')).digest();
const bytesOf = (digest: Buffer): number[] => Array.from(digest);

const MISTAKES: readonly (readonly [cause: SignatureCause, says: string, change: Partial<Steps>])[] = [
  ['wrong-order', 'in the order client_id, rtms_stream_id, meeting_uuid', { parts: (c, e, s) => [c, s, e] }],
  ['wrong-order', 'in the order meeting_uuid, client_id, rtms_stream_id', { parts: (c, e, s) => [e, c, s] }],
  ['wrong-order', 'in the order meeting_uuid, rtms_stream_id, client_id', { parts: (c, e, s) => [e, s, c] }],
  ['wrong-order', 'in the order rtms_stream_id, client_id, meeting_uuid', { parts: (c, e, s) => [s, c, e] }],
  ['wrong-order', 'in the order rtms_stream_id, meeting_uuid, client_id', { parts: (c, e, s) => [s, e, c] }],
  ['part-missing', 'with client_id left out (meeting_uuid, rtms_stream_id)', { parts: (_c, e, s) => [e, s] }],
  ['part-missing', 'with client_id left out (rtms_stream_id, meeting_uuid)', { parts: (_c, e, s) => [s, e] }],
  ['part-missing', 'with meeting_uuid left out', { parts: (c, _e, s) => [c, s] }],
  ['part-missing', 'with meeting_uuid left out (rtms_stream_id, client_id)', { parts: (c, _e, s) => [s, c] }],
  ['part-missing', 'with rtms_stream_id left out', { parts: (c, e) => [c, e] }],
  ['part-missing', 'with rtms_stream_id left out (meeting_uuid, client_id)', { parts: (c, e) => [e, c] }],
  ['part-missing', 'with meeting_uuid and rtms_stream_id left out', { parts: (c) => [c] }],
  ['part-missing', 'with client_id and rtms_stream_id left out', { parts: (_c, e) => [e] }],
  ['part-missing', 'with client_id and meeting_uuid left out', { parts: (_c, _e, s) => [s] }],

  ['no-delimiter', 'without the commas', { join: joinedBy('') }],
  ['wrong-delimiter', 'with colons in place', { join: joinedBy(':') }],
  ['wrong-delimiter', 'with semicolons in place', { join: joinedBy(';') }],
  ['wrong-delimiter', 'with dots in place', { join: joinedBy('.') }],
  ['wrong-delimiter', 'with bars in place', { join: joinedBy('|') }],
  ['wrong-delimiter', 'with hyphens in place', { join: joinedBy('-') }],
  ['wrong-delimiter', 'with underscores in place', { join: joinedBy('_') }],
  ['wrong-delimiter', 'with ampersands in place', { join: joinedBy('&') }],
  ['wrong-delimiter', 'with plus signs in place', { join: joinedBy('+') }],
  ['wrong-delimiter', 'with slashes in place', { join: joinedBy('/') }],
  ['wrong-delimiter', 'with spaces in place', { join: joinedBy(' ') }],
  ['wrong-delimiter', 'with a space after each comma', { join: joinedBy(', ') }],
  ['wrong-delimiter', 'with newlines in place', { join: joinedBy('\n') }],
  ['wrong-delimiter', 'with literal \\n in place', { join: joinedBy('\\n') }],
  ['wrong-delimiter', 'without the first comma', { join: ([first = '', ...others]) => first + others.join(',') }],
  ['wrong-delimiter', 'without the last comma', { join: (values) => values.join(',').replace(/,(?=[^,]*$)/, '') }],
  ['wrong-delimiter', 'with a comma after the last', { join: (values) => `${values.join(',')},` }],
  [
    'wrong-delimiter',
    'as a query string',
    {
      parts: (c, e, s) => [`client_id=${c}`, `meeting_uuid=${e}`, `rtms_stream_id=${s}`],
      join: joinedBy('&'),
    },
  ],

  ['wrong-id', 'with ZM_RTMS_CLIENT in place of client_id', { client: 'EXAMPLEotherClient0002' }],
  ['altered-id', 'with client_id in lower case', { client: CLIENT.toLowerCase() }],
  ['stray-whitespace', 'with double quotes around client_id', { client: `"${CLIENT}"` }],
  ['stray-whitespace', 'with a newline after client_id', { client: `${CLIENT}\n` }],

  ['wrong-id', 'with meeting_number in place of meeting_uuid', { entity: '98765432101' }],
  ['wrong-id', 'with operator_id in place of meeting_uuid', { entity: 'exampleOperator01' }],
  ['wrong-id', 'with rtms_stream_id in place of meeting_uuid', { entity: STREAM }],
  ['part-missing', 'with the word undefined in place of meeting_uuid', { entity: 'undefined' }],
  ['part-missing', 'with nothing in place of meeting_uuid', { entity: '' }],
  ['altered-id', 'with meeting_uuid URL-encoded', { entity: 'a1B2c3D4e5F6%2Fg7H%2B8i9Jw%3D%3D' }],
  ['altered-id', 'with meeting_uuid URL-encoded twice', { entity: 'a1B2c3D4e5F6%252Fg7H%252B8i9Jw%253D%253D' }],
  ['altered-id', 'with meeting_uuid URL-encoded except for /', { entity: 'a1B2c3D4e5F6/g7H%2B8i9Jw%3D%3D' }],
  ['altered-id', 'with meeting_uuid URL-encoded in lower case', { entity: 'a1B2c3D4e5F6%2fg7H%2b8i9Jw%3d%3d' }],
  ['altered-id', '+ turned into a space', { entity: 'a1B2c3D4e5F6/g7H 8i9Jw==' }],
  ['altered-id', 'with meeting_uuid in base64url', { entity: 'a1B2c3D4e5F6_g7H-8i9Jw==' }],
  ['altered-id', 'with meeting_uuid in base64url without padding', { entity: 'a1B2c3D4e5F6_g7H-8i9Jw' }],
  ['altered-id', 'with meeting_uuid without its = padding', { entity: 'a1B2c3D4e5F6/g7H+8i9Jw' }],
  ['altered-id', 'with meeting_uuid in lower case', { entity: 'a1b2c3d4e5f6/g7h+8i9jw==' }],
  ['altered-id', 'with meeting_uuid in upper case', { entity: 'A1B2C3D4E5F6/G7H+8I9JW==' }],
  ['altered-id', 'JSON-escaped: \\/ in place of /', { entity: 'a1B2c3D4e5F6\\/g7H+8i9Jw==' }],
  ['altered-id', 'JSON-escaped: \\u003d in place of =', { entity: 'a1B2c3D4e5F6/g7H+8i9Jw\\u003d\\u003d' }],
  ['altered-id', 'decoded from Base64 to hex', { entity: '6b50767370f87b917afe0ec7fbc8bd27' }],
  ['altered-id', 'cut at its first slash', { entity: 'a1B2c3D4e5F6' }],
  ['stray-whitespace', 'with a space before meeting_uuid', { entity: ` ${ENTITY}` }],
  ['stray-whitespace', 'with CR LF after meeting_uuid', { entity: `${ENTITY}\r\n` }],

  ['altered-id', 'with rtms_stream_id in upper case', { stream: STREAM.toUpperCase() }],
  ['altered-id', 'with rtms_stream_id with the hyphens of a UUID', { stream: '01234567-89ab-cdef-0123-456789abcdef' }],
  ['altered-id', 'with rtms_stream_id without its leading zeros', { stream: STREAM.slice(1) }],
  ['stray-whitespace', 'with single quotes around rtms_stream_id', { stream: `'${STREAM}'` }],

  ['stray-whitespace', 'a newline after', { message: (text) => `${text}\n` }],
  ['stray-whitespace', 'a byte order mark before', { message: (text) => `\uFEFF${text}` }],
  ['stray-whitespace', 'with double quotes around the message', { message: (text) => `"${text}"` }],
  ['altered-id', 'with the message URL-encoded', { message: encodeURIComponent }],
  ['wrong-encoding', 'with the message as UTF-16', { message: (text) => Buffer.from(text, 'utf16le') }],

  ['wrong-key', 'with client_id as the key', { key: CLIENT }],
  ['wrong-key', 'with the Secret Token as the key', { key: SECRET_TOKEN }],
  ['wrong-key', 'with ZM_RTMS_SECRET as the key', { key: 'exampleOtherSecretDDDDEEEEFFFF02' }],
  ['wrong-key', 'with an empty key', { key: '' }],
  ['wrong-key', 'its last character is lost', { key: SECRET.slice(0, -1) }],
  ['key-decoded', 'with the client secret decoded from Base64', { key: Buffer.from(SECRET, 'base64') }],
  ['key-decoded', 'with the client secret written in hex', { key: Buffer.from(SECRET).toString('hex') }],
  ['stray-whitespace', 'with a newline after the client secret', { key: `${SECRET}\n` }],
  ['stray-whitespace', 'with CR LF after the client secret', { key: `${SECRET}\r\n` }],
  ['stray-whitespace', 'with a space after the client secret', { key: `${SECRET} ` }],
  ['stray-whitespace', 'with double quotes around the client secret', { key: `"${SECRET}"` }],
  ['stray-whitespace', 'with a byte order mark before the client secret', { key: `\uFEFF${SECRET}` }],

  ['wrong-algorithm', 'under HMAC-SHA1', { digest: (m, k) => createHmac('sha1', k).update(m).digest() }],
  ['wrong-algorithm', 'under HMAC-SHA384', { digest: (m, k) => createHmac('sha384', k).update(m).digest() }],
  ['wrong-algorithm', 'under HMAC-SHA512', { digest: (m, k) => createHmac('sha512', k).update(m).digest() }],
  ['wrong-algorithm', 'under HMAC-MD5', { digest: (m, k) => createHmac('md5', k).update(m).digest() }],
  ['wrong-algorithm', 'under SHA-256 without a key', { digest: (m) => sha256(m) }],
  ['wrong-algorithm', 'SHA-256 of key + message', { digest: (m, k) => sha256(k, m) }],
  ['wrong-algorithm', 'SHA-256 of message + key', { digest: (m, k) => sha256(m, k) }],
  ['wrong-algorithm', 'with key and message swapped', { digest: (m, k) => createHmac('sha256', m).update(k).digest() }],

  ['wrong-encoding', 'in upper-case hex', { write: (digest) => digest.toString('hex').toUpperCase() }],
  ['wrong-encoding', 'in Base64', { write: (digest) => digest.toString('base64') }],
  ['wrong-encoding', 'in Base64 without padding', { write: (digest) => digest.toString('base64').replaceAll('=', '') }],
  ['wrong-encoding', 'its leading zeros dropped', { write: (digest) => digest.toString('hex').replace(/^0+/, '') }],
  [
    'wrong-encoding',
    'each byte without its leading zero',
    {
      write: (digest) =>
        bytesOf(digest)
          .map((byte) => byte.toString(16))
          .join(''),
    },
  ],
  [
    'wrong-encoding',
    'in hex of signed bytes',
    {
      write: (digest) =>
        bytesOf(digest)
          .map((byte) => (byte > 127 ? 'ffffff' : '') + byte.toString(16).padStart(2, '0'))
          .join(''),
    },
  ],
  [
    'wrong-encoding',
    'in hex of signed bytes, leading zeros dropped',
    {
      write: (digest) =>
        bytesOf(digest)
          .map((byte) => (byte > 127 ? 'ffffff' : '') + byte.toString(16))
          .join(''),
    },
  ],
  [
    'wrong-encoding',
    'in upper-case hex with hyphens',
    {
      write: (digest) =>
        bytesOf(digest)
          .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
          .join('-'),
    },
  ],
  ['wrong-encoding', 'in Base64 of the hex text', { write: (digest) => btoa(digest.toString('hex')) }],
  ['wrong-encoding', 'with v0= before it', { wrap: (text) => `v0=${text}` }],
  ['wrong-encoding', 'with sha256= before it', { wrap: (text) => `sha256=${text}` }],
  ['wrong-encoding', 'with 0x before it', { wrap: (text) => `0x${text}` }],
  ['wrong-encoding', 'cut short at the end', { wrap: (text) => text.slice(0, 40) }],
  ['stray-whitespace', 'with a newline after the value', { wrap: (text) => `${text}\n` }],
  ['stray-whitespace', 'with double quotes around the value', { wrap: (text) => `"${text}"` }],
];

describe('handshake', () => {
  it.each([
    ['no delimiters', '166478efafc094b026f541c73413f04f552e1ef2b6e5a3cf9dc0fa6e2576756c', 'no-delimiter'],
    ['trailing newline', '155036abe0305722170a5bb9c49f1e8839f073982982c11c2d32e13d5f8f3c85', 'stray-whitespace'],
    ['URL-encoded id', '627897b44d0acc6c0944896dedb421278fd0e83f713758dcf1fe830865fbea75', 'altered-id'],
    ['ids swapped', 'e03d19692eb9a5675b545fa1ee230564a588199a62463a9b4c7cfb0716c1ecd1', 'wrong-order'],
    ['client id missing', '00121e98150928d421cbd3030e7058fcc6b4ac9f848f9206f03fe5f6b09c012f', 'part-missing'],
    ['client id as key', '136101ab1608cb5f7864e87e4f18d7c1da4b863697b68a6969e170d5ce346a51', 'wrong-key'],
    ['Base64', 'AANnr7ebwyeux8y3b2Xhx9eZ7tiDL59nNwncGc3PUZ0=', 'wrong-encoding'],
    ['upper case', '000367AFB79BC327AEC7CCB76F65E1C7D799EED8832F9F673709DC19CDCF519D', 'wrong-encoding'],
    ['zeros dropped', '367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d', 'wrong-encoding'],
  ])('knows the worked value: %s', (_, given, cause) => {
    const { mistake } = recogniseHandshakeSignature({ ...INPUT, given });
    expect(mistake).toMatchObject({ cause, causes: [cause], certainty: 'certain' });
  });

  it.each(MISTAKES)('%s: %s', (cause, says, change) => {
    const { mistake } = recogniseHandshakeSignature({ ...INPUT, given: make(change) });
    expect(mistake).toMatchObject({ cause, causes: [cause], certainty: 'certain' });
    expect(mistake?.explanation).toMatch(/^yours is the same three parts /);
    expect(mistake?.explanation).toContain(says);
  });

  it('has an example of every cause but unknown', () => {
    const shown = new Set<string>(MISTAKES.map(([cause]) => cause));
    expect(Object.keys(SIGNATURE_CAUSES).filter((cause) => !shown.has(cause))).toEqual(['unknown']);
  });

  it('recognises any two mistakes in different steps', () => {
    const mistakes = fc.constantFrom(...MISTAKES);
    const pairs = fc.tuple(mistakes, mistakes).filter(([[, , a], [, , b]]) => inDifferentSteps(a, b));
    fc.assert(
      fc.property(pairs, ([[, , change], [, , more]]) => {
        const given = make({ ...change, ...more });
        const { mistake } = recogniseHandshakeSignature({ ...INPUT, given });
        // Which two is not asked: some values come about in several ways, such as a part altered and then left out.
        expect(mistake?.certainty).toBe('certain');
        expect(mistake?.cause).toBe(mistake?.causes[0]);
      }),
      { numRuns: 25 },
    );
  }, 30_000);

  it('tells base64url from Base64 where the digest shows it', () => {
    const parts = { ...PARTS, streamId: 'fedcba9876543210fedcba9876543210' };
    const digest = Buffer.from(signHandshake(parts, SECRET), 'hex');
    expect(digest.toString('base64')).toMatch(/[+/]/);
    const given = digest.toString('base64url');
    expect(recogniseHandshakeSignature({ ...INPUT, parts, given }).mistake).toMatchObject({
      causes: ['wrong-encoding'],
      explanation: 'yours is the same three parts in base64url',
    });
  });

  it.each<[SignatureCause, SignatureCause, Partial<Steps>]>([
    ['wrong-order', 'wrong-delimiter', { parts: (c, e, s) => [e, c, s], join: joinedBy(':') }],
    ['part-missing', 'wrong-key', { parts: (_c, e, s) => [e, s], key: SECRET_TOKEN }],
    ['no-delimiter', 'altered-id', { join: joinedBy(''), entity: encodeURIComponent(ENTITY) }],
    ['wrong-id', 'stray-whitespace', { client: 'EXAMPLEotherClient0002', key: `${SECRET}\n` }],
    ['wrong-id', 'wrong-key', { client: 'EXAMPLEotherClient0002', key: 'exampleOtherSecretDDDDEEEEFFFF02' }],
    ['altered-id', 'altered-id', { entity: ENTITY.toLowerCase(), stream: STREAM.toUpperCase() }],
    ['altered-id', 'wrong-encoding', { entity: ENTITY.slice(0, 22), write: (digest) => digest.toString('base64') }],
    [
      'wrong-encoding',
      'wrong-encoding',
      {
        message: (text) => Buffer.from(text, 'utf16le'),
        write: (digest) => digest.toString('base64'),
      },
    ],
    ['key-decoded', 'wrong-encoding', { key: Buffer.from(SECRET, 'base64'), wrap: (text) => `sha256=${text}` }],
    [
      'wrong-algorithm',
      'wrong-encoding',
      {
        digest: (message, key) => createHmac('sha512', key).update(message).digest(),
        write: (digest) => digest.toString('hex').toUpperCase(),
      },
    ],
    [
      'wrong-encoding',
      'stray-whitespace',
      {
        write: (digest) => digest.toString('base64'),
        wrap: (text) => `"${text}"`,
      },
    ],
  ])('tells which two: %s, %s', (first, second, change) => {
    const { mistake } = recogniseHandshakeSignature({ ...INPUT, given: make(change) });
    expect(mistake).toMatchObject({ cause: first, causes: [first, second] });
  });

  it('joins two mistakes in plain words, the more fundamental first', () => {
    const given = make({ join: joinedBy(''), write: (digest) => digest.toString('base64') });
    expect(recogniseHandshakeSignature({ ...INPUT, given }).mistake).toEqual({
      cause: 'no-delimiter',
      causes: ['no-delimiter', 'wrong-encoding'],
      certainty: 'certain',
      explanation: 'yours is the same three parts without the commas and in Base64',
      fix:
        'message = client_id + "," + meeting_uuid + "," + rtms_stream_id; ' +
        'write the digest as lower-case hex, all 64 characters',
    });
  });

  it('says a fix once where two mistakes share it', () => {
    const given = make({ join: joinedBy(''), parts: (c, e, s) => [s, e, c] });
    expect(recogniseHandshakeSignature({ ...INPUT, given }).mistake).toMatchObject({
      causes: ['wrong-order', 'no-delimiter'],
      fix: 'message = client_id + "," + meeting_uuid + "," + rtms_stream_id',
    });
  });

  it('knows the formula of the early mock server: two parts, no comma, Secret Token', () => {
    const given = make({ parts: (_c, e, s) => [e + s], key: SECRET_TOKEN });
    expect(recogniseHandshakeSignature({ ...INPUT, given }).mistake).toMatchObject({ causes: ['wrong-key'] });
  });

  it('takes off what the id or the secret at hand has too much', () => {
    const parts = { ...PARTS, entityId: `${ENTITY}\n` };
    const given = signHandshake(PARTS, SECRET);
    expect(recogniseHandshakeSignature({ ...INPUT, parts, clientSecret: `"${SECRET}"`, given }).mistake).toMatchObject({
      causes: ['stray-whitespace', 'stray-whitespace'],
      explanation:
        'yours is the same three parts with the whitespace around meeting_uuid taken off ' +
        'and with the quotes around the client secret taken off',
    });
  });

  it.each(['%', '\ud800', ''])('judges the odd id %j', (entityId) => {
    const parts = { ...PARTS, entityId };
    const given = make({ entity: entityId, join: joinedBy('') });
    expect(recogniseHandshakeSignature({ ...INPUT, parts, given }).mistake?.causes).toEqual(['no-delimiter']);
  });

  it("names the entity's own field", () => {
    const entityField = 'session_id';
    const given = make({ join: joinedBy('') });
    expect(recogniseHandshakeSignature({ ...INPUT, entityField, given }).mistake?.fix).toBe(
      'message = client_id + "," + session_id + "," + rtms_stream_id',
    );
  });

  it('finds the missing commas of a demo pair', () => {
    const parts = {
      clientId: '3UVtLa_3TUa4lDu4V7lowA',
      entityId: 'RE/HWbQ7QESDTyweZXDZtA==',
      streamId: '1d330e9ca9c04407bded276b30b64be7',
    };
    const clientSecret = 'demo-secret-not-a-real-one-00001';
    const given = 'c0ee30d4fe80a366456e92442666d5878ad1f9f06aac9a6697e8fcb60916f5fc';
    expect(signHandshake(parts, clientSecret)).toMatch(/^fe51.{56}5636$/);
    expect(recogniseHandshakeSignature({ given, parts, entityField: 'meeting_uuid', clientSecret }).mistake).toEqual({
      cause: 'no-delimiter',
      causes: ['no-delimiter'],
      certainty: 'certain',
      explanation: 'yours is the same three parts without the commas',
      fix: 'message = client_id + "," + meeting_uuid + "," + rtms_stream_id',
    });
  });

  it('finds nothing wrong with the right value', () => {
    expect(recogniseHandshakeSignature({ ...INPUT, given: signHandshake(PARTS, SECRET) })).toEqual({ tried: 0 });
  });

  it.each([
    ["another app's secret", signHandshake(PARTS, 'a secret nobody gave')],
    ['a Secret Token not at hand', signHandshake(PARTS, 'exampleSecretToken0005')],
    ['three mistakes', make({ join: joinedBy(''), key: `${SECRET} `, wrap: (text) => `0x${text}` })],
    ['a piece too short to prove anything', signHandshake(PARTS, SECRET).slice(0, 31)],
    ['nothing', ''],
  ])('does not claim to know %s', (_, given) => {
    const { mistake, tried } = recogniseHandshakeSignature({ ...INPUT, given });
    expect(mistake).toBeUndefined();
    expect(tried).toBeGreaterThan(10_000);
  });

  it('counts values that differ, so a second secret equal to the first adds none', () => {
    const given = 'not a signature';
    const once = recogniseHandshakeSignature({ ...INPUT, otherSecrets: {}, given });
    const twice = recogniseHandshakeSignature({ ...INPUT, otherSecrets: { ZM_RTMS_SECRET: SECRET }, given });
    expect(twice.tried).toBe(once.tried);
  });

  it('tells no secret', () => {
    const secrets = [SECRET, SECRET_TOKEN, INPUT.otherSecrets.ZM_RTMS_SECRET];
    for (const [, , change] of MISTAKES) {
      const told = JSON.stringify(recogniseHandshakeSignature({ ...INPUT, given: make(change) }));
      expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    }
  });
});

describe('webhook', () => {
  const TIMESTAMP = '1784548800';
  const BODY =
    '{"event":"meeting.rtms_started","event_ts":1784548800123,"payload":{"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==",' +
    '"operator_id":"exampleOperator01","rtms_stream_id":"0123456789abcdef0123456789abcdef",' +
    '"server_urls":"wss://rtms-example.invalid:443"}}';
  const PYTHON_BODY =
    '{"event": "meeting.rtms_started", "event_ts": 1784548800123, "payload": ' +
    '{"meeting_uuid": "a1B2c3D4e5F6/g7H+8i9Jw==", "operator_id": "exampleOperator01", ' +
    '"rtms_stream_id": "0123456789abcdef0123456789abcdef", "server_urls": "wss://rtms-example.invalid:443"}}';
  const input = {
    body: BODY,
    timestamp: TIMESTAMP,
    secretToken: SECRET_TOKEN,
    clientSecret: SECRET,
    eventTs: 1784548800123,
  };
  const hmac = (message: string, key = SECRET_TOKEN): Buffer => createHmac('sha256', key).update(message).digest();
  const right = hmac(`v0:${TIMESTAMP}:${BODY}`);

  it.each([
    ['wrong-timestamp', 'event_ts', 'v0=388fd2bd89a026859d343d36f246b252e0c5313bef0431de9137c27805093bce'],
    ['wrong-key', 'with the client secret as the key', signWebhook(BODY, TIMESTAMP, SECRET)],
    ['altered-body', 'as Python does', signWebhook(PYTHON_BODY, TIMESTAMP, SECRET_TOKEN)],
    ['altered-body', 'indented by 2', signWebhook(JSON.stringify(JSON.parse(BODY), null, 2), TIMESTAMP, SECRET_TOKEN)],
    ['altered-body', '/ escaped as PHP does', signWebhook(BODY.replaceAll('/', '\\/'), TIMESTAMP, SECRET_TOKEN)],
    ['stray-whitespace', 'with a newline after the body', signWebhook(`${BODY}\n`, TIMESTAMP, SECRET_TOKEN)],
    ['part-missing', 'without v0: at the start', `v0=${hmac(`${TIMESTAMP}:${BODY}`).toString('hex')}`],
    ['part-missing', 'without v0: and the timestamp', `v0=${hmac(BODY).toString('hex')}`],
    ['wrong-encoding', 'without v0=', right.toString('hex')],
    ['wrong-encoding', 'in Base64', `v0=${right.toString('base64')}`],
    ['wrong-encoding', 'in upper-case hex', `v0=${right.toString('hex').toUpperCase()}`],
    ['wrong-algorithm', 'under SHA-256 without a key', `v0=${sha256(`v0:${TIMESTAMP}:${BODY}`).toString('hex')}`],
  ])('%s: %s', (cause, says, given) => {
    const { mistake } = recogniseWebhookSignature({ ...input, given });
    expect(mistake).toMatchObject({ cause, causes: [cause], certainty: 'certain' });
    expect(mistake?.explanation).toMatch(/^yours is the same timestamp and body /);
    expect(mistake?.explanation).toContain(says);
  });

  it('notices a body made compact', () => {
    const body = JSON.stringify(JSON.parse(BODY), null, 2);
    const given = signWebhook(BODY, TIMESTAMP, SECRET_TOKEN);
    expect(recogniseWebhookSignature({ ...input, body, given }).mistake).toMatchObject({
      cause: 'altered-body',
      explanation: 'yours is the same timestamp and body with the body parsed and written anew, compact',
    });
  });

  it('notices non-ASCII escaped by Python', () => {
    const given = signWebhook(String.raw`{"name": "\u4f1a\ud83c\udfa7"}`, TIMESTAMP, SECRET_TOKEN);
    const body = '{"name":"会🎧"}';
    expect(recogniseWebhookSignature({ ...input, body, given }).mistake?.causes).toEqual(['altered-body']);
  });

  it('names two mistakes together', () => {
    const given = hmac(`${TIMESTAMP}:${BODY}`, SECRET).toString('hex');
    expect(recogniseWebhookSignature({ ...input, given }).mistake).toBeUndefined();
    expect(recogniseWebhookSignature({ ...input, given: `v0=${given}` }).mistake?.causes).toEqual([
      'part-missing',
      'wrong-key',
    ]);
  });

  it('judges a body that is not JSON, nor UTF-8', () => {
    const body = Uint8Array.from([0x7b, 0xff]);
    const given = signWebhook(body, TIMESTAMP, SECRET);
    expect(recogniseWebhookSignature({ ...input, body, given }).mistake?.causes).toEqual(['wrong-key']);
  });

  it.each([
    ['the right value', signWebhook(BODY, TIMESTAMP, SECRET_TOKEN), 0],
    ['the value of another token', signWebhook(BODY, TIMESTAMP, 'exampleSecretToken0005'), 1000],
  ])('finds no mistake in %s', (_, given, atLeast) => {
    const { mistake, tried } = recogniseWebhookSignature({ ...input, given });
    expect(mistake).toBeUndefined();
    expect(Math.min(tried, 1000)).toBe(atLeast);
  });
});

describe('challenge', () => {
  const input = { plainToken: 'qgg8vlvZRS6UYooatFL8Aw', secretToken: SECRET_TOKEN, clientSecret: SECRET };
  const digest = createHmac('sha256', SECRET_TOKEN).update(input.plainToken).digest();
  const withClientSecret = createHmac('sha256', SECRET).update(input.plainToken).digest();

  it.each([
    [['wrong-key'], 'yours is the same plainToken with the client secret as the key', withClientSecret.toString('hex')],
    [['wrong-encoding'], 'yours is the same plainToken in Base64', digest.toString('base64')],
    [['wrong-encoding'], 'yours is the same plainToken in upper-case hex', digest.toString('hex').toUpperCase()],
    [
      ['wrong-key', 'wrong-encoding'],
      'yours is the same plainToken with the client secret as the key and in Base64',
      withClientSecret.toString('base64'),
    ],
  ])('%s: %s', (causes, explanation, given) => {
    expect(recogniseChallenge({ ...input, given }).mistake).toMatchObject({ causes, explanation });
  });

  it('finds no mistake in the right answer, nor in one from another token', () => {
    expect(recogniseChallenge({ ...input, given: digest.toString('hex') })).toEqual({ tried: 0 });
    const given = createHmac('sha256', 'exampleSecretToken0005').update(input.plainToken).digest('hex');
    expect(recogniseChallenge({ ...input, given }).mistake).toBeUndefined();
  });
});
