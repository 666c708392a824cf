/**
 * The questions only a person can answer, in one list. The ids of questions and answers are kept in people's files: they
 * stay as they are. Which are worth asking is open.ts.
 */
import { DOCS } from '../../protocol/docs.js';
import type { CheckEvent } from '../../session/event.js';
import type { Finding, Rule } from '../rule.js';
import { ACCOUNT_QUESTIONS } from './account.js';
import { APP_QUESTIONS } from './app.js';
import { EVENT_QUESTIONS } from './events.js';
import { CONNECTION_QUESTIONS, PROBLEM_QUESTIONS } from './problem.js';
import { UNKNOWN, type Choice, type Question } from './question.js';

/** In the order of a check-up. */
export const QUESTIONS: readonly Question[] = [
  ...PROBLEM_QUESTIONS,
  ...APP_QUESTIONS,
  ...EVENT_QUESTIONS,
  ...ACCOUNT_QUESTIONS,
  ...CONNECTION_QUESTIONS,
];

/** The question of an id. */
export const questionOf = (id: string): Question | undefined => QUESTIONS.find((question) => question.id === id);

/** What can be answered, not knowing included. */
export const choicesOf = ({ choices }: Question): readonly Choice[] => [...choices, UNKNOWN];

/** A person's answer as an event; both ids are to be known ones. */
export const answerEvent = (question: string, answer: string): CheckEvent => ({
  type: 'check',
  rule: 'answer',
  ok: true,
  facts: { question, answer },
});

/** The rules its answers speak through. */
export const rulesOf = (question: Question | undefined): string[] =>
  (question?.choices ?? []).flatMap(({ says = [] }) => says.map(({ rule }) => rule));

/** A question that is open, as a finding: `ask`, under the first rule that an answer speaks through. */
export function findingOf(question: Question, rules: readonly Rule[]): Finding {
  const [rule] = rulesOf(question);
  const values = choicesOf(question).map(({ value }) => value);
  return {
    rule: rule ?? question.id,
    cause: question.id,
    status: 'ask',
    certainty: 'possible',
    message: question.question,
    evidence: question.where === undefined ? [] : [{ note: question.where }],
    fix: `answer it with rtms doctor --ask, or --answers FILE with "${question.id}": ${values.join(' | ')}`,
    docs: rules.find(({ id }) => id === rule)?.docs ?? DOCS.troubleshooting,
  };
}
