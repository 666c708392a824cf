/** How a list of rules is run: order, skip, crash, what is ruled out, exit codes. No real rule takes part. */
import { describe, expect, it } from 'vitest';
import { exitCodeOf, runRules, type Rule, type Verdict } from '../../src/rules/rule.js';
import type { SessionEvent } from '../../src/session/event.js';
import { Timeline } from '../../src/session/timeline.js';

const EVENTS: readonly SessionEvent[] = [{ t: 0, type: 'note', text: 'hello' }];
const HEADER = { rtms: 1, tool: 'rtms 0', command: 'test', startedAt: '2026-11-23T22:14:00.000Z' } as const;
const timeline = new Timeline(HEADER, EVENTS);

function rule(id: string, verdict: Verdict | readonly Verdict[] | undefined, more: Partial<Rule> = {}): Rule {
  const text = { title: id, failureTitle: id, why: id, docs: `https://example.com/${id}` };
  return { id, section: 'Close', ...text, needs: [], check: () => verdict, ...more };
}

const fail = (certainty: 'certain' | 'likely' | 'possible' = 'certain'): Verdict => ({
  status: 'fail',
  certainty,
  message: 'seen',
  evidence: [],
  fix: 'mend it',
});
const warn: Verdict = { status: 'warn', certainty: 'certain', message: 'seen', evidence: [], fix: 'mend it' };
const pass: Verdict = { status: 'pass', message: 'seen well' };

function thrower(id: string): Rule {
  return rule(id, undefined, {
    check: () => {
      throw new TypeError('no such thing');
    },
  });
}

const ids = (rules: readonly Rule[]): string[] => runRules(rules, timeline).findings.map((finding) => finding.rule);

describe('the order of findings', () => {
  it('is that of the rules where they weigh the same', () => {
    expect(ids([rule('b', fail()), rule('a', fail())])).toEqual(['b', 'a']);
  });

  it('puts the certain before the likely before the possible', () => {
    const rules = [rule('possible', fail('possible')), rule('likely', fail('likely')), rule('certain', fail())];
    expect(ids(rules)).toEqual(['certain', 'likely', 'possible']);
  });

  it('puts failures before warnings', () => {
    expect(ids([rule('warns', warn), rule('fails', fail('possible'))])).toEqual(['fails', 'warns']);
  });

  it('puts a symptom after every failure that may explain it', () => {
    const rules = [rule('symptom', fail(), { symptom: true }), rule('cause', fail('possible'))];
    expect(ids(rules)).toEqual(['cause', 'symptom']);
  });
});

describe('results', () => {
  it('skip a rule whose events are not there, without running it', () => {
    const { results, findings } = runRules([{ ...thrower('a'), needs: ['frame', 'close'] }], timeline);
    expect(results).toMatchObject([{ rule: 'a', status: 'skip', message: 'needs a frame (--handshake, --session) and a close (--session)' }]);
    expect(findings).toEqual([]);
  });

  it('need only one of several that tell the same', () => {
    const needs = [['check:answer', 'note']] as const;
    expect(runRules([rule('a', pass, { needs })], timeline).results).toMatchObject([{ status: 'pass' }]);
    const neither = [['check:answer', 'check:rest-answer']] as const;
    expect(runRules([rule('a', pass, { needs: neither })], timeline).results).toMatchObject([
      { message: 'needs your answers (--ask) or an answer of the REST API' },
    ]);
  });

  it('say why what a rule needs is not there', () => {
    const unread = (reason: string, crashed: boolean): SessionEvent => ({
      t: 0,
      type: 'check',
      rule: 'unread',
      ok: false,
      facts: { gives: 'user', reason, crashed },
    });
    const rules = [{ ...thrower('a'), needs: ['check:user'] as const }, rule('b', pass, { needs: ['check:app'] })];
    const lacking = new Timeline(HEADER, [unread('the token lacks user:read:user', false)]);
    expect(runRules(rules, lacking).results).toMatchObject([
      { status: 'skip', message: 'the token lacks user:read:user' },
      { status: 'skip', message: 'needs the app as Zoom has it (--app-id)' },
    ]);
    const broken = new Timeline(HEADER, [unread('no such thing', true)]);
    expect(runRules(rules, broken).findings).toMatchObject([{ rule: 'a', status: 'crash' }]);
  });

  it('run a rule whose events are there', () => {
    expect(runRules([rule('a', pass, { needs: ['note'] })], timeline).results).toMatchObject([{ status: 'pass' }]);
  });

  it('skip a rule that does not apply', () => {
    expect(runRules([rule('a', undefined)], timeline).results).toMatchObject([{ rule: 'a', status: 'skip' }]);
  });

  it('hold a crash, and those of the rules after it', () => {
    const { results } = runRules([thrower('a'), rule('b', fail())], timeline);
    expect(results).toMatchObject([
      { rule: 'a', status: 'crash', message: 'the check itself failed: TypeError: no such thing' },
      { rule: 'b', status: 'fail' },
    ]);
  });

  it('hold every verdict of a rule, with its docs', () => {
    const { findings } = runRules([rule('a', [fail(), warn])], timeline);
    expect(findings.map(({ status, docs }) => [status, docs])).toEqual([
      ['fail', 'https://example.com/a'],
      ['warn', 'https://example.com/a'],
    ]);
  });
});

describe('ruled out', () => {
  it('is what passed and has a subject', () => {
    const subject = 'the weather';
    const rules = [rule('a', pass, { subject }), rule('b', pass), rule('c', fail(), { subject }), thrower('d')];
    expect(runRules(rules, timeline).ruledOut).toEqual([{ rule: 'a', subject, message: 'seen well' }]);
  });

  it.each([['failed', fail('possible')], ['warned', warn]] as const)('is nothing that passed here and %s there', (_, other) => {
    const rules = [rule('a', [pass, other], { subject: 'the weather' })];
    expect(runRules(rules, timeline).ruledOut).toEqual([]);
  });
});

describe('exit code', () => {
  const incomplete = rule('unreachable', fail(), { incomplete: true });

  it.each<[string, readonly Rule[], number]>([
    ['nothing to say', [], 0],
    ['a pass', [rule('a', pass)], 0],
    ['a warning', [rule('a', warn)], 0],
    ['a failure', [rule('a', fail('possible'))], 1],
    ['nothing could be completed', [incomplete], 3],
    ['not completed, and a failure', [incomplete, rule('a', fail())], 1],
    ['not completed, and a warning', [incomplete, rule('a', warn)], 3],
  ])('%s', (_, rules, code) => {
    expect(exitCodeOf(runRules(rules, timeline), rules)).toBe(code);
  });
});
