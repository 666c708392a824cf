/** Which connections count, and whether their handshake was accepted: what most rules ask first. */
import type { PhaseEvent } from '../../session/event.js';
import type { Connection, Entry, Timeline } from '../../session/timeline.js';

/** The newest connection of every socket, signaling first; an older one was mended or given up. */
export function newestConnections({ signaling, mediaSockets }: Timeline): Connection[] {
  return signaling ? [signaling, ...mediaSockets] : mediaSockets;
}

/** Whether the server took the handshake. Media without an answer, as from Zoom's mock server, says so too. */
export const isAccepted = ({ accepted, reply, media }: Connection): boolean => accepted || (!reply && media.size > 0);

/** When it ended, or else the last event of the session, in ms since the start. */
export const endOf = ({ close }: Connection, timeline: Timeline): number => close?.event.t ?? timeline.end;

/** Ended from this side, which says nothing about the server. */
export const isInterrupted = ({ event }: Entry<PhaseEvent>): boolean => event.detail['code'] === 'INTERRUPTED';

const NO_ANSWER: readonly unknown[] = ['ETIMEDOUT', 'ECONNRESET', 'EPIPE'];

/** Whether the upgrade ended without any answer. */
export const isUnanswered = ({ event }: Entry<PhaseEvent>): boolean => NO_ANSWER.includes(event.detail['code']);
