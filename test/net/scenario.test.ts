import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeScenario } from '../../src/net/scenario.js';

const FOLDER = new URL('../../fixtures/scenarios/', import.meta.url);
const read = (name: string): object => Object(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')));

describe('the scenarios that ship', () => {
  it.each(readdirSync(FOLDER).map((file) => file.replace(/\.json$/, '')))('%s is one, under its own name', (name) => {
    expect(decodeScenario(read(name))).toEqual(read(name));
    expect(read(name)).toHaveProperty('name', name);
  });
});

describe('decodeScenario', () => {
  it.each<[string, object, string]>([
    ['an empty name', { name: '' }, 'name: is empty'],
    ['an unknown opcode', { opcode: 'ping' }, 'opcode: '],
    ['an unknown medium', { offer: ['audio', 'smell'] }, 'offer.1: is not a kind of media'],
    ['a field that is none', { colour: 'red' }, 'colour: '],
    ['a source that is no URL', { source: 'a friend' }, 'source: is not a URL'],
    ['a status that accepts', { forceStatus: { media: 0 } }, 'forceStatus.media: is not the number of a refusal'],
    ['an interval of no length', { keepAlive: { intervalMs: 0, misses: 3, close: null } }, 'keepAlive.intervalMs: '],
    [
      'a reason of 124 bytes',
      { handshakeFault: { reply: false, delayMs: 0, close: { code: 1000, reason: `${'é'.repeat(61)}xx` } } },
      'handshakeFault.close.reason: is too long for a close frame',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeScenario({ ...read('ok'), ...change })).toThrow(`not a scenario: ${message}`);
  });

  it.each([0, 999, 1005, 1015, 2999, 5000, 3000.5])('refuses close code %d', (code) => {
    const handshakeFault = { reply: false, delayMs: 0, close: { code, reason: '' } };
    expect(() => decodeScenario({ ...read('ok'), handshakeFault })).toThrow('is not a close code that');
  });

  it.each([1000, 1006, 1011, 3000, 4999])('takes close code %i', (code) => {
    const handshakeFault = { reply: false, delayMs: 0, close: { code, reason: 'é'.repeat(61) } };
    expect(decodeScenario({ ...read('ok'), handshakeFault }).handshakeFault).toEqual(handshakeFault);
  });

  it.each([null, 'ok', 7])('refuses %j', (value) => {
    expect(() => decodeScenario(value)).toThrow('not a scenario: the whole: ');
  });

  it('names every field at fault', () => {
    expect(() => decodeScenario({ ...read('ok'), name: '', opcode: 1 })).toThrow(/name: .*; opcode: /);
  });
});
