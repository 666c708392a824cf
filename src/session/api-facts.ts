/** What Zoom's REST API answered, as facts for the rules, beside those of app-facts.ts. It asks and judges nothing. */
import { scopesIn } from '../protocol/api-errors.js';
import { HTTP_STATUS } from '../protocol/http-status.js';
import {
  WEBHOOK_LOG_DAYS,
  type App,
  type Delivery,
  type Meeting,
  type Subscription,
  type User,
  type WebhookLogs,
} from '../protocol/rest-api.js';
import { scopesChecks } from './app-facts.js';
import type { CheckEvent, Facts } from './event.js';
import { fact as stated, type FactName } from './facts.js';

/** Without what was not answered. */
function fact(rule: FactName, facts: Readonly<Record<string, Facts[string] | undefined>>, ok = true): CheckEvent {
  const entries = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return stated(rule, Object.fromEntries(entries), ok);
}

const SOURCE = { source: 'api' } as const;

/** `refused` is why Zoom gave the pair no token. */
export function grantCheck(
  grant: string,
  about: { readonly clientId: string; readonly expected: boolean },
  refused: Refused | undefined,
): CheckEvent[] {
  const hindrance = refused && hindranceIn(refused);
  if (refused && hindrance !== undefined) return unreadChecks(refused, ['token-grant'], hindrance);
  const { status, code, error, message } = refused ?? {};
  return [fact('token-grant', { grant, ...about, status, code, error, message }, refused === undefined)];
}

export const kindCheck = (kind: 'server-to-server'): CheckEvent => fact('app-kind', { kind, ...SOURCE });

/**
 * A check that was not carried out, and `gives` therefore not known: `crashed` where that is no fault of the set-up.
 */
export const unreadCheck = (gives: FactName, reason: string, crashed = false): CheckEvent =>
  fact('unread', { gives, reason, crashed }, false);

/** `appAccountId` is the account that owns the app, where it is known. */
export function userChecks(user: User, appAccountId: string | undefined): CheckEvent[] {
  const { type, status, verified, account_id: accountId, last_client_version: clientVersion } = user;
  const facts = { plan: type, status, accountId, clientVersion, appAccountId, ...SOURCE };
  return [fact('user', { ...facts, ...(verified !== undefined && { verified: verified === 1 }) })];
}

const USAGES: Readonly<Record<number, 'admin' | 'user'>> = { 1: 'admin', 2: 'user' };

/** `alone`: no manifest tells the same. */
export function appChecks({ app_usage, app_type, app_status, app_scopes }: App, alone: boolean): CheckEvent[] {
  const usage = USAGES[app_usage ?? 0];
  const published = app_status === undefined ? undefined : app_status.toUpperCase() === 'PUBLISHED';
  const app = fact('app', { type: app_type, published, ...SOURCE });
  if (!alone) return [app];
  return [
    app,
    ...(usage ? [fact('app-usage', { usage, ...SOURCE, path: '$.app_usage' })] : []),
    ...scopesChecks(JSON.stringify({ app_scopes }), 'api'),
  ];
}

/**
 * Subscriptions are told of only where one that was made in the portal is among them: whether Zoom lists those at all
 * is not documented, so that an absence among the others proves nothing.
 */
export function subscriptionChecks(subscriptions: readonly Subscription[]): CheckEvent[] {
  if (!subscriptions.some(({ created_source }) => created_source === 'default')) return [];
  const entries = subscriptions.flatMap(({ events }, index) =>
    events.map((event, place) => ({ event, path: `$.event_subscriptions[${index}].events[${place}]` })),
  );
  return [
    fact('app-events', { enabled: true, count: entries.length, ...SOURCE, path: '$.event_subscriptions' }),
    ...entries.map((entry) => fact('app-event', { ...entry, ...SOURCE })),
    ...subscriptions.flatMap(({ event_webhook_url: url }, index) => {
      const path = `$.event_subscriptions[${index}].event_webhook_url`;
      return url === undefined ? [] : [fact('app-url', { url, kind: 'webhook', which: 'subscribed', ...SOURCE, path })];
    }),
  ];
}

/** What was delivered of `event`, and how much of anything; `started` is the log of the event alone. */
export function deliveryChecks(event: string, started: WebhookLogs, any: WebhookLogs): CheckEvent[] {
  const others = any.webhook_logs.filter((entry) => entry.event !== event);
  const outcomes = new Set(started.webhook_logs.map(outcomeOf));
  return [
    fact('webhook-log', {
      event,
      days: WEBHOOK_LOG_DAYS,
      count: started.webhook_logs.length,
      others: others.length,
      otherEvent: others[0]?.event,
      ...SOURCE,
    }),
    ...[...outcomes].flatMap((outcome) =>
      outcomeChecks(
        event,
        started.webhook_logs.filter((entry) => outcomeOf(entry) === outcome),
      ),
    ),
  ];
}

const outcomeOf = ({ status, failed_reason_type: reason }: Delivery): string => `${status} ${reason}`;

function outcomeChecks(event: string, entries: readonly Delivery[]): CheckEvent[] {
  const [newest] = entries.toSorted((a, b) => timeOf(b) - timeOf(a));
  if (newest?.status === undefined) return [];
  const { status, failed_reason_type: reason, endpoint, date_time: time } = newest;
  const delivered = status >= 200 && status < 300;
  return [fact('webhook-delivery', { event, status, reason, count: entries.length, endpoint, time }, delivered)];
}

const timeOf = ({ date_time: time = '' }: Delivery): number => Date.parse(time) || 0;

export function meetingChecks({ status, settings }: Meeting): CheckEvent[] {
  return [fact('meeting', { status, encryption: settings?.encryption_type, ...SOURCE })];
}

/** A refusal as zoom-api.ts has it: `status` 0 where no answer came. */
interface Refused {
  readonly path: string;
  readonly status: number;
  readonly code?: number | string;
  readonly error?: string;
  readonly message: string;
  readonly foreign?: true;
}

/** Why a read that would have told `gives` told nothing. For want of a scope, that is nothing against the set-up. */
export function refusalChecks(refused: Refused, gives: readonly FactName[], scope: string): CheckEvent[] {
  const hindrance = scopeLacking(refused, scope) ?? hindranceIn(refused);
  return hindrance === undefined ? [refusalCheck(refused)] : unreadChecks(refused, gives, hindrance);
}

const refusalCheck = ({ path, status, code, error, message, foreign }: Refused): CheckEvent =>
  fact('rest-answer', { status, code, error, message, path, foreign }, false);

/** What is not Zoom's own answer is told too: whatever gave it can stand in the way of more than this. */
const unreadChecks = (refused: Refused, gives: readonly FactName[], hindrance: string): CheckEvent[] => [
  ...gives.map((each) => unreadCheck(each, `${refused.path} was not read: ${hindrance}`)),
  ...(refused.foreign && !isBusy(refused) ? [refusalCheck(refused)] : []),
];

function scopeLacking({ code, message }: Refused, scope: string): string | undefined {
  const named = scopesIn(message);
  if (named.length === 0 && code !== SCOPE_LACKING) return undefined;
  return `the token lacks ${named.length > 0 ? named.join(' or ') : scope}`;
}

const isBusy = ({ status }: Refused): boolean =>
  status === HTTP_STATUS.TOO_MANY_REQUESTS.value || status >= HTTP_STATUS.INTERNAL_SERVER_ERROR.value;

/** What keeps an answer from coming, whatever was asked. */
function hindranceIn(refused: Refused): string | undefined {
  const { status, message, foreign } = refused;
  if (status === 0) return message;
  if (isBusy(refused)) return `Zoom answered ${status}; try again later`;
  return foreign ? `what answered ${status} is not Zoom's API` : undefined;
}

/** https://developers.zoom.us/docs/integrations/oauth-error-messages/ */
const SCOPE_LACKING = 4711;
