/** The open sockets of a mock stream, by name and number. What is said on them is mock-stream.ts. */
import type { SocketName } from '../session/event.js';
import type { Peer } from './peer.js';
import type { SocketChoice } from './scenario.js';

/** Grows and shrinks as clients come and go. */
export class Peers {
  /** With the number that tells those of one name apart. */
  readonly #open = new Map<Peer, number>();
  /** Who waits for the last one to end. */
  readonly #awaiting: (() => void)[] = [];

  /** The lowest number that no open socket of this name has. */
  numberFor(name: SocketName): number {
    const taken = [...this.#open].flatMap(([peer, number]) => (peer.name === name ? [number] : []));
    let free = 1;
    while (taken.includes(free)) free += 1;
    return free;
  }

  add(peer: Peer, number: number): void {
    this.#open.set(peer, number);
  }

  delete(peer: Peer): void {
    this.#open.delete(peer);
    if (this.#open.size === 0) for (const resolve of this.#awaiting.splice(0)) resolve();
  }

  get all(): Peer[] {
    return [...this.#open.keys()];
  }

  /** Those that a step of the script names; the socket for all media carries each of them. */
  carrying(socket: Exclude<SocketChoice, 'this'>): Peer[] {
    return this.all.filter(({ name }) => {
      if (socket === 'all' || name === socket) return true;
      return name !== 'signaling' && (socket === 'media' || (name === 'media:all' && socket !== 'signaling'));
    });
  }

  /** Resolves when none is open. */
  get left(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaiting.push(resolve);
    });
  }
}
