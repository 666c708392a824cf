/**
 * The mock server: Zoom's signaling and media URLs on a port of this machine, with real WebSockets. It routes
 * connections; what is said on them is mock-stream.ts, and how it misbehaves is the scenario.
 */
import { createServer as createHttpServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { isMediaName, MEDIA, type MediaName } from '../protocol/media.js';
import { startedWebhook } from '../protocol/webhooks.js';
import type { EventBody } from '../session/event.js';
import type { Admission } from './admission.js';
import { hostInUrl, listen } from './listen.js';
import { MockStream } from './mock-stream.js';
import type { Scenario } from './scenario.js';
import { realTimers, type Timers } from './schedule.js';
import type { MediaFiles } from './synthetic-media.js';

export interface MockServerOptions extends Admission {
  readonly scenario: Scenario;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** PEM; without it the server speaks ws://. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly mediaFiles?: MediaFiles;
  /** Unix time in ms, which must never jump. */
  readonly now?: () => number;
  readonly timers?: Timers;
  /** What the server saw and did, in the client's view: `out` goes to Zoom. Signatures are not masked yet. */
  readonly onEvent?: (body: EventBody) => void;
  /** Why it refused or ignored something: what Zoom does not tell. */
  readonly onVerdict?: (text: string) => void;
}

export interface MockServer extends AsyncDisposable {
  /** The signaling URL, as it stands in `webhook`. */
  readonly url: string;
  readonly port: number;
  /** The `rtms_started` webhook that leads a client here. */
  readonly webhook: object;
  /** Drops every connection, stops every timer and frees the port. */
  readonly close: () => Promise<void>;
}

/** Far above any RTMS message of a client; a longer one is closed with 1009. */
const LONGEST_MESSAGE_BYTES = 1024 * 1024;
const SIGNALING = 'signaling';
const WHAT_THIS_IS = 'This is a mock of Zoom RTMS. It speaks WebSocket on /signaling and on';

/** Starts a server for one stream. Throws RtmsError (`network`) if it cannot listen. */
export async function startMockServer(options: MockServerOptions): Promise<MockServer> {
  const { host = '127.0.0.1', tls, mediaFiles = {}, timers = realTimers } = options;
  const { now = monotonicUnixTime, onEvent = ignore } = options;
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }, answerPlain) : createHttpServer(answerPlain);
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });

  const port = await listen(server, options.port ?? 0, host);
  const base = `${tls ? 'wss' : 'ws'}://${hostInUrl(host)}:${port}`;
  const mediaUrl = (name: MediaName): string => `${base}/${name}`;
  const stream = new MockStream({ ...options, mediaFiles, mediaUrl, now, timers, onEvent });

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const target = targetOf(request);
    if (target === undefined) {
      refuseUpgrade(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (target === SIGNALING) stream.attachSignaling(webSocket);
      else stream.attachMedia(target, webSocket);
    });
  });

  const close = async (): Promise<void> => {
    const freed = new Promise((resolve) => server.close(resolve));
    const ended = [...webSockets.clients].map((webSocket) => new Promise((resolve) => webSocket.on('close', resolve)));
    for (const connection of connections) connection.destroy();
    await Promise.all([freed, ...ended]);
  };
  const url = `${base}/${SIGNALING}`;
  const webhook = startedWebhook({ ...options.stream, serverUrls: url, eventTs: now() });
  return { url, port, webhook, close, [Symbol.asyncDispose]: close };
}

const ignore = (): void => undefined;

/** The wall clock of the start, counted on by a clock that is never set. */
const monotonicUnixTime = (): number => Math.round(performance.timeOrigin + performance.now());

/** What a path is for: `/signaling`, `/audio` and so on; undefined for any other. */
function targetOf({ url = '/' }: IncomingMessage): typeof SIGNALING | MediaName | undefined {
  const [path = ''] = url.split('?');
  const name = path.slice(1);
  return name === SIGNALING || isMediaName(name) ? name : undefined;
}

/** A browser, or a client that does not ask for WebSocket. */
function answerPlain(request: IncomingMessage, response: ServerResponse): void {
  const status = targetOf(request) ? 426 : request.url === '/' ? 200 : 404;
  const paths = Object.keys(MEDIA).map((name) => `/${name}`);
  response.writeHead(status, { 'content-type': 'text/plain', ...(status === 426 && { upgrade: 'websocket' }) });
  response.end(`${WHAT_THIS_IS} ${paths.join(', ')}.\n`);
}

function refuseUpgrade(socket: Socket): void {
  socket.on('error', ignore);
  socket.end(`HTTP/1.1 404 ${STATUS_CODES[404]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
