/** The results of a conformance run for a person: a line for each scenario, then what they come to. */
import type { ChalkInstance } from 'chalk';
import { RANKS, reasonOf, type Rank, type ScenarioResult } from '../rules/conformance/judge.js';
import { count, duration } from '../session/words.js';
import { labelled, printable } from './text.js';

export interface ConformanceViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
}

const MARKS: Readonly<Record<Rank, string>> = { ok: '✔', 'non-strict': '!', failed: '✖', 'not-applicable': '–' };
const COLORS = { ok: 'green', 'non-strict': 'yellow', failed: 'red', 'not-applicable': 'dim' } as const;
export const WORDS: Readonly<Record<Rank, string>> = {
  ok: 'ok',
  'non-strict': 'non-strict',
  failed: 'failed',
  'not-applicable': 'not applicable',
};

const NAME_COLUMNS = 30;
const RANK_COLUMNS = 18;
const TEXT_COLUMN = NAME_COLUMNS + RANK_COLUMNS;
const NARROWEST = 90;

/** One scenario, or several variants that came out alike: its name, its rank, and why. */
function groupLines({ name, results: [first] }: Group, { chalk, columns }: ConformanceViewOptions): string[] {
  if (!first) return [];
  const { rank } = first;
  const head = `  ${name}`.padEnd(NAME_COLUMNS - 1);
  const mark = `${MARKS[rank]} ${WORDS[rank]}`.padEnd(RANK_COLUMNS - 1);
  const reason = printable(reasonOf(first));
  const column = columns < NARROWEST ? 6 : TEXT_COLUMN;
  const [beside = '', ...more] = reason === '' ? [] : labelled('', reason, { column, columns });
  const title = `${head} ${chalk[COLORS[rank]](mark)}`;
  const why = causeOf(first).flatMap((text) => labelled('', text, { column, columns }));
  const rest = [...more, ...why.map((line) => chalk.dim(line))];
  if (column < TEXT_COLUMN) return [title.trimEnd(), ...(beside === '' ? [] : [beside]), ...rest];
  return [`${title} ${beside.trimStart()}`.trimEnd(), ...rest];
}

/** Where something failed, or never came, what the rules have to say about it. */
export function causeOf({ rank, findings: [first] }: ScenarioResult): string[] {
  if ((rank !== 'failed' && rank !== 'not-applicable') || !first) return [];
  const fix = first.fix === undefined ? '' : `; fix: ${first.fix}`;
  return [`${first.rule}: ${first.message}${fix}`];
}

/** All of them, variants together where they came out alike; then how many of each rank there are, of so many planned. */
export function conformanceLines(
  results: readonly ScenarioResult[],
  planned: number,
  options: ConformanceViewOptions,
): string[] {
  const { chalk } = options;
  const counts = countsOf(results);
  const failed = results.some(({ rank }) => rank === 'failed');
  const isWhole = results.length === planned;
  const mark = failed ? chalk.red('✖') : isWhole ? chalk.green('✔') : chalk.yellow('!');
  return [
    ...grouped(results).flatMap((group) => groupLines(group, options)),
    '',
    `${mark} ${isWhole ? '' : `${results.length} of `}${count(planned, 'scenario')}${counts === '' ? '' : `: ${counts}`}`,
  ];
}

/** `31 ok, 2 non-strict`. */
export function countsOf(results: readonly ScenarioResult[]): string {
  const numbers = RANKS.map((rank) => [results.filter((result) => result.rank === rank).length, rank] as const);
  return numbers.flatMap(([n, rank]) => (n > 0 ? [`${n} ${WORDS[rank]}`] : [])).join(', ');
}

/** A scenario that has just been played. */
export function progressLine(
  { name, rank, ms }: ScenarioResult,
  done: number,
  all: number,
  { chalk }: Pick<ConformanceViewOptions, 'chalk'>,
): string {
  const place = `${done}/${all}`.padStart(String(all).length * 2 + 1);
  return `  ${place}  ${name.padEnd(NAME_COLUMNS - 2)}${chalk[COLORS[rank]](`${MARKS[rank]} ${WORDS[rank]}`)}  ${duration(ms)}`;
}

export interface Group {
  readonly name: string;
  readonly results: readonly ScenarioResult[];
}

/** Variants of a scenario that came out alike stand together: `stop-reason (27)`, `close-code-1006, 1011`. */
export function grouped(results: readonly ScenarioResult[]): Group[] {
  const groups = new Map<string, ScenarioResult[]>();
  for (const result of results) {
    const key = [result.family, result.rank, reasonOf(result), ...causeOf(result)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((alike) => ({ name: nameOf(alike, results), results: alike }));
}

const MOST_NAMED = 4;

function nameOf(alike: readonly ScenarioResult[], all: readonly ScenarioResult[]): string {
  const [{ family, name } = { family: '', name: '' }, ...others] = alike;
  if (others.length === 0) return name;
  const isAll = alike.length === all.filter((result) => result.family === family).length;
  if (isAll || alike.length > MOST_NAMED) return `${family} (${alike.length})`;
  return [name, ...others.map((other) => other.name.slice(family.length + 1))].join(', ');
}
