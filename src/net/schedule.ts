/** What one socket has to do later and again and again, so that it all stops with the socket. Knows no message. */

/** Runs a function once after so many ms; the function returned calls it off. */
export type Timers = (run: () => void, ms: number) => () => void;

export const realTimers: Timers = (run, ms) => {
  const handle = setTimeout(run, ms);
  return () => clearTimeout(handle);
};

/** The pending work of one socket; `stop` calls all of it off. */
export class Schedule {
  readonly #now: () => number;
  readonly #timers: Timers;
  readonly #pending = new Set<() => void>();
  #stopped = false;

  /** `now` is in ms and must never jump. */
  constructor(now: () => number, timers: Timers) {
    this.#now = now;
    this.#timers = timers;
  }

  after(ms: number, run: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#timers(() => {
      this.#pending.delete(cancel);
      run();
    }, ms);
    this.#pending.add(cancel);
  }

  /**
   * Runs at `ms`, 2 × `ms` and so on from now, with the count from 0. Each time is reckoned from the start, so that
   * late timers do not add up; what was missed is caught up.
   */
  every(ms: number, run: (index: number) => void): void {
    const start = this.#now();
    let index = 0;
    const due = (): number => start + (index + 1) * ms;
    const step = (): void => {
      for (; this.#now() >= due() && !this.#stopped; index += 1) run(index);
      this.after(Math.max(1, due() - this.#now()), step);
    };
    this.after(ms, step);
  }

  /** Nothing runs any more, now or later. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
