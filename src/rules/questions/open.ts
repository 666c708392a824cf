/** Which questions are worth asking a person: those that tell about the symptom at hand and are not settled yet. */
import type { Timeline } from '../../session/timeline.js';
import type { Finding } from '../rule.js';
import { answerTo, knownProduct } from '../shared/app.js';
import { isAccepted } from '../shared/connections.js';
import { wasAsked } from '../shared/webhook-answers.js';
import { questionOf, QUESTIONS, rulesOf, UNKNOWN, type Question } from './questions.js';
import { SYMPTOMS, type SymptomInfo } from './symptoms.js';

/**
 * The questions still open, the most telling first: those of the symptom at hand, without what the evidence or an
 * answer has settled. Ask the first, add its answer to the timeline, judge again.
 */
export function openQuestions(timeline: Timeline, results: readonly Finding[]): Question[] {
  const shown = symptomsAtHand(timeline, results);
  // A connection was seen, and nothing of it needs a person to explain.
  if (shown.length === 0 && timeline.connections.length > 0) return [];
  const known = settled(timeline, shown);
  const unexplained = shown.filter((symptom) => !isExplained(symptom, results));
  const lists = shown.length === 0 ? [ALL] : unexplained.map(({ ask = ALL }) => ask);
  const ids = lists.flatMap((list) => ['symptom', 'product', ...list]);
  return [...new Set(ids)].flatMap((id) => {
    const question = questionOf(id);
    return question && isOpen(question, timeline, known) ? [question] : [];
  });
}

const ALL: readonly string[] = QUESTIONS.map(({ id }) => id);

/** By the findings, or else as told. */
function symptomsAtHand(timeline: Timeline, results: readonly Finding[]): SymptomInfo[] {
  const found = results.flatMap(({ rule, cause, status }) =>
    status === 'fail' || status === 'warn' ? [rule, `${rule} · ${cause}`] : [],
  );
  const seen = Object.values<SymptomInfo>(SYMPTOMS).filter(({ shownBy }) =>
    shownBy.some((each) => found.includes(each)),
  );
  const told = answerTo(timeline, 'symptom')?.value;
  const [, named] = Object.entries<SymptomInfo>(SYMPTOMS).find(([value]) => value === told) ?? [];
  return seen.length === 0 && named ? [named] : seen;
}

/** By a failure that is more than possible: of what explains it always, or of what its own questions speak through. */
function isExplained({ explainedBy, ask = [] }: SymptomInfo, results: readonly Finding[]): boolean {
  const rules = [...explainedBy, ...ask.flatMap((id) => rulesOf(questionOf(id)))];
  return results.some(
    ({ rule, status, certainty, cause }) =>
      rules.includes(rule) && status === 'fail' && certainty !== 'possible' && cause !== 'unknown',
  );
}

/**
 * What is known without asking: every kind of event and fact that was seen, and `symptom`, `product`, `started` (the
 * webhook came), `accepted` (the handshake was), `media` (some arrived).
 */
function settled(timeline: Timeline, symptoms: readonly SymptomInfo[]): ReadonlySet<string> {
  const { seen, webhooks, connections } = timeline;
  const came = webhooks.some((entry) => !wasAsked(timeline, entry));
  const words: readonly (readonly [word: string, holds: boolean])[] = [
    ['symptom', symptoms.length > 0],
    ['product', knownProduct(timeline) !== undefined],
    ['started', webhooks.some(({ webhook }) => webhook.kind === 'started')],
    ['accepted', connections.some(isAccepted)],
    ['media', connections.some(({ media }) => media.size > 0)],
  ];
  const kinds = [...seen].filter((kind) => kind !== 'webhook' || came);
  return new Set([...kinds, ...words.flatMap(([word, holds]) => (holds ? [word] : []))]);
}

function isOpen({ id, products, after, settledBy }: Question, timeline: Timeline, known: ReadonlySet<string>): boolean {
  const product = knownProduct(timeline);
  const before = after && answerTo(timeline, after.question)?.value;
  return (
    answerTo(timeline, id) === undefined &&
    !settledBy.some((word) => known.has(word)) &&
    (products === undefined || product === undefined || products.includes(product)) &&
    (after === undefined || before === undefined || before === UNKNOWN.value || after.values.includes(before))
  );
}
