/** What a question is, and what an answer to it can say. It knows no single one. */
import type { Product } from '../../protocol/webhooks.js';
import type { Certainty, Section } from '../rule.js';

/** What an answer says through a rule. What a person tells is `likely` at most. */
export interface Said {
  readonly rule: string;
  readonly verdict: Right | Wrong;
}

interface Right {
  readonly status: 'pass';
  readonly message: string;
}

interface Wrong {
  readonly status: 'warn' | 'fail';
  readonly certainty: Exclude<Certainty, 'certain'>;
  readonly cause: string;
  readonly message: string;
  readonly fix: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly says?: readonly Said[];
}

export interface Question {
  readonly id: string;
  readonly section: Section;
  readonly question: string;
  /** Where the answer is to be seen. */
  readonly where?: string;
  readonly choices: readonly Choice[];
  /** Asked for these only. */
  readonly products?: readonly Product[];
  /** Not asked once another question has an answer outside these. */
  readonly after?: { readonly question: string; readonly values: readonly string[] };
  /** What answers it already: a kind of event, a fact, or one of the words of answers.ts. */
  readonly settledBy: readonly string[];
}

/** The answer that says nothing, possible everywhere. */
export const UNKNOWN = { value: 'unknown', label: "I don't know" } as const satisfies Choice;

export const passes = (rule: string, message: string): Said => ({ rule, verdict: { status: 'pass', message } });

const wrong =
  (status: Wrong['status']) =>
  (rule: string, cause: string, message: string, fix: string, certainty: Wrong['certainty'] = 'likely'): Said => ({
    rule,
    verdict: { status, certainty, cause, message, fix },
  });
export const fails = wrong('fail');
export const warns = wrong('warn');
