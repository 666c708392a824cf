/** Our own client does as it should in every scenario; a client with a fault fails the scenario that is about it. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runConformance } from '../src/conformance.js';
import { DEMO } from '../src/net/demo.js';
import type { Scenario } from '../src/net/scenario.js';
import { startMockHost } from '../src/net/server.js';
import { WebhookSender } from '../src/net/webhook-sender.js';
import { DEMO_CREDENTIALS } from '../src/plan.js';
import { reasonOf, type ScenarioResult } from '../src/rules/conformance/judge.js';
import { readScenario, readScenarios } from '../src/scenarios.js';
import { Terminal } from '../src/terminal.js';
import { startApp, type AppOptions } from './helpers/app.js';
import { naughtyClient, type Faults } from './helpers/naughty-client.js';

/** Most scenarios take their seconds, divided by this; a right client has to keep up, a wrong one only to fail. */
const SPEED = 4;
const HASTE = 20;
vi.setConfig({ testTimeout: 60_000 });

async function assess(
  scenarios: readonly Scenario[],
  options: AppOptions,
  { speed = SPEED, atOnce = 1 } = {},
): Promise<ScenarioResult[]> {
  const server = await startMockHost();
  onTestFinished(() => server.close());
  const app = await startApp({ speed, ...options });
  const terminal = new Terminal({ quiet: true }, {});
  const sender = new WebhookSender({ ...DEMO, url: new URL(app.url), speed });
  onTestFinished(() => sender.close());
  return runConformance(scenarios, {
    options: { quiet: true, dump: 'none', maxBytes: 0 },
    terminal,
    screen: terminal.out,
    credentials: { ...DEMO_CREDENTIALS, secretToken: undefined },
    secrets: [],
    server,
    product: 'meeting',
    files: {},
    speed,
    sender,
    tell: false,
    recordPath: undefined,
    mediaEvents: false,
    reports: false,
    atOnce,
    end: new AbortController().signal,
    handOut: () => Promise.resolve(),
    onResult: () => undefined,
  });
}

/** Who does not do it soon does not do it at all. */
function shortened(name: string): Scenario {
  const scenario = readScenario(name);
  return { ...scenario, lasts: Math.min(scenario.lasts, 12_000) };
}

const remarkable = (results: readonly ScenarioResult[]): string[] =>
  results.filter(({ rank }) => rank !== 'ok').map((result) => `${result.name} ${result.rank}: ${reasonOf(result)}`);

describe('our own client', () => {
  it('does as it should in every scenario', async () => {
    const scenarios = [...readScenarios().values()].flatMap(([first]) => first ?? []);
    const results = await assess(scenarios, {}, { atOnce: 12 });
    expect(remarkable(results)).toEqual(['stream-close not-applicable: it never came to "close-request"']);
    expect(results).toHaveLength(scenarios.length);
  });

  it('ends a stream as it should', async () => {
    expect(remarkable(await assess([readScenario('stream-close')], { endAfterMs: 500 }))).toEqual([]);
  });

  it('that signs with another secret is refused', async () => {
    const scenarios = ['ok', 'silent-close', 'refuse', 'media-drop'].map(shortened);
    const results = await assess(scenarios, { clientSecret: 'another-secret' }, { speed: HASTE });
    expect(remarkable(results)).toEqual([
      'ok failed: must shake hands on signaling without a fault; accepted: none',
      'silent-close failed: must make no mistake that would be met with silence; fault: 1 time',
      'refuse failed: must make no mistake that would be refused; fault: 1 time',
      'media-drop not-applicable: it never came to "dropped"',
    ]);
  });
});

describe('an app', () => {
  it.each<[string, AppOptions, string, string]>([
    ['whose Secret Token is another', { secretToken: 'another-token' }, 'webhook', 'must answer the URL validation'],
    ['that answers 500', { status: 500 }, 'webhook', 'must answer the started webhook with 200 or 204'],
    ['that connects for every webhook', { forgetful: true }, 'duplicate-webhook', 'must open no second connection'],
    ['that knows a stream already', { ignoresFailover: true }, 'failover', 'must shake hands on signaling at the new'],
  ])('%s fails', async (_, options, name, reason) => {
    const [result] = await assess([shortened(name)], options, { speed: HASTE });
    expect(result?.rank).toBe('failed');
    expect(result && reasonOf(result)).toContain(reason);
  });

  it('that connects for a webhook that is too old is not strict', async () => {
    const [result] = await assess([shortened('late-webhook')], { forgetful: true }, { speed: HASTE });
    expect(result?.rank).toBe('non-strict');
  });
});

describe('a client', () => {
  it.each<[string, Faults, string, string]>([
    ['that signs without commas', { delimiter: '' }, 'ok', 'must shake hands on signaling without a fault'],
    [
      'that never answers keep-alives',
      { answersKeepAlive: false },
      'keep-alive-strict',
      'must answer every keep-alive',
    ],
    ['that answers them on signaling', { answersOn: 'signaling' }, 'keep-alive-strict', 'must answer every keep-alive'],
    ['that reads text frames alone', { readsBinary: false }, 'answer-in-binary', 'must shake hands on a media socket'],
    ['that reads text frames alone', { readsBinary: false }, 'keep-alive-binary', 'must answer every keep-alive'],
    ['that forgets CLIENT_READY_ACK', { sendsReady: false }, 'ok', 'must send CLIENT_READY_ACK on signaling'],
    ['that stays away', {}, 'signaling-drop', 'must shake hands on signaling again within 60 s'],
    ['that stays away', {}, 'close-code-1011', 'must shake hands on signaling again within 60 s'],
    ['that stays away', {}, 'reset', 'must shake hands on signaling again within 60 s'],
    ['that stays away', {}, 'media-drop', 'must shake hands on media again within 65 s'],
    ['that gives up at once', {}, 'duplicate-then-ok', 'must try again until it is accepted'],
    ['that hammers', { comesBackAfterMs: 20 }, 'refuse-each-status-3', 'must try no more than four times in 20 s'],
    ['that hammers', { comesBackAfterMs: 20 }, 'silent-refusal', 'must try no more than ten times in 30 s'],
    ['that always comes back', { comesBackAfterMs: 20 }, 'stop-reason-6', 'must not connect again'],
    ['that does not wait for the answer', { isHasty: true }, 'never-answer', 'must send no CLIENT_READY_ACK'],
    ['that does not read server_urls', { isHasty: true }, 'no-media-url', 'must send no CLIENT_READY_ACK'],
    ['that cannot take 2 MB', { longestMessage: 1_048_576 }, 'big-message', 'must leave its sockets open'],
    ['that leaves at a type it does not know', { isPicky: true }, 'unknown-message', 'must leave its sockets open'],
    ['that leaves at what is no JSON', { isPicky: true }, 'malformed-json', 'must leave its sockets open'],
  ])('%s fails (%o)', async (_, faults, name, reason) => {
    const [result] = await assess([shortened(name)], { connect: naughtyClient(faults) }, { speed: HASTE });
    expect(result && reasonOf(result)).toContain(reason);
    expect(result?.rank).toBe('failed');
  });
});
