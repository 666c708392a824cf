/** What was connected from is a webhook that starts a stream, not another one. Its fields are another rule. */
import { DOCS } from '../protocol/docs.js';
import { PRODUCTS, type Webhook, type WebhookKind } from '../protocol/webhooks.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { defineRule } from './rule.js';
import { wasReceived } from './shared/webhook-answers.js';

interface OtherEvent {
  readonly cause: string;
  /** What it is where nobody wants to connect: in its place, unless said otherwise. */
  readonly unwanted?: 'warn' | 'fail' | undefined;
  /** Whether it is in place beside a connection. */
  readonly beside?: true;
  readonly fix: string;
}

/** Another product of Zoom, which sends RTMP to a streaming service. */
const LIVE_STREAMING: OtherEvent = {
  cause: 'live-streaming',
  unwanted: 'fail',
  fix: 'subscribe to RTMS Started in place of live streaming, which is another product: RTMP, not RTMS',
};

/** The kinds that start no stream. */
const KINDS: Readonly<Partial<Record<WebhookKind, OtherEvent>>> = {
  'not-rtms': {
    cause: 'other-event',
    unwanted: 'warn',
    fix:
      'a meeting alone starts no stream: check that RTMS Started is among the event subscriptions, and that RTMS is ' +
      'started, by auto-start for this user, by REST or by startRTMS() in the client',
  },
  'url-validation': {
    cause: 'url-validation',
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
    unwanted: 'fail',
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
    const wanted = timeline.check('media-wanted') !== undefined;
    const entry = judged(timeline, wanted);
    if (!entry || entry.text.value === undefined) return undefined;
    const { webhook, number } = entry;
    const { event = 'without an event name' } = webhook;
    const expected = `${PRODUCTS[webhook.product ?? 'meeting'].prefix}rtms_started`;
    const evidence = [{ event: number, path: webhook.path['event'] ?? '$' }];
    if (webhook.beta) {
      const documented = event.replace('rtms.', 'rtms_');
      return {
        status: 'warn',
        certainty: 'certain',
        cause: 'beta-name',
        message: `the webhook is ${event}, a name of the beta; ${documented} is expected`,
        evidence,
        fix: `match ${documented} too: code that waits for the name with a dot alone may never be called`,
      };
    }
    const other = otherEvent(webhook);
    // Nobody chose to connect from what came by itself; whether a stream follows is `rtms-not-started`.
    if (other !== LIVE_STREAMING && wasReceived(timeline, entry)) return undefined;
    if (!other) return { status: 'pass', message: webhook.event ?? 'a payload alone' };
    const connected = timeline.connections.length > 0;
    const status = wanted ? !(connected && other.beside) && 'fail' : !connected && other.unwanted;
    if (!status) return undefined;
    return {
      status,
      certainty: status === 'fail' ? 'certain' : 'likely',
      cause: other.cause,
      message: `the webhook is ${event}; ${expected} is expected`,
      evidence,
      fix: other.fix,
    };
  },
});

/** The one to connect from; where nobody wants to, the first that shows that none will come. */
function judged(timeline: Timeline, wanted: boolean): WebhookEntry | undefined {
  const { webhooks, started } = timeline;
  if (started?.webhook.kind === 'started') return started;
  if (wanted) return webhooks.findLast((entry) => !wasReceived(timeline, entry)) ?? started;
  return webhooks.find(({ webhook }) => webhook.beta || otherEvent(webhook)?.unwanted !== undefined) ?? started;
}

function otherEvent(webhook: Webhook): OtherEvent | undefined {
  const { kind, event = '', product } = webhook;
  if (/\.live_streaming_/.test(event)) return LIVE_STREAMING;
  // The inner object alone, as a handler passes it on: no name, but the fields of a stream.
  if (kind === 'none' && (webhook.entity !== undefined || webhook.streamId !== undefined)) return undefined;
  const other = KINDS[kind];
  // What is not about a meeting or a call, such as user.created, says nothing about its stream.
  return kind === 'not-rtms' && !product && other ? { ...other, unwanted: undefined } : other;
}
