/**
 * The search for the smallest set of differences that, mended, flips the outcome. It tries nothing itself: it yields
 * the set to try next, and takes whether it was the right one.
 */

export interface Found<T> {
  /** The smallest set known to flip the outcome. */
  readonly mended: readonly T[];
  /** Whether none smaller does, as far as mending more never makes it worse. */
  readonly minimal: boolean;
}

/**
 * QuickXplain: known are that nothing mended fails and all mended does not. Halves the candidates, so that one culprit
 * among n takes about log2(n) attempts. At most `most` sets are yielded, none of them twice.
 * https://cdn.aaai.org/AAAI/2004/AAAI04-027.pdf
 */
export function* bisection<T>(all: readonly T[], most: number): Generator<readonly T[], Found<T>, boolean> {
  const outcomes = new Map<string, boolean>([[keyOf(all, all), true]]);
  const search = explain<T>([], false, all);
  let best = all;
  let step = search.next(false);
  while (!step.done) {
    const key = keyOf(step.value, all);
    let flipped = outcomes.get(key);
    if (flipped === undefined) {
      if (outcomes.size > most) return { mended: best, minimal: false };
      flipped = yield step.value;
      outcomes.set(key, flipped);
      if (flipped && step.value.length < best.length) best = step.value;
    }
    step = search.next(flipped);
  }
  return { mended: step.value, minimal: true };
}

const keyOf = <T>(set: readonly T[], all: readonly T[]): string =>
  all.map((each) => Number(set.includes(each))).join('');

/**
 * The smallest part of `candidates` that flips the outcome together with `base`; all of them are known to. `grown`:
 * base was added to, and may do without any. What is returned was seen to work, however fickle the server is.
 */
function* explain<T>(
  base: readonly T[],
  grown: boolean,
  candidates: readonly T[],
): Generator<readonly T[], readonly T[], boolean> {
  if (grown && (yield base)) return [];
  if (candidates.length <= 1) return candidates;
  const half = Math.ceil(candidates.length / 2);
  const [first, second] = [candidates.slice(0, half), candidates.slice(half)];
  const ofSecond = yield* explain([...base, ...first], true, second);
  const ofFirst = yield* explain([...base, ...ofSecond], ofSecond.length > 0, first);
  return [...ofFirst, ...ofSecond];
}
