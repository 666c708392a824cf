import { describe, expect, it } from 'vitest';
import { answerUrlValidation, signWebhook } from '../../src/protocol/signature.js';
import { decodeWebhook } from '../../src/protocol/webhooks.js';
import { WebhookVerifier } from '../../src/session/webhook-verifier.js';

const SECRET_TOKEN = 'exampleSecretToken0004';
const CLIENT_SECRET = 'exampleClientSecretAAAABBBBCCCC01';
const SECRETS = { secretToken: SECRET_TOKEN, clientSecret: CLIENT_SECRET };
const TIMESTAMP = '1784548800';
const NOW = 1_784_548_800_500;
const PLAIN_TOKEN = 'qgg8vlvZRS6UYooatFL8Aw';

const BODY = '{ "event":"meeting.rtms_started", "event_ts":1784548800123, "payload":{"rtms_stream_id":"a/b"} }';
const CHALLENGE = JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken: PLAIN_TOKEN } });

const request = (headers: Record<string, string>, body: string) => ({
  headers,
  body: Buffer.from(body),
  webhook: decodeWebhook(JSON.parse(body)),
});

const signed = (body: string, timestamp = TIMESTAMP, key = SECRET_TOKEN) => ({
  'x-zm-request-timestamp': timestamp,
  'x-zm-signature': signWebhook(body, timestamp, key),
});

describe('a webhook signature', () => {
  const verifier = () => new WebhookVerifier(SECRETS, () => NOW);

  it('that is right is said to be', () => {
    expect(verifier().signature(request(signed(BODY), BODY))).toEqual({ ok: true, facts: {} });
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['of the client secret', signed(BODY, TIMESTAMP, CLIENT_SECRET), 'wrong-key', /the client secret as the key/],
    ['of the body written anew', signed(JSON.stringify(JSON.parse(BODY))), 'altered-body', /written anew, compact/],
    [
      'of event_ts',
      { ...signed(BODY), 'x-zm-signature': signWebhook(BODY, '1784548800123', SECRET_TOKEN) },
      'wrong-timestamp',
      /event_ts in place of the timestamp/,
    ],
    ['of another app', signed(BODY, TIMESTAMP, 'anotherSecretToken'), 'unknown', /^$/],
    ['without a timestamp', { 'x-zm-signature': signed(BODY)['x-zm-signature'] }, 'part-missing', /is not there/],
  ])('%s is explained', (_, headers, cause, explanation) => {
    const { ok, facts } = verifier().signature(request(headers, BODY)) ?? {};
    expect({ ok, cause: facts?.['cause'] }).toEqual({ ok: false, cause });
    expect(facts?.['explanation'] ?? '').toMatch(explanation);
    expect(JSON.stringify(facts)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('is not right where the client secret was given for the Secret Token', () => {
    const confused = new WebhookVerifier({ secretToken: CLIENT_SECRET, clientSecret: CLIENT_SECRET }, () => NOW);
    const judgement = confused.signature(request(signed(BODY), BODY));
    expect(judgement?.facts).toMatchObject({ cause: 'wrong-key', explanation: expect.stringMatching(/client secret$/) });
  });

  it.each([
    ['old', NOW + 300_000, false],
    ['from the future', NOW - 301_500, false],
    ['almost too old', NOW + 299_000, true],
  ])('on a request %s', (_, now, ok) => {
    const judgement = new WebhookVerifier(SECRETS, () => now).signature(request(signed(BODY), BODY));
    expect(judgement).toMatchObject(ok ? { ok } : { ok, facts: { cause: 'stale' } });
  });

  it('is missed on an event, not on a URL validation', () => {
    expect(verifier().signature(request({}, BODY))).toEqual({ ok: false, facts: { cause: 'unsigned' } });
    expect(verifier().signature(request({}, CHALLENGE))).toBeUndefined();
    expect(verifier().signature(request(signed(CHALLENGE), CHALLENGE))).toMatchObject({ ok: true });
  });

  it('is not verified without a Secret Token', () => {
    expect(new WebhookVerifier(undefined).signature(request(signed(BODY), BODY))).toBeUndefined();
  });

  it('is explained a tenth of the time at most', () => {
    let now = 0;
    const busy = new WebhookVerifier(SECRETS, () => (now += 50));
    // One explanation takes 50 ms here, and is followed by 450 ms in which eight are left out.
    const causes = Array.from({ length: 18 }, () => {
      return busy.signature(request(signed(BODY, TIMESTAMP, CLIENT_SECRET), BODY))?.facts['cause'];
    });
    expect(causes.filter((cause) => cause === 'wrong-key')).toHaveLength(2);
  });

  it('on a very long body is not explained', () => {
    const long = JSON.stringify({ event: 'x'.repeat(100_000) });
    const judgement = verifier().signature(request(signed(long, TIMESTAMP, CLIENT_SECRET), long));
    expect(judgement?.facts['explanation']).toMatch(/too long/);
  });
});

describe('the answer to a URL validation', () => {
  const verifier = new WebhookVerifier(SECRETS, () => NOW);
  const right = answerUrlValidation(PLAIN_TOKEN, SECRET_TOKEN);
  const base64 = Buffer.from(right.encryptedToken, 'hex').toString('base64');
  const answer = (fields: object | string): Buffer => Buffer.from(JSON.stringify(fields));

  it('is known with the Secret Token', () => {
    expect(verifier.answer(PLAIN_TOKEN)).toEqual(right);
    expect(new WebhookVerifier(undefined).answer(PLAIN_TOKEN)).toBeUndefined();
  });

  it.each<[string, Buffer, object]>([
    ['right', answer(right), {}],
    ['no JSON', Buffer.from('OK'), { cause: 'wrong-body', explanation: 'it is not a JSON object' }],
    ['a string', answer('OK'), { cause: 'wrong-body', explanation: 'it is not a JSON object' }],
    ['without plainToken', answer({ encryptedToken: 'a' }), { explanation: 'plainToken is not there' }],
    ['of another plainToken', answer({ plainToken: 'a' }), { explanation: 'plainToken is not the one that was sent' }],
    ['without encryptedToken', answer({ plainToken: PLAIN_TOKEN }), { explanation: 'encryptedToken is not there' }],
    ['keyed with the client secret', answer(answerUrlValidation(PLAIN_TOKEN, CLIENT_SECRET)), { cause: 'wrong-key' }],
    ['in Base64', answer({ ...right, encryptedToken: base64 }), { cause: 'wrong-encoding' }],
    ['of another app', answer(answerUrlValidation(PLAIN_TOKEN, 'another')), { cause: 'unknown' }],
  ])('%s', (_, body, facts) => {
    const found = verifier.validation(body, PLAIN_TOKEN);
    expect(found).toMatchObject(facts);
    if (Object.keys(facts).length === 0) expect(found).toEqual({});
    expect(JSON.stringify(found)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('has the right form or not, without the Secret Token', () => {
    const blind = new WebhookVerifier(undefined);
    expect(blind.validation(answer(answerUrlValidation(PLAIN_TOKEN, 'any')), PLAIN_TOKEN)).toEqual({});
    expect(blind.validation(answer({ ...right, encryptedToken: base64 }), PLAIN_TOKEN)).toMatchObject({
      cause: 'wrong-encoding',
    });
  });
});
