/** A scripted client of the mock server: right or wrong as the test has it, on real sockets. */
import { WebSocket } from 'ws';
import { MESSAGE_TYPE } from '../../src/protocol/codes.js';
import { keepAliveResponse } from '../../src/protocol/messages.js';

export type Json = Readonly<Record<string, unknown>>;

export interface Client {
  readonly socket: WebSocket;
  readonly send: (payload: object | string | Uint8Array) => void;
  /** The next message of a type that was not taken yet. Pending for ever if none comes. */
  readonly take: (type: { readonly value: number }) => Promise<Json>;
  /** `msg_type` and opcode of all that came, in order; what is no JSON has no type. */
  readonly came: { readonly type: unknown; readonly opcode: 'text' | 'binary'; readonly bytes: number }[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens one socket. Without `answers`, keep-alives go unanswered. */
export async function open(
  url: string,
  { answers = true, ca }: { answers?: boolean; ca?: string } = {},
): Promise<Client> {
  const socket = new WebSocket(url, ca === undefined ? {} : { ca });
  const came: { type: unknown; opcode: 'text' | 'binary'; bytes: number }[] = [];
  const waiting: Json[] = [];
  let wake: () => void = () => undefined;
  const send = (payload: object | string | Uint8Array): void => {
    const isRaw = typeof payload === 'string' || payload instanceof Uint8Array;
    socket.send(isRaw ? payload : JSON.stringify(payload));
  };
  socket.on('message', (data: Buffer, isBinary) => {
    const message = parsed(data);
    came.push({ type: message['msg_type'], opcode: isBinary ? 'binary' : 'text', bytes: data.length });
    waiting.push(message);
    if (answers && message['msg_type'] === MESSAGE_TYPE.KEEP_ALIVE_REQ.value) {
      send(keepAliveResponse(Number(message['timestamp'])));
    }
    wake();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const take = async ({ value }: { readonly value: number }): Promise<Json> => {
    for (;;) {
      const at = waiting.findIndex((message) => message['msg_type'] === value);
      const [found] = at < 0 ? [] : waiting.splice(at, 1);
      if (found) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { socket, send, take, came, closed };
}

function parsed(data: Buffer): Json {
  try {
    return Object(JSON.parse(data.toString()));
  } catch {
    return {};
  }
}
