/** What Zoom says around the sockets, as families: API errors, HTTP, deliveries, the SDK, scopes and webhooks. */
import {
  API_CALLS,
  API_ERRORS,
  DELIVERY_FAILURE,
  type ApiError,
  type DeliveryFailure,
} from '../protocol/api-errors.js';
import { MEDIA_DATA_TYPE, MESSAGE_TYPE, nameOf, STATUS_CODE, type CodeTable } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { deliveryAfter, HTTP_STATUS, type HttpStatus } from '../protocol/http-status.js';
import { MEDIA } from '../protocol/media.js';
import { isAdminScope, scopeInfo, SCOPES, type Medium, type ScopeInfo, type ScopeKind } from '../protocol/scopes.js';
import { SDK_JOIN_REASON, SDK_RESULTS } from '../protocol/sdk.js';
import { WEBHOOK_EVENTS, type WebhookEventKind } from '../protocol/webhook-events.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import { entriesOf, type Detail, type Entry, type Family } from './family.js';

function apiError({ code, call, status, meaning, action, reported }: ApiError): Entry {
  return {
    ...(typeof code === 'number' && { code }),
    name: String(code),
    of: API_CALLS[call].label,
    meaning,
    ...(reported && { basis: 'reported' }),
    fix: action,
    ...(status && { details: [['HTTP', status.join(', ')]] }),
    docs: API_CALLS[call].docs,
  };
}

const api: Family = {
  id: 'api',
  label: 'API error',
  words: ['api', 'rest', 'oauth', 'error', 'code'],
  about: 'code or error in an answer of the REST API or the token endpoint',
  example: 'api 2310',
  place: 'code, or error, in the body of the answer',
  decides: 'the call it answers',
  next: ['rtms doctor --app-id ID --token-file FILE'],
  docs: API_CALLS.rtms.docs,
  entries: API_ERRORS.map(apiError),
};

function httpDetails({ value, upgrade, rest }: HttpStatus): Detail[] {
  const codes = API_ERRORS.filter(({ status }) => status?.includes(value)).map(({ code }) => String(code));
  const fate = deliveryAfter(value);
  return [
    ...(upgrade ? [['upgrade', upgrade.action] as const] : []),
    ...(rest === undefined ? [] : [['REST call', rest] as const]),
    ...(codes.length > 0 ? [['codes', [...new Set(codes)].join(', ')] as const] : []),
    ...(fate === undefined ? [] : [['webhook', `answered so by your endpoint, it is ${FATES[fate]}`] as const]),
  ];
}

const FATES = {
  delivered: 'delivered',
  'sent again': 'sent again later',
  'given up': 'never sent again',
} as const;

const http: Family = {
  id: 'http',
  label: 'HTTP status',
  words: ['http'],
  about: 'answers to the upgrade, of the REST API, and of your webhook endpoint',
  example: 'http 401',
  next: ['rtms connect --payload started.json'],
  docs: DOCS.http,
  entries: entriesOf<HttpStatus>(HTTP_STATUS, (row) => ({ details: httpDetails(row) })),
};

const delivery: Family = {
  id: 'delivery',
  label: 'delivery failure',
  words: ['delivery', 'failed_reason_type', 'webhook_log'],
  about: 'failed_reason_type: why a webhook was not delivered',
  example: 'delivery 9',
  place: 'failed_reason_type in the webhook_logs of the Marketplace API',
  next: ['rtms listen'],
  docs: DOCS.marketplaceApi,
  entries: entriesOf<DeliveryFailure>(DELIVERY_FAILURE, ({ action }) => ({ fix: action })),
};

const sdk: Family = {
  id: 'sdk',
  label: 'SDK code',
  words: ['sdk', 'join', 'join_reason', 'reason', 'onJoinConfirm'],
  about: 'what @zoom/rtms says in place of the protocol',
  example: 'sdk 960',
  place: 'reason of onJoinConfirm',
  next: ['rtms connect --payload started.json'],
  docs: DOCS.sdk,
  entries: [
    ...entriesOf(SDK_JOIN_REASON, ({ value }) => ({
      ...(value !== SDK_JOIN_REASON.JOINED.value && { basis: 'reported' as const }),
    })),
    ...SDK_RESULTS.map((name): Entry => ({
      name,
      meaning: 'a result whose number is not published: read it from the exports of the module',
    })),
  ],
};

const SCOPE_MEANINGS: Readonly<Record<ScopeKind, (meaning: string) => string>> = {
  media: (meaning) => `grants ${meaning}`,
  event: (meaning) => `grants ${meaning}`,
  control: (meaning) => meaning,
  helper: (meaning) => `${meaning}; grants nothing of RTMS`,
  'look-alike': (meaning) => `grants ${meaning}; nothing of RTMS`,
  invented: (meaning) => meaning,
};

const ADD = 'add it on the Scopes page of the app, then add the app again for each user (Local Test → Add app now)';

/** Of the media, with what happens without the scope. */
function mediaDetails(media: readonly Medium[]): Detail[] {
  const statuses = media.map((medium) => {
    const name = `MEDIA_TYPE_${nameOf(MEDIA_DATA_TYPE, MEDIA[medium].bit)}_NOT_SUPPORT`;
    const { [name]: status }: CodeTable = STATUS_CODE;
    return `${status?.value} ${name}`;
  });
  const answer = MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value;
  return [
    ['without', `no URL for it in msg_type ${answer}, and status ${statuses.join(' or ')} if it is asked for`],
  ];
}

/** Products whose app is a General app, user-managed, and nothing else. */
const GENERAL: readonly Product[] = ['meeting', 'webinar'];
const NOT_LISTED: Detail = [
  'not listed',
  'the app is no user-managed General app, or has classic scopes, or the account no Developer Pack',
];

const labelsOf = (products: readonly Product[]): string => products.map((name) => PRODUCTS[name].label).join(', ');

function levelOf({ name, kind, admin }: ScopeInfo): Detail[] {
  if (admin === 'too') return [['level', 'as it is in user-managed apps, with :admin in all others']];
  const isAlone = kind !== 'invented' && !isAdminScope(name);
  return isAlone ? [['level', 'for user-managed apps: one with :admin is documented nowhere']] : [];
}

function scopeEntry(info: ScopeInfo): Entry {
  const { name, kind, meaning, products = [], media = [], endpoint, instead, classic, confidence, docs } = info;
  const fix = instead ? `use ${instead.join(', ')}` : ADD;
  return {
    name,
    ...(isAdminScope(name) ? {} : { aliases: [`${name}:admin`] }),
    meaning: SCOPE_MEANINGS[kind](meaning),
    ...(kind !== 'invented' && confidence !== 'documented' && { basis: confidence }),
    fix,
    details: [
      ...(products.length > 0 ? [['for', labelsOf(products)] as const] : []),
      ...(endpoint === undefined ? [] : [['call', endpoint] as const]),
      ...(kind === 'media' ? mediaDetails(media) : []),
      ...(kind === 'media' && products.some((product) => GENERAL.includes(product)) ? [NOT_LISTED] : []),
      ...levelOf(info),
      ...(classic ? [['note', 'a classic scope: apps made today have granular ones'] as const] : []),
    ],
    next: [`rtms doctor --product ${products[0] ?? 'meeting'} --scopes scopes.txt`],
    docs,
  };
}

const scope: Family = {
  id: 'scope',
  label: 'scope',
  words: ['scope', 'scopes'],
  about: 'OAuth scopes: those RTMS needs, those that look like it, those made up',
  example: 'meeting:read:meeting_audio',
  next: ['rtms doctor --product meeting --scopes scopes.txt'],
  docs: DOCS.addFeatures,
  entries: Object.keys(SCOPES).flatMap((name) => {
    const info = scopeInfo(name) ?? scopeInfo(`${name}:admin`);
    return info ? [scopeEntry(info)] : [];
  }),
};

const EVENT_KINDS: Readonly<Record<WebhookEventKind, string>> = {
  stream: 'an RTMS webhook, of one stream',
  account: 'an RTMS webhook, of the whole account',
  endpoint: 'about the endpoint, not about RTMS',
  older: 'an older name',
  other: 'not an RTMS webhook',
};

const webhook: Family = {
  id: 'webhook',
  label: 'webhook event',
  words: ['webhooks', 'webhook', 'event'],
  about: 'webhook events of RTMS, and those taken for them',
  example: 'meeting.started',
  next: ['rtms listen'],
  docs: DOCS.rtmsWebhooks,
  entries: WEBHOOK_EVENTS.map(({ name, kind, meaning, action, reported }) => ({
    name,
    meaning,
    ...(reported && { basis: 'reported' }),
    fix: action,
    details: [['kind', EVENT_KINDS[kind]]],
  })),
};

export const PLATFORM_FAMILIES: readonly Family[] = [api, http, delivery, sdk, scope, webhook];
