import { expect, it } from 'vitest';
import { wireFor } from '../../src/net/wire.js';

it('of several manners the later counts, and what is named nowhere goes by what is said of all', () => {
  const manner = wireFor([
    { opcode: 'binary', delayMs: 5 },
    { messages: ['KEEP_ALIVE_REQ', 'EVENT_UPDATE'], opcode: 'text', fragments: 3 },
  ]);
  expect(manner(12)).toMatchObject({ opcode: 'text', fragments: 3, delayMs: 5 });
  expect(manner(14)).toMatchObject({ opcode: 'binary', delayMs: 5 });
  expect(manner(99)).toMatchObject({ opcode: 'binary', delayMs: 5 });
  expect(wireFor([])(12)).toEqual({});
});
