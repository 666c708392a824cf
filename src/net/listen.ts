/** Binds a server to a port of this machine, or says in words why not. */
import { isIPv6, type Server } from 'node:net';
import { errorCode, errorText, RtmsError, type ErrorCategory } from '../errors.js';

interface Obstacle {
  readonly category: ErrorCategory;
  readonly seen: string;
  readonly give: string;
}

const NO_ADDRESS: Obstacle = {
  category: 'usage',
  seen: 'this machine has no such address',
  give: '127.0.0.1, ::1, or 0.0.0.0 for every address of this machine',
};

/** What stands in the way, by the system's code. */
const OBSTACLES: Readonly<Record<string, Obstacle>> = {
  EADDRINUSE: {
    category: 'network',
    seen: 'another program listens there already',
    give: 'another port, or 0 for a free one',
  },
  EACCES: {
    category: 'network',
    seen: 'ports below 1024 are for the administrator',
    give: 'a port above 1023, or 0 for a free one',
  },
  EADDRNOTAVAIL: NO_ADDRESS,
  EAFNOSUPPORT: NO_ADDRESS,
  ENOTFOUND: NO_ADDRESS,
  EAI_AGAIN: NO_ADDRESS,
};

/** Resolves to the port, which for 0 is a free one. Throws RtmsError (`network`; `usage` for a host that is none). */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const obstacle = OBSTACLES[errorCode(error)];
      const { category, seen, give } = obstacle ?? { ...NO_ADDRESS, category: 'network', seen: errorText(error) };
      const message = `cannot listen on ${hostInUrl(host)}:${port}: ${seen}`;
      reject(new RtmsError(category, message, [['give', give]], { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** A host as a URL has it: IPv6 in brackets. */
export const hostInUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host);
