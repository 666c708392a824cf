import { describe, expect, it } from 'vitest';
import { exchange, type Exchange, type HttpRequest } from '../../src/net/http.js';
import { connectProxy, httpServer, tcpServer, TLS } from '../helpers/servers.js';

function ask(url: string, request: Partial<HttpRequest> = {}, options: object = {}): Promise<Exchange> {
  const signal = new AbortController().signal;
  const target = { socket: 'host:test', now: () => performance.now(), signal, timeoutMs: 5000, ...options } as const;
  return exchange({ method: 'GET', mostBytes: 1000, ...request, url: new URL(url) }, target);
}

const steps = ({ phases }: Exchange): string[] => phases.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);

describe('exchange', () => {
  it('asks once, and hands on status, headers and body', async () => {
    const port = await httpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () =>
        response
          .writeHead(201, { 'x-seen': request.headers['x-mine'] })
          .end(`${request.method} ${request.url} ${body}`),
      );
    });
    const result = await ask(`http://localhost:${port}/a?b=c`, {
      method: 'POST',
      headers: { 'x-mine': 'here' },
      body: '{"ü":1}',
    });
    expect(steps(result)).toEqual(['dns ok', 'tcp ok', 'request ok']);
    expect(result.answer).toMatchObject({ status: 201, headers: { 'x-seen': 'here' }, body: 'POST /a?b=c {"ü":1}' });
  });

  it('goes through TLS and a proxy', async () => {
    const port = await httpServer((_, response) => response.end('hello'), TLS.good);
    const proxy = await connectProxy();
    const result = await ask(`https://localhost:${port}`, {}, { ca: TLS.ca, proxy: proxy.url });
    expect(steps(result)).toEqual(['dns ok', 'tcp ok', 'proxy ok', 'tls ok', 'request ok']);
    expect(result.answer).toMatchObject({ status: 200, body: 'hello' });
    expect(proxy.asked).toMatchObject([{ authority: `localhost:${port}` }]);
  });

  it('follows no redirect', async () => {
    const port = await httpServer((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const { answer } = await ask(`http://localhost:${port}`);
    expect(answer).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
  });

  it('reads no more of a body than wanted', async () => {
    const port = await httpServer((_, response) => {
      response.writeHead(200).write('x'.repeat(5000));
    });
    const { answer } = await ask(`http://localhost:${port}`, { mostBytes: 10 });
    expect(answer?.body).toBe('xxxxxxxxxx');
  });

  it.each([
    ['nothing listens', () => Promise.resolve(1), 'tcp failed', 'ECONNREFUSED'],
    ['nothing is answered', () => tcpServer(() => undefined), 'request failed', 'ETIMEDOUT'],
    ['the connection is cut', () => tcpServer((socket) => socket.end()), 'request failed', 'ECONNRESET'],
    [
      'the body never ends',
      () => httpServer((_, response) => void response.writeHead(200, { 'content-length': 9 }).write('half')),
      'request failed',
      'ETIMEDOUT',
    ],
  ])('tells the step that failed where %s', async (_, listen, step, code) => {
    const result = await ask(`http://localhost:${await listen()}`, {}, { timeoutMs: 200 });
    expect(result.answer).toBeUndefined();
    expect(steps(result).at(-1)).toBe(step);
    expect(result.phases.at(-1)?.detail).toMatchObject({ code });
  });
});
