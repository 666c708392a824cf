/** `rtms listen`: receives Zoom's webhooks, answers them, shows what is wrong with them, and passes them on. */
import {
  checksOf,
  Config,
  secretsOf,
  type Credential,
  type GlobalOptions,
} from '../config.js';
import { EXIT, RtmsError, type ExitCode } from '../errors.js';
import { readSetUp, type SetUpOptions } from '../evidence.js';
import { Follower } from '../follower.js';
import { parseDuration, parseHttpUrl, parsePath, refuseSharedInput } from '../input.js';
import { ListenScreen } from '../listen-screen.js';
import { forwardWebhook } from '../net/forward.js';
import {
  startReceiver,
  type Answer,
  type Receiver,
  type ReceiverOptions,
  type WebhookRequest,
} from '../net/receiver.js';
import { readCertificates, readTerms, type Terms } from '../plan.js';
import { nearest } from '../protocol/nearest.js';
import { WEBHOOK_EVENTS } from '../protocol/webhook-events.js';
import { concernsSame, isBeginning, type Webhook } from '../protocol/webhooks.js';
import { RecordFile } from '../record-file.js';
import { diagnosisLines, nextStep } from '../report/diagnosis-view.js';
import type { Dump } from '../report/session-view.js';
import { labelled, printable } from '../report/text.js';
import { rerunLine } from '../rerun.js';
import { RULES } from '../rules/index.js';
import { exitCodeOf, runRules, type Diagnosis } from '../rules/rule.js';
import type { CheckEvent, EventBody, Facts, SessionHeader } from '../session/event.js';
import { SessionLog } from '../session/log.js';
import { eventRedactor, headerRedactor, type RedactOptions } from '../session/redact.js';
import { summarise } from '../session/summary.js';
import { Timeline } from '../session/timeline.js';
import { WebhookVerifier, type WebhookSecrets } from '../session/webhook-verifier.js';
import { count, duration } from '../session/words.js';
import { aborted, Terminal } from '../terminal.js';
import { TOOL } from '../version.js';
import { WebhookFolder } from '../webhook-folder.js';

export interface ListenOptions extends GlobalOptions, SetUpOptions {
  readonly port: number;
  readonly path: string;
  readonly host: string;
  readonly save?: string;
  readonly forward?: string;
  readonly connect?: boolean;
  readonly media?: string;
  readonly dump?: Dump;
  readonly maxBytes?: number;
  readonly allowHost?: readonly string[];
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly once?: string;
  readonly timeout: string;
  readonly record?: string;
}

interface Settings {
  readonly path: string;
  readonly secretToken: Credential | undefined;
  readonly clientSecret: Credential | undefined;
  readonly forward: URL | undefined;
  /** Whom to believe where the app is reached by https. */
  readonly trust: { readonly ca?: string; readonly insecure: boolean };
  /** How long after a meeting began its stream may begin, in ms. */
  readonly startWithinMs: number;
  /** What is known of the app, to be judged once it matters. */
  readonly setUp: readonly CheckEvent[];
  /** What to connect with, where that is wanted. */
  readonly terms: Terms | undefined;
}

/** Runs the command. Throws RtmsError for what keeps it from starting. */
export async function listen(options: ListenOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const config = new Config(options, process.env);
  try {
    const settings = await readSettings(options, config, terminal);
    for (const warning of config.warnings) terminal.err.line(`warning: ${warning}`);
    return await run(options, settings, terminal);
  } finally {
    await terminal.flush();
  }
}

/** For opening a socket, and for the answer to a handshake: as `connect` has it. */
const CONNECT_TIMEOUT = '10s';

async function readSettings(options: ListenOptions, config: Config, terminal: Terminal): Promise<Settings> {
  refuseSharedInput(options);
  refuseUnused(options);
  const { ca, insecure = false, once } = options;
  const planned = { ...options, media: options.media ?? 'all', timeout: CONNECT_TIMEOUT };
  const doubt = once === undefined ? undefined : doubtful(once);
  if (doubt !== undefined) terminal.err.line(`warning: ${doubt}`);
  return {
    path: parsePath(options.path, '--path'),
    secretToken: await config.credential('secretToken', planned),
    clientSecret: await config.credential('clientSecret', planned),
    forward: options.forward === undefined ? undefined : parseHttpUrl(options.forward, '--forward'),
    trust: { insecure, ...(ca !== undefined && { ca: await readCertificates(ca) }) },
    startWithinMs: parseDuration(options.timeout, '--timeout'),
    setUp: (await readSetUp(planned, config)).flatMap(({ checks }) => checks),
    terms: options.connect ? await readTerms(planned, config, terminal) : undefined,
  };
}

/** What is for the frames of a stream says nothing where none is opened. */
function refuseUnused({ connect, media, dump, maxBytes, allowHost }: ListenOptions): void {
  const given = Object.entries({ '--media': media, '--dump': dump, '--max-bytes': maxBytes, '--allow-host': allowHost });
  const [unused] = given.find(([, value]) => value !== undefined) ?? [];
  if (connect || unused === undefined) return;
  throw new RtmsError('usage', `${unused} is for the streams that --connect opens`, [['give', '--connect too']]);
}

/** What speaks against an event's name; Zoom has many more than are known here. Throws RtmsError for none at all. */
function doubtful(once: string): string | undefined {
  if (once.trim() === '') {
    throw new RtmsError('usage', '--once has no event to leave after', [['give', '--once meeting.rtms_started']]);
  }
  const names = WEBHOOK_EVENTS.map(({ name }) => name);
  if (names.some((name) => isCalled(name, once))) return undefined;
  const meant = nearest(once, [...names, ...names.map((name) => name.replace(/^.*\./, ''))]);
  return meant === undefined ? undefined : `no event named ${printable(once)} is known; ${meant} is`;
}

/** Far above any start; what follows starts remembers many of them. */
const LONGEST_FOLLOWED = 64 * 1024;

async function run(options: ListenOptions, settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const { forward, trust, terms } = settings;
  const interrupt = new AbortController();
  const forget = terminal.onInterrupt(() => interrupt.abort());
  const leaving = AbortSignal.any([interrupt.signal, terminal.out.gone]);
  const met = new AbortController();

  const session = await openSession(options, settings, terminal);
  const { log, screen, record, folder } = session;
  const emit = (body: EventBody): number => log.emit(body);
  const verifier = new WebhookVerifier(secretsFor(settings));
  const waits = new StartWaits(settings, emit);
  const streams = terms && { ...terms, insecure: trust.insecure, allowHost: options.allowHost ?? [] };
  const follower = streams && new Follower(streams, log, leaving, () => screen?.explain());
  const onWebhook = async (request: WebhookRequest): Promise<Answer | undefined> => {
    session.tally.add(request.webhook);
    if (request.body.length <= LONGEST_FOLLOWED) {
      waits.take(request);
      follower?.take(request);
    }
    const saving = folder?.save(request, session.startedAt + log.elapsed);
    const answer = forward && (await forwardWebhook(request, { url: forward, trust, verifier, emit, signal: leaving }));
    const path = await saving;
    if (path !== undefined) emit({ type: 'note', text: `saved as ${path}` });
    if (options.once !== undefined && isMeant(request, options.once)) met.abort();
    return answer;
  };

  const receiver = await startListening(options, settings, { verifier, emit, onWebhook }, record);
  emit(listening(options, settings, receiver));
  for (const check of checksOf(terms?.credentials ?? { secretToken: settings.secretToken })) emit(check);
  if (terms) emit({ type: 'check', rule: 'media-wanted', ok: true, facts: { media: terms.media.join(',') } });
  for (const text of terms?.notes ?? []) emit({ type: 'note', text });
  await aborted(AbortSignal.any([leaving, met.signal]));

  waits.stop();
  await receiver.close();
  await follower?.settled();
  forget();
  screen?.stop();
  await record?.close();
  return end(options, session, terminal);
}

interface Session {
  readonly startedAt: number;
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly log: SessionLog;
  /** For a person; none with --json and --quiet. */
  readonly screen: ListenScreen | undefined;
  readonly record: RecordFile | undefined;
  readonly folder: WebhookFolder | undefined;
}

async function openSession(options: ListenOptions, settings: Settings, terminal: Terminal): Promise<Session> {
  const startedAt = Date.now();
  const header: SessionHeader = {
    rtms: 1,
    tool: TOOL,
    command: 'listen',
    startedAt: new Date(startedAt).toISOString(),
  };
  const secrets = [...secretsOf(settings), ...(settings.terms?.secrets ?? [])];
  const masks = { secrets, showSignatures: options.showSecrets === true };
  const timeline = new Timeline(header);
  const screen = options.json || options.quiet ? undefined : new ListenScreen(options, terminal, timeline, startedAt);
  const folder = options.save === undefined ? undefined : await openFolder(options.save, masks, terminal);
  const record = options.record === undefined ? undefined : await openRecord(options.record, header, terminal);
  // --show-secrets is for the screen: a recording is made to be passed on.
  const mask = options.showSecrets ? eventRedactor({ secrets }) : undefined;
  const log = new SessionLog({
    now: () => performance.now(),
    redact: eventRedactor(masks),
    sinks: [
      (event) => record?.write(mask ? { t: event.t, ...mask(event) } : event),
      (event) => timeline.push(event),
      options.json
        ? (event) => terminal.out.line(JSON.stringify(event))
        : (event, number) => screen?.show(event, number),
    ],
  });
  return { startedAt, timeline, tally: new Tally(), log, screen, record, folder };
}

function openFolder(path: string, masks: RedactOptions, terminal: Terminal): Promise<WebhookFolder> {
  return WebhookFolder.open(path, headerRedactor(masks), (reason) =>
    terminal.err.line(`a webhook could not be saved: ${reason}; listening goes on`),
  );
}

function openRecord(path: string, header: SessionHeader, terminal: Terminal): Promise<RecordFile> {
  return RecordFile.create(path, header, (reason) =>
    terminal.err.line(`recording stopped: ${reason}; listening goes on, ${path} is good up to its last whole line`),
  );
}

/** A record of nothing is not left behind: it would stand in the way of the next try. */
async function startListening(
  { host, port, forward }: ListenOptions,
  settings: Settings,
  handlers: Pick<ReceiverOptions, 'verifier' | 'emit' | 'onWebhook'>,
  record: RecordFile | undefined,
): Promise<Receiver> {
  try {
    const receiver = await startReceiver({ host, port, path: settings.path, ...handlers });
    if (!settings.forward || !leadsTo(settings.forward, host, receiver.port)) return receiver;
    await receiver.close();
    throw new RtmsError('usage', `--forward ${forward} leads back to rtms listen itself`, [
      ['give', 'the URL of your app, or another --port'],
    ]);
  } catch (error) {
    await record?.discard();
    throw error;
  }
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'];

const leadsTo = (url: URL, host: string, port: number): boolean =>
  Number(url.port) === port && (LOOPBACK.includes(url.hostname) || url.hostname === host);

function secretsFor({ secretToken, clientSecret }: Settings): WebhookSecrets | undefined {
  return secretToken && { secretToken: secretToken.value, ...(clientSecret && { clientSecret: clientSecret.value }) };
}

/** Where it listens, for the screen and for scripts that asked for a free port. */
function listening({ host, save }: ListenOptions, settings: Settings, { url, port }: Receiver): EventBody {
  const { path, secretToken, forward } = settings;
  const facts: Facts = {
    url,
    host,
    port,
    path,
    ...(secretToken && { secretToken: secretToken.source }),
    ...(forward && { forward: `${forward.origin}${forward.pathname}` }),
    ...(save !== undefined && { save }),
  };
  return { type: 'check', rule: 'listening', ok: true, facts };
}

/** One that is signed wrong may be from anyone. */
const isMeant = ({ webhook, verified }: WebhookRequest, wanted: string): boolean =>
  verified !== false && isCalled(webhook.event ?? '', wanted);

/** `meeting.rtms_started`, or `rtms_started` for that of any product. */
const isCalled = (event: string, wanted: string): boolean =>
  event === wanted || event.endsWith(`.${wanted}`) || event.endsWith(`_${wanted}`);

/** Beginnings that wait for their stream at the same time; more are not told apart by anyone who reads along. */
const MOST_WAITS = 100;

/** Waits for the streams of what began, and puts on record which did not come. */
class StartWaits {
  readonly #ms: number;
  readonly #emit: (body: EventBody) => void;
  readonly #waits = new Map<Webhook, NodeJS.Timeout>();
  /** Told once, when the app and its settings come into question. */
  readonly #setUp: CheckEvent[];

  constructor({ startWithinMs, setUp }: Settings, emit: (body: EventBody) => void) {
    this.#ms = startWithinMs;
    this.#setUp = [...setUp];
    this.#emit = emit;
  }

  take({ number, webhook }: WebhookRequest): void {
    if (isBeginning(webhook) && this.#waits.size < MOST_WAITS) {
      this.#waits.set(webhook, setTimeout(() => this.#overdue(number, webhook), this.#ms));
    }
    if (webhook.kind !== 'started') return;
    for (const began of this.#waits.keys()) if (concernsSame(began, webhook)) this.#end(began);
  }

  stop(): void {
    for (const began of this.#waits.keys()) this.#end(began);
  }

  #overdue(frame: number, began: Webhook): void {
    this.#end(began);
    for (const check of this.#setUp.splice(0)) this.#emit(check);
    this.#emit({ type: 'check', rule: 'rtms-awaited', ok: false, frame, facts: { ms: this.#ms } });
  }

  #end(began: Webhook): void {
    clearTimeout(this.#waits.get(began));
    this.#waits.delete(began);
  }
}

/** Different names that are counted each; anyone can post any name. */
const MOST_NAMES = 100;

/** How often each event came, since what came long ago is forgotten. */
class Tally {
  readonly #counts = new Map<string, number>();

  add({ event = 'no event name' }: Webhook): void {
    const name = this.#counts.has(event) || this.#counts.size < MOST_NAMES ? event : 'other';
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** `3 webhooks: 2 meeting.rtms_started, 1 endpoint.url_validation`. */
  get line(): string {
    const total = [...this.#counts.values()].reduce((sum, times) => sum + times, 0);
    if (total === 0) return 'no webhook came';
    const names = [...this.#counts].map(([name, times]) => `${times.toLocaleString('en-US')} ${printable(name)}`);
    return `${count(total, 'webhook')}: ${names.join(', ')}`;
  }
}

/** The result, and by the findings the exit code. */
function end(options: ListenOptions, session: Session, terminal: Terminal): ExitCode {
  const { timeline, record, folder } = session;
  const diagnosis = runRules(RULES, timeline);
  const code = exitCodeOf(diagnosis, RULES);
  const isWhole = record?.failure === undefined && folder?.failure === undefined;
  const exitCode = code === EXIT.ok && !isWhole ? EXIT.incomplete : code;
  const result = { options, session, terminal, diagnosis, exitCode };
  for (const line of options.json ? jsonResult(result) : textResult(result)) terminal.out.line(line);
  const { dropped } = terminal.out;
  if (dropped > 0) terminal.notice(`${dropped} lines were not shown: the reader was too slow. --record keeps all`);
  return exitCode;
}

interface Result {
  readonly options: ListenOptions;
  readonly session: Session;
  readonly terminal: Terminal;
  readonly diagnosis: Diagnosis;
  readonly exitCode: ExitCode;
}

function jsonResult({ session, diagnosis: { findings, ruledOut }, exitCode }: Result): string[] {
  const { timeline, tally, log } = session;
  const { startedAt } = timeline.header;
  const ok = exitCode === EXIT.ok;
  const next = nextStep(findings[0], findings.length, rerunLine(process.argv.slice(2)));
  const summary = { ...summarise(timeline), durationMs: log.elapsed, webhooks: tally.counts };
  return [
    JSON.stringify({ type: 'result', schemaVersion: 1, ok, exitCode, startedAt, summary, findings, ruledOut, next }),
  ];
}

const NOTHING_CAME =
  'check that the tunnel leads to this port, and that the URL registered in the Marketplace is that of the tunnel, ' +
  'path included; a request by hand shows up at once:';

function textResult({ options, session, terminal, diagnosis, exitCode }: Result): string[] {
  const { chalk, columns } = terminal;
  const { tally, timeline, log } = session;
  const mark = exitCode === EXIT.ok ? chalk.green('✔') : chalk.red('✖');
  const verbose = options.verbose === true;
  const rerun = rerunLine(process.argv.slice(2));
  const explained = diagnosisLines(diagnosis, { chalk, columns, rules: RULES, rerun, verbose });
  const url = timeline.check('listening')?.event.facts['url'];
  const hint = Object.keys(tally.counts).length > 0 ? undefined : `${NOTHING_CAME} curl -d {} ${String(url)}`;
  return [
    '',
    ...explained,
    ...(explained.length > 0 ? [''] : []),
    ...(hint === undefined ? [] : [...labelled('next', hint, { columns }), '']),
    `${mark} ${duration(log.elapsed)}   ${tally.line}`,
  ];
}
