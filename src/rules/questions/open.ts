/** Which questions are worth asking a person: those that tell about the symptom at hand and are not settled yet. */
import type { Timeline } from '../../session/timeline.js';
import type { Finding } from '../rule.js';
import { knownProduct } from '../shared/app.js';
import { answerTo, isSettled } from './answers.js';
import { UNKNOWN, type Question } from './question.js';
import { questionOf, QUESTIONS, rulesOf } from './questions.js';
import { SYMPTOMS, type SymptomInfo } from './symptoms.js';

/**
 * The questions still open, the most telling first: those of the symptom at hand, without what the evidence or an
 * answer has settled. Ask the first, add its answer to the timeline, judge again.
 */
export function openQuestions(timeline: Timeline, results: readonly Finding[]): Question[] {
  const shown = symptomsAtHand(timeline, results);
  // A connection was seen, and nothing of it needs a person to explain.
  if (shown.length === 0 && timeline.connections.length > 0) return [];
  const unexplained = shown.filter((symptom) => !isAccountedFor(symptom, results));
  const lists = shown.length === 0 ? [ALL] : unexplained.map(({ ask = ALL }) => ['product', ...ask]);
  const ids = lists.flat();
  return [...new Set(ids)].flatMap((id) => {
    const question = questionOf(id);
    return question && isOpen(question, timeline) ? [question] : [];
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
function isAccountedFor({ explainedBy, ask = [] }: SymptomInfo, results: readonly Finding[]): boolean {
  const rules = [...explainedBy, ...ask.flatMap((id) => rulesOf(questionOf(id)))];
  return results.some(
    ({ rule, status, certainty, cause }) =>
      rules.includes(rule) && status === 'fail' && certainty !== 'possible' && cause !== 'unknown',
  );
}

function isOpen({ id, products, after, settledBy }: Question, timeline: Timeline): boolean {
  const product = knownProduct(timeline);
  const before = after && answerTo(timeline, after.question)?.value;
  return (
    answerTo(timeline, id) === undefined &&
    !isSettled(settledBy, timeline) &&
    (products === undefined || product === undefined || products.includes(product)) &&
    (after === undefined || before === undefined || before === UNKNOWN.value || after.values.includes(before))
  );
}
