/** What a rule is, what it finds, and how a list of rules is run over a timeline. Knows no single rule. */
import { isMet, needWords, type Need } from '../session/facts.js';
import type { Timeline } from '../session/timeline.js';

export type Status = 'pass' | 'warn' | 'fail' | 'skip' | 'crash' | 'ask';

/** Where a rule stands in a report, in the order in which an integration meets them. */
export const SECTIONS = [
  'Environment',
  'Credentials',
  'App and scopes',
  'Events and webhook',
  'Account settings',
  'Payload',
  'Network',
  'Handshake',
  'Close',
] as const;
export type Section = (typeof SECTIONS)[number];

/** `certain`: recomputed or seen. `likely`: the evidence points here. `possible`: not excluded. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** Where to look: the number of an event (line number of a recording less one), a path in its JSON, a byte range. */
export interface Evidence {
  readonly event?: number;
  readonly path?: string;
  readonly bytes?: readonly [start: number, end: number];
  readonly note?: string;
}

/** What a check says. `message` of a pass is the evidence that rules the cause out. */
export type Verdict =
  | { readonly status: 'pass'; readonly message: string; readonly evidence?: readonly Evidence[] }
  | { readonly status: 'skip'; readonly message: string }
  | {
      readonly status: 'warn' | 'fail';
      readonly certainty: Certainty;
      readonly cause?: string;
      readonly message: string;
      readonly evidence: readonly Evidence[];
      /** The next step, as something to type or change. */
      readonly fix: string;
    };

export interface Rule {
  readonly id: string;
  readonly section: Section;
  /** How it reads when it holds. */
  readonly title: string;
  /** How it reads when it does not. */
  readonly failureTitle: string;
  /** Why anyone should care. */
  readonly why: string;
  /** Where the fact behind it is documented. */
  readonly docs: string;
  /** Each cause it can name, with what it is or what mends it. */
  readonly causes?: Readonly<Record<string, string>>;
  /** A noun for "not …" when the rule passes, such as `the signature`; without it a pass rules nothing out. */
  readonly subject?: string;
  /** What is seen from outside, explained by other findings: `closed-without-reply`. */
  readonly symptom?: boolean;
  /** A failure means that nothing could be judged further: unreachable, timed out. */
  readonly incomplete?: boolean;
  /** What it finds is that something is not there: of a record with gaps that is never certain. */
  readonly absence?: boolean;
  /** Kinds of event, or facts, without which there is nothing to judge; of a list within, one is enough. */
  readonly needs: readonly Need[];
  /** Undefined where the rule does not apply to this session. */
  readonly check: (timeline: Timeline) => Verdict | readonly Verdict[] | undefined;
}

export interface Finding {
  readonly rule: string;
  readonly status: Status;
  readonly certainty?: Certainty;
  readonly cause?: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix?: string;
  readonly docs: string;
}

/** Whether nothing speaks for it but circumstances: what it says was not seen. */
export const isSuspicion = ({ evidence }: Finding): boolean => evidence.every(({ event }) => event === undefined);

/** Something that was checked and is not the cause, with the evidence. */
export interface RuledOut {
  readonly rule: string;
  readonly cause?: string;
  readonly subject: string;
  readonly message: string;
}

export interface Diagnosis {
  /** What failed or warns; what to fix first stands first. */
  readonly findings: readonly Finding[];
  readonly ruledOut: readonly RuledOut[];
  /** Every result, in the order of the rules. */
  readonly results: readonly Finding[];
}

/** Checks a rule's shape at compile time and keeps its literal id. */
export const defineRule = <const R extends Rule>(rule: R): R => rule;

/** A rule that throws is a `crash` result; the others go on. */
export function runRules(rules: readonly Rule[], timeline: Timeline): Diagnosis {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const results = rules.flatMap((rule) => runRule(rule, timeline));
  const findings = results.filter(({ status }) => status !== 'pass' && status !== 'skip');
  const found = new Set(findings.map(({ rule }) => rule));
  return {
    results,
    findings: ranked(findings, rules),
    // What passed once and failed once is no more ruled out than what failed.
    ruledOut: results.flatMap(({ rule, status, message }) => {
      const subject = byId.get(rule)?.subject;
      return status === 'pass' && subject !== undefined && !found.has(rule) ? [{ rule, subject, message }] : [];
    }),
  };
}

/** What to mend first stands first; what weighs the same keeps its order. */
export function ranked(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const symptoms = new Set(rules.flatMap(({ id, symptom }) => (symptom === true ? [id] : [])));
  const rank = (finding: Finding): number =>
    severity(finding, finding.status === 'fail' && symptoms.has(finding.rule));
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

function runRule(rule: Rule, timeline: Timeline): Finding[] {
  const base = { rule: rule.id, evidence: [], docs: rule.docs };
  const missing = rule.needs.filter((need) => !isMet(need, timeline.seen));
  if (missing.length > 0) return [{ ...base, ...unmet(missing, timeline) }];
  try {
    const verdicts = rule.check(timeline) ?? { status: 'skip', message: 'does not apply here' };
    const isDoubtful = rule.absence === true && timeline.seen.has('check:gap');
    return [verdicts].flat().map((verdict) => ({ ...base, ...(isDoubtful ? doubted(verdict) : verdict) }));
  } catch (error) {
    return [{ ...base, status: 'crash', message: `the check itself failed: ${String(error)}` }];
  }
}

const doubted = (verdict: Verdict): Verdict =>
  'certainty' in verdict && verdict.certainty === 'certain' ? { ...verdict, certainty: 'likely' } : verdict;

/** What there is no judging without; where it was looked for in vain, why. */
function unmet(missing: readonly Need[], { checks }: Timeline): Pick<Finding, 'status' | 'message'> {
  const unread = checks.filter(
    ({ event: { rule, facts } }) =>
      rule === 'unread' && missing.flat().some((need) => need === `check:${String(facts['gives'])}`),
  );
  if (unread.length === 0) return { status: 'skip', message: `needs ${missing.map(needWords).join(' and ')}` };
  const crashed = unread.some(({ event }) => event.facts['crashed'] === true);
  const reasons = new Set(unread.map(({ event }) => String(event.facts['reason'])));
  return { status: crashed ? 'crash' : 'skip', message: [...reasons].join('; ') };
}

const ORDER: Readonly<Record<Status, number>> = { fail: 0, crash: 40, warn: 20, ask: 30, pass: 50, skip: 60 };
/** Behind the warnings: what is seen from outside comes after all that may explain it. */
const SYMPTOM = 25;
const CERTAINTIES: readonly (Certainty | undefined)[] = ['certain', 'likely', 'possible'];

/** Failures before warnings, certain before likely, causes before the symptom they explain; then the rules' order. */
function severity({ status, certainty }: Finding, symptom: boolean): number {
  return ORDER[status] + (symptom ? SYMPTOM : 0) + Math.max(0, CERTAINTIES.indexOf(certainty));
}

/** 0 if nothing failed, 3 if all that failed is that nothing could be completed, 70 if only a check did, else 1. */
export function exitCodeOf({ findings }: Diagnosis, rules: readonly Rule[]): 0 | 1 | 3 | 70 {
  const failed = findings.filter(({ status }) => status === 'fail');
  if (failed.length === 0) return findings.some(({ status }) => status === 'crash') ? 70 : 0;
  const incomplete = failed.every(({ rule }) => rules.find(({ id }) => id === rule)?.incomplete === true);
  return incomplete ? 3 : 1;
}
