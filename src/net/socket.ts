/**
 * One open RTMS socket of the client: emits every frame, error and close, and answers keep-alives the moment they
 * arrive. It neither starts handshakes nor decides what follows.
 */
import type { WebSocket } from 'ws';
import { errorCode, errorText } from '../errors.js';
import { CLOSE_CODE, MESSAGE_TYPE } from '../protocol/codes.js';
import { keepAliveResponse, type Message } from '../protocol/messages.js';
import type { CloseEvent, Direction, EventBody, Opcode, SocketName } from '../session/event.js';
import { frameEvent, readFrame } from '../session/message.js';
import { toBuffer } from './frame.js';

/** How long a peer gets to answer a close frame before the connection is dropped. */
const CLOSE_TIMEOUT_MS = 2000;

/** Wraps a socket before it opens, so that no early frame is missed. */
export class RtmsSocket {
  readonly name: SocketName;
  /** Resolves when the socket has ended, however it ended. Never rejects. */
  readonly closed: Promise<CloseEvent>;
  /** Messages received, keep-alives and all. */
  onMessage: (message: Message) => void = () => undefined;
  /** Any frame at all received: a sign of life. */
  onFrame: () => void = () => undefined;
  readonly #socket: WebSocket;
  readonly #emit: (body: EventBody) => void;
  #awaited: { readonly types: readonly number[]; readonly resolve: (message: Message) => void } | undefined;
  #opened = false;
  #closing = false;

  constructor(name: SocketName, socket: WebSocket, emit: (body: EventBody) => void) {
    this.name = name;
    this.#socket = socket;
    this.#emit = emit;
    socket.on('message', (data, isBinary) => this.#receive(toBuffer(data), isBinary ? 'binary' : 'text'));
    socket.on('ping', (data) => {
      this.#frame('in', 'ping', data);
      // The library has answered already (RFC 6455 section 5.5.2); this puts it on record.
      this.#frame('out', 'pong', data);
    });
    socket.on('pong', (data) => this.#frame('in', 'pong', data));
    this.closed = new Promise((resolve) => this.#watchEnd(socket, resolve));
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** The next message of one of these types. Pending for ever if none comes. */
  next(types: readonly number[]): Promise<Message> {
    return new Promise((resolve) => {
      this.#awaited = { types, resolve };
    });
  }

  /** Sends one message as a text frame, or as the opcode says. Does nothing once the socket is no longer open. */
  send(payload: object | Uint8Array, opcode: 'text' | 'binary' = 'text'): void {
    if (!this.open) return;
    const bytes = payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload));
    this.#socket.send(bytes, { binary: opcode === 'binary' });
    this.#frame('out', opcode, bytes);
  }

  /** Closes with 1000 and waits for the peer, but not for long. */
  async close(code = 1000): Promise<void> {
    this.#closing ||= this.open;
    this.#socket.close(code);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    await this.closed;
    clearTimeout(timer);
  }

  /** Drops the connection without a close frame: for a peer that is no longer there. */
  drop(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  #receive(bytes: Buffer, opcode: 'text' | 'binary'): void {
    const event = frameEvent(this.name, 'in', opcode, bytes);
    const { message } = readFrame(event);
    const isKeepAlive = message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_REQ.value;
    const answer = isKeepAlive ? Buffer.from(JSON.stringify(keepAliveResponse(message.timestamp))) : undefined;
    // On the wire before anything is shown or written: what the display costs must not cost the connection.
    if (answer) this.#socket.send(answer, { binary: false });
    this.onFrame();
    this.#emit(event);
    if (answer) this.#frame('out', 'text', answer);
    if (this.#awaited?.types.some((type) => type === message.msg_type)) {
      this.#awaited.resolve(message);
      this.#awaited = undefined;
    }
    this.onMessage(message);
  }

  #frame(dir: Direction, opcode: Opcode, bytes: Uint8Array): void {
    if (dir === 'in') this.onFrame();
    this.#emit(frameEvent(this.name, dir, opcode, bytes));
  }

  #watchEnd(socket: WebSocket, resolve: (event: CloseEvent) => void): void {
    let violated = false;
    socket.on('error', (error) => {
      // Before that, the failed step of the dial is the report.
      if (!this.#opened) return;
      const code = errorCode(error);
      // The library ends a connection on which the peer breaks RFC 6455; a reset is the network's or the peer's.
      violated ||= code.startsWith('WS_ERR_');
      this.#emit({ type: 'error', socket: this.name, code, message: errorText(error) });
      // Who broke the protocol cannot be trusted to answer a close frame.
      if (violated) socket.terminate();
    });
    socket.on('close', (code, reason) => {
      const by = this.#closing || violated ? 'self' : 'peer';
      const clean = code !== CLOSE_CODE.ABNORMAL_CLOSURE.value && !violated;
      const event: CloseEvent = { type: 'close', socket: this.name, code, reason: reason.toString('utf8'), by, clean };
      if (this.#opened) this.#emit(event);
      resolve(event);
    });
    socket.on('open', () => {
      this.#opened = true;
    });
  }
}
