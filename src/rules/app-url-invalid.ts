/** The URLs the app registers are ones that Zoom can post to, and send users back to. */
import { appUrlFault, type AppUrlFault } from '../protocol/app-urls.js';
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry, Timeline } from '../session/timeline.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { evidenceOf } from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';

interface Fault {
  readonly status: 'warn' | 'fail';
  readonly certainty: 'certain' | 'possible';
  readonly seen: string;
  readonly fix: string;
}

const PUBLIC = 'give a public https URL; while developing, that of a tunnel: rtms listen prints the command';

const FAULTS: Readonly<Record<AppUrlFault, Fault>> = {
  empty: { status: 'fail', certainty: 'certain', seen: 'is empty', fix: PUBLIC },
  placeholder: { status: 'fail', certainty: 'certain', seen: 'is still the sample text', fix: PUBLIC },
  malformed: { status: 'fail', certainty: 'certain', seen: 'is not a URL', fix: PUBLIC },
  'not-https': { status: 'fail', certainty: 'certain', seen: 'is not https', fix: PUBLIC },
  address: { status: 'fail', certainty: 'certain', seen: 'has an IP address; a host name is expected', fix: PUBLIC },
  local: { status: 'fail', certainty: 'certain', seen: 'has a name that only this network knows', fix: PUBLIC },
  credentials: {
    status: 'fail',
    certainty: 'certain',
    seen: 'has a user name or password in it',
    fix: 'take it out; Zoom signs its webhooks, verify x-zm-signature instead',
  },
  tunnel: {
    status: 'warn',
    certainty: 'possible',
    seen: 'is that of a tunnel, whose name may change with its next start',
    fix: 'use a reserved domain of the tunnel, and compare the URL letter by letter after each start',
  },
};

export const appUrlInvalid = defineRule({
  id: 'app-url-invalid',
  section: 'Events and webhook',
  title: "the app's URLs can be reached by Zoom",
  failureTitle: 'a URL of the app cannot be reached by Zoom',
  why: 'Zoom posts to public https URLs only, and its validator takes others without a word.',
  docs: DOCS.webhooks,
  needs: ['check:app-url'],
  check: (timeline) => {
    const verdicts = [...webhooks(timeline), ...redirects(timeline)];
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: 'public host names, https' };
  },
});

type Url = Entry<CheckEvent>;

const urls = (timeline: Timeline, kind: string): Url[] =>
  checksFor(timeline, 'app-url').filter((check) => factOf(check, 'kind') === kind);
const valueOf = (check: Url): string => factOf(check, 'url') ?? '';
const where = (check: Url): string => `${factOf(check, 'which')} ${factOf(check, 'kind')} URL`;

/** A draft need not have its production URL yet: one of the two is enough. */
function webhooks(timeline: Timeline): Verdict[] {
  const all = urls(timeline, 'webhook');
  const set = all.filter((check) => valueOf(check).trim() !== '');
  const faulty = (set.length > 0 ? set : all.slice(0, 1)).flatMap((check) => {
    const cause = appUrlFault(valueOf(check));
    if (cause === undefined) return [];
    const { seen, ...fault } = FAULTS[cause];
    // One that was given may be the app on this machine, which is no mistake by itself.
    const status = factOf(check, 'which') === 'given' ? 'warn' : fault.status;
    return [{ ...fault, status, cause, message: `the ${where(check)} ${seen}`, evidence: [evidenceOf(check)] }];
  });
  return [...faulty, ...differing(set.filter((check) => VERSIONS.includes(factOf(check, 'which')))), ...other(set)];
}

const VERSIONS: readonly (string | undefined)[] = ['development', 'production'];

/** What is asked from here, and what Zoom posts to. */
function other(set: readonly Url[]): Verdict[] {
  const given = set.find((check) => factOf(check, 'which') === 'given');
  const registered = set.filter((check) => check !== given);
  const [first] = registered;
  if (!given || !first || registered.some((check) => valueOf(check) === valueOf(given))) return [];
  const message = `Zoom posts to ${valueOf(first)}; ${valueOf(given)} was given`;
  const evidence = [evidenceOf(first), evidenceOf(given)];
  const fix = 'register the URL of the app that runs, letter by letter, and validate it';
  return [{ status: 'warn', certainty: 'likely', cause: 'not-registered', message, evidence, fix }];
}

/** Which of the two is posted to depends on the version that is installed. */
function differing(set: readonly Url[]): Verdict[] {
  const [first, ...others] = set;
  const other = others.find((check) => valueOf(check) !== valueOf(first ?? check));
  if (!first || !other || factOf(first, 'which') === factOf(other, 'which')) return [];
  const message = 'development and production have different webhook URLs; the installed version decides which is used';
  const evidence = [first, other].map((check) => evidenceOf(check));
  const fix = 'look for webhooks at the URL of the version the test user added: Local Test adds Development';
  return [{ status: 'warn', certainty: 'possible', cause: 'differ', message, evidence, fix }];
}

/** Faults of these concern adding the app, not its streams. */
function redirects(timeline: Timeline): Verdict[] {
  const all = urls(timeline, 'redirect').filter((check) => valueOf(check).trim() !== '');
  const allowed = urls(timeline, 'allowed').map(valueOf);
  const manifest = timeline.check('app-manifest');
  if (all.length === 0)
    return manifest ? [redirect('redirect-missing', 'there is no redirect URL', [evidenceOf(manifest)])] : [];
  return all.flatMap((check) => {
    const evidence = [evidenceOf(check)];
    const name = `the ${where(check)}`;
    if (!/^https:/i.test(valueOf(check))) return [redirect('redirect-not-https', `${name} is not https`, evidence)];
    if (allowed.some((entry) => isWithin(valueOf(check), entry))) return [];
    return [redirect('redirect-not-allowed', `${name} is not in oauth_allow_list`, evidence)];
  });
}

function redirect(cause: string, message: string, evidence: readonly Evidence[]): Verdict {
  const fix = 'set the URL of your OAuth callback as redirect URL, with https, and add it to the allow list';
  return {
    status: 'warn',
    certainty: 'likely',
    cause,
    message: `${message}; users may not be able to add the app`,
    evidence,
    fix,
  };
}

/** An entry allows itself and what is below it. */
const isWithin = (url: string, entry: string): boolean => url === entry || url.startsWith(entry.replace(/\/?$/, '/'));
