/** The connection begins soon after the webhook was sent. */
import { DOCS } from '../protocol/docs.js';
import { isObject, toMilliseconds } from '../protocol/json.js';
import { CLOCK_TOLERANCE_MS, CONNECT_WINDOW_MS } from '../protocol/timing.js';
import type { Webhook } from '../protocol/webhooks.js';
import type { Connection, Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { isAccepted } from './shared/connections.js';

export const webhookStale = defineRule({
  id: 'webhook-stale',
  section: 'Payload',
  title: 'the webhook is fresh',
  failureTitle: 'the webhook is too old to connect with',
  why: 'About 60 s after a started event its URL and stream can no longer be used.',
  docs: DOCS.connectWindow,
  subject: 'a stale payload',
  needs: ['webhook'],
  check: (timeline) => {
    const { started } = timeline;
    const eventTs = started?.webhook.eventTs;
    const connection = started && firstConnectionAfter(timeline, started);
    if (!started || !connection || eventTs === undefined) return undefined;
    const age = timeline.wallClock(connection.begin) - eventTs;
    // From the future it says nothing but that a clock is wrong, which is `clock-skew`.
    if (Number.isNaN(age) || age < -CLOCK_TOLERANCE_MS) return undefined;
    const verdicts = isAccepted(connection) ? [] : judge(started, age);
    if (verdicts.length > 0) return verdicts;
    const old = `${duration(Math.max(0, age))} old`;
    return { status: 'pass', message: isAccepted(connection) ? `accepted, ${old}` : old };
  },
});

function judge({ number, webhook }: WebhookEntry, age: number): Verdict[] {
  const path = webhook.path['event_ts'] ?? '$.event_ts';
  const evidence = [{ event: number, path, note: `event_ts ${webhook.eventTs}` }];
  if (age > CONNECT_WINDOW_MS) {
    return [
      {
        status: 'warn',
        certainty: 'likely',
        cause: 'old',
        message: `the webhook was ${duration(age)} old when the connection began; Zoom expects it within 60 s`,
        evidence,
        fix: 'start a new stream and connect at once; drop started events that are older than 60 s',
      },
    ];
  }
  if (!isInSeconds(webhook)) return [];
  return [
    {
      status: 'warn',
      certainty: 'certain',
      cause: 'seconds',
      message: 'event_ts is in seconds; Zoom sends milliseconds, so this is not the body as Zoom posted it',
      evidence,
      fix: 'keep the request body exactly as Zoom posted it',
    },
  ];
}

function isInSeconds({ raw, eventTs }: Webhook): boolean {
  const given = isObject(raw) ? Number(raw['event_ts']) : Number.NaN;
  return given !== eventTs && toMilliseconds(given) === eventTs;
}

/** Reconnections come later and say nothing about how fresh the webhook was. */
function firstConnectionAfter({ connections }: Timeline, { event }: WebhookEntry): Connection | undefined {
  return connections.find(({ socket, begin }) => socket === 'signaling' && begin >= event.t);
}
