/** The rules as a family: their own words, and what to run to have them judge. */
import { RULES } from '../rules/index.js';
import type { Rule, Section } from '../rules/rule.js';
import type { Family } from './family.js';

/** What makes the rules of a section judge. */
const JUDGED_BY: Readonly<Record<Section, string>> = {
  Environment: 'rtms doctor',
  Credentials: 'rtms doctor',
  'App and scopes': 'rtms doctor --product meeting --manifest app.json',
  'Events and webhook': 'rtms listen',
  'Account settings': 'rtms doctor --ask',
  Payload: 'rtms lint started.json',
  Network: 'rtms connect --payload started.json --signaling-only',
  Handshake: 'rtms sign --payload started.json --handshake mine.json',
  Close: 'rtms doctor --session session.rtms.jsonl',
};

export const RULE_FAMILY: Family = {
  id: 'rule',
  label: 'rule',
  words: ['rule', 'rules', 'finding'],
  about: 'what a finding means, by the id of its rule',
  example: 'signature-mismatch',
  next: ['rtms doctor'],
  docs: 'https://developers.zoom.us/docs/rtms/',
  entries: RULES.map(({ id, section, title, failureTitle, why, docs, causes = {} }: Rule) => ({
    name: id,
    aliases: Object.keys(causes).filter((cause) => cause !== 'unknown'),
    meaning: failureTitle,
    details: [
      ['passes', title],
      ['why', why],
      ...Object.entries(causes),
    ],
    next: [JUDGED_BY[section]],
    docs,
  })),
};
