/**
 * The opening handshake of WebSocket, passed through: the client's request as it was sent, the server's answer as it
 * came, keys, sub-protocols, cookies and all. What names the address is the server's, and extensions are kept out.
 */
import { request as httpRequest, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Facts } from '../session/event.js';
import { readBody, refusalOf, type StepError } from './dial.js';

/** What the server said to the client's request. */
export interface UpgradeAnswer {
  /** The answer to give to the client, headers and all. */
  readonly bytes: Buffer;
  /** What came right behind it. */
  readonly early: Buffer;
  /** Why it is no upgrade, if it is none. */
  readonly refusal?: StepError;
}

/** Bytes of a client that speaks before it is answered; what is beyond waits in the kernel. */
const MOST_HELD_BYTES = 64 * 1024;
/** How long a client gets to read the answer that turns it away. */
const LINGER_MS = 2000;
/** Far above any page that a server or a gateway shows in place of an upgrade. */
const MOST_OF_A_BODY = 64 * 1024;

/** Asks over a stream that is connected to the URL's host already. Rejects where no answer comes. */
export async function askUpgrade(
  asked: IncomingMessage,
  url: URL,
  stream: Socket,
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  const request = httpRequest({
    method: asked.method,
    path: pathOf(asked, url),
    headers: toRaw(headersFor(asked, url)),
    createConnection: () => stream,
    signal,
  });
  const [response, early] = await new Promise<[IncomingMessage, Buffer?]>((resolve, reject) => {
    request.once('upgrade', (answer, _, head) => resolve([answer, head]));
    request.once('response', (answer) => resolve([answer]));
    request.once('error', reject).end();
  });
  const { statusCode = 0, statusMessage } = response;
  const headers = pairs(response.rawHeaders);
  if (early) return { bytes: httpHead(statusCode, statusMessage, headers.filter(isKept)), early };
  const body = await readBody(response, MOST_OF_A_BODY, signal);
  return {
    bytes: Buffer.concat([httpHead(statusCode, statusMessage, bounded(headers, body)), body]),
    early: Buffer.alloc(0),
    refusal: refusalOf(response, body),
  };
}

/** An answer of our own, with a text for whoever reads it. */
export function plainAnswer(status: number, text: string): Buffer {
  const body = Buffer.from(`${text}\n`);
  const headers = bounded([['content-type', 'text/plain; charset=utf-8']], body);
  return Buffer.concat([httpHead(status, undefined, headers), body]);
}

export interface Held {
  /** Aborted when the client has left. */
  readonly gone: AbortSignal;
  /** Ends the holding; what came so far, in order. */
  readonly release: () => Buffer;
}

/** Keeps what a client sends before its upgrade is answered. */
export function hold(socket: Socket, early: Buffer): Held {
  const chunks = [early];
  let size = early.length;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_HELD_BYTES) socket.pause();
  };
  socket.on('error', () => undefined);
  socket.on('data', keep).once('end', leave).once('close', leave);
  return {
    gone: gone.signal,
    release: () => {
      socket.pause().off('data', keep).off('end', leave).off('close', leave);
      return Buffer.concat(chunks);
    },
  };
}

/** Answers in place of an upgrade. */
export function turnAway(socket: Socket, answer: Buffer): void {
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  // What it has sent already is of no use, and left unread would take the answer with it.
  socket.resume().end(answer);
}

/** What the client is told where no answer of the server can be passed on. */
export function gatewayAnswer({ step, code, message }: Facts): Buffer {
  const what = [step, 'failed:', code, message].filter((part) => part !== undefined && part !== '').join(' ');
  return plainAnswer(code === 'ETIMEDOUT' ? 504 : 502, `rtms proxy: the server could not be reached: ${what}`);
}

type Header = readonly [name: string, value: string];

/** A query that the client added goes along. */
function pathOf({ url = '/' }: IncomingMessage, { pathname, search }: URL): string {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  return `${pathname}${search}${query === '' ? '' : `${search === '' ? '?' : '&'}${query}`}`;
}

function headersFor(asked: IncomingMessage, { host, protocol }: URL): Header[] {
  const origins = ['http', 'https'].map((scheme) => `${scheme}://${asked.headers.host}`);
  const origin = `${protocol === 'wss:' ? 'https' : 'http'}://${host}`;
  return pairs(asked.rawHeaders)
    .filter(isKept)
    .map(([name, value]): Header => {
      if (name.toLowerCase() === 'host') return [name, host];
      // Some libraries make an Origin out of the URL they were given; a browser's own is kept.
      return name.toLowerCase() === 'origin' && origins.includes(value) ? [name, origin] : [name, value];
    });
}

/**
 * Extensions change the bytes of every frame, permessage-deflate above all: agreed, frames could neither be read nor
 * have a URL replaced without being made anew. Zoom documents none, and RFC 6455 section 9.1 lets either side decline.
 * The rest is for a proxy in front.
 */
const DROPPED: readonly string[] = ['sec-websocket-extensions', 'proxy-authorization', 'proxy-connection'];

const isKept = ([name]: Header): boolean => !DROPPED.includes(name.toLowerCase());

/** Headers of one connection, which ends with this answer, and of an encoding that is undone. */
const REPLACED: readonly string[] = ['connection', 'keep-alive', 'content-length', 'transfer-encoding'];

const bounded = (headers: readonly Header[], body: Buffer): Header[] => [
  ...headers.filter(([name]) => !REPLACED.includes(name.toLowerCase())),
  ['connection', 'close'],
  ['content-length', String(body.length)],
];

function httpHead(status: number, reason: string | undefined, headers: readonly Header[]): Buffer {
  const lines = [
    `HTTP/1.1 ${status} ${reason ?? STATUS_CODES[status] ?? ''}`,
    ...headers.map((pair) => pair.join(': ')),
  ];
  // As Node reads it: RFC 9110 section 5.5 allows bytes beyond ASCII.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** The headers one by one, in the order and case they came in; `headers` joins and lower-cases them. */
const pairs = (raw: readonly string[]): Header[] =>
  raw.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));

const toRaw = (headers: readonly Header[]): string[] => headers.flat();
