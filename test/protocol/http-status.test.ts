import { expect, it } from 'vitest';
import { deliveryAfter, HTTP_STATUS } from '../../src/protocol/http-status.js';

const rows = Object.values(HTTP_STATUS);

it('gives each status once, in order', () => {
  const values = rows.map(({ value }) => value);
  expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
});

it.each(rows.map((row) => [row.value, row] as const))('%i says something of a failure', (value, row) => {
  expect('upgrade' in row || 'rest' in row).toBe(value >= 300);
});

it.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [201, undefined],
  [301, 'given up'],
  [404, 'given up'],
  [429, 'given up'],
  [500, 'sent again'],
  [503, 'sent again'],
])('a webhook answered with %i is %s', (status, fate) => expect(deliveryAfter(status)).toBe(fate));
