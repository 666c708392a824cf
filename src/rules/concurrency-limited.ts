/** The account has room for another stream, by the webhooks in which Zoom says otherwise. */
import { DOCS } from '../protocol/docs.js';
import type { WebhookEntry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { figuresOf } from './shared/figures.js';

interface Notice {
  readonly name: RegExp;
  readonly cause: string;
  readonly status: 'warn' | 'fail';
  /** `figures` is what the payload says, in parentheses, or nothing. */
  readonly message: (figures: string) => string;
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
    fix: 'end streams that are not needed (21, or stop by REST), or raise the limit of the Developer Pack',
  },
  {
    name: /\brtms[._]concurrency_near_limit$/,
    cause: 'near-limit',
    status: 'warn',
    message: (figures) => `the account is near its limit of concurrent streams${figures}`,
    fix: 'end streams that are not needed, or raise the limit before new ones are refused',
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

function verdict({ cause, status, message, fix }: Notice, entry: WebhookEntry): Verdict {
  const { words, evidence } = figuresOf(entry, FIGURES);
  return { status, certainty: 'certain', cause, message: message(words), evidence, fix };
}
