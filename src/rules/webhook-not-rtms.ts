/** What was connected from is a webhook that starts a stream, not another one. Its fields are another rule. */
import { PRODUCTS, type Webhook, type WebhookKind } from '../protocol/webhooks.js';
import { wasReceived } from './answers.js';
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';

interface OtherKind {
  readonly cause: string;
  /** Whether such a webhook is in place beside a connection. */
  readonly beside: boolean;
  readonly fix: string;
}

/** The kinds that start no stream. */
const KINDS: Readonly<Partial<Record<WebhookKind, OtherKind>>> = {
  'not-rtms': {
    cause: 'other-event',
    beside: false,
    fix: 'use the rtms_started webhook; if none comes, add RTMS Started to the event subscriptions and start RTMS',
  },
  'url-validation': {
    cause: 'url-validation',
    beside: false,
    fix: 'answer it (rtms sign challenge PLAIN_TOKEN), then wait for the rtms_started webhook',
  },
  stopped: { cause: 'stopped', beside: true, fix: 'start a new stream: this one is over' },
  interrupted: {
    cause: 'interrupted',
    beside: true,
    fix: 'use the rtms_started webhook of the same stream: this one has no URL',
  },
  'other-rtms': { cause: 'other-rtms', beside: true, fix: 'use the rtms_started webhook' },
  none: {
    cause: 'no-event',
    beside: false,
    fix: 'save the request body exactly as Zoom posted it, before any parser',
  },
};

export const webhookNotRtms = defineRule({
  id: 'webhook-not-rtms',
  section: 'Payload',
  title: 'the webhook starts a stream',
  failureTitle: 'the webhook starts no stream',
  why: 'Only a started event carries the ids and the URL to connect with; an ordinary meeting event starts nothing.',
  docs: DOCS.rtmsWebhooks,
  needs: ['webhook'],
  check: (timeline) => {
    const { started } = timeline;
    if (!started || wasReceived(timeline, started)) return undefined;
    const { webhook, number } = started;
    const kind = KINDS[webhook.kind];
    if (!kind || isPayload(webhook)) return { status: 'pass', message: webhook.event ?? 'a payload alone' };
    // Beside a connection, or where nobody wants one, a stop or an interruption is no mistake.
    if (kind.beside && (timeline.connections.length > 0 || !timeline.check('media-wanted'))) return undefined;
    const expected = `${PRODUCTS[webhook.product ?? 'meeting'].prefix}rtms_started`;
    return {
      status: 'fail',
      certainty: 'certain',
      cause: kind.cause,
      message: `the webhook is ${webhook.event ?? 'without an event name'}; ${expected} is expected`,
      evidence: [{ event: number, path: webhook.path['event'] ?? '$' }],
      fix: kind.fix,
    };
  },
});

/** The inner object alone, as a handler passes it on: no name, but the fields of a stream. */
function isPayload({ kind, entity, streamId }: Webhook): boolean {
  return kind === 'none' && (entity !== undefined || streamId !== undefined);
}
