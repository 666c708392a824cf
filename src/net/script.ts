/** Runs the steps of a scenario as their moments come. What a step does is carried out elsewhere. */
import type { Step } from './scenario.js';
import type { Schedule } from './schedule.js';

export interface ScriptOptions<Context> {
  readonly steps: readonly Step[];
  readonly schedule: Schedule;
  /** Carries a step out; `context` is that of the moment it follows. */
  readonly perform: (step: Step, context: Context) => void;
  /** Every moment, before the steps that follow it. */
  readonly onMoment: (moment: string, context: Context) => void;
}

/** The script of one stream, being played. */
export class Script<Context> {
  readonly #options: ScriptOptions<Context>;
  readonly #byMoment = new Map<string, Step[]>();
  readonly #counts = new Map<string, number>();

  constructor(options: ScriptOptions<Context>) {
    this.#options = options;
    for (const step of options.steps.toSorted((a, b) => a.after - b.after)) {
      const steps = this.#byMoment.get(step.on) ?? [];
      steps.push(step);
      this.#byMoment.set(step.on, steps);
    }
  }

  /** How often a moment came. */
  count(moment: string): number {
    return this.#counts.get(moment) ?? 0;
  }

  /** A moment has come. Returns whether steps follow it; those without a delay have been carried out. */
  came(moment: string, context: Context): boolean {
    const { schedule, perform, onMoment } = this.#options;
    const count = this.count(moment) + 1;
    this.#counts.set(moment, count);
    onMoment(moment, context);
    const steps = (this.#byMoment.get(moment) ?? []).filter(({ times }) => times === 'every' || times.includes(count));
    schedule.sequence(steps, (step) => {
      perform(step, context);
      if (step.as !== undefined) this.came(step.as, context);
    });
    return steps.length > 0;
  }
}
