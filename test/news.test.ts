import { describe, expect, it } from 'vitest';
import { News } from '../src/news.js';
import type { Diagnosis, Finding } from '../src/rules/rule.js';

const finding = (rule: string, event: number, message = ''): Finding => ({
  rule,
  status: 'fail',
  certainty: 'certain',
  message,
  evidence: [{ event }],
  docs: '',
});
const diagnosis = (...findings: Finding[]): Diagnosis => ({ findings, ruledOut: [], results: findings });

/** The rules of what is told, judgement by judgement. */
function told(...judgements: Finding[][]): string[][] {
  const news = new News();
  return judgements.map((findings) => news.from(diagnosis(...findings)).map(({ rule }) => rule));
}

describe('News', () => {
  it('tells a finding once it has stood', () => {
    const a = finding('a', 1);
    expect(told([a], [a], [a])).toEqual([[], ['a'], []]);
  });

  it('tells nothing that the next event took back', () => {
    expect(told([finding('a', 1)], [], [finding('a', 1)], [])).toEqual([[], [], [], []]);
  });

  it('takes a message that counts on for the same finding', () => {
    expect(told([finding('a', 1, '3 of 3')], [finding('a', 1, '4 of 4')], [finding('a', 1, '5 of 5')])).toEqual([
      [],
      ['a'],
      [],
    ]);
  });

  it('takes another place for another finding', () => {
    const [first, second] = [finding('a', 1), finding('a', 9)];
    expect(told([first], [first, second], [first, second])).toEqual([[], ['a'], ['a']]);
  });
});
