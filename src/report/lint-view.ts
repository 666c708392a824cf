/** Judged files as lines for a person: each finding with the line or the bytes it is about. Writes nothing. */
import type { ChalkInstance } from 'chalk';
import type { Judgement, LocatedFinding, Location, Shown, Spot } from '../linter.js';
import type { Range } from '../protocol/origin.js';
import { count } from '../session/words.js';
import { hexdump } from './hexdump.js';
import { markOf, painted } from './marks.js';
import { labelled, printable } from './text.js';

export interface LintViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  /** One line a finding. */
  readonly quiet: boolean;
  /** What passed, too. */
  readonly verbose: boolean;
}

/** Every file, then how much there is to mend. */
export function lintLines(judgements: readonly Judgement[], options: LintViewOptions): string[] {
  if (options.quiet) return judgements.flatMap(({ findings }) => findings.map(briefLine));
  const files = [...new Set(judgements.map(({ file }) => file))];
  const blocks = files.flatMap((file) =>
    fileLines(
      judgements.filter((each) => each.file === file),
      options,
    ),
  );
  return [...blocks, summaryLine(judgements, options)];
}

/** `mine.hex:1:11: handshake-not-json · bom: a byte order mark …`, as compilers have it. */
function briefLine({ finding, spots: [spot] }: LocatedFinding): string {
  return [...(spot ? [placeIn(spot)] : []), nameOf(finding), printable(finding.message)].join(': ');
}

const placeIn = ({ file, location }: Spot): string => `${printable(file)}:${placeOf(location)}`;

const placeOf = (location: Location): string =>
  'line' in location ? `${location.line}:${location.column}` : String(location.offset);

const nameOf = ({ rule, cause }: LocatedFinding['finding']): string =>
  cause === undefined ? rule : `${rule} · ${cause}`;

function fileLines(judgements: readonly Judgement[], options: LintViewOptions): string[] {
  const { chalk, verbose } = options;
  const good = judgements.filter(({ findings }) => findings.length === 0);
  const [only, ...more] = good;
  const summed = more.length > 0 && !verbose;
  return [
    ...repeated(judgements).flatMap(([judgement, others]) => [
      ...judgementLines(judgement, options),
      ...(others.length === 0 ? [] : [`  the same in ${others.length} more: ${places(others)}`]),
      '',
    ]),
    ...(summed && only ? [chalk.green(`✔ ${printable(only.file)}`) + chalk.dim(`  ${kinds(good)}`)] : []),
    ...(summed ? [] : good.flatMap((judgement) => judgementLines(judgement, options))),
  ];
}

/** Those with findings; what says the same as an earlier one stands with that. */
function repeated(judgements: readonly Judgement[]): (readonly [Judgement, readonly Judgement[]])[] {
  const groups = new Map<string, [Judgement, ...Judgement[]]>();
  for (const judgement of judgements) {
    if (judgement.findings.length === 0) continue;
    const key = JSON.stringify(judgement.findings.map(({ finding }) => [nameOf(finding), finding.message]));
    const group = groups.get(key);
    if (group) group.push(judgement);
    else groups.set(key, [judgement]);
  }
  return [...groups.values()].map(([first, ...others]) => [first, others]);
}

const MOST_PLACES = 5;

function places(judgements: readonly Judgement[]): string {
  const shown = judgements.slice(0, MOST_PLACES).flatMap(({ findings: [first] }) => {
    const spot = first?.spots[0];
    return spot ? [placeOf(spot.location)] : [];
  });
  return [...shown, ...(judgements.length > MOST_PLACES ? ['…'] : [])].join(', ');
}

/** `2 handshakes, 498 messages`. */
function kinds(judgements: readonly Judgement[]): string {
  const names = [...new Set(judgements.map(({ kind }) => kind))];
  return names.map((kind) => count(judgements.filter((each) => each.kind === kind).length, kind)).join(', ');
}

function judgementLines(judgement: Judgement, options: LintViewOptions): string[] {
  const { chalk, columns, verbose } = options;
  const { file, kind, size, assumptions, findings, passed, repaired } = judgement;
  const isGood = findings.length === 0;
  const name = `${isGood ? '✔ ' : ''}${printable(file)}`;
  const amount = count(size, kind === 'recording' ? 'event' : 'byte');
  const checks = isGood && passed.length > 0 ? [`${count(passed.length, 'check')} passed`] : [];
  const about = [kind, amount, ...assumptions, ...checks].join(', ');
  if (isGood && !verbose) return [`${chalk.green(name)}  ${printable(about)}`];
  const [first = '', ...rest] = labelled('', about, { column: 4, columns: Math.max(40, columns - name.length) });
  return [
    `${isGood ? chalk.green(name) : chalk.bold(name)}  ${first.trim()}`,
    ...rest,
    ...findings.flatMap((finding) => findingLines(finding, options)),
    ...(verbose ? passed.map(({ rule, message }) => chalk.dim(`  ✔ ${rule}   ${printable(message)}`)) : []),
    ...(repaired === undefined ? [] : ['  as plain JSON:', ...repaired.trimEnd().split('\n').map(printable)]),
  ];
}

const INDENT = 6;
const DETAIL = { indent: INDENT, column: 16 };
const WIDEST = 100;

/** What and where, the place itself, then how sure, why, and what to do. */
function findingLines({ finding, spots }: LocatedFinding, options: LintViewOptions): string[] {
  const { chalk, columns, verbose } = options;
  const { status, certainty, message, evidence, fix, docs } = finding;
  const [spot, ...otherSpots] = spots;
  const [primary, ...others] = evidence;
  const width = Math.min(columns, WIDEST);
  const say = (label: string, text: string): string[] => labelled(label, text, { ...DETAIL, columns: width });
  const name = `  ${markOf(status)} ${nameOf(finding)}`;
  const where = [primary?.path ?? '', spot ? positionOf(spot) : ''].filter((text) => text !== '').join('  ');
  // Of a range of bytes the note tells about the frame around it, which stands above already.
  const note = primary?.bytes ? '' : (primary?.note ?? '');
  const marked = spot?.shown ? markedLines(spot.shown, width) : [];
  const notes = others.map((each, index) =>
    [each.note ?? '', ...placesIn(otherSpots[index])].filter((text) => text !== '').join('   '),
  );
  return [
    painted(status, name, chalk) + chalk.dim(where.padStart(Math.max(where.length + 2, width - name.length))),
    ...marked.flatMap(([text, marks]) => [text, painted(status, marks, chalk)]),
    ...say(certainty === undefined ? '' : `${certainty}:`, message),
    ...[note, ...notes].flatMap((text) => (text === '' ? [] : say('', text).map((line) => chalk.dim(line)))),
    ...(fix === undefined ? [] : say('fix', fix)),
    ...(verbose ? say('docs', docs) : []),
  ];
}

const placesIn = (spot: Spot | undefined): string[] => (spot ? [placeIn(spot)] : []);

/** Of what is shown as bytes the bytes, else line and column; of what is missing nothing. */
function positionOf({ location, shown }: Spot): string {
  if (!shown) return '';
  const range = shown.form === 'bytes' ? shown.range : rangeOf(location);
  if (!range) return placeOf(location);
  const [start, end] = range;
  return end - start > 1 ? `bytes ${start}–${end - 1}` : `byte ${start}`;
}

const rangeOf = (location: Location): Range | undefined =>
  'offset' in location ? [location.offset, location.offset + location.length] : undefined;

/** A line, and what marks the place under it. */
type Marked = readonly [text: string, marks: string];

const markedLines = (shown: Shown, width: number): Marked[] =>
  shown.form === 'bytes' ? rows(shown, width) : [textLine(shown, width - INDENT)];

/** The line, cut around the place. */
function textLine({ source, range }: Extract<Shown, { form: 'text' }>, width: number): Marked {
  const { before, text, after } = source.excerpt(range, 4 * width);
  const marked = cutEnd(printable(text), Math.ceil(width * 0.7));
  const left = cutStart(printable(before.trimStart()), Math.ceil((width - marked.length) * 0.6));
  const right = cutEnd(printable(after), width - marked.length - left.length);
  const indent = ' '.repeat(INDENT);
  const isLine = before.trim() === '' && after === '';
  const marks = marked.length > 1 && !isLine ? '~'.repeat(marked.length) : '^';
  return [indent + left + marked + right, indent + ' '.repeat(left.length) + marks];
}

const cutEnd = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
const cutStart = (text: string, width: number): string =>
  text.length > width ? `…${text.slice(text.length - Math.max(0, width - 1))}` : text;

const ROW = 16;
const MOST_ROWS = 2;
/** Offset, two groups of eight bytes, and what they read as. */
const ROW_COLUMNS = 78;
const OFFSET_COLUMNS = 10;

function rows({ document, range: [start, end] }: Extract<Shown, { form: 'bytes' }>, width: number): Marked[] {
  const indent = ' '.repeat(width >= ROW_COLUMNS + INDENT ? INDENT : 2);
  const first = start - (start % ROW);
  const last = Math.min(Math.max(end, start + 1), first + MOST_ROWS * ROW);
  const part = document.subarray(first, Math.ceil(last / ROW) * ROW);
  return hexdump(part, 'reading', first).map((line, index) => {
    const row = first + index * ROW;
    const from = columnOf(Math.max(start, row) - row);
    const to = columnOf(Math.min(last, row + ROW) - 1 - row) + '7b'.length;
    return [indent + line, indent + ' '.repeat(from) + '~'.repeat(to - from)];
  });
}

const columnOf = (index: number): number => OFFSET_COLUMNS + index * 3 + (index >= ROW / 2 ? 1 : 0);

function summaryLine(judgements: readonly Judgement[], { chalk }: LintViewOptions): string {
  const statuses = judgements.flatMap(({ findings }) => findings.map(({ finding }) => finding.status));
  const problems = statuses.filter((status) => status === 'fail' || status === 'crash').length;
  const warnings = statuses.length - problems;
  const faulty = new Set(judgements.filter(({ findings }) => findings.length > 0).map(({ file }) => file)).size;
  const all = new Set(judgements.map(({ file }) => file)).size;
  if (statuses.length === 0) return chalk.green(`no problem in ${count(all, 'file')}`);
  const counts = [
    ...(problems > 0 ? [count(problems, 'problem')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return chalk.bold(`${counts.join(' and ')} in ${count(faulty, 'file')}`);
}
