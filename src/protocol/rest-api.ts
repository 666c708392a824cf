/**
 * The calls of Zoom's REST API that tell of a set-up: where they are, the scope they take, and what of their answers is
 * read. Every one of them is a GET, beside the request for a token. It makes none.
 */
import * as v from 'valibot';

/** A field that is missing, null or of another type than documented is absent. */
const Text = v.fallback(v.optional(v.string()), undefined);
const Count = v.fallback(v.optional(v.number()), undefined);

/** Items of another form than documented are left out; no list at all is an empty one. */
const listOf = <T>(item: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> =>
  v.pipe(
    v.fallback(v.array(v.unknown()), []),
    v.transform((items) =>
      items.flatMap((each) => {
        const result = v.safeParse(item, each);
        return result.success ? [result.output] : [];
      }),
    ),
  );

/** `account_id` etc. as https://developers.zoom.us/docs/api/users/ has them. */
const User = v.object({
  id: Text,
  account_id: Text,
  /** 1 Basic, 2 Licensed, 99 none. */
  type: Count,
  /** 1 if it is. */
  verified: Count,
  status: Text,
  last_client_version: Text,
});
export type User = v.InferOutput<typeof User>;

/** https://developers.zoom.us/docs/api/marketplace/ */
const App = v.object({
  app_type: Text,
  /** 1 admin-managed, 2 user-managed. */
  app_usage: Count,
  app_status: Text,
  app_scopes: listOf(v.string()),
});
export type App = v.InferOutput<typeof App>;

const Manifest = v.object({ manifest: v.record(v.string(), v.unknown()) });

const Delivery = v.object({
  event: Text,
  /** The endpoint's HTTP status; -1 where none came. */
  status: Count,
  failed_reason_type: Count,
  endpoint: Text,
  date_time: Text,
  retry_num: Count,
});
export type Delivery = v.InferOutput<typeof Delivery>;

const WebhookLogs = v.object({ next_page_token: Text, webhook_logs: listOf(Delivery) });
export type WebhookLogs = v.InferOutput<typeof WebhookLogs>;

const Subscription = v.object({
  events: listOf(v.string()),
  event_webhook_url: Text,
  /** `default` for those made in the portal, `openapi` for those made by a call. */
  created_source: Text,
});
export type Subscription = v.InferOutput<typeof Subscription>;

const Subscriptions = v.object({ event_subscriptions: listOf(Subscription) });

/** https://developers.zoom.us/docs/api/meetings/ */
const Meeting = v.object({
  /** `waiting` or `started`. */
  status: Text,
  settings: v.fallback(v.optional(v.object({ encryption_type: Text })), undefined),
});
export type Meeting = v.InferOutput<typeof Meeting>;

/** A read: its path with what is to be filled in, and the scope that allows it, without `:admin`. */
export interface Read<T> {
  readonly path: string;
  readonly scope: string;
  readonly answer: v.GenericSchema<unknown, T>;
}

const read = <T>(path: string, scope: string, answer: v.GenericSchema<unknown, T>): Read<T> => ({
  path,
  scope,
  answer,
});

export const READS = {
  me: read('/users/me', 'user:read:user', User),
  app: read('/marketplace/apps/{appId}', 'marketplace:read:app', App),
  manifest: read('/marketplace/apps/{appId}/manifest', 'marketplace:read:app', Manifest),
  webhookLogs: read('/marketplace/apps/{appId}/webhook_logs', 'marketplace_app:read', WebhookLogs),
  subscriptions: read(
    '/marketplace/app/event_subscription',
    'marketplace:read:list_event_subscriptions',
    Subscriptions,
  ),
  meeting: read('/meetings/{meetingId}', 'meeting:read:meeting', Meeting),
} as const;

/** How long Zoom keeps the log of deliveries (same page as the Marketplace calls). */
export const WEBHOOK_LOG_DAYS = 7;

/**
 * How a token is asked for without a user: `client_credentials` for the app itself, `account_credentials` for the
 * account of a Server-to-Server app. Codes and refresh tokens are of use once, to the app alone.
 * https://developers.zoom.us/docs/integrations/oauth/ https://developers.zoom.us/docs/internal-apps/s2s-oauth/
 */
export type Grant =
  | { readonly grant_type: 'client_credentials' }
  | { readonly grant_type: 'account_credentials'; readonly account_id?: string };

export const TOKEN_PATH = '/oauth/token';

export const Token = v.object({ access_token: v.pipe(v.string(), v.nonEmpty()), scope: Text });
export type Token = v.InferOutput<typeof Token>;

/** `code` and `message` of the REST API, `error` and `reason` of the token endpoint. */
export const ErrorAnswer = v.object({
  code: v.fallback(v.optional(v.union([v.number(), v.string()])), undefined),
  message: Text,
  error: Text,
  reason: Text,
});

/** Where tokens are given, and where the REST API is, version and all. */
export interface ZoomHosts {
  readonly oauth: URL;
  readonly api: URL;
}

/** Whether a host, as URL gives it, is this machine. */
export const isLoopback = (hostname: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

const CLOUDS: readonly string[] = ['zoom.us', 'zoomgov.com'];

/**
 * The hosts of Zoom's cloud, of its government cloud, or of a server on this machine that stands in for both. Undefined
 * for any other: the client secret would go there.
 */
export function zoomHosts(host: string): ZoomHosts | undefined {
  const text = /^https?:\/\//.test(host) ? host : `https://${host}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, origin, protocol } = new URL(text);
  if (isLoopback(hostname)) return { oauth: new URL(origin), api: new URL('/v2', origin) };
  if (protocol !== 'https:' || !CLOUDS.includes(hostname)) return undefined;
  return { oauth: new URL(`https://${hostname}`), api: new URL(`https://api.${hostname}/v2`) };
}
