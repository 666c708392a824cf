import { describe, expect, it } from 'vitest';
import { askApi, type ApiInput } from '../../src/examine/ask-api.js';
import { ZoomApi } from '../../src/net/zoom-api.js';
import { zoomHosts } from '../../src/protocol/rest-api.js';
import type { CheckEvent } from '../../src/session/event.js';
import {
  ACCOUNT_ID,
  answer,
  APP_ID,
  fakeZoomApi,
  logsOf,
  PAIR,
  USER_TOKEN,
  type FakeOptions,
} from '../helpers/zoom-api.js';

interface Asked {
  readonly asked: readonly string[];
  readonly checks: readonly CheckEvent[];
}

const ACCOUNT = { value: ACCOUNT_ID, given: true };
const NONE: ApiInput = {
  pair: undefined,
  accountId: undefined,
  appId: undefined,
  userToken: undefined,
  meetingId: undefined,
  product: 'meeting',
  now: Date.parse('2026-11-24T10:00:00Z'),
};

async function ask(input: Partial<ApiInput>, fake: FakeOptions = {}): Promise<Asked> {
  const { url, asked } = await fakeZoomApi(fake);
  const hosts = zoomHosts(url);
  if (!hosts) throw new Error(url);
  const checks: CheckEvent[] = [];
  const api = new ZoomApi({ hosts, dial: { timeoutMs: 5000 }, signal: new AbortController().signal });
  await askApi(api, { ...NONE, ...input }, (found) => checks.push(...found));
  return { asked, checks };
}

/** Facts by name, each once, with whether they hold. */
const names = ({ checks }: Asked): string[] => [...new Set(checks.map(({ rule, ok }) => (ok ? rule : `not ${rule}`)))];

const LOG = `/v2/marketplace/apps/${APP_ID}/webhook_logs`;

describe('what is asked', () => {
  it('nothing, where nothing is given', async () => {
    expect(await ask({})).toEqual({ asked: [], checks: [] });
  });

  it('with a pair: whether Zoom knows it', async () => {
    const result = await ask({ pair: PAIR });
    expect(result.asked).toEqual(['POST /oauth/token client_credentials']);
    expect(names(result)).toEqual(['token-grant']);
  });

  it('with a pair that Zoom does not know: nothing more', async () => {
    const pair = { ...PAIR, clientSecret: 'anotherClientSecretAAAABBBBCCC02' };
    const result = await ask({ pair, accountId: ACCOUNT, appId: APP_ID });
    expect(result.asked).toEqual(['POST /oauth/token client_credentials']);
    expect(result.checks).toMatchObject([
      { rule: 'token-grant', ok: false, facts: { status: 401, error: 'invalid_client', clientId: PAIR.clientId } },
    ]);
  });

  it('with everything: all of it, by nothing but reads and requests for a token', async () => {
    const result = await ask({
      pair: PAIR,
      accountId: ACCOUNT,
      appId: APP_ID,
      userToken: USER_TOKEN,
      meetingId: '98765432101',
    });
    expect(result.asked.slice(0, 3)).toEqual([
      'POST /oauth/token client_credentials',
      'POST /oauth/token account_credentials',
      'GET /v2/users/me',
    ]);
    const dates = 'from=2026-11-17&to=2026-11-24&type=1&page_size=100';
    expect(result.asked.slice(3).toSorted((a, b) => a.localeCompare(b))).toEqual(
      [
        '/v2/marketplace/app/event_subscription' +
          `?user_id=EXAMPLEuserId000000001&account_id=${ACCOUNT_ID}&subscription_scope=user`,
        `/v2/marketplace/apps/${APP_ID}`,
        `/v2/marketplace/apps/${APP_ID}/manifest`,
        `${LOG}?${dates}`,
        `${LOG}?${dates}&event=meeting.rtms_started`,
        '/v2/meetings/98765432101',
      ].map((path) => `GET ${path}`),
    );
    expect(names(result)).toEqual(expect.arrayContaining(['user', 'app', 'app-manifest', 'app-usage', 'app-scopes']));
    expect(names(result)).toEqual(expect.arrayContaining(['app-events', 'webhook-log', 'webhook-delivery', 'meeting']));
  });
});

describe('the kind of app', () => {
  it('is Server-to-Server where the pair gets a token for the account', async () => {
    const { checks } = await ask({ pair: PAIR, accountId: ACCOUNT }, { app: 's2s' });
    expect(checks.slice(0, 3).map(({ rule, facts }) => [rule, facts['grant'] ?? facts['kind']])).toEqual([
      ['token-grant', 'client_credentials'],
      ['token-grant', 'account_credentials'],
      ['app-kind', 'server-to-server'],
    ]);
    const scopes = checks.filter(({ rule }) => rule === 'app-scope').map(({ facts }) => facts);
    expect(scopes).toContainEqual({
      scope: 'meeting:update:participant_rtms_app_status:admin',
      optional: false,
      source: 'account-token',
    });
  });

  it('is Server-to-Server too where that is the only grant it takes', async () => {
    const answers = {
      '/oauth/token': [answer(400, 'token.unsupported-grant-type'), answer(200, 'token.account-credentials')],
    };
    const { checks } = await ask({ pair: PAIR, accountId: ACCOUNT }, { answers });
    expect(checks.slice(0, 3).map(({ rule, ok }) => [rule, ok])).toEqual([
      ['token-grant', false],
      ['token-grant', true],
      ['app-kind', true],
    ]);
  });

  it('is not known where it gets none', async () => {
    const { checks } = await ask({ pair: PAIR, accountId: ACCOUNT }, { app: 'general' });
    expect(checks.map(({ rule, ok }) => [rule, ok])).toEqual([
      ['token-grant', true],
      ['token-grant', false],
    ]);
  });
});

describe('where an answer does not come', () => {
  it('for want of a scope, that is told of each fact it would have given', async () => {
    const { checks } = await ask({ userToken: USER_TOKEN, appId: APP_ID }, { userScopes: ['marketplace_app:read'] });
    const unread = checks.filter(({ rule }) => rule === 'unread').map(({ facts }) => [facts['gives'], facts['reason']]);
    const app = `/v2/marketplace/apps/${APP_ID}`;
    const lacks = `${app} was not read: the token lacks marketplace:read:app or marketplace:read:app:admin`;
    expect(unread).toEqual([
      ['user', '/v2/users/me was not read: the token lacks user:read:user or user:read:user:admin'],
      ['app', lacks],
      ['app-usage', lacks],
      ['app-scopes', lacks],
      ['app-events', lacks],
    ]);
    expect(checks.some(({ rule }) => rule === 'rest-answer')).toBe(false);
  });

  it('for another reason, the refusal is told', async () => {
    const { checks } = await ask(
      { userToken: USER_TOKEN, appId: APP_ID },
      { answers: { [`/v2/marketplace/apps/${APP_ID}`]: [answer(404, 'error.app-unknown')] } },
    );
    expect(checks.find(({ rule }) => rule === 'rest-answer')).toMatchObject({
      ok: false,
      facts: { status: 404, code: 1401 },
    });
  });

  it('of a manifest that cannot be exported, the app tells its scopes itself', async () => {
    const path = `/v2/marketplace/apps/${APP_ID}/manifest`;
    const result = await ask(
      { userToken: USER_TOKEN, appId: APP_ID },
      { answers: { [path]: [answer(404, 'manifest.not-exportable')] } },
    );
    expect(names(result)).not.toContain('not rest-answer');
    expect(result.checks.filter(({ rule }) => rule === 'app-scope')).toHaveLength(4);
  });
});

it.each([
  ['webhook-logs.other-events', { count: 0, others: 2, otherEvent: 'meeting.started' }],
  ['webhook-logs.empty', { count: 0, others: 0 }],
])('the log %s', async (name, facts) => {
  const log = answer(200, name);
  const answers = { [LOG]: [logsOf(log, 'meeting.rtms_started'), log] };
  const { checks } = await ask({ userToken: USER_TOKEN, appId: APP_ID }, { answers });
  expect(checks.find(({ rule }) => rule === 'webhook-log')?.facts).toMatchObject(facts);
  expect(checks.filter(({ rule }) => rule === 'webhook-delivery')).toEqual([]);
});
