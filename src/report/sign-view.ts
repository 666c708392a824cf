/** A signature and the verdict on one, as lines for a person. Full values only where they were asked for. */
import type { ChalkInstance } from 'chalk';
import { maskSecret } from '../protocol/signature.js';
import type { Mistake } from '../protocol/signature-mistakes.js';
import type { Row, Signed } from './signed.js';
import { labelled, printable } from './text.js';
import { count } from '../session/words.js';

export interface SignViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  /** Every part that went in, not the result alone. */
  readonly detail: boolean;
  /** Leave compared signatures readable. */
  readonly showSignatures: boolean;
}

/** A value compared with the right one. Without a mistake, none that is known gives it. */
export interface Verification {
  readonly given: string;
  readonly match: boolean;
  readonly mistake?: Mistake<string>;
  /** Values recomputed on the way. */
  readonly tried: number;
}

/** The result asked for, in full, on a line of its own. */
export function signedLines(signed: Signed, options: SignViewOptions): string[] {
  if (!options.detail) return [signed.result];
  const digest = { label: 'digest', value: count(signed.value.length, 'character'), note: signed.form };
  return [...table(signed, signed.name, [digest], options), '', signed.result];
}

/** Whether a value is the right one, and what it was compared with. */
export function comparisonLines(signed: Signed, { given, match }: Verification, options: SignViewOptions): string[] {
  const { chalk, detail, showSignatures } = options;
  const headline = match ? `✔ ${signed.name}` : `✖ not ${signed.name}`;
  const paint = match ? chalk.green : chalk.red;
  if (!detail) return [paint(headline)];
  const shown = (value: string): string => printable(showSignatures ? value : masked(value));
  const yours = { label: 'yours', value: shown(given), note: match ? 'the same' : lengthNote(given, signed.value) };
  const rows = [{ label: 'expected', value: shown(signed.value), note: signed.form }, yours];
  return table(signed, headline, rows, options).map((line) => line.replace(headline, (text) => paint(text)));
}

/** As `comparisonLines`, then why the value is wrong and what to do about it. */
export function verdictLines(signed: Signed, verification: Verification, options: SignViewOptions): string[] {
  const comparison = comparisonLines(signed, verification, options);
  if (verification.match) return comparison;
  return [...comparison, ...(options.detail ? [''] : []), ...mistakeLines(signed, verification, options)];
}

function mistakeLines(signed: Signed, { mistake, tried }: Verification, { chalk, columns }: SignViewOptions): string[] {
  const { key, suspects, help } = signed;
  const say = (label: string, text: string): string[] => labelled(label, text, { column: VERDICT_COLUMN, columns });
  if (!mistake) {
    return [
      `  tried ${count(tried, 'recipe')} with this ${key.value}; none gives your value.`,
      ...say('likely:', `${suspects.likely}.`).map((line) => chalk.yellow(line)),
      ...say('fix', suspects.fix),
    ];
  }
  return [
    ...say('certain:', `${printable(mistake.explanation)}.`).map((line) => chalk.red(line)),
    ...say('fix', printable(mistake.fix)),
    ...(help === undefined ? [] : say('', help)),
  ];
}

const VERDICT_COLUMN = 11;
const VALUE_COLUMN = 17;
const GAP = 3;
const LEAST_WIDTH = 30;

/** Headline with the key's source, parts, message, key, then what `last` adds. Notes share a column where they can. */
function table(signed: Signed, headline: string, last: readonly Row[], { chalk, columns }: SignViewOptions): string[] {
  const { parts, key, source } = signed;
  const widths = [...parts, key].map(({ value }) => VALUE_COLUMN + value.length);
  const noteColumn = GAP + Math.max(headline.length, ...widths);
  const noted = (left: string, note: string): string[] => {
    const column = Math.max(noteColumn, left.length + GAP);
    return column + note.length <= columns
      ? [`${left.padEnd(column)}${chalk.dim(note)}`.trimEnd()]
      : [left, `${' '.repeat(VALUE_COLUMN)}${chalk.dim(note)}`];
  };
  const rowLines = ({ label, value, note }: Row): string[] => noted(`  ${label}`.padEnd(VALUE_COLUMN) + value, note);
  return [
    ...noted(headline, source),
    '',
    ...parts.flatMap(rowLines),
    ...messageLines(signed, Math.max(LEAST_WIDTH, columns - VALUE_COLUMN), chalk),
    ...[key, ...last].flatMap(rowLines),
  ];
}

/** The message in lines of `width` columns, carets under what joins its parts, its size at the end. */
function messageLines({ message, bytes }: Signed, width: number, chalk: ChalkInstance): string[] {
  const text = message.join('');
  const carets = message.map((piece, index) => (index % 2 === 1 ? '^' : ' ').repeat(piece.length)).join('');
  const size = count(bytes, 'byte');
  const starts = Array.from({ length: Math.ceil(text.length / width) }, (_, index) => index * width);
  return starts.flatMap((start, index) => {
    const part = text.slice(start, start + width);
    const under = carets.slice(start, start + width).trimEnd();
    const isLast = index === starts.length - 1;
    const margin = Math.max(under.length + GAP, part.length - size.length);
    const below = isLast ? under.padEnd(margin) + size : under;
    const label = index === 0 ? '  message' : '';
    return [label.padEnd(VALUE_COLUMN) + part, ...(below === '' ? [] : [' '.repeat(VALUE_COLUMN) + chalk.dim(below)])];
  });
}

/** The version before a webhook's signature tells nothing about it. */
const masked = (value: string): string => value.replace(/(?<=^v0=|^(?!v0=)).*$/s, maskSecret);

function lengthNote(given: string, right: string): string {
  return given.length === right.length ? '' : `${count(given.length, 'character')}; ${right.length} expected`;
}
