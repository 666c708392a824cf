/**
 * The reported ways to fail, one row each, and the finding that must stand first for a session that fails so. The rows
 * are named as in the catalogue they were collected in: A app and scopes, B account settings, C webhooks, D signature,
 * E framing, F signaling, G media handshake, H media flow, I reconnection, K starting by REST, L SDK and runtime.
 */
import { describe, expect, it } from 'vitest';
import { STOP_REASON } from '../../src/protocol/codes.js';
import { stoppedWebhook } from '../../src/protocol/webhooks.js';
import { diagnose, RULES } from '../../src/rules/index.js';
import { answerEvent } from '../../src/rules/questions/questions.js';
import type { Finding } from '../../src/rules/rule.js';
import { Timeline } from '../../src/session/timeline.js';
import { brief, readSession } from './sessions.js';

const timelineOf = (session: string): Timeline => {
  const { header, events } = readSession(session);
  return new Timeline(header, events);
};

const ROWS: readonly (readonly [row: string, session: string, first: string])[] = [
  ['A1', 'scope-unknown.invented', 'scope-unknown · invented · fail likely'],
  ['A2', 'app-type.server-to-server', 'app-type · server-to-server · fail likely'],
  ['A2', 'app-type.general-admin', 'app-type · general-admin'],
  ['A3', 'event-missing.started', 'event-missing · started'],
  ['A4', 'install-outdated.not-granted', 'install-outdated · not-granted · fail likely'],
  ['A8', 'rest-refused.invalid-manifest', 'rest-refused · invalid-manifest'],
  ['A7', 'scope-missing.audio', 'scope-missing · audio'],
  ['A7', 'media-url-missing.audio', 'media-url-missing · audio'],
  ['A7', 'media-refused.media-type-audio-not-support', 'media-refused · media-type-audio-not-support'],
  ['B2', 'rtms-not-started', 'rtms-not-started'],
  ['B4', 'rest-refused.2310', 'rest-refused · 2310'],
  ['B6', 'concurrency-limited.limited', 'concurrency-limited · limited'],
  ['B9', 'webhook-field-missing.server_urls', 'webhook-field-missing · server_urls'],

  ['C1', 'webhook-validation.wrong-key', 'webhook-validation · wrong-key'],
  ['C1', 'webhook-validation.wrong-body', 'webhook-validation · wrong-body'],
  ['C2', 'webhook-refused.unauthorized', 'webhook-refused · unauthorized'],
  ['C2', 'webhook-signature-mismatch.altered-body', 'webhook-signature-mismatch · altered-body'],
  ['C3', 'webhook-validation.no-answer', 'webhook-validation · no-answer'],
  ['C4', 'webhook-duplicate.again', 'webhook-duplicate · retry · warn certain'],
  ['C4', 'webhook-slow.late', 'webhook-slow · late'],
  ['C5', 'webhook-stale.old', 'webhook-stale · old · warn likely'],
  ['C7', 'webhook-slow.no-answer', 'webhook-slow · no-answer'],
  ['C8', 'app-url-invalid.tunnel', 'app-url-invalid · tunnel · warn possible'],
  ['C8', 'webhook-refused.unreachable', 'webhook-refused · unreachable'],
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
  ['D8', 'credentials-conflict.sdk-override', 'credentials-conflict · sdk-override'],
  ['D8', 'env-file-misread.hash', 'env-file-misread · hash'],

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
  ['F8', 'message-malformed.field-missing', 'message-malformed · field-missing · fail likely'],
  ['F8', 'message-malformed.field-missing-in-item', 'message-malformed · field-missing · fail likely'],
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

  ['K1', 'rest-refused.2308', 'rest-refused · 2308'],
  ['K2', 'rest-refused.2310', 'rest-refused · 2310'],
  ['K3', 'rest-refused.13262', 'rest-refused · 13262'],
  ['K4', 'rest-refused.3000', 'rest-refused · 3000'],
  ['K5', 'rest-refused.http-404', 'rest-refused · http-404'],
  ['K6', 'rest-refused.http-405', 'rest-refused · http-405'],
  ['K7', 'start-missing.accepted-only', 'start-missing · accepted-only · warn likely'],

  ['L1', 'runtime-unsupported.node', 'runtime-unsupported · node · fail likely'],
  ['L3', 'sdk-outdated', 'sdk-outdated · before-1.1.0 · warn certain'],
  ['L4', 'sdk-outdated', 'sdk-outdated · before-1.1.0 · warn certain'],
  ['L5', 'sdk-outdated', 'sdk-outdated · before-1.1.0 · warn certain'],
  ['L6', 'runtime-unsupported.platform', 'runtime-unsupported · platform · fail likely'],
  ['L8', 'sdk-outdated', 'sdk-outdated · before-1.1.0 · warn certain'],
];

/** What no wire shows, and a person says. */
const TOLD: readonly (readonly [row: string, answers: Readonly<Record<string, string>>, first: string])[] = [
  ['A1', { 'scopes-page': 'nothing', 'app-kind': 'general-user' }, 'entitlement · scopes-not-offered · fail likely'],
  ['A1', { 'scopes-page': 'classic' }, 'scope-unfit · classic · fail likely'],
  ['A2', { product: 'meeting', 'app-kind': 'server-to-server' }, 'app-type · server-to-server · fail likely'],
  ['A3', { 'event-subscription': 'not-ticked' }, 'event-missing · started · fail likely'],
  ['A4', { 'added-again': 'no' }, 'install-outdated · not-added-again · fail likely'],
  ['A5', { 'external-access': 'development' }, 'install-mismatch · development-only · fail likely'],
  ['A6', { 'credentials-version': 'other-version' }, 'install-mismatch · other-version · fail likely'],
  ['B1', { 'sharing-setting': 'off' }, 'setting-off · sharing-off · fail likely'],
  ['B1', { 'sharing-setting': 'not-shown' }, 'setting-off · sharing-hidden · fail likely'],
  ['B2', { 'start-method': 'nothing' }, 'start-missing · nobody · fail likely'],
  ['B2', { 'auto-start-list': 'not-listed' }, 'setting-off · auto-start-missing · fail likely'],
  ['B3', { 'developer-pack': 'none' }, 'entitlement · none · fail likely'],
  ['B3', { 'account-verified': 'no' }, 'account-unverified · not-verified · fail likely'],
  ['B4', { 'developer-pack': 'trial-expired', 'rest-answer': '2310' }, 'entitlement · trial-expired · fail likely'],
  ['B5', { 'host-approval': 'dismissed' }, 'host-approval · dismissed · fail likely'],
  ['B7', { 'meeting-kind': 'breakout' }, 'meeting-unfit · breakout · warn likely'],
  ['B8', { 'client-version': 'before-6.4.10' }, 'client-outdated · start · warn likely'],
  ['C3', { 'url-validated': 'failed' }, 'webhook-not-received · not-validated · fail likely'],
  ['C6', { 'webhook-endpoint': 'websocket' }, 'webhook-not-received · websocket-missed · warn likely'],
  ['C8', { 'webhook-endpoint': 'new-tunnel' }, 'webhook-not-received · tunnel-changed · fail likely'],
  ['C8', { 'webhook-endpoint': 'load-balancer' }, 'webhook-not-received · health-check · warn possible'],
  ['I6', { 'other-client': 'yes' }, 'duplicate-connection · other-client · warn likely'],
  ['K3', { 'rest-answer': '13262' }, 'rest-refused · 13262 · fail likely'],
  ['K7', { symptom: 'rest-accepted' }, 'start-missing · accepted-only · warn likely'],
];

/** As a report has it: the symptom is its heading, and the first of the others is what to mend. */
function firstOf(findings: readonly Finding[]): Finding | undefined {
  const symptoms = RULES.flatMap(({ id, symptom }) => (symptom === true ? [id] : []));
  return findings.find(({ rule }) => !symptoms.includes(rule)) ?? findings[0];
}

describe('a reported failure', () => {
  it.each(ROWS)('%s: %s is found first', (_, session, first) => {
    const finding = firstOf(diagnose(timelineOf(session)).findings);
    expect(finding && brief(finding)).toBe(first);
  });
});

describe('a reported failure that only a person can tell', () => {
  it.each(TOLD)('%s: %j', (_, answers, first) => {
    const header = { rtms: 1, tool: 'rtms 0', command: 'doctor', startedAt: '' } as const;
    const events = Object.entries(answers).map(([question, answer]) => ({ t: 0, ...answerEvent(question, answer) }));
    const { findings } = diagnose(new Timeline(header, events));
    expect(findings.map(brief)[0]).toBe(first);
    expect(findings.filter(({ certainty }) => certainty === 'certain')).toEqual([]);
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
    const { results } = diagnose(new Timeline(header, [{ t: 0, type: 'webhook', headers: {}, body }]));
    expect(results.find(({ rule }) => rule === 'stream-stopped')?.status).toBe(expected);
  });

  it('that is documented is in the table', () => {
    const known = Object.values(STOP_REASON).map(({ value }) => value);
    expect(Object.values(STOPS).flat()).toEqual(expect.arrayContaining(known));
  });
});

describe("a close with 1000 on someone else's client, and nothing else", () => {
  it('is all that is certain', () => {
    const { findings } = diagnose(timelineOf('closed-without-reply.foreign'));
    expect(findings.filter(({ certainty }) => certainty === 'certain').map(brief)).toEqual([
      'closed-without-reply · closed',
    ]);
  });
});
