import { describe, expect, it } from 'vitest';
import { ZoomApi, type ZoomApiOptions } from '../../src/net/zoom-api.js';
import { READS, zoomHosts } from '../../src/protocol/rest-api.js';
import { connectProxy, httpServer, tcpServer } from '../helpers/servers.js';
import { ACCOUNT_ID, answer, APP_ID, fakeZoomApi, PAIR, USER_TOKEN } from '../helpers/zoom-api.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');

function client(url: string, options: Partial<ZoomApiOptions> = {}): { api: ZoomApi; waits: number[] } {
  const hosts = zoomHosts(url);
  if (!hosts) throw new Error(`no host: ${url}`);
  const waits: number[] = [];
  const api = new ZoomApi({
    hosts,
    dial: { timeoutMs: 5000 },
    signal: new AbortController().signal,
    unixNow: () => NOW,
    wait: async (ms) => void waits.push(ms),
    ...options,
  });
  return { api, waits };
}

describe('a token', () => {
  it.each([
    ['general', { grant_type: 'client_credentials' }, undefined],
    ['general', { grant_type: 'account_credentials', account_id: ACCOUNT_ID }, 'unsupported_grant_type'],
    ['s2s', { grant_type: 'client_credentials' }, undefined],
    ['s2s', { grant_type: 'account_credentials', account_id: ACCOUNT_ID }, undefined],
    ['s2s', { grant_type: 'account_credentials', account_id: 'another' }, 'invalid_request'],
    ['s2s', { grant_type: 'account_credentials' }, 'invalid_request'],
  ] as const)('of a %s app by %j', async (app, grant, error) => {
    const { url } = await fakeZoomApi({ app });
    const result = await client(url).api.token(grant, PAIR);
    expect(result.ok ? undefined : result.refusal.error).toBe(error);
  });

  it('is refused for a wrong secret, which stands in no word of the refusal', async () => {
    const { url } = await fakeZoomApi();
    const wrong = { ...PAIR, clientSecret: 'anotherClientSecretAAAABBBBCCC02' };
    const result = await client(url).api.token({ grant_type: 'client_credentials' }, wrong);
    expect(result).toEqual({
      ok: false,
      refusal: {
        path: '/oauth/token',
        status: 401,
        error: 'invalid_client',
        message: 'Invalid client_id or client_secret',
      },
    });
  });
});

describe('a read', () => {
  it.each([
    [READS.me, {}, '/v2/users/me', { account_id: ACCOUNT_ID, verified: 1, type: 2, status: 'active' }],
    [READS.app, { appId: APP_ID }, `/v2/marketplace/apps/${APP_ID}`, { app_usage: 2, app_type: 'ZoomApp' }],
    [READS.manifest, { appId: APP_ID }, `/v2/marketplace/apps/${APP_ID}/manifest`, {}],
    [
      READS.webhookLogs,
      { appId: 'a/b', event: 'meeting.rtms_started', type: '1' },
      '/v2/marketplace/apps/a%2Fb/webhook_logs?event=meeting.rtms_started&type=1',
      { webhook_logs: [{ event: 'meeting.rtms_started', status: 200, endpoint: 'https://app.example.com/webhook' }] },
    ],
    [
      READS.subscriptions,
      { user_id: 'u', account_id: 'a' },
      '/v2/marketplace/app/event_subscription?user_id=u&account_id=a',
      { event_subscriptions: [{ created_source: 'default' }] },
    ],
    [READS.meeting, { meetingId: '98765432101' }, '/v2/meetings/98765432101', { status: 'started' }],
  ])('%#: asks for it as documented', async (read, values, path, expected) => {
    const { url, asked } = await fakeZoomApi();
    const result = await client(url).api.read<unknown>(read, USER_TOKEN, values);
    expect(asked).toEqual([`GET ${path}`]);
    expect(result).toMatchObject({ ok: true, value: expected });
  });

  it('leaves out what is of another form than documented', async () => {
    const odd = { app_usage: '2', app_type: null, app_scopes: ['meeting:read:meeting_audio', 7], more: true };
    const { url } = await fakeZoomApi({ answers: { '/v2/marketplace/apps/x': [{ status: 200, body: odd }] } });
    const result = await client(url).api.read(READS.app, USER_TOKEN, { appId: 'x' });
    expect(result).toEqual({ ok: true, value: { app_scopes: ['meeting:read:meeting_audio'] } });
  });

  it.each([
    ['a scope is missing', USER_TOKEN, 400, 4711, /does not contain scopes:\[user:read:user, user:read:user:admin\]/],
    ['the token has expired', 'another-token-000000001', 401, 124, /expired/],
  ])('is refused where %s', async (_, token, status, code, message) => {
    const { url } = await fakeZoomApi({ userScopes: ['meeting:read:meeting'] });
    const result = await client(url).api.read(READS.me, token);
    const refusal = { path: '/v2/users/me', status, code, message: expect.stringMatching(message) };
    expect(result).toEqual({ ok: false, refusal });
  });

  it('says so where the answer is no JSON', async () => {
    const port = await httpServer((_, response) => response.end('<html>'));
    const result = await client(`http://localhost:${port}`).api.read(READS.me, USER_TOKEN);
    const refusal = { status: 200, message: 'the answer is not the documented JSON', foreign: true };
    expect(result).toMatchObject({ refusal });
  });

  it('is Zoom\'s own where it has a code and nothing else', async () => {
    const { url } = await fakeZoomApi({ answers: { '/v2/users/me': [{ status: 401, body: { code: 124 } }] } });
    const refusal = { path: '/v2/users/me', status: 401, code: 124, message: '' };
    expect(await client(url).api.read(READS.me, USER_TOKEN)).toEqual({ ok: false, refusal });
  });

  it('hides the token where an answer repeats it', async () => {
    const port = await httpServer((request, response) =>
      response.writeHead(400).end(JSON.stringify({ message: `bad token ${request.headers.authorization}` })),
    );
    const result = await client(`http://localhost:${port}`).api.read(READS.me, USER_TOKEN);
    expect(JSON.stringify(result)).not.toContain(USER_TOKEN);
  });

  it.each([
    ['nothing listens', () => Promise.resolve(1), 'ECONNREFUSED'],
    ['no answer comes', () => tcpServer(() => undefined), 'ETIMEDOUT'],
  ])('has status 0 and the code of the system where %s', async (_, listen, code) => {
    const { api } = client(`http://localhost:${await listen()}`, { dial: { timeoutMs: 200 } });
    expect(await api.read(READS.me, USER_TOKEN)).toMatchObject({ ok: false, refusal: { status: 0, code } });
  });

  it('goes through a proxy', async () => {
    const { url } = await fakeZoomApi();
    const proxy = await connectProxy();
    const { api } = client(url, { dial: { timeoutMs: 5000, proxy: proxy.url } });
    expect(await api.read(READS.me, USER_TOKEN)).toMatchObject({ ok: true });
    expect(proxy.asked).toMatchObject([{ authority: new URL(url).host }]);
  });
});

describe('a second attempt', () => {
  const busy = (retryAfter?: string) => answer(429, 'error.rate', retryAfter ? { 'retry-after': retryAfter } : {});
  const good = answer(200, 'users-me');

  it.each([
    ['after the time the answer names', [busy('2'), good], [2000], true],
    ['at the time the answer names', [busy('2026-11-24T10:00:03Z'), good], [3000], true],
    ['at once where that time is past', [busy('2026-11-24T09:00:00Z'), good], [0], true],
    ['after a second where it names none', [busy(), good], [1000], true],
    ['after an error of the server', [{ status: 503, body: {} }, good], [1000], true],
    ['once and no more', [busy('1'), busy('1'), good], [1000], false],
    ['not where it would have to wait long', [busy('60'), good], [], false],
    ['not after another refusal', [answer(401, 'error.expired'), good], [], false],
  ])('%s', async (_, answers, waited, ok) => {
    const { url, asked } = await fakeZoomApi({ answers: { '/v2/users/me': answers } });
    const { api, waits } = client(url);
    expect((await api.read(READS.me, USER_TOKEN)).ok).toBe(ok);
    expect(waits).toEqual(waited);
    expect(asked).toHaveLength(waited.length + 1);
  });
});
