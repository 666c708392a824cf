import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Source } from '../../src/artefact/source.js';

const TEXT = 'é{\r\n  “a”: 1\n}\n';
const mark = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]);
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const ENCODINGS: readonly (readonly [string, Buffer, (text: string) => number])[] = [
  ['UTF-8', Buffer.from(TEXT), (text) => Buffer.byteLength(text)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), (text) => 3 + Buffer.byteLength(text)],
  ['UTF-16, little', mark(Buffer.from(TEXT, 'utf16le')), (text) => 2 + 2 * text.length],
  ['UTF-16, big', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be(TEXT)]), (text) => 2 + 2 * text.length],
  ['UTF-16 without a mark', Buffer.from(TEXT.replace('é', 'e'), 'utf16le'), (text) => 2 * text.length],
];

describe('places', () => {
  it.each(ENCODINGS)('%s', (_, bytes, size) => {
    const source = new Source(bytes);
    expect(source.isText).toBe(true);
    const [start, end] = [TEXT.indexOf('“a”'), TEXT.indexOf('“a”') + 3].map((index) => size(TEXT.slice(0, index)));
    expect(source.place([start ?? 0, end ?? 0])).toEqual({ line: 2, column: 3, endLine: 2, endColumn: 6 });
    expect(source.place([size('é'), size('é{')])).toEqual({ line: 1, column: 2, endLine: 1, endColumn: 3 });
    expect(source.excerpt([start ?? 0, end ?? 0], 100)).toEqual({ before: '  ', text: '“a”', after: ': 1' });
  });

  it('cuts what stands around at whole characters', () => {
    const source = new Source(Buffer.from('ééé{é}ééé'));
    expect(source.excerpt([6, 10], 3)).toEqual({ before: 'é', text: '{é', after: '}é' });
  });

  it('of several lines shows the first', () => {
    expect(new Source(Buffer.from('a{\nb}\n')).excerpt([1, 5], 100)).toEqual({ before: 'a', text: '{', after: '' });
  });

  it('are offsets where there is no text', () => {
    expect(new Source(Buffer.from([0, 1, 2, 0xff])).isText).toBe(false);
    expect(new Source(Buffer.from('\u001b[31mred\n')).isText).toBe(true);
  });

  it('lie inside, and go forward, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(80), fc.nat(80)), { maxLength: 5 }),
        (bytes, ranges) => {
          const source = new Source(bytes);
          for (const [start, size] of ranges) {
            const [from, to] = source.inside([start, start + size]);
            expect(from).toBeLessThanOrEqual(to);
            expect(to).toBeLessThanOrEqual(bytes.length);
            const { line, column, endLine, endColumn } = source.place([start, start + size]);
            expect(line < endLine || (line === endLine && column <= endColumn)).toBe(true);
            // The same as if it had been asked first.
            expect(new Source(bytes).place([start, start + size])).toEqual({ line, column, endLine, endColumn });
          }
        },
      ),
    );
  });
});
