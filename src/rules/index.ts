/** Every rule, in the order in which to mend what they find: what comes first can be the reason of what follows. */
import { closedWithoutReply } from './closed-without-reply.js';
import { connectionLost } from './connection-lost.js';
import { credentialsConflict } from './credentials-conflict.js';
import { handshakeFieldMisnamed } from './handshake-field-misnamed.js';
import { handshakeFieldMissing } from './handshake-field-missing.js';
import { handshakeFieldType } from './handshake-field-type.js';
import { handshakeIdMismatch } from './handshake-id-mismatch.js';
import { handshakeNotJson } from './handshake-not-json.js';
import { handshakeNotSent } from './handshake-not-sent.js';
import { handshakeRefused } from './handshake-refused.js';
import { handshakeUnanswered } from './handshake-unanswered.js';
import { handshakeWrongMessage } from './handshake-wrong-message.js';
import { keepAliveUnanswered } from './keep-alive-unanswered.js';
import { mediaRefused } from './media-refused.js';
import { mediaSilent } from './media-silent.js';
import { mediaUrlMissing } from './media-url-missing.js';
import { readyMissing } from './ready-missing.js';
import { replyUnreadable } from './reply-unreadable.js';
import { restRefused } from './rest-refused.js';
import { rtmsNotStarted } from './rtms-not-started.js';
import type { Rule } from './rule.js';
import { secretMalformed } from './secret-malformed.js';
import { serverUrlInvalid } from './server-url-invalid.js';
import { signatureMismatch } from './signature-mismatch.js';
import { signatureShape } from './signature-shape.js';
import { streamStopped } from './stream-stopped.js';
import { unreachable } from './unreachable.js';
import { upgradeRefused } from './upgrade-refused.js';
import { webhookDuplicate } from './webhook-duplicate.js';
import { webhookFieldMissing } from './webhook-field-missing.js';
import { webhookNotRtms } from './webhook-not-rtms.js';
import { webhookRefused } from './webhook-refused.js';
import { webhookSignatureMismatch } from './webhook-signature-mismatch.js';
import { webhookSlow } from './webhook-slow.js';
import { webhookStale } from './webhook-stale.js';
import { webhookValidation } from './webhook-validation.js';

export const RULES: readonly Rule[] = [
  secretMalformed,
  credentialsConflict,
  restRefused,
  webhookValidation,
  webhookNotRtms,
  webhookFieldMissing,
  webhookSignatureMismatch,
  webhookRefused,
  webhookSlow,
  webhookDuplicate,
  rtmsNotStarted,
  serverUrlInvalid,
  unreachable,
  upgradeRefused,
  handshakeNotSent,
  handshakeNotJson,
  handshakeWrongMessage,
  signatureMismatch,
  signatureShape,
  handshakeFieldMisnamed,
  handshakeFieldMissing,
  handshakeFieldType,
  handshakeIdMismatch,
  webhookStale,
  handshakeRefused,
  replyUnreadable,
  handshakeUnanswered,
  keepAliveUnanswered,
  mediaUrlMissing,
  mediaRefused,
  readyMissing,
  mediaSilent,
  streamStopped,
  connectionLost,
  closedWithoutReply,
];
