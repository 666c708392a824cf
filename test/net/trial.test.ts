import { expect, it } from 'vitest';
import { tryHandshake, type Outcome, type TrialOptions } from '../../src/net/trial.js';
import { dataHandshakeResponse, keepAliveRequest, signalingHandshakeResponse } from '../../src/protocol/messages.js';
import { httpServer, webSocketServer } from '../helpers/servers.js';

const HANDSHAKE = { bytes: Buffer.from('{"msg_type":1}'), opcode: 'binary', delayMs: 0 } as const;

function attempt(url: string, more: Partial<TrialOptions> = {}): Promise<Outcome> {
  const signal = new AbortController().signal;
  return tryHandshake(HANDSHAKE, {
    url: new URL(url),
    dial: { timeoutMs: 5000 },
    replyTimeoutMs: 200,
    signal,
    ...more,
  });
}

it.each<[string, readonly object[], number | undefined, Outcome]>([
  ['an acceptance', [signalingHandshakeResponse({ serverUrls: {} })], undefined, { kind: 'accepted' }],
  ['a refusal', [signalingHandshakeResponse({ statusCode: 3 })], 1000, { kind: 'refused', status: 3 }],
  ['a close', [], 1000, { kind: 'closed', code: 1000, reason: 'because' }],
  [
    'other messages, then a close',
    [keepAliveRequest(1), dataHandshakeResponse({})],
    4001,
    { kind: 'closed', code: 4001, reason: 'because' },
  ],
  ['nothing', [], undefined, { kind: 'unanswered' }],
])('tells %s', async (_, messages, code, outcome) => {
  const heard: unknown[] = [];
  const url = await webSocketServer((socket) => {
    socket.once('message', (data: Buffer, isBinary) => {
      heard.push([data.toString(), isBinary]);
      for (const message of messages) socket.send(JSON.stringify(message));
      if (code !== undefined) socket.close(code, 'because');
    });
  });
  expect(await attempt(url)).toEqual(outcome);
  expect(heard).toEqual([['{"msg_type":1}', true]]);
});

it('tells the step at which the server was not reached', async () => {
  expect(await attempt('ws://localhost:1')).toEqual({ kind: 'unreachable', step: 'tcp' });
  const port = await httpServer((_, response) => response.writeHead(403).end());
  expect(await attempt(`ws://localhost:${port}`)).toEqual({ kind: 'unreachable', step: 'upgrade' });
});
