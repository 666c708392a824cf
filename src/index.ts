/** The library: what other programs may import. The command line is bin/rtms.js. */
export {
  handshakeMessage,
  signHandshake,
  signWebhook,
  verifyWebhook,
  answerUrlValidation,
  type SignatureParts,
} from './protocol/signature.js';
export { decodeMessage, type Message } from './protocol/messages.js';
export { decodeWebhook, type Webhook, type Entity, type Product } from './protocol/webhooks.js';
export type { SessionEvent, SessionHeader } from './session/event.js';
export { parseRecording, type Recording } from './session/jsonl.js';
export { Timeline } from './session/timeline.js';
export { RULES } from './rules/index.js';
export { runRules, type Diagnosis, type Finding, type Rule } from './rules/rule.js';
