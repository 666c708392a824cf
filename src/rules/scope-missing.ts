/** The app has the scope of every wanted medium, and of the REST calls it is to make. */
import { scopeFor, scopeInfo, scopesOf, type Medium } from '../protocol/scopes.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import {
  answerTo,
  evidenceOf,
  mediaScopes,
  productsOf,
  sameScope,
  scopesHeld,
  wantedMedia,
  type HeldScope,
} from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';
import { DOCS } from './shared/docs.js';

const THEN = 'save, then add the app again: Local Test, Add app now';

export const scopeMissing = defineRule({
  id: 'scope-missing',
  section: 'App and scopes',
  title: 'every wanted medium has its scope',
  failureTitle: 'a scope is missing',
  why: 'Zoom offers only the media the app has scopes for, and refuses the others with status 9 to 13.',
  docs: DOCS.addFeatures,
  subject: 'the scopes',
  needs: [['check:app-scopes', 'check:answer']],
  check: (timeline) => {
    const lists = checksFor(timeline, 'app-scopes');
    if (lists.length === 0) return told(timeline, 'scope-missing');
    const held = scopesHeld(timeline);
    if (isOwnTokenAlone(timeline, held)) {
      const message = "the token is the app's own, by client_credentials; the scopes of users are not in it";
      return { status: 'skip', message };
    }
    const { products, assumed } = productsOf(timeline);
    const lacking = products.flatMap((product) => lackingOf(product, held, timeline));
    const list = lists.find((check) => factOf(check, 'source') !== 'token') ?? lists[0];
    const evidence = list ? [evidenceOf(list)] : [];
    const verdicts = lacking.map((each) => verdict(each, evidence, assumed));
    if (verdicts.length > 0) return verdicts;
    const granted = held.flatMap(({ name }) => (scopeInfo(name)?.kind === 'media' ? [name] : []));
    return granted.length > 0 ? { status: 'pass', message: [...new Set(granted)].join(', ') } : undefined;
  },
});

/** Such a token lists scopes of the app itself, never those that users grant. */
function isOwnTokenAlone(timeline: Timeline, held: readonly HeldScope[]): boolean {
  const lists = checksFor(timeline, 'app-scopes');
  if (lists.some((check) => factOf(check, 'source') !== 'token')) return false;
  const isOwn = held.length > 0 && held.every(({ name }) => name.startsWith('marketplace:'));
  return isOwn || lists.every((check) => factOf(check, 'grant') === 'client_credentials');
}

/** A verdict before it is known where the list stands. */
type Lacking = Omit<Extract<Verdict, { status: 'warn' | 'fail' }>, 'evidence'>;

function lackingOf(product: Product, held: readonly HeldScope[], timeline: Timeline): Lacking[] {
  const has = (name: string): boolean => held.some((scope) => sameScope(scope.name, name));
  const wanted = wantedMedia(timeline);
  const media = mediaScopes(product);
  const none = wanted.length === 0 && media.length > 0 && !media.some(has);
  return [
    ...(none ? [noMedia(product, media, held)] : wanted.flatMap((medium) => mediumOf(product, medium, has))),
    ...(answerTo(timeline, 'start-method')?.value === 'rest' ? controlOf(product, held) : []),
  ];
}

function noMedia(product: Product, [first = '']: readonly string[], held: readonly HeldScope[]): Lacking {
  const ofAnotherApp = held.some(({ name }) => name.endsWith(':admin')) && !scopeInfo(`${first}:admin`);
  const add = `add the scope of each medium you want, such as ${first}; ${THEN}`;
  return {
    cause: 'all',
    status: 'fail',
    certainty: product === 'phone' ? 'likely' : 'certain',
    message: `none of the scopes grants ${PRODUCTS[product].label} media`,
    fix: ofAnotherApp ? `in the user-managed General app, ${add}` : add,
  };
}

function mediumOf(product: Product, medium: Medium, has: (name: string) => boolean): Lacking[] {
  const scope = scopeFor(product, medium);
  if (!scope || has(scope.name)) return [];
  const { name, confidence } = scope;
  if (confidence === 'expected') {
    const message = `${medium} is wanted; which scope grants it for ${PRODUCTS[product].label} is documented nowhere`;
    const fix = `look for it on the Scopes page with a search for "rtms"; it may be ${name}`;
    return [{ cause: medium, status: 'warn', certainty: 'possible', message, fix }];
  }
  return [
    {
      cause: medium,
      status: 'fail',
      certainty: confidence === 'documented' ? 'certain' : 'likely',
      message: `${medium} is wanted and ${name} is not among the scopes`,
      fix: `add ${name} to the app, ${THEN}`,
    },
  ];
}

/** A second, Server-to-Server app may hold it: these scopes need not be all there are. */
function controlOf(product: Product, held: readonly HeldScope[]): Lacking[] {
  const [control] = scopesOf('control', product);
  const infos = held.map(({ name }) => scopeInfo(name));
  const has = infos.some((info) => info?.kind === 'control' && info.products?.includes(product));
  if (!control || has) return [];
  return [
    {
      cause: 'control',
      status: 'warn',
      certainty: 'likely',
      message: `RTMS is started by REST and ${control.name} is not among the scopes`,
      fix: `add ${control.name} (with :admin in a Server-to-Server app), then get a new token`,
    },
  ];
}

function verdict({ certainty, ...rest }: Lacking, evidence: readonly Evidence[], assumed: boolean): Verdict {
  return { ...rest, certainty: assumed && certainty === 'certain' ? 'likely' : certainty, evidence };
}
