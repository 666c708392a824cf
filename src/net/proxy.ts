/**
 * The proxy: a port of this machine with a URL for each of Zoom's that a client is to be led through. It finds the
 * session a connection belongs to; what passes on it is proxied-session.ts.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { errorCode } from '../errors.js';
import type { SocketName } from '../session/event.js';
import { listen } from './listen.js';
import { ProxiedSession, type ProxiedSessionOptions } from './proxied-session.js';
import { plainAnswer } from './upgrade.js';

export interface ProxyOptions {
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
  /** The session for a client that comes when this one is over, or asks for a socket that another client has. */
  readonly another: (reason: 'over' | 'taken') => Opened;
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

/** A client on another machine is not led here: what passes would be open to the network. */
const HOST = '127.0.0.1';

/** Throws RtmsError as `listen` does. */
export async function startProxy({ port: wanted = 0, tls, onTurnedAway = ignore }: ProxyOptions): Promise<Proxy> {
  const routes = new Routes();
  const sessions = new Set<ProxiedSession>();
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }) : createHttpServer();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(routes.at(pathOf(request)) ? 426 : 404, { 'content-type': 'text/plain' });
    response.end('This is rtms proxy. It speaks WebSocket at the URLs it has written into server_urls.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, early: Buffer) => {
    socket.on('error', ignore);
    const path = pathOf(request);
    const route = routes.at(path);
    if (route) {
      void sessionFor(route).take(route.socket, route.url, { request, socket, early });
    } else {
      onTurnedAway({ kind: 'path', path });
      socket.end(plainAnswer(404, 'rtms proxy: no server_urls of this proxy has this path'));
    }
  });
  reportStrangers(server, onTurnedAway);

  const port = await listen(server, wanted, HOST);
  const base = `${tls ? 'wss' : 'ws'}://${HOST}:${port}`;

  const open = (name: string, { another, ...options }: SessionOptions): Opened => {
    const root = routes.root(encodeURIComponent(name));
    const urlFor = (socket: SocketName, url: string): string => base + routes.path(root, socket, url, seat);
    const session = new ProxiedSession(options, urlFor);
    const seat: Seat = { current: { session, urlFor }, another };
    sessions.add(session);
    return seat.current;
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

/** Whose a route is: of the session it was made for, or of one that came after it. */
interface Seat {
  current: Opened;
  readonly another: SessionOptions['another'];
}

interface Route {
  readonly root: string;
  readonly seat: Seat;
  readonly socket: SocketName;
  readonly url: string;
}

function sessionFor({ seat, socket, url }: Route): ProxiedSession {
  const { session } = seat.current;
  if (session.movesTo(socket, url)) return session;
  if (session.over) seat.current = seat.another('over');
  else if (session.has(socket)) return seat.another('taken').session;
  return seat.current.session;
}

/** The paths of the proxy, and where each leads. */
class Routes {
  readonly #byPath = new Map<string, Route>();
  readonly #roots = new Set<string>();

  at(path: string): Route | undefined {
    return this.#byPath.get(path);
  }

  /** A beginning of paths that nobody else has. */
  root(name: string): string {
    const root = unused(name, (candidate) => this.#roots.has(candidate));
    this.#roots.add(root);
    return root;
  }

  /** The path for a socket and the URL it leads to; the same for the same. */
  path(root: string, socket: SocketName, url: string, seat: Seat): string {
    const known = [...this.#byPath].find(
      ([, route]) => route.root === root && route.socket === socket && route.url === url,
    );
    if (known) return known[0];
    const path = unused(`/${root}/${socket.replace('media:', '')}`, (candidate) => this.#byPath.has(candidate));
    this.#byPath.set(path, { root, seat, socket, url });
    return path;
  }
}

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
