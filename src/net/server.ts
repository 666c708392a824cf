/**
 * The mock server: Zoom's signaling and media URLs on a port of this machine, with real WebSockets. It routes
 * connections to their streams; what is said on them is mock-stream.ts, and how it misbehaves is the scenario.
 */
import { createServer as createHttpServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { isMediaName, MEDIA } from '../protocol/media.js';
import { hostInUrl, listen } from './listen.js';
import { MockStream, type StreamOptions, type Target } from './mock-stream.js';

export interface MockHostOptions {
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** PEM; without it the server speaks ws://. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface MockHost extends AsyncDisposable {
  /** As `ws://127.0.0.1:4040`. */
  readonly url: string;
  readonly port: number;
  /** Takes on a stream, under a number of its own from 1; one that was there is dropped. */
  readonly open: (options: StreamOptions, number?: number) => MockStream;
  /** Drops every connection, stops every timer and frees the port. */
  readonly close: () => Promise<void>;
}

/** Far above any RTMS message of a client; a longer one is closed with 1009. */
const LONGEST_MESSAGE_BYTES = 1024 * 1024;
const SIGNALING = 'signaling';
const WHAT_THIS_IS = 'This is a mock of Zoom RTMS. It speaks WebSocket on /signaling and on';

/** Starts a server without a stream. Throws RtmsError (`network`) if it cannot listen. */
export async function startMockHost({ host = '127.0.0.1', port, tls }: MockHostOptions = {}): Promise<MockHost> {
  const streams = new Map<number, MockStream>();
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }, answerPlain) : createHttpServer(answerPlain);
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => connections.delete(socket));
  });

  const actualPort = await listen(server, port ?? 0, host);
  const url = `${tls ? 'wss' : 'ws'}://${hostInUrl(host)}:${actualPort}`;

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const route = routeOf(request);
    const stream = route && streams.get(route.stream);
    if (!route || !stream?.takesAt(route.node)) {
      refuseUpgrade(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => stream.attach(route.target, webSocket, socket));
  });

  const close = async (): Promise<void> => {
    for (const stream of streams.values()) void stream.dispose();
    const freed = new Promise((resolve) => server.close(resolve));
    const ended = [...webSockets.clients].map((webSocket) => new Promise((resolve) => webSocket.on('close', resolve)));
    for (const connection of connections) connection.destroy();
    await Promise.all([freed, ...ended]);
  };
  const open = (options: StreamOptions, number = 1): MockStream => {
    void streams.get(number)?.dispose();
    const stream = new MockStream(options, { baseUrl: (node) => `${url}${prefixOf({ stream: number, node })}` });
    streams.set(number, stream);
    return stream;
  };
  return { url, port: actualPort, open, close, [Symbol.asyncDispose]: close };
}

export interface MockServer extends AsyncDisposable {
  /** The signaling URL, as it stands in `webhook`. */
  readonly url: string;
  /** The `rtms_started` webhook that leads a client here. */
  readonly webhook: object;
  readonly close: () => Promise<void>;
}

/** Starts a server for one stream. Throws RtmsError (`network`) if it cannot listen. */
export async function startMockServer(options: StreamOptions & MockHostOptions): Promise<MockServer> {
  const { open, close } = await startMockHost(options);
  const { url, webhook } = open(options);
  return { url, webhook, close, [Symbol.asyncDispose]: close };
}

const ignore = (): void => undefined;

interface Route {
  readonly stream: number;
  readonly node: number;
  readonly target: Target;
}

/** `/session-2/node-2`; the first of each goes without saying. */
function prefixOf({ stream, node }: Omit<Route, 'target'>): string {
  return `${stream === 1 ? '' : `/session-${stream}`}${node === 1 ? '' : `/node-${node}`}`;
}

const ROUTE = /^(?:\/session-(\d+))?(?:\/node-(\d+))?\/([a-z]+)$/;

/** What a path is for; undefined where it is for nothing. */
function routeOf({ url = '/' }: IncomingMessage): Route | undefined {
  const [path = ''] = url.split('?');
  const [, stream = '1', node = '1', target = ''] = ROUTE.exec(path) ?? [];
  if (target !== SIGNALING && !isMediaName(target)) return undefined;
  return { stream: Number(stream), node: Number(node), target };
}

/** A browser, or a client that does not ask for WebSocket. */
function answerPlain(request: IncomingMessage, response: ServerResponse): void {
  const status = routeOf(request) ? 426 : request.url === '/' ? 200 : 404;
  const paths = Object.keys(MEDIA).map((name) => `/${name}`);
  response.writeHead(status, { 'content-type': 'text/plain', ...(status === 426 && { upgrade: 'websocket' }) });
  response.end(`${WHAT_THIS_IS} ${paths.join(', ')}.\n`);
}

function refuseUpgrade(socket: Socket): void {
  socket.on('error', ignore);
  socket.end(`HTTP/1.1 404 ${STATUS_CODES[404]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
