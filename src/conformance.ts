/** A conformance run: every scenario played for the developer's client and judged, one after the other. */
import { familyOf, type Scenario } from './net/scenario.js';
import { PlayedSession, type PlayedSetting } from './played-session.js';
import { judge, type ScenarioResult, type Verdict } from './rules/conformance/judge.js';
import { RULES } from './rules/index.js';
import type { Finding } from './rules/rule.js';
import { aborted } from './terminal.js';

export interface ConformanceSetting extends PlayedSetting {
  /** So many scenarios are played at once. */
  readonly atOnce: number;
  /** Aborted to stop before the end. */
  readonly end: AbortSignal;
  /** Gives the payload of a session away, before a client is waited for. */
  readonly handOut: (session: PlayedSession, number: number) => Promise<void>;
  readonly onResult: (result: ScenarioResult) => void;
}

/** The results in the order of the scenarios; those that did not come to their end have none. */
export async function runConformance(
  scenarios: readonly Scenario[],
  setting: ConformanceSetting,
): Promise<ScenarioResult[]> {
  const results = new Map<Scenario, ScenarioResult>();
  const stopped = aborted(setting.end);
  const waiting = [...scenarios.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !setting.end.aborted; next = waiting.shift()) {
      const [index, scenario] = next;
      const result = await play(scenario, index + 1, { ...setting, stopped });
      if (!result) break;
      results.set(scenario, result);
      setting.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: setting.atOnce }, work));
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
}

interface Stoppable extends ConformanceSetting {
  readonly stopped: Promise<void>;
}

/** Undefined where it was stopped. */
async function play(scenario: Scenario, number: number, setting: Stoppable): Promise<ScenarioResult | undefined> {
  const { end, sender } = setting;
  const startedAt = performance.now();
  const { name, description, expectation, basis, source } = scenario;
  const texts = { name, family: familyOf(scenario), description, expectation, basis, source };
  const result = (verdict: Verdict, findings: readonly Finding[] = []): ScenarioResult => {
    const ms = Math.round(performance.now() - startedAt);
    return { ...texts, ...verdict, ms, findings };
  };
  if (scenario.needs === 'webhook' && !sender) return result(NO_ENDPOINT);
  const session = await PlayedSession.begin(number, scenario, setting);
  if (name === VALIDATED) await Promise.race([sender?.validate(session.live.emit), setting.stopped]);
  await show(scenario, session, number, setting);
  const { timeline, findings } = session.live;
  const verdict = judge(scenario.judge, timeline, RULES);
  await session.close();
  return end.aborted ? undefined : result(verdict, findings);
}

/** The scenario that begins with the validation of the URL. */
const VALIDATED = 'webhook';

const NO_ENDPOINT: Verdict = {
  rank: 'not-applicable',
  judgements: [
    {
      level: 'must',
      text: 'be played',
      outcome: 'not-applicable',
      note: 'it needs an endpoint for webhooks: --webhook URL',
    },
  ],
};

/** Until the script says that all has been seen, or the time is over; it begins with the webhook or the client. */
async function show(
  { lasts }: Scenario,
  session: PlayedSession,
  number: number,
  { sender, speed, stopped, handOut }: Stoppable,
): Promise<void> {
  session.start();
  await handOut(session, number);
  if (!sender) await Promise.race([session.met, stopped]);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, lasts / speed);
  });
  await Promise.race([session.finished, over, stopped]);
  clearTimeout(timer);
}
