/** Each scope is one that exists and grants what its name lets one hope. */
import { DOCS } from '../protocol/docs.js';
import { scopeFor, scopeInfo, type ScopeInfo } from '../protocol/scopes.js';
import { defineRule, type Verdict } from './rule.js';
import { isByZoom, isKnown, mediaScopes, sameScope, scopeMeant, scopesHeld, type HeldScope } from './shared/app.js';

export const scopeUnknown = defineRule({
  id: 'scope-unknown',
  section: 'App and scopes',
  title: 'every scope is a known one',
  failureTitle: 'a scope is not what it seems',
  why: 'Guides name scopes that do not exist, and some that exist grant recordings or live streams, not RTMS.',
  docs: DOCS.granularScopes,
  needs: ['check:app-scope'],
  check: (timeline) => {
    const held = scopesHeld(timeline);
    const verdicts = held.flatMap((scope) => judge(scope, held));
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: 'none is made up or mistaken for another' };
  },
});

function judge(scope: HeldScope, held: readonly HeldScope[]): Verdict[] {
  const { name, evidence } = scope;
  const info = scopeInfo(name);
  const at = { evidence: [evidence] };
  if (info?.kind === 'look-alike') {
    if (hasWhatIsMeant(info, held)) return [];
    const message = `${name} grants ${info.meaning}; RTMS is not among it`;
    return [{ status: 'warn', certainty: 'likely', cause: 'look-alike', message, ...at, fix: insteadOf(info) }];
  }
  if (isByZoom(scope)) return [];
  if (info?.kind === 'invented') {
    const message = `${name} is no scope of Zoom's, though guides name it`;
    return [{ status: 'fail', certainty: 'likely', cause: 'invented', message, ...at, fix: insteadOf(info) }];
  }
  if (isKnown(scope)) return [];
  const meant = scopeMeant(scope);
  if (meant !== undefined) {
    const status = held.some((other) => sameScope(other.name, meant)) ? 'warn' : 'fail';
    const message = `${name} is no known scope; ${meant} is`;
    return [{ status, certainty: 'likely', cause: 'misspelt', message, ...at, fix: `use ${meant}` }];
  }
  if (!/rtms/i.test(name)) return [];
  const message = `${name} is none of the known scopes of RTMS`;
  const fix = 'compare it with the Scopes page of the app; the known ones: rtms explain scope';
  return [{ status: 'warn', certainty: 'possible', cause: 'unknown', message, ...at, fix }];
}

const insteadOf = ({ instead = ['the scope that is meant'] }: ScopeInfo): string => `use ${instead.join(', ')}`;

/** Then the look-alike is there for its own sake. */
function hasWhatIsMeant({ products = [], media = [] }: ScopeInfo, held: readonly HeldScope[]): boolean {
  const meant = products.flatMap((product) =>
    media.length > 0 ? media.flatMap((medium) => scopeFor(product, medium)?.name ?? []) : mediaScopes(product),
  );
  return held.some(({ name }) => meant.includes(name));
}
