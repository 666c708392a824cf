/** What is known of the app and of what is wanted from it, from whichever source told. It judges none of it. */
import { isMediaName, type MediaName } from '../../protocol/media.js';
import { bareScope, isAdminScope, nearestScope, scopeInfo, scopesOf } from '../../protocol/scopes.js';
import { productOfEvent } from '../../protocol/webhook-events.js';
import { isProduct, PRODUCTS, type Product } from '../../protocol/webhooks.js';
import type { CheckEvent } from '../../session/event.js';
import type { Entry, Timeline } from '../../session/timeline.js';
import { answerTo, seenProduct } from '../questions/answers.js';
import type { Evidence } from '../rule.js';
import { checksFor, factOf } from './checks.js';

/** The product, where something says which it is. */
export function knownProduct(timeline: Timeline): Product | undefined {
  return seenProduct(timeline) ?? [answerTo(timeline, 'product')?.value].find(isProduct);
}

/**
 * The products the app is for: the known one, or those its scopes or its events are of, whichever is asked for first;
 * a meeting if nothing tells. An app may have scopes of more products than it has events of, and the other way round.
 */
export function productsOf(
  timeline: Timeline,
  first: 'scopes' | 'events' = 'scopes',
): { readonly products: readonly Product[]; readonly assumed: boolean } {
  const known = knownProduct(timeline);
  if (known) return { products: [known], assumed: false };
  const ofEvents = checksFor(timeline, 'app-event').map((check) => productOfEvent(factOf(check, 'event') ?? ''));
  const scopes = scopesHeld(timeline).map(({ name }) => scopeInfo(name));
  const all = Object.keys(PRODUCTS).filter(isProduct);
  const byScopes = all.filter((product) =>
    scopes.some((scope) => scope?.kind === 'media' && scope.products?.includes(product)),
  );
  const byEvents = all.filter((product) => ofEvents.includes(product));
  const lists = first === 'scopes' ? [byScopes, byEvents] : [byEvents, byScopes];
  const products = lists.find(({ length }) => length > 0);
  return products ? { products, assumed: false } : { products: ['meeting'], assumed: true };
}

/** What is wanted (`all` is one socket for all there is); nothing where nobody said. */
export function wantedMedia(timeline: Timeline): readonly MediaName[] {
  const check = timeline.check('media-wanted');
  return ((check && factOf(check, 'media')) ?? '').split(',').filter(isMediaName);
}

export interface HeldScope {
  readonly name: string;
  readonly source: string;
  readonly optional: boolean;
  readonly evidence: Evidence;
}

/** Every scope of every list. */
export function scopesHeld(timeline: Timeline): HeldScope[] {
  return checksFor(timeline, 'app-scope').map((check) => ({
    name: factOf(check, 'scope') ?? '',
    source: factOf(check, 'source') ?? '',
    optional: factOf(check, 'optional') === 'true',
    evidence: evidenceOf(check),
  }));
}

/** Where a fact stands in the document that told it. */
export function evidenceOf(check: Entry<CheckEvent>, note?: string): Evidence {
  const path = factOf(check, 'path');
  return { event: check.number, ...(path !== undefined && { path }), ...(note !== undefined && { note }) };
}

/** The names of the scopes that grant media of a product. */
export const mediaScopes = (product: Product): string[] => scopesOf('media', product).map(({ name }) => name);

/** With or without the level at its end: which of the two is another rule. */
export const sameScope = (one: string, other: string): boolean => bareScope(one) === bareScope(other);

/** Lists that Zoom wrote: what is in them exists. */
const BY_ZOOM: readonly string[] = ['token', 'account-token', 'api'];

export const isByZoom = ({ source }: HeldScope): boolean => BY_ZOOM.includes(source);

/** At whichever level: that one has no twin for admins is another rule. */
export const isKnown = (scope: HeldScope): boolean =>
  isByZoom(scope) || [scope.name, bareScope(scope.name)].some((name) => scopeInfo(name) !== undefined);

/** The scope that was meant, where one was misspelt. */
export const scopeMeant = (scope: HeldScope): string | undefined =>
  isKnown(scope) ? undefined : nearestScope(scope.name);

/** One list of scopes, and whose it is, by what is in it. */
export interface ScopeList {
  readonly source: string;
  readonly scopes: readonly HeldScope[];
  /**
   * `own`: of the app's own token, by client_credentials, to which no user granted anything. `control`: of an
   * admin-managed or Server-to-Server app that takes no media, and may but start the streams another app receives.
   */
  readonly whose: 'app' | 'own' | 'control';
  readonly evidence: Evidence;
}

export function scopeLists(timeline: Timeline): ScopeList[] {
  const held = scopesHeld(timeline);
  return checksFor(timeline, 'app-scopes').map((check) => {
    const source = factOf(check, 'source') ?? '';
    const scopes = held.filter((scope) => scope.source === source);
    return { source, scopes, whose: whoseAre(scopes.map(({ name }) => name)), evidence: evidenceOf(check) };
  });
}

function whoseAre(names: readonly string[]): ScopeList['whose'] {
  const granted = names.filter((name) => !name.startsWith(APP_OWNED));
  if (granted.length === 0) return names.length > 0 ? 'own' : 'app';
  return granted.every((name) => isAdminScope(name) && scopeInfo(name)?.kind !== 'media') ? 'control' : 'app';
}

const APP_OWNED = 'marketplace:';
