/** A host with several addresses: the one that does not answer must not decide. */
import { expect, it, vi } from 'vitest';
import { dial } from '../../src/net/dial.js';
import type { EventBody } from '../../src/session/event.js';
import { webSocketServer } from '../helpers/servers.js';

vi.mock('node:dns/promises', () => ({
  lookup: () =>
    Promise.resolve([
      { address: '::ffff:127.0.0.2', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ]),
}));

it('tries the next address', async () => {
  const url = new URL(await webSocketServer(() => undefined));
  url.hostname = 'two.test';
  const events: EventBody[] = [];
  const socket = await dial({
    url,
    socket: 'signaling',
    timeoutMs: 5000,
    emit: (event) => events.push(event),
    now: () => performance.now(),
    signal: new AbortController().signal,
    attach: () => undefined,
  });
  socket?.terminate();
  expect(events.at(-1)).toMatchObject({ type: 'phase', name: 'upgrade', ok: true });
});
