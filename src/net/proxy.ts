/**
 * The proxy: a port of this machine with a URL for each of Zoom's that a client is to be led through. It finds the
 * session a connection belongs to; what passes on it is proxied-session.ts.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { errorCode, errorText, RtmsError } from '../errors.js';
import type { SocketName } from '../session/event.js';
import { ProxiedSession, type ProxiedSessionOptions } from './proxied-session.js';
import { plainAnswer } from './upgrade.js';

export interface ProxyOptions {
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** PEM; without it the proxy offers ws://. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** A client that came no further than to the door. */
  readonly onTurnedAway?: (reason: TurnedAway) => void;
}

/** Why: a path that is none of ours; TLS on one side alone; a certificate that is not trusted, or most likely not. */
export type TurnedAway =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'tls-expected' | 'tls-unexpected' | 'untrusted' | 'left-in-tls' };

export interface SessionOptions extends ProxiedSessionOptions {
  /** The session for a client that asks for a socket which another client has. */
  readonly another: () => Opened;
}

/** A session of the proxy. */
export interface Opened {
  readonly session: ProxiedSession;
  /** The URL of the proxy that leads to this one. */
  readonly urlFor: (socket: SocketName, url: string) => string;
}

export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Makes room for one client's conversation. `name` stands in its URLs. */
  readonly open: (name: string, options: SessionOptions) => Opened;
  /** Closes every socket on both sides and frees the port. */
  readonly close: () => Promise<void>;
}

interface Route {
  readonly opened: Opened;
  readonly another: () => Opened;
  readonly socket: SocketName;
  readonly url: string;
}

/** Starts listening. Throws RtmsError (`network`) if it cannot. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { host = '127.0.0.1', tls, onTurnedAway = ignore } = options;
  const routes = new Map<string, Route>();
  const sessions = new Set<ProxiedSession>();
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }) : createHttpServer();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(routes.has(pathOf(request)) ? 426 : 404, { 'content-type': 'text/plain' });
    response.end('This is rtms proxy. It speaks WebSocket at the URLs it has written into server_urls.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, early: Buffer) => {
    socket.on('error', ignore);
    const path = pathOf(request);
    const route = routes.get(path);
    if (!route) {
      onTurnedAway({ kind: 'path', path });
      socket.end(plainAnswer(404, 'rtms proxy: no server_urls of this proxy has this path'));
      return;
    }
    const taken = route.opened.session.has(route.socket);
    const { session } = taken ? route.another() : route.opened;
    void session.take(route.socket, route.url, { request, socket, early });
  });
  reportStrangers(server, onTurnedAway);

  const port = await listen(server, options.port ?? 0, host);
  const base = `${tls ? 'wss' : 'ws'}://${isIPv6(host) ? `[${host}]` : host}:${port}`;

  const open = (name: string, sessionOptions: SessionOptions): Opened => {
    const root = unused(encodeURIComponent(name), (candidate) =>
      [...routes.keys()].some((path) => path.startsWith(`/${candidate}/`)),
    );
    const urlFor = (socket: SocketName, url: string): string => {
      const known = [...routes].find(
        ([, route]) => route.opened === opened && route.socket === socket && route.url === url,
      );
      if (known) return base + known[0];
      const path = unused(`/${root}/${socket.replace('media:', '')}`, (candidate) => routes.has(candidate));
      routes.set(path, { opened, another: sessionOptions.another, socket, url });
      return base + path;
    };
    const opened: Opened = { session: new ProxiedSession(sessionOptions, urlFor), urlFor };
    sessions.add(opened.session);
    return opened;
  };

  const close = async (): Promise<void> => {
    const freed = new Promise((resolve) => server.close(resolve));
    await Promise.all([...sessions].map((session) => session.stop()));
    server.closeAllConnections();
    await freed;
  };
  return { port, open, close, [Symbol.asyncDispose]: close };
}

const ignore = (): void => undefined;

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/';

/** `name`, or `name-2` and so on. */
function unused(name: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

type Server = ReturnType<typeof createHttpServer>;

/** What a failed TLS handshake says of the client, by the code of the error. */
const TLS_FAILURES: readonly (readonly [code: RegExp, kind: 'untrusted' | 'tls-expected' | 'left-in-tls'])[] = [
  // Alerts of RFC 8446 section 6.2.
  [/UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE/, 'untrusted'],
  [/^ERR_SSL_HTTP_REQUEST$/, 'tls-expected'],
  // Node looks at the certificate by itself and leaves without an alert.
  [/^ECONNRESET$/, 'left-in-tls'],
];
/** First byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16;

/** Clients that never come to ask for a path: what they did tells what is wrong with them. */
function reportStrangers(server: Server, onTurnedAway: (reason: TurnedAway) => void): void {
  server.on('clientError', (error: Error, socket: Socket) => {
    const packet: unknown = Reflect.get(error, 'rawPacket');
    if (Buffer.isBuffer(packet) && packet[0] === TLS_HANDSHAKE) onTurnedAway({ kind: 'tls-unexpected' });
    socket.destroy();
  });
  server.on('tlsClientError', (error: Error) => {
    const [, kind] = TLS_FAILURES.find(([code]) => code.test(errorCode(error))) ?? [];
    if (kind) onTurnedAway({ kind });
  });
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on ${host}:${port}: ${errorText(error)}`;
      reject(new RtmsError('network', message, [['give', '--port with another port, or none for a free one']], { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
