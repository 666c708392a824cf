/** The pair that signs is there: client id and secret of the app, or key and secret of the Video SDK. */
import { DOCS } from '../protocol/docs.js';
import { PRODUCTS } from '../protocol/webhooks.js';
import { count } from '../session/words.js';
import { defineRule } from './rule.js';
import { knownProduct } from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';

/** Without the Secret Token one can connect. */
const PAIR = ['clientId', 'clientSecret'];

const OTHER_PAIR = {
  app: 'there, and sign Video SDK sessions only',
  'video-sdk': 'there, and sign no Video SDK session',
} as const;

const OF_WHICH = {
  app: ': the pair of the General app; a Server-to-Server pair cannot sign for a meeting',
  'video-sdk': ': SDK Key and SDK Secret of the Video SDK app',
} as const;

/** What can be judged without signing anything. */
const OTHER_EVIDENCE: readonly string[] = [
  'webhook',
  'frame',
  'check:close-reported',
  'check:app-manifest',
  'check:app-scopes',
];

export const credentialsMissing = defineRule({
  id: 'credentials-missing',
  section: 'Credentials',
  title: 'the pair that signs is there',
  failureTitle: 'the pair that signs is not there',
  why: 'The handshake is signed with the pair of the app that receives the webhook; without it nothing can be joined.',
  docs: DOCS.workWithStreams,
  needs: ['check:credential'],
  check: (timeline) => {
    const pair = checksFor(timeline, 'credential').filter((check) => PAIR.includes(factOf(check, 'name') ?? ''));
    const missing = pair.filter(({ event }) => !event.ok);
    const all = (name: string): string[] => missing.flatMap((check) => factOf(check, name) ?? []);
    if (missing.length === 0) {
      return { status: 'pass', message: pair.map((check) => factOf(check, 'source')).join(', ') };
    }
    const names = all('names').map((list) => list.split(', '));
    const tried = `looked at ${all('looked')[0]}, ${count(names.flat().length, 'name')}`;
    const instead = all('instead').join(' and ');
    const { credential } = PRODUCTS[knownProduct(timeline) ?? 'meeting'];
    // Whoever asks about something else has not asked for a pair.
    if (instead === '' && OTHER_EVIDENCE.some((need) => timeline.seen.has(need))) {
      return { status: 'skip', message: `no ${all('label').join(' or ')}; ${tried}` };
    }
    return {
      status: 'fail',
      certainty: 'certain',
      cause: instead === '' ? 'absent' : 'other-product',
      message: `no ${all('label').join(' or ')}; ${instead === '' ? tried : `${instead} are ${OTHER_PAIR[credential]}`}`,
      evidence: missing.map(({ number }) => ({ event: number })),
      fix: `set ${names.map(([first]) => first).join(' and ')} in .env or the environment${OF_WHICH[credential]}`,
    };
  },
});
