/** `x-zm-signature` is the one the Secret Token gives over the received bytes. Judges what was recomputed with it. */
import { WEBHOOK_WINDOW_MS } from '../protocol/signature.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { DOCS } from './shared/docs.js';

type Check = Entry<CheckEvent>;

const UNEXPLAINED = "no known mistake gives it; most likely another app's token";

interface Oddity {
  readonly header: string;
  readonly seen: (check: Check) => string;
  readonly fix: string;
}

/** By cause, what is odd about a signature without being another than expected. */
const ODDITIES = new Map<string, Oddity>([
  [
    'unsigned',
    {
      header: 'x-zm-signature',
      seen: () => 'the webhook has no x-zm-signature; Zoom signs every event',
      fix: "find out who sent it, or what took the header away; Zoom's mock server is one that signs nothing",
    },
  ],
  [
    'stale',
    {
      header: 'x-zm-request-timestamp',
      seen: (check) =>
        `x-zm-request-timestamp is ${duration(Number(factOf(check, 'ageMs')))} away from this clock; ` +
        `Zoom's samples refuse more than ${duration(WEBHOOK_WINDOW_MS)}`,
      fix: 'set the clock of this machine (NTP); if it is right, the request was held up, or sent once more by someone',
    },
  ],
]);

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
    const wrong = checks.filter(({ event }) => !event.ok);
    if (wrong.length === 0) return { status: 'pass', message: 'recomputed, it matches' };
    // The newest of each kind: one odd delivery must not hide a wrong one.
    const newest = new Map(wrong.map((check) => [ODDITIES.get(factOf(check, 'cause') ?? ''), check]));
    return [...newest].map(([oddity, check]) => (oddity ? odd(oddity, check) : differs(check)));
  },
});

function odd({ header, seen, fix }: Oddity, check: Check): Verdict {
  const evidence = [{ event: check.event.frame ?? check.number, path: `$.headers.${header}` }];
  const cause = factOf(check, 'cause') ?? '';
  return { status: 'warn', certainty: 'certain', cause, message: seen(check), evidence, fix };
}

function differs(check: Check): Verdict {
  const [cause = 'unknown', sent, expected] = ['cause', 'sent', 'expected'].map((name) => factOf(check, name));
  const explanation = factOf(check, 'explanation')?.replace(/^yours is/, 'it is') ?? UNEXPLAINED;
  return {
    status: 'fail',
    certainty: 'certain',
    cause,
    message: `x-zm-signature is not the one this Secret Token gives: ${explanation}`,
    evidence: [
      {
        event: check.event.frame ?? check.number,
        path: '$.headers.x-zm-signature',
        ...(sent !== undefined && { note: `sent ${sent}` }),
      },
      ...(expected === undefined ? [] : [{ event: check.number, note: `expected ${expected}` }]),
    ],
    fix:
      factOf(check, 'fix') ??
      'take the Secret Token of the event subscription, not the client secret, and sign the body as it came',
  };
}
