/** The recorded sessions the rules are tested with: fixtures/sessions/<rule id>[.<cause>][.ok].jsonl. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULES } from '../../src/rules/index.js';
import { runRules, type Diagnosis, type Finding } from '../../src/rules/rule.js';
import { parseRecording, type Recording } from '../../src/session/jsonl.js';
import { Timeline } from '../../src/session/timeline.js';

const FOLDER = new URL('../../fixtures/sessions/', import.meta.url);

/** Every session's name, without its extension. */
export const SESSIONS: readonly string[] = readdirSync(fileURLToPath(FOLDER)).map((file) =>
  file.replace(/\.jsonl$/, ''),
);

export function sessionText(name: string): string {
  return readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8');
}

export function readSession(name: string): Recording {
  return parseRecording(sessionText(name));
}

/** All rules over one session. */
export function diagnose(name: string): Diagnosis {
  const { header, events } = readSession(name);
  return runRules(RULES, new Timeline(header, events));
}

/** A finding as `rule · cause · status certainty`; the last part is left out where it is `fail certain`. */
export function brief({ rule, cause, status, certainty }: Finding): string {
  const weight = `${status} ${certainty}`;
  const parts = [rule, cause, weight === 'fail certain' ? undefined : weight];
  return parts.filter((part) => part !== undefined).join(' · ');
}
