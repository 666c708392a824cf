import { describe, expect, it } from 'vitest';
import { count, duration } from '../../src/session/words.js';

describe('duration', () => {
  it.each([
    [0.04, '0 ms'],
    [0.44, '0.4 ms'],
    [12.3, '12 ms'],
    [359, '359 ms'],
    [1800, '1.8 s'],
    [4000, '4 s'],
    [10_000, '10 s'],
    [240_000, '4 min'],
    [10_800_000, '3 h'],
    [259_200_000, '3 days'],
  ])('%d ms', (ms, text) => expect(duration(ms)).toBe(text));
});

it.each([
  [1, '1 frame'],
  [0, '0 frames'],
  [14_208, '14,208 frames'],
])('count %d', (n, text) => expect(count(n, 'frame')).toBe(text));
