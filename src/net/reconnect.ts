/** When to try again, and when to stop: the delays and windows of a reconnection, as data. Opens nothing. */
import { lookup, STATUS_CODE } from '../protocol/codes.js';

/** How a connection attempt, or a connection, came to its end. */
export type End =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'silent-close' }
  | { readonly kind: 'refused'; readonly status: number | undefined };

/** https://github.com/zoom/rtms-samples `rtms_api/reconnection_and_chaos_mode_js`: 3 s doubling to a cap of 30 s. */
const BACKOFF_MS: readonly number[] = [3000, 6000, 12_000, 24_000, 30_000];
/**
 * Zoom may not have noticed yet that the old socket died:
 * https://github.com/zoom/rtms-samples `library/javascript/rtmsManager`.
 */
const DUPLICATE_MS: readonly number[] = [1500, 3000, 6000];

/**
 * After these many ms the server has given the connection up:
 * https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/
 */
export const WINDOW_MS = { signaling: 60_000, media: 65_000 } as const;

/** A connection that lived this long, in ms, was not lost for the reason of the one before. */
export const STABLE_MS = 30_000;

/** Three keep-alives of 10 s each and some: silence this long means that the peer is gone (same page). */
export const SILENCE_MS = 65_000;

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
