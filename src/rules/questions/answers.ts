/**
 * What is known of the questions without asking: what a person answered, what Zoom's API tells in their place, and what
 * the evidence has settled, so that no answer to it counts any more.
 */
import { isProduct, type Product } from '../../protocol/webhooks.js';
import type { CheckEvent } from '../../session/event.js';
import type { FactName } from '../../session/facts.js';
import type { Entry, Timeline } from '../../session/timeline.js';
import type { Evidence } from '../rule.js';
import { checksFor, factOf } from '../shared/checks.js';
import { isAccepted } from '../shared/connections.js';
import { wasAsked } from '../shared/webhook-answers.js';
import { questionOf } from './questions.js';

export interface Answer {
  readonly value: string;
  readonly evidence: Evidence;
  /** By Zoom's API, and not from memory. */
  readonly seen?: true;
}

/** What Zoom's API tells, or a person's newest answer, unless the evidence has settled the question since. */
export function answerTo(timeline: Timeline, question: string): Answer | undefined {
  const seen = seenFor(timeline, question);
  if (seen || isSettled(questionOf(question)?.settledBy ?? [], timeline)) return seen;
  const entry = checksFor(timeline, 'answer').findLast((check) => factOf(check, 'question') === question);
  const value = entry && factOf(entry, 'answer');
  return entry && value !== undefined
    ? { value, evidence: { event: entry.number, note: `answered: ${question} ${value}` } }
    : undefined;
}

/** Every answer, by question; the newest of each. */
export const answersIn = (timeline: Timeline): Readonly<Record<string, string>> =>
  Object.fromEntries(
    checksFor(timeline, 'answer').map((check) => [factOf(check, 'question') ?? '', factOf(check, 'answer') ?? '']),
  );

interface Source {
  readonly from: FactName;
  /** The answer, as the question has it. */
  readonly value: (check: Entry<CheckEvent>) => string | undefined;
}

/** What the API knows of the questions. */
const BY_API: Readonly<Record<string, Source>> = {
  'app-kind': { from: 'app-kind', value: (check) => factOf(check, 'kind') },
  'account-verified': { from: 'user', value: (check) => YES_OR_NO[factOf(check, 'verified') ?? ''] },
  'client-version': { from: 'user', value: (check) => versionAnswer(factOf(check, 'clientVersion')) },
  'meeting-kind': { from: 'meeting', value: (check) => (factOf(check, 'encryption') === 'e2ee' ? 'e2ee' : undefined) },
};

const YES_OR_NO: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

function seenFor(timeline: Timeline, question: string): Answer | undefined {
  const source = BY_API[question];
  const check = source && timeline.check(source.from);
  const value = check && source.value(check);
  if (!check || value === undefined) return undefined;
  return { value, evidence: { event: check.number, note: `by Zoom's API: ${question} ${value}` }, seen: true };
}

/** `6.4.10.12345(mac)` among the answers to `client-version`. */
function versionAnswer(version: string | undefined): string | undefined {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (!numbers) return undefined;
  const older = (than: readonly number[]): boolean => {
    const place = numbers.findIndex((n, index) => n !== than[index]);
    return place !== -1 && (numbers[place] ?? 0) < (than[place] ?? 0);
  };
  if (older([6, 4, 10])) return 'before-6.4.10';
  return older([6, 5, 5]) ? 'before-6.5.5' : 'current';
}

/** The product by the evidence alone. */
export function seenProduct(timeline: Timeline): Product | undefined {
  const wanted = timeline.check('product-wanted');
  const named = [wanted && factOf(wanted, 'product')].find(isProduct);
  return named ?? timeline.started?.webhook.product ?? timeline.header.product;
}

/** Words for more than that a kind of event or a fact was seen. */
const WORDS: Readonly<Record<string, (timeline: Timeline) => boolean>> = {
  product: (timeline) => seenProduct(timeline) !== undefined,
  /** Zoom sent one. */
  webhook: (timeline) => timeline.webhooks.some((entry) => !wasAsked(timeline, entry)),
  started: ({ webhooks }) => webhooks.some(({ webhook }) => webhook.kind === 'started'),
  accepted: ({ connections }) => connections.some(isAccepted),
  media: ({ connections }) => connections.some(({ media }) => media.size > 0),
};

/** Whether the evidence tells already: a kind of event, a fact, or one of the words above. */
export const isSettled = (settledBy: readonly string[], timeline: Timeline): boolean =>
  settledBy.some((word) => WORDS[word]?.(timeline) ?? timeline.seen.has(word));
