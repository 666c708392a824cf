import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearest } from '../../src/protocol/nearest.js';

const WORDS = ['signature', 'handshake', 'keep-alive', 'flow'];

it.each([
  ['signature', 'signature'],
  ['Signature', 'signature'],
  ['signatur', 'signature'],
  ['handshaek', 'handshake'],
  ['keepalive', 'keep-alive'],
  ['flaw', 'flow'],
  ['close', undefined],
  ['sig', undefined],
  ['', undefined],
])('%j is meant as %j', (word, meant) => expect(nearest(word, WORDS)).toBe(meant));

it('finds a word among others after one letter is changed', () => {
  fc.assert(
    fc.property(fc.constantFrom('signature', 'handshake', 'keep-alive'), fc.nat(8), (word, at) => {
      const changed = `${word.slice(0, at)}#${word.slice(at + 1)}`;
      expect(nearest(changed, WORDS)).toBe(word);
    }),
  );
});
