import { describe, expect, it } from 'vitest';
import type { Location } from '../../src/linter.js';
import { annotation, failedAnnotation } from '../../src/report/github.js';
import type { Finding } from '../../src/rules/rule.js';

const finding: Finding = {
  rule: 'handshake-not-json',
  status: 'fail',
  certainty: 'certain',
  cause: 'bom',
  message: '100 % wrong: a, b\nand c',
  evidence: [{}],
  fix: 'mend it',
  docs: 'https://example.test',
};

const at = (location?: Location) => ({ finding, spots: [location && { file: 'a,b:c.json', location }] });

describe('annotation', () => {
  it('has file, lines and columns, each escaped as its place demands', () => {
    expect(annotation(at({ line: 3, column: 18, endLine: 3, endColumn: 19 }))).toBe(
      '::error file=a%2Cb%3Ac.json,line=3,endLine=3,col=18,endColumn=19,title=handshake-not-json · bom::' +
        'certain: 100 %25 wrong: a, b%0Aand c%0Afix: mend it',
    );
  });

  it('of a file without lines names the byte', () => {
    expect(annotation(at({ offset: 5, length: 2 }))).toMatch(
      /^::error file=[^,]*,title=handshake-not-json · bom \(byte 5\)::/,
    );
  });

  it('of no place has none', () => expect(annotation(at())).toMatch(/^::error title=/));

  it('is a warning where the finding is one', () => {
    const { cause: _, certainty: __, fix: ___, ...crash } = finding;
    expect(annotation({ finding: { ...finding, status: 'warn' }, spots: [] })).toMatch(/^::warning /);
    expect(annotation({ finding: { ...crash, status: 'crash' }, spots: [] })).toBe(
      '::error title=handshake-not-json::100 %25 wrong: a, b%0Aand c',
    );
  });
});

it('a file that could not be judged is an error', () => {
  expect(failedAnnotation('cannot read x: no')).toBe('::error::cannot read x: no');
});
