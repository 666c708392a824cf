import { expect, it } from 'vitest';
import type { SessionEvent } from '../../src/session/event.js';
import { SessionLog } from '../../src/session/log.js';

it('stamps, redacts, numbers and hands on, in that order', () => {
  const seen: [SessionEvent, number][] = [];
  let now = 1000;
  const log = new SessionLog({
    now: () => now,
    redact: (body) => (body.type === 'note' ? { ...body, text: body.text.replace('secret', '…') } : body),
    sinks: [(event, number) => seen.push([event, number])],
  });
  now = 1012.3456;
  expect(log.emit({ type: 'note', text: 'a secret' })).toBe(1);
  now = 1020;
  expect(log.emit({ type: 'note', text: 'b' })).toBe(2);
  expect(seen).toEqual([
    [{ t: 12.346, type: 'note', text: 'a …' }, 1],
    [{ t: 20, type: 'note', text: 'b' }, 2],
  ]);
});
