/** The app takes the events it is sent: it can be reached and says 200. How fast it does is another rule. */
import { DOCS } from '../protocol/docs.js';
import { deliveryAfter } from '../protocol/http-status.js';
import { DELIVERY } from '../protocol/timing.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import {
  andMore,
  answerEvidence,
  byWhom,
  connectionFix,
  webhookAnswers,
  zoomSends,
  type WebhookAnswer,
} from './shared/webhook-answers.js';

interface Refusal {
  readonly cause: string;
  readonly is: (status: number) => boolean;
  readonly fix: string;
}

/** The first that fits is meant; status 0 is no answer. */
const REFUSALS: readonly Refusal[] = [
  {
    cause: 'unreachable',
    is: (status) => status === 0,
    fix: 'check that the app runs, and that the URL is its own',
  },
  {
    cause: 'unusual-success',
    is: (status) => status < 300,
    fix: 'answer 200',
  },
  {
    cause: 'redirect',
    is: (status) => status >= 300 && status < 400,
    fix: 'register the URL it leads to, letter by letter: scheme, host, slash at the end',
  },
  {
    cause: 'unauthorized',
    is: (status) => UNAUTHORIZED.includes(status),
    fix: 'verify v0:{x-zm-request-timestamp}:{body} with the Secret Token, over the body as it came, before any parser',
  },
  {
    cause: 'not-found',
    is: (status) => status === 404 || status === 410,
    fix: 'compare the path of the URL with the route of the handler, letter by letter',
  },
  { cause: 'method-not-allowed', is: (status) => status === 405, fix: 'let the route take POST' },
  { cause: 'too-large', is: (status) => status === 413, fix: 'let the body parser take bodies of 1 MB' },
  { cause: 'too-many-requests', is: (status) => status === 429, fix: 'take the webhook route out of the rate limit' },
  { cause: 'client-error', is: (status) => status >= 400 && status < 500, fix: 'read in the log of the app why' },
  {
    cause: 'server-error',
    is: (status) => status >= 500,
    fix: 'read the error in the log of the app; answer 200 before any work',
  },
];

export const webhookRefused = defineRule({
  id: 'webhook-refused',
  section: 'Events and webhook',
  title: 'webhooks are accepted',
  failureTitle: 'a webhook is not accepted',
  why: 'An event that was not answered with 200 or 204 is lost, or comes again when its stream can no longer be used.',
  docs: DOCS.webhooks,
  needs: ['check:webhook-answer'],
  check: (timeline) => {
    const all = webhookAnswers(timeline, 'event').filter(({ cause }) => cause !== 'no-answer');
    const answers = all.filter((answer) => !turnsAwayRightly(answer, timeline));
    if (answers.length === 0) return all.length > 0 ? { status: 'pass', message: GUARDED } : undefined;
    const verdicts = REFUSALS.flatMap((refusal) => verdict(refusal, answers, timeline));
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: 'each was answered with 200 or 204' };
  },
});

const GUARDED = 'what Zoom did not sign was turned away';

const UNAUTHORIZED: readonly number[] = [401, 403];

/** What is not signed right, or not at all, is to be answered so: it is the sender who is wrong. */
function turnsAwayRightly({ webhook, status }: WebhookAnswer, timeline: Timeline): boolean {
  const headers = Object.keys(webhook.event.headers).map((name) => name.toLowerCase());
  return UNAUTHORIZED.includes(status) && (!headers.includes('x-zm-signature') || signatureOf(webhook, timeline) === false);
}

/** Whether it is signed right, where the Secret Token was there to tell. */
const signatureOf = ({ number }: WebhookEntry, timeline: Timeline): boolean | undefined =>
  checksFor(timeline, 'webhook-signature-mismatch').find(({ event }) => event.frame === number)?.event.ok;

function verdict(refusal: Refusal, answers: readonly WebhookAnswer[], timeline: Timeline): Verdict[] {
  const found = answers.filter(({ status }) => refusalFor(status) === refusal);
  const last = found.at(-1);
  if (!last) return [];
  const { cause } = refusal;
  const { name, status } = last;
  const seen = status === 0 ? 'did not reach the app' : `was answered${byWhom(last)} with ${status}`;
  return [
    {
      ...(cause === 'unusual-success'
        ? { status: 'warn', certainty: 'possible' }
        : { status: 'fail', certainty: 'certain' }),
      cause,
      message: [`${name} ${seen}${andMore(found)}`, ...asides(last, cause, timeline)].join('; '),
      evidence: answerEvidence(last),
      fix: connectionFix(last) ?? refusal.fix,
    },
  ];
}

const refusalFor = (status: number): Refusal | undefined =>
  deliveryAfter(status) === 'delivered' ? undefined : REFUSALS.find(({ is }) => is(status));

const RETRIES = DELIVERY.retriesAfterMs.map(duration).join(', ');

/** What else the reader should know of it. */
function asides(answer: WebhookAnswer, cause: string, timeline: Timeline): string[] {
  const { check, webhook, status } = answer;
  if (cause === 'unusual-success') return ["Zoom's documents name 200 and 204 only"];
  const location = factOf(check, 'location');
  const isSigned = signatureOf(webhook, timeline) === true;
  return [
    ...(location === undefined ? [] : [`it leads to ${location}`]),
    ...(cause === 'unauthorized' && isSigned ? ['its signature is right: the check that refuses it is not'] : []),
    status === 0 || deliveryAfter(status) === 'sent again'
      ? `${zoomSends(answer)} such an event again after ${RETRIES}`
      : `${zoomSends(answer)} no such event again`,
  ];
}
