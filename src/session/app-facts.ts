/**
 * What a Marketplace manifest, a list of scopes or an access token tells of an app, as facts with their place in the
 * document. Reads any form of them, never throws, and judges nothing.
 */
import { readAccessToken } from '../protocol/access-token.js';
import { isObject } from '../protocol/json.js';
import type { CheckEvent, Facts } from './event.js';
import { fact } from './facts.js';
import { restAnswerOf } from './rest-answer.js';

/** Where what is known of an app comes from. */
export type AppSource = 'manifest' | 'scopes' | 'token' | 'account-token' | 'api';

/** A value inside a document, with its JSON path. */
interface Node {
  readonly value: unknown;
  readonly path: string;
}

const at = ({ value, path }: Node, ...keys: readonly string[]): Node =>
  keys.reduce<Node>(
    (node, key) => ({ value: isObject(node.value) ? node.value[key] : undefined, path: `${node.path}.${key}` }),
    { value, path },
  );

const items = ({ value, path }: Node): Node[] =>
  Array.isArray(value) ? value.map((item: unknown, index) => ({ value: item, path: `${path}[${index}]` })) : [];

const text = ({ value }: Node): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * A manifest in the form the portal exports and takes, or in that of the API, `{manifest: {…}}`.
 * https://developers.zoom.us/docs/build-flow/manifests/schema/
 */
export function manifestChecks(value: unknown, source: AppSource = 'manifest'): CheckEvent[] {
  const document: Node = { value, path: '$' };
  const manifest = isWrapped(value) ? at(document, 'manifest') : document;
  const oauth = at(manifest, 'oauth_information');
  const features = at(manifest, 'features');
  const faults = faultsOf(manifest);
  return [
    ...faults.map(({ problem, path, ...more }) => fact('app-manifest', { source, problem, path, ...more }, false)),
    ...(faults.length === 0 ? [fact('app-manifest', { source, path: manifest.path })] : []),
    ...usageOf(at(oauth, 'usage'), source),
    ...(isObject(oauth.value) ? scopesOf(at(oauth, 'scopes'), source) : []),
    ...redirectsOf(oauth, source),
    ...productsOf(features, source),
    ...(isObject(features.value) ? subscriptionsOf(at(features, 'event_subscription'), source) : []),
  ];
}

/** Whether a manifest is in the form of the API. */
function isWrapped(value: unknown): boolean {
  return isObject(value) && isObject(value['manifest']) && SECTIONS.every((section) => value[section] === undefined);
}

const SECTIONS = ['display_information', 'oauth_information', 'features'] as const;
const USAGES: Readonly<Record<string, 'user' | 'admin'>> = { USER_OPERATION: 'user', ADMIN_MANAGEMENT: 'admin' };
/** Exclusive. */
const NAME_LIMIT = 50;
/** Zoom gives these to the app's own token; no user grants them. */
const APP_OWNED = /^marketplace:\w+:(?:list_)?event_subscriptions?$/;

/** What keeps Zoom from taking a manifest, or keeps one form of it from one of the two ways in. */
interface Fault extends Facts {
  readonly problem: string;
  readonly path: string;
}

function faultsOf(manifest: Node): Fault[] {
  const { value, path } = manifest;
  if (!isObject(value)) return [{ problem: 'not-an-object', path }];
  const missing = SECTIONS.filter((section) => !isObject(value[section]));
  const name = at(manifest, 'display_information', 'display_name');
  const usage = at(manifest, 'oauth_information', 'usage');
  const scopes = at(manifest, 'oauth_information', 'scopes');
  const features = at(manifest, 'features');
  const domains = at(features, 'domain_allow_list');
  const products = at(features, 'products').value;
  const surfaces = ['development_home_uri', 'production_home_uri'].map((key) => at(features, key));
  const set = [...surfaces.filter((node) => text(node)), ...(items(domains).length > 0 ? [domains] : [])];
  const scopeNodes = items(scopes);
  const optional = scopeNodes.filter((node) => at(node, 'optional').value === true);
  return [
    ...(missing.length === 0 ? [] : [{ problem: 'sections-missing', path, sections: missing.join(', ') }]),
    ...((text(name) ?? '').length < NAME_LIMIT ? [] : [{ problem: 'name-too-long', path: name.path }]),
    ...(usage.value === undefined || USAGES[text(usage) ?? ''] ? [] : [{ problem: 'usage-unknown', path: usage.path }]),
    ...(scopeNodes.length > 0 && optional.length === scopeNodes.length
      ? [{ problem: 'all-optional', path: scopes.path }]
      : []),
    ...scopeNodes
      .filter((node) => APP_OWNED.test(scopeName(node) ?? ''))
      .map((node) => ({ problem: 'app-owned-scope', path: node.path, scope: scopeName(node) ?? '' })),
    ...items(domains)
      .filter((node) => !isObject(node.value))
      .map((node) => ({ problem: 'domain-not-an-object', path: node.path })),
    ...(Array.isArray(products) && products.length === 0
      ? set.map((node) => ({ problem: 'surface-without-product', path: node.path }))
      : []),
  ];
}

function usageOf(node: Node, source: AppSource): CheckEvent[] {
  const usage = USAGES[text(node) ?? ''];
  return usage ? [fact('app-usage', { usage, source, path: node.path })] : [];
}

/** A scope by itself, or with whether a user may decline it. */
const scopeName = (node: Node): string | undefined => text(node) ?? text(at(node, 'scope'));

function scopesOf(node: Node, source: AppSource): CheckEvent[] {
  const scopes = items(node).flatMap((item) => {
    const scope = scopeName(item);
    const { path } = typeof item.value === 'string' ? item : at(item, 'scope');
    return scope === undefined ? [] : [{ scope, source, optional: at(item, 'optional').value === true, path }];
  });
  return listed(scopes, { source, path: node.path });
}

/** That a list was read, then what it holds. */
const listed = (scopes: readonly Facts[], about: Facts): CheckEvent[] => [
  fact('app-scopes', { ...about, count: scopes.length }),
  ...scopes.map((scope) => fact('app-scope', scope)),
];

const WHICH = ['development', 'production'] as const;

function redirectsOf(oauth: Node, source: AppSource): CheckEvent[] {
  return [
    ...WHICH.flatMap((which) => urlOf(at(oauth, `${which}_redirect_uri`), { which, kind: 'redirect', source })),
    ...items(at(oauth, 'oauth_allow_list')).flatMap((node) => urlOf(node, { kind: 'allowed', source })),
  ];
}

function urlOf(node: Node, about: Facts): CheckEvent[] {
  const url = text(node);
  return url === undefined ? [] : [fact('app-url', { url, ...about, path: node.path })];
}

function productsOf(features: Node, source: AppSource): CheckEvent[] {
  const products = at(features, 'products');
  const api = at(features, 'in_client_feature', 'zoom_app_api');
  const apis = at(api, 'zoom_app_apis');
  const names = (node: Node): string =>
    items(node)
      .flatMap((item) => text(item) ?? [])
      .join(',');
  return [
    ...(Array.isArray(products.value)
      ? [fact('app-products', { products: names(products), source, path: products.path })]
      : []),
    ...(isObject(api.value)
      ? [fact('app-sdk', { enabled: at(api, 'enable').value === true, apis: names(apis), source, path: apis.path })]
      : []),
  ];
}

const EVENT_USAGES: Readonly<Record<string, 'user' | 'admin'>> = { EVENT_FOR_USER: 'user', EVENT_FOR_ADMIN: 'admin' };

/** A manifest without a subscription is one where it is off. */
function subscriptionsOf(subscription: Node, source: AppSource): CheckEvent[] {
  const subscriptions = items(at(subscription, 'events'));
  const events = subscriptions.flatMap((node) => {
    const usage = EVENT_USAGES[text(at(node, 'event_usage')) ?? ''];
    return items(at(node, 'event_types')).flatMap((item) => {
      const event = text(item);
      const { path } = item;
      return event === undefined ? [] : [fact('app-event', { event, ...(usage && { usage }), source, path })];
    });
  });
  const enabled = at(subscription, 'enable').value === true;
  return [
    fact('app-events', { enabled, count: events.length, source, path: subscription.path }),
    ...events,
    ...subscriptions.flatMap((node) =>
      WHICH.flatMap((which) => urlOf(at(node, `${which}_webhook_url`), { which, kind: 'webhook', source })),
    ),
  ];
}

/**
 * Scopes as a list with spaces, commas or line breaks, a JSON array, or a saved answer of the token endpoint
 * (`scope`) or of `GET /marketplace/apps/{appId}` (`app_scopes`).
 */
export function scopesChecks(given: string, source: AppSource = 'scopes'): CheckEvent[] {
  const value = parsed(given);
  if (value === undefined) return scopeList(given, { source });
  const document: Node = { value, path: '$' };
  const node = [document, ...['scopes', 'scope', 'app_scopes'].map((key) => at(document, key))].find(
    ({ value: found }) => Array.isArray(found) || typeof found === 'string',
  );
  if (!node) return [];
  const { path } = node;
  return typeof node.value === 'string' ? scopeList(node.value, { source, path }) : scopesOf(node, source);
}

/** Bullets and quotes come along when a list is copied. */
const AROUND = /^[^\w]+|[^\w]+$/g;

function scopeList(list: string, about: { readonly source: AppSource; readonly path?: string }): CheckEvent[] {
  const names = list.split(/[\s,;]+/).map((word) => word.replaceAll(AROUND, ''));
  return listed(
    names.filter((name) => name !== '').map((scope) => ({ scope, optional: false, ...about })),
    about,
  );
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** https://developers.zoom.us/docs/integrations/oauth/ */
const TOKEN_ENDPOINT = '/oauth/token';

/**
 * An access token by itself, or the answer of the token endpoint that holds it: what its claims hint at, and the
 * scopes where the answer is there; or that the endpoint gave none. `now` in Unix milliseconds, `configured` is the
 * client id in use.
 */
export function tokenChecks(
  given: string,
  { now, configured }: { readonly now: number; readonly configured: string | undefined },
): CheckEvent[] {
  const value = parsed(given);
  const refusal = restAnswerOf(value, { path: TOKEN_ENDPOINT });
  if (refusal) return [refusal];
  const token = isObject(value) ? value['access_token'] : given.trim();
  const claims = typeof token === 'string' ? readAccessToken(token) : undefined;
  const { expiresAt, ...ids } = claims ?? {};
  return [
    fact(
      'token',
      {
        source: 'token',
        ...ids,
        ...(expiresAt !== undefined && { expiresInMs: expiresAt - now }),
        ...(configured !== undefined && { configured }),
      },
      claims !== undefined,
    ),
    ...(isObject(value) ? scopesChecks(given, 'token') : []),
  ];
}
