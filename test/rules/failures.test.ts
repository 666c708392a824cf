/**
 * The reported ways to fail, one row each, and the finding that must stand first for a session that fails so. The rows
 * are named as in the catalogue they were collected in: C webhooks, D signature, E framing, F signaling, G media
 * handshake, H media flow, I reconnection.
 */
import { describe, expect, it } from 'vitest';
import { STOP_REASON } from '../../src/protocol/codes.js';
import { stoppedWebhook } from '../../src/protocol/webhooks.js';
import { RULES } from '../../src/rules/index.js';
import { runRules, type Finding } from '../../src/rules/rule.js';
import { Timeline } from '../../src/session/timeline.js';
import { brief, diagnose } from './sessions.js';

const ROWS: readonly (readonly [row: string, session: string, first: string])[] = [
  ['B6', 'concurrency-limited.limited', 'concurrency-limited · limited'],
  ['B9', 'webhook-field-missing.server_urls', 'webhook-field-missing · server_urls'],

  ['C2', 'webhook-signature-mismatch.altered-body', 'webhook-signature-mismatch · altered-body'],
  ['C5', 'webhook-stale.old', 'webhook-stale · old · warn likely'],
  ['C9', 'handshake-field-missing.nested', 'handshake-field-missing · entity-id'],
  ['C10', 'server-url-invalid.array', 'server-url-invalid · array · warn certain'],
  ['C10', 'server-url-invalid.malformed', 'server-url-invalid · malformed'],
  ['C11', 'webhook-not-rtms.beta-name', 'webhook-not-rtms · beta-name · warn certain'],
  ['C12', 'handshake-id-mismatch.other-value', 'handshake-id-mismatch · other-value'],
  ['C13', 'webhook-duplicate.second-user', 'webhook-duplicate · second-user · warn certain'],

  ['D1', 'closed-without-reply.no-commas', 'signature-mismatch · no-delimiter'],
  ['D2', 'signature-mismatch.wrong-encoding', 'signature-mismatch · wrong-encoding'],
  ['D2', 'signature-shape.base64', 'signature-shape · base64'],
  ['D3', 'signature-mismatch.wrong-key', 'signature-mismatch · wrong-key'],
  ['D4', 'signature-mismatch.altered-id', 'signature-mismatch · altered-id'],
  ['D4', 'handshake-id-mismatch.encoded', 'handshake-id-mismatch · encoded'],
  ['D5', 'signature-mismatch.wrong-id', 'signature-mismatch · wrong-id'],
  ['D6', 'signature-mismatch.part-missing', 'signature-mismatch · part-missing'],
  ['D7', 'handshake-field-type.meeting-number', 'handshake-field-type · meeting-number'],
  ['D8', 'signature-mismatch.stray-whitespace', 'signature-mismatch · stray-whitespace'],
  ['D9', 'signature-mismatch.unknown', 'signature-mismatch · unknown'],

  ['E1', 'handshake-not-json.binary-prefix', 'handshake-not-json · binary-prefix'],
  ['E1', 'handshake-not-json.protobuf', 'handshake-not-json · protobuf'],
  ['E2', 'handshake-field-type.msg_type', 'handshake-field-type · msg_type'],
  [
    'E3',
    'handshake-field-missing.protocol_version',
    'handshake-field-missing · protocol_version · warn likely',
  ],
  ['E3', 'handshake-field-misnamed', 'handshake-field-misnamed'],
  ['E4', 'handshake-not-json.typographic-quotes', 'handshake-not-json · typographic-quotes'],
  ['E5', 'handshake-not-sent.signaling', 'handshake-not-sent · signaling'],
  ['E6', 'handshake-not-json.double-encoded', 'handshake-not-json · double-encoded'],

  ['F1', 'replies-not-read.binary', 'replies-not-read · binary · fail likely'],
  ['F2', 'handshake-refused.invalid-signature', 'handshake-refused · invalid-signature'],
  ['F2', 'handshake-refused.invalid-signature-beta', 'handshake-refused · invalid-signature'],
  ['F3', 'duplicate-connection.two-open', 'duplicate-connection · two-open'],
  ['F3', 'duplicate-connection.two-open-beta', 'duplicate-connection · two-open'],
  ['F4', 'duplicate-connection.first-try', 'handshake-refused · duplicate-signal-request'],
  ['F5', 'media-not-opened', 'media-not-opened · warn likely'],
  ['F6', 'replies-not-read.text', 'replies-not-read · text · fail likely'],
  ['F7', 'keep-alive-unanswered.signaling-unread', 'keep-alive-unanswered · signaling-unread'],
  ['F8', 'message-malformed.field-missing', 'message-malformed · field-missing'],
  ['F8', 'message-malformed.field-missing-in-item', 'message-malformed · field-missing'],
  ['F8', 'message-malformed.subscription-form', 'message-malformed · subscription-form · fail likely'],

  ['G1', 'media-params-invalid.combination-disputed', 'media-params-invalid · combination · fail likely'],
  ['G1', 'media-refused.invalid-media-audio-params', 'media-refused · invalid-media-audio-params'],
  ['G1', 'media-params-invalid.content-type', 'media-params-invalid · content-type · warn possible'],
  ['G2', 'media-params-invalid.combination-audio', 'media-params-invalid · combination'],
  ['G3', 'media-params-invalid.combination', 'media-params-invalid · combination'],
  ['G4', 'media-params-invalid.name-or-unit', 'media-params-invalid · name-or-unit'],
  ['G4', 'media-refused.invalid-media-audio-sample-rate', 'media-refused · invalid-media-audio-sample-rate'],
  ['G5', 'media-params-invalid.media-type', 'media-params-invalid · media-type'],
  ['G5', 'media-params-invalid.combined-mask', 'media-params-invalid · combined-mask · warn likely'],
  ['G6', 'duplicate-connection.all-and-single', 'duplicate-connection · all-and-single'],
  ['G6', 'duplicate-connection.media', 'duplicate-connection · two-open'],
  ['G7', 'handshake-wrong-message.media', 'handshake-wrong-message · media'],
  ['G7', 'message-malformed.wrong-socket-handshake', 'message-malformed · wrong-socket'],
  ['G8', 'media-params-invalid.misnamed-language', 'media-params-invalid · misnamed · warn likely'],
  ['G9', 'unreachable.media', 'unreachable · tls'],

  ['H1', 'ready-missing.not-sent', 'ready-missing · not-sent'],
  ['H1', 'ready-missing.wrong-socket', 'ready-missing · wrong-socket'],
  ['H3', 'media-silent.nothing-sent', 'media-silent · nothing-sent · warn possible'],
  ['H6', 'media-silent.no-subscription', 'media-silent · no-subscription · warn possible'],
  ['H13', 'keep-alive-unanswered.unanswered', 'keep-alive-unanswered · unanswered'],
  ['H13', 'stream-stopped.keep-alive-timeout', 'stream-stopped · keep-alive-timeout'],
  ['H14', 'keep-alive-unanswered.no-timestamp', 'keep-alive-unanswered · no-timestamp · warn likely'],
  ['H14', 'keep-alive-unanswered.wrong-socket', 'keep-alive-unanswered · wrong-socket'],
  ['H14', 'message-malformed.server-message', 'message-malformed · server-message · warn certain'],

  ['I1', 'connection-lost.window-missed', 'connection-lost · window-missed · fail likely'],
  ['I1', 'stream-stopped.await-reconnection-timeout', 'stream-stopped · await-reconnection-timeout'],
  ['I2', 'failover-ignored.failover', 'failover-ignored · failover'],
  ['I3', 'failover-ignored.interrupted', 'failover-ignored · interrupted'],
  ['I4', 'failover-ignored.media', 'failover-ignored · media'],
  ['I4', 'connection-lost.media', 'connection-lost · media'],
  ['I5', 'connection-lost.signaling-1000', 'connection-lost · signaling · warn likely'],
  ['I6', 'duplicate-connection.thrown-out', 'duplicate-connection · two-open · fail likely'],
];

/** As a report has it: the symptom is its heading, and the first of the others is what to mend. */
function firstOf(findings: readonly Finding[]): Finding | undefined {
  const symptoms = RULES.flatMap(({ id, symptom }) => (symptom === true ? [id] : []));
  return findings.find(({ rule }) => !symptoms.includes(rule)) ?? findings[0];
}

describe('a reported failure', () => {
  it.each(ROWS)('%s: %s is found first', (_, session, first) => {
    const finding = firstOf(diagnose(session).findings);
    expect(finding && brief(finding)).toBe(first);
  });
});

/** What someone wished, what forbids it, and what is a fault; `undefined` for what no table has. */
const STOPS: Readonly<Record<'pass' | 'warn' | 'fail', readonly number[]>> = {
  pass: [0, 1, 2, 3, 4, 5, 6, 7, 9, 20, 21, 22, 25],
  warn: [8, 27, 99],
  fail: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 23, 24, 26],
};

describe('a stop reason', () => {
  const entity = { field: 'meeting_uuid', value: 'RE/HWbQ7QESDTyweZXDZtA==' } as const;
  const header = { rtms: 1, tool: 'rtms 0', command: 'listen', startedAt: '2026-11-23T22:14:00.000Z' } as const;
  const cases = Object.entries(STOPS).flatMap(([status, reasons]) => reasons.map((reason) => [reason, status] as const));

  it.each(cases)('%i is a %s', (stopReason, expected) => {
    const stopped = { product: 'meeting', entity, streamId: 's', eventTs: 1795472036000, stopReason } as const;
    const body = JSON.stringify(stoppedWebhook(stopped));
    const { results } = runRules(RULES, new Timeline(header, [{ t: 0, type: 'webhook', headers: {}, body }]));
    expect(results.find(({ rule }) => rule === 'stream-stopped')?.status).toBe(expected);
  });

  it('that is documented is in the table', () => {
    const known = Object.values(STOP_REASON).map(({ value }) => value);
    expect(Object.values(STOPS).flat()).toEqual(expect.arrayContaining(known));
  });
});

describe("a close with 1000 on someone else's client, and nothing else", () => {
  it('is all that is certain', () => {
    const { findings } = diagnose('closed-without-reply.foreign');
    expect(findings.filter(({ certainty }) => certainty === 'certain').map(brief)).toEqual([
      'closed-without-reply · closed',
    ]);
  });
});
