import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { askEndpoint, type EndpointOptions } from '../../src/net/endpoint.js';
import { isObject } from '../../src/protocol/json.js';
import { answerUrlValidation, verifyWebhook } from '../../src/protocol/signature.js';
import type { CheckEvent, EventBody } from '../../src/session/event.js';
import { httpServer, tcpServer, TLS } from '../helpers/servers.js';

const TOKEN = 'exampleSecretToken000001';
const NOW = Date.parse('2026-11-24T10:00:00Z');

interface Asked {
  readonly event: string;
  readonly signed: boolean;
  readonly age: number;
}

interface Look {
  readonly events: readonly EventBody[];
  readonly asked: readonly Asked[];
  /** `webhook-answer`, `endpoint` and so on, with their facts. */
  readonly checks: readonly CheckEvent[];
}

type App = (asked: Asked, plainToken: string) => { status: number; body?: string; headers?: Record<string, string> };

/** A right one: answers the challenge, verifies everything else. */
const right: App = ({ event, signed, age }, plainToken) => {
  if (event === 'endpoint.url_validation') {
    return { status: 200, body: JSON.stringify(answerUrlValidation(plainToken, TOKEN)) };
  }
  return { status: signed && age < 300 ? 204 : 401 };
};

async function look(app: App, more: Partial<EndpointOptions> = {}, tls?: typeof TLS.good): Promise<Look> {
  const asked: Asked[] = [];
  const port = await httpServer((request, response) => void serve(request, response), tls);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const value: unknown = JSON.parse(body);
    const { event, payload } = isObject(value) ? value : {};
    const [signature, timestamp] = ['x-zm-signature', 'x-zm-request-timestamp'].map((name) =>
      String(request.headers[name]),
    );
    const signed = verifyWebhook(signature ?? '', Buffer.from(body), timestamp ?? '', TOKEN);
    const each = { event: String(event), signed, age: signed ? NOW / 1000 - Number(timestamp) : 0 };
    asked.push(each);
    const { status, body: answer = '', headers = {} } = app(each, String(isObject(payload) && payload['plainToken']));
    response.writeHead(status, headers).end(answer);
  }

  return { ...(await ask(new URL(`${tls ? 'https' : 'http'}://localhost:${port}/webhook`), more)), asked };
}

async function ask(url: URL, more: Partial<EndpointOptions> = {}): Promise<Look> {
  const events: EventBody[] = [];
  await askEndpoint({
    url,
    secretToken: TOKEN,
    validation: () => ({}),
    dial: { timeoutMs: 5000 },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    unixNow: () => NOW,
    ...more,
  });
  return { events, asked: [], checks: events.flatMap((event) => (event.type === 'check' ? [event] : [])) };
}

const brief = ({ checks }: Look): string[] =>
  checks.map(({ rule, ok, frame, facts: { status, what, cause, step } }) =>
    [rule, ok ? '' : 'not', frame, what, status, cause, step]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  );

describe('an endpoint', () => {
  it('is asked four things, none of which announces a stream', async () => {
    const result = await look(right);
    expect(result.asked).toEqual([
      { event: 'endpoint.url_validation', signed: true, age: 0 },
      { event: 'endpoint.check', signed: true, age: 0 },
      { event: 'endpoint.check', signed: false, age: 0 },
      { event: 'endpoint.check', signed: true, age: 600 },
    ]);
    expect(brief(result)).toEqual([
      'webhook-answer 1 200',
      'endpoint request',
      'webhook-answer 4 204',
      'endpoint-guard unsigned 401',
      'endpoint-guard stale 401',
    ]);
    expect(result.events.filter(({ type }) => type === 'webhook')).toHaveLength(2);
    expect(JSON.stringify(result.events)).not.toContain(TOKEN);
  });

  it('is asked less without the Secret Token', async () => {
    const result = await look(right, { secretToken: undefined });
    expect(result.asked).toEqual([
      { event: 'endpoint.url_validation', signed: false, age: 0 },
      { event: 'endpoint.check', signed: false, age: 0 },
    ]);
  });

  it('that answers anything with 200', async () => {
    const result = await look(() => ({ status: 200, body: 'ok' }), { validation: () => ({ cause: 'wrong-body' }) });
    expect(brief(result)).toEqual([
      'webhook-answer not 1 200 wrong-body',
      'endpoint request',
      'webhook-answer 4 200',
      'endpoint-guard not unsigned 200',
      'endpoint-guard not stale 200',
    ]);
  });

  it('that leads elsewhere is not followed', async () => {
    const result = await look(() => ({ status: 308, headers: { location: 'https://app.example.com/webhook/' } }));
    expect(result.checks[0]).toMatchObject({
      ok: false,
      facts: { status: 308, location: 'https://app.example.com/webhook/' },
    });
    expect(result.asked).toHaveLength(4);
  });

  it('where a page of a tunnel answers', async () => {
    const page = { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } };
    const { checks } = await look(() => page);
    expect(checks[1]).toMatchObject({ rule: 'endpoint', ok: true, facts: { page: true } });
  });

  it.each([
    ['JSON that is called HTML, as PHP does', { status: 200, body: '{}', headers: { 'content-type': 'text/html' } }],
    ['the page of a redirect', { status: 301, body: '<html>', headers: { location: '/elsewhere' } }],
  ])('is not taken for a page by %s', async (_, given) => {
    const { checks } = await look(() => given);
    expect(checks[1]).toMatchObject({ rule: 'endpoint', ok: true });
    expect(checks[1]?.facts).not.toHaveProperty('page');
  });

  it('tells of its certificate', async () => {
    const { checks } = await look(right, { dial: { timeoutMs: 5000, ca: TLS.ca } }, TLS.good);
    expect(checks[1]).toMatchObject({
      rule: 'endpoint',
      ok: true,
      facts: { protocol: 'TLSv1.3', issuer: 'rtms test', chain: 2, validDays: expect.any(Number) },
    });
  });

  it('whose certificate is not accepted is asked nothing', async () => {
    const result = await look(right, {}, TLS.good);
    expect(result.asked).toEqual([]);
    expect(result.events).toMatchObject([
      {
        rule: 'endpoint',
        ok: false,
        facts: { step: 'tls', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', issuer: 'rtms test', chain: 1 },
      },
    ]);
  });

  it('that is not there is asked once', async () => {
    expect(brief(await ask(new URL('http://localhost:1/')))).toEqual(['endpoint not tcp']);
  });

  it('that does not answer is asked once', async () => {
    const port = await tcpServer(() => undefined);
    const result = await ask(new URL(`http://localhost:${port}/`), { dial: { timeoutMs: 200 } });
    expect(brief(result)).toEqual(['webhook-answer not 1 0 no-answer', 'endpoint request']);
  });

  it('has no more read of a long answer than is looked at', async () => {
    const { checks } = await look(() => ({ status: 200, body: 'x'.repeat(1_000_000) }));
    expect(String(checks[0]?.facts['body']).length).toBeLessThan(400);
  });
});
