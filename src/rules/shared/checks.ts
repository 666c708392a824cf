/** Reads the facts of check events, which were established where the secrets were. It judges none of them. */
import type { CheckEvent } from '../../session/event.js';
import type { FactName } from '../../session/facts.js';
import type { Entry, Timeline } from '../../session/timeline.js';

/** Every established fact of a name, oldest first. */
export const checksFor = (timeline: Timeline, rule: FactName): readonly Entry<CheckEvent>[] =>
  timeline.checks.filter(({ event }) => event.rule === rule);

/** A fact as text; undefined where it is not there. */
export function factOf({ event }: Entry<CheckEvent>, name: string): string | undefined {
  const value = event.facts[name];
  return value === undefined || value === null ? undefined : String(value);
}
