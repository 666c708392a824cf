/** The traps are those on which the real readers disagree: Node's own parser, and the shell that is here. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envTraps } from '../src/env-file.js';
import { temporaryFolder } from './helpers/folder.js';

const problems = (text: string): string[] => envTraps(text, () => true).map(({ problem }) => problem);

/** What Node reads; `undefined` where it reads nothing. */
const byNode = (text: string): string | undefined => parseEnv(text)['SECRET'];

const SHELL = spawnSync('sh', ['-c', 'exit 0']).status === 0;

/** What a shell has after sourcing each text, in a folder where its mistakes can do no harm. */
function byShell(texts: readonly string[]): string[] {
  const folder = temporaryFolder();
  texts.forEach((text, index) => writeFileSync(join(folder, String(index)), text));
  const script =
    'i=0; while [ -e $i ]; do (SECRET=; . ./$i; printf %s "$SECRET") 2>/dev/null; printf "\\0"; i=$((i+1)); done';
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nowhere' };
  return execFileSync('sh', ['-c', script], { cwd: folder, env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

/** The text, what was meant, the trap, and whether Node and a shell get what was meant. */
type Line = readonly [text: string, meant: string, problem: string | undefined, node: boolean, shell: boolean];
const LINES: readonly Line[] = [
  ['SECRET=abc', 'abc', undefined, true, true],
  ['export SECRET=abc', 'abc', undefined, true, true],
  ['  SECRET=abc  ', 'abc', undefined, true, true],
  ['SECRET="abc#def"', 'abc#def', undefined, true, true],
  ["SECRET='abc#d$ef`'", 'abc#d$ef`', undefined, true, true],
  ['SECRET=abc # comment', 'abc', undefined, true, true],
  ['SECRET="abc" # comment', 'abc', undefined, true, true],
  ['SECRET=a=b==', 'a=b==', undefined, true, true],
  ['SECRET=a/b+c.d-e_f:g@h%i^j!k,l', 'a/b+c.d-e_f:g@h%i^j!k,l', undefined, true, true],
  ['SECRET="two\nlines"\nOTHER=x', 'two\nlines', undefined, true, true],
  ['SECRET=abc#def', 'abc#def', 'hash', false, true],
  ['SECRET=#abc', '#abc', 'hash', false, true],
  ['SECRET=abc\r', 'abc', 'carriage-return', true, false],
  ['SECRET="abc"\r', 'abc', 'carriage-return', true, false],
  ['SECRET=a$B', 'a$B', 'dollar', true, false],
  ['SECRET="a$B"', 'a$B', 'dollar', true, false],
  ['SECRET=a$', 'a$', undefined, true, true],
  ['\ufeffSECRET=abc', 'abc', 'bom', false, false],
  ['SECRET=“abc”', 'abc', 'typographic-quotes', false, false],
  ['SECRET=a b', 'a b', 'space', true, false],
  ['SECRET: abc', 'abc', 'colon', false, false],
  ['SECRET = abc', 'abc', 'space-around-equals', true, false],
  ['SECRET= abc', 'abc', 'space-around-equals', true, false],
  ['SECRET="abc', 'abc', 'unclosed-quote', false, false],
  ['SECRET="ab"c', 'abc', 'text-after-quote', false, true],
  ["SECRET=it's", "it's", 'quote-inside', true, false],
  ['SECRET=a`b`c', 'a`b`c', 'backtick', true, false],
  ['SECRET=`abc`', 'abc', 'backtick', true, false],
  ['SECRET=a\\b', 'a\\b', 'backslash', true, false],
  ['SECRET="a\\nb"', 'a\\nb', 'backslash', false, true],
  ['SECRET=a;b', 'a;b', 'shell-character', true, false],
  ['SECRET=a&b', 'a&b', 'shell-character', true, false],
  ['SECRET=~', '~', 'shell-character', true, false],
];

describe('a line', () => {
  it.each(LINES)('%j, meant as %j: %s', (text, meant, problem, node) => {
    expect(problems(text)).toEqual(problem === undefined ? [] : [problem]);
    expect(byNode(text) === meant).toBe(node);
  });

  it.runIf(SHELL)('is read by the shell as said', () => {
    const read = byShell(LINES.map(([text]) => text));
    const got = LINES.map(([text, meant], index) => [text, read[index] === meant]);
    expect(got).toEqual(LINES.map(([text, , , , shell]) => [text, shell]));
  });
});

describe('a file', () => {
  const text = 'OTHER=a#b\nNAME="one\nSECRET=x#y\n"\nSECRET=a#b\n# SECRET=a#b\n\nSECRET: a#b\n';

  it('has its traps at their lines, for the variables that matter', () => {
    expect(envTraps(text, (name) => name === 'SECRET')).toEqual([
      { line: 5, name: 'SECRET', problem: 'hash' },
      { line: 8, name: 'SECRET', problem: 'colon' },
    ]);
  });

  it('may have several in one line', () => {
    expect(problems('\ufeffSECRET = a#b\r\n')).toEqual(['bom', 'space-around-equals', 'carriage-return', 'hash']);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        expect(() => problems(any)).not.toThrow();
      }),
    );
  });
});

it.runIf(SHELL)('has no trap only where Node and the shell read the same', () => {
  const characters = fc.constantFrom(...'aZ09 #$`"\'\\;&|()<>~=:!{}[]*?%^+/.-_@,'.split(''));
  const values = fc.sample(fc.array(characters, { maxLength: 12 }), { numRuns: 600, seed: 42 });
  const lines = values.map((value) => `SECRET=${value.join('')}`);
  const plain = lines.filter((line) => problems(line).length === 0);
  const read = byShell(plain);
  expect(plain.length).toBeGreaterThan(20);
  expect(plain.map((line, index) => [line, read[index]])).toEqual(plain.map((line) => [line, byNode(line) ?? '']));
});
