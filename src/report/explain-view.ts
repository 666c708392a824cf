/** Explanations as lines for a person: one meaning in full, several in a line each, a family as a list. */
import type { ChalkInstance } from 'chalk';
import type { Detail, Entry, Family } from '../reference/family.js';
import type { Explanation, Match } from '../reference/lookup.js';
import { labelled, printable, wrap } from './text.js';

export interface ExplainViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
}

/** All that is known of one topic. Empty where nothing is. */
export function explanationLines({ topic, whole, matches }: Explanation, options: ExplainViewOptions): string[] {
  const groups = grouped(matches);
  if (whole) {
    const families = [...new Set(matches.map(({ family }) => family))];
    return families.flatMap((family, index) => [...(index === 0 ? [] : ['']), ...familyLines(family, options)]);
  }
  const [group] = groups;
  if (groups.length > 1) return ambiguousLines(topic, groups, options);
  return group ? groupLines(group, options) : [];
}

/** The meanings of one number of one family, or a single name. */
interface Group {
  readonly family: Family;
  readonly entries: readonly Entry[];
}

function grouped(matches: readonly Match[]): Group[] {
  const groups = new Map<string, { family: Family; entries: Entry[] }>();
  for (const { family, entry } of matches) {
    const key = JSON.stringify([family.id, entry.code ?? entry.name]);
    const group = groups.get(key) ?? { family, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const titleOf = ({ family, entries: [entry] }: Group): string => `${family.label} ${entry?.code ?? entry?.name ?? ''}`;

const BASES: Readonly<Record<NonNullable<Entry['basis']>, string>> = {
  reported: 'reported, not documented',
  expected: 'expected from its siblings, no source has it',
  unknown: '',
};

/** `AUTHENTICATION_FAILURE: the app failed to authenticate`; the name is left out where it is said anyhow. */
function meaningOf({ code, name, meaning }: Entry): string {
  const isSaid = code === undefined || name === String(code) || name.toLowerCase() === meaning.toLowerCase();
  return isSaid ? meaning : `${name}: ${meaning}`;
}

const heading = (text: string, { chalk, columns }: ExplainViewOptions): string[] =>
  wrap(printable(text), columns).map((line) => chalk.bold(line));

/* One number or name */

function groupLines(group: Group, options: ExplainViewOptions): string[] {
  const { family, entries } = group;
  const several = entries.length > 1;
  const details = [
    ...(several ? entries.map(reading) : entries.flatMap(ownDetails)),
    ...labelledBy('which', several ? [family.decides] : []),
    ...labelledBy('found in', [family.place]),
    ...labelledBy('next', unique(entries.flatMap(({ next = family.next }) => next))),
    ...labelledBy('docs', unique(entries.map(({ docs = family.docs }) => docs))),
  ];
  return [...heading(titleOf(group), options), ...detailLines(details, options)];
}

function ownDetails(entry: Entry): Detail[] {
  const { of = 'means', basis = 'unknown', fix, details = [] } = entry;
  return [
    [of, meaningOf(entry)],
    ...labelledBy('basis', [BASES[basis]]),
    ...details,
    ...labelledBy('fix', [fix]),
  ];
}

/** Those that say something, each under the same label. */
const labelledBy = (label: string, texts: readonly (string | undefined)[]): Detail[] =>
  texts.flatMap((text): Detail[] => (text === undefined || text === '' ? [] : [[label, text]]));

/** One of several meanings, what to do about it below it. */
const reading = ({ of = 'or', fix, ...entry }: Entry): Detail => [
  of,
  fix === undefined ? meaningOf(entry) : `${meaningOf(entry)}\n→ ${fix}`,
];

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

const INDENT = 2;
const GAP = 2;

/** Labels in a column as wide as the widest; one that repeats is said once. */
function detailLines(details: readonly Detail[], { chalk, columns }: ExplainViewOptions): string[] {
  const column = INDENT + GAP + Math.max(...details.map(([label]) => label.length));
  return details.flatMap(([label, text], index) => {
    const shown = details[index - 1]?.[0] === label ? '' : label;
    const lines = labelled(shown, text, { indent: INDENT, column, columns });
    return label === 'docs' ? lines.map((line) => chalk.dim(line)) : lines;
  });
}

/* Several */

function ambiguousLines(topic: string, groups: readonly Group[], options: ExplainViewOptions): string[] {
  const [first] = groups;
  const [entry] = first?.entries ?? [];
  const more = `rtms explain ${first?.family.words[0] ?? ''} ${entry?.code ?? entry?.name ?? ''}`;
  return [
    ...heading(`${topic} can be ${groups.length} things; where did you find it?`, options),
    ...briefLines(groups, titleOf, options),
    '',
    ...detailLines([['next', more]], options),
  ];
}

function familyLines(family: Family, options: ExplainViewOptions): string[] {
  const groups = grouped(family.entries.map((entry) => ({ family, entry })));
  const details = [
    ...labelledBy('found in', [family.place]),
    ...labelledBy('next', [`rtms explain ${family.example}`]),
    ...labelledBy('docs', [family.docs]),
  ];
  return [
    ...heading(`${family.label}: ${family.about}`, options),
    ...briefLines(groups, ({ entries: [entry] }) => String(entry?.code ?? entry?.name ?? ''), options),
    '',
    ...detailLines(details, options),
  ];
}

/** A name that takes more of the width than this has a line to itself. */
const WIDEST_NAME = 0.4;

/** A line a meaning, the names in a column. */
function briefLines(
  groups: readonly Group[],
  nameOf: (group: Group) => string,
  { chalk, columns }: ExplainViewOptions,
): string[] {
  const isWide = (name: string): boolean => name.length > WIDEST_NAME * columns;
  const widths = groups.map(nameOf).flatMap((name) => (isWide(name) ? [] : [name.length]));
  const column = INDENT + GAP + Math.max(0, ...widths);
  return groups.flatMap((group) => {
    const name = nameOf(group);
    const meanings = group.entries.flatMap((entry) => {
      const note = [entry.of, entry.basis].filter((word) => word !== undefined && word !== 'unknown').join(', ');
      return labelled('', `${meaningOf(entry)}${note === '' ? '' : ` (${note})`}`, { column, columns });
    });
    const [first = '', ...rest] = meanings;
    const head = `${' '.repeat(INDENT)}${name}`;
    return isWide(name)
      ? [chalk.bold(head), ...meanings]
      : [chalk.bold(head.padEnd(column)) + first.trimStart(), ...rest];
  });
}

/* Everything */

/** What can be looked up, with a topic of each kind to try. */
export function overviewLines(families: readonly Family[], { chalk, columns }: ExplainViewOptions): string[] {
  const [topics, ...others] = families;
  const rows = (title: string, lines: readonly Detail[]): string[] => {
    const column = INDENT + GAP + Math.max(...lines.map(([example]) => example.length));
    return [chalk.bold(title), ...lines.flatMap(([label, text]) => labelled(label, text, { column, columns }))];
  };
  return [
    ...rows('topics', (topics?.entries ?? []).map(({ name, meaning }) => [name, meaning])),
    '',
    ...rows('numbers and names', others.map(({ example, about }) => [example, about])),
    '',
    ...detailLines([['next', 'rtms explain TOPIC; the word alone, such as stop, lists them all']], { chalk, columns }),
  ];
}
