/** Everything that reads the env file reads the same values. */
import { DOCS } from '../protocol/docs.js';
import { defineRule } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

interface Trap {
  readonly status: 'warn' | 'fail';
  /** What the line has, and what each reader makes of it. */
  readonly seen: string;
  readonly fix: string;
}

const SINGLE_QUOTES = 'put the value in single quotes';

/** As Node 20.20 (`--env-file`), dotenv 16.5 and a POSIX shell (`.`) read it. */
const TRAPS: Readonly<Record<string, Trap>> = {
  'utf-16': {
    status: 'fail',
    seen: 'stands in a file of UTF-16: Node, dotenv and a shell read nothing of it',
    fix: 'save the file as UTF-8 without a byte order mark',
  },
  colon: {
    status: 'fail',
    seen: 'has : in place of =: dotenv takes it, Node and a shell do not',
    fix: 'write NAME=value',
  },
  hash: {
    status: 'fail',
    seen: 'has # outside quotes: Node and dotenv cut the value there, a shell keeps it',
    fix: SINGLE_QUOTES,
  },
  'unclosed-quote': {
    status: 'fail',
    seen: 'begins a quote that does not end: no reader gets the value that was meant',
    fix: 'end the quote, or take it away',
  },
  'typographic-quotes': {
    status: 'fail',
    seen: 'has typographic quotes: Node, dotenv and a shell keep them in the value',
    fix: 'use plain single quotes, or none',
  },
  'text-after-quote': {
    status: 'warn',
    seen: 'goes on after its quote: Node ends the value there, dotenv keeps the quotes, a shell joins both',
    fix: 'put the whole value in one pair of single quotes',
  },
  'quote-inside': {
    status: 'warn',
    seen: 'has a quote inside: Node and dotenv keep it, a shell takes it away or waits for its end',
    fix: 'take the quote away, or put the other kind around the whole value',
  },
  dollar: {
    status: 'warn',
    seen: 'has $ outside single quotes: Node and dotenv keep it, a shell puts a variable in its place',
    fix: SINGLE_QUOTES,
  },
  backtick: {
    status: 'warn',
    seen: 'has a backtick: a shell runs what stands between two of them, Node and dotenv may take them for quotes',
    fix: SINGLE_QUOTES,
  },
  backslash: {
    status: 'warn',
    seen: 'has a backslash outside single quotes: Node, dotenv and a shell each read it in their own way',
    fix: SINGLE_QUOTES,
  },
  space: {
    status: 'warn',
    seen: 'has white space outside quotes: Node and dotenv keep it, a shell runs the rest as a command',
    fix: SINGLE_QUOTES,
  },
  'shell-character': {
    status: 'warn',
    seen: 'has a character outside quotes that a shell acts on; Node and dotenv keep it',
    fix: SINGLE_QUOTES,
  },
  'space-around-equals': {
    status: 'warn',
    seen: 'has white space around =: Node and dotenv take it away, a shell sets nothing',
    fix: 'write NAME=value without white space',
  },
  bom: {
    status: 'warn',
    seen: 'comes after a byte order mark: Node --env-file and a shell lose the variable, dotenv does not',
    fix: 'save the file as UTF-8 without a byte order mark',
  },
  'carriage-return': {
    status: 'warn',
    seen: 'ends with CR LF: a shell keeps the CR in the value, Node and dotenv do not',
    fix: 'save the file with LF line ends',
  },
};

export const envFileMisread = defineRule({
  id: 'env-file-misread',
  section: 'Environment',
  title: 'the env file reads the same everywhere',
  failureTitle: 'programs read different values from the env file',
  why: 'The same file gives Node, dotenv and a shell different secrets; docker --env-file keeps even the quotes.',
  docs: DOCS.envFile,
  subject: 'the env file',
  needs: ['check:env-file'],
  check: (timeline) => {
    const odd = checksFor(timeline, 'env-file').filter(({ event }) => !event.ok);
    if (odd.length === 0) return { status: 'pass', message: 'Node, dotenv and a shell agree on it' };
    return odd.flatMap((check) => {
      const cause = factOf(check, 'problem') ?? '';
      const trap = TRAPS[cause];
      if (!trap) return [];
      const message = `line ${factOf(check, 'line')} of ${factOf(check, 'file')}: ${factOf(check, 'name')} ${trap.seen}`;
      const { status, fix } = trap;
      return [{ status, certainty: 'certain', cause, message, evidence: [{ event: check.number }], fix }];
    });
  },
});
