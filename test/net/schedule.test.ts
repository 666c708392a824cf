import { describe, expect, it } from 'vitest';
import { clockAt, Schedule, type Clock } from '../../src/net/schedule.js';

/** A clock that stands still but for `pass`. */
function handClock(): Clock & { readonly pass: (ms: number) => void; readonly pending: () => number } {
  let now = 1000;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    timers: (run, ms) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass: (ms) => {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.run();
      }
    },
    pending: () => timers.size,
  };
}

describe('every', () => {
  it('runs at each interval, and catches up what was missed', () => {
    const clock = handClock();
    const ran: number[] = [];
    new Schedule(clock).every(10, (index) => ran.push(index));
    clock.pass(10);
    expect(ran).toEqual([0]);
    clock.pass(35);
    expect(ran).toEqual([0, 1, 2, 3]);
  });
});

it('every leaves out what a machine cannot do in time', () => {
  const clock = handClock();
  const ran: number[] = [];
  new Schedule(clock).every(10, (index) => ran.push(index));
  clock.pass(10_000);
  expect(ran).toHaveLength(100);
  clock.pass(10);
  expect(ran.at(-1)).toBe(1000);
});

describe('sequence', () => {
  const entries = [0, 0, 10, 10, 30].map((after, name) => ({ after, name }));

  it('runs what is due at once immediately, the rest in its time, with one timer', () => {
    const clock = handClock();
    const ran: number[] = [];
    new Schedule(clock).sequence(entries, ({ name }) => ran.push(name));
    expect(ran).toEqual([0, 1]);
    expect(clock.pending()).toBe(1);
    clock.pass(10);
    expect(ran).toEqual([0, 1, 2, 3]);
    clock.pass(20);
    expect(ran).toEqual([0, 1, 2, 3, 4]);
    expect(clock.pending()).toBe(0);
  });

  it('stops in the middle of what is due', () => {
    const clock = handClock();
    const schedule = new Schedule(clock);
    const ran: number[] = [];
    schedule.sequence(entries, ({ name }) => {
      ran.push(name);
      schedule.stop();
    });
    clock.pass(100);
    expect(ran).toEqual([0]);
  });
});

it('a clock starts at the true time and runs as fast as it is told', async () => {
  const clock = clockAt(1000);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  await new Promise<void>((resolve) => clock.timers(resolve, 5000));
  expect(clock.now() - Date.now()).toBeGreaterThan(3000);
});
