/** The media sockets of a mock stream, and what is sent to them: at their pace, in bursts, paused or not. */
import { STATUS_CODE, type Code } from '../protocol/codes.js';
import type { MediaName, MediaParams } from '../protocol/media.js';
import type { Product } from '../protocol/webhooks.js';
import type { Cast } from './cast.js';
import type { Peer } from './peer.js';
import type { Clock } from './schedule.js';
import { mediaFlows, type Flow, type MediaFiles } from './synthetic-media.js';

export interface PumpOptions {
  readonly product: Product;
  readonly cast: Cast;
  readonly files: MediaFiles;
  readonly clock: Clock;
  /** Ms from the start of the session to a time. */
  readonly sinceStart: (time: number) => number;
  /** Whether media is due at all. */
  readonly flows: () => boolean;
  /** Whether what is sent is put on record. */
  readonly seen: boolean;
}

interface Connection {
  readonly peer: Peer;
  readonly params: MediaParams;
  flowing: boolean;
}

/** The media of one stream. */
export class MediaPump {
  readonly #options: PumpOptions;
  readonly #connections = new Map<MediaName, Connection>();
  /** The user whose video the client subscribed to. */
  #chosen: number | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** What there are sockets for. */
  get open(): MediaName[] {
    return [...this.#connections.keys()];
  }

  /** A socket whose handshake was accepted, with the parameters in force. */
  add(name: MediaName, peer: Peer, params: MediaParams): void {
    this.#connections.set(name, { peer, params, flowing: false });
  }

  /** Whether the socket was among them. */
  delete(name: MediaName, peer: Peer): boolean {
    return this.#connections.get(name)?.peer === peer && this.#connections.delete(name);
  }

  /** Lets go of all sockets. Returns them. */
  clear(): Peer[] {
    const peers = [...this.#connections.values()].map(({ peer }) => peer);
    this.#connections.clear();
    return peers;
  }

  /** Chooses whose video is sent where the client wants one participant. Returns a status. */
  choose(userId: number, subscribe: boolean): Code {
    const known = this.#options.cast.people.some((person) => person.userId === userId);
    if (!known) return STATUS_CODE.INVALID_PAYLOAD;
    if (subscribe && this.#chosen === userId) return STATUS_CODE.DUPLICATE_VIDEO_SUBSCRIPTION;
    this.#chosen = subscribe ? userId : undefined;
    return STATUS_CODE.OK;
  }

  /** A lost client has to choose again. */
  forget(): void {
    this.#chosen = undefined;
  }

  /** Sends on every socket that has nothing yet, until it ends, first the audio of so many ms before. */
  begin(bufferedMs: number): void {
    for (const connection of this.#connections.values()) {
      if (!connection.flowing) this.#start(connection, bufferedMs);
      connection.flowing = true;
    }
  }

  #start({ peer, params }: Connection, bufferedMs: number): void {
    const { product, cast, files, clock, flows } = this.#options;
    const start = clock.now();
    for (const flow of mediaFlows(params, { product, people: cast.people, files })) {
      const before = flow.buffered ? Math.floor(bufferedMs / flow.everyMs) : 0;
      for (let index = -before; index < 0; index += 1) this.#send(peer, flow, index, start);
      peer.schedule.every(flow.everyMs, (index) => {
        if (!peer.clogged && flows()) this.#send(peer, flow, index, start);
      });
    }
  }

  #send(peer: Peer, { everyMs, messages }: Flow, index: number, start: number): void {
    const { cast, sinceStart, seen } = this.#options;
    const timestamp = Math.round(start + index * everyMs);
    const chosen = cast.people.find(({ userId }) => userId === this.#chosen);
    const scene = { ...cast.at(Math.max(0, sinceStart(timestamp))), chosen };
    for (const message of messages(index, timestamp, scene)) peer.send(message, seen);
  }
}
