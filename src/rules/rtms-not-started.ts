/** A meeting, webinar or session that began gets a stream. Alone, its beginning starts none. */
import { DOCS } from '../protocol/docs.js';
import { concernsSame, PRODUCTS } from '../protocol/webhooks.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

const WAYS =
  'start RTMS in one of three ways: auto-start (Settings, Zoom Apps, once sharing realtime meeting content is on), ' +
  'PATCH /v2/live_meetings/{id}/rtms_app/status, or startRTMS() in the Zoom client; then: rtms doctor';

export const rtmsNotStarted = defineRule({
  id: 'rtms-not-started',
  section: 'Events and webhook',
  title: 'RTMS starts with the meeting',
  failureTitle: 'a meeting began and RTMS did not',
  why: 'An ordinary meeting event shows that webhooks arrive, so the app, its settings or its start are the reason.',
  docs: DOCS.troubleshooting,
  needs: ['check:rtms-awaited'],
  check: (timeline) => {
    const overdue = checksFor(timeline, 'rtms-awaited').flatMap((check) => {
      const began = timeline.webhooks.find(({ number }) => number === check.event.frame);
      return began && !check.event.ok ? [{ check, began }] : [];
    });
    const last = overdue.findLast(({ began }) => !startedFor(began, timeline));
    if (!last) return overdue.length > 0 ? { status: 'pass', message: 'rtms_started came, late' } : undefined;
    return verdict(last.began, Number(factOf(last.check, 'ms')));
  },
});

function verdict({ number, webhook }: WebhookEntry, waited: number): Verdict {
  const { event = '', path } = webhook;
  const { prefix } = PRODUCTS[webhook.product ?? 'meeting'];
  return {
    status: 'fail',
    certainty: 'certain',
    message: `${event} came, and no ${prefix}rtms_started within ${duration(waited)}: a meeting alone starts no stream`,
    evidence: [{ event: number, path: path['event'] ?? '$' }],
    fix: WAYS,
  };
}

/** The started webhook of this very meeting: the two have an id in common. */
function startedFor(began: WebhookEntry, { webhooks }: Timeline): WebhookEntry | undefined {
  return webhooks.find(({ webhook }) => webhook.kind === 'started' && concernsSame(began.webhook, webhook));
}
