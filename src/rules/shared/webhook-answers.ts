/** The answers an endpoint gave to webhooks, told apart by what was asked. It judges none of them. */
import type { CheckEvent } from '../../session/event.js';
import type { Entry, Timeline, WebhookEntry } from '../../session/timeline.js';
import type { Evidence } from '../rule.js';
import { checksFor, factOf } from './checks.js';

export interface WebhookAnswer {
  readonly check: Entry<CheckEvent>;
  readonly webhook: WebhookEntry;
  /** The webhook in words: its event name, if it has one. */
  readonly name: string;
  /** 0 where none came. */
  readonly status: number;
  readonly ms: number;
  /** What is wrong with it, as established where it was seen. `no-answer`: the app was reached, and kept silent. */
  readonly cause: string | undefined;
  /** Given by rtms itself, not by the app. */
  readonly isOwn: boolean;
  /** Given by the app, while Zoom had its answer from rtms. */
  readonly isShielded: boolean;
}

/** The answers to events, or those to URL validations, oldest first. Of an app that was late the last word counts. */
export function webhookAnswers(timeline: Timeline, asked: 'event' | 'validation'): WebhookAnswer[] {
  const webhooks = new Map(timeline.webhooks.map((entry) => [entry.number, entry]));
  const last = new Map(checksFor(timeline, 'webhook-answer').map((check) => [giverOf(check), check]));
  return [...last.values()].flatMap((check) => {
    const webhook = webhooks.get(check.event.frame ?? 0);
    if (!webhook || (webhook.webhook.kind === 'url-validation') !== (asked === 'validation')) return [];
    const [status, ms] = [Number(factOf(check, 'status') ?? 0), Number(factOf(check, 'ms') ?? 0)];
    const name = webhook.webhook.event ?? 'a webhook';
    const isOwn = isOurs(check);
    const isShielded = !isOwn && last.has(giver(webhook.number, true));
    return [{ check, webhook, name, status, ms, cause: factOf(check, 'cause'), isOwn, isShielded }];
  });
}

const giver = (webhook: number, isOwn: boolean): string => `${webhook} ${isOwn}`;
const isOurs = (check: Entry<CheckEvent>): boolean => factOf(check, 'by') === 'rtms';
const giverOf = (check: Entry<CheckEvent>): string => giver(check.event.frame ?? 0, isOurs(check));

/** Zoom learns nothing of an answer where rtms gave one in the app's place. */
export const zoomSends = ({ isShielded }: WebhookAnswer): string =>
  isShielded ? 'registered directly, Zoom would send' : 'Zoom sends';

/** Whose answer it was, where there were two. */
export const byWhom = ({ isShielded }: WebhookAnswer): string => (isShielded ? ' by your app' : '');

/** Whether a webhook came by itself, so that nobody chose it to connect from. */
export const wasReceived = (timeline: Timeline, { number }: WebhookEntry): boolean =>
  checksFor(timeline, 'webhook-answer').some(({ event }) => event.frame === number);

/** Whether rtms sent it to see what is answered: that says nothing of what Zoom sends. */
export const wasAsked = (timeline: Timeline, { number }: WebhookEntry): boolean =>
  checksFor(timeline, 'webhook-answer').some(
    (check) => check.event.frame === number && factOf(check, 'asker') === 'rtms',
  );

/** The webhook, and what was answered to it. */
export function answerEvidence({ check, webhook, status }: WebhookAnswer): Evidence[] {
  const said = status === 0 ? [factOf(check, 'code'), factOf(check, 'message')] : [`answered ${status}`];
  const body = factOf(check, 'body');
  return [
    { event: webhook.number, path: webhook.webhook.path['event'] ?? '$' },
    { event: check.number, note: [...said, ...(body ? [`body ${body}`] : [])].filter(Boolean).join(': ') },
  ];
}

/** What is to be done where no answer came, by the system's code. */
const UNREACHABLE: readonly (readonly [code: RegExp, fix: string])[] = [
  [/^ECONNREFUSED$/, 'start the app, and compare its host and port with the URL: nothing listens there'],
  [/^ECONNRESET$/, 'read in the log of the app why it dropped the connection: a crash, most often'],
  [/^ENOTFOUND$/, 'compare the host name letter by letter: it has no address'],
  [/CERT|SSL|TLS|EPROTO/, 'use the http:// port of the app, or trust its certificate with NODE_EXTRA_CA_CERTS=FILE'],
];

export const connectionFix = ({ check }: WebhookAnswer): string | undefined =>
  UNREACHABLE.find(([code]) => code.test(factOf(check, 'code') ?? ''))?.[1];

/** ` and 2 more`, where it happened oftener than once. */
export const andMore = ({ length }: readonly unknown[]): string => (length > 1 ? ` (and ${length - 1} more)` : '');
