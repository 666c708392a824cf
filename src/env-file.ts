/**
 * Where an env file holds one value for one reader and another for the next: Node `--env-file`, dotenv, a POSIX shell.
 * It tells lines and traps, never a value; what each reader makes of a trap is rules/env-file-misread.ts.
 */

export interface EnvTrap {
  /** 1 is the first. */
  readonly line: number;
  readonly name: string;
  readonly problem: string;
}

/** dotenv takes a colon and white space for `=`. */
const ASSIGNMENT = /^(\ufeff?)\s*(?:export\s+)?([\w.-]+)(\s*)(=|:(?=\s))(.*)$/s;

/** The traps among the variables that matter, line by line. */
export function envTraps(text: string, matters: (name: string) => boolean, isUtf16 = false): EnvTrap[] {
  const lines = text.split('\n');
  const traps: EnvTrap[] = [];
  for (let index = 0; index < lines.length;) {
    const [, mark, name = '', before = '', sign = '', rest = ''] = ASSIGNMENT.exec(lines[index] ?? '') ?? [];
    const { value, length } = wholeValue(rest, lines.slice(index + 1));
    const problems = [mark ? 'bom' : undefined, ...problemsOf(before, value)];
    const worst = isUtf16 ? ['utf-16'] : sign === ':' ? ['colon'] : problems;
    for (const problem of name !== '' && matters(name) ? worst : []) {
      if (problem !== undefined) traps.push({ line: index + 1, name, problem });
    }
    index += length;
  }
  return traps;
}

/** The text after `=`, with the lines that follow where a quote goes on; `length` counts them all. */
function wholeValue(rest: string, following: readonly string[]): { value: string; length: number } {
  const { 0: quote = '' } = rest.trimStart();
  const alone = { value: rest, length: 1 };
  if (!isQuote(quote) || hasEnd(rest.trimStart(), quote)) return alone;
  const last = following.findIndex((line) => line.includes(quote));
  return last === -1 ? alone : { value: [rest, ...following.slice(0, last + 1)].join('\n'), length: last + 2 };
}

const QUOTES = ['"', "'", '`'];
const isQuote = (character: string): boolean => QUOTES.includes(character);
const hasEnd = (text: string, quote: string): boolean => text.indexOf(quote, 1) > 0;

function problemsOf(before: string, given: string): (string | undefined)[] {
  const value = given.replace(/\r$/, '');
  return [
    before !== '' || /^\s+\S/.test(value) ? 'space-around-equals' : undefined,
    given === value ? undefined : 'carriage-return',
    isQuote(value.trimStart()[0] ?? '') ? quotedProblem(value.trim()) : bareProblem(value),
  ];
}

/** What a shell acts on even between double quotes. */
const EXPANSIONS: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/`/, 'backtick'],
  [/\$[\w{(@*#?$!-]/, 'dollar'],
  [/\\/, 'backslash'],
];

function quotedProblem(value: string): string | undefined {
  const { 0: quote = '' } = value;
  const end = value.indexOf(quote, 1);
  if (end < 0) return 'unclosed-quote';
  if (!/^(?:\s+#.*|\s*)$/s.test(value.slice(end + 1))) return 'text-after-quote';
  if (quote === '`') return 'backtick';
  return quote === '"' ? EXPANSIONS.find(([pattern]) => pattern.test(value.slice(1, end)))?.[1] : undefined;
}

/** In this order: what one names first is to be mended first. */
const BARE: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/[“”‘’]/, 'typographic-quotes'],
  [/#/, 'hash'],
  ...EXPANSIONS,
  [/["']/, 'quote-inside'],
  [/\s/, 'space'],
  [/[;&|()<>]|^~|[:=]~/, 'shell-character'],
];

function bareProblem(value: string): string | undefined {
  // Behind white space, # begins a comment for every reader.
  const bare = value.replace(/\s#.*$/, '').trim();
  return BARE.find(([pattern]) => pattern.test(bare))?.[1];
}
