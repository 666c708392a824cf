/** `rtms explain`: what a number, a name or a rule means, from the tables. */
import type { GlobalOptions } from '../config.js';
import { EXIT, RtmsError, type ExitCode, type Hint } from '../errors.js';
import { FAMILIES } from '../reference/index.js';
import { explain as lookUp, type Explanation } from '../reference/lookup.js';
import { explanationLines, overviewLines } from '../report/explain-view.js';
import { printable } from '../report/text.js';
import { quoted } from '../rerun.js';
import { Terminal } from '../terminal.js';

/** Prints what is known of each topic. Throws RtmsError (`usage`) for those of which nothing is. */
export async function explain(words: readonly string[], options: GlobalOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const found = lookUp(words);
  const lines = options.json ? [json(words, found)] : human(found, terminal);
  for (const line of lines) terminal.out.line(line);
  await terminal.flush();
  const unknown = found.filter(({ matches }) => matches.length === 0);
  if (unknown.length > 0) throw notFound(unknown);
  return EXIT.ok;
}

function human(found: readonly Explanation[], terminal: Terminal): string[] {
  if (found.length === 0) return overviewLines(FAMILIES, terminal);
  return found
    .map((explanation) => explanationLines(explanation, terminal))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** One document, whatever was asked: each match says which topic it answers. Without a topic, what can be asked. */
function json(words: readonly string[], found: readonly Explanation[]): string {
  const matches = found.flatMap(({ topic, matches }) =>
    matches.map(({ family, entry }) => ({
      topic,
      family: family.id,
      ...entry,
      next: entry.next ?? family.next,
      docs: entry.docs ?? family.docs,
    })),
  );
  const suggestions = found.flatMap((explanation) => explanation.suggestions);
  const families = FAMILIES.map(({ id, label, words, example }) => ({ family: id, label, words, example }));
  const document = { topic: words.join(' '), matches, suggestions, ...(found.length === 0 && { families }) };
  return JSON.stringify({ schemaVersion: 1, ...document });
}

const MOST_SHOWN = 60;

const brief = (topic: string): string =>
  printable(topic.length > MOST_SHOWN ? `${topic.slice(0, MOST_SHOWN)}…` : topic);

function notFound(unknown: readonly Explanation[]): RtmsError {
  const names = unknown.map(({ topic }) => brief(topic)).join(', ');
  const tries = unknown.flatMap(({ suggestions }) => suggestions).map((topic) => `rtms explain ${quoted(topic)}`);
  return new RtmsError('usage', `nothing is known of ${names}`, [
    ...tries.map((line, index): Hint => [index === 0 ? 'try' : '', line]),
    ['give', 'one of the topics that rtms explain lists'],
  ]);
}
