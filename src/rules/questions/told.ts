/** What a person told, or Zoom's API in their place, as verdicts of a rule. */
import type { Timeline } from '../../session/timeline.js';
import type { Evidence, Verdict } from '../rule.js';
import { answerTo, type Answer } from './answers.js';
import { QUESTIONS } from './questions.js';

/** What is wrong by what was told, or else what rules it out. */
export function told(timeline: Timeline, rule: string): Verdict | readonly Verdict[] | undefined {
  const verdicts = QUESTIONS.flatMap(({ id, choices }) => {
    const answer = answerTo(timeline, id);
    const { says = [] } = choices.find(({ value }) => value === answer?.value) ?? {};
    return says.flatMap((said): Verdict[] =>
      said.rule === rule && answer ? [{ ...said.verdict, ...worded(said.verdict.message, answer) }] : [],
    );
  });
  // Two answers can say the same.
  const wrong = verdicts.filter(
    (verdict, index) => verdict.status !== 'pass' && verdicts.findIndex((other) => isSame(other, verdict)) === index,
  );
  return wrong.length > 0 ? wrong : verdicts[0];
}

const isSame = (one: Verdict, other: Verdict): boolean =>
  one.status === other.status && one.message === other.message;

const worded = (message: string, { evidence, seen }: Answer): Pick<Verdict, 'message'> & { evidence: Evidence[] } => ({
  message: seen ? message.replace(/as answered$/, "by Zoom's API") : message,
  evidence: [evidence],
});
