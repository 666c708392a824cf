/** What the developer's app gets, and what is said of its answer: real apps on port 0. */
import { createServer as createHttpsServer } from 'node:https';
import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { forwardWebhook, type ForwardOptions } from '../../src/net/forward.js';
import type { Answer, WebhookRequest } from '../../src/net/receiver.js';
import { answerUrlValidation } from '../../src/protocol/signature.js';
import { decodeWebhook } from '../../src/protocol/webhooks.js';
import type { CheckEvent, EventBody } from '../../src/session/event.js';
import { WebhookVerifier } from '../../src/session/webhook-verifier.js';
import { httpServer, listening, tcpServer, TLS } from '../helpers/servers.js';

const SECRETS = { secretToken: 'exampleSecretToken0004', clientSecret: 'exampleClientSecretAAAABBBBCCCC01' };
const PLAIN_TOKEN = 'qgg8vlvZRS6UYooatFL8Aw';

function webhook(body: string | Buffer, headers: WebhookRequest['headers'] = []): WebhookRequest {
  const bytes = Buffer.from(body);
  const value: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  return { number: 7, target: '/hook?type=video', headers, body: bytes, webhook: decodeWebhook(value), verified: undefined };
}

const STARTED = webhook('{ "event":"meeting.rtms_started" }');
const VALIDATION = webhook(
  JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken: PLAIN_TOKEN } }),
);

interface Outcome {
  readonly answer: Answer | undefined;
  readonly checks: readonly CheckEvent[];
}

async function forward(
  url: string,
  request: WebhookRequest = STARTED,
  options: Partial<ForwardOptions> = {},
): Promise<Outcome> {
  const events: EventBody[] = [];
  const answer = await forwardWebhook(request, {
    url: new URL(url),
    verifier: new WebhookVerifier(SECRETS),
    emit: (event) => events.push(event),
    ...options,
  });
  return { answer, checks: events.flatMap((event) => (event.type === 'check' ? [event] : [])) };
}

/** The only fact that was emitted. */
async function judged(url: string, request?: WebhookRequest, options?: Partial<ForwardOptions>): Promise<object> {
  const { checks } = await forward(url, request, options);
  expect(checks).toMatchObject([{ rule: 'webhook-answer', frame: 7 }]);
  const [check] = checks;
  return { ok: check?.ok, ...check?.facts };
}

const app = async (handler: RequestListener): Promise<string> => `http://localhost:${await httpServer(handler)}/app`;

describe('the app gets', () => {
  it('the same bytes and headers', async () => {
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    let got: IncomingMessage | undefined;
    const url = await app((request, response) => {
      got = request;
      request.pipe(response);
    });
    const { answer } = await forward(
      url,
      webhook(body, [
        ['Host', 'hook.example.test'],
        ['X-Zm-Signature', 'v0=1'],
        ['x-ODD', 'Zo\u00eb'],
        ['X-A', '1'],
        ['x-a', '2'],
        ['Content-Length', '999'],
        ['Connection', 'keep-alive, x-hop'],
        ['X-Hop', 'gone'],
        ['Transfer-Encoding', 'chunked'],
      ]),
    );
    expect(answer?.body).toEqual(body);
    expect(got?.url).toBe('/app?type=video');
    expect(got?.rawHeaders).toEqual(
      [
        ['host', new URL(url).host],
        ['X-Zm-Signature', 'v0=1'],
        ['x-ODD', 'Zo\u00eb'],
        ['X-A', '1'],
        ['x-a', '2'],
        ['content-length', '4'],
        ['connection', 'close'],
      ].flat(),
    );
  });

  it('the query of its own URL, if that has one', async () => {
    const url = await app((request, response) => response.end(request.url));
    expect((await forward(`${url}?mine`)).answer?.body?.toString()).toBe('/app?mine');
  });
});

describe('of its answer is said', () => {
  it.each<[string, RequestListener, object]>([
    ['200', (_, response) => response.end('OK'), { ok: true, status: 200, body: 'OK' }],
    ['204', (_, response) => response.writeHead(204).end(), { ok: true, status: 204 }],
    ['500', (_, response) => response.writeHead(500).end('TypeError'), { ok: false, status: 500, body: 'TypeError' }],
    [
      'a redirect, which is not followed',
      (_, response) => response.writeHead(302, { location: '/login' }).end(),
      { ok: false, status: 302, location: '/login' },
    ],
    [
      'a long body, cut',
      (_, response) => response.end('x'.repeat(1_000_000)),
      { ok: true, status: 200, body: `${'x'.repeat(300)}…` },
    ],
  ])('%s', async (_, handler, facts) => {
    expect(await judged(await app(handler))).toEqual({ ms: expect.any(Number), ...facts });
  });

  it('how long it took, until its last byte', async () => {
    let time = 0;
    const url = await app((_, response) => {
      response.write('a');
      time = 3400;
      response.end('b');
    });
    expect(await judged(url, STARTED, { now: () => time })).toMatchObject({ status: 200, ms: 3400, body: 'ab' });
  });
});

describe('where none comes it is said why:', () => {
  const unreachable = (code: RegExp): object => ({
    ok: false,
    cause: 'unreachable',
    code: expect.stringMatching(code),
  });

  it('nothing listens', async () => {
    expect(await judged('http://localhost:1/')).toMatchObject(unreachable(/^ECONNREFUSED$/));
  });

  it('the connection is dropped', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.destroy()));
    expect(await judged(`http://localhost:${port}`)).toMatchObject(unreachable(/^ECONNRESET$/));
  });

  it('what listens speaks no HTTP', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    expect(await judged(`http://localhost:${port}`)).toMatchObject(unreachable(/^HPE_/));
  });

  it.each<[string, RequestListener]>([
    ['the app never answers', () => undefined],
    ['the app never ends its answer', (_, response) => response.write('a')],
  ])('%s', async (_, handler) => {
    const { answer, checks } = await forward(await app(handler), STARTED, { timeoutMs: 100 });
    expect(answer).toBeUndefined();
    expect(checks).toMatchObject([{ ok: false, facts: { status: 0, cause: 'no-answer' } }]);
  });

  it('the app answers when Zoom has given up', async () => {
    const waiting: (() => void)[] = [];
    const url = await app((_, response) => waiting.push(() => response.end()));
    const events: EventBody[] = [];
    const options = { url: new URL(url), verifier: new WebhookVerifier(SECRETS), answerWithinMs: 50 };
    const emit = (event: EventBody): number => {
      for (const answer of waiting) answer();
      return events.push(event);
    };
    await forwardWebhook(STARTED, { ...options, emit });
    expect(events).toMatchObject([{ facts: { status: 0, cause: 'no-answer' } }, { facts: { status: 200 } }]);
  });

  it('the certificate is not trusted, or it speaks no TLS', async () => {
    const server = createHttpsServer(TLS.good, (_, response) => response.end());
    const port = await listening(server);
    expect(await judged(`https://localhost:${port}`)).toMatchObject(unreachable(/CERT|SIGNATURE/));
    const plain = await app((_, response) => response.end());
    expect(await judged(plain.replace('http:', 'https:'))).toMatchObject(unreachable(/EPROTO|SSL/));
  });

  it('nobody waits for it any more, and then no fault', async () => {
    const interrupt = new AbortController();
    const url = await app(() => interrupt.abort());
    const { answer, checks } = await forward(url, STARTED, { signal: interrupt.signal });
    expect([answer, checks]).toEqual([undefined, []]);
  });
});

describe('its answer to a URL validation', () => {
  const right = answerUrlValidation(PLAIN_TOKEN, SECRETS.secretToken);
  const wrong = answerUrlValidation(PLAIN_TOKEN, SECRETS.clientSecret);
  it.each<[string, RequestListener, object]>([
    ['right', (_, response) => response.end(JSON.stringify(right)), { ok: true, status: 200 }],
    ['keyed wrongly', (_, response) => response.end(JSON.stringify(wrong)), { ok: false, cause: 'wrong-key' }],
    ['no JSON', (_, response) => response.end('OK'), { ok: false, cause: 'wrong-body' }],
    ['refused', (_, response) => response.writeHead(401).end('{}'), { ok: false, status: 401 }],
  ])('%s', async (_, handler, facts) => {
    expect(await judged(await app(handler), VALIDATION)).toMatchObject(facts);
  });
});

