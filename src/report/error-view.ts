/** An expected failure as lines: what is wrong, then labelled lines with the next step. */
import type { ChalkInstance } from 'chalk';

export interface ErrorLike {
  readonly message: string;
  readonly hints: readonly (readonly [label: string, text: string])[];
}

/** The message, then each hint under its label. */
export function errorLines({ message, hints }: ErrorLike, chalk: ChalkInstance): string[] {
  const width = Math.max(0, ...hints.map(([label]) => label.length)) + 1;
  return [
    `${chalk.red('error:')} ${message}`,
    ...hints.map(([label, text]) => `  ${label.padEnd(width)}${text}`.trimEnd()),
  ];
}
