import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXIT } from '../src/errors.js';
import { RULES } from '../src/rules/index.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the README has every rule with its words, in order', () => {
  const rows = README.split('\n').filter((line) => line.startsWith('| `') && !line.includes('src/'));
  expect(rows).toEqual(RULES.map(({ id, failureTitle }) => `| \`${id}\` | ${failureTitle} |`));
});

it('the README has every exit code', () => {
  const codes = [...README.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(EXIT));
});
