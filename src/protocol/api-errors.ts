/**
 * What Zoom's REST API and its token endpoint answer when they refuse, by the code in the body, and why a webhook was
 * not delivered. It reads no answer and calls nothing.
 */
import type { Code, CodeTable } from './codes.js';
import { DOCS } from './docs.js';
import { DELIVERY } from './timing.js';

/** Which calls a code is answered to. */
export type ApiCall = 'token' | 'any' | 'rtms' | 'app' | 'manifest' | 'subscription';

export interface ApiCallInfo {
  readonly label: string;
  readonly docs: string;
  /** Whether a request path is one of them; every path is `any`. */
  readonly path: RegExp;
}

/** The narrower before the wider. */
export const API_CALLS = {
  token: { label: 'token endpoint', path: /\/oauth\/token/, docs: DOCS.oauthErrors },
  rtms: {
    label: 'RTMS status call',
    path: /\/rtms_app\/status/,
    docs: DOCS.rtmsTroubleshooting,
  },
  subscription: { label: 'subscription API', path: /\/event_subscription/, docs: DOCS.marketplaceApi },
  manifest: { label: 'manifest API', path: /\/manifest/, docs: DOCS.marketplaceApi },
  app: { label: 'Marketplace API', path: /\/marketplace\//, docs: DOCS.marketplaceApi },
  any: { label: 'any REST call', path: /(?:)/, docs: DOCS.oauthErrors },
} as const satisfies Readonly<Record<ApiCall, ApiCallInfo>>;

export interface ApiError {
  /** `code` of a REST answer, or `error` of the token endpoint. */
  readonly code: number | string;
  readonly call: ApiCall;
  /** The HTTP statuses it came with, where they are known. */
  readonly status?: readonly number[];
  readonly meaning: string;
  readonly action: string;
  /** Known from users or from a single sample, not from Zoom's documents. */
  readonly reported?: true;
}

const PAIR_AGAIN = 'copy id and secret again, from one tab (Development or Production) of the app';
const AUTHORISE_AGAIN = 'let the user add the app again, then get new tokens';

/**
 * https://developers.zoom.us/docs/integrations/oauth-error-messages/ (47xx),
 * https://developers.zoom.us/docs/rtms/troubleshooting/ (2308, 2310), https://developers.zoom.us/docs/api/video-sdk/
 * (3001, 13273, 13277), https://developers.zoom.us/docs/api/marketplace/ (1401, 1500 and subscriptions),
 * https://developers.zoom.us/docs/api/users/ (124, 1001); the rest as Zoom's forum and public clients report it.
 */
export const API_ERRORS: readonly ApiError[] = [
  {
    code: 'invalid_manifest',
    call: 'manifest',
    status: [400],
    meaning: 'the manifest names something that this call does not take; creating an app, it refuses RTMS events',
    action: 'create the app without them, add the RTMS events on its Access page, then read the manifest back',
    reported: true,
  },
  {
    code: 'invalid_client',
    call: 'token',
    status: [400, 401],
    meaning: 'client id and secret are no pair',
    action: `${PAIR_AGAIN}; look for stray characters, and send them by HTTP Basic`,
    reported: true,
  },
  {
    code: 'unsupported_grant_type',
    call: 'token',
    status: [400, 401],
    meaning: 'the app does not take this grant: account_credentials is for Server-to-Server apps that are activated',
    action: 'use authorization_code with a General app; activate the Server-to-Server app for account_credentials',
    reported: true,
  },
  {
    code: 'invalid_request',
    call: 'token',
    status: [400, 401],
    meaning: 'a parameter is missing or wrong, such as account_id',
    action: 'compare grant_type and account_id with the documented ones',
    reported: true,
  },
  {
    code: 'invalid_grant',
    call: 'token',
    status: [400, 401],
    meaning: 'the authorization code was used before, is older than 5 min, or redirect_uri or PKCE verifier differ',
    action: 'authorise again and exchange the new code once, at once, with the same redirect_uri',
    reported: true,
  },
  {
    code: 4700,
    call: 'any',
    meaning: 'there is no token, or something else is wrong with it',
    action: 'send Authorization: Bearer with an access token',
  },
  { code: 4702, call: 'token', meaning: 'client id or secret is wrong', action: PAIR_AGAIN },
  { code: 4704, call: 'token', meaning: 'client id or secret is wrong', action: PAIR_AGAIN },
  {
    code: 4705,
    call: 'token',
    meaning: 'the app does not take this grant',
    action: 'use the grant of the app type: authorization_code for a General app',
  },
  {
    code: 4706,
    call: 'token',
    meaning: 'client id, secret or grant is missing',
    action: 'send id and secret by HTTP Basic, and grant_type as a parameter',
  },
  {
    code: 4709,
    call: 'token',
    meaning: 'redirect_uri differs',
    action: 'send the redirect_uri of the authorisation, which the app lists',
  },
  {
    code: 4711,
    call: 'any',
    status: [400, 401, 403],
    meaning: 'the access token lacks a scope; the message names those that would do',
    action: `add one of the scopes the message names to the app, ${AUTHORISE_AGAIN}`,
  },
  {
    code: 4717,
    call: 'token',
    meaning: 'the app is disabled',
    action: 'enable it in the Marketplace, or ask its owner',
  },
  {
    code: 4733,
    call: 'token',
    meaning: 'the authorization code has expired',
    action: 'authorise again and exchange the new code at once',
  },
  {
    code: 4734,
    call: 'token',
    meaning: 'the authorization code is not valid',
    action: 'authorise again; a code can be exchanged once',
  },
  {
    code: 4735,
    call: 'token',
    meaning: 'the owner of the token is gone',
    action: 'let a user of the account add the app',
  },
  { code: 4738, call: 'token', meaning: 'an admin disabled the app', action: 'ask the account admin' },
  {
    code: 4740,
    call: 'token',
    meaning: 'the refresh token was used too often',
    action: `keep the refresh token of each answer, since it replaces the old one; ${AUTHORISE_AGAIN}`,
  },
  {
    code: 4741,
    call: 'token',
    meaning: 'the token is revoked: there is a newer authorisation',
    action: 'use the tokens of the newest authorisation',
  },
  {
    code: 104,
    call: 'any',
    status: [401],
    meaning: 'the access token lacks a scope (older form of 4711)',
    action: 'read the scopes in the message; add one to the app and get a new token',
    reported: true,
  },
  {
    code: 124,
    call: 'any',
    status: [400, 401],
    meaning: 'the access token has expired or is not valid',
    action: 'get a new access token',
  },
  {
    code: 200,
    call: 'any',
    status: [400],
    meaning: 'the token is of the wrong kind, or the Authorization header is malformed',
    action: 'send Authorization: Bearer with an OAuth access token',
    reported: true,
  },
  {
    code: 201,
    call: 'any',
    status: [401],
    meaning: 'the token has expired, lacks a scope, or its user lacks a permission; the message says which',
    action: 'read the message; get a new token, or add the scope it names',
  },
  {
    code: 1001,
    call: 'any',
    status: [404],
    meaning: 'the user does not exist',
    action: 'check the user id; with a Server-to-Server token, give an id in place of me',
  },
  {
    code: 1401,
    call: 'app',
    status: [404],
    meaning: 'the app does not exist in this account',
    action: 'check the app id, and that the token is of the account that owns the app',
  },
  {
    code: 1500,
    call: 'manifest',
    status: [404],
    meaning: 'the manifest cannot be exported: only draft General apps with granular scopes have one',
    action: 'read scopes and events in the Marketplace portal',
  },
  {
    code: 1002,
    call: 'subscription',
    meaning: 'the user has not added the app',
    action: 'add the app for this user first',
  },
  {
    code: 1003,
    call: 'subscription',
    meaning: 'the user lacks the permission',
    action: 'use a user who may edit apps (role permission Zoom for developers)',
  },
  {
    code: 1300,
    call: 'subscription',
    meaning: 'the user has not added the app',
    action: 'add the app for this user first',
  },
  {
    code: 1500,
    call: 'subscription',
    meaning: 'the request is not a legal one',
    action: 'compare the body with the documented one',
  },
  {
    code: 1601,
    call: 'subscription',
    meaning: 'there is no such event',
    action: 'compare the event names: rtms explain webhook',
  },
  {
    code: 1602,
    call: 'subscription',
    meaning: 'the app may not subscribe to the event: its scope is missing, or it is for the other management type',
    action: 'add the scope of the event: rtms explain scope',
  },
  {
    code: 1701,
    call: 'subscription',
    meaning: 'the webhook URL was not validated',
    action: 'answer endpoint.url_validation: rtms sign challenge PLAIN_TOKEN',
  },
  {
    code: 2308,
    call: 'rtms',
    status: [403],
    meaning: 'the caller is neither host nor alternative host, or joined by link without being invited',
    action: 'use the token or user id of the host (participant_user_id), or put the user on the invite list',
  },
  {
    code: 2309,
    call: 'rtms',
    status: [403],
    meaning: 'the host, of another account, has not allowed the app',
    action: 'let the host approve the app in the meeting',
    reported: true,
  },
  {
    code: 2310,
    call: 'rtms',
    status: [400],
    meaning: 'no Developer Pack, an expired one, one bought a minute ago, a Basic account, or an app not enabled',
    action: 'buy or renew the Developer Pack, wait 2 min and try again; if it stays, ask Zoom with the app id',
  },
  {
    code: 2312,
    call: 'rtms',
    meaning: 'participant_user_id is wrong',
    action: 'give the Zoom user id, not the e-mail address or the id of the participant; or leave it out',
    reported: true,
  },
  {
    code: 3000,
    call: 'rtms',
    meaning: 'the meeting has not started yet',
    action: 'try again some seconds after meeting.started',
    reported: true,
  },
  {
    code: 3001,
    call: 'rtms',
    status: [404],
    meaning: 'the meeting or session does not exist',
    action: 'give the id of a running one: the meeting number, or a session id, encoded twice where it has a /',
  },
  {
    code: 13262,
    call: 'rtms',
    meaning: 'the app is not on the list of apps that may access meeting content',
    action:
      'add it in the portal (Zoom Apps tab, the setting the message names), add the app again, ' +
      "and check that settings.client_id is the General app's",
  },
  {
    code: 13267,
    call: 'rtms',
    meaning: 'access of RTMS apps is turned off in the settings',
    action: 'turn on Share realtime meeting content with apps (portal, Zoom Apps tab)',
    reported: true,
  },
  {
    code: 13273,
    call: 'rtms',
    status: [403],
    meaning: 'this meeting or session does not support RTMS',
    action: 'try a plain one: no end-to-end encryption, no breakout room',
  },
  {
    code: 13277,
    call: 'rtms',
    status: [400],
    meaning: 'it cannot be paused, stopped or resumed: it was not started',
    action: 'start it first, and wait for rtms_started',
  },
];

/** The token endpoint's ways to say that the app takes another grant, as Server-to-Server apps may. */
export const OTHER_GRANT: readonly string[] = ['unsupported_grant_type', '4705'];

/** How a start that found the stream running is worded, as public clients report it: no failure. */
export const ALREADY_STARTED = /already.{0,20}(?:started|active|running)/i;

/** The rows of a code; of several, that of the path's call stands first. */
export function apiErrorsOf(code: number | string | undefined, path = ''): readonly ApiError[] {
  const fits = ({ call }: ApiError): number => (call !== 'any' && API_CALLS[call].path.test(path) ? 0 : 1);
  return API_ERRORS.filter((row) => String(row.code) === String(code)).toSorted((a, b) => fits(a) - fits(b));
}

/** The scopes that a refusal for want of one names, any of which would do. */
export function scopesIn(message: string): string[] {
  const [, list = ''] = /scopes?:?\s*\[([^\]]*)\]/i.exec(message) ?? [];
  return list.split(',').flatMap((scope) => scope.trim() || []);
}

export interface DeliveryFailure extends Code {
  readonly action: string;
}

const INTERNAL = { meaning: "inside Zoom's delivery", action: 'look at the attempts after it; ask Zoom if it stays' };
const ANSWER_FIRST = `answer first, work later: 200 within ${DELIVERY.answerWithinMs / 1000} s`;
const CERTIFICATE = 'serve a valid certificate for this name with its full chain, TLS 1.2 or newer';

/**
 * `failed_reason_type` of the Marketplace API's webhook_logs. The names are Zoom's words, the rest reads them.
 * https://developers.zoom.us/docs/api/marketplace/
 */
export const DELIVERY_FAILURE = {
  READ_TIMEOUT: {
    value: 1,
    meaning: 'the endpoint took the request and did not answer in time',
    action: ANSWER_FIRST,
  },
  CONNECTION_REFUSED: {
    value: 2,
    meaning: 'nothing listens at the endpoint',
    action: 'start the server or the tunnel; compare host and port letter by letter',
  },
  HYSTRIX_FALLBACK: { value: 3, ...INTERNAL },
  HYSTRIX_TIMEOUT: {
    value: 4,
    meaning: "a time-out in Zoom's delivery",
    action: ANSWER_FIRST,
  },
  ASYNC_ERROR: { value: 5, ...INTERNAL },
  DNS_FORBIDDEN: {
    value: 6,
    meaning: 'the host name leads to an address Zoom does not deliver to',
    action: 'use a public host name that resolves to a public address',
  },
  REMOTE_ERROR: {
    value: 7,
    meaning: 'the endpoint answered with an error',
    action: 'look at the status and body of the answer in the same log entry',
  },
  DELEGATE_LIST: { value: 8, ...INTERNAL },
  CERTIFICATE: { value: 9, meaning: 'the certificate of the endpoint is not accepted', action: CERTIFICATE },
  NEEDS_INSTANT_RETRY: { value: 10, ...INTERNAL },
  HOST_NAME_VERIFICATION: { value: 11, meaning: 'the certificate is for another host name', action: CERTIFICATE },
  TLS_VERIFICATION: { value: 12, meaning: 'the TLS connection could not be verified', action: CERTIFICATE },
  DNS_TIMEOUT: {
    value: 13,
    meaning: 'the host name was not resolved in time',
    action: 'check the name servers of the host; a tunnel may be gone',
  },
  NO_CLIENT: { value: 14, ...INTERNAL },
  NOT_FOUND: {
    value: 15,
    meaning: 'the endpoint has nothing at this path',
    action: 'register the final URL, path and slash included',
  },
  TOO_MANY_REQUESTS: {
    value: 16,
    meaning: 'the endpoint took too many requests in this time',
    action: 'raise the limit for Zoom, or answer before any limit applies',
  },
} as const satisfies CodeTable<DeliveryFailure>;
