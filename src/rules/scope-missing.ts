/** The app has the scope of every wanted medium, and of the REST calls it is to make. */
import { DOCS } from '../protocol/docs.js';
import { scopeFor, scopeInfo, scopesOf, type Medium } from '../protocol/scopes.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import type { Timeline } from '../session/timeline.js';
import { answerTo } from './questions/answers.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { mediaScopes, productsOf, sameScope, scopeLists, scopeMeant, wantedMedia } from './shared/app.js';

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
    const all = scopeLists(timeline);
    if (all.length === 0) return told(timeline, 'scope-missing');
    const { products, assumed } = productsOf(timeline);
    const lists = all.filter(({ whose }) => whose !== 'own');
    const ours = lists.filter(({ whose }) => whose === 'app');
    // The app that only starts streams is another one, unless the product streams to its kind too.
    const judged = ours.length > 0 ? products : lists.length > 0 ? products.filter(streamsToAdmins) : [];
    // A slip in a name is one fault, and `scope-unknown` finds it.
    const slips = lists.flatMap(({ scopes }) => scopes.flatMap((scope) => scopeMeant(scope) ?? []));
    const held = [...lists.flatMap(({ scopes }) => scopes.map(({ name }) => name)), ...slips];
    const lacking = [
      ...judged.flatMap((product) => mediaLacking(product, held, timeline)),
      ...products.flatMap((product) => controlLacking(product, held, timeline)),
    ];
    const list = ours.find(({ source }) => source !== 'token') ?? lists[0];
    if (lacking.length > 0 && list) {
      return lacking.map((each) => ({ ...each, ...weighed(each, ours.length === 0, assumed), evidence: [list.evidence] }));
    }
    if (ours.length === 0) return { status: 'skip', message: lists.length > 0 ? CONTROL : OWN };
    if (slips.length > 0) return { status: 'skip', message: SLIPS };
    const granted = held.flatMap((name) => (scopeInfo(name)?.kind === 'media' ? [name] : []));
    return granted.length > 0 ? { status: 'pass', message: [...new Set(granted)].join(', ') } : undefined;
  },
});

const SLIPS = 'needs the scopes as they are spelt in the app: one of them is not known';
const OWN = "the token is the app's own, by client_credentials; the scopes of users are not in it";
const CONTROL =
  'the scopes are those of a Server-to-Server or admin-managed app, which may start streams; needs those of the ' +
  'app that receives them';

const streamsToAdmins = (product: Product): boolean =>
  mediaScopes(product).some((name) => scopeInfo(`${name}:admin`) !== undefined);

/** A verdict before it is known where the list stands. */
type Lacking = Omit<Extract<Verdict, { status: 'warn' | 'fail' }>, 'evidence'>;

function weighed(
  { status, certainty }: Lacking,
  isDoubtful: boolean,
  assumed: boolean,
): Pick<Lacking, 'status' | 'certainty'> {
  if (isDoubtful) return { status: 'warn', certainty: 'possible' };
  return { status, certainty: assumed && certainty === 'certain' ? 'likely' : certainty };
}

function mediaLacking(product: Product, held: readonly string[], timeline: Timeline): Lacking[] {
  const has = (name: string): boolean => held.some((other) => sameScope(other, name));
  const wanted = wantedMedia(timeline);
  const media = mediaScopes(product);
  const named = wanted.filter((name) => name !== 'all');
  if (named.length > 0) return named.flatMap((medium) => mediumOf(product, medium, has));
  if (media.length > 0 && !media.some(has)) return [noMedia(product, media)];
  return wanted.length > 0 ? notAll(product, has) : [];
}

function noMedia(product: Product, [first = '']: readonly string[]): Lacking {
  return {
    cause: 'all',
    status: 'fail',
    certainty: product === 'phone' ? 'likely' : 'certain',
    message: `none of the scopes grants ${PRODUCTS[product].label} media`,
    fix: `add the scope of each medium you want, such as ${first}; ${THEN}`,
  };
}

/** Nothing refuses it: on the socket named all comes what there are scopes for, and nothing else. */
function notAll(product: Product, has: (name: string) => boolean): Lacking[] {
  const missing = scopesOf('media', product).filter(({ name, confidence }) => confidence !== 'expected' && !has(name));
  if (missing.length === 0) return [];
  const names = missing.map(({ name }) => name).join(', ');
  return [
    {
      cause: 'not-all',
      status: 'warn',
      certainty: 'certain',
      message: `all media are wanted, without ${names} among the scopes; Zoom leaves out what has none, without a word`,
      fix: `add those of the media you want, ${THEN}`,
    },
  ];
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
function controlLacking(product: Product, held: readonly string[], timeline: Timeline): Lacking[] {
  if (answerTo(timeline, 'start-method')?.value !== 'rest') return [];
  const [control] = scopesOf('control', product);
  const infos = held.map(scopeInfo);
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
