import { describe, expect, it } from 'vitest';
import { probeHost, probeProxy, type ProbeOptions } from '../../src/net/probe.js';
import type { CheckEvent, EventBody } from '../../src/session/event.js';
import { connectProxy, httpServer, TLS, webSocketServer } from '../helpers/servers.js';

interface Look {
  /** What the look resolves to. */
  readonly result: unknown;
  readonly steps: readonly string[];
  readonly checks: readonly CheckEvent[];
}

async function look(
  probe: (options: ProbeOptions) => Promise<unknown>,
  more: Partial<ProbeOptions> = {},
): Promise<Look> {
  const events: EventBody[] = [];
  const signal = new AbortController().signal;
  const result = await probe({ emit: (event) => void events.push(event), signal, timeoutMs: 5000, ...more });
  return {
    result,
    steps: events.flatMap((event) =>
      event.type === 'phase' ? [`${event.socket} ${event.name} ${event.ok ? 'ok' : 'failed'}`] : [],
    ),
    checks: events.flatMap((event) => (event.type === 'check' ? [event] : [])),
  };
}

const DATE = 'Tue, 24 Nov 2026 10:00:00 GMT';

describe('a host', () => {
  it('that serves HTTP: every step, and how far its clock is off', async () => {
    const port = await httpServer((_, response) => response.writeHead(302, { date: DATE }).end(), TLS.good);
    const unixNow = (): number => Date.parse(DATE) + 60_500;
    const { result, steps, checks } = await look(
      (options) => probeHost(new URL(`https://localhost:${port}/`), options),
      {
        ca: TLS.ca,
        unixNow,
        now: () => 1,
      },
    );
    const socket = `host:localhost:${port}`;
    expect(result).toBeUndefined();
    expect(steps).toEqual(['dns', 'tcp', 'tls', 'request'].map((name) => `${socket} ${name} ok`));
    expect(checks).toEqual([
      { type: 'check', rule: 'clock', ok: true, facts: { skewMs: 60_000, source: `localhost:${port}` } },
    ]);
  });

  it('whose clock cannot be read', async () => {
    const port = await httpServer((_, response) => response.writeHead(200, { date: 'today' }).end());
    const { result, checks } = await look((options) => probeHost(new URL(`http://localhost:${port}/`), options));
    expect(result).toBeUndefined();
    expect(checks).toEqual([]);
  });

  it('that serves WebSocket: the upgrade, and nothing on it', async () => {
    const heard: unknown[] = [];
    const url = await webSocketServer((socket) => socket.on('message', (data) => heard.push(data)), TLS.good);
    const { result, steps } = await look((options) => probeHost(new URL(url), options), { ca: TLS.ca });
    expect(result).toBeUndefined();
    expect(steps.at(-1)).toBe(`host:${new URL(url).host} upgrade ok`);
    expect(heard).toEqual([]);
  });

  it('that cannot be reached', async () => {
    const { result, steps } = await look((options) => probeHost(new URL('https://localhost:1/'), options));
    expect(result).toMatchObject({ name: 'tcp', ok: false });
    expect(steps).toEqual(['host:localhost:1 dns ok', 'host:localhost:1 tcp failed']);
  });

  it('behind a proxy: the steps go through it', async () => {
    const port = await httpServer((_, response) => response.end());
    const proxy = await connectProxy();
    const url = new URL(`http://localhost:${port}/`);
    const { result, checks } = await look((options) => probeProxy(url, proxy.url, options));
    expect(result).toBe(true);
    expect(proxy.asked).toHaveLength(1);
    expect(checks).toMatchObject([
      { rule: 'proxy-route', ok: true, facts: { host: url.host, proxy: proxy.url.host, step: 'request', status: 200 } },
    ]);
  });

  it('behind a proxy that refuses', async () => {
    const proxy = await connectProxy(407);
    const { checks } = await look((options) => probeProxy(new URL('https://localhost:1/'), proxy.url, options));
    expect(checks).toMatchObject([{ rule: 'proxy-route', ok: false, facts: { step: 'proxy', status: 407 } }]);
  });
});
