/** The scenarios of the mock as a list for a person. */
import type { ChalkInstance } from 'chalk';
import { labelled } from './text.js';

export interface ListedScenario {
  readonly name: string;
  readonly description: string;
  readonly expectation: string;
  readonly basis: string;
  readonly source: string;
  /** The numbers it has variants for. */
  readonly each?: readonly number[] | undefined;
}

export interface ListOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
}

/** Each with what the server does, what a right client does, and where that is known from. */
export function scenarioLines(
  scenarios: Iterable<readonly ListedScenario[]>,
  { chalk, columns }: ListOptions,
): string[] {
  return [...scenarios].flatMap(([first, ...others]) => {
    if (!first) return [];
    const { name, description, expectation, basis, source } = folded(first);
    const names = others.length > 0 ? `${first.name} … ${others.at(-1)?.name}` : name;
    return [
      chalk.bold(names),
      ...row('server', description, columns),
      ...row('client', expectation, columns),
      ...row(basis, source, columns).map((line) => chalk.dim(line)),
      '',
    ];
  });
}

const row = (label: string, text: string, columns: number): string[] =>
  labelled(label, text, { indent: 2, column: 14, columns });

/** Of variants, the texts with N for the number. */
function folded(scenario: ListedScenario): ListedScenario {
  const [number] = scenario.each ?? [];
  if (number === undefined) return scenario;
  const fold = (text: string): string => text.replaceAll(new RegExp(`\\b${number}\\b`, 'g'), 'N');
  return { ...scenario, description: fold(scenario.description), expectation: fold(scenario.expectation) };
}
