/** One session as it happens: masked, recorded, shown, and judged by the rules while it runs and at its end. */
import type { Credentials } from './config.js';
import { EXIT, worstOf, type ExitCode } from './errors.js';
import { News } from './news.js';
import { isObject } from './protocol/json.js';
import type { Webhook } from './protocol/webhooks.js';
import type { RecordFile } from './record-file.js';
import { diagnosisLines, findingLines, nextStep, summaryLine } from './report/diagnosis-view.js';
import { markedHexdump } from './report/hexdump.js';
import { labelledLine, proseLines, SessionView, type Dump } from './report/session-view.js';
import { WebhookView } from './report/webhook-view.js';
import { diagnose, RULES } from './rules/index.js';
import { exitCodeOf, runRules, type Diagnosis, type Finding, type Rule } from './rules/rule.js';
import type { EventBody, FrameEvent, SessionEvent, SessionHeader } from './session/event.js';
import { SessionLog } from './session/log.js';
import { frameBytes, readFrame } from './session/message.js';
import { eventRedactor } from './session/redact.js';
import { checkSignature, idsOfFrame, signatureInputs, type SignatureInputs } from './session/signature-check.js';
import { summarise } from './session/summary.js';
import { Timeline } from './session/timeline.js';
import type { Output, Terminal } from './terminal.js';

export interface LiveOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly showSecrets?: boolean;
  readonly dump: Dump;
  readonly maxBytes: number;
}

export interface LiveSetting {
  readonly options: LiveOptions;
  readonly terminal: Terminal;
  /** Where it is shown. */
  readonly screen: Output;
  /** Without them, signatures are not checked. */
  readonly credentials: Credentials | undefined;
  /** Values that may stand nowhere. */
  readonly secrets: readonly string[];
  /** Whether webhooks are received, and shown as they come. */
  readonly receives: boolean;
  /** Those that judge it; all of them unless given. */
  readonly rules?: readonly Rule[];
  /** Clock in ms, which may run faster than the one on the wall. */
  readonly now?: () => number;
  /** Whether an event is worth a line at the screen; all are unless this says otherwise. */
  readonly shows?: (event: SessionEvent) => boolean;
  /** Whether a message of the client is judged as it comes: for who decides what to answer. */
  readonly prompt?: boolean;
}

/** What came of a session. */
export interface Outcome {
  /** Whether a client came at all. */
  readonly met: boolean;
  readonly exitCode: ExitCode;
  /** The same as one JSON value. */
  readonly result: object;
}

/** Often enough to help while the client still runs. */
const JUDGED_EVERY_MS = 1000;
/** What to do once a finding is mended: this side goes on. */
const RERUN = 'let your client connect again';

export class LiveSession {
  /** 1 for the first; what is shown of the others is marked with it. */
  readonly number: number;
  readonly header: SessionHeader;
  readonly #timeline: Timeline;
  readonly #setting: LiveSetting;
  readonly #rules: readonly Rule[];
  readonly #log: SessionLog;
  readonly #news = new News();
  readonly #webhooks: WebhookView;
  /** What it began with, not masked. */
  #webhook: Webhook | undefined;
  #view: SessionView | undefined;
  #inputs: SignatureInputs | undefined;
  #judging: NodeJS.Timeout | undefined;
  /** Of what happened so far; undefined as soon as something does. */
  #judged: Diagnosis | undefined;
  /** The findings that were reported last. */
  #reported: string | undefined;
  #opinion: Finding | undefined;

  /**
   * `record` must not reject; it resolves to nothing where nothing is to be recorded. `start` is when by the clock it
   * began, if that is not now.
   */
  constructor(
    number: number,
    header: SessionHeader,
    record: Promise<RecordFile | undefined>,
    setting: LiveSetting,
    start?: number,
  ) {
    const { options, secrets, terminal, rules = RULES, now = () => performance.now() } = setting;
    const { chalk, columns } = terminal;
    this.number = number;
    this.header = header;
    this.#timeline = new Timeline(header);
    this.#setting = setting;
    this.#rules = rules;
    const startedAt = Date.parse(header.startedAt);
    this.#webhooks = new WebhookView({ chalk, columns, startedAt, verbose: options.verbose === true });
    // --show-secrets is for the screen: a recording is made to be passed on.
    const mask = options.showSecrets ? eventRedactor({ secrets }) : undefined;
    this.#log = new SessionLog({
      now,
      ...(start !== undefined && { start }),
      redact: eventRedactor({ secrets, showSignatures: options.showSecrets === true }),
      sinks: [
        (event) => void record.then((file) => file?.write(mask ? { t: event.t, ...mask(event) } : event)),
        (event) => this.#timeline.push(event),
        (event, eventNumber) => this.#show(event, eventNumber),
      ],
    });
  }

  get outcome(): Outcome {
    const exitCode = exitCodeOf(this.#diagnosis, this.#rules);
    return { met: this.#met, exitCode, result: this.#result };
  }

  /** From now on a session of the stream that this webhook began. */
  begin(webhook: Webhook): void {
    this.#webhook = webhook;
  }

  /** Returns the event's number. `at` is when by the clock it happened, if that is not now. */
  readonly emit = (body: EventBody, at?: number): number => {
    const number = this.#log.emit(body, at);
    this.#judged = undefined;
    // Who only watches keeps no process alive: a phase can come after all is told.
    if (body.type === 'phase') this.#judging ??= setInterval(() => this.#judge(), JUDGED_EVERY_MS).unref();
    if (body.type === 'frame' && body.dir === 'out') this.#check(body, number);
    if (body.type === 'frame' && body.dir === 'out' && this.#setting.prompt) this.#judgeMessage(number);
    return number;
  };

  /** What the rules make of the client's last message; undefined where they find nothing wrong with it. */
  get opinion(): Finding | undefined {
    return this.#opinion;
  }

  /** What is wrong so far; what to fix first stands first. */
  get findings(): readonly Finding[] {
    return this.#diagnosis.findings;
  }

  /** The session so far. */
  get timeline(): Timeline {
    return this.#timeline;
  }

  /** What has to be known at the screen and belongs to no recording. Only prose is wrapped: the rest is to be copied. */
  say(label: string, text: string, { prose = false } = {}): void {
    const { options, terminal } = this.#setting;
    const { json, quiet } = options;
    const t = this.#log.elapsed;
    if (json) this.#print([JSON.stringify({ t, type: 'note', label, text, session: this.number })]);
    else if (!quiet)
      this.#print(this.#lines.text(prose ? proseLines(label, text, terminal) : [labelledLine(label, text)]));
  }

  /** Judges no more, until something happens. */
  rest(): void {
    clearInterval(this.#judging);
    this.#judging = undefined;
  }

  /** Shows figures and diagnosis, unless that was done and nothing else was found since; then rests. */
  report(): void {
    this.rest();
    const { findings } = this.#diagnosis;
    const found = JSON.stringify(findings);
    if (this.#reported === found || (!this.#met && findings.length === 0)) return;
    this.#reported = found;
    const { json } = this.#setting.options;
    this.#print(json ? [JSON.stringify({ type: 'report', ...this.#result })] : this.#lines.text(this.#reportLines()));
  }

  get #diagnosis(): Diagnosis {
    this.#judged ??= diagnose(this.#timeline, this.#rules);
    return this.#judged;
  }

  get #result(): object {
    const { findings, ruledOut } = this.#diagnosis;
    return {
      session: this.number,
      startedAt: this.header.startedAt,
      product: this.#webhook?.product,
      ok: exitCodeOf(this.#diagnosis, this.#rules) === 0,
      summary: summarise(this.#timeline),
      findings,
      ruledOut,
      next: nextStep(findings[0], findings.length, RERUN),
    };
  }

  get #met(): boolean {
    return this.#timeline.connections.length > 0;
  }

  get #lines(): SessionView {
    const { options, terminal, screen } = this.#setting;
    this.#view ??= new SessionView({
      chalk: terminal.chalk,
      columns: terminal.columns,
      dump: options.dump,
      maxBytes: options.maxBytes,
      xxd: !screen.isTTY,
      verbose: options.verbose === true,
      startedAt: Date.parse(this.header.startedAt),
      product: this.#webhook?.product ?? 'meeting',
      ...(this.number > 1 && { mark: this.#mark }),
    });
    return this.#view;
  }

  get #mark(): string {
    return `#${this.number}`;
  }

  #reportLines(): string[] {
    const { terminal, options } = this.#setting;
    const { chalk, columns } = terminal;
    const view = { chalk, columns, rules: this.#rules, rerun: RERUN, verbose: options.verbose === true };
    const explained = diagnosisLines(this.#diagnosis, view);
    const mark = exitCodeOf(this.#diagnosis, this.#rules) === 0 ? chalk.green('✔') : chalk.red('✖');
    const figures = summaryLine(summarise(this.#timeline));
    return [
      '',
      ...explained,
      ...(explained.length > 0 ? [''] : []),
      `${mark} ${this.number > 1 ? `${this.#mark} ` : ''}${figures}`,
      '',
    ];
  }

  #judge(): void {
    this.#timeline.advance(this.#log.elapsed);
    this.#tell(this.#news.from(runRules(this.#rules, this.#timeline)));
  }

  /** What is wrong with the message itself does not change any more: it can be told at once. */
  #judgeMessage(number: number): void {
    const findings = this.#diagnosis.findings.filter(({ evidence: [first] }) => first?.event === number);
    [this.#opinion] = findings;
    this.#tell(this.#news.now(findings));
  }

  #tell(news: readonly Finding[]): void {
    const { options, terminal } = this.#setting;
    if (options.json) {
      this.#print(news.map((finding) => JSON.stringify({ type: 'finding', session: this.number, ...finding })));
    } else if (!options.quiet) {
      const { chalk, columns } = terminal;
      const name = this.number > 1 ? this.#mark : '•';
      const lines = news.flatMap((finding) => [
        ...findingLines(finding, name, { chalk, columns }),
        ...this.#bytesOf(finding),
      ]);
      this.#print(this.#lines.text(lines));
    }
  }

  /** The bytes a finding speaks of, with those at fault underlined. */
  #bytesOf({ evidence }: Finding): string[] {
    return evidence.flatMap(({ event, bytes }) => {
      const frame = bytes && this.#timeline.frame(event);
      const lines = frame && bytes ? markedHexdump(frameBytes(frame), bytes) : [];
      return lines.length > 0 ? [...lines, ''] : [];
    });
  }

  /** With the credentials at hand, a handshake is checked once it has passed. */
  #check(frame: FrameEvent, number: number): void {
    const { credentials } = this.#setting;
    const { entity, streamId, ids } = this.#webhook ?? {};
    const { value } = readFrame(frame);
    if (!credentials || !entity || streamId === undefined || !isObject(value) || !('signature' in value)) return;
    this.#inputs ??= signatureInputs({ entity, streamId, ids: { ...ids, ...idsOfFrame(value) } }, credentials);
    for (const check of checkSignature(frame, number, this.#inputs)) this.#log.emit(check);
  }

  #show(event: SessionEvent, number: number): void {
    const { options, screen, receives, shows } = this.#setting;
    if (options.json) {
      screen.line(JSON.stringify({ ...event, session: this.number }));
    } else if (!options.quiet) {
      if (receives) this.#print(this.#lines.text(this.#webhooks.lines(event, number)));
      if (shows?.(event) !== false) for (const line of this.#lines.lines(event)) screen.offer(line);
    }
  }

  #print(lines: readonly string[]): void {
    for (const line of lines) this.#setting.screen.line(line);
  }
}

/** Says at the end what came of all of them. */
export function conclude(
  outcomes: readonly Outcome[],
  { options, screen, terminal }: Pick<LiveSetting, 'options' | 'screen' | 'terminal'>,
): ExitCode {
  const exitCode = worstOf(outcomes.map((outcome) => outcome.exitCode));
  if (options.json) {
    const sessions = outcomes.map(({ result }) => result);
    screen.line(JSON.stringify({ type: 'result', schemaVersion: 1, ok: exitCode === EXIT.ok, exitCode, sessions }));
  } else if (!options.quiet && !outcomes.some(({ met }) => met)) {
    screen.line('no client connected');
  }
  const { dropped } = screen;
  if (dropped > 0) terminal.notice(`${dropped} lines were not shown: the reader was too slow. --record keeps all`);
  return exitCode;
}
