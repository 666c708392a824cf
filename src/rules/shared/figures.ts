/** What the payload of a webhook says beside its name, in the fields worth telling. */
import { isObject } from '../../protocol/json.js';
import type { WebhookEntry } from '../../session/timeline.js';
import type { Evidence } from '../rule.js';
import { shown } from './words.js';

interface Figures {
  /** ` (concurrency_number 5, …)`, or nothing. */
  readonly words: string;
  /** Their places; without any, that of the name. */
  readonly evidence: readonly Evidence[];
}

export function figuresOf({ number, webhook }: WebhookEntry, fields: readonly string[]): Figures {
  const payload = payloadOf(webhook.raw);
  const given = fields.filter((name) => payload[name] !== undefined);
  const words = given.map((name) => `${name} ${shown(payload[name])}`).join(', ');
  const paths = given.length > 0 ? given.map((name) => `$.payload.${name}`) : [webhook.path['event'] ?? '$.event'];
  return { words: words === '' ? '' : ` (${words})`, evidence: paths.map((path) => ({ event: number, path })) };
}

function payloadOf(raw: unknown): Readonly<Record<string, unknown>> {
  const payload = isObject(raw) ? raw['payload'] : undefined;
  if (!isObject(payload)) return {};
  return isObject(payload['object']) ? { ...payload['object'], ...payload } : payload;
}
