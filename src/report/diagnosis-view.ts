/** A diagnosis and a session's figures as lines for a person. Says nothing that the findings do not say. */
import type { ChalkInstance } from 'chalk';
import { isSuspicion, type Diagnosis, type Evidence, type Finding, type Rule } from '../rules/rule.js';
import type { SessionSummary } from '../session/summary.js';
import { markOf, painted } from './marks.js';
import { labelled, printable, size, wrap } from './text.js';
import { count, duration } from '../session/words.js';

export interface DiagnosisViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  readonly rules: readonly Rule[];
  /** With the page each finding rests on. */
  readonly verbose?: boolean;
  /** What to run once the first finding is mended. */
  readonly rerun?: string;
  /** The next step, where it is another than mending the first finding. */
  readonly next?: string;
  /** Where an event comes from, where that is not the session on the screen: `started.json`. */
  readonly sourceOf?: (event: number) => string | undefined;
}

/** Every finding with its evidence and fix, what is ruled out, and the one thing to do next. Empty where all is well. */
export function diagnosisLines({ findings, ruledOut }: Diagnosis, options: DiagnosisViewOptions): string[] {
  if (findings.length === 0) return [];
  const { chalk, columns, rules, rerun } = options;
  const ruleOf = (finding: Finding): Rule | undefined => rules.find(({ id }) => id === finding.rule);
  const symptom = findings.find((finding) => finding.status === 'fail' && ruleOf(finding)?.symptom === true);
  const causes = findings.filter((finding) => finding !== symptom && !isOpen(finding));
  const open = findings.filter((finding) => finding !== symptom && isOpen(finding));
  const heading = symptom ? `${printable(symptom.message)}${behind(causes)}` : headingOf(findings);
  const numbered = causes.flatMap((finding, index) => findingLines(finding, index + 1, options));
  const not = ruledOut.map(({ subject, message }) => `not ${subject} (${message})`).join(' · ');
  const next = options.next ?? nextStep(causes[0] ?? open[0] ?? symptom, causes.length, rerun);
  return [
    ...wrap(heading, columns).map((line) => chalk.bold(line)),
    '',
    ...numbered,
    ...open.flatMap((finding, index) => openLines(finding, index, options)),
    ...(open.length > 0 ? [''] : []),
    ...(not === '' ? [] : [...labelled('ruled out', not, { columns }), '']),
    ...labelled('next', next, { columns }),
  ];
}

/** Nothing speaks for it but that nothing excludes it. */
const isOpen = (finding: Finding): boolean => finding.certainty === 'possible' && isSuspicion(finding);

/** What the causes are worth: a suspicion is not told as a reason. */
function behind([first]: readonly Finding[]): string {
  if (!first) return '';
  return `: the server gives no reason, the evidence ${first.certainty === 'certain' ? 'does' : 'points here'}`;
}

function headingOf(findings: readonly Finding[]): string {
  const failed = findings.filter(({ status }) => status === 'fail' || status === 'crash').length;
  const others = findings.length - failed;
  const counts = [failed > 0 ? count(failed, 'problem') : '', others > 0 ? count(others, 'warning') : ''];
  return counts.filter((text) => text !== '').join(', ');
}

/** The next step of a diagnosis in words: the first fix, then what to run. */
export function nextStep(first: Finding | undefined, causes: number, rerun: string | undefined): string {
  if (!first) return 'nothing to do';
  const fix = causes > 0 ? 'fix 1' : (first.fix ?? first.message);
  return rerun === undefined ? fix : `${fix}, then: ${rerun}`;
}

const RULE_COLUMNS = 24;
/** Where messages and details stand: beside the rule's name, or below it where there is no room. */
const WIDE = { text: 16 + RULE_COLUMNS, label: 16, detail: 26 };
const NARROW = { text: 4, label: 4, detail: 9 };
const WIDE_FROM = 76;

/** What nothing at hand excludes, shortly: a suspicion is no finding. */
function openLines({ message, fix = '' }: Finding, index: number, { columns, verbose }: DiagnosisViewOptions): string[] {
  return labelled(index === 0 ? 'possible' : '', verbose ? `${message}: ${fix}` : message, { columns });
}

/** `1 ✖ certain   signature-mismatch   what was seen`, then where, then what to do. `name` stands before it. */
export function findingLines(
  finding: Finding,
  name: number | string,
  options: Pick<DiagnosisViewOptions, 'chalk' | 'columns' | 'verbose' | 'sourceOf'>,
): string[] {
  const { chalk, columns, verbose, sourceOf } = options;
  const { rule, status, certainty = '', message, evidence, fix, docs } = finding;
  const at = columns < WIDE_FROM ? NARROW : WIDE;
  const mark = `${String(name).padEnd(1)} ${markOf(status)}`;
  const head = `  ${mark} ${certainty.padEnd(9)} ${rule.padEnd(RULE_COLUMNS - 1)} `;
  const [first = '', ...more] = labelled('', message, { column: at.text, columns });
  const detail = (label: string, text: string): string[] =>
    labelled(label, text, { indent: at.label, column: at.detail, columns });
  const seen = new Set(evidence.map((place) => placeOf(place, sourceOf)));
  const places = [...seen].flatMap((text, index) => detail(index === 0 ? 'seen' : '', text));
  const title = `${painted(status, head.slice(0, 16), chalk)}${chalk.bold(head.slice(16))}`;
  return [
    ...(at === WIDE && rule.length < RULE_COLUMNS ? [title + first.trimStart()] : [title.trimEnd(), first]),
    ...more,
    ...places.map((line) => chalk.dim(line)),
    ...(fix === undefined ? [] : detail('fix', fix)),
    ...(verbose ? detail('docs', docs) : []),
    '',
  ];
}

function placeOf({ event, path, bytes, note }: Evidence, sourceOf: DiagnosisViewOptions['sourceOf']): string {
  const where = [
    event === undefined ? '' : (sourceOf?.(event) ?? `event ${event}`),
    path ?? '',
    bytes === undefined ? '' : `bytes ${bytes[0]}–${Math.max(bytes[0], bytes[1] - 1)}`,
  ].filter((part) => part !== '');
  return [note ?? '', where.join(', ')].filter((part) => part !== '').join('   ');
}

/** One line: how long, what came, whether keep-alives were answered. */
export function summaryLine({ durationMs, media, keepAlive }: SessionSummary): string {
  const flows = media.map(({ media: name, frames, bytesPerSecond, expectedBytesPerSecond, gaps }) => {
    if (bytesPerSecond === undefined || name === 'transcript' || name === 'chat') return `${name} ${frames}`;
    const expected =
      expectedBytesPerSecond === undefined ? '' : ` (${size(expectedBytesPerSecond).replace(/ .*/, '')} expected)`;
    const missing = name === 'audio' ? `, ${count(gaps, 'gap')}` : '';
    return `${name} ${count(frames, 'frame')}, ${size(bytesPerSecond)}/s${expected}${missing}`;
  });
  const { asked, answered, worstMs } = keepAlive;
  const alive =
    asked === 0 ? 'no keep-alive was due' : `keep-alive ${answered} of ${asked} answered, worst ${duration(worstMs)}`;
  return [`${(durationMs / 1000).toFixed(1)} s   ${flows.length > 0 ? flows.join(' · ') : 'no media'}`, alive].join(
    ' · ',
  );
}
