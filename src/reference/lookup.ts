/** Finds what the words on a command line mean, and what may have been meant where they mean nothing. */
import { nearest } from '../protocol/nearest.js';
import { nearestScope, SCOPES } from '../protocol/scopes.js';
import { runs, type Entry, type Family } from './family.js';
import { FAMILIES } from './index.js';

export interface Match {
  readonly family: Family;
  readonly entry: Entry;
}

/** What there is on one topic. Entries of one number stand together. */
export interface Explanation {
  readonly topic: string;
  /** Whether it names whole families, such as `stop`. */
  readonly whole: boolean;
  readonly matches: readonly Match[];
  /** Topics that may have been meant, where there is no match. */
  readonly suggestions: readonly string[];
}

/**
 * The words of a command line as topics, each looked up. A word joins those before it where all together name
 * something, as `close 1000`, `stop 18` and `keep alive` do; a number begins no such row.
 */
export function explain(words: readonly string[]): Explanation[] {
  const tokens = words.flatMap(tokensOf);
  const found: Explanation[] = [];
  while (tokens.length > 0) found.push(explainTopic(tokens.splice(0, topicLength(tokens)).join(' ')));
  return found;
}

/** How many words the first topic has. What is known nowhere was looked for in the family before it: `stop nope`. */
function topicLength(tokens: readonly string[]): number {
  const known = knownLength(tokens) ?? 1;
  const beyond = tokens.slice(known);
  const [next] = beyond;
  const isAsked = next !== undefined && !isNumber(next) && knownLength(beyond) === undefined;
  return isAsked && isFamily(tokens.slice(0, known)) ? known + 1 : known;
}

function knownLength(tokens: readonly string[]): number | undefined {
  const row = tokens.findIndex(isNumber) + 1 || tokens.length;
  return range(Math.min(row, MOST_JOINED), 1).find((length) => isTopic(tokens.slice(0, length)));
}

/** The longest names have five words; those of a family come before them. */
const MOST_JOINED = 7;
const NUMBER = /^-?\d{1,9}$/;
const isNumber = (word: string): boolean => NUMBER.test(word);
const range = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, index) => from - index);

/** What a copy brings along is left out, `"status_code": 3,` is two words, `0x3C0` is a number. */
function tokensOf(word: string): string[] {
  return word
    .replaceAll(/["'`“”]/g, '')
    .replaceAll(/[{},;]|[:=](?=\s|$)|(?<=[a-z_])[:=](?=-?\d+\b)/gi, ' ')
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => (/^0x[0-9a-f]{1,7}$/i.test(token) ? String(Number(token)) : token));
}

/* The index */

/** Upper and lower case, and what joins words, make no difference; a minus before a number does. */
const keyOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/(?<!\w)-(?=\d)/g, 'minus')
    .replaceAll(/[^a-z0-9]+/g, '');

const wordsOf = ({ id, label, words }: Family): string[] => [id, label, ...words];

/** Every entry by its name, its other names and its number, each alone and after each word of the family. */
const INDEX = new Map<string, Match[]>();
/** The families by each of their words. */
const BY_WORD = new Map<string, Family[]>();

for (const family of FAMILIES) {
  const words = new Set(wordsOf(family).map(keyOf));
  for (const word of words) BY_WORD.set(word, [...(BY_WORD.get(word) ?? []), family]);
  for (const entry of family.entries) {
    const names = [entry.name, ...(entry.aliases ?? []), ...(entry.code === undefined ? [] : [String(entry.code)])];
    const keys = new Set(names.map(keyOf).flatMap((name) => [name, ...[...words].map((word) => word + name)]));
    for (const key of keys) INDEX.set(key, [...(INDEX.get(key) ?? []), { family, entry }]);
  }
}

function isTopic(tokens: readonly string[]): boolean {
  const key = keyOf(tokens.join(' '));
  const [last = ''] = tokens.slice(-1);
  const families = isNumber(last) ? BY_WORD.get(keyOf(tokens.slice(0, -1).join(' '))) : BY_WORD.get(key);
  return INDEX.has(key) || families !== undefined;
}

function isFamily(tokens: readonly string[]): boolean {
  const key = keyOf(tokens.join(' '));
  return BY_WORD.has(key) && !INDEX.has(key);
}

/* Finding */

function explainTopic(topic: string): Explanation {
  const whole = BY_WORD.get(keyOf(topic)) ?? [];
  const known = INDEX.get(keyOf(topic));
  if (known) return { topic, whole: false, matches: withSiblings(exactly(topic, known)), suggestions: [] };
  if (whole.length > 0) return { topic, whole: true, matches: whole.flatMap(all), suggestions: [] };
  const matches = unlisted(topic);
  return { topic, whole: false, matches, suggestions: matches.length > 0 ? [] : suggestionsFor(topic) };
}

const all = (family: Family): Match[] => family.entries.map((entry) => ({ family, entry }));

/** What is written so comes before what only reads alike: the beta's names differ by a dot. */
function exactly(topic: string, matches: readonly Match[]): readonly Match[] {
  const same = matches.filter(({ entry: { name, code } }) =>
    [name, String(code)].some((spelling) => spelling.toLowerCase() === topic.toLowerCase()),
  );
  return same.length > 0 ? same : matches;
}

/** With every other meaning that a family gives the number of a match. */
function withSiblings(matches: readonly Match[]): Match[] {
  const rows = matches.flatMap(({ family, entry }) =>
    entry.code === undefined ? [{ family, entry }] : all(family).filter((other) => other.entry.code === entry.code),
  );
  return rows.filter((row, index) => rows.findIndex(({ entry }) => entry === row.entry) === index);
}

/** A number that no table has: what its range says, and where the family is named, that nothing is documented. */
function unlisted(topic: string): Match[] {
  const [digits] = /\d{1,9}$/.exec(topic) ?? [];
  if (digits === undefined) return [];
  const before = topic.slice(0, -digits.length);
  const code = /(?<!\w)-$/.test(before) ? -Number(digits) : Number(digits);
  const word = keyOf(before);
  if (word === '') return FAMILIES.flatMap((family) => inRange(family, code));
  return (BY_WORD.get(word) ?? [])
    .filter((family) => family.entries.some((entry) => entry.code !== undefined))
    .flatMap((family) => {
      const ranged = inRange(family, code);
      return ranged.length > 0 ? ranged : [undocumented(family, code)];
    });
}

function inRange(family: Family, code: number): Match[] {
  return Object.values(family.ranges ?? {})
    .filter(({ value, to }) => code >= value && code <= to)
    .map(({ value, to, meaning }) => ({
      family,
      entry: { code, name: `${value} to ${to}`, meaning, basis: 'unknown', fix: LOOK_UP },
    }));
}

function undocumented(family: Family, code: number): Match {
  const meaning = family.outside?.(code);
  const nothing = { meaning: 'nothing is documented for it', fix: LOOK_UP };
  const details = [['known', knownNumbers(family)]] as const;
  return {
    family,
    entry: { code, name: String(code), basis: 'unknown', details, ...(meaning === undefined ? nothing : { meaning }) },
  };
}

const LOOK_UP = 'go by the text that came with it, and see whether the page below has it by now';

/** As `0 to 47 (live service), 0 to 75 (2025 beta)`. */
function knownNumbers({ entries }: Family): string {
  const groups = [...new Set(entries.map(({ of }) => of))].map((of) => {
    const numbers = runs(entries.flatMap((entry) => (entry.of === of ? (entry.code ?? []) : [])));
    return of === undefined ? numbers : `${numbers} (${of})`;
  });
  return groups.join('; ');
}

/* Suggesting */

const MOST_SUGGESTED = 5;
/** Shorter pieces are part of too much. */
const SHORTEST_PIECE = 4;

/** What may have been meant: a scope, a slip of a few letters, a name that holds it, one of the family asked for. */
function suggestionsFor(topic: string): string[] {
  const key = keyOf(topic);
  if (key.length < SHORTEST_PIECE) return [];
  const scope = topic.includes(':') ? nearestScope(topic) : undefined;
  const holding = [...SPELLINGS].flatMap(([name, spelling]) => (name.includes(key) ? [spelling] : []));
  const all = [...(scope === undefined ? scopesBeside(topic) : [scope]), ...slips(key), ...holding, ...familyOf(topic)];
  return [...new Set(all)].slice(0, MOST_SUGGESTED);
}

/** The scopes of the same resource and access; if there are none, of the same resource. */
function scopesBeside(topic: string): string[] {
  const [, resource = '', access = ''] = /^(\w+:)(\w+:)?/.exec(topic.toLowerCase()) ?? [];
  const beginnings = resource === '' ? [] : [resource + access, resource];
  const lists = beginnings.map((beginning) => Object.keys(SCOPES).filter((name) => name.startsWith(beginning)));
  return lists.find(({ length }) => length > 0) ?? [];
}

function familyOf(topic: string): string[] {
  const word = topic.split(' ').slice(0, -1).join(' ');
  return BY_WORD.has(keyOf(word)) ? [word] : [];
}

/** Every word and name by its key, as it is to be typed; a number is no slip for another. */
const SPELLINGS = new Map(
  [
    ...FAMILIES.flatMap(({ words }) => words.map((word): [string, string] => [keyOf(word), word])),
    ...[...INDEX].flatMap(([key, [match]]): [string, string][] => (match ? [[key, match.entry.name]] : [])),
  ].filter(([key]) => !/\d$/.test(key)),
);

function slips(key: string): string[] {
  const candidates = new Set(SPELLINGS.keys());
  const found: string[] = [];
  while (found.length < MOST_SUGGESTED) {
    const slip = nearest(key, candidates);
    if (slip === undefined) break;
    candidates.delete(slip);
    found.push(SPELLINGS.get(slip) ?? slip);
  }
  return found;
}
