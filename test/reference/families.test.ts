/** Every family is whole: what its table has is found, worded, and leads on. */
import { describe, expect, it } from 'vitest';
import * as codes from '../../src/protocol/codes.js';
import { API_ERRORS, DELIVERY_FAILURE } from '../../src/protocol/api-errors.js';
import { HTTP_STATUS } from '../../src/protocol/http-status.js';
import { SCOPES } from '../../src/protocol/scopes.js';
import { WEBHOOK_EVENTS } from '../../src/protocol/webhook-events.js';
import { runs, type Entry, type Family } from '../../src/reference/family.js';
import { FAMILIES } from '../../src/reference/index.js';
import { explain } from '../../src/reference/lookup.js';
import { RULES } from '../../src/rules/index.js';

const rows = FAMILIES.flatMap((family) =>
  family.entries.map((entry): [string, Family, Entry] => [`${family.id} ${entry.code ?? entry.name}`, family, entry]),
);
const found = (topic: string): Entry[] =>
  explain([topic]).flatMap(({ matches }) => matches.map(({ entry }) => entry));

describe('the families', () => {
  it('have ids, labels and examples of their own', () => {
    for (const list of [FAMILIES.map(({ id }) => id), FAMILIES.map(({ label }) => label)]) {
      expect(list).toEqual([...new Set(list)]);
    }
  });

  it.each(FAMILIES.map((family) => [family.example, family] as const))('%s is one of them', (example, family) => {
    const [explanation, ...others] = explain([example]);
    expect(others).toEqual([]);
    expect(explanation?.matches.map((match) => match.family)).toContain(family);
    expect(explanation?.whole).toBe(false);
  });

  it.each(FAMILIES.flatMap(({ words, ...family }) => words.map((word) => [word, family] as const)))(
    '%s alone lists a family, or says more',
    (word) => expect(found(word)).not.toEqual([]),
  );
});

describe('every entry', () => {
  it.each(rows)('%s is found by its number, its name, and both after each word of its family', (_, family, entry) => {
    const spellings = [entry.name, ...(entry.aliases ?? []), ...(entry.code === undefined ? [] : [String(entry.code)])];
    for (const spelling of spellings) {
      expect(found(spelling)).toContain(entry);
      for (const word of [family.label, ...family.words]) expect(found(`${word} ${spelling}`)).toContain(entry);
    }
  });

  it.each(rows)('%s is worded, documented and leads on', (_, family, { meaning, fix, details = [], ...entry }) => {
    for (const text of [meaning, ...(fix === undefined ? [] : [fix])]) {
      expect(text).toMatch(/^[^\s].*[^.!\s]$/);
      expect(text).not.toMatch(/!|\b[Pp]lease\b|undefined|NaN|\[object/);
    }
    for (const [label, text] of details) expect(`${label} ${text}`).not.toMatch(/undefined|NaN|\[object/);
    expect(entry.docs ?? family.docs).toMatch(/^https:\/\//);
    const next = entry.next ?? family.next;
    expect(next.length).toBeGreaterThan(0);
    for (const line of next) expect(line).toMatch(/^rtms (?:connect|doctor|explain|lint|listen|sign)\b/);
  });

  it.each(rows)('%s names only topics there are', (_, family, { fix = '', details = [], ...entry }) => {
    const texts = [fix, ...(entry.next ?? family.next), ...details.map(([, text]) => text)].join('\n');
    const named = [...texts.matchAll(/rtms explain ([\w:.-]+(?: \w+)?)/g)].map(([, topic = '']) => topic);
    const unknown = named.filter((topic) => !topic.endsWith('REASON') && found(topic).length === 0);
    expect(unknown).toEqual([]);
  });
});

describe('the tables are all there', () => {
  const codeTables = Object.entries(codes).flatMap(([name, table]) =>
    typeof table === 'object' && !name.endsWith('_RANGE') ? [[name, table] as const] : [],
  );

  it.each(codeTables)('%s', (_, table: codes.CodeTable) => {
    for (const [name, { value, meaning }] of Object.entries(table)) {
      expect(rows.map(([, , entry]) => entry)).toContainEqual(expect.objectContaining({ code: value, name, meaning }));
    }
  });

  const names = rows.map(([, , { name }]) => name);
  it.each([
    ['API errors', API_ERRORS.map(({ code }) => String(code))],
    ['HTTP statuses', Object.keys(HTTP_STATUS)],
    ['delivery failures', Object.keys(DELIVERY_FAILURE)],
    ['webhook events', WEBHOOK_EVENTS.map(({ name }) => name)],
    ['rules', RULES.map(({ id }) => id)],
  ])('%s', (_, all) => expect(names).toEqual(expect.arrayContaining(all)));

  it('scopes, at the level they exist at', () => {
    const bare = names.map((name) => name.replace(/:admin$/, ''));
    expect(bare).toEqual(expect.arrayContaining(Object.keys(SCOPES)));
  });
});

it.each([
  [[], ''],
  [[3], '3'],
  [[1, 2], '1, 2'],
  [[3, 1, 2, 2], '1 to 3'],
  [[0, 1, 2, 4, 6, 7, 8, 10, 11], '0 to 2, 4, 6 to 8, 10, 11'],
])('runs of %j', (numbers, text) => expect(runs(numbers)).toBe(text));
