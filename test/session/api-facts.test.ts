import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { READS, type Read } from '../../src/protocol/rest-api.js';
import {
  appChecks,
  deliveryChecks,
  grantCheck,
  meetingChecks,
  refusalChecks,
  subscriptionChecks,
  userChecks,
} from '../../src/session/api-facts.js';
import type { CheckEvent } from '../../src/session/event.js';

/** A body of fixtures/api, as a client decodes it. */
function decoded<T>({ answer }: Read<T>, name: string): T {
  const text = readFileSync(new URL(`../../fixtures/api/${name}.json`, import.meta.url), 'utf8');
  return v.parse(answer, JSON.parse(text));
}

const brief = (checks: readonly CheckEvent[]): string[] =>
  checks.map(({ rule, ok, facts }) => `${rule}${ok ? '' : ' not'} ${Object.values(facts).join(' ')}`);

describe('a pair', () => {
  const about = { clientId: 'EXAMPLEclientId0000001', expected: true };

  it('that was refused', () => {
    const refused = { path: '/oauth/token', status: 401, error: 'invalid_client', message: 'Invalid Client' };
    expect(brief(grantCheck('client_credentials', about, refused))).toEqual([
      'token-grant not client_credentials EXAMPLEclientId0000001 true 401 invalid_client Invalid Client',
    ]);
  });

  it('of which a busy server says nothing', () => {
    const refused = { path: '/oauth/token', status: 429, code: 429, message: 'too many' };
    expect(brief(grantCheck('client_credentials', about, refused))).toEqual([
      'unread not token-grant /oauth/token was not read: Zoom answered 429; try again later false',
    ]);
  });
});

it('a user is told of by plan, state and account', () => {
  expect(userChecks(decoded(READS.me, 'users-me'), 'EXAMPLEaccountId000002')).toEqual([
    {
      type: 'check',
      rule: 'user',
      ok: true,
      facts: {
        plan: 2,
        status: 'active',
        accountId: 'EXAMPLEaccountId000001',
        clientVersion: '6.6.2.13427(mac)',
        appAccountId: 'EXAMPLEaccountId000002',
        source: 'api',
        verified: true,
      },
    },
  ]);
});

it('an app is told of by its type, its management and its scopes', () => {
  expect(brief(appChecks(decoded(READS.app, 'app'), true))).toEqual([
    'app ZoomApp false api',
    'app-usage user api $.app_usage',
    'app-scopes api $.app_scopes 4',
    'app-scope meeting:read:meeting_audio api false $.app_scopes[0]',
    'app-scope meeting:read:meeting_transcript api false $.app_scopes[1]',
    'app-scope rtms:read:rtms_started api false $.app_scopes[2]',
    'app-scope rtms:read:rtms_stopped api false $.app_scopes[3]',
  ]);
});

it('an app with a manifest is told of by its type alone', () => {
  expect(brief(appChecks(decoded(READS.app, 'app'), false))).toEqual(['app ZoomApp false api']);
});

describe('subscriptions', () => {
  it('are told of by their events and URLs', () => {
    const { event_subscriptions } = decoded(READS.subscriptions, 'event-subscription');
    expect(brief(subscriptionChecks(event_subscriptions))).toEqual([
      'app-events true 3 api $.event_subscriptions',
      'app-event meeting.rtms_started $.event_subscriptions[0].events[0] api',
      'app-event meeting.rtms_stopped $.event_subscriptions[0].events[1] api',
      'app-event meeting.started $.event_subscriptions[0].events[2] api',
      'app-url https://app.example.com/webhook webhook subscribed api $.event_subscriptions[0].event_webhook_url',
    ]);
  });

  it('prove nothing where none of the portal is among them', () => {
    const made = { events: ['meeting.started'], created_source: 'openapi' };
    expect(subscriptionChecks([])).toEqual([]);
    expect(subscriptionChecks([made])).toEqual([]);
  });
});

describe('the log of deliveries', () => {
  const EVENT = 'meeting.rtms_started';
  const any = decoded(READS.webhookLogs, 'webhook-logs');

  it('groups what came out alike, and counts the rest', () => {
    const started = decoded(READS.webhookLogs, 'webhook-logs.failed');
    const [first] = started.webhook_logs;
    const more = first ? [{ ...first, date_time: '2026-11-24T09:00:09Z' }] : [];
    const logs = { webhook_logs: [...started.webhook_logs, ...more] };
    expect(brief(deliveryChecks(EVENT, logs, any))).toEqual([
      `webhook-log ${EVENT} 7 3 2 meeting.rtms_stopped api`,
      `webhook-delivery not ${EVENT} 404 15 2 https://app.example.com/webhook 2026-11-24T09:00:09Z`,
      `webhook-delivery not ${EVENT} -1 12 1 https://app.example.com/webhook 2026-11-23T09:00:04Z`,
    ]);
  });

  it('is told of where it is empty', () => {
    const empty = { webhook_logs: [] };
    expect(brief(deliveryChecks(EVENT, empty, empty))).toEqual([`webhook-log ${EVENT} 7 0 0 api`]);
  });
});

it('a meeting is told of by its state and encryption', () => {
  expect(brief(meetingChecks(decoded(READS.meeting, 'meeting')))).toEqual(['meeting started enhanced_encryption api']);
});

describe('a refusal', () => {
  const path = '/v2/users/me';
  const scopes = 'Invalid access token, does not contain scopes:[user:read:user, user:read:user:admin].';

  it.each<[string, Partial<Parameters<typeof refusalChecks>[0]>, readonly string[]]>([
    [
      'for want of a scope that is named',
      { status: 400, code: 4711, message: scopes },
      [`unread not user ${path} was not read: the token lacks user:read:user or user:read:user:admin false`],
    ],
    [
      'for want of a scope that is not named',
      { status: 400, code: 4711, message: 'no scope' },
      [`unread not user ${path} was not read: the token lacks user:read:user false`],
    ],
    [
      'for another reason',
      { status: 401, code: 124, message: 'Access token is expired.' },
      [`rest-answer not 401 124 Access token is expired. ${path}`],
    ],
    [
      'that never came',
      { status: 0, code: 'ENOTFOUND', message: 'no such host' },
      [`unread not user ${path} was not read: no such host false`],
    ],
    [
      'for now',
      { status: 503, message: 'the answer is not the documented JSON', foreign: true },
      [`unread not user ${path} was not read: Zoom answered 503; try again later false`],
    ],
    [
      'by something else than Zoom',
      { status: 200, message: 'the answer is not the documented JSON', foreign: true },
      [
        `unread not user ${path} was not read: what answered 200 is not Zoom's API false`,
        `rest-answer not 200 the answer is not the documented JSON ${path} true`,
      ],
    ],
  ])('%s', (_, refused, expected) => {
    const given = { path, status: 0, message: '', ...refused };
    expect(brief(refusalChecks(given, ['user'], READS.me.scope))).toEqual(expected);
  });
});
