/** A host with addresses of both families: each is tried by itself. */
import { expect, it, vi } from 'vitest';
import { probeHost } from '../../src/net/probe.js';
import type { EventBody } from '../../src/session/event.js';
import { tcpServer } from '../helpers/servers.js';

const names = vi.hoisted(() => ({ addresses: [{ address: '127.0.0.1', family: 4 }] }));
vi.mock('node:dns/promises', () => ({ lookup: () => Promise.resolve(names.addresses) }));

async function families(): Promise<EventBody[]> {
  const url = new URL(`http://two.test:${await tcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))}/`);
  const events: EventBody[] = [];
  const signal = new AbortController().signal;
  await probeHost(url, { timeoutMs: 5000, signal, emit: (event) => void events.push(event) });
  return events.filter(({ type }) => type === 'check');
}

it('tells which family gets through', async () => {
  names.addresses = [
    { address: '::ffff:127.0.0.2', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const facts = { host: 'two.test', ms: expect.any(Number) };
  const events = await families();
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({
    type: 'check',
    rule: 'address-family',
    ok: true,
    facts: { ...facts, family: 4, address: '127.0.0.1' },
  });
  expect(events).toContainEqual({
    type: 'check',
    rule: 'address-family',
    ok: false,
    facts: { ...facts, family: 6, address: '::ffff:127.0.0.2', code: 'ECONNREFUSED' },
  });
});

it('has nothing to tell of a host with one family', async () => {
  names.addresses = [{ address: '127.0.0.1', family: 4 }];
  expect(await families()).toEqual([]);
});
