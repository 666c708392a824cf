import { describe, expect, it } from 'vitest';
import { readdressed, type SignatureFate } from '../../src/protocol/readdressed.js';
import { signWebhook, verifyWebhook } from '../../src/protocol/signature.js';

const TOKEN = 'exampleSecretToken0004';
const TIMESTAMP = '1784548800';
const HERE = 'ws://127.0.0.1:4567/s/signaling';
const BODY = Buffer.from(
  '{"event":"meeting.rtms_started", "payload":{"server_urls":"wss://rtms-sjc1.zoom.us:443"},"n":1.0}',
);
const RIGHT = signWebhook(BODY, TIMESTAMP, TOKEN);

type Headers = readonly (readonly [string, string])[];
const signed = (signature: string): Headers => [
  ['Content-Type', 'application/json'],
  ['X-Zm-Request-Timestamp', TIMESTAMP],
  ['X-Zm-Signature', signature],
];

describe('readdressed', () => {
  it('changes the URL alone, and signs again with the timestamp that came', () => {
    const { headers, body, signature } = readdressed({ headers: signed(RIGHT), body: BODY }, () => HERE, TOKEN);
    expect(body.toString()).toBe(BODY.toString().replace('wss://rtms-sjc1.zoom.us:443', HERE));
    expect(headers.map(([name]) => name)).toEqual(signed(RIGHT).map(([name]) => name));
    expect(headers[1]).toEqual(['X-Zm-Request-Timestamp', TIMESTAMP]);
    expect(verifyWebhook(headers[2]?.[1] ?? '', body, TIMESTAMP, TOKEN)).toBe(true);
    expect(signature).toBe('renewed');
  });

  it.each<[string, Headers, string | undefined, SignatureFate]>([
    ['there is none', signed(RIGHT).slice(0, 2), TOKEN, 'unsigned'],
    ['there is no Secret Token', signed(RIGHT), undefined, 'unknown'],
  ])('leaves the signature where %s', (_, headers, token, fate) => {
    const led = readdressed({ headers, body: BODY }, () => HERE, token);
    expect(led.headers).toBe(headers);
    expect(led.body.toString()).toContain(HERE);
    expect(led.signature).toBe(fate);
  });

  it.each<[string, Headers]>([
    ['is wrong', signed(RIGHT.replace(/.$/, 'x'))],
    ['is of another token', signed(signWebhook(BODY, TIMESTAMP, 'another'))],
    ['has no timestamp', signed(RIGHT).toSpliced(1, 1)],
  ])('leaves everything where the signature %s', (_, headers) => {
    const request = { headers, body: BODY };
    expect(readdressed(request, () => HERE, TOKEN)).toEqual({ ...request, signature: 'wrong' });
  });

  it('hands on the very bytes where no URL is replaced', () => {
    const request = { headers: signed(RIGHT), body: BODY };
    expect(readdressed(request, () => undefined, TOKEN)).toEqual({ ...request, signature: 'kept' });
  });
});
