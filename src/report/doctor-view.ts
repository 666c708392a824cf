/** The checks of a check-up by section, and how many held. What is wrong, and why, is diagnosis-view.ts. */
import type { ChalkInstance } from 'chalk';
import type { Question } from '../rules/questions/question.js';
import { SECTIONS, type Finding, type Rule, type Status } from '../rules/rule.js';
import { supplyOf } from '../session/facts.js';
import { count } from '../session/words.js';
import { markOf, painted } from './marks.js';
import { printable, wrap } from './text.js';

export interface DoctorViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  readonly rules: readonly Rule[];
  /** What there was to judge: a need that is not among it kept its rule from running. */
  readonly seen: ReadonlySet<string>;
  /** With what each check saw, and those that were skipped. */
  readonly verbose: boolean;
}

/** How many checks came out which way. */
export type Summary = Readonly<Record<Status, number>>;

/** `questions` are those open beside the checks. A rule with several verdicts counts once, by the gravest. */
export function summaryOf(results: readonly Finding[], questions: number): Summary {
  const summary: Record<Status, number> = { pass: 0, warn: 0, fail: 0, skip: 0, ask: questions, crash: 0 };
  for (const { status } of verdictsByRule(results)) summary[status] += 1;
  return summary;
}

/** `4 of 5 checks passed, 31 skipped, 9 questions only you can answer`. */
export function scoreLine({ pass, warn, fail, skip, ask, crash }: Summary): string {
  const parts = [
    `${pass} of ${count(pass + warn + fail + crash, 'check')} passed`,
    ...(skip > 0 ? [`${skip} skipped`] : []),
    ...(crash > 0 ? [`${crash} crashed`] : []),
    ...(ask > 0 ? [`${count(ask, 'question')} only you can answer`] : []),
  ];
  return parts.join(', ');
}

interface Verdicts {
  readonly rule: string;
  readonly status: Status;
  readonly messages: readonly string[];
}

const GRAVEST: readonly Status[] = ['fail', 'crash', 'warn', 'ask', 'pass', 'skip'];

function verdictsByRule(results: readonly Finding[]): Verdicts[] {
  return [...new Set(results.map(({ rule }) => rule))].map((rule) => {
    const own = results.filter((result) => result.rule === rule);
    const status = GRAVEST.find((each) => own.some((result) => result.status === each)) ?? 'skip';
    return { rule, status, messages: own.filter((result) => result.status === status).map(({ message }) => message) };
  });
}

const SECTION_COLUMNS = 20;
/** Checks on one line stand this far apart. */
const GAP = '   ';

/** Each section with its checks; one of which nothing could be checked says what it needs. */
export function sectionLines(results: readonly Finding[], options: DoctorViewOptions): string[] {
  const verdicts = verdictsByRule(results);
  return SECTIONS.flatMap((section) => {
    const own = options.rules.flatMap((rule) => {
      const found = rule.section === section ? verdicts.find((each) => each.rule === rule.id) : undefined;
      return found ? [{ rule, found }] : [];
    });
    const lines = options.verbose ? own.flatMap((check) => detailed(check, options)) : brief(own, options);
    return lines.map((line, index) => (index === 0 ? section : '').padEnd(SECTION_COLUMNS) + line);
  });
}

interface Check {
  readonly rule: Rule;
  readonly found: Verdicts;
}

const HOLDS: readonly Status[] = ['pass', 'skip'];
const nameOf = ({ rule, found }: Check): string => (HOLDS.includes(found.status) ? rule.title : rule.failureTitle);

/** What failed has a line of its own, what holds shares lines. */
function brief(checks: readonly Check[], options: DoctorViewOptions): string[] {
  const { chalk, columns } = options;
  const wrong = checks.filter(({ found }) => found.status !== 'pass' && found.status !== 'skip');
  const right = checks.filter(({ found }) => found.status === 'pass');
  const lines = [
    ...wrong.map((check) => painted(check.found.status, `${markOf(check.found.status)} ${nameOf(check)}`, chalk)),
    ...inLines(
      right.map((check) => `${markOf('pass')} ${nameOf(check)}`),
      columns - SECTION_COLUMNS,
    ).map((line) => line.replaceAll(markOf('pass'), (mark) => painted('pass', mark, chalk))),
  ];
  const known = [...lines, ...unread(checks, options)];
  return known.length > 0 ? known : supplies(checks, options);
}

/** Why checks were not carried out, where that says more than what they need. */
function unread(checks: readonly Check[], options: DoctorViewOptions): string[] {
  const said = checks.flatMap(({ found }) => (found.status === 'skip' ? found.messages : []));
  return [...new Set(said)].filter((message) => !NO_NEWS.test(message)).flatMap((text) => skipped(text, options));
}

/** Skips that say only that a rule had nothing to judge. */
const NO_NEWS = /^(?:needs |does not apply here$)/;

/** What would let the checks of a section run. */
function supplies(checks: readonly Check[], options: DoctorViewOptions): string[] {
  const needs = checks.flatMap(({ rule }) => rule.needs.flat()).filter((need) => !options.seen.has(need));
  const supply = [...new Set(needs.flatMap(supplyOf))].join(', ');
  return supply === '' ? [] : skipped(`needs ${supply}`, options);
}

const skipped = (text: string, { chalk, columns }: DoctorViewOptions): string[] =>
  wrap(`${markOf('skip')} ${printable(text)}`, columns - SECTION_COLUMNS).map((line) => painted('skip', line, chalk));

function detailed(check: Check, { chalk, columns }: DoctorViewOptions): string[] {
  const { status, messages } = check.found;
  const lines = wrap(`${markOf(status)} ${nameOf(check)}: ${printable(messages.join('; '))}`, columns - SECTION_COLUMNS);
  return lines.map((line, index) => (index === 0 ? painted(status, line, chalk) : `  ${line}`));
}

/** Items side by side as long as there is room. */
function inLines(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + GAP.length + item.length <= columns) lines[lines.length - 1] = last + GAP + item;
    else lines.push(item);
  }
  return lines;
}

/** What only a person can tell, to be answered on paper or in a file. */
export function checklistLines(questions: readonly Question[], columns: number): string[] {
  return [
    'only you can answer; --ask asks on a terminal, --answers FILE takes the words on the left:',
    ...questions.flatMap(({ id, question, where, choices }) => [
      '',
      ...wrap(`[ ] ${id}: ${question}${where === undefined ? '' : ` (${where})`}`, columns),
      ...choices.map(({ value, label }) => `    ${value === label ? value : `${value.padEnd(CHOICE_COLUMNS)} ${label}`}`),
    ]),
  ];
}

const CHOICE_COLUMNS = 20;
