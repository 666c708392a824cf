/** How a scenario puts its messages on the wire: in which frames, in how many, how fast. Sends nothing. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import type { Wire } from './scenario.js';

export type Manner = Omit<Wire, 'messages'>;

/** The manner of a message, by its `msg_type`. */
export type WireFor = (type: unknown) => Manner;

/** Where several manners apply, what a later one says counts. */
export function wireFor(wire: readonly Wire[]): WireFor {
  const known = new Map<unknown, Manner>(
    Object.values(MESSAGE_TYPE).map(({ value }) => [value, mannerOf(value, wire)]),
  );
  const other = mannerOf(undefined, wire);
  return (type) => known.get(type) ?? other;
}

function mannerOf(type: number | undefined, wire: readonly Wire[]): Manner {
  const applying = wire.filter(({ messages }) => messages?.some((name) => MESSAGE_TYPE[name].value === type) ?? true);
  return Object.assign({}, ...applying);
}
