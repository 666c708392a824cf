import { describe, expect, it } from 'vitest';
import { decodeScenario, decodeScenarios, type Scenario } from '../../src/net/scenario.js';
import { isClientAct } from '../../src/session/expectation.js';
import { CLOSE_CODE, lookup, STATUS_CODE, STOP_REASON } from '../../src/protocol/codes.js';
import { RULES } from '../../src/rules/index.js';
import { readScenarios } from '../../src/scenarios.js';

const SCENARIOS = readScenarios();
const ALL: readonly Scenario[] = [...SCENARIOS.values()].flat();

const MINIMAL = {
  name: 'mine',
  description: 'does as documented',
  expectation: 'does so too',
  basis: 'documented',
  source: 'https://developers.zoom.us/docs/rtms/',
  judge: [{ must: 'be accepted', see: 'accepted' }],
};

describe('the scenarios that ship', () => {
  it.each([...SCENARIOS])('%s stands under its own name', (family, scenarios) => {
    for (const { name, each } of scenarios) expect(name.startsWith(each ? `${family}-` : family)).toBe(true);
  });

  it('have names of their own', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  it.each(ALL)('$name expects what there is to see, by rules there are', ({ judge, each }) => {
    const rules = RULES.map(({ id }) => id);
    for (const { rule } of judge) expect([...rules, undefined]).toContain(rule);
    expect(JSON.stringify(judge)).not.toContain('$each');
    expect(each ?? [1]).not.toEqual([]);
  });

  it.each(ALL.filter(({ name }) => !/^\w+-\w+-\d/.test(name)))('$name says in whole words what it is', (scenario) => {
    for (const text of [scenario.description, scenario.expectation, ...scenario.judge.map(wordsOf)]) {
      expect(text).toMatch(/^[a-z]/);
      expect(text).not.toMatch(/[.!]$/);
      expect(text).not.toContain('$each');
    }
  });

  it('have every stop reason, every status of a refused medium, and codes that are known', () => {
    const numbers = (family: string): readonly number[] => SCENARIOS.get(family)?.[0]?.each ?? [];
    expect(numbers('stop-reason')).toEqual(Object.values(STOP_REASON).map(({ value }) => value));
    for (const family of ['refuse-each-status', 'refuse-for-now', 'media-refused']) {
      for (const number of numbers(family)) expect(lookup(STATUS_CODE, number)?.name).toBeDefined();
    }
    for (const number of numbers('close-code')) expect(lookup(CLOSE_CODE, number)?.name).toBeDefined();
  });
});

const wordsOf = ({ must, should }: Scenario['judge'][number]): string => must ?? should ?? '';

describe('decodeScenario', () => {
  it('is as documented where nothing is said', () => {
    expect(decodeScenario(MINIMAL)).toMatchObject({
      offer: ['audio', 'video', 'share', 'transcript', 'chat', 'all'],
      keepAlive: { intervalMs: 10_000, misses: 3, close: { code: 1000, reason: '' } },
      media: { flows: true },
      script: [],
    });
  });

  it.each<[string, object, string]>([
    ['an empty name', { name: '' }, 'name: is empty'],
    ['an unknown opcode', { wire: [{ opcode: 'ping' }] }, 'wire.0.opcode: '],
    ['an unknown message', { wire: [{ messages: ['HELLO'] }] }, 'wire.0.messages.0: is no message'],
    ['an unknown medium', { offer: ['audio', 'smell'] }, 'offer.1: is not a kind of media'],
    ['a field that is none', { colour: 'red' }, 'colour: '],
    ['a source that is no URL', { source: 'a friend' }, 'source: is not a URL'],
    ['an interval of no length', { keepAlive: { intervalMs: 0 } }, 'keepAlive.intervalMs: '],
    ['a step that does nothing', { script: [{ on: 'ready' }] }, 'script.0.do: '],
    ['a step on nothing', { script: [{ on: 'Tuesday', do: 'mute' }] }, 'the whole: Tuesday is no moment'],
    [
      'an expectation since nothing',
      { judge: [{ must: 'x', see: 'open', since: 'dropped' }] },
      'the whole: dropped is',
    ],
    ['an expectation of nothing', { judge: [{ must: 'x' }] }, 'judge.0: has one of rule and see'],
    [
      'an expectation of both weights',
      { judge: [{ must: 'x', should: 'y', see: 'open' }] },
      'judge.0: has one of must',
    ],
    ['no expectation', { judge: [] }, 'judge: expects nothing'],
    [
      'a status that accepts',
      { script: [{ on: 'handshake', do: 'refuse', status: 0 }] },
      'script.0.status: is not the',
    ],
    [
      'a state that is none',
      { script: [{ on: 'ready', do: 'state', session: 'ASLEEP' }] },
      'script.0.session: is not a',
    ],
    [
      'a reason of 124 bytes',
      { script: [{ on: 'ready', do: 'close', code: 1000, reason: `${'é'.repeat(61)}xx` }] },
      'script.0.reason: is too long for a close frame',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeScenario({ ...MINIMAL, ...change })).toThrow(`not a scenario: ${message}`);
  });

  const closing = (code: number): object => ({ ...MINIMAL, script: [{ on: 'ready', do: 'close', code }] });

  it.each([0, 999, 1005, 1015, 2999, 5000, 3000.5])('refuses close code %d', (code) => {
    expect(() => decodeScenario(closing(code))).toThrow('is not a close code that');
  });

  it.each([1000, 1006, 1011, 3000, 4999])('takes close code %i', (code) => {
    expect(decodeScenario(closing(code)).script).toMatchObject([{ do: 'close', code, reason: '', times: [1] }]);
  });

  it.each([null, 'ok', 7])('refuses %j', (value) => {
    expect(() => decodeScenario(value)).toThrow('not a scenario: the whole: ');
  });

  it('names every field at fault', () => {
    expect(() => decodeScenario({ ...MINIMAL, name: '', offer: 1 })).toThrow(/name: .*; offer: /);
  });
});

it('decodeScenarios makes one for each number, in steps and texts', () => {
  const [first, second] = decodeScenarios({
    ...MINIMAL,
    each: [3, 8],
    description: 'refuses with $each',
    script: [{ on: 'handshake', do: 'refuse', status: '$each' }],
  });
  expect(first).toMatchObject({ name: 'mine-3', description: 'refuses with 3', script: [{ status: 3 }] });
  expect(second).toMatchObject({ name: 'mine-8', description: 'refuses with 8', script: [{ status: 8 }] });
});

it('what a client does is told from moments', () => {
  expect(['open', 'close', 'CLIENT_READY_ACK'].every(isClientAct)).toBe(true);
  expect(['ready', 'EVENT_UPDATE'].some(isClientAct)).toBe(false);
});
