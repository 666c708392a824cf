import { describe, expect, it } from 'vitest';
import { colorLevel } from '../src/terminal.js';

describe('colorLevel', () => {
  it.each<[string, boolean | undefined, Record<string, string>, boolean, 0 | 1]>([
    ['a terminal', undefined, {}, true, 1],
    ['a pipe', undefined, {}, false, 0],
    ['TERM=dumb', undefined, { TERM: 'dumb' }, true, 0],
    ['NO_COLOR on a terminal', undefined, { NO_COLOR: '1' }, true, 0],
    ['an empty NO_COLOR is none', undefined, { NO_COLOR: '' }, true, 1],
    ['FORCE_COLOR in a pipe', undefined, { FORCE_COLOR: '1' }, false, 1],
    ['FORCE_COLOR=0 on a terminal', undefined, { FORCE_COLOR: '0' }, true, 0],
    ['NO_COLOR before FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, 0],
    ['--color before NO_COLOR', true, { NO_COLOR: '1' }, false, 1],
    ['--no-color before FORCE_COLOR', false, { FORCE_COLOR: '1' }, true, 0],
  ])('%s', (_, flag, env, isTTY, level) => expect(colorLevel(flag, env, isTTY)).toBe(level));
});
