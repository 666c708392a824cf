import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/reference/index.js';
import { explain } from '../../src/reference/lookup.js';
import { explanationLines, overviewLines } from '../../src/report/explain-view.js';

const plain = new Chalk({ level: 0 });
const lines = (topic: string, columns = 100): string[] =>
  explain([topic]).flatMap((explanation) => explanationLines(explanation, { chalk: plain, columns }));

/** Those wider than the screen that could have been broken: a single long word after its label cannot. */
const tooWide = (all: readonly string[], columns: number): string[] =>
  all.filter((line) => line.length > columns && line.split(/ {2,}/).at(-1)?.includes(' '));

describe.each([60, 80, 100, 140])('at %i columns', (columns) => {
  it.each(FAMILIES.map((family) => [family.id, family] as const))('every %s fits', (_, { words: [word], entries }) => {
    const topics = [word, ...entries.map(({ code, name }) => (code === undefined ? name : `${word} ${code}`))];
    const wide = topics.flatMap((topic) => tooWide(lines(topic, columns), columns));
    expect(wide).toEqual([]);
  });

  it('the overview fits', () => {
    expect(tooWide(overviewLines(FAMILIES, { chalk: plain, columns }), columns)).toEqual([]);
  });
});

it('shows both generations of a status side by side, and which is meant', () => {
  const text = lines('status 15').join('\n');
  expect(text).toMatch(/live service {2}MEDIA_DATA_ALL_CONNECTION_EXIST[^]*2025 beta {5}INVALID_SIGNATURE[^]*which/);
});

it('says of 1000 what it does not prove, and what to look at', () => {
  const text = lines('1000').join('\n');
  expect(text).toContain('proves nothing');
  expect(text).toMatch(/within ~2 s[^]*→ signature[^]*after ~30 s[^]*→ msg_type 12[^]*after a stop message/);
});

it.each([
  ['2312', 'reported, not documented'],
  ['webinar:read:webinar_screenshare', 'expected from its siblings'],
])('%s is marked: %s', (topic, mark) => expect(lines(topic).join('\n')).toContain(mark));

it('marks what is only reported in lists too', () => {
  expect(lines('api').filter((line) => line.endsWith('(RTMS status call, reported)'))).not.toEqual([]);
});

it('has nothing to show where nothing is known', () => expect(lines('nonsense')).toEqual([]));

it('lets nothing that was typed steer the terminal', () => {
  fc.assert(
    fc.property(fc.constantFrom('3', 'INVALID_SIGNATURE', '18'), fc.string({ unit: 'binary' }), (topic, noise) => {
      const all = explain([`${topic}${noise}`]).flatMap((one) => explanationLines(one, { chalk: plain, columns: 80 }));
      expect(all.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
