import { describe, expect, it } from 'vitest';
import { MESSAGE_TYPE } from '../../../src/protocol/codes.js';
import { judge, reasonOf } from '../../../src/rules/conformance/judge.js';
import { RULES } from '../../../src/rules/index.js';
import type { Facts, SessionEvent, SocketName } from '../../../src/session/event.js';
import type { Expectation } from '../../../src/session/expectation.js';
import { Timeline } from '../../../src/session/timeline.js';

const header = { rtms: 1, tool: 'rtms 0', command: 'mock', startedAt: '2026-11-23T00:00:00.000Z' } as const;

const moment = (t: number, name: string, further: Facts = {}): SessionEvent => ({
  t,
  type: 'check',
  rule: 'scenario-moment',
  ok: true,
  facts: { moment: name, ...further },
});
const open = (t: number, socket: SocketName): SessionEvent => ({
  t,
  type: 'phase',
  name: 'upgrade',
  socket,
  ms: 0,
  ok: true,
  detail: {},
});
const close = (t: number, socket: SocketName, by: 'peer' | 'self'): SessionEvent => ({
  t,
  type: 'close',
  socket,
  code: 1000,
  reason: '',
  by,
  clean: true,
});
function sent(t: number, socket: SocketName, name: keyof typeof MESSAGE_TYPE, further: object = {}): SessionEvent {
  const text = JSON.stringify({ msg_type: MESSAGE_TYPE[name].value, ...further });
  const dir = name === 'KEEP_ALIVE_REQ' ? 'in' : 'out';
  return { t, type: 'frame', socket, dir, opcode: 'text', bytes: text.length, text };
}

const EVENTS = [
  open(10, 'signaling'),
  sent(20, 'signaling', 'SIGNALING_HAND_SHAKE_REQ'),
  moment(30, 'accepted'),
  open(40, 'media:audio'),
  sent(50, 'media:audio', 'DATA_HAND_SHAKE_REQ'),
  open(60, 'media:video'),
  sent(70, 'media:video', 'DATA_HAND_SHAKE_REQ'),
  moment(80, 'misfit', { why: 'it does not belong here' }),
  moment(100, 'dropped'),
  close(110, 'media:audio', 'peer'),
  close(120, 'media:video', 'self'),
  open(500, 'media:audio'),
  sent(510, 'media:audio', 'DATA_HAND_SHAKE_REQ'),
];

const verdictOn = (...expectations: Expectation[]) => judge(expectations, new Timeline(header, EVENTS), RULES);

describe('what is seen', () => {
  it.each<[Omit<Expectation, 'must' | 'should'>, 'ok' | 'failed', string]>([
    [{ see: 'accepted' }, 'ok', 'accepted: 1 time'],
    [{ see: 'ready' }, 'failed', 'ready: none'],
    [{ see: 'misfit', most: 0 }, 'failed', 'misfit: 1 time, it does not belong here'],
    [{ see: 'open' }, 'ok', 'open: 4 times'],
    [{ see: 'open', on: 'signaling', least: 2 }, 'failed', 'open: 1 time'],
    [{ see: 'open', since: 'dropped', most: 0 }, 'failed', 'open: 1 time after "dropped"'],
    [{ see: 'open', since: 'dropped', within: 399 }, 'failed', 'open: none within 399 ms of "dropped"'],
    [{ see: 'open', since: 'dropped', within: 400 }, 'ok', 'open: 1 time within 400 ms of "dropped"'],
    // The server's own closes are not the client's doing.
    [{ see: 'close', since: 'dropped', most: 1 }, 'ok', 'close: 1 time after "dropped"'],
    [{ see: 'close', on: 'signaling', since: 'dropped', most: 0 }, 'ok', 'close: none after "dropped"'],
    // Twice on one socket, three times in all.
    [{ see: 'DATA_HAND_SHAKE_REQ', most: 2 }, 'ok', 'DATA_HAND_SHAKE_REQ: 3 times'],
    [{ see: 'DATA_HAND_SHAKE_REQ', most: 1 }, 'failed', 'DATA_HAND_SHAKE_REQ: 3 times'],
    [{ see: 'CLIENT_READY_ACK', most: 0 }, 'ok', 'CLIENT_READY_ACK: none'],
  ])('%o', (expectation, rank, note) => {
    const verdict = verdictOn({ must: 'do so', ...expectation });
    expect([verdict.rank, verdict.judgements[0]?.note]).toEqual([rank, note]);
  });
});

describe('the rank', () => {
  const held: Expectation = { must: 'a', see: 'open' };
  const broken: Expectation = { must: 'b', see: 'ready' };
  const lax: Expectation = { should: 'c', see: 'ready' };
  const unmet: Expectation = { must: 'd', see: 'open', since: 'paused' };
  const given: Expectation = { must: 'e', see: 'open', given: 'paused' };

  it.each([
    ['ok', [held], ''],
    ['non-strict', [held, lax], 'should c; ready: none'],
    ['failed', [lax, broken, unmet], 'must b; ready: none'],
    ['not-applicable', [held, lax, unmet], 'it never came to "paused"'],
    ['not-applicable', [given], 'it never came to "paused"'],
  ])('is %s', (rank, expectations, reason) => {
    const verdict = verdictOn(...expectations);
    expect([verdict.rank, reasonOf(verdict)]).toEqual([rank, reason]);
  });
});

describe('by a rule', () => {
  const rule: Expectation = { must: 'answer', rule: 'keep-alive-unanswered' };
  const asked = [1, 2, 3].map((n) => sent(n * 10_000, 'signaling', 'KEEP_ALIVE_REQ', { timestamp: n }));
  const answered = [1, 2, 3].map((n) => sent(n * 10_000 + 1, 'signaling', 'KEEP_ALIVE_RESP', { timestamp: n }));
  const mute = [1, 2, 3].map((n) => sent(n * 10_000 + 1, 'signaling', 'KEEP_ALIVE_RESP'));
  const timelineOf = (events: readonly SessionEvent[]): Timeline =>
    new Timeline(
      header,
      events.toSorted((a, b) => a.t - b.t),
    );

  it.each([
    ['passes', [...asked, ...answered], 'ok'],
    ['fails', asked, 'failed'],
    ['warns', [...asked, ...mute], 'non-strict'],
    ['has nothing to judge', [], 'not-applicable'],
  ])('that %s', (_, events, rank) => {
    expect(judge([rule], timelineOf(events), RULES).rank).toBe(rank);
  });
});
