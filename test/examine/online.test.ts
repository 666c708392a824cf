/** Everything at once against servers of this machine; no other host is ever named. */
import { describe, expect, it, vi } from 'vitest';
import { askNetwork, type OnlineOptions } from '../../src/examine/online.js';
import { zoomHosts } from '../../src/protocol/rest-api.js';
import type { EventBody } from '../../src/session/event.js';
import { connectProxy, httpServer, webSocketServer } from '../helpers/servers.js';
import { fakeZoomApi, PAIR } from '../helpers/zoom-api.js';

async function askAll(host: string, more: Partial<OnlineOptions> = {}): Promise<readonly EventBody[]> {
  const hosts = zoomHosts(host);
  if (!hosts) throw new Error(host);
  const events: EventBody[] = [];
  await askNetwork({
    hosts,
    serverUrls: [],
    api: {
      pair: PAIR,
      accountId: undefined,
      appId: undefined,
      userToken: undefined,
      meetingId: undefined,
      product: 'meeting',
      now: 0,
    },
    endpoint: undefined,
    proxy: undefined,
    dial: { timeoutMs: 5000 },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    onSlow: () => undefined,
    ...more,
  });
  return events;
}

/** Phases as `host step`, facts by their name; without what depends on how this machine resolves names. */
const brief = (events: readonly EventBody[]): string[] =>
  events
    .map((event) => {
      if (event.type === 'phase') return `${event.socket} ${event.name}${event.ok ? '' : ' failed'}`;
      return event.type === 'check' ? `${event.rule}${event.ok ? '' : ' not'}` : event.type;
    })
    .filter((text) => !/address-family| (?:dns|tcp)$/.test(text));

const ENDPOINT = { secretToken: undefined, validation: () => ({}) };
const NOBODY = 'http://localhost:1';

describe('askNetwork', () => {
  it('looks at Zoom, at the hosts of the webhook, at the API and at the endpoint', async () => {
    const { url } = await fakeZoomApi();
    const stream = await webSocketServer(() => undefined);
    const port = await httpServer((_, response) => response.writeHead(200).end());
    const endpoint = { ...ENDPOINT, url: new URL(`http://localhost:${port}/webhook`) };
    const events = brief(await askAll(url, { serverUrls: [stream, `${stream}/again`], endpoint }));
    expect(events.toSorted((a, b) => a.localeCompare(b))).toEqual(
      [
        `host:${new URL(url).host} request`,
        `host:${new URL(stream).host} upgrade`,
        'clock',
        'endpoint',
        'endpoint-guard not',
        'token-grant',
        'webhook',
        'webhook-answer',
      ].toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('asks a host of the webhook only where it is Zoom, or this machine', async () => {
    const { url } = await fakeZoomApi();
    const events = await askAll(url, { serverUrls: ['wss://rtms.not-zoom.test', 'wss://rtms.zoom.us', 'nonsense'] });
    expect(JSON.stringify(events)).not.toMatch(/not-zoom|zoom\.us/);
  });

  it('asks Zoom nothing where there is no way to it, and the endpoint of this machine all the same', async () => {
    const port = await httpServer((_, response) => response.writeHead(200).end());
    const near = { ...ENDPOINT, url: new URL(`http://localhost:${port}/`) };
    expect(brief(await askAll(NOBODY, { endpoint: near }))).toEqual(expect.arrayContaining(['webhook-answer']));
    const far = { ...ENDPOINT, url: new URL('https://app.test/') };
    const unread = Array.from({ length: 3 }, () => 'unread not');
    expect(brief(await askAll(NOBODY, { endpoint: far }))).toEqual(['host:localhost:1 tcp failed', ...unread]);
  });

  it('goes through the proxy where that is the only way', async () => {
    const proxy = await connectProxy();
    const { url } = await fakeZoomApi();
    const direct = await askAll(url, { proxy: proxy.url });
    expect(brief(direct)).toEqual(expect.arrayContaining(['proxy-route', 'token-grant']));
    expect(proxy.asked).toHaveLength(1);
    const refused = await connectProxy(407);
    expect(brief(await askAll(NOBODY, { proxy: refused.url }))).toEqual(
      expect.arrayContaining(['host:localhost:1 tcp failed', 'proxy-route not']),
    );
  });

  it('goes on where a check breaks, and says which facts are not there', async () => {
    const { url } = await fakeZoomApi();
    const port = await httpServer((_, response) => response.writeHead(200).end('{}'));
    const validation = (): never => {
      throw new TypeError('no such thing');
    };
    const endpoint = { ...ENDPOINT, url: new URL(`http://localhost:${port}/`), validation };
    const events = await askAll(url, { endpoint });
    const unread = { type: 'check', rule: 'unread', ok: false };
    const reason = 'the check of the webhook endpoint itself failed: TypeError: no such thing';
    expect(events).toContainEqual({ ...unread, facts: { gives: 'endpoint', reason, crashed: true } });
    expect(brief(events)).toContain('token-grant');
  });

  it('goes on where the very first check breaks', async () => {
    const { url } = await fakeZoomApi();
    const events: EventBody[] = [];
    const emit = (event: EventBody): number => {
      if (event.type === 'phase') throw new TypeError('no such thing');
      return events.push(event);
    };
    await askAll(url, { emit });
    const reason = `the check of ${new URL(url).host} itself failed: TypeError: no such thing`;
    expect(events).toContainEqual({
      type: 'check',
      rule: 'unread',
      ok: false,
      facts: { gives: 'clock', reason, crashed: true },
    });
    expect(brief(events)).toContain('token-grant');
  });

  it('says which check takes long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow: string[] = [];
    const hang = httpServer(() => void vi.advanceTimersByTime(10_000));
    const events = askAll(`http://localhost:${await hang}`, {
      onSlow: (what) => slow.push(what),
      dial: { timeoutMs: 300 },
    });
    await events;
    vi.useRealTimers();
    expect(slow).toEqual([expect.stringMatching(/^localhost:/)]);
  });
});
