/** Each stream is announced once. A new URL for a stream that runs is no duplicate: that is a failover notice. */
import { DOCS } from '../protocol/docs.js';
import { DELIVERY } from '../protocol/timing.js';
import { operatorOf, relationTo, type Relation } from '../protocol/webhooks.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { webhookAnswers, type WebhookAnswer } from './shared/webhook-answers.js';
import { shown } from './shared/words.js';

/** A webhook of a stream, and the first one that it repeats or competes with. */
interface Pair {
  readonly earlier: WebhookEntry;
  readonly later: WebhookEntry;
  readonly relation: Relation;
}

export const webhookDuplicate = defineRule({
  id: 'webhook-duplicate',
  section: 'Events and webhook',
  title: 'each stream is announced once',
  failureTitle: 'a stream is announced more than once',
  why: 'A second connection for one stream ends the first, and two streams of one meeting are easily taken for one.',
  docs: DOCS.troubleshooting,
  needs: ['webhook'],
  check: (timeline) => {
    const ofStreams = timeline.webhooks.filter(({ webhook }) => webhook.streamId !== undefined);
    if (ofStreams.length < 2) return undefined;
    const pairs = pairsOf(ofStreams);
    const retried = pairs.findLast(({ relation }) => relation === 'retry');
    const shared = pairs.findLast((pair) => pair.relation === 'second-user' && !hasEnded(pair.earlier, timeline));
    const verdicts = [
      ...(retried ? [retry(retried, timeline)] : []),
      ...(shared ? [secondUser(shared)] : []),
    ];
    return verdicts.length > 0 ? verdicts : { status: 'pass', message: 'each came once' };
  },
});

/** Looks among those of the same stream or meeting alone: a server that listens for days has seen many others. */
function pairsOf(entries: readonly WebhookEntry[]): Pair[] {
  const known = new Map<string, WebhookEntry[]>();
  return entries.flatMap((later) => {
    const ids = [later.webhook.streamId, later.webhook.entity?.value].filter((id) => id !== undefined);
    const before = ids.flatMap((id) => known.get(id) ?? []);
    const pair = pairFor(later, before, 'retry') ?? pairFor(later, before, 'second-user');
    // Of what came again, the first time counts.
    if (pair?.relation !== 'retry') for (const id of ids) known.set(id, [...(known.get(id) ?? []), later]);
    return pair ?? [];
  });
}

function pairFor(later: WebhookEntry, before: readonly WebhookEntry[], relation: Relation): Pair | undefined {
  const earlier = before.find(({ webhook }) => relationTo(webhook, later.webhook) === relation);
  return earlier && { earlier, later, relation };
}

const ORDINALS = ['first', 'second', 'third'];
/** How far from its time a repetition may come, as a share of it. */
const TOLERANCE = 0.15;

function retry({ earlier, later }: Pair, timeline: Timeline): Verdict {
  const delay = later.event.t - earlier.event.t;
  const nth = DELIVERY.retriesAfterMs.findIndex((due) => Math.abs(delay - due) < due * TOLERANCE);
  const which = nth < 0 ? '' : `, as Zoom's ${ORDINALS[nth]} retry does`;
  const { event, streamId, path } = later.webhook;
  const answer = answerTo(earlier, timeline);
  const inTime = answer !== undefined && wasInTime(answer);
  const seen = `${event} of stream ${shown(streamId)} came again ${duration(delay)} after the first${which}`;
  return {
    status: 'warn',
    certainty: 'certain',
    cause: 'retry',
    message: `${seen}; ${said(answer)}`,
    evidence: [earlier, later].map(({ number }) => ({ event: number, path: path['event_ts'] ?? '$' })),
    fix: inTime ? IGNORE : `answer 200 before any work, and ${IGNORE}`,
  };
}

const IGNORE = 'ignore a webhook whose rtms_stream_id and event_ts came before';

/** What the sender got for it: where rtms stands before an app, that is the answer of rtms. */
function answerTo({ number }: WebhookEntry, timeline: Timeline): WebhookAnswer | undefined {
  const answers = webhookAnswers(timeline, 'event').filter(({ webhook }) => webhook.number === number);
  return answers.find(({ isOwn }) => isOwn) ?? answers.at(-1);
}

const wasInTime = ({ status, ms }: WebhookAnswer): boolean => status === 200 && ms <= DELIVERY.answerWithinMs;

/** Why it was sent again, as far as that was seen. */
function said(answer: WebhookAnswer | undefined): string {
  const limit = duration(DELIVERY.answerWithinMs);
  if (!answer) return `Zoom repeats what was not answered with 200 within ${limit}`;
  const { status, ms } = answer;
  if (status === 0) return `the first was not answered in ${duration(ms)}`;
  const seen = `the first was answered with ${status} after ${duration(ms)}`;
  return wasInTime(answer) ? `${seen}, so that was not the reason` : seen;
}

function secondUser({ earlier, later }: Pair): Verdict {
  const [first, second] = [earlier, later].map(({ webhook }) => shown(operatorOf(webhook)));
  const { entity, path } = later.webhook;
  const same = entity?.field ?? 'id';
  return {
    status: 'warn',
    certainty: 'certain',
    cause: 'second-user',
    message: `two streams have the same ${same}: operator ${first} started one, operator ${second} the other`,
    evidence: [earlier, later].map(({ number }) => ({ event: number, path: path['rtms_stream_id'] ?? '$' })),
    fix: 'keep sockets by rtms_stream_id; choose one by is_original_host or operator_id, or auto-start for hosts only',
  };
}

/** Whether the stream was stopped, so that the next one does not compete with it. */
const hasEnded = ({ webhook }: WebhookEntry, { webhooks }: Timeline): boolean =>
  webhooks.some((other) => other.webhook.kind === 'stopped' && other.webhook.streamId === webhook.streamId);
