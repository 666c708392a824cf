/**
 * A relay between two upgraded sockets: the client's and the server's. It passes frames on as the bytes they came in,
 * mask, fragments and control frames included, then tells what they hold. The `ws` library would join fragments, and
 * answer pings and close frames itself; here each end has the other's answer, or none.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { CLOSE_CODE } from '../protocol/codes.js';
import {
  buildFrame,
  closePayload,
  FrameReader,
  isControl,
  OPCODE,
  readClose,
  type Frame,
  type FrameFault,
  type Sender,
} from '../protocol/frame.js';
import type { CloseEvent, Direction, Opcode } from '../session/event.js';

/** A socket behind its upgrade, and what came on it right behind that. */
export interface Upgraded {
  readonly socket: Socket;
  readonly early: Buffer;
}

export interface RelayOptions {
  readonly client: Upgraded;
  readonly server: Upgraded;
  /** A whole message or control frame, after it was passed on. */
  readonly onMessage: (dir: Direction, opcode: Opcode, payload: Buffer) => void;
  /** What comes from now on in this direction is no frames any more; it is passed on as it is. */
  readonly onFault: (dir: Direction, fault: FrameFault) => void;
  /** Once, at the end. */
  readonly onClose: (close: Pick<CloseEvent, 'code' | 'reason' | 'by' | 'clean'>) => void;
  /** What the client gets in place of a message of the server. With it, messages of the server are passed on whole. */
  readonly rewrite?: (payload: Buffer) => Buffer;
}

/** As for the client: RTMS names no limit, and its frames are far below this. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How long the ends get to answer a close frame, and what was sent before an end to be taken. */
const LINGER_MS = 2000;

interface Close {
  readonly dir: Direction;
  readonly code: number;
  readonly reason: string;
}

/** Two sockets joined, until both have ended. */
export class Relay {
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<void>;
  readonly #options: RelayOptions;
  readonly #ways: Readonly<Record<Direction, Way>>;
  readonly #closes: Close[] = [];
  /** Which way ended first where no close frame came. */
  #ended: Direction | undefined;
  #told = false;
  #stopped = false;

  constructor(options: RelayOptions) {
    const { client, server, rewrite } = options;
    this.#options = options;
    this.#ways = {
      out: this.#way({ dir: 'out', sender: 'client', from: client, to: server.socket }),
      in: this.#way({ dir: 'in', sender: 'server', from: server, to: client.socket, ...(rewrite && { rewrite }) }),
    };
    const sockets = [client.socket, server.socket];
    this.closed = Promise.all(sockets.map((socket) => closed(socket))).then(() => this.settle());
    for (const way of Object.values(this.#ways)) way.start();
  }

  /** Whether neither side has begun to end it. */
  get open(): boolean {
    return this.#closes.length === 0 && this.#ended === undefined;
  }

  /** Tells the end now, if it was not told yet; what still passes is not told any more. With no end, the client left. */
  settle(): void {
    if (this.#told) return;
    this.#told = true;
    const [first, second] = this.#closes;
    const dir = first?.dir ?? this.#ended;
    this.#options.onClose({
      code: first?.code ?? CLOSE_CODE.ABNORMAL_CLOSURE.value,
      reason: first?.reason ?? '',
      by: dir === 'in' ? 'peer' : 'self',
      clean: second !== undefined,
    });
  }

  /** Closes both ends with 1001, and drops what has not answered after a while. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const code = CLOSE_CODE.GOING_AWAY.value;
    const closing = this.#closes.map(({ dir }) => dir);
    for (const way of Object.values(this.#ways)) way.finish(closing.includes(way.dir) ? undefined : closePayload(code));
    if (closing.length === 0) this.#closed({ dir: 'out', code, reason: '' });
    const timer = setTimeout(() => this.#destroy(), LINGER_MS);
    await this.closed;
    clearTimeout(timer);
  }

  #destroy(): void {
    this.#options.client.socket.destroy();
    this.#options.server.socket.destroy();
  }

  #way(path: Path): Way {
    const { dir } = path;
    return new Way(path, {
      onMessage: (opcode, payload) => this.#message(dir, opcode, payload),
      onFault: (fault) => {
        if (!this.#told) this.#options.onFault(dir, fault);
      },
      onEnd: () => {
        this.#ended ??= dir;
      },
    });
  }

  #message(dir: Direction, opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.close) this.#closed({ dir, ...readClose(payload) });
    else if (!this.#told && !this.#stopped) this.#options.onMessage(dir, NAMES[opcode] ?? 'binary', payload);
  }

  #closed(close: Close): void {
    if (this.#closes.some(({ dir }) => dir === close.dir)) return;
    this.#closes.push(close);
    if (this.#closes.length === 2) this.settle();
  }
}

const NAMES: Readonly<Record<number, Opcode>> = {
  [OPCODE.text]: 'text',
  [OPCODE.binary]: 'binary',
  [OPCODE.ping]: 'ping',
  [OPCODE.pong]: 'pong',
};

interface Path {
  readonly dir: Direction;
  readonly sender: Sender;
  readonly from: Upgraded;
  readonly to: Socket;
  readonly rewrite?: (payload: Buffer) => Buffer;
}

interface Listener {
  /** `opcode` is that of the first fragment. */
  readonly onMessage: (opcode: number, payload: Buffer) => void;
  readonly onFault: (fault: FrameFault) => void;
  /** Its sender has ended it, in whatever manner. */
  readonly onEnd: () => void;
}

interface Heard {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** One direction. The source is read only as fast as the target takes it. */
class Way {
  readonly dir: Direction;
  readonly #path: Path;
  readonly #listener: Listener;
  readonly #reader: FrameReader;
  /** Frames that wait for the end of their message; control frames in between wait with them, to keep the order. */
  #held: Pick<Frame, 'opcode' | 'bytes'>[] = [];
  /** The message that has begun and not ended. */
  #message: { readonly opcode: number; readonly parts: Buffer[] } | undefined;
  #finished = false;

  constructor(path: Path, listener: Listener) {
    this.dir = path.dir;
    this.#path = path;
    this.#listener = listener;
    this.#reader = new FrameReader(path.sender, MOST_BYTES);
  }

  start(): void {
    const { from, to } = this.#path;
    const { socket, early } = from;
    // Whoever has said all may still be told something.
    socket.allowHalfOpen = true;
    socket.on('error', () => undefined);
    if (early.length > 0) socket.unshift(early);
    socket.on('data', (chunk: Buffer) => this.#take(chunk)).resume();
    to.on('drain', () => socket.resume());
    socket.on('end', () => this.#end());
    socket.on('close', () => {
      this.#listener.onEnd();
      if (!socket.readableEnded || !socket.writableFinished) drop(to);
    });
  }

  /** Sends a close frame, if one is given, and ends; what comes from now on is not passed on any more. */
  finish(close: Buffer | undefined): void {
    const { from, to, sender } = this.#path;
    if (close && !this.#reader.fault) this.#write(buildFrame(sender, OPCODE.close, close));
    this.#finished = true;
    to.end();
    from.socket.resume();
  }

  #take(chunk: Buffer): void {
    const { from, to } = this.#path;
    const known = this.#reader.fault;
    to.cork();
    const heard = this.#reader.read(chunk).flatMap((frame) => this.#pass(frame));
    const { fault } = this.#reader;
    if (fault) this.#passRest();
    to.uncork();
    if (to.writableNeedDrain) from.socket.pause();
    // Only now: whatever is done with it must not hold up the passage.
    for (const { opcode, payload } of heard) this.#listener.onMessage(opcode, payload);
    if (fault && !known) this.#listener.onFault(fault);
  }

  #end(): void {
    this.#passRest();
    this.#listener.onEnd();
    this.#path.to.end();
  }

  /** What is whole with this frame. */
  #pass(frame: Frame): Heard[] {
    const { rewrite } = this.#path;
    this.#held.push(frame);
    const heard = isControl(frame.opcode) ? frame : this.#joined(frame);
    if (rewrite && heard && !isControl(heard.opcode)) this.#replace(heard, rewrite(heard.payload));
    // Behind a close frame no message can end any more.
    if (!rewrite || !this.#message || frame.opcode === OPCODE.close) this.#release();
    return heard ? [heard] : [];
  }

  #replace({ opcode, payload }: Heard, replacement: Buffer): void {
    if (replacement === payload) return;
    const between = this.#held.filter((held) => isControl(held.opcode));
    this.#held = [...between, { opcode, bytes: buildFrame(this.#path.sender, opcode, replacement) }];
  }

  #release(): void {
    for (const { bytes } of this.#held.splice(0)) this.#write(bytes);
  }

  /** The message that ends with this fragment, if it ends. */
  #joined({ opcode, payload, fin }: Frame): Heard | undefined {
    const message = (this.#message ??= { opcode, parts: [] });
    message.parts.push(payload);
    if (!fin) return undefined;
    this.#message = undefined;
    return { opcode: message.opcode, payload: message.parts.length === 1 ? payload : Buffer.concat(message.parts) };
  }

  /** What is no whole message, or no frame, is not ours to keep. */
  #passRest(): void {
    this.#release();
    this.#write(this.#reader.rest());
  }

  #write(bytes: Buffer): void {
    const { to } = this.#path;
    if (!this.#finished && !to.writableEnded && !to.destroyed) to.write(bytes);
  }
}

/** Ends a socket as its counterpart ended, without a close frame, once it has taken what came before that. */
function drop(socket: Socket): void {
  if (socket.destroyed) return;
  // Over TLS there is no reset; an end without a close frame says the same.
  const reset = (): void => void (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy());
  const timer = setTimeout(reset, LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  if (socket.writableEnded) socket.end(reset);
  else socket.write('', reset);
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
