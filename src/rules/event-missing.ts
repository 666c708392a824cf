/** The app subscribes to the webhooks of its product: without started nothing begins, without stopped nothing ends. */
import { DOCS } from '../protocol/docs.js';
import { CONCURRENCY_EVENTS, streamEventNames, type StreamEvent } from '../protocol/webhook-events.js';
import { PRODUCTS, type Product } from '../protocol/webhooks.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { evidenceOf, productsOf } from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';

const ADD = 'on the Access page: Event Subscription, Add Events, search "RTMS"';

export const eventMissing = defineRule({
  id: 'event-missing',
  section: 'Events and webhook',
  title: 'the RTMS events are subscribed to',
  failureTitle: 'an RTMS event is not subscribed to',
  why: 'Zoom tells of a stream by webhook only; ordinary events arrive without the RTMS ones.',
  docs: DOCS.addFeatures,
  subject: 'the event subscription',
  needs: [['check:app-events', 'check:answer']],
  check: (timeline) => {
    const subscription = timeline.check('app-events');
    if (!subscription) return told(timeline, 'event-missing');
    const evidence = [evidenceOf(subscription)];
    if (factOf(subscription, 'enabled') !== 'true') {
      const message = 'the Event Subscription is off; no webhook is sent';
      const fix = `turn it on ${ADD}, tick Started and Stopped`;
      return { status: 'fail', certainty: 'certain', cause: 'disabled', message, evidence, fix };
    }
    const { products, assumed } = productsOf(timeline, 'events');
    const streamed = products.filter((product) => product !== 'video-sdk');
    const names = checksFor(timeline, 'app-event').map((check) => factOf(check, 'event') ?? '');
    const verdicts = [
      ...streamed.flatMap((product) => lacking(product, names, { evidence, assumed })),
      ...(products.some((product) => LIMITED.includes(product)) ? concurrency(names, evidence) : []),
      ...forAdmins(timeline),
    ];
    if (verdicts.length > 0) return verdicts;
    return { status: 'pass', message: streamed.map((product) => `${PRODUCTS[product].prefix}rtms_*`).join(', ') };
  },
});

interface Weight {
  readonly evidence: readonly Evidence[];
  readonly assumed: boolean;
}

function lacking(product: Product, names: readonly string[], { evidence, assumed }: Weight): Verdict[] {
  // The events of Zoom Phone are known from a sample alone.
  const certainty = assumed || product === 'phone' ? 'likely' : 'certain';
  return WANTED.flatMap(([event, status, without]): Verdict[] => {
    const known = streamEventNames(product, event);
    if (known.some((name) => names.includes(name))) return [];
    const message = `${known[0]} is not among the events; without it ${without}`;
    return [{ status, certainty, cause: event, message, evidence, fix: `${ADD}, tick it and save` }];
  });
}

const WANTED: readonly (readonly [event: StreamEvent, status: 'warn' | 'fail', without: string])[] = [
  ['started', 'fail', 'no stream can be joined'],
  ['stopped', 'fail', 'nothing says why a stream ended'],
  ['interrupted', 'warn', 'nothing says when to reconnect'],
];

/** Those whose ids the concurrency events have: https://developers.zoom.us/docs/api/rtms/events/ */
const LIMITED: readonly Product[] = ['meeting', 'webinar', 'video-sdk'];

function concurrency(names: readonly string[], evidence: readonly Evidence[]): Verdict[] {
  const missing = Object.values(CONCURRENCY_EVENTS).filter((name) => !names.includes(name));
  if (missing.length === 0) return [];
  const message = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not among the events; at the limit, streams just do not start`;
  const fix = `${ADD}, tick the concurrency events and save`;
  return [{ status: 'warn', certainty: 'certain', cause: 'concurrency', message, evidence, fix }];
}

/** A subscription for the whole account, in an app that single users add. */
function forAdmins(timeline: Timeline): Verdict[] {
  const usage = timeline.check('app-usage');
  if (!usage || factOf(usage, 'usage') !== 'user') return [];
  const events = checksFor(timeline, 'app-event').filter(
    (check) => factOf(check, 'usage') === 'admin' && /rtms/.test(factOf(check, 'event') ?? ''),
  );
  if (events.length === 0) return [];
  const message = 'the RTMS events are subscribed to as EVENT_FOR_ADMIN; a user-managed app gets those of its users';
  const fix = 'set event_usage to EVENT_FOR_USER';
  const evidence = events.map((check) => evidenceOf(check));
  return [{ status: 'warn', certainty: 'likely', cause: 'for-admins', message, evidence, fix }];
}
