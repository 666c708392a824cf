/** The scopes that are there fit the app, and are no more than are wanted. */
import { DOCS } from '../protocol/docs.js';
import { isAdminScope, isClassicScope, scopeInfo } from '../protocol/scopes.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Certainty, type Verdict } from './rule.js';
import { productsOf, scopeLists, scopesHeld, wantedMedia, type HeldScope } from './shared/app.js';
import { factOf } from './shared/checks.js';

interface Misfit {
  readonly status: 'warn' | 'fail';
  readonly certainty: Certainty;
  readonly cause: string;
  /** After the names. */
  readonly seen: string;
  readonly fix: string;
  readonly is: (scope: HeldScope, timeline: Timeline) => boolean;
}

const MISFITS: readonly Misfit[] = [
  {
    status: 'fail',
    certainty: 'certain',
    cause: 'admin-scope',
    seen: 'for admins, and the app is user-managed; one app cannot have both',
    fix: 'take :admin off, or move the scope to an app of its own',
    is: ({ name, source }, timeline) => isAdminScope(name) && usageBy(source, timeline) === 'user',
  },
  {
    status: 'fail',
    certainty: 'certain',
    cause: 'user-scope',
    seen: 'for users, and the app is admin-managed; one app cannot have both',
    fix: 'add :admin to it, or make the app user-managed',
    is: ({ name, source }, timeline) => isForUsers(name) && usageBy(source, timeline) === 'admin',
  },
  {
    status: 'warn',
    certainty: 'certain',
    cause: 'classic',
    seen: 'classic; the media of RTMS are granted by granular scopes alone',
    fix: 'migrate the app to granular scopes on its Scopes page',
    // What only starts streams may be of another app, and what nobody has heard of is of none.
    is: ({ name, source }, timeline) =>
      isClassicScope(name) &&
      !['control', 'invented'].includes(scopeInfo(name)?.kind ?? '') &&
      scopeLists(timeline).find((list) => list.source === source)?.whose !== 'control',
  },
  {
    status: 'warn',
    certainty: 'likely',
    cause: 'optional',
    seen: 'optional; the media scopes of RTMS cannot be',
    fix: 'set "optional": false',
    is: ({ name, optional }) => optional && scopeInfo(name)?.kind === 'media',
  },
  {
    status: 'warn',
    certainty: 'certain',
    cause: 'unwanted',
    seen: 'there, and its medium is not wanted; users are shown each one',
    fix: 'remove it, or want its medium too (--media)',
    is: ({ name }, timeline) => isUnwanted(name, timeline),
  },
];

export const scopeUnfit = defineRule({
  id: 'scope-unfit',
  section: 'App and scopes',
  title: 'the scopes fit the app',
  failureTitle: 'a scope does not fit the app',
  why: 'Zoom rejects scopes of the other management type, and users see every scope they are asked for.',
  docs: DOCS.appManagement,
  needs: [['check:app-scope', 'check:answer']],
  check: (timeline) => {
    const held = scopesHeld(timeline);
    if (held.length === 0) return told(timeline, 'scope-unfit');
    const verdicts = MISFITS.flatMap((misfit) => verdictsOf(misfit, held, timeline));
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: `${held.length} of one kind` };
  },
});

function verdictsOf({ is, seen, ...rest }: Misfit, held: readonly HeldScope[], timeline: Timeline): Verdict[] {
  const found = held.filter((scope) => is(scope, timeline));
  if (found.length === 0) return [];
  const names = found.map(({ name }) => name).join(', ');
  const message = `${names} ${found.length === 1 ? 'is' : 'are'} ${seen}`;
  return [{ ...rest, message, evidence: found.map(({ evidence }) => evidence) }];
}

/** The management type, where it is told by the source of the scope: that of another app says nothing. */
function usageBy(source: string, timeline: Timeline): string | undefined {
  const check = timeline.check('app-usage');
  return check && factOf(check, 'source') === source ? factOf(check, 'usage') : undefined;
}

/**
 * One with a twin for admins; those without are of an app that app-type finds wrong. Not those of Contact Center: guides for admin-managed apps name them without
 * `:admin` too.
 */
function isForUsers(name: string): boolean {
  const info = scopeInfo(name);
  return info?.level === 'user' && info.admin !== undefined && !info.products?.includes('contact-center');
}

/** One that grants a medium of the product at hand, where others are wanted by name. */
function isUnwanted(name: string, timeline: Timeline): boolean {
  const { kind, media = [], products = [] } = scopeInfo(name) ?? {};
  const wanted = wantedMedia(timeline);
  if (kind !== 'media' || wanted.length === 0 || wanted.includes('all')) return false;
  const ours = productsOf(timeline).products;
  return products.some((product) => ours.includes(product)) && !media.some((medium) => wanted.includes(medium));
}
