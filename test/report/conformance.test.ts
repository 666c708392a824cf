import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { conformanceHtml } from '../../src/report/conformance-html.js';
import { conformanceLines, progressLine } from '../../src/report/conformance-view.js';
import type { Rank, ScenarioResult } from '../../src/rules/conformance/judge.js';
import type { Finding } from '../../src/rules/rule.js';

const chalk = new Chalk({ level: 0 });

const BROKEN: Readonly<Record<Rank, ScenarioResult['judgements'][number]>> = {
  ok: { level: 'must', text: 'hold', outcome: 'held', note: 'seen' },
  'non-strict': { level: 'should', text: 'be back soon', outcome: 'broken', note: 'recovered: none' },
  failed: { level: 'must', text: 'answer <every> keep-alive', outcome: 'broken', note: '3 of 3 unanswered' },
  'not-applicable': { level: 'must', text: 'x', outcome: 'not-applicable', note: 'it never came to "ready"' },
};

const FINDING: Finding = {
  rule: 'keep-alive-unanswered',
  status: 'fail',
  message: 'signaling: 3 of 3 unanswered',
  evidence: [],
  fix: 'answer each 12',
  docs: 'https://developers.zoom.us/docs/rtms/',
};

const result = (family: string, rank: Rank, number?: number): ScenarioResult => ({
  name: number === undefined ? family : `${family}-${number}`,
  family,
  description: 'does something & more',
  expectation: 'does the right thing',
  basis: 'documented',
  source: 'https://developers.zoom.us/docs/rtms/?a=1&b=2',
  rank,
  judgements: [BROKEN[rank]],
  ms: 1500,
  findings: rank === 'ok' ? [] : [FINDING],
});

const RESULTS = [
  result('ok', 'ok'),
  ...[1, 2, 3].map((number) => result('stop-reason', 'ok', number)),
  result('close-code', 'ok', 1001),
  result('close-code', 'failed', 1006),
  result('close-code', 'failed', 1011),
  result('media-drop', 'non-strict'),
  result('failover', 'not-applicable'),
];

describe('on the screen', () => {
  it('variants that came out alike stand together, each with its reason', () => {
    expect(conformanceLines(RESULTS, RESULTS.length, { chalk, columns: 120 })).toEqual([
      '  ok                          ✔ ok',
      '  stop-reason (3)             ✔ ok',
      '  close-code-1001             ✔ ok',
      '  close-code-1006, 1011       ✖ failed          must answer <every> keep-alive; 3 of 3 unanswered',
      '                                                keep-alive-unanswered: signaling: 3 of 3 unanswered; fix: answer each 12',
      '  media-drop                  ! non-strict      should be back soon; recovered: none',
      '  failover                    – not applicable  it never came to "ready"',
      '                                                keep-alive-unanswered: signaling: 3 of 3 unanswered; fix: answer each 12',
      '',
      '✖ 9 scenarios: 5 ok, 1 non-strict, 2 failed, 1 not applicable',
    ]);
  });

  it('reasons go below where there is no room', () => {
    expect(conformanceLines([result('media-drop', 'non-strict')], 1, { chalk, columns: 60 })).toEqual([
      '  media-drop                  ! non-strict',
      '      should be back soon; recovered: none',
      '',
      '✔ 1 scenario: 1 non-strict',
    ]);
  });

  it('say of how many they are where it was stopped', () => {
    const last = (results: ScenarioResult[]) => conformanceLines(results, 107, { chalk, columns: 60 }).at(-1);
    expect(last([result('ok', 'ok')])).toBe('! 1 of 107 scenarios: 1 ok');
    expect(last([])).toBe('! 0 of 107 scenarios');
  });

  it('tells how far it has come', () => {
    expect(progressLine(result('ok', 'ok'), 3, 107, { chalk })).toBe(
      '    3/107  ok                          ✔ ok  1.5 s',
    );
  });
});

describe('as a page', () => {
  const page = conformanceHtml({
    results: RESULTS,
    tool: 'rtms 0.1.0',
    startedAt: '2026-11-23T00:00:00.000Z',
    product: 'meeting',
    speed: 5,
  });

  it('begins with what failed', () => {
    const headings = [...page.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, heading]) => heading);
    expect(headings).toEqual(['failed', 'non-strict', 'not applicable', 'ok']);
  });

  it('says what was played, expected and seen', () => {
    for (const text of [
      'does something &amp; more',
      'answer &lt;every&gt; keep-alive',
      '3 of 3 unanswered',
      'fix: answer each 12',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('loads nothing, and runs nothing', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|src=|url\(|@import|<link/);
  });
});
