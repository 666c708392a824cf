/** A host with several addresses: the one that does not answer must not decide. */
import { expect, it, vi } from 'vitest';
import { dial } from '../../src/net/dial.js';
import type { EventBody } from '../../src/session/event.js';
import { TLS, webSocketServer } from '../helpers/servers.js';

vi.mock('node:dns/promises', () => ({
  lookup: () =>
    Promise.resolve([
      { address: '::ffff:127.0.0.2', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]),
}));

async function dialled(server: string, ca?: string): Promise<EventBody | undefined> {
  const url = new URL(server);
  url.hostname = 'two.test';
  const events: EventBody[] = [];
  const socket = await dial({
    url,
    ...(ca !== undefined && { ca }),
    socket: 'signaling',
    timeoutMs: 5000,
    emit: (event) => events.push(event),
    now: () => performance.now(),
    signal: new AbortController().signal,
    attach: () => undefined,
  });
  socket?.terminate();
  return events.at(-1);
}

it('tries the next address', async () => {
  const last = await dialled(await webSocketServer(() => undefined));
  expect(last).toMatchObject({ type: 'phase', name: 'upgrade', ok: true });
});

it('takes no certificate of another host, whoever vouches for it', async () => {
  const last = await dialled(await webSocketServer(() => undefined, TLS.good), TLS.ca);
  expect(last).toMatchObject({ name: 'tls', ok: false, detail: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
});
