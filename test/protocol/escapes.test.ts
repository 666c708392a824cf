import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unescaped } from '../../src/protocol/escapes.js';

describe('unescaped', () => {
  it.each([
    [String.raw`{\"a\":1}`, '{"a":1}'],
    [String.raw`\n\r\t\b\f\/\\`, '\n\r\t\b\f/\\'],
    [String.raw`it\'s`, "it's"],
    [String.raw`\u00e9 \u20ac \ud83d\ude00 \xe9`, 'é € 😀 é'],
    [String.raw`\q \u12 \x`, String.raw`\q \u12 \x`],
    ['é', 'é'],
    ['\\', '\\'],
    ['', ''],
  ])('%j', (text, expected) => expect(Buffer.from(unescaped(Buffer.from(text)).bytes).toString()).toBe(expected));

  it('takes \\x as a byte where the literal is one of bytes', () => {
    const { bytes } = unescaped(Buffer.from(String.raw`\x01\x00\xbb{\"`), { hexIsByte: true });
    expect(Buffer.from(bytes).toString('hex')).toBe('0100bb7b22');
  });

  it('knows where each byte stood', () => {
    const { origin } = unescaped(Buffer.from(String.raw`a\"b\u00e9c`));
    expect(origin([1, 2])).toEqual([1, 3]);
    expect(origin([3, 5])).toEqual([4, 10]);
    expect(origin([5, 6])).toEqual([10, 11]);
  });

  it('undoes what JSON does to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = JSON.stringify(text).slice(1, -1);
        expect(Buffer.from(unescaped(Buffer.from(escaped)).bytes).toString()).toBe(Buffer.from(text).toString());
      }),
    );
  });
});
