/** The app is of the kind whose pair can receive the product's streams. */
import { DOCS } from '../protocol/docs.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import type { Timeline } from '../session/timeline.js';
import { answerTo } from './questions/answers.js';
import { defineRule, type Verdict } from './rule.js';
import { evidenceOf, knownProduct, productsOf, scopeLists } from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';

const USER_MANAGED = 'a user-managed General app';
const SWITCH = 'make the General app user-managed (Basic Information), then review its scopes and add it again';
const SIGN = 'sign with id and secret of the General app that receives rtms_started; keep this one for REST calls';

/** Each kind as the question `app-kind` has it, with what it means where it does not fit. */
const KINDS: Readonly<Record<string, { readonly words: string; readonly fix: string }>> = {
  'general-admin': { words: 'an admin-managed General app', fix: SWITCH },
  'server-to-server': { words: 'a Server-to-Server app', fix: SIGN },
  'video-sdk': { words: 'a Video SDK app', fix: `use ${USER_MANAGED}` },
  other: { words: 'an app of another kind', fix: `use ${USER_MANAGED}` },
};

interface Fit {
  readonly kinds: readonly string[];
  readonly expected: string;
}

/**
 * Which kinds can receive. What Zoom Phone takes is documented nowhere.
 * https://developers.zoom.us/docs/rtms/meetings/add-features/
 */
const FITS: Readonly<Record<Exclude<Product, 'phone'>, Fit>> = {
  meeting: { kinds: ['general-user'], expected: USER_MANAGED },
  webinar: { kinds: ['general-user'], expected: USER_MANAGED },
  'contact-center': {
    kinds: ['general-user', 'general-admin', 'server-to-server'],
    expected: 'a General or Server-to-Server app',
  },
  'video-sdk': { kinds: ['video-sdk'], expected: 'a Video SDK app' },
};

const UNTOLD: Verdict = {
  status: 'skip',
  message: 'needs a manifest (--manifest) or the answer which kind it is (--ask)',
};

export const appType = defineRule({
  id: 'app-type',
  section: 'App and scopes',
  title: 'the app is of a kind that receives streams',
  failureTitle: 'the app is of a kind that receives no streams',
  why: 'Meetings and webinars stream to user-managed General apps only; no other pair signs for them.',
  docs: DOCS.addFeatures,
  subject: 'the app type',
  needs: [['check:app-kind', 'check:app-usage', 'check:app-scopes', 'check:answer', 'check:credential']],
  check: (timeline) => {
    const { products, assumed } = productsOf(timeline);
    const verdicts = products.flatMap((product) => {
      if (product === 'phone') return [];
      const kind = kindOf(timeline, product, assumed);
      const usage = usageOf(timeline, product, assumed);
      return (timeline.check('app-kind') ? kind : undefined) ?? usage ?? kind ?? hintsFor(timeline, product);
    });
    return verdicts.find(({ status }) => status !== 'pass') ?? verdicts[0] ?? UNTOLD;
  },
});

type Judged = Exclude<Product, 'phone'>;

/** By the manifest, or what the API says in its place. */
function usageOf(timeline: Timeline, product: Judged, assumed: boolean): Verdict[] | undefined {
  const check = timeline.check('app-usage');
  if (!check || product === 'video-sdk') return undefined;
  const kind = factOf(check, 'usage') === 'admin' ? 'general-admin' : 'general-user';
  return [judge(kind, product, { ...(assumed ? ASSUMED : CERTAIN), evidence: [evidenceOf(check)] })];
}

function kindOf(timeline: Timeline, product: Judged, assumed: boolean): Verdict[] | undefined {
  const answer = answerTo(timeline, 'app-kind');
  if (!answer || (answer.value !== 'general-user' && !KINDS[answer.value])) return undefined;
  const weight = assumed ? ASSUMED : answer.seen ? CERTAIN : LIKELY;
  return [judge(answer.value, product, { ...weight, evidence: [answer.evidence] })];
}

type Weight = Pick<Exclude<Verdict, { status: 'pass' | 'skip' }>, 'status' | 'certainty' | 'evidence'>;

const CERTAIN = { status: 'fail', certainty: 'certain' } as const;
const LIKELY = { status: 'fail', certainty: 'likely' } as const;
/** Nobody said that it is for meetings: another product may stream to it. */
const ASSUMED = { status: 'warn', certainty: 'possible' } as const;

function judge(kind: string, product: Judged, weight: Weight): Verdict {
  const { kinds, expected } = FITS[product];
  const { words = USER_MANAGED, fix = '' } = KINDS[kind] ?? {};
  if (kinds.includes(kind)) return { status: 'pass', message: words };
  const message = `the app is ${words}; ${PRODUCTS[product].label} streams go to ${expected} alone`;
  return {
    ...weight,
    cause: kind,
    message,
    fix: product === 'video-sdk' ? `use ${expected}, and sign with its key and secret` : fix,
  };
}

/** What only lets one guess: scopes of admins, or an account id beside the pair, as Server-to-Server apps have. */
function hintsFor(timeline: Timeline, product: Judged): Verdict[] {
  if (FITS[product].expected !== USER_MANAGED) return [];
  const expected = `${PRODUCTS[product].label} streams go to ${USER_MANAGED} alone`;
  const lists = scopeLists(timeline);
  const control = lists.find(({ whose }) => whose === 'control');
  if (control && !lists.some(({ whose }) => whose === 'app')) {
    const message = `the scopes end in :admin, as those of admin-managed and Server-to-Server apps do; ${expected}`;
    const evidence = [control.evidence];
    return [{ status: 'warn', certainty: 'possible', cause: 'admin-scopes', message, evidence, fix: SIGN }];
  }
  const account = checksFor(timeline, 'credential').find((check) => factOf(check, 'name') === 'accountId');
  if (!account?.event.ok || knownProduct(timeline) === undefined) return [];
  const message = `${factOf(account, 'source')} stands beside the pair, as a Server-to-Server app has it; ${expected}`;
  const evidence = [{ event: account.number }];
  return [{ status: 'warn', certainty: 'possible', cause: 'account-id', message, evidence, fix: SIGN }];
}
