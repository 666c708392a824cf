import { expect, it } from 'vitest';
import { labelled, printable, shortId, size, wrap } from '../../src/report/text.js';

it.each([
  [187, '187 B'],
  [31_900, '31.9 kB'],
])('size %d', (bytes, text) => expect(size(bytes)).toBe(text));

it('shortens long ids only', () => {
  expect(shortId('1d330e9ca9c04407bded276b30b64be7')).toBe('1d33…4be7');
  expect(shortId('short')).toBe('short');
});

it.each([
  ['\u001b[2J', '\\u001b[2J'],
  ['a\nb\tc', 'a\\nb\\tc'],
  ['right-to-left \u202e', 'right-to-left \\u202e'],
  ['Grüße 你好', 'Grüße 你好'],
])('printable %j', (text, shown) => expect(printable(text)).toBe(shown));

it('wraps at spaces, and leaves a long word whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('aaaaaaaaaa b', 4)).toEqual(['aaaaaaaaaa', 'b']);
});

it('indents what follows a label', () => {
  expect(labelled('next', 'a b', { column: 8, columns: 100 })).toEqual(['  next  a b']);
  expect(labelled('x', `${'word '.repeat(10)}end`, { column: 4, columns: 34 })).toEqual([
    '  x word word word word word word',
    '    word word word word end',
  ]);
});
