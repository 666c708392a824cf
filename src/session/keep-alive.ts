/** The ledger of keep-alives on one socket: which KEEP_ALIVE_REQ (12) was answered by which KEEP_ALIVE_RESP (13). */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import type { FrameEntry } from './timeline.js';

interface Pending {
  readonly entry: FrameEntry;
  readonly timestamp: number | undefined;
}

/** Give it every frame of a socket, in order. */
export class KeepAliveLedger {
  asked = 0;
  answered = 0;
  /** Longest delay between a request and its answer, in ms. */
  worstMs = 0;
  /** Answers to no request on this socket: sent twice, invented, or meant for another socket. */
  readonly stray: FrameEntry[] = [];
  /** Answers that do not carry the request's timestamp back. */
  readonly withoutTimestamp: FrameEntry[] = [];
  #pending: Pending[] = [];

  /** Requests still waiting for their answer, oldest first. */
  get unanswered(): readonly FrameEntry[] {
    return this.#pending.map(({ entry }) => entry);
  }

  take(entry: FrameEntry): void {
    const { message } = entry.reading;
    if (entry.event.dir === 'in' && message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_REQ.value) {
      this.asked += 1;
      this.#pending.push({ entry, timestamp: message.timestamp });
    } else if (entry.event.dir === 'out' && message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_RESP.value) {
      this.#answer(entry, message.timestamp);
    }
  }

  #answer(entry: FrameEntry, timestamp: number | undefined): void {
    const exact = this.#pending.findIndex((pending) => pending.timestamp === timestamp);
    const index = exact < 0 ? 0 : exact;
    const [request] = this.#pending.splice(index, 1);
    if (!request) {
      this.stray.push(entry);
      return;
    }
    if (exact < 0) this.withoutTimestamp.push(entry);
    this.answered += 1;
    this.worstMs = Math.max(this.worstMs, entry.event.t - request.entry.event.t);
  }
}
