/** The clock of this machine is right, by another clock, or else by webhooks: none can come from the future. */
import { DOCS } from '../protocol/docs.js';
import { toMilliseconds } from '../protocol/json.js';
import { CLOCK_TOLERANCE_MS } from '../protocol/timing.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry, Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

const WARN_MS = 30_000;
/** Beyond it a webhook is taken for a replay, as Zoom's samples do. */
const FAIL_MS = 300_000;

const FIX = 'set the clock of this machine (NTP)';

export const clockSkew = defineRule({
  id: 'clock-skew',
  section: 'Environment',
  title: 'the clock is right',
  failureTitle: 'the clock of this machine is wrong',
  why: 'Where it is minutes off, a webhook is dropped as a replay, and a fresh one taken for stale.',
  docs: DOCS.webhooks,
  needs: [['check:clock', 'webhook']],
  check: (timeline) => {
    const clock = timeline.check('clock');
    return clock ? byClock(clock) : timeline.webhooks.flatMap((entry) => byWebhook(entry, timeline))[0];
  },
});

function byClock(check: Entry<CheckEvent>): Verdict | undefined {
  const skew = Number(factOf(check, 'skewMs') ?? Number.NaN);
  const off = duration(Math.abs(skew));
  const source = factOf(check, 'source') ?? 'another clock';
  if (Number.isNaN(skew)) return undefined;
  if (Math.abs(skew) <= WARN_MS) return { status: 'pass', message: `within ${off} of ${source}` };
  const [cause, how] = skew > 0 ? ['ahead', 'ahead of'] : ['behind', 'behind'];
  return {
    status: Math.abs(skew) > FAIL_MS ? 'fail' : 'warn',
    certainty: 'certain',
    cause,
    message: `this clock is ${off} ${how} ${source}; less than ${duration(WARN_MS)} is expected`,
    evidence: [{ event: check.number }],
    fix: FIX,
  };
}

/** How old it is says nothing: it may have been kept. */
function byWebhook(entry: WebhookEntry, timeline: Timeline): Verdict[] {
  const stamp = stampOf(entry, timeline);
  if (!stamp) return [];
  const ahead = stamp.ms - timeline.wallClock(entry.event.t);
  if (!(ahead > CLOCK_TOLERANCE_MS)) return [];
  return [
    {
      status: 'warn',
      certainty: 'likely',
      cause: 'behind',
      message: `${stamp.name} is ${duration(ahead)} ahead of this clock; nothing can come from later`,
      evidence: [{ event: entry.number, path: stamp.path, note: `${stamp.name} ${stamp.ms}` }],
      fix: `${FIX}, or take ${stamp.name} as Zoom sent it`,
    },
  ];
}

interface Stamp {
  readonly name: string;
  readonly path: string;
  readonly ms: number;
}

const HEADER = 'x-zm-request-timestamp';

/** When it was sent, where it was received here: a body alone may be an example from anywhere. */
function stampOf({ event, webhook }: WebhookEntry, { connections }: Timeline): Stamp | undefined {
  const [name, value] = Object.entries(event.headers).find(([header]) => header.toLowerCase() === HEADER) ?? [];
  if (name !== undefined && Number(value) > 0) {
    return { name: HEADER, path: `$.headers.${name}`, ms: toMilliseconds(Number(value)) };
  }
  if (webhook.eventTs === undefined || !connections.some(({ begin }) => begin >= event.t)) return undefined;
  return { name: 'event_ts', path: webhook.path['event_ts'] ?? '$.event_ts', ms: webhook.eventTs };
}
