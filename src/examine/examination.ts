/**
 * What a check-up finds out by itself, beside what it is given: on the network, by a live handshake, or by mixing one
 * that fails with a good one. First everything is read and checked, then it is carried out.
 */
import type { Config } from '../config.js';
import { RtmsError } from '../errors.js';
import { readPlan, type Plan } from '../plan.js';
import type { Product, Webhook } from '../protocol/webhooks.js';
import { savedHandshake } from '../saved.js';
import { readScenario } from '../scenarios.js';
import { unreadCheck } from '../session/api-facts.js';
import type { EventBody } from '../session/event.js';
import { frameBytes } from '../session/message.js';
import { standIn } from '../stand-in.js';
import type { Terminal } from '../terminal.js';
import { MOST_ATTEMPTS } from './bisect.js';
import { bisectLive, shakeHands } from './live.js';
import { readOnlinePlan, type OnlinePlan, type OnlinePlanOptions } from './online-plan.js';
import { askNetwork } from './online.js';

export interface ExaminationOptions extends OnlinePlanOptions {
  readonly payload?: string;
  readonly handshake?: string;
  readonly media?: string;
  readonly offline?: boolean;
  readonly live?: boolean;
  readonly bisect?: boolean;
  readonly mock?: string | true;
}

/** What is known already. */
export interface Known {
  readonly webhook: Webhook | undefined;
  readonly product: Product | undefined;
  /** How long after the WebSocket was open the failing handshake was sent, where a recording shows it. */
  readonly delayMs: number | undefined;
}

export interface Examination {
  readonly online: OnlinePlan | undefined;
  readonly trial: Trial | undefined;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

interface Trial {
  readonly kind: 'handshake' | 'bisection';
  readonly plan: Plan;
  readonly withMedia: boolean;
  readonly mock: string | undefined;
  readonly delayMs: number;
}

/** Behaves as Zoom is reported to. */
const MOCK = 'silent-close';
const TIMEOUT = '10s';
/** Longer than any client of use waits. */
const LONGEST_DELAY_MS = 30_000;

/** Throws RtmsError (`usage`, `input`) for what cannot be carried out. */
export async function readExamination(
  options: ExaminationOptions,
  known: Known,
  config: Config,
  terminal: Terminal,
): Promise<Examination> {
  refuseContradictions(options);
  const isOffline = options.offline === true || options.mock !== undefined;
  const online = isOffline ? undefined : await readOnlinePlan(options, config, known);
  const trial = options.live || options.bisect ? await readTrial(options, known, config, terminal) : undefined;
  return { online, trial, secrets: [...(online?.secrets ?? []), ...(trial?.plan.secrets ?? [])] };
}

function refuseContradictions({ offline, live, bisect, mock, handshake }: ExaminationOptions): void {
  if (offline && live)
    throw new RtmsError('usage', '--offline and --live exclude each other', [['give', 'one of them']]);
  if (mock !== undefined && !live && !bisect) {
    throw new RtmsError('usage', '--mock stands in for Zoom, and nothing is sent to it', [
      ['give', '--live to shake hands with it, or --bisect with --handshake FILE'],
    ]);
  }
  if (bisect && handshake === undefined) {
    throw new RtmsError('usage', '--bisect has no failing handshake', [
      ['give', '--handshake FILE, as your client sends it'],
    ]);
  }
  if (bisect && !live && mock === undefined) {
    throw new RtmsError('usage', '--bisect has no server to try', [
      ['give', '--live for the one in --payload, or --mock for one that behaves like it'],
    ]);
  }
}

async function readTrial(
  options: ExaminationOptions,
  known: Known,
  config: Config,
  terminal: Terminal,
): Promise<Trial> {
  const { mock, media = 'all' } = options;
  const plan = await readPlan({ ...options, media, timeout: TIMEOUT }, config, terminal);
  return {
    kind: options.bisect ? 'bisection' : 'handshake',
    plan: { ...plan, handshake: await asSent(options) },
    withMedia: options.media !== undefined,
    mock: mock === true ? MOCK : mock,
    delayMs: Math.min(known.delayMs ?? 0, LONGEST_DELAY_MS),
  };
}

/** What the client sent, which may be at hand as a dump or in a log only. */
async function asSent({ handshake }: ExaminationOptions): Promise<Plan['handshake']> {
  if (handshake === undefined) return undefined;
  const { frame } = await savedHandshake(handshake);
  return { bytes: frameBytes(frame), opcode: frame.opcode === 'binary' ? 'binary' : 'text' };
}

/** Carries it out; all that comes of it goes to `emit`, with where it comes from. */
export async function examine(
  { online, trial }: Examination,
  terminal: Terminal,
  emit: (body: EventBody, source: string) => number,
  signal: AbortSignal,
): Promise<void> {
  if (online) {
    const { checks, ...plan } = online;
    for (const check of checks) emit(check, 'the flags');
    await terminal.spin('asking the network', (say) =>
      askNetwork({
        ...plan,
        signal,
        emit: (body) => emit(body, 'the network'),
        onSlow: (what) => say(`${what} takes longer than 10 s`),
      }),
    );
  }
  if (trial && !signal.aborted) await tryOut(trial, terminal, emit, signal);
}

async function tryOut(
  trial: Trial,
  terminal: Terminal,
  emit: (body: EventBody, source: string) => number,
  signal: AbortSignal,
): Promise<void> {
  const mock = trial.mock === undefined ? undefined : await standIn(trial.plan, readScenario(trial.mock), ignore);
  const plan = mock?.plan ?? trial.plan;
  const source = mock ? 'the mock' : 'the live server';
  if (!mock) terminal.notice('a live handshake can displace a client that holds the stream');
  if (trial.kind === 'handshake') {
    await terminal.spin(`shaking hands with ${source}`, () =>
      shakeHands(plan, trial.withMedia, (body) => emit(body, source), signal),
    );
  } else {
    for (const check of await bisected(plan, trial, terminal, signal, mock === undefined)) emit(check, source);
  }
  await mock?.close();
}

const ignore = (): void => undefined;

/** Live attempts are spaced, so that the server has let go of one before the next. */
const PAUSE_MS = { live: 2000, mock: 0 };

async function bisected(
  plan: Plan,
  { delayMs }: Trial,
  terminal: Terminal,
  signal: AbortSignal,
  isLive: boolean,
): Promise<readonly EventBody[]> {
  if (isLive && !(await agreed(terminal))) return [unreadCheck('handshake-bisected', 'it was not wanted after all')];
  return terminal.spin('trying handshakes', (say) =>
    bisectLive(plan, {
      server: isLive ? 'live' : 'mock',
      delayMs,
      pauseMs: isLive ? PAUSE_MS.live : PAUSE_MS.mock,
      onAttempt: (number, what) => say(`attempt ${number} of at most ${MOST_ATTEMPTS}: ${what}`),
      signal,
    }),
  );
}

/** Where nobody can be asked, the flag is the answer. */
async function agreed({ choose }: Terminal): Promise<boolean> {
  const choice = await choose?.({
    message: `up to ${MOST_ATTEMPTS} attempts, each of which can displace a client that holds the stream: go on?`,
    choices: [
      { value: 'no', label: 'no' },
      { value: 'yes', label: 'yes, nothing else uses the stream' },
    ],
  });
  return choose === undefined || choice === 'yes';
}
