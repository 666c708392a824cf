import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bisection, type Found } from '../../src/session/bisection.js';

interface Search {
  readonly found: Found<string>;
  readonly tried: readonly (readonly string[])[];
}

function search(all: readonly string[], answers: (mended: readonly string[]) => boolean, most = 100): Search {
  const tried: (readonly string[])[] = [];
  const steps = bisection(all, most);
  let step = steps.next();
  while (!step.done) {
    tried.push(step.value);
    step = steps.next(answers(step.value));
  }
  return { found: step.value, tried };
}

/** Answers where every culprit is mended. */
const needs =
  (...culprits: readonly string[]) =>
  (mended: readonly string[]): boolean =>
    culprits.every((each) => mended.includes(each));

const NAMES = 'abcdefgh'.split('');

describe('bisection', () => {
  it.each(NAMES)('finds the culprit %s among eight in a few attempts', (culprit) => {
    const { found, tried } = search(NAMES, needs(culprit));
    expect(found).toEqual({ mended: [culprit], minimal: true });
    expect(tried.length).toBeLessThanOrEqual(6);
  });

  it('has nothing to try with a single difference', () => {
    expect(search(['a'], needs('a'))).toEqual({ found: { mended: ['a'], minimal: true }, tried: [] });
  });

  it('finds two that are needed together', () => {
    const { found } = search(NAMES, needs('b', 'g'));
    expect(found).toEqual({ mended: ['b', 'g'], minimal: true });
  });

  it('keeps to the attempts it has, and says that it did not come to the end', () => {
    const { found, tried } = search(NAMES, needs('c'), 1);
    expect(tried).toHaveLength(1);
    expect(found).toEqual({ mended: ['a', 'b', 'c', 'd'], minimal: false });
  });

  it('names no set that was not seen to work, however fickle the server is', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (answers) => {
        const worked = new Set([NAMES.join('')]);
        const { found } = search(NAMES, (mended) => {
          const answered = answers.next().value === true;
          if (answered) worked.add(mended.toSorted((a, b) => a.localeCompare(b)).join(''));
          return answered;
        });
        expect(worked).toContain(found.mended.join(''));
      }),
    );
  });

  it('finds any culprits, each needed, trying no set twice', () => {
    fc.assert(
      fc.property(fc.subarray(NAMES, { minLength: 1 }), (culprits) => {
        const { found, tried } = search(NAMES, needs(...culprits));
        expect(found).toEqual({ mended: culprits, minimal: true });
        expect(new Set(tried.map((set) => set.toSorted((a, b) => a.localeCompare(b)).join(''))).size).toBe(
          tried.length,
        );
      }),
    );
  });
});
