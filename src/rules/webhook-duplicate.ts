/** Each stream is announced once. A new URL for a stream that runs is no duplicate: that is a failover notice. */
import { DELIVERY, operatorOf, relationTo, type Relation } from '../protocol/webhooks.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { DOCS } from './shared/docs.js';
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
  const seen = `${event} of stream ${shown(streamId)} came again ${duration(delay)} after the first${which}`;
  return {
    status: 'warn',
    certainty: 'certain',
    cause: 'retry',
    message: `${seen}; ${answerTo(earlier, timeline)}`,
    evidence: [earlier, later].map(({ number }) => ({ event: number, path: path['event_ts'] ?? '$' })),
    fix: 'answer 200 before any work, and ignore a webhook whose rtms_stream_id and event_ts came before',
  };
}

/** Why Zoom sent it again, as far as that was seen. */
function answerTo({ number }: WebhookEntry, timeline: Timeline): string {
  const answer = checksFor(timeline, 'webhook-answer').findLast(({ event }) => event.frame === number);
  const limit = duration(DELIVERY.answerWithinMs);
  if (!answer) return `Zoom repeats what was not answered with 200 within ${limit}`;
  const status = Number(factOf(answer, 'status'));
  const time = duration(Number(factOf(answer, 'ms')));
  return status > 0 ? `the first was answered with ${status} after ${time}` : `the first was not answered in ${time}`;
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
