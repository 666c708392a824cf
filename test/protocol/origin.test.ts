import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningAt, lazily, Pieces, through, unchanged, type Range } from '../../src/protocol/origin.js';

describe('origins', () => {
  it('unchanged, moved, and one through the other', () => {
    expect(unchanged([2, 5])).toEqual([2, 5]);
    expect(beginningAt(10)([2, 5])).toEqual([12, 15]);
    expect(through(beginningAt(10), beginningAt(100))([2, 5])).toEqual([112, 115]);
  });

  it('is worked out once, when it is first asked', () => {
    let made = 0;
    const origin = lazily(() => {
      made += 1;
      return unchanged;
    });
    expect(made).toBe(0);
    origin([0, 1]);
    origin([0, 1]);
    expect(made).toBe(1);
  });
});

describe('Pieces', () => {
  // `a\nb"` between quotes, unescaped: an escape of two bytes stands for one.
  const pieces = new Pieces();
  pieces.add(1, 1, 2);
  pieces.add(1, 2, 4);
  pieces.add(1, 4, 5);
  pieces.add(1, 5, 7);

  it.each<[string, Range, Range]>([
    ['a byte that stands for one', [0, 1], [1, 2]],
    ['a byte that stands for two', [1, 2], [2, 4]],
    ['all of it', [0, 4], [1, 7]],
    ['nothing, before a byte', [1, 1], [2, 2]],
    ['nothing, at the end', [4, 4], [7, 7]],
    ['beyond the end', [9, 12], [7, 7]],
  ])('%s', (_, range, expected) => expect(pieces.origin(range)).toEqual(expected));

  it('of none stands for nothing', () => expect(new Pieces().origin([0, 3])).toEqual([0, 0]));

  it('keeps every place inside what it came from, and in order', () => {
    const piece = fc.record({ length: fc.nat(5), size: fc.nat(5), gap: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(piece), fc.nat(40), fc.nat(40), (added, from, size) => {
        const made = new Pieces();
        let at = 0;
        for (const { length, size, gap } of added) {
          made.add(length, at + gap, at + gap + size);
          at += gap + size;
        }
        const [start, end] = made.origin([from, from + size]);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(at);
      }),
    );
  });
});
