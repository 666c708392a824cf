/** `x-zm-signature` is the one the Secret Token gives over the received bytes. Judges what was recomputed with it. */
import { checksFor, factOf } from './checks.js';
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';

export const webhookSignatureMismatch = defineRule({
  id: 'webhook-signature-mismatch',
  section: 'Events and webhook',
  title: 'the webhook is signed with this Secret Token',
  failureTitle: 'the webhook is not signed with this Secret Token',
  why: 'A webhook of another sender must not be answered with a signature, and one of Zoom must not be thrown away.',
  docs: DOCS.webhooks,
  subject: 'the webhook signature',
  needs: ['check:webhook-signature-mismatch'],
  check: (timeline) => {
    const checks = checksFor(timeline, 'webhook-signature-mismatch');
    if (checks.length === 0) return undefined;
    const wrong = checks.findLast(({ event }) => !event.ok);
    if (!wrong) return { status: 'pass', message: 'recomputed, it matches' };
    const { event, number } = wrong;
    const [cause = 'unknown', sent, expected] = ['cause', 'sent', 'expected'].map((name) => factOf(wrong, name));
    const explanation = factOf(wrong, 'explanation') ?? "no known mistake gives it; most likely another app's token";
    return {
      status: 'fail',
      certainty: 'certain',
      cause,
      message: `x-zm-signature is not the one this Secret Token gives: ${explanation}`,
      evidence: [
        {
          event: event.frame ?? number,
          path: '$.headers.x-zm-signature',
          ...(sent !== undefined && { note: `sent ${sent}` }),
        },
        ...(expected === undefined ? [] : [{ event: number, note: `expected ${expected}` }]),
      ],
      fix:
        factOf(wrong, 'fix') ??
        'take the Secret Token of the event subscription, not the client secret, and sign the body as it came',
    };
  },
});
