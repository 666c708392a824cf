/** The search against the mock server: each mistake by itself, and several together. */
import { describe, expect, it } from 'vitest';
import { bisectHandshake, MOST_ATTEMPTS } from '../../src/examine/bisect.js';
import { DEMO } from '../../src/net/demo.js';
import type { Scenario } from '../../src/net/scenario.js';
import { startMockServer } from '../../src/net/server.js';
import { tryHandshake, type Outcome } from '../../src/net/trial.js';
import { signalingHandshake } from '../../src/protocol/messages.js';
import { signHandshake } from '../../src/protocol/signature.js';
import { readScenario } from '../../src/scenarios.js';
import type { SentHandshake } from '../../src/session/hybrids.js';
import { maskInPlace } from '../../src/session/redact.js';

const SIGNATURE = signHandshake(
  { clientId: DEMO.clientId, entityId: DEMO.entity.value, streamId: DEMO.streamId },
  DEMO.clientSecret,
);
const FIELDS = signalingHandshake({ entity: DEMO.entity, streamId: DEMO.streamId, signature: SIGNATURE });
const sent = (fields: object, more: Partial<SentHandshake> = {}): SentHandshake => ({
  bytes: Buffer.from(JSON.stringify(fields)),
  opcode: 'text',
  delayMs: 0,
  ...more,
});
const GOOD = sent(FIELDS);

interface Bisected {
  readonly facts: readonly string[];
  readonly attempts: readonly string[];
  /** Sockets that were open at the same time, at most. */
  readonly atOnce: number;
  readonly pauses: number;
}

const scenario: Scenario = {
  ...readScenario('silent-close'),
  script: [{ on: 'fault', times: 'every', after: 0, do: 'close', socket: 'this', code: 1000, reason: '' }],
};

async function bisect(
  failing: SentHandshake,
  good = GOOD,
  attempt?: (handshake: SentHandshake) => Outcome,
): Promise<Bisected> {
  const { clientId, clientSecret, entity, streamId } = DEMO;
  const stream = { product: 'meeting', entity, streamId } as const;
  await using mock = await startMockServer({ scenario, credentials: { clientId, clientSecret }, stream });
  const attempts: string[] = [];
  let [open, atOnce, pauses] = [0, 0, 0];
  const signal = new AbortController().signal;
  const options = { url: new URL(mock.url), dial: { timeoutMs: 5000 }, replyTimeoutMs: 5000, signal };
  const checks = await bisectHandshake(failing, good, {
    attempt: async (handshake) => {
      open += 1;
      atOnce = Math.max(atOnce, open);
      const outcome = attempt?.(handshake) ?? (await tryHandshake(handshake, options));
      open -= 1;
      return outcome;
    },
    server: 'mock',
    pause: () => Promise.resolve(void (pauses += 1)),
    onAttempt: (number, what) => attempts.push(`${number} ${what}`),
    signal,
  });
  const facts = checks.map(({ rule, ok, facts: { name, from, to, cause } }) =>
    rule === 'handshake-differs'
      ? `${String(name)}: ${String(from)} → ${String(to)}`
      : `${rule} ${ok} ${cause ?? ''}`.trim(),
  );
  return { facts, attempts, atOnce, pauses };
}

describe('against the mock, one difference decides:', () => {
  it.each<[string, SentHandshake, string]>([
    [
      'the signature',
      sent({ ...FIELDS, signature: SIGNATURE.toUpperCase(), sequence: 7 }),
      `signature: "${maskInPlace(SIGNATURE.toUpperCase())}" → "${maskInPlace(SIGNATURE)}"`,
    ],
    [
      'a field that is not there',
      sent({ ...FIELDS, protocol_version: undefined, extra: 1 }),
      'protocol_version: not there → 1',
    ],
    ['a type', sent({ ...FIELDS, msg_type: '1', sequence: 2 }), 'msg_type: "1" → 1'],
    [
      'bytes before the JSON',
      { ...GOOD, bytes: Buffer.concat([Buffer.from([1, 0, 0, 0, GOOD.bytes.length]), GOOD.bytes]), opcode: 'binary' },
      'framing: 5 bytes stand before the JSON: type 01, length 221, big-endian → one JSON text, nothing around it',
    ],
  ])('%s', async (_, failing, difference) => {
    const { facts, attempts, atOnce, pauses } = await bisect(failing);
    expect(facts).toEqual([difference, 'handshake-bisected true']);
    expect(attempts.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
    expect(pauses).toBe(attempts.length - 1);
    expect(atOnce).toBe(1);
  });

  it('or two together', async () => {
    const { facts } = await bisect(sent({ ...FIELDS, msg_type: '1', signature: 'x', sequence: 3 }));
    const signature = `signature: "x" → "${maskInPlace(SIGNATURE)}"`;
    expect(facts).toEqual(['msg_type: "1" → 1', signature, 'handshake-bisected true']);
  });
});

describe('there is nothing to find', () => {
  it('where the server takes it', async () => {
    const { facts, attempts } = await bisect(sent({ ...FIELDS, sequence: 5 }));
    expect(facts).toEqual(['handshake-bisected false accepted']);
    expect(attempts).toEqual(['1 your handshake, unchanged']);
  });

  it('where it takes the good one neither', async () => {
    const { facts, attempts } = await bisect(sent({}), sent({ ...FIELDS, rtms_stream_id: 'another' }));
    expect(facts).toEqual(['handshake-bisected false neither']);
    expect(attempts).toHaveLength(2);
  });

  it('where it cannot be reached', async () => {
    const { facts } = await bisect(sent({}), GOOD, () => ({ kind: 'unreachable', step: 'tcp' }));
    expect(facts).toEqual(['handshake-bisected false unreachable']);
  });
});

it('stays within its attempts, however many differences there are', async () => {
  const many = Object.fromEntries('abcdefghijklmnopqrstuvwxyz'.split('').map((name) => [name, 1]));
  const good = sent({ ...FIELDS, ...many });
  // Takes the whole only.
  const { facts, attempts } = await bisect(sent({}), good, ({ bytes }) =>
    Buffer.from(bytes).equals(Buffer.from(good.bytes))
      ? { kind: 'accepted' }
      : { kind: 'closed', code: 1000, reason: '' },
  );
  expect(attempts).toHaveLength(MOST_ATTEMPTS);
  expect(facts.at(-1)).toBe('handshake-bisected true');
});
