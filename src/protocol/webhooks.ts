/**
 * RTMS webhooks: what Zoom posts when a stream starts, breaks or stops, read from any shape it is found in, and built
 * in the documented one. Whether one is authentic or fresh is not judged here.
 */
import { isObject, toMilliseconds } from './json.js';

/** What is streamed; decides the names of webhooks and ids, and which credentials sign. */
export type Product = 'meeting' | 'webinar' | 'video-sdk' | 'contact-center' | 'phone';

/** What a stream belongs to: its id goes verbatim, under the same key, into the handshake, and into the signature. */
export interface Entity {
  readonly field: 'meeting_uuid' | 'webinar_uuid' | 'session_id' | 'engagement_id' | 'call_id';
  readonly value: string;
}

export interface ProductInfo {
  readonly label: string;
  /** What the product's RTMS event names begin with: `<prefix>rtms_started`. */
  readonly prefix: string;
  /** Where the entity id is found, best first. */
  readonly entityFields: readonly [Entity['field'], ...Entity['field'][]];
  /** The pair that signs: client id and secret of an app, or SDK Key and SDK Secret of a Video SDK app. */
  readonly credential: 'app' | 'video-sdk';
}

/** https://developers.zoom.us/docs/api/rtms/events/ and the work-with-streams page of each product. */
export const PRODUCTS = {
  meeting: { label: 'Meeting', prefix: 'meeting.', entityFields: ['meeting_uuid'], credential: 'app' },
  webinar: { label: 'Webinar', prefix: 'webinar.', entityFields: ['webinar_uuid', 'meeting_uuid'], credential: 'app' },
  'video-sdk': { label: 'Video SDK', prefix: 'session.', entityFields: ['session_id'], credential: 'video-sdk' },
  'contact-center': {
    label: 'Contact Center',
    prefix: 'contact_center.voice_',
    entityFields: ['engagement_id', 'session_id'],
    credential: 'app',
  },
  phone: { label: 'Phone', prefix: 'phone.', entityFields: ['call_id'], credential: 'app' },
} as const satisfies Readonly<Record<Product, ProductInfo>>;

/** Whether audio comes by the legs of a call and not by participants. */
export const isCall = (product: Product): boolean => product === 'contact-center' || product === 'phone';

/** In the order in which Zoom's own SDK looks for an entity id: https://github.com/zoom/rtms `index.ts` */
const PRODUCT_NAMES = ['meeting', 'webinar', 'video-sdk', 'contact-center', 'phone'] as const satisfies Product[];

/** Whether a word names a product. */
export const isProduct = (word: string | undefined): word is Product => PRODUCT_NAMES.some((name) => name === word);

/** `none`: no event name. `other-rtms`: about RTMS, not about one stream, such as `rtms.concurrency_limited`. */
export type WebhookKind = 'started' | 'stopped' | 'interrupted' | 'url-validation' | 'other-rtms' | 'not-rtms' | 'none';

/** `server_urls` as it came; `list` is one string with commas. */
export interface ServerUrls {
  readonly raw: unknown;
  readonly form: 'string' | 'list' | 'array' | 'object' | 'absent';
  /** Each URL on its own, trimmed, in the order given; not yet known to be one. */
  readonly urls: readonly string[];
}

/** A webhook, or a part of one. A field that is missing or of another type than documented is absent. */
export interface Webhook {
  readonly event?: string;
  /** Unix milliseconds. */
  readonly eventTs?: number;
  /** By the event name, or else by the entity id. */
  readonly product?: Product;
  readonly kind: WebhookKind;
  /** Whether the event name has the form of the beta, `meeting.rtms.started`. */
  readonly beta: boolean;
  /** Where the stream's fields are: in `payload` (as documented), in an `object`, or at the top. */
  readonly shape: 'flat' | 'nested' | 'inner';
  readonly entity?: Entity;
  readonly streamId?: string;
  readonly serverUrls: ServerUrls;
  readonly stopReason?: number;
  /** The question of an `endpoint.url_validation`. */
  readonly plainToken?: string;
  /** Every id in it, by its JSON path, as `$.payload.meeting_id`. */
  readonly ids: Readonly<Record<string, string>>;
  /** JSON paths of the fields that were read, by their documented names. */
  readonly path: Readonly<Record<string, string>>;
  readonly raw: unknown;
}

/**
 * Reads a request body, its `payload`, a `payload.object`, or only the inner object, flat or nested, of any product.
 * Never throws.
 */
export function decodeWebhook(value: unknown): Webhook {
  const layers = layersOf(value);
  const path: Record<string, string> = {};
  const read = <T>(field: string, as: (found: unknown) => T | undefined): T | undefined => {
    for (const layer of layers) {
      const found = as(layer.object[field]);
      if (found === undefined) continue;
      path[field] = `${layer.path}.${field}`;
      return found;
    }
    return undefined;
  };

  const event = read('event', asText);
  const named = PRODUCT_NAMES.find((name) => event?.startsWith(PRODUCTS[name].prefix));
  const entity = readEntity(named, (field) => read(field, asText));
  const product = named ?? PRODUCT_NAMES.find((name) => PRODUCTS[name].entityFields[0] === entity?.field);
  const eventTs = toMilliseconds(read('event_ts', asNumber));
  const streamId = read('rtms_stream_id', asText);
  const serverUrls = readServerUrls(read('server_urls', (found) => found ?? undefined));
  const stopReason = read('stop_reason', asNumber);
  const plainToken = read('plainToken', asText);
  return {
    ...(event !== undefined && { event }),
    ...(eventTs !== undefined && { eventTs }),
    ...(product && { product }),
    ...kindOf(event),
    shape: shapeOf(path, layers),
    ...(entity && { entity }),
    ...(streamId !== undefined && { streamId }),
    serverUrls,
    ...(stopReason !== undefined && { stopReason }),
    ...(plainToken !== undefined && { plainToken }),
    ids: Object.fromEntries(idsIn(value, '$', 0)),
    path,
    raw: value,
  };
}

/**
 * What a webhook of a stream is to an earlier one. `retry`: the same delivery once more. `failover`: the stream goes on
 * at another URL, https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/ `second-user`: another user's
 * stream of the same meeting, https://devforum.zoom.us/t/can-an-rtms-app-auto-start-on-host-only/144109
 */
export type Relation = 'retry' | 'failover' | 'second-user';

/** Undefined where the two have nothing to do with each other, or too little is known to tell. */
export function relationTo(earlier: Webhook, later: Webhook): Relation | undefined {
  const { event, streamId, entity } = earlier;
  if (event === undefined || event !== later.event || streamId === undefined) return undefined;
  if (streamId === later.streamId) return redelivery(earlier, later);
  if (later.kind !== 'started' || entity === undefined || entity.value !== later.entity?.value) return undefined;
  const [first, second] = [operatorOf(earlier), operatorOf(later)];
  return first !== undefined && second !== undefined && first !== second ? 'second-user' : undefined;
}

function redelivery(earlier: Webhook, later: Webhook): Relation | undefined {
  const sameUrls = earlier.serverUrls.urls.join() === later.serverUrls.urls.join();
  if (sameUrls && earlier.eventTs !== undefined && earlier.eventTs === later.eventTs) return 'retry';
  return later.kind === 'started' && !sameUrls && isNewer(earlier, later) ? 'failover' : undefined;
}

const isNewer = ({ eventTs: earlier }: Webhook, { eventTs: later }: Webhook): boolean =>
  earlier !== undefined && later !== undefined && later > earlier;

/** Who brought the app: `operator_id`. */
export const operatorOf = ({ ids }: Webhook): string | undefined =>
  Object.entries(ids).find(([path]) => path.endsWith('.operator_id'))?.[1];

/** Whether this is the ordinary event of something that began and may be streamed: `meeting.started` and its like. */
export const isBeginning = ({ event, product }: Webhook): boolean =>
  product !== undefined && event === `${PRODUCTS[product].prefix}started`;

/** Whether a webhook speaks of the meeting, webinar or session that began in another: the two have an id in common. */
export function concernsSame(began: Webhook, other: Webhook): boolean {
  const ids = entityIds(began);
  return entityIds(other).some((id) => ids.includes(id));
}

/** An ordinary event has `uuid` and `id` in its object, an RTMS event `meeting_uuid` and `meeting_id`. */
const ENTITY_ID = /\.(?:uuid|id|(?:meeting|webinar)_(?:uuid|id)|session_id)$/;

const entityIds = ({ ids }: Webhook): string[] =>
  Object.entries(ids).flatMap(([path, id]) => (ENTITY_ID.test(path) ? [id] : []));

interface Layer {
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Relays wrap a webhook once more; nothing wraps it deeper than this. */
const DEEPEST = 4;

/** The objects that can hold a field, outermost first: a field in `payload` comes before one in `payload.object`. */
function layersOf(value: unknown, path = '$', depth = 0): Layer[] {
  if (!isObject(value) || depth > DEEPEST) return [];
  const inner = ['object', 'payload'].flatMap((key) => layersOf(value[key], `${path}.${key}`, depth + 1));
  return [{ path, object: value }, ...inner];
}

function readEntity(
  product: Product | undefined,
  read: (field: Entity['field']) => string | undefined,
): Entity | undefined {
  const preferred = product ? PRODUCTS[product].entityFields : [];
  for (const field of [...preferred, ...PRODUCT_NAMES.flatMap((name) => PRODUCTS[name].entityFields)]) {
    const value = read(field);
    if (value !== undefined) return { field, value };
  }
  return undefined;
}

/** The beta has a dot where the documents have an underscore: https://developers.zoom.us/docs/api/rtms/events/ */
const KINDS: readonly (readonly [RegExp, WebhookKind])[] = [
  [/(?:^|[._])rtms[._]started$/, 'started'],
  [/(?:^|[._])rtms[._]stopped$/, 'stopped'],
  [/(?:^|[._])rtms[._]interrupted$/, 'interrupted'],
  [/^endpoint\.url_validation$/, 'url-validation'],
  [/(?:^|[._])rtms[._]/, 'other-rtms'],
];

function kindOf(event: string | undefined): Pick<Webhook, 'kind' | 'beta'> {
  if (event === undefined) return { kind: 'none', beta: false };
  const [, kind] = KINDS.find(([pattern]) => pattern.test(event)) ?? [];
  return { kind: kind ?? 'not-rtms', beta: /rtms\.(?:started|stopped|interrupted)$/.test(event) };
}

function shapeOf(path: Readonly<Record<string, string>>, layers: readonly Layer[]): Webhook['shape'] {
  const fields = ['rtms_stream_id', 'server_urls', ...PRODUCT_NAMES.flatMap((name) => PRODUCTS[name].entityFields)];
  const field = fields.find((name) => path[name] !== undefined);
  const layer = field === undefined ? layers[1]?.path : path[field]?.slice(0, -field.length - 1);
  if (layer?.endsWith('.object')) return 'nested';
  return layer?.endsWith('.payload') ? 'flat' : 'inner';
}

function readServerUrls(raw: unknown): ServerUrls {
  if (typeof raw === 'string') return { raw, form: raw.includes(',') ? 'list' : 'string', urls: splitUrls(raw) };
  if (Array.isArray(raw)) return { raw, form: 'array', urls: raw.flatMap(splitUrls) };
  if (isObject(raw)) return { raw, form: 'object', urls: Object.values(raw).flatMap(splitUrls) };
  return { raw, form: 'absent', urls: [] };
}

function splitUrls(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

const ID_NAME = /(?:^|_)(?:id|uuid|key)$|[a-z](?:Id|ID|Uuid|UUID|Key)$/;

function idsIn(value: unknown, path: string, depth: number): [path: string, id: string][] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([key, item]): [string, string][] => {
    const here = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    if (typeof item === 'object') return idsIn(item, here, depth + 1);
    return ID_NAME.test(key) && (typeof item === 'string' || typeof item === 'number') ? [[here, String(item)]] : [];
  });
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** What every webhook of a stream tells. */
export interface WebhookInput {
  readonly product: Product;
  readonly entity: Entity;
  readonly streamId: string;
  /** Unix milliseconds. */
  readonly eventTs: number;
  /** Further documented fields of the payload, such as `operator_id` or `session_key`. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** `<prefix>rtms_started`: connect now. `serverUrls` is one string; several URLs are joined with commas. */
export function startedWebhook(input: WebhookInput & { readonly serverUrls: string }): object {
  return webhook('rtms_started', input, { server_urls: input.serverUrls });
}

/** `<prefix>rtms_stopped`: the stream is over. `stopReason` is a value of STOP_REASON. */
export function stoppedWebhook(input: WebhookInput & { readonly stopReason: number }): object {
  return webhook('rtms_stopped', input, { stop_reason: input.stopReason });
}

/** `<prefix>rtms_interrupted`: Zoom lost the app, which may reconnect to the URL it knows. */
export function interruptedWebhook(input: WebhookInput): object {
  return webhook('rtms_interrupted', input, {});
}

function webhook(name: string, { product, entity, streamId, eventTs, fields }: WebhookInput, last: object): object {
  return {
    event: `${PRODUCTS[product].prefix}${name}`,
    event_ts: eventTs,
    payload: { [entity.field]: entity.value, ...fields, rtms_stream_id: streamId, ...last },
  };
}

/** `host`: whose it is, by its name alone. */
export type ServerUrlVerdict =
  | { readonly ok: true; readonly url: URL; readonly host: 'zoom' | 'loopback' | 'other' }
  | {
      readonly ok: false;
      readonly cause: 'placeholder' | 'not-websocket' | 'not-encrypted' | 'malformed' | 'empty';
      readonly message: string;
      /** What was probably meant. */
      readonly suggestion?: string;
    };

const PLACEHOLDER = /<[^>]*>|\{\{|\byour[-_]|\bexample\.(?:com|org|net)\b|\.invalid(?=[:/?#]|$)|\.\.\.|…/i;
const SEVERAL = /,\s*(?=wss?:)/i;

/** Whether one of `server_urls` can be connected to, and to whom it would lead. The message never repeats the URL. */
export function classifyServerUrl(text: string): ServerUrlVerdict {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, cause: 'empty', message: 'the URL is empty; a wss:// URL is expected' };
  if (PLACEHOLDER.test(trimmed)) {
    return { ok: false, cause: 'placeholder', message: 'the URL is a placeholder; take server_urls of a real webhook' };
  }
  const [first = ''] = trimmed.split(SEVERAL);
  if (first !== trimmed) {
    return malformed('several URLs joined with commas; one is expected', first.trim());
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    return malformed('the URL has no scheme; wss:// is expected', `wss://${trimmed}`);
  }
  return URL.canParse(trimmed) ? classifyUrl(new URL(trimmed)) : malformed('not a URL; a wss:// URL is expected');
}

/** `suggestion` is left out unless it is a URL that passes. */
function malformed(message: string, suggestion = ''): ServerUrlVerdict {
  const usable = URL.canParse(suggestion) && classifyUrl(new URL(suggestion)).ok;
  return { ok: false, cause: 'malformed', message, ...(usable && { suggestion }) };
}

function classifyUrl(url: URL): ServerUrlVerdict {
  const host = hostKind(url.hostname);
  const as = (scheme: string): string => url.href.replace(/^[^:]+/, scheme);
  switch (url.protocol) {
    case 'https:':
    case 'http:': {
      const suggestion = as(host === 'zoom' || url.protocol === 'https:' ? 'wss' : 'ws');
      return { ok: false, cause: 'not-websocket', message: `${url.protocol}// is not a WebSocket URL`, suggestion };
    }
    case 'ws:':
      if (host !== 'zoom') break;
      return { ok: false, cause: 'not-encrypted', message: 'Zoom is reached by wss:// only', suggestion: as('wss') };
    case 'wss:':
      break;
    default:
      return { ok: false, cause: 'not-websocket', message: `${url.protocol}// is not a WebSocket URL` };
  }
  // RFC 6455 section 3: a fragment has no meaning here and must not be used.
  if (url.hash !== '') return malformed('the URL has a fragment (#), which a WebSocket URL must not have');
  return { ok: true, url, host };
}

const HOSTS: readonly (readonly [RegExp, 'zoom' | 'loopback'])[] = [
  [/(?:^|\.)(?:zoom\.us|zoomgov\.com)$/, 'zoom'],
  // Zoom's mock server writes 0.0.0.0: https://github.com/zoom/rtms-mock-server-sample
  [/(?:^|\.)localhost$|^127(?:\.\d+){3}$|^\[::1\]$|^0\.0\.0\.0$/, 'loopback'],
];

/** `hostname` as URL gives it: lower case, IPv4 addresses in full, IPv6 in brackets. A trailing dot changes nothing. */
function hostKind(hostname: string): 'zoom' | 'loopback' | 'other' {
  const name = hostname.replace(/\.$/, '');
  return HOSTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** Meetings and webinars have a number for people beside the UUID for programs. */
const NUMBERED = ['meeting_uuid', 'webinar_uuid'];
const MEETING_NUMBER = /^\d{9,11}$/;

/** Whether a value is the number of a meeting, sent where its UUID belongs. */
export const isMeetingNumber = (name: string, value: unknown): boolean =>
  NUMBERED.includes(name) &&
  (typeof value === 'string' || typeof value === 'number') &&
  MEETING_NUMBER.test(String(value));
