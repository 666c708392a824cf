/**
 * Every rule, in the order in which to mend what they find: what comes first can be the reason of what follows. And
 * what they come to together.
 */
import { accountUnverified } from './account-unverified.js';
import type { Timeline } from '../session/timeline.js';
import { addressFamily } from './address-family.js';
import { appType } from './app-type.js';
import { appUrlInvalid } from './app-url-invalid.js';
import { clientOutdated } from './client-outdated.js';
import { clockSkew } from './clock-skew.js';
import { explainClose } from './close/explain.js';
import { closedWithoutReply } from './closed-without-reply.js';
import { concurrencyLimited } from './concurrency-limited.js';
import { connectionLost } from './connection-lost.js';
import { credentialsConflict } from './credentials-conflict.js';
import { credentialsMissing } from './credentials-missing.js';
import { credentialsRefused } from './credentials-refused.js';
import { duplicateConnection } from './duplicate-connection.js';
import { endpointUnguarded } from './endpoint-unguarded.js';
import { endpointUnreachable } from './endpoint-unreachable.js';
import { entitlement } from './entitlement.js';
import { envFileMisread } from './env-file-misread.js';
import { envFileTracked } from './env-file-tracked.js';
import { eventMissing } from './event-missing.js';
import { failoverIgnored } from './failover-ignored.js';
import { handshakeDifference } from './handshake-difference.js';
import { handshakeFieldMisnamed } from './handshake-field-misnamed.js';
import { handshakeFieldMissing } from './handshake-field-missing.js';
import { handshakeFieldType } from './handshake-field-type.js';
import { handshakeIdMismatch } from './handshake-id-mismatch.js';
import { handshakeNotJson } from './handshake-not-json.js';
import { handshakeNotSent } from './handshake-not-sent.js';
import { handshakeRefused } from './handshake-refused.js';
import { handshakeUnanswered } from './handshake-unanswered.js';
import { handshakeWrongMessage } from './handshake-wrong-message.js';
import { hostApproval } from './host-approval.js';
import { installMismatch } from './install-mismatch.js';
import { installOutdated } from './install-outdated.js';
import { keepAliveUnanswered } from './keep-alive-unanswered.js';
import { manifestMalformed } from './manifest-malformed.js';
import { mediaNotOpened } from './media-not-opened.js';
import { mediaParamsInvalid } from './media-params-invalid.js';
import { mediaRefused } from './media-refused.js';
import { mediaSilent } from './media-silent.js';
import { mediaUrlMissing } from './media-url-missing.js';
import { meetingUnfit } from './meeting-unfit.js';
import { messageMalformed } from './message-malformed.js';
import { proxyIgnored } from './proxy-ignored.js';
import { readyMissing } from './ready-missing.js';
import { repliesNotRead } from './replies-not-read.js';
import { replyUnreadable } from './reply-unreadable.js';
import { restRefused } from './rest-refused.js';
import { rtmsNotStarted } from './rtms-not-started.js';
import { runRules, type Diagnosis, type Rule } from './rule.js';
import { runtimeUnsupported } from './runtime-unsupported.js';
import { scopeMissing } from './scope-missing.js';
import { scopeUnfit } from './scope-unfit.js';
import { scopeUnknown } from './scope-unknown.js';
import { sdkApiMissing } from './sdk-api-missing.js';
import { sdkOutdated } from './sdk-outdated.js';
import { secretMalformed } from './secret-malformed.js';
import { serverUrlInvalid } from './server-url-invalid.js';
import { settingOff } from './setting-off.js';
import { signatureMismatch } from './signature-mismatch.js';
import { signatureShape } from './signature-shape.js';
import { startMissing } from './start-missing.js';
import { streamStopped } from './stream-stopped.js';
import { tlsInspected } from './tls-inspected.js';
import { tokenUnusable } from './token-unusable.js';
import { unreachable } from './unreachable.js';
import { upgradeRefused } from './upgrade-refused.js';
import { webhookDuplicate } from './webhook-duplicate.js';
import { webhookFieldMissing } from './webhook-field-missing.js';
import { webhookNotJson } from './webhook-not-json.js';
import { webhookNotReceived } from './webhook-not-received.js';
import { webhookNotRtms } from './webhook-not-rtms.js';
import { webhookRefused } from './webhook-refused.js';
import { webhookSignatureMismatch } from './webhook-signature-mismatch.js';
import { webhookSlow } from './webhook-slow.js';
import { webhookStale } from './webhook-stale.js';
import { webhookUndelivered } from './webhook-undelivered.js';
import { webhookValidation } from './webhook-validation.js';

export const RULES: readonly Rule[] = [
  envFileMisread,
  envFileTracked,
  runtimeUnsupported,
  sdkOutdated,
  proxyIgnored,
  clockSkew,
  credentialsMissing,
  secretMalformed,
  credentialsConflict,
  tokenUnusable,
  manifestMalformed,
  appType,
  scopeMissing,
  scopeUnknown,
  scopeUnfit,
  sdkApiMissing,
  installMismatch,
  installOutdated,
  eventMissing,
  appUrlInvalid,
  webhookNotReceived,
  entitlement,
  settingOff,
  startMissing,
  hostApproval,
  accountUnverified,
  meetingUnfit,
  clientOutdated,
  restRefused,
  credentialsRefused,
  endpointUnreachable,
  webhookValidation,
  concurrencyLimited,
  webhookNotJson,
  webhookNotRtms,
  webhookFieldMissing,
  webhookSignatureMismatch,
  webhookRefused,
  webhookSlow,
  endpointUnguarded,
  webhookDuplicate,
  webhookUndelivered,
  rtmsNotStarted,
  serverUrlInvalid,
  unreachable,
  tlsInspected,
  addressFamily,
  upgradeRefused,
  handshakeNotSent,
  handshakeNotJson,
  handshakeWrongMessage,
  handshakeIdMismatch,
  signatureMismatch,
  signatureShape,
  handshakeFieldMisnamed,
  handshakeFieldMissing,
  handshakeFieldType,
  handshakeDifference,
  webhookStale,
  duplicateConnection,
  handshakeRefused,
  replyUnreadable,
  handshakeUnanswered,
  repliesNotRead,
  messageMalformed,
  keepAliveUnanswered,
  mediaUrlMissing,
  mediaNotOpened,
  mediaRefused,
  mediaParamsInvalid,
  readyMissing,
  mediaSilent,
  failoverIgnored,
  streamStopped,
  connectionLost,
  closedWithoutReply,
];

/** Those that judge what a client and its webhook endpoint do, and not what became of them: for who plays the server. */
export const CLIENT_RULES: readonly Rule[] = [
  webhookValidation,
  webhookRefused,
  webhookSlow,
  handshakeNotSent,
  handshakeNotJson,
  handshakeWrongMessage,
  signatureMismatch,
  signatureShape,
  handshakeFieldMisnamed,
  handshakeFieldMissing,
  handshakeFieldType,
  handshakeIdMismatch,
  handshakeRefused,
  keepAliveUnanswered,
  mediaRefused,
  readyMissing,
];

/** What the rules find, and what is left to suspect behind a close that none of them explains. */
export const diagnose = (timeline: Timeline, rules = RULES): Diagnosis =>
  explainClose(runRules(rules, timeline), timeline, rules);
