/** The webhook endpoint over real connections: what it answers, when, and what it puts on record. */
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver, type Receiver, type ReceiverOptions, type WebhookRequest } from '../../src/net/receiver.js';
import { answerUrlValidation, signWebhook } from '../../src/protocol/signature.js';
import type { EventBody } from '../../src/session/event.js';
import { webhookBytes } from '../../src/session/message.js';
import { WebhookVerifier } from '../../src/session/webhook-verifier.js';

const SECRET_TOKEN = 'exampleSecretToken0004';
const VERIFIER = new WebhookVerifier({ secretToken: SECRET_TOKEN });
const PLAIN_TOKEN = 'qgg8vlvZRS6UYooatFL8Aw';
const MIB = 1024 * 1024;

const STARTED = '{ "event":"meeting.rtms_started", "payload":{ "rtms_stream_id":"a" } }\n';
const challenge = (plainToken: string): string =>
  JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken } });

function signed(body: string | Uint8Array): OutgoingHttpHeaders {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return { 'X-Zm-Request-Timestamp': timestamp, 'x-zm-signature': signWebhook(body, timestamp, SECRET_TOKEN) };
}

interface Setup extends Receiver {
  readonly events: EventBody[];
  /** What was handed on. */
  readonly requests: WebhookRequest[];
}

async function receiver(options: Partial<ReceiverOptions> = {}): Promise<Setup> {
  const [events, requests]: [EventBody[], WebhookRequest[]] = [[], []];
  const onWebhook = async (request: WebhookRequest): Promise<undefined> => void requests.push(request);
  const emit = (event: EventBody): number => events.push(event);
  const started = await startReceiver({ verifier: VERIFIER, emit, onWebhook, ...options });
  onTestFinished(() => started.close());
  return { ...started, events, requests };
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function send(
  { url }: { readonly url: string },
  body: string | Uint8Array = '',
  headers: OutgoingHttpHeaders = {},
  method = 'POST',
): Promise<Reply> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method, headers, agent: false }, resolve).on('error', reject).end(body);
  });
  return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) };
}

/** Writes raw bytes and resolves to all that comes back until the connection ends. */
async function raw({ port }: Receiver, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(bytes);
  return (await buffer(socket)).toString();
}

/** Resolves when the connection is over, however it ends: a server that has heard enough may reset it. */
async function hungUp({ port }: Receiver, bytes: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
}

/** What holds up whoever awaits it. */
function gate(): { readonly opened: Promise<undefined>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
  return { opened, open };
}

const notes = ({ events }: Setup): string[] => events.flatMap((event) => (event.type === 'note' ? [event.text] : []));

describe('an event', () => {
  it('is answered with 200 and put on record', async () => {
    const setup = await receiver();
    const { status, body } = await send(setup, STARTED, { ...signed(STARTED), 'X-A': ['1', '2'] });
    expect([status, body]).toEqual([200, '']);
    expect(setup.events).toMatchObject([
      { type: 'webhook', body: STARTED, headers: { 'x-a': '1, 2', 'x-zm-signature': expect.stringMatching(/^v0=/) } },
      { type: 'check', rule: 'webhook-signature-mismatch', ok: true, frame: 1 },
      { type: 'check', rule: 'webhook-answer', ok: true, frame: 1, facts: { status: 200, by: 'rtms' } },
    ]);
  });

  it('is answered before anything is done with it', async () => {
    const held = gate();
    const setup = await receiver({ onWebhook: () => held.opened });
    expect((await send(setup, STARTED)).status).toBe(200);
    held.open();
  });

  it('is handed on as it came', async () => {
    const { url, requests } = await receiver({ path: '/hook' });
    await send({ url: `${url}?type=video` }, STARTED, { 'X-Odd-Case': 'Kept' });
    await send({ url }, STARTED, signed(STARTED));
    expect(requests).toMatchObject([
      { number: 1, target: '/hook?type=video', body: Buffer.from(STARTED), verified: undefined },
      { number: 4, target: '/hook', verified: true },
    ]);
    expect(requests[0]?.headers).toContainEqual(['X-Odd-Case', 'Kept']);
  });

  it.each([
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x7d])],
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['nothing', Buffer.alloc(0)],
    ['no JSON', Buffer.from('hello')],
    ['deep nesting', Buffer.from('['.repeat(100_000))],
  ])('of %s is kept byte for byte', async (_, bytes) => {
    const setup = await receiver();
    expect((await send(setup, bytes)).status).toBe(200);
    const [event] = setup.events;
    expect(event?.type === 'webhook' && webhookBytes(event).equals(bytes)).toBe(true);
  });

  it('with a wrong signature is answered, and the mistake named', async () => {
    const setup = await receiver();
    const { status } = await send(setup, STARTED, signed(JSON.stringify(JSON.parse(STARTED))));
    expect(status).toBe(200);
    expect(setup.events[1]).toMatchObject({ ok: false, facts: { cause: 'altered-body' } });
    expect(setup.requests).toMatchObject([{ verified: false }]);
  });
});

describe('a URL validation', () => {
  it.each([
    ['signed', signed(challenge(PLAIN_TOKEN)), [{ rule: 'webhook-signature-mismatch', ok: true }]],
    ['unsigned', {}, []],
    ['signed wrongly', signed('x'), [{ rule: 'webhook-signature-mismatch', ok: false }]],
  ])('%s is answered', async (_, headers, checks) => {
    const setup = await receiver();
    const reply = await send(setup, challenge(PLAIN_TOKEN), headers);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.parse(reply.body)).toEqual(answerUrlValidation(PLAIN_TOKEN, SECRET_TOKEN));
    expect(setup.events.slice(1)).toMatchObject([...checks, { rule: 'webhook-answer', ok: true }]);
    expect(JSON.stringify(setup.events)).not.toContain(answerUrlValidation(PLAIN_TOKEN, SECRET_TOKEN).encryptedToken);
  });

  it('that would have a webhook signed is refused', async () => {
    const setup = await receiver();
    const { status, body } = await send(setup, challenge(`v0:1784548800:${STARTED}`));
    expect(status).toBe(400);
    expect(body).not.toMatch(/[0-9a-f]{64}/);
    expect(setup.events.at(-1)).toMatchObject({ ok: false, facts: { cause: 'forgery' } });
  });

  it('without a Secret Token is answered as the app does', async () => {
    const setup = await receiver({
      verifier: new WebhookVerifier(undefined),
      onWebhook: async () => ({ status: 201, headers: { 'content-type': 'text/plain' }, body: 'theirs' }),
    });
    expect(await send(setup, challenge(PLAIN_TOKEN))).toMatchObject({ status: 201, body: 'theirs' });
    expect(setup.events.map(({ type }) => type)).toEqual(['webhook']);
  });

  it('that nobody can answer is answered with 503', async () => {
    const setup = await receiver({ verifier: new WebhookVerifier(undefined) });
    expect((await send(setup, challenge(PLAIN_TOKEN))).status).toBe(503);
    expect(setup.events.at(-1)).toMatchObject({ ok: false, facts: { status: 503, cause: 'no-token' } });
  });
});

describe('what is no webhook', () => {
  it.each([
    ['GET', '/hook', 200],
    ['HEAD', '/hook', 200],
    ['PUT', '/hook', 405],
    ['OPTIONS', '/hook?a', 405],
    ['POST', '/', 404],
    ['POST', '/hook/', 404],
    ['GET', '/favicon.ico', 404],
  ])('%s %s is answered with %i', async (method, target, status) => {
    const setup = await receiver({ path: '/hook' });
    const reply = await send({ url: new URL(target, setup.url).href }, '', {}, method);
    expect(reply.status).toBe(status);
    expect(reply.headers.allow).toBe(status === 405 ? 'GET, HEAD, POST' : undefined);
    expect(notes(setup)).toHaveLength(status === 200 ? 0 : 1);
  });

  it('is remarked on once', async () => {
    const setup = await receiver({ path: '/hook' });
    for (const _ of [1, 2]) await send({ url: `http://127.0.0.1:${setup.port}/old?x=${_}` });
    expect(notes(setup)).toEqual(['POST /old was answered with 404: webhooks are taken on another path']);
  });

  it.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['a header of 100 kB', `POST / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('%s ends the connection, and nothing else', async (_, bytes) => {
    const setup = await receiver();
    await hungUp(setup, bytes);
    expect((await send(setup, STARTED)).status).toBe(200);
  });
});

describe('bounds', () => {
  it('a body of 1 MiB is taken, one more byte is not', async () => {
    const setup = await receiver();
    expect((await send(setup, Buffer.alloc(MIB, 0x20))).status).toBe(200);
    expect((await send(setup, Buffer.alloc(MIB + 1, 0x20))).status).toBe(413);
    expect((await send(setup, Buffer.alloc(MIB + 1, 0x20), { 'transfer-encoding': 'chunked' })).status).toBe(413);
    expect(setup.events.filter(({ type }) => type === 'webhook')).toHaveLength(1);
    expect(notes(setup)).toEqual(['POST / was answered with 413: no webhook is larger than 1 MiB']);
  });

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nhost: a\r\nx-a: '],
    ['a body', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{'],
  ])('a client that never ends its %s is dropped', async (_, bytes) => {
    const setup = await receiver({ requestTimeoutMs: 200 });
    expect(await raw(setup, bytes)).toMatch(/^(?:HTTP\/1\.1 408|$)/);
    expect(setup.events).toEqual([]);
  });

  it('a flood is answered', async () => {
    const setup = await receiver();
    const statuses: (number | undefined)[] = [];
    const sender = async (): Promise<void> => {
      for (let sent = 0; sent < 100; sent += 1) statuses.push((await send(setup, STARTED, signed(STARTED))).status);
    };
    await Promise.all(Array.from({ length: 30 }, sender));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(setup.events.filter(({ type }) => type === 'webhook')).toHaveLength(3000);
  });

  it('more than can be held is told to come back, and then is taken', async () => {
    const held = gate();
    const setup = await receiver({ onWebhook: () => held.opened });
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await send(setup, Buffer.alloc(MIB, 0x20))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    held.open();
    await setup.close();
    expect(notes(setup)).toEqual(['POST / was answered with 503: too many webhooks at once']);
  });
});

describe('listening', () => {
  it('works on ::1', async () => {
    const setup = await receiver({ host: '::1' });
    expect(setup.url).toBe(`http://[::1]:${setup.port}/`);
    expect((await send(setup, STARTED)).status).toBe(200);
  });

  it.each([
    ['a port in use', async () => ({ port: (await receiver()).port }), 3, 'another program listens there already'],
    ['another host', async () => ({ host: '203.0.113.1' }), 2, 'this machine has no such address'],
  ])('says what keeps it from %s', async (_, options, exitCode, message) => {
    await expect(receiver(await options())).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode,
    });
  });

  it('ends when what it does has ended, and drops clients that wait', async () => {
    const held = gate();
    const setup = await receiver({ onWebhook: () => held.opened });
    const idle = raw(setup, 'POST / HTTP/1.1\r\n');
    await send(setup, STARTED);
    let closed = false;
    const closing = setup.close().then(() => (closed = true));
    await expect(send(setup, STARTED)).rejects.toThrow('ECONNREFUSED');
    expect(closed).toBe(false);
    held.open();
    await closing;
    expect(await idle).toBe('');
  });
});
