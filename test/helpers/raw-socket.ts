/** A WebSocket client made by hand, for what no library would send; closed when the test is. */
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Bytes as they arrive on a socket, awaited by their number. */
export class Inbox {
  readonly ended: Promise<void>;
  #chunks: Buffer[] = [];
  #size = 0;
  #waiting: { readonly size: number; readonly resolve: (bytes: Buffer) => void } | undefined;

  constructor(socket: Pick<Socket, 'on' | 'once'>) {
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      this.#deliver();
    });
    this.ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  }

  /** The next so many bytes. */
  take(size: number): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting = { size, resolve };
      this.#deliver();
    });
  }

  /** All that is left once the other side has ended. */
  async rest(): Promise<Buffer> {
    await this.ended;
    return Buffer.concat(this.#chunks);
  }

  #deliver(): void {
    if (!this.#waiting || this.#size < this.#waiting.size) return;
    const { size, resolve } = this.#waiting;
    const bytes = Buffer.concat(this.#chunks);
    this.#waiting = undefined;
    this.#chunks = [bytes.subarray(size)];
    this.#size = bytes.length - size;
    resolve(bytes.subarray(0, size));
  }
}

export interface RawClient {
  readonly socket: Socket;
  readonly inbox: Inbox;
  /** Status line and headers of the answer to the upgrade. */
  readonly answer: string;
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The bytes of a request to upgrade. */
function upgradeRequest(url: string, headers: readonly string[] = []): string {
  const { host, pathname, search } = new URL(url);
  const own = [`Host: ${host}`, 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${KEY}`];
  const lines = [`GET ${pathname}${search} HTTP/1.1`, ...own, 'Sec-WebSocket-Version: 13', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Asks for an upgrade, with these bytes right behind the request, and waits for the answer. */
export async function rawClient(
  url: string,
  headers: readonly string[] = [],
  early = Buffer.alloc(0),
): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const inbox = new Inbox(socket);
  socket.write(Buffer.concat([Buffer.from(upgradeRequest(url, headers)), early]));
  let answer = '';
  while (!answer.endsWith('\r\n\r\n')) answer += (await inbox.take(1)).toString('latin1');
  return { socket, inbox, answer };
}
