/** What a person sees of a listening session while it runs: every event, and each finding once, as it arises. */
import { News } from './news.js';
import { diagnosisLines, findingLines, summaryLine } from './report/diagnosis-view.js';
import { MAX_BYTES, SessionView, type Dump } from './report/session-view.js';
import { WebhookView } from './report/webhook-view.js';
import { diagnose, RULES } from './rules/index.js';
import { exitCodeOf, runRules, type Finding } from './rules/rule.js';
import type { SessionEvent } from './session/event.js';
import { summarise } from './session/summary.js';
import type { Timeline } from './session/timeline.js';
import type { Terminal } from './terminal.js';

export interface ListenScreenOptions {
  readonly dump?: Dump;
  readonly maxBytes?: number;
  readonly verbose?: boolean;
}

/** Judging takes some ms, so what comes within this time is judged together. */
const JUDGE_AFTER_MS = 100;

/** What is true of a conversation before its end is not known; of a webhook it is. */
const JUDGED_AT_ONCE = RULES.filter(({ section }) => section === 'Events and webhook' || section === 'Payload');

export class ListenScreen {
  readonly #terminal: Terminal;
  readonly #timeline: Timeline;
  readonly #verbose: boolean;
  readonly #webhooks: WebhookView;
  readonly #session: SessionView;
  readonly #told = new Set<string>();
  readonly #news = new News();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ListenScreenOptions, terminal: Terminal, timeline: Timeline, startedAt: number) {
    const { chalk, columns, out } = terminal;
    const { dump = 'text', maxBytes = MAX_BYTES, verbose = false } = options;
    this.#terminal = terminal;
    this.#timeline = timeline;
    this.#verbose = verbose;
    this.#webhooks = new WebhookView({ chalk, columns, startedAt, verbose });
    this.#session = new SessionView({
      chalk,
      columns,
      dump,
      maxBytes,
      xxd: !out.isTTY,
      verbose,
      startedAt,
      product: 'meeting',
    });
  }

  /** A person who reads too slowly misses some. */
  show(event: SessionEvent, number: number): void {
    for (const line of this.#webhooks.lines(event, number)) this.#print([line]);
    for (const line of this.#session.lines(event)) this.#terminal.out.offer(line);
    if (event.type === 'check') this.#timer ??= setTimeout(() => this.#judge(), JUDGE_AFTER_MS);
  }

  /** The end of a conversation, explained by what was not told before, of webhooks or of an earlier conversation. */
  explain(): void {
    const { chalk, columns } = this.#terminal;
    const all = diagnose(this.#timeline);
    const findings = this.#news.now(all.findings.filter((finding) => !this.#told.has(kindOf(finding))));
    const diagnosis = { ...all, findings };
    const mark = exitCodeOf(diagnosis, RULES) === 0 ? chalk.green('✔') : chalk.red('✖');
    this.#print([
      '',
      ...diagnosisLines(diagnosis, { chalk, columns, rules: RULES, verbose: this.#verbose }),
      `${mark} ${summaryLine(summarise(this.#timeline))}`,
      '',
    ]);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #judge(): void {
    this.#timer = undefined;
    const { chalk, columns } = this.#terminal;
    const { findings } = runRules(JUDGED_AT_ONCE, this.#timeline);
    const news = findings.filter((finding) => !this.#told.has(kindOf(finding)));
    for (const finding of news) this.#told.add(kindOf(finding));
    const lines = news.flatMap((finding) => findingLines(finding, '', { chalk, columns, verbose: this.#verbose }));
    if (lines.length > 0) this.#print(['', ...lines]);
  }

  #print(lines: readonly string[]): void {
    for (const line of this.#session.text(lines)) this.#terminal.out.offer(line);
  }
}

const kindOf = ({ rule, cause }: Finding): string => `${rule} ${cause}`;
