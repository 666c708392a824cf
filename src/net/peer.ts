/**
 * One socket of a client as the mock server holds it: emits every frame, error and close in the client's own view,
 * and asks for signs of life. What is said on it is decided elsewhere.
 */
import type { WebSocket } from 'ws';
import { errorCode, errorText } from '../errors.js';
import { CLOSE_CODE } from '../protocol/codes.js';
import { keepAliveRequest } from '../protocol/messages.js';
import type { EventBody, FrameEvent, SocketName } from '../session/event.js';
import { frameEvent } from '../session/message.js';
import { toBuffer } from './frame.js';
import type { Close, Scenario } from './scenario.js';
import type { Schedule } from './schedule.js';

/** A client that reads more slowly than this lets pile up loses media, not the connection. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface PeerOptions {
  readonly opcode: Scenario['opcode'];
  /** Stopped with the socket. */
  readonly schedule: Schedule;
  readonly emit: (body: EventBody) => void;
  /** Text and binary messages, one by one. */
  readonly onMessage: (frame: FrameEvent) => void;
  /** Once; `left` if the client closed the connection in the proper way. */
  readonly onEnd: (left: boolean) => void;
}

/** One socket of a client, held until it ends. */
export class Peer {
  readonly name: SocketName;
  readonly schedule: Schedule;
  readonly #socket: WebSocket;
  readonly #opcode: Scenario['opcode'];
  readonly #emit: (body: EventBody) => void;
  #unanswered = 0;
  #ending = false;

  constructor(name: SocketName, socket: WebSocket, { opcode, schedule, emit, onMessage, onEnd }: PeerOptions) {
    this.name = name;
    this.schedule = schedule;
    this.#socket = socket;
    this.#opcode = opcode;
    this.#emit = emit;
    socket.on('message', (data, isBinary) => {
      const frame = frameEvent(name, 'out', isBinary ? 'binary' : 'text', toBuffer(data));
      emit(frame);
      if (!this.#ending) onMessage(frame);
    });
    socket.on('ping', (data) => {
      emit(frameEvent(name, 'out', 'ping', data));
      // The library has answered already (RFC 6455 section 5.5.2).
      emit(frameEvent(name, 'in', 'pong', data));
    });
    socket.on('pong', (data) => emit(frameEvent(name, 'out', 'pong', data)));
    socket.on('error', (error) => {
      // The library reports what breaks RFC 6455 or is too long, and ends the connection for it.
      this.#ending = true;
      emit({ type: 'error', socket: name, code: errorCode(error), message: errorText(error) });
    });
    socket.on('close', (code, reason) => {
      schedule.stop();
      const clean = code !== CLOSE_CODE.ABNORMAL_CLOSURE.value;
      const by = this.#ending ? 'peer' : 'self';
      emit({ type: 'close', socket: name, code, reason: reason.toString('utf8'), by, clean });
      onEnd(clean && by === 'self');
    });
  }

  /** Whether the client reads too slowly for more media. */
  get clogged(): boolean {
    return this.#socket.bufferedAmount > MOST_BUFFERED_BYTES;
  }

  /** Sends one message in the scenario's kind of frame. Does nothing once the socket is ending. */
  send(message: object): void {
    if (this.#ending || this.#socket.readyState !== this.#socket.OPEN) return;
    const bytes = Buffer.from(JSON.stringify(message));
    this.#socket.send(bytes, { binary: this.#opcode === 'binary' });
    this.#emit(frameEvent(this.name, 'in', this.#opcode, bytes));
  }

  /** Asks at every interval; `onLost` runs when as many requests in a row as `misses` found no answer. */
  keepAlive(intervalMs: number, misses: number, now: () => number, onLost: () => void): void {
    this.schedule.every(intervalMs, () => {
      if (this.#unanswered === misses) onLost();
      this.#unanswered += 1;
      this.send(keepAliveRequest(now()));
    });
  }

  /** The client gave a sign of life. */
  answered(): void {
    this.#unanswered = 0;
  }

  /** Ends the connection; 1006 drops it without a close frame. */
  end({ code, reason }: Close): void {
    this.#ending = true;
    this.schedule.stop();
    if (code === CLOSE_CODE.ABNORMAL_CLOSURE.value) this.#socket.terminate();
    else this.#socket.close(code, reason);
  }
}
