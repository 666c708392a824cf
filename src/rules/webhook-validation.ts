/** The endpoint answers `endpoint.url_validation` as Zoom wants it. The newest answer counts: many come before it. */
import { DOCS } from '../protocol/docs.js';
import { DELIVERY } from '../protocol/timing.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';
import { answerEvidence, connectionFix, webhookAnswers, type WebhookAnswer } from './shared/webhook-answers.js';

interface Fault {
  readonly cause: string;
  readonly is: (answer: WebhookAnswer) => boolean;
  /** What was seen, after `the URL validation`. */
  readonly seen: (answer: WebhookAnswer) => string;
  readonly fix: string;
}

const RIGHT = 'answer 200 with {"plainToken": …, "encryptedToken": …} in one JSON body, before any other check';
const KEPT_ALIVE = `keep the answer in place: Zoom asks again every ${duration(DELIVERY.validatesEveryMs)}`;

/** Questions that Zoom does not ask. */
const NOT_ZOOMS: readonly string[] = ['forgery', 'no-plain-token'];

/** The first that fits is meant. What the body says comes last: without the status it is not read. */
const FAULTS: readonly Fault[] = [
  {
    cause: 'no-answer',
    is: ({ cause }) => cause === 'no-answer',
    seen: ({ ms }) => `was not answered within ${duration(ms)}; Zoom waits ${duration(DELIVERY.answerWithinMs)}`,
    fix: `answer it before any body parser and any work; ${KEPT_ALIVE}`,
  },
  {
    cause: 'unreachable',
    is: ({ status }) => status === 0,
    seen: () => 'did not reach the app',
    fix: `check that the app runs, and that the URL is its own; ${KEPT_ALIVE}`,
  },
  {
    cause: 'redirect',
    is: ({ status }) => status >= 300 && status < 400,
    seen: ({ status, check }) => `was answered with ${status}: it leads to ${factOf(check, 'location') ?? 'nowhere'}`,
    fix: 'register the URL it leads to: Zoom follows no redirect',
  },
  {
    cause: 'method-not-allowed',
    is: ({ status }) => status === 405,
    seen: () => 'was answered with 405: the route does not take POST',
    fix: 'let the route take POST',
  },
  {
    cause: 'wrong-status',
    is: ({ status }) => status !== 200,
    seen: ({ status, check }) =>
      [`was answered with ${status}; 200 is expected`, factOf(check, 'explanation') ?? []].flat().join(': '),
    fix: `${RIGHT}: it may come without a signature`,
  },
  {
    cause: 'wrong-body',
    is: ({ cause }) => cause === 'wrong-body',
    seen: ({ check }) => `was answered with a wrong body: ${factOf(check, 'explanation') ?? 'it cannot be read'}`,
    fix: RIGHT,
  },
  {
    cause: 'unknown',
    is: ({ cause }) => cause !== undefined,
    seen: ({ check }) =>
      `was answered with another encryptedToken than this Secret Token gives: ${
        factOf(check, 'explanation') ?? "no known mistake gives it; most likely another app's token"
      }`,
    fix: 'encryptedToken = HMAC-SHA256 of plainToken, lower-case hex, key = Secret Token: rtms sign challenge TOKEN',
  },
  {
    cause: 'late',
    is: ({ ms }) => ms > DELIVERY.answerWithinMs,
    seen: ({ ms }) => `was answered after ${duration(ms)}; Zoom waits ${duration(DELIVERY.answerWithinMs)}`,
    fix: 'answer it first and work afterwards',
  },
];

export const webhookValidation = defineRule({
  id: 'webhook-validation',
  section: 'Events and webhook',
  title: 'the URL validation is answered right',
  failureTitle: 'the URL validation is not answered right',
  why: `Zoom delivers nothing to a URL that is not valid, nor after ${DELIVERY.failedValidations} failures in a row.`,
  docs: DOCS.webhooks,
  subject: 'the URL validation',
  needs: ['check:webhook-answer'],
  check: (timeline) => {
    const answers = webhookAnswers(timeline, 'validation');
    // The app and the listener in front of it answer one after the other.
    const newest = [true, false].flatMap((own) => answers.findLast(({ isOwn }) => isOwn === own) ?? []);
    if (newest.length === 0) return undefined;
    const verdicts = newest.flatMap(verdict);
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: 'answered right' };
  },
});

function verdict(answer: WebhookAnswer): Verdict[] {
  const fault = FAULTS.find(({ is }) => is(answer));
  if (!fault) return [];
  const { check, cause = fault.cause } = answer;
  return [
    {
      // Zoom is not who asked so.
      status: NOT_ZOOMS.includes(cause) ? 'warn' : 'fail',
      certainty: 'certain',
      cause,
      message: `the URL validation${answer.isShielded ? ', handed to your app,' : ''} ${fault.seen(answer)}`,
      evidence: answerEvidence(answer),
      fix: factOf(check, 'fix') ?? connectionFix(answer) ?? fault.fix,
    },
  ];
}
