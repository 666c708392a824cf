/** When to try again, and when to stop. Opens nothing. */
import { lookup, STATUS_CODE } from '../protocol/codes.js';
import { BACKOFF_MS, DUPLICATE_MS } from '../protocol/timing.js';

/** How a connection attempt, or a connection, came to its end. */
export type End =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'silent-close' }
  | { readonly kind: 'refused'; readonly status: number | undefined };

/** A connection that lived this long, in ms, was not lost for the reason of the one before. */
export const STABLE_MS = 30_000;

/**
 * How long to wait before the next attempt, in ms; undefined where another would end the same way or come too late.
 * `attempt` counts from 0, `elapsed` is ms since the connection was lost.
 */
export function nextDelay(end: End, attempt: number, elapsed: number, window: number): number | undefined {
  const delays = delaysAfter(end);
  const delay = delays[Math.min(attempt, delays.length - 1)];
  if (delay === undefined || elapsed + delay > window) return undefined;
  return end.kind === 'refused' && attempt >= delays.length ? undefined : delay;
}

function delaysAfter(end: End): readonly number[] {
  if (end.kind === 'lost' || end.kind === 'unreachable') return BACKOFF_MS;
  if (end.kind !== 'refused') return [];
  const category = lookup(STATUS_CODE, end.status)?.category;
  if (category === 'duplicate') return DUPLICATE_MS;
  return category === 'retry' ? BACKOFF_MS : [];
}
