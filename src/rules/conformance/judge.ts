/** Judges what a client did in a scenario of the mock by what was expected of it. Knows no single scenario. */
import { isClientAct, type Expectation } from '../../session/expectation.js';
import { MESSAGE_TYPE, type MessageTypeCode } from '../../protocol/codes.js';
import type { CheckEvent } from '../../session/event.js';
import type { Connection, Entry, Timeline } from '../../session/timeline.js';
import { count, duration } from '../../session/words.js';
import { checksFor, factOf } from '../shared/checks.js';
import { runRules, type Finding, type Rule } from '../rule.js';

/** Best first. `non-strict`: not what is right, but Zoom bears it. `not-applicable`: it never came to that. */
export const RANKS = ['ok', 'non-strict', 'failed', 'not-applicable'] as const;
export type Rank = (typeof RANKS)[number];

export interface Judgement {
  readonly level: 'must' | 'should';
  /** What was expected, as it follows on `the client must`. */
  readonly text: string;
  readonly outcome: 'held' | 'broken' | 'not-applicable';
  /** What was seen. */
  readonly note: string;
}

export interface Verdict {
  readonly rank: Rank;
  readonly judgements: readonly Judgement[];
}

/** A scenario that was played, and what came of it. */
export interface ScenarioResult extends Verdict {
  readonly name: string;
  /** The name that its variants share. */
  readonly family: string;
  readonly description: string;
  readonly expectation: string;
  readonly basis: string;
  readonly source: string;
  /** How long it was played, by the clock on the wall. */
  readonly ms: number;
  /** What the rules found wrong with the client meanwhile; what to fix first stands first. */
  readonly findings: readonly Finding[];
}

/** What decided the rank, in words; empty where all is well. */
export function reasonOf({ judgements, rank }: Verdict): string {
  const decides = (each: Judgement): boolean => {
    if (rank === 'not-applicable') return each.outcome === 'not-applicable' && each.level === 'must';
    return each.outcome === 'broken' && (rank === 'failed') === (each.level === 'must');
  };
  const decisive = rank === 'ok' ? undefined : judgements.find(decides);
  if (!decisive) return '';
  const { level, text, note } = decisive;
  return rank === 'not-applicable' ? note : `${level} ${text}; ${note}`;
}

/** `rules` are those that an expectation may name. */
export function judge(expectations: readonly Expectation[], timeline: Timeline, rules: readonly Rule[]): Verdict {
  const judgements = expectations.map((expectation) => judgeOne(expectation, timeline, rules));
  return { rank: rankOf(judgements), judgements };
}

function rankOf(judgements: readonly Judgement[]): Rank {
  const some = (level: Judgement['level'], outcome: Judgement['outcome']): boolean =>
    judgements.some((each) => each.level === level && each.outcome === outcome);
  if (some('must', 'broken')) return 'failed';
  // Where it never came to what must be, what should be says nothing either.
  if (some('must', 'not-applicable')) return 'not-applicable';
  return some('should', 'broken') ? 'non-strict' : 'ok';
}

function judgeOne(expectation: Expectation, timeline: Timeline, rules: readonly Rule[]): Judgement {
  const { must, should = '', since, given } = expectation;
  const level = must === undefined ? 'should' : 'must';
  const result = (outcome: Judgement['outcome'], note: string): Judgement => ({
    level,
    text: must ?? should,
    outcome,
    note,
  });
  const missing = [since, given].find((moment) => moment !== undefined && firstOf(moment, timeline) === undefined);
  if (missing !== undefined) return result('not-applicable', `it never came to "${missing}"`);
  return expectation.rule === undefined
    ? judgeSeen(expectation, timeline, result)
    : judgeByRule(expectation.rule, timeline, rules, result);
}

type Result = (outcome: Judgement['outcome'], note: string) => Judgement;

/** What a rule only warns of is borne. */
function judgeByRule(id: string, timeline: Timeline, rules: readonly Rule[], result: Result): Judgement {
  const ofRule = rules.filter((rule) => rule.id === id);
  const { results } = runRules(ofRule, timeline);
  const of = (wanted: Finding['status']): Finding | undefined => results.find(({ status }) => status === wanted);
  const [failed, warned, passed] = [of('fail') ?? of('crash'), of('warn'), of('pass')];
  if (failed) return result('broken', failed.message);
  if (warned) return { ...result('broken', warned.message), level: 'should' };
  return passed ? result('held', passed.message) : result('not-applicable', results[0]?.message ?? 'not judged');
}

function judgeSeen(expectation: Expectation, timeline: Timeline, result: Result): Judgement {
  const { see = '', since, within, most, least = most === undefined ? 1 : 0 } = expectation;
  const from = since === undefined ? 0 : (firstOf(since, timeline) ?? 0);
  const groups = seen(expectation, timeline).map((times) =>
    times.filter((t) => t >= from && t - from <= (within ?? Infinity)),
  );
  const [all, busiest] = [groups.flat().length, Math.max(0, ...groups.map(({ length }) => length))];
  const span = within === undefined ? 'after' : `within ${duration(within)} of`;
  const [why] = momentsOf(see, timeline).flatMap((check) => factOf(check, 'why') ?? []);
  const note = [
    `${see}: ${all === 0 ? 'none' : count(all, 'time')}${since === undefined ? '' : ` ${span} "${since}"`}`,
    ...(why === undefined ? [] : [why]),
  ].join(', ');
  if (all < least) return result('broken', note);
  return most !== undefined && busiest > most ? result('broken', note) : result('held', note);
}

/** When what is looked for came, in ms since the start, by the socket it came on. */
function seen({ see = '', on }: Expectation, timeline: Timeline): number[][] {
  if (!isClientAct(see)) return [momentsOf(see, timeline).map(({ event }) => event.t)];
  const sockets = new Map<string, number[]>();
  for (const connection of timeline.connections) {
    const { socket } = connection;
    if (on !== undefined && (socket === 'signaling') !== (on === 'signaling')) continue;
    sockets.set(socket, [...(sockets.get(socket) ?? []), ...actsOf(see, connection)]);
  }
  return [...sockets.values()];
}

const TYPES: ReadonlyMap<string, number> = new Map(
  Object.entries<MessageTypeCode>(MESSAGE_TYPE).map(([name, { value }]) => [name, value]),
);

function actsOf(see: string, { phases, close, frames }: Connection): number[] {
  const upgrade = phases.get('upgrade');
  if (see === 'open') return upgrade?.event.ok ? [upgrade.event.t] : [];
  if (see === 'close') return close?.event.by === 'self' ? [close.event.t] : [];
  return frames
    .filter(({ event, reading }) => event.dir === 'out' && reading.message.msg_type === TYPES.get(see))
    .map(({ event }) => event.t);
}

const momentsOf = (moment: string, timeline: Timeline): Entry<CheckEvent>[] =>
  checksFor(timeline, 'scenario-moment').filter((check) => factOf(check, 'moment') === moment);

const firstOf = (moment: string, timeline: Timeline): number | undefined => momentsOf(moment, timeline)[0]?.event.t;
