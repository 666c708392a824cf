/** Small real servers on port 0 that a test can script; all are closed when the test is. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

const tlsFile = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

export const TLS = {
  ca: tlsFile('ca.pem'),
  good: { key: tlsFile('server.key'), cert: tlsFile('server.pem') },
  expired: { key: tlsFile('server.key'), cert: tlsFile('expired.pem') },
};

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** A WebSocket server; the handler gets each socket with the path it asked for. Resolves to its URL. */
export async function webSocketServer(
  onSocket: (socket: WebSocket, path: string) => void,
  tls?: KeyPair,
): Promise<string> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => undefined);
    onSocket(socket, request.url ?? '/');
  });
  const port = await listening(server);
  return `${tls ? 'wss' : 'ws'}://localhost:${port}`;
}

/** An HTTP server that answers every request, upgrades included, with the handler. Resolves to its port. */
export async function httpServer(handler: RequestListener, tls?: KeyPair): Promise<number> {
  return listening(tls ? createHttpsServer(tls, handler) : createHttpServer(handler));
}

/** A TCP server that speaks whatever the handler makes it. Resolves to its port. */
export async function tcpServer(onSocket: (socket: Socket) => void): Promise<number> {
  return listening(createTcpServer((socket) => onSocket(socket.on('error', () => undefined))));
}

/** A server that accepts the WebSocket upgrade by hand and then lets the handler write raw frames. */
export async function upgradingServer(onUpgraded: (socket: Socket) => void): Promise<number> {
  const server = createHttpServer();
  server.on('upgrade', ({ headers }, socket: Socket) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: upgrade'];
    socket.write([...head, `sec-websocket-accept: ${accept}`, '', ''].join('\r\n'));
    onUpgraded(socket.on('error', () => undefined));
  });
  return listening(server);
}

export interface Proxy {
  readonly url: URL;
  /** What was asked for, as `localhost:443`, with the Proxy-Authorization header if one came. */
  readonly asked: { readonly authority: string; readonly authorization: string | undefined }[];
}

/** An HTTP proxy that tunnels, or answers with `status` if one is given. */
export async function connectProxy(status?: number): Promise<Proxy> {
  const asked: { authority: string; authorization: string | undefined }[] = [];
  const server = createHttpServer();
  server.on('connect', (request, client: Socket) => {
    const authority = request.url ?? '';
    asked.push({ authority, authorization: request.headers['proxy-authorization'] });
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${authority}`);
    const upstream = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.pipe(client).pipe(upstream);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  const port = await listening(server);
  return { url: new URL(`http://localhost:${port}`), asked };
}

/** Starts a server on a free port, and ends it with the test. Resolves to the port. */
export async function listening(server: Server | TcpServer): Promise<number> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    for (const connection of connections) connection.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens on no port');
  return address.port;
}
