/** Events are answered well within the time Zoom waits. What the answer says is another rule. */
import { DOCS } from '../protocol/docs.js';
import { DELIVERY } from '../protocol/timing.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { andMore, answerEvidence, byWhom, webhookAnswers, zoomSends, type WebhookAnswer } from './shared/webhook-answers.js';

/** A third of the time is gone: a busy hour will take the rest. */
const SLOW_MS = 1000;

const LIMIT = duration(DELIVERY.answerWithinMs);

interface Degree {
  readonly cause: string;
  readonly status: 'warn' | 'fail';
  readonly is: (answer: WebhookAnswer) => boolean;
  /** After `was`. */
  readonly seen: string;
  readonly fix: string;
}

/** The worst first: an answer has the first that fits. */
const DEGREES: readonly Degree[] = [
  {
    cause: 'no-answer',
    status: 'fail',
    is: ({ cause }) => cause === 'no-answer',
    seen: 'not answered',
    // The body consumed twice: https://github.com/zoom/rtms/issues/96
    fix: 'answer 200 before any work; one that hangs may wait for a body a parser took: mount it before the parser',
  },
  {
    cause: 'late',
    status: 'fail',
    is: ({ status, ms }) => status > 0 && ms > DELIVERY.answerWithinMs,
    seen: 'answered',
    fix: 'answer 200 first and work afterwards; ignore a webhook whose rtms_stream_id and event_ts came before',
  },
  {
    cause: 'slow',
    status: 'warn',
    is: ({ status, ms }) => status > 0 && ms > SLOW_MS,
    seen: 'answered',
    fix: 'answer 200 first and work afterwards',
  },
];

export const webhookSlow = defineRule({
  id: 'webhook-slow',
  section: 'Events and webhook',
  title: 'webhooks are answered in time',
  failureTitle: 'a webhook is answered late, or not at all',
  why: 'What is not answered in time comes again; a second connection for the same stream then ends the first.',
  docs: DOCS.webhookDelays,
  subject: 'a slow webhook handler',
  needs: ['check:webhook-answer'],
  check: (timeline) => {
    const answers = webhookAnswers(timeline, 'event');
    const verdicts = DEGREES.flatMap((degree) => verdict(degree, answers));
    if (verdicts.length > 0) return verdicts;
    // What rtms answered itself rules nothing out.
    const times = answers.filter(({ status, isOwn }) => status > 0 && !isOwn).map(({ ms }) => ms);
    if (times.length === 0) return undefined;
    return { status: 'pass', message: `answered within ${duration(Math.max(...times))}` };
  },
});

function verdict(degree: Degree, answers: readonly WebhookAnswer[]): Verdict[] {
  const found = answers.filter((answer) => DEGREES.find(({ is }) => is(answer)) === degree);
  const [worst] = found.toSorted((a, b) => b.ms - a.ms);
  if (!worst) return [];
  const { cause, status, seen, fix } = degree;
  const when = `${cause === 'no-answer' ? 'within' : 'after'} ${duration(worst.ms)}`;
  const after = status === 'fail' ? `; ${zoomSends(worst)} such an event again` : '';
  return [
    {
      status,
      certainty: 'certain',
      cause,
      message: `${worst.name} was ${seen}${byWhom(worst)} ${when}${andMore(found)}; Zoom waits ${LIMIT}${after}`,
      evidence: answerEvidence(worst),
      fix,
    },
  ];
}
