/** The body of a webhook is one JSON text. What the JSON says is for other rules. */
import { DOCS } from '../protocol/docs.js';
import type { FramingCause } from '../protocol/framing.js';
import type { WebhookEntry } from '../session/timeline.js';
import { defineRule } from './rule.js';
import { wasAsked } from './shared/webhook-answers.js';

const AS_POSTED = 'keep the request body exactly as Zoom posted it, before any parser';

const FIXES: Readonly<Partial<Record<FramingCause, string>>> = {
  'typographic-quotes': 'save the body as it was received: this one came through a web page or word processor',
  truncated: 'save the whole body; look for a limit on its size, or for a handler that reads only its first part',
  'double-encoded': 'save the body as it was received: this one was turned into a JSON string on its way',
};

export const webhookNotJson = defineRule({
  id: 'webhook-not-json',
  section: 'Payload',
  title: 'the webhook is one JSON text',
  failureTitle: 'the webhook is not plain JSON',
  why: 'Zoom posts plain JSON, and signs its bytes: a body that reads otherwise was altered after it came.',
  docs: DOCS.webhooks,
  needs: ['webhook'],
  check: (timeline) => {
    const webhooks = timeline.webhooks.filter((entry) => !wasAsked(timeline, entry));
    if (webhooks.length === 0) return undefined;
    const faulty = webhooks.findLast(({ text }) => text.faults.length > 0);
    if (!faulty) return { status: 'pass', message: 'one JSON text' };
    const { number, text } = faulty;
    return text.faults.map(({ cause, message, start, end }) => ({
      // What can still be read in full can be gone on with.
      status: text.value === undefined || isCutOff(faulty) ? 'fail' : 'warn',
      certainty: 'certain',
      cause,
      message: `${message}; one JSON object alone is expected`,
      evidence: [{ event: number, bytes: [start, end] }],
      fix: FIXES[cause] ?? AS_POSTED,
    }));
  },
});

/** What is missing in it may stand in the part that was lost. */
export const isCutOff = ({ text }: WebhookEntry): boolean => text.faults.some(({ cause }) => cause === 'truncated');
