/** What one socket or stream has to do later and again and again, so that it all stops with it. Knows no message. */

/** Runs a function once after so many ms; the function returned calls it off. */
export type Timers = (run: () => void, ms: number) => () => void;

const realTimers: Timers = (run, ms) => {
  const handle = setTimeout(run, ms);
  return () => clearTimeout(handle);
};

/** A clock and its timers, which may run faster than those on the wall. */
export interface Clock {
  /** Unix time in ms, which never jumps. */
  readonly now: () => number;
  readonly timers: Timers;
}

/** A clock that shows the true time when it is made, and runs `speed` times as fast from then on. */
export function clockAt(speed = 1, timers: Timers = realTimers): Clock {
  const began = performance.now();
  const startedAt = performance.timeOrigin + began;
  return {
    now: () => startedAt + (performance.now() - began) * speed,
    timers: (run, ms) => timers(run, ms / speed),
  };
}

const MOST_CAUGHT_UP = 100;

/** The pending work of one socket or stream; `stop` calls all of it off. */
export class Schedule {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, run: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#clock.timers(() => {
      this.#pending.delete(cancel);
      run();
    }, ms);
    this.#pending.add(cancel);
  }

  /**
   * Runs at `ms`, 2 × `ms` and so on from now, with the count from 0. Each time is reckoned from the start, so that
   * late timers do not add up; what was missed is caught up, as far as that leaves time for anything else.
   */
  every(ms: number, run: (index: number) => void): void {
    const start = this.#clock.now();
    let index = 0;
    const due = (): number => start + (index + 1) * ms;
    const step = (): void => {
      for (let left = MOST_CAUGHT_UP; this.#clock.now() >= due() && !this.#stopped; index += 1, left -= 1) {
        // A clock too fast for this machine: what cannot be done in time is left out.
        if (left <= 0) index = Math.floor((this.#clock.now() - start) / ms) - 1;
        else run(index);
      }
      this.after(Math.max(1, due() - this.#clock.now()), step);
    };
    this.after(ms, step);
  }

  /** Runs each entry when its time from now has come, what is due at once immediately. One timer at a time. */
  sequence<T extends { readonly after: number }>(entries: readonly T[], run: (entry: T) => void): void {
    const start = this.#clock.now();
    let at = 0;
    const step = (): void => {
      for (let next = entries[at]; next && !this.#stopped; next = entries[at]) {
        const wait = next.after - (this.#clock.now() - start);
        if (wait > 0) {
          this.after(wait, step);
          return;
        }
        at += 1;
        run(next);
      }
    };
    step();
  }

  /** Nothing runs any more, now or later. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
