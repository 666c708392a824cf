/** Zoom's own log has the started event, and the app's endpoint took it. */
import { DELIVERY_FAILURE, type DeliveryFailure } from '../protocol/api-errors.js';
import { lookup } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { count } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { kebab } from './shared/words.js';

const START =
  'check that the app subscribes to it, that whoever starts has added the app, and that something starts the stream: ' +
  'auto-start, the REST call or startRTMS()';

export const webhookUndelivered = defineRule({
  id: 'webhook-undelivered',
  section: 'Events and webhook',
  title: "Zoom's log has the started event, and that it was taken",
  failureTitle: "the started event is missing in Zoom's log, or was not taken",
  why: 'The log tells apart what Zoom never sent from what it sent and the endpoint did not take.',
  docs: DOCS.marketplaceApi,
  subject: 'the delivery of webhooks',
  needs: ['check:webhook-log'],
  check: (timeline) => {
    const log = timeline.check('webhook-log');
    if (!log) return undefined;
    const outcomes = checksFor(timeline, 'webhook-delivery').toSorted((a, b) => timeOf(b) - timeOf(a));
    const [newest] = outcomes;
    if (!newest) return neverSent(log);
    if (!newest.event.ok) return outcomes.filter(({ event }) => !event.ok).map(failed);
    const since = outcomes.find(({ event }) => !event.ok);
    const once = since ? `; ${count(Number(factOf(since, 'count')), 'failure')} before it` : '';
    return { status: 'pass', message: `${factOf(newest, 'event')} was taken at ${factOf(newest, 'time')}${once}` };
  },
});

const timeOf = (check: Entry<CheckEvent>): number => Date.parse(factOf(check, 'time') ?? '') || 0;

/** Nothing in Zoom's documents says that the log holds RTMS events like any other; nothing says that it does not. */
function neverSent(log: Entry<CheckEvent>): Verdict {
  const [event, days, others] = ['event', 'days', 'others'].map((name) => factOf(log, name) ?? '');
  const evidence = [{ event: log.number }];
  if (Number(others) === 0) {
    const message = `no webhook at all is in Zoom's log of the last ${days} days`;
    const fix = 'start a meeting with the app added, then look again; until then nothing is known';
    return { status: 'warn', certainty: 'possible', cause: 'nothing-sent', message, evidence, fix };
  }
  const example = factOf(log, 'otherEvent');
  return {
    status: 'fail',
    certainty: 'likely',
    cause: 'never-sent',
    message: `Zoom sent other events (${example}) in the last ${days} days, and no ${event}`,
    evidence,
    fix: START,
  };
}

function failed(outcome: Entry<CheckEvent>): Verdict {
  const [event, endpoint, time] = ['event', 'endpoint', 'time'].map((name) => factOf(outcome, name) ?? '');
  const [status = 0, reason] = ['status', 'reason'].map((name) => Number(factOf(outcome, name)));
  const known = lookup<DeliveryFailure>(DELIVERY_FAILURE, reason);
  const answered = status > 0 ? `the endpoint answered ${status}` : 'no answer came';
  const times = count(Number(factOf(outcome, 'count')), 'time');
  return {
    status: 'fail',
    certainty: 'certain',
    cause: known ? kebab(known.name) : `status-${status}`,
    message: `Zoom sent ${event} and it was not taken (${times}, last at ${time}): ${known?.meaning ?? answered}`,
    evidence: [{ event: outcome.number, note: [endpoint, answered].join(': ') }],
    fix: known?.action ?? 'read the log of the app at that time; answer 200 within 3 s',
  };
}
