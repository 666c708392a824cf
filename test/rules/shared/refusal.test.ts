/** What to do about a refused signature depends on whether ours matched. */
import { expect, it } from 'vitest';
import { handshakeRefused } from '../../../src/rules/handshake-refused.js';
import { runRules } from '../../../src/rules/rule.js';
import type { SessionEvent } from '../../../src/session/event.js';
import { frameEvent } from '../../../src/session/message.js';
import { Timeline } from '../../../src/session/timeline.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'test', startedAt: '2026-11-23T22:14:00.000Z' } as const;
const OTHER_SECRET = /checks with another/;

function fixFor(answer: object, matched: boolean): string | undefined {
  const frame = frameEvent('signaling', 'in', 'text', Buffer.from(JSON.stringify({ msg_type: 2, ...answer })));
  const check = { type: 'check', rule: 'signature-mismatch', ok: matched, facts: {} } as const;
  const events: SessionEvent[] = [frame, check].map((body, t) => ({ t, ...body }));
  return runRules([handshakeRefused], new Timeline(HEADER, events)).findings[0]?.fix;
}

it.each([
  ['status 3', { status_code: 3, reason: '' }],
  ['the beta status', { status_code: 15, reason: 'invalid signature' }],
  ['the words of the mock server', { reason: 'Invalid signature' }],
])('%s: another secret where ours matched, a recomputation where it did not', (_, answer) => {
  expect(fixFor(answer, true)).toMatch(OTHER_SECRET);
  expect(fixFor(answer, false)).toMatch(/rtms sign --explain/);
});

it.each([
  ['another status', { status_code: 4, reason: '' }],
  ['other words', { reason: 'Missing required fields' }],
])('%s has nothing to do with the secret', (_, answer) => {
  expect(fixFor(answer, true)).not.toMatch(OTHER_SECRET);
});
