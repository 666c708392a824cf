/** `x-zm-signature` is the one the Secret Token gives over the received bytes. Judges what was recomputed with it. */
import { DOCS } from '../protocol/docs.js';
import { WEBHOOK_WINDOW_MS } from '../protocol/timing.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

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
    // The newest of each cause, those without an explanation last: none hides another.
    const newest = [...new Map(wrong.map((check) => [causeOf(check), check]))];
    const isKnown = checks.some(({ event }) => event.ok);
    return newest
      .toSorted(([one], [other]) => Number(one === UNKNOWN) - Number(other === UNKNOWN))
      .map(([cause, check]) => {
        const oddity = ODDITIES.get(cause);
        return oddity ? odd(oddity, check) : differs(check, isKnown);
      });
  },
});

const UNKNOWN = 'unknown';
const causeOf = (check: Check): string => factOf(check, 'cause') ?? UNKNOWN;

function odd({ header, seen, fix }: Oddity, check: Check): Verdict {
  const evidence = [{ event: check.event.frame ?? check.number, path: `$.headers.${header}` }];
  return { status: 'warn', certainty: 'certain', cause: causeOf(check), message: seen(check), evidence, fix };
}

/** Beside one that is right, a wrong one is its sender's mistake: this Secret Token is the one in use. */
function differs(check: Check, isKnown: boolean): Verdict {
  const [sent, expected] = ['sent', 'expected'].map((name) => factOf(check, name));
  const explanation = factOf(check, 'explanation')?.replace(/^yours is/, 'it is') ?? UNEXPLAINED;
  return {
    status: isKnown ? 'warn' : 'fail',
    certainty: 'certain',
    cause: causeOf(check),
    message: `x-zm-signature is not the one this Secret Token gives${isKnown ? ', as another webhook has it' : ''}: ${explanation}`,
    evidence: [
      {
        event: check.event.frame ?? check.number,
        path: '$.headers.x-zm-signature',
        ...(sent !== undefined && { note: `sent ${sent}` }),
      },
      ...(expected === undefined ? [] : [{ event: check.number, note: `expected ${expected}` }]),
    ],
    fix:
      (isKnown ? 'turn it away: it may be from anyone' : factOf(check, 'fix')) ??
      'take the Secret Token of the event subscription, not the client secret, and sign the body as it came',
  };
}
