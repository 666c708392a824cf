/** What can be looked up, whatever table it stands in: families of numbers or names, and their entries. */
import type { Code, CodeRange, CodeTable } from '../protocol/codes.js';

/** A line below the meaning, such as `in RTMS` or `instead`. */
export type Detail = readonly [label: string, text: string];

export interface Entry {
  /** Left out where names are all there is. */
  readonly code?: number;
  readonly name: string;
  /** Further names it is known by. */
  readonly aliases?: readonly string[];
  /** Whose meaning it is, where one number has several: `live service`, `2025 beta`. */
  readonly of?: string;
  readonly meaning: string;
  /** What it rests on, if not on Zoom's documents. */
  readonly basis?: 'reported' | 'expected' | 'unknown';
  readonly fix?: string;
  readonly details?: readonly Detail[];
  /** Commands to run; the family's unless given, as is the page. */
  readonly next?: readonly string[];
  readonly docs?: string;
}

export interface Family {
  readonly id: string;
  /** As it reads before a number or a name: `close code`. */
  readonly label: string;
  /** What else may be typed there, the usual one first. */
  readonly words: readonly [string, ...string[]];
  /** What it tells, and a topic that shows it. */
  readonly about: string;
  readonly example: string;
  /** The field such a number stands in. */
  readonly place?: string;
  /** How to tell which of several meanings of one number is meant. */
  readonly decides?: string;
  readonly next: readonly string[];
  readonly docs: string;
  readonly entries: readonly Entry[];
  /** What is known of numbers without an entry. */
  readonly ranges?: CodeTable<CodeRange>;
  /** What can be said of a number of neither; undefined where nothing can. */
  readonly outside?: (code: number) => string | undefined;
}

/** The rows of a table as entries, with what `more` adds. */
export function entriesOf<Row extends Code>(
  table: CodeTable<Row>,
  more: (row: Row, name: string) => Partial<Entry> = () => ({}),
): Entry[] {
  return Object.entries(table).map(([name, row]) => ({
    code: row.value,
    name,
    meaning: row.meaning,
    ...more(row, name),
  }));
}

/** `1000 to 1015, 3000, 3003`: numbers in order, with those between left out where they are many. */
export function runs(numbers: readonly number[]): string {
  const all = [...new Set(numbers)].toSorted((a, b) => a - b);
  const isInside = (n: number): boolean => [n - 1, n, n + 1].every((near) => all.includes(near));
  const kept = all.filter((n) => !isInside(n));
  return kept.map((n, index) => (index === 0 ? n : isInside(n - 1) ? ` to ${n}` : `, ${n}`)).join('');
}
