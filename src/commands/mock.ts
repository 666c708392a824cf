/** `rtms mock`: stands in for Zoom's signaling and media servers, for the developer's own client, and says what it sees. */
import { Config, type GlobalOptions } from '../config.js';
import { EXIT, type ExitCode } from '../errors.js';
import { conclude, type LiveOptions } from '../live-session.js';
import { readMockPlan, type MockPlan, type MockPlanOptions } from '../mock-plan.js';
import { startMockHost } from '../net/server.js';
import { WebhookSender } from '../net/webhook-sender.js';
import { runConformance } from '../conformance.js';
import { numberedPath, PlayedSession, type PlayedSetting } from '../played-session.js';
import { writePrivately } from '../private-file.js';
import { conformanceHtml } from '../report/conformance-html.js';
import { conformanceLines, progressLine } from '../report/conformance-view.js';
import { trustLines } from '../report/door-view.js';
import { scenarioLines } from '../report/scenario-view.js';
import { labelledLine } from '../report/session-view.js';
import { quoted } from '../rerun.js';
import { readScenarios } from '../scenarios.js';
import { duration } from '../session/words.js';
import { aborted, Terminal } from '../terminal.js';
import { openTlsFolder } from '../tls-folder.js';
import { TOOL } from '../version.js';

export interface MockOptions extends GlobalOptions, LiveOptions, MockPlanOptions {
  readonly port: number;
  readonly host: string;
  readonly list?: boolean;
  readonly tls?: string | true;
  readonly tell?: boolean;
  readonly record?: string;
}

/** Runs the command. Throws RtmsError for what keeps it from starting. */
export async function mock(options: MockOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  try {
    if (options.list) return list(options, terminal);
    const config = new Config(options, process.env);
    const plan = await readMockPlan(options, config);
    for (const warning of config.warnings) terminal.err.line(`warning: ${warning}`);
    return await run(options, plan, terminal);
  } finally {
    await terminal.flush();
  }
}

function list({ json }: MockOptions, terminal: Terminal): ExitCode {
  const scenarios = readScenarios();
  if (json) {
    terminal.out.line(JSON.stringify({ schemaVersion: 1, scenarios: [...scenarios.values()].flat() }, null, 2));
  } else {
    for (const line of scenarioLines(scenarios.values(), terminal)) terminal.out.line(line);
  }
  return EXIT.ok;
}

/** Media of more sessions than this costs more to put on record than to send. */
const MOST_RECORDED = 20;

async function run(options: MockOptions, plan: MockPlan, terminal: Terminal): Promise<ExitCode> {
  const tls =
    options.tls === undefined ? undefined : await openTlsFolder(options.tls === true ? undefined : options.tls);
  const server = await startMockHost({ host: options.host, port: options.port, ...(tls && { tls: tls.server }) });
  const sender = senderFor(plan, options);
  // A payload on standard output is alone there.
  const screen = options.writePayload === '-' ? terminal.err : terminal.out;
  const setting: PlayedSetting = {
    options,
    terminal,
    screen,
    credentials: plan.credentials,
    secrets: plan.secrets,
    server,
    product: options.product,
    files: plan.files,
    speed: options.speed,
    sender,
    tell: options.tell === true,
    recordPath: options.record,
    // What is judged is the client's part, which has none of the media.
    mediaEvents: options.record !== undefined || (options.sessions <= MOST_RECORDED && !plan.isConformance),
    reports: !plan.isConformance,
  };
  const lines = [...bannerFor(plan, setting, options), ...(tls ? trustLines(quoted(tls.ca)) : [])];
  try {
    return await (plan.isConformance ? assess : serve)(options, plan, setting, lines);
  } finally {
    sender?.close();
    await server.close();
  }
}

function senderFor(plan: MockPlan, { insecure, speed }: MockOptions): WebhookSender | undefined {
  const { app, ca, secretToken, credentials } = plan;
  if (!app) return undefined;
  const trust = { insecure: insecure === true, ...(ca !== undefined && { ca }) };
  return new WebhookSender({
    url: app,
    secretToken: secretToken.value,
    clientSecret: credentials.clientSecret.value,
    trust,
    speed,
  });
}

type Lines = readonly (readonly [label: string, text: string, how?: { readonly prose: true }])[];

/** As many streams at once as are wanted, each with the scenario. */
async function serve(options: MockOptions, plan: MockPlan, setting: PlayedSetting, banner: Lines): Promise<ExitCode> {
  const { terminal, screen, sender } = setting;
  const end = terminal.until(plan.durationMs, screen);
  const sessions: PlayedSession[] = [];
  for (let number = 1; number <= options.sessions; number += 1) {
    sessions.push(await PlayedSession.begin(number, scenarioFor(plan, number), setting));
  }
  const [first] = sessions;
  for (const line of banner) first?.live.say(...line);
  for (const [index, session] of sessions.entries()) {
    const written = await handOut(session, index + 1, options, terminal);
    if (written !== undefined) session.live.say('payload', written);
  }
  const stopped = aborted(end).then(() => 'stopped' as const);
  const welcome = !sender || !first || (await Promise.race([sender.validate(first.live.emit), stopped]));
  if (welcome === 'stopped') return EXIT.interrupted;
  if (!welcome) first?.live.say('webhook', 'the URL is not valid: Zoom would send nothing there');
  if (welcome) for (const session of sessions) session.start();
  if (welcome) await Promise.all(sessions.map((session) => played(session, sender !== undefined, stopped)));
  return conclude(await Promise.all(sessions.map((session) => session.close())), setting);
}

/** Variants of a scenario take turns. */
function scenarioFor({ scenarios }: MockPlan, number: number) {
  const scenario = scenarios[(number - 1) % scenarios.length];
  if (!scenario) throw new Error('there is no scenario');
  return scenario;
}

/** To the end of a stream that was announced; one that clients come to by themselves begins again for the next. */
async function played(session: PlayedSession, isAnnounced: boolean, stopped: Promise<'stopped'>): Promise<void> {
  while ((await Promise.race([session.over, stopped])) !== 'stopped') {
    if (isAnnounced) return;
    session.renew();
  }
}

/** Plays every scenario, and says of each what came of it. */
async function assess(options: MockOptions, plan: MockPlan, setting: PlayedSetting, banner: Lines): Promise<ExitCode> {
  const { terminal, screen } = setting;
  const { scenarios } = plan;
  const startedAt = new Date().toISOString();
  const end = terminal.until(plan.durationMs, screen);
  for (const [label, text] of banner) terminal.notice(labelledLine(label, text));
  let done = 0;
  const results = await runConformance(scenarios, {
    ...setting,
    // The frames of a hundred scenarios are for who asks for them.
    options: { ...options, quiet: options.verbose !== true },
    atOnce: options.sessions,
    end,
    handOut: async (session, number) => {
      const written = await handOut(session, options.sessions === 1 ? 1 : number, options, terminal);
      if (written !== undefined) terminal.notice(labelledLine('payload', written));
    },
    onResult: (result) => {
      done += 1;
      if (!options.json) terminal.notice(progressLine(result, done, scenarios.length, { chalk: terminal.errChalk }));
    },
  });
  const exitCode = results.some(({ rank }) => rank === 'failed')
    ? EXIT.failed
    : results.length < scenarios.length
      ? EXIT.interrupted
      : EXIT.ok;
  if (options.json) {
    const head = { type: 'result', schemaVersion: 1, ok: exitCode === EXIT.ok, exitCode };
    screen.line(JSON.stringify({ ...head, startedAt, scenarios: results }));
  } else {
    for (const line of conformanceLines(results, scenarios.length, terminal)) screen.line(line);
  }
  if (options.html !== undefined) {
    const page = conformanceHtml({ results, tool: TOOL, startedAt, product: options.product, speed: options.speed });
    await writePrivately(options.html, page, '--html FILE');
    terminal.notice(labelledLine('written', options.html));
  }
  return exitCode;
}

function bannerFor({ scenarios, isConformance, notes, app }: MockPlan, { server, speed }: PlayedSetting, { sessions }: MockOptions): Lines {
  const [scenario] = scenarios;
  const played: Lines = scenario
    ? [
        ['scenario', `${scenario.name}: ${scenario.description}`, { prose: true }],
        ['expected', `your client ${scenario.expectation}`, { prose: true }],
      ]
    : [];
  const longest = scenarios.reduce((sum, { lasts }) => sum + lasts, 0) / speed;
  const pace = sessions === 1 ? 'one after the other' : `${sessions} at once`;
  const all: Lines = [['scenarios', `${scenarios.length}, about ${duration(longest / sessions)}, ${pace}`]];
  return [
    ['mock', `${server.url}${speed === 1 ? '' : `, its clock ${speed} times as fast`}`],
    ...(isConformance ? all : played),
    ...notes,
    ...(app ? [['webhooks', `go to ${app.href}`] as const] : []),
  ];
}

/** Gives the payload away, to a file, to standard output, or to be copied. Returns what to say of it. */
async function handOut(
  session: PlayedSession,
  number: number,
  { writePayload, webhook }: MockOptions,
  terminal: Terminal,
): Promise<string | undefined> {
  const json = JSON.stringify(session.webhook);
  if (writePayload === undefined) return webhook === undefined ? json : undefined;
  if (writePayload === '-') {
    terminal.out.line(json);
    return undefined;
  }
  const path = numberedPath(writePayload, number);
  await writePrivately(path, `${json}\n`, '--write-payload FILE');
  return `${path}, for your client`;
}
