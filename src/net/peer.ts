/**
 * One socket of a client as the mock server holds it: emits every frame, error and close in the client's own view,
 * puts messages on the wire as the scenario has it, and asks for signs of life. What is said is decided elsewhere.
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { errorCode, errorText } from '../errors.js';
import { CLOSE_CODE } from '../protocol/codes.js';
import { keepAliveRequest } from '../protocol/messages.js';
import type { CloseEvent, ErrorEvent, FrameEvent, SocketName } from '../session/event.js';
import { frameEvent } from '../session/message.js';
import { toBuffer } from './frame.js';
import type { Close } from './scenario.js';
import { Schedule, type Clock } from './schedule.js';
import type { Manner, WireFor } from './wire.js';

/** A client that reads more slowly than this lets pile up loses media, not the connection. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface PeerOptions {
  readonly name: SocketName;
  readonly socket: WebSocket;
  /** The connection below. */
  readonly tcp: Socket;
  readonly clock: Clock;
  readonly wireFor: WireFor;
  readonly emit: (body: FrameEvent | CloseEvent | ErrorEvent) => void;
  /** Text and binary messages, one by one. */
  readonly onMessage: (frame: FrameEvent) => void;
  /** Once; `left` if the client closed the connection in the proper way. */
  readonly onEnd: (left: boolean) => void;
}

interface Outgoing {
  readonly bytes: Buffer;
  readonly binary: boolean;
  readonly fragments: number;
  /** Whether it is put on record. */
  readonly seen: boolean;
}

/** One socket of a client, held until it ends. */
export class Peer {
  readonly name: SocketName;
  /** Stopped with the socket. */
  readonly schedule: Schedule;
  readonly #options: PeerOptions;
  readonly #delayed: Outgoing[] = [];
  /** When the last delayed message will be through. */
  #busyUntil = 0;
  #unanswered = 0;
  #ending = false;
  /** What the connection was closed with for what the client sent. */
  #violation: number | undefined;
  #silent = false;

  constructor(options: PeerOptions) {
    const { name, socket, clock, emit, onMessage, onEnd } = options;
    this.name = name;
    this.schedule = new Schedule(clock);
    this.#options = options;
    socket.on('message', (data, isBinary) => {
      const frame = frameEvent(name, 'out', isBinary ? 'binary' : 'text', toBuffer(data));
      emit(frame);
      if (!this.#ending && !this.#silent) onMessage(frame);
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
      this.#violation = violationOf(errorCode(error));
      emit({ type: 'error', socket: name, code: errorCode(error), message: errorText(error) });
    });
    socket.on('close', (received, reason) => {
      this.schedule.stop();
      const code = this.#violation ?? received;
      const clean = code !== CLOSE_CODE.ABNORMAL_CLOSURE.value;
      const by = this.#ending ? 'peer' : 'self';
      emit({ type: 'close', socket: name, code, reason: reason.toString('utf8'), by, clean });
      onEnd(clean && by === 'self');
    });
  }

  /** Whether the client reads too slowly for more media. */
  get clogged(): boolean {
    return this.#options.socket.bufferedAmount > MOST_BUFFERED_BYTES;
  }

  /** Sends one message. Does nothing once the socket is ending. What is not `seen` is not put on record. */
  send(message: object, seen = true): void {
    const { opcode, fragments = 1, ...pace } = this.#options.wireFor(Reflect.get(message, 'msg_type'));
    const binary = opcode === 'binary';
    this.#depart({ bytes: Buffer.from(JSON.stringify(message)), binary, fragments, seen }, pace);
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: Buffer, opcode: 'text' | 'binary'): void {
    this.#depart({ bytes, binary: opcode === 'binary', fragments: 1, seen: true }, {});
  }

  #depart(message: Outgoing, { delayMs = 0, bytesPerSecond = Infinity }: Pace): void {
    const { clock } = this.#options;
    if (this.#delayed.length === 0 && delayMs === 0 && bytesPerSecond === Infinity) {
      this.#transmit(message);
      return;
    }
    const transfer = (message.bytes.length * 1000) / bytesPerSecond;
    this.#busyUntil = Math.max(this.#busyUntil, clock.now() + delayMs) + transfer;
    this.#delayed.push(message);
    // The queue keeps the order, whichever timer comes first.
    this.schedule.after(this.#busyUntil - clock.now(), () => {
      const next = this.#delayed.shift();
      if (next) this.#transmit(next);
    });
  }

  #transmit({ bytes, binary, fragments, seen }: Outgoing): void {
    const { socket, emit } = this.#options;
    if (this.#ending || this.#silent || socket.readyState !== socket.OPEN) return;
    const length = Math.ceil(bytes.length / fragments);
    for (let part = 0; part < fragments; part += 1) {
      socket.send(bytes.subarray(part * length, (part + 1) * length), { binary, fin: part === fragments - 1 });
    }
    if (seen) emit(frameEvent(this.name, 'in', binary ? 'binary' : 'text', bytes));
  }

  /** Asks at every interval; `onLost` runs when as many requests in a row as `misses` found no answer. */
  keepAlive(intervalMs: number, misses: number, onLost: () => void): void {
    this.schedule.every(intervalMs, () => {
      if (this.#unanswered === misses) onLost();
      this.#unanswered += 1;
      this.send(keepAliveRequest(Math.round(this.#options.clock.now())));
    });
  }

  /** The client gave a sign of life. */
  answered(): void {
    this.#unanswered = 0;
  }

  /** From now on nothing is sent and nothing heard, though the connection stays. */
  fallSilent(): void {
    this.#silent = true;
    this.schedule.stop();
  }

  /** Ends the connection, after what is still on its way; 1006 drops it at once, without a close frame. */
  end(close: Close): void {
    const { socket, clock } = this.#options;
    if (close.code === CLOSE_CODE.ABNORMAL_CLOSURE.value) {
      this.#stop();
      socket.terminate();
    } else if (this.#delayed.length > 0) {
      this.schedule.after(this.#busyUntil - clock.now(), () => this.end(close));
    } else {
      this.#stop();
      socket.close(close.code, close.reason);
    }
  }

  /** Ends the TCP connection with a reset (RFC 9293 section 3.10.7.4), as a crashed server or a firewall does. */
  reset(): void {
    this.#stop();
    this.#options.tcp.resetAndDestroy();
  }

  #stop(): void {
    this.#ending = true;
    this.schedule.stop();
  }
}

/** As the library closes: RFC 6455 section 7.4.1. */
function violationOf(code: string): number | undefined {
  if (code === 'WS_ERR_INVALID_UTF8') return CLOSE_CODE.INVALID_FRAME_PAYLOAD_DATA.value;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return CLOSE_CODE.MESSAGE_TOO_BIG.value;
  return code.startsWith('WS_ERR_') ? CLOSE_CODE.PROTOCOL_ERROR.value : undefined;
}

type Pace = Pick<Manner, 'delayMs' | 'bytesPerSecond'>;
