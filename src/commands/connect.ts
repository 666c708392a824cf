/** `rtms connect`: opens a stream from its webhook, shows every frame, and explains the end. */
import { checksOf, Config, type GlobalOptions } from '../config.js';
import { converse, type ConversationOptions } from '../conversation.js';
import { EXIT, type ExitCode } from '../errors.js';
import { readPlan, type Plan, type PlanOptions } from '../plan.js';
import type { Webhook } from '../protocol/webhooks.js';
import { KeylogFile, RecordFile } from '../record-file.js';
import { diagnosisLines, nextStep, summaryLine } from '../report/diagnosis-view.js';
import { labelledLine, payloadText, SessionView, type Dump } from '../report/session-view.js';
import { rerunLine } from '../rerun.js';
import { diagnose, RULES } from '../rules/index.js';
import { exitCodeOf, type Diagnosis } from '../rules/rule.js';
import { readScenario } from '../scenarios.js';
import type { SessionHeader } from '../session/event.js';
import { SessionLog, type Sink } from '../session/log.js';
import { eventRedactor } from '../session/redact.js';
import { summarise } from '../session/summary.js';
import { Timeline } from '../session/timeline.js';
import { standIn } from '../stand-in.js';
import { Terminal } from '../terminal.js';
import { TOOL } from '../version.js';

export interface ConnectOptions extends GlobalOptions, PlanOptions, ConversationOptions {
  readonly dump: Dump;
  readonly maxBytes: number;
  readonly record?: string;
  readonly keylog?: string;
}

/** Runs the command. Throws RtmsError for what keeps it from starting. */
export async function connect(options: ConnectOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const config = new Config(options, process.env);
  try {
    const plan = await readPlan(options, config, terminal);
    for (const warning of config.warnings) terminal.err.line(`warning: ${warning}`);
    return await run(options, plan, terminal);
  } finally {
    await terminal.flush();
  }
}

async function run(options: ConnectOptions, plan: Plan, terminal: Terminal): Promise<ExitCode> {
  const startedAt = Date.now();
  const { product } = plan.webhook;
  const startedIso = new Date(startedAt).toISOString();
  const header: SessionHeader = {
    rtms: 1,
    tool: TOOL,
    command: 'connect',
    startedAt: startedIso,
    ...(product && { product }),
  };
  const timeline = new Timeline(header);
  const view = sessionView(options, terminal, startedAt, plan.webhook);
  // The record last: a file that exists must not stand in the way once the other values are mended.
  const scenario = options.mock === undefined ? undefined : readScenario(options.mock === true ? 'ok' : options.mock);
  const keylog = options.keylog === undefined ? undefined : await openKeylog(options.keylog, terminal);
  const record = options.record === undefined ? undefined : await openRecord(options.record, header, terminal);
  // --show-secrets is for the screen: a recording is made to be passed on.
  const mask = options.showSecrets ? eventRedactor({ secrets: plan.secrets }) : undefined;
  const log = new SessionLog({
    now: () => performance.now(),
    redact: eventRedactor({ secrets: plan.secrets, showSignatures: options.showSecrets === true }),
    sinks: [
      (event) => record?.write(mask ? { t: event.t, ...mask(event) } : event),
      (event) => timeline.push(event),
      display(options, view, terminal),
    ],
  });

  const say = (text: string): void => void log.emit({ type: 'note', text: `the mock says: ${text}` });
  const mock = scenario && (await standIn(plan, scenario, say));
  const actual = mock?.plan ?? plan;
  log.emit({ type: 'webhook', headers: {}, body: actual.body });
  if (!options.json && !options.quiet) {
    print(view.text([labelledLine('payload', payloadText(actual.webhook, startedAt))]), terminal);
  }
  for (const text of actual.notes) log.emit({ type: 'note', text });
  for (const check of plan.credentials ? checksOf(plan.credentials) : []) log.emit(check);
  if (options.url !== undefined) {
    log.emit({ type: 'check', rule: 'server-url-invalid', ok: true, facts: { url: options.url, source: '--url' } });
  }
  const media = options.signalingOnly ? '' : plan.media.join(',');
  log.emit({ type: 'check', rule: 'media-wanted', ok: true, facts: { media } });

  const interrupt = new AbortController();
  const forget = terminal.onInterrupt(() => interrupt.abort());
  const signal = AbortSignal.any([interrupt.signal, terminal.out.gone]);
  await converse(actual, options, log, signal, keylog && ((line) => keylog.write(line)));
  forget();
  await Promise.all([mock?.close(), record?.close(), keylog?.close()]);

  const diagnosis = diagnose(timeline);
  const answered = timeline.signaling?.reply !== undefined || terminal.out.gone.aborted;
  const complete = answered && record?.failure === undefined;
  const exitCode = exitCodeFor(diagnosis, complete, interrupt.signal.aborted);
  const report = options.json ? jsonResult : textResult;
  print(report({ options, terminal, timeline, diagnosis, exitCode, view }), terminal);
  const { dropped } = terminal.out;
  if (dropped > 0) terminal.notice(`${dropped} lines were not shown: the reader was too slow. --record keeps all`);
  return exitCode;
}

function sessionView(
  options: ConnectOptions,
  terminal: Terminal,
  startedAt: number,
  { product }: Webhook,
): SessionView {
  return new SessionView({
    chalk: terminal.chalk,
    columns: terminal.columns,
    dump: options.dump,
    maxBytes: options.maxBytes,
    xxd: !terminal.out.isTTY,
    verbose: options.verbose === true,
    startedAt,
    product: product ?? 'meeting',
  });
}

function openKeylog(path: string, terminal: Terminal): Promise<KeylogFile> {
  return KeylogFile.open(path, (reason) => terminal.err.line(`key log stopped: ${reason}; the connection goes on`));
}

function openRecord(path: string, header: SessionHeader, terminal: Terminal): Promise<RecordFile> {
  return RecordFile.create(path, header, (reason) =>
    terminal.err.line(
      `recording stopped: ${reason}; the connection goes on, ${path} is good up to its last whole line`,
    ),
  );
}

/** Every event as it happens. A program reads all of them; a person who reads too slowly misses some. */
function display(options: ConnectOptions, view: SessionView, { out }: Terminal): Sink {
  if (options.json) return (event) => out.line(JSON.stringify(event));
  if (options.quiet) return () => undefined;
  return (event) => {
    for (const line of view.lines(event)) out.offer(line);
  };
}

/** By the findings; where there are none, by whether there was anything to find. */
function exitCodeFor(diagnosis: Diagnosis, complete: boolean, interrupted: boolean): ExitCode {
  const code = exitCodeOf(diagnosis, RULES);
  if (code !== EXIT.ok || complete) return code;
  return interrupted ? EXIT.interrupted : EXIT.incomplete;
}

interface Ending {
  readonly options: ConnectOptions;
  readonly terminal: Terminal;
  readonly timeline: Timeline;
  readonly diagnosis: Diagnosis;
  readonly exitCode: ExitCode;
  readonly view: SessionView;
}

function jsonResult({ timeline, diagnosis: { findings, ruledOut }, exitCode }: Ending): string[] {
  const { startedAt, product } = timeline.header;
  const ok = exitCode === EXIT.ok;
  const next = nextStep(findings[0], findings.length, rerunLine(process.argv.slice(2)));
  const summary = summarise(timeline);
  const session = { startedAt, product, summary };
  return [JSON.stringify({ type: 'result', schemaVersion: 1, ok, exitCode, ...session, findings, ruledOut, next })];
}

function textResult({ options, terminal, timeline, diagnosis, exitCode, view }: Ending): string[] {
  const { chalk, columns } = terminal;
  const mark = exitCode === EXIT.ok ? chalk.green('✔') : chalk.red('✖');
  const verbose = options.verbose === true;
  const explained = diagnosisLines(diagnosis, {
    chalk,
    columns,
    rules: RULES,
    rerun: rerunLine(process.argv.slice(2)),
    verbose,
  });
  return view.text([
    '',
    ...explained,
    ...(explained.length > 0 ? [''] : []),
    `${mark} ${summaryLine(summarise(timeline))}`,
  ]);
}

function print(lines: readonly string[], { out }: Terminal): void {
  for (const line of lines) out.line(line);
}
