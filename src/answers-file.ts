/**
 * Answers kept in a file, so that CI need not ask: `{"rtmsAnswers": 1, "answers": {"<question>": "<value>"}}`, the ids
 * of rules/questions/questions.ts.
 */
import { writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { RtmsError } from './errors.js';
import { readText } from './input.js';
import { nearest } from './protocol/nearest.js';
import { refusal } from './record-file.js';
import { choicesOf, QUESTIONS, questionOf } from './rules/questions/questions.js';

/** By question, in the order given. */
export type Answers = Readonly<Record<string, string>>;

const VERSION = 1;
const FILE = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ rtmsAnswers: v.literal(VERSION), answers: v.record(v.string(), v.string()) }),
);

/** Throws RtmsError (`input`) for a file that cannot be read, another version, an unknown question or answer. */
export async function readAnswers(path: string, flag: string): Promise<Answers> {
  const parsed = v.safeParse(FILE, await readText(path, flag));
  if (!parsed.success) {
    const form = JSON.stringify({ rtmsAnswers: VERSION, answers: { 'start-method': 'auto-start' } });
    throw new RtmsError('input', `${path} holds no answers`, [['expected', form]]);
  }
  const { answers } = parsed.output;
  for (const [question, answer] of Object.entries(answers)) {
    refuseUnknown(
      path,
      'question',
      question,
      QUESTIONS.map(({ id }) => id),
    );
    const known = questionOf(question);
    refuseUnknown(path, `answer to ${question}`, answer, known ? choicesOf(known).map(({ value: each }) => each) : []);
  }
  return answers;
}

function refuseUnknown(path: string, what: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  const meant = nearest(given, known);
  throw new RtmsError('input', `${path}: ${JSON.stringify(given)} is no ${what}`, [
    ...(meant === undefined ? [] : [['meant', meant] as const]),
    ['known', known.join(', ')],
  ]);
}

/** Throws RtmsError (`disk`; `usage` for a path that is wrong) if it cannot be written. */
export async function writeAnswers(path: string, answers: Answers): Promise<void> {
  const text = `${JSON.stringify({ rtmsAnswers: VERSION, answers }, null, 2)}\n`;
  await writeFile(path, text).catch((error: unknown) => {
    throw refusal(`cannot write ${path}`, '--save-answers FILE', error);
  });
}
