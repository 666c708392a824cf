/**
 * Finds the smallest difference between a handshake that fails and one that is known to be good which makes the server
 * take it: one attempt after another, spaced, each on a socket of its own.
 */
import type { Outcome } from '../net/trial.js';
import { bisection } from '../session/bisection.js';
import type { CheckEvent, Facts } from '../session/event.js';
import { fact } from '../session/facts.js';
import { differencesOf, hybridOf, type Difference, type SentHandshake } from '../session/hybrids.js';

export interface BisectOptions {
  /** Sends one handshake and tells what became of it. */
  readonly attempt: (handshake: SentHandshake) => Promise<Outcome>;
  /** Whose answers they are. */
  readonly server: 'live' | 'mock';
  /** Between two attempts. */
  readonly pause: () => Promise<void>;
  /** What is tried next, in words. */
  readonly onAttempt: (number: number, what: string) => void;
  readonly signal: AbortSignal;
}

/** A handful: each attempt on a live stream can displace a client that runs. */
export const MOST_ATTEMPTS = 12;

/** The facts for `handshake-difference`. Rejects only where `attempt` does. */
export async function bisectHandshake(
  failing: SentHandshake,
  good: SentHandshake,
  { attempt, server, pause, onAttempt, signal }: BisectOptions,
): Promise<CheckEvent[]> {
  let attempts = 0;
  const tryOut = async (handshake: SentHandshake, what: string): Promise<Outcome> => {
    if (attempts > 0) await pause();
    attempts += 1;
    onAttempt(attempts, what);
    return attempt(handshake);
  };
  const report = (facts: Facts, ok = false): CheckEvent =>
    fact('handshake-bisected', { ...facts, server, attempts }, ok);

  // The failing one first: where it is taken, a single attempt was enough.
  const own = await tryOut(failing, 'your handshake, unchanged');
  if (own.kind === 'accepted') return [report({ cause: 'accepted' })];
  if (own.kind === 'unreachable') return [report({ cause: 'unreachable', step: own.step })];
  const right = await tryOut(good, 'a known-good handshake');
  const seen = { failing: wordsOf(own), good: wordsOf(right) };
  if (right.kind !== 'accepted') return [report({ cause: 'neither', ...seen })];

  const search = bisection(differencesOf(failing, good), MOST_ATTEMPTS - attempts);
  let step = search.next();
  while (!step.done && !signal.aborted) {
    const { handshake, mended } = hybridOf(failing, good, step.value);
    const outcome = await tryOut(handshake, `yours with ${mended.map(({ name }) => name).join(', ')} mended`);
    if (outcome.kind === 'unreachable') return [report({ cause: 'unreachable', step: outcome.step, ...seen })];
    step = search.next(outcome.kind === 'accepted');
  }
  if (!step.done) return [report({ cause: 'interrupted', ...seen })];
  const { mended } = hybridOf(failing, good, step.value.mended);
  return [...mended.map(differenceFact), report({ ...seen, minimal: step.value.minimal }, true)];
}

const differenceFact = ({ kind, name, from, to }: Difference): CheckEvent =>
  fact('handshake-differs', { kind, name, from, to });

/** `closed with 1000`, as it goes into a sentence. */
function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return `refused with status ${outcome.status ?? 'unknown'}`;
    case 'closed':
      return `closed with ${outcome.code} ${JSON.stringify(outcome.reason)}`;
    case 'unanswered':
      return 'not answered';
    case 'unreachable':
      return `not reached (${outcome.step})`;
    default:
      return outcome satisfies never;
  }
}
