import { describe, expect, it } from 'vitest';
import { dial, type DialOptions } from '../../src/net/dial.js';
import type { EventBody, PhaseEvent } from '../../src/session/event.js';
import { connectProxy, httpServer, tcpServer, TLS, webSocketServer } from '../helpers/servers.js';

interface Attempt {
  readonly opened: boolean;
  readonly phases: readonly PhaseEvent[];
}

/** Dials, notes the phases, and closes again. */
async function attempt(
  url: string,
  options: Partial<DialOptions> = {},
  signal = new AbortController().signal,
): Promise<Attempt> {
  const phases: PhaseEvent[] = [];
  const socket = await dial({
    timeoutMs: 5000,
    ...options,
    url: new URL(url),
    socket: 'signaling',
    emit: (event: EventBody) => {
      if (event.type === 'phase') phases.push(event);
    },
    now: () => performance.now(),
    signal,
    attach: () => undefined,
  });
  socket?.terminate();
  return { opened: socket !== undefined, phases };
}

const names = ({ phases }: Attempt): string[] => phases.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);

describe('dial opens', () => {
  it('a plain WebSocket', async () => {
    const result = await attempt(await webSocketServer(() => undefined));
    expect(result.opened).toBe(true);
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'upgrade ok']);
  });

  it('one over TLS, with facts about the certificate', async () => {
    const result = await attempt(await webSocketServer(() => undefined, TLS.good), { ca: TLS.ca });
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'tls ok', 'upgrade ok']);
    expect(result.phases[2]?.detail).toMatchObject({
      protocol: 'TLSv1.3',
      verified: true,
      issuer: 'rtms test',
      chain: 2,
      authority: 'rtms test',
      publicAuthority: false,
    });
    expect(result.phases[2]?.detail['validDays']).toBeGreaterThan(1000);
  });

  it('one with a certificate nobody vouches for, if told to', async () => {
    const result = await attempt(await webSocketServer(() => undefined, TLS.good), { insecure: true });
    expect(result.opened).toBe(true);
    expect(result.phases[2]?.detail).toMatchObject({ verified: false });
  });

  it('one through a proxy', async () => {
    const url = await webSocketServer(() => undefined, TLS.good);
    const proxy = await connectProxy();
    proxy.url.username = 'ada';
    proxy.url.password = 'p@ss';
    const result = await attempt(url, { ca: TLS.ca, proxy: proxy.url });
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'proxy ok', 'tls ok', 'upgrade ok']);
    expect(proxy.asked).toEqual([
      { authority: new URL(url).host, authorization: `Basic ${Buffer.from('ada:p@ss').toString('base64')}` },
    ]);
    expect(JSON.stringify(result.phases)).not.toContain('p@ss');
  });

  it('and hands out the TLS keys', async () => {
    const lines: string[] = [];
    const url = await webSocketServer(() => undefined, TLS.good);
    await attempt(url, { ca: TLS.ca, onKeylog: (line) => lines.push(line.toString()) });
    expect(lines.join('')).toMatch(/^CLIENT_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]+\n/m);
  });
});

describe('dial fails at', () => {
  it('dns', async () => {
    const result = await attempt('wss://no-such-host.invalid');
    expect(names(result)).toEqual(['dns failed']);
    expect(result.phases[0]?.detail['code']).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('tcp, where nobody listens', async () => {
    const result = await attempt('ws://127.0.0.1:1');
    expect(names(result)).toEqual(['dns ok', 'tcp failed']);
    expect(result.phases[1]?.detail).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['an unknown authority', TLS.good, {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['an expired certificate', TLS.expired, { ca: TLS.ca }, 'CERT_HAS_EXPIRED'],
  ])('tls, for %s', async (_, certificate, options, code) => {
    const result = await attempt(await webSocketServer(() => undefined, certificate), options);
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'tls failed']);
    expect(result.phases[2]?.detail).toMatchObject({
      code,
      issuer: 'rtms test',
      message: 'the certificate issued by rtms test is not accepted',
    });
  });

  it('tls, where the server speaks none', async () => {
    const url = await webSocketServer(() => undefined);
    const result = await attempt(url.replace('ws:', 'wss:'));
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'tls failed']);
    expect(result.phases[2]?.detail['code']).toMatch(/^ERR_SSL_/);
  });

  it('the proxy', async () => {
    const proxy = await connectProxy(407);
    const result = await attempt('wss://localhost:1', { proxy: proxy.url });
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'proxy failed']);
    expect(result.phases[2]?.detail).toMatchObject({ status: 407 });
  });

  it.each([
    [200, 'a web page'],
    [401, 'no'],
    [503, ''],
  ])('upgrade, with HTTP %d', async (status, body) => {
    const port = await httpServer((_, response) => response.writeHead(status, { server: 'nginx' }).end(body));
    const result = await attempt(`ws://localhost:${port}`);
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'upgrade failed']);
    expect(result.phases[2]?.detail).toMatchObject({ status, body, server: 'nginx' });
  });

  it('upgrade, with a status whose body never comes to its end', async () => {
    const port = await httpServer((_, response) => response.writeHead(403, { 'content-length': 1000 }).write('half'));
    const result = await attempt(`ws://localhost:${port}`, { timeoutMs: 200 });
    expect(result.phases.at(-1)).toMatchObject({ name: 'upgrade', ok: false, detail: { status: 403, body: 'half' } });
  });

  it('upgrade, with a status whose body is cut', async () => {
    const port = await httpServer((_, response) => {
      response.writeHead(403, { 'content-length': 1000 }).write('half', () => response.destroy());
    });
    const result = await attempt(`ws://localhost:${port}`);
    expect(result.phases.at(-1)).toMatchObject({ ok: false, detail: { status: 403 } });
  });

  it.each([
    ['garbage', (write: (text: string) => void) => write('SSH-2.0-OpenSSH_9.6\r\n'), /^HPE_/],
    ['nothing and hangs up', (_: unknown, end: () => void) => end(), /ECONNRESET/],
  ])('upgrade, when the server says %s', async (_, behave, code) => {
    const port = await tcpServer((socket) => {
      socket.once('data', () =>
        behave(
          (text) => socket.write(text),
          () => socket.end(),
        ),
      );
    });
    const result = await attempt(`ws://localhost:${port}`);
    expect(names(result)).toEqual(['dns ok', 'tcp ok', 'upgrade failed']);
    expect(result.phases[2]?.detail['code']).toMatch(code);
  });

  it('upgrade, when no answer comes in time', async () => {
    const port = await tcpServer(() => undefined);
    const result = await attempt(`ws://localhost:${port}`, { timeoutMs: 100 });
    expect(result.phases.at(-1)).toMatchObject({ name: 'upgrade', ok: false, detail: { code: 'ETIMEDOUT' } });
  });

  it('any step, when interrupted', async () => {
    const interrupt = new AbortController();
    const port = await tcpServer(() => interrupt.abort());
    const result = await attempt(`ws://localhost:${port}`, {}, interrupt.signal);
    expect(result.opened).toBe(false);
    expect(result.phases.at(-1)).toMatchObject({ ok: false, detail: { code: 'INTERRUPTED' } });
  });
});
