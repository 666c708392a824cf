/** The account has room for another stream, by the webhooks in which Zoom says otherwise. */
import { DOCS } from '../protocol/docs.js';
import { isObject } from '../protocol/json.js';
import type { WebhookEntry } from '../session/timeline.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { shown } from './shared/words.js';

interface Notice {
  readonly name: RegExp;
  readonly cause: string;
  readonly status: 'warn' | 'fail';
  /** `figures` is what the payload says, in parentheses, or nothing. */
  readonly message: (figures: string) => string;
  /** Fields of the payload worth telling, best first; those of a failed start are not documented. */
  readonly fields: readonly string[];
  readonly fix: string;
}

const FIGURES = ['concurrency_number', 'concurrency_limit', 'percentage'];

/** https://developers.zoom.us/docs/api/rtms/events/; the older name of the first has `meeting.` before it. */
const NOTICES: readonly Notice[] = [
  {
    name: /\brtms[._]concurrency_limited$/,
    cause: 'limited',
    status: 'fail',
    message: (figures) => `the account is at its limit of concurrent streams${figures}; Zoom starts no further one`,
    fields: FIGURES,
    fix: 'end streams that are not needed (21, or stop by REST), or raise the limit of the Developer Pack',
  },
  {
    name: /\brtms[._]concurrency_near_limit$/,
    cause: 'near-limit',
    status: 'warn',
    message: (figures) => `the account is near its limit of concurrent streams${figures}`,
    fields: FIGURES,
    fix: 'end streams that are not needed, or raise the limit before new ones are refused',
  },
  {
    name: /\brtms[._]start_failed$/,
    cause: 'start-failed',
    status: 'fail',
    message: (figures) => `Zoom could not start a stream${figures}`,
    fields: ['reason', 'error_message', 'message', 'error_code'],
    fix: 'check the plan, the limit and the rights of the user who starts it: rtms doctor',
  },
];

export const concurrencyLimited = defineRule({
  id: 'concurrency-limited',
  section: 'Account settings',
  title: 'the account has room for another stream',
  failureTitle: 'the account has no room for another stream',
  why: 'At the limit new streams do not start, and no socket tells so: the webhook is the only sign.',
  docs: DOCS.rtmsWebhooks,
  needs: ['webhook'],
  check: ({ webhooks }) => {
    // The newest of a kind says how things stand.
    const verdicts = NOTICES.flatMap((notice) => {
      const entry = webhooks.findLast(({ webhook }) => notice.name.test(webhook.event ?? ''));
      return entry ? [verdict(notice, entry)] : [];
    });
    return verdicts.length > 0 ? verdicts : undefined;
  },
});

function verdict({ cause, status, message, fields, fix }: Notice, { number, webhook }: WebhookEntry): Verdict {
  const given = fields.flatMap((name): [name: string, text: string][] => {
    const value = payloadOf(webhook.raw)[name];
    return value === undefined ? [] : [[name, `${name} ${shown(value)}`]];
  });
  const figures = given.length > 0 ? ` (${given.map(([, text]) => text).join(', ')})` : '';
  const evidence: Evidence[] = given.map(([name]) => ({ event: number, path: `$.payload.${name}` }));
  return {
    status,
    certainty: 'certain',
    cause,
    message: message(figures),
    evidence: evidence.length > 0 ? evidence : [{ event: number, path: webhook.path['event'] ?? '$.event' }],
    fix,
  };
}

function payloadOf(raw: unknown): Readonly<Record<string, unknown>> {
  const payload = isObject(raw) ? raw['payload'] : undefined;
  if (!isObject(payload)) return {};
  return isObject(payload['object']) ? { ...payload['object'], ...payload } : payload;
}
