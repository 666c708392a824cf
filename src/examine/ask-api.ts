/**
 * The questions a check-up puts to Zoom's API, in the order in which one answer makes the next question possible. The
 * answers go out as facts; where a scope is missing, that is a fact too.
 */
import type { Answer, Pair, Refusal, ZoomApi } from '../net/zoom-api.js';
import { readAccessToken } from '../protocol/access-token.js';
import { OTHER_GRANT } from '../protocol/api-errors.js';
import { READS, WEBHOOK_LOG_DAYS, type Grant, type Read, type Token, type User } from '../protocol/rest-api.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import {
  appChecks,
  deliveryChecks,
  grantCheck,
  kindCheck,
  meetingChecks,
  refusalChecks,
  subscriptionChecks,
  userChecks,
} from '../session/api-facts.js';
import { manifestChecks, scopesChecks } from '../session/app-facts.js';
import type { CheckEvent } from '../session/event.js';
import type { FactName } from '../session/facts.js';

export interface ApiInput {
  /** Of an app; key and secret of the Video SDK get no token. */
  readonly pair: Pair | undefined;
  /** Of the account that a Server-to-Server app would belong to: `given` on purpose, or found in a webhook. */
  readonly accountId: { readonly value: string; readonly given: boolean } | undefined;
  readonly appId: string | undefined;
  /** An access token of a user, in force. */
  readonly userToken: string | undefined;
  /** The number of the meeting. */
  readonly meetingId: string | undefined;
  readonly product: Product;
  /** Unix time in ms. */
  readonly now: number;
}

type Tell = (checks: readonly CheckEvent[]) => void;

const DAY_MS = 86_400_000;
/** More than enough to tell what is there. */
const LOG_ENTRIES = 100;

/** What the answers tell, for where they cannot be had. */
export const API_FACTS: readonly FactName[] = ['token-grant', 'app-kind', 'user', 'app', 'webhook-log', 'meeting'];

/** At most nine requests, all but those for a token reads. Rejects for nothing that an answer holds. */
export async function askApi(api: ZoomApi, input: ApiInput, tell: Tell): Promise<void> {
  const { pair, accountId, appId, userToken, meetingId } = input;
  const ownGrant = pair && (await askToken(api, { grant_type: 'client_credentials' }, pair, true, tell));
  const own = tokenIn(ownGrant);
  // A pair that is none is not tried again.
  const account = ownGrant?.ok || takesAnother(ownGrant?.refusal) ? accountId : undefined;
  const grant: Grant = { grant_type: 'account_credentials', ...(account && { account_id: account.value }) };
  const accountGrant = pair && account && (await askToken(api, grant, pair, account.given, tell));
  const ofAccount = tokenIn(accountGrant);
  if (accountGrant?.ok) tell([kindCheck('server-to-server'), ...scopesChecks(accountGrant.value.scope ?? '', 'account-token')]);
  const user = userToken === undefined ? undefined : await askUser(api, userToken, own, tell);
  const granted = userToken ?? ofAccount;
  const token = granted ?? own;
  await Promise.all([
    appId !== undefined && token !== undefined ? askApp(api, token, appId, tell) : undefined,
    appId !== undefined && token !== undefined ? askDeliveries(api, token, appId, input, tell) : undefined,
    own !== undefined && user ? askSubscriptions(api, own, user, tell) : undefined,
    granted !== undefined && meetingId !== undefined ? askMeeting(api, granted, meetingId, tell) : undefined,
  ]);
}

/** `expected`: that it is refused is news. */
async function askToken(
  api: ZoomApi,
  grant: Grant,
  pair: Pair,
  expected: boolean,
  tell: Tell,
): Promise<Answer<Token>> {
  const answer = await api.token(grant, pair);
  tell(grantCheck(grant.grant_type, { clientId: pair.clientId, expected }, answer.ok ? undefined : answer.refusal));
  return answer;
}

const takesAnother = ({ error, code }: Partial<Refusal> = {}): boolean => OTHER_GRANT.includes(String(error ?? code));

const tokenIn = (answer: Answer<Token> | undefined): string | undefined =>
  answer?.ok ? answer.value.access_token : undefined;

async function askUser(api: ZoomApi, token: string, own: string | undefined, tell: Tell): Promise<User | undefined> {
  const user = valueOf(await api.read(READS.me, token), READS.me, ['user'], tell);
  const appAccountId = own === undefined ? undefined : readAccessToken(own)?.accountId;
  if (user) tell(userChecks(user, appAccountId));
  return user;
}

/** The manifest says all that the app's own entry does, and more; only drafts of General apps have one. */
async function askApp(api: ZoomApi, token: string, appId: string, tell: Tell): Promise<void> {
  const [app, manifest] = await Promise.all([
    api.read(READS.app, token, { appId }),
    api.read(READS.manifest, token, { appId }),
  ]);
  const known = valueOf(app, READS.app, ['app', 'app-usage', 'app-scopes', 'app-events'], tell);
  if (known) tell(appChecks(known, !manifest.ok));
  if (manifest.ok) tell(manifestChecks(manifest.value.manifest, 'api'));
}

async function askDeliveries(
  api: ZoomApi,
  token: string,
  appId: string,
  { product, now }: ApiInput,
  tell: Tell,
): Promise<void> {
  const event = `${PRODUCTS[product].prefix}rtms_started`;
  const [from, to] = [now - WEBHOOK_LOG_DAYS * DAY_MS, now].map((ms) => new Date(ms).toISOString().slice(0, 10));
  // Type 1 is every delivery, 2, unless asked, the failed ones.
  const values = { appId, from: from ?? '', to: to ?? '', type: '1', page_size: String(LOG_ENTRIES) };
  const started = await api.read(READS.webhookLogs, token, { ...values, event });
  const any = started.ok ? await api.read(READS.webhookLogs, token, values) : started;
  const all = valueOf(any, READS.webhookLogs, ['webhook-log'], tell);
  if (started.ok && all) tell(deliveryChecks(event, started.value, all));
}

async function askSubscriptions(api: ZoomApi, token: string, user: User, tell: Tell): Promise<void> {
  const values = { user_id: user.id ?? '', account_id: user.account_id ?? '', subscription_scope: 'user' };
  const answer = await api.read(READS.subscriptions, token, values);
  const found = valueOf(answer, READS.subscriptions, ['app-events'], tell);
  if (found) tell(subscriptionChecks(found.event_subscriptions));
}

async function askMeeting(api: ZoomApi, token: string, meetingId: string, tell: Tell): Promise<void> {
  const meeting = valueOf(await api.read(READS.meeting, token, { meetingId }), READS.meeting, ['meeting'], tell);
  if (meeting) tell(meetingChecks(meeting));
}

/** What was answered; else why the facts it `gives` are not there. */
function valueOf<T>(answer: Answer<T>, { scope }: Read<T>, gives: readonly FactName[], tell: Tell): T | undefined {
  if (answer.ok) return answer.value;
  tell(refusalChecks(answer.refusal, gives, scope));
  return undefined;
}
