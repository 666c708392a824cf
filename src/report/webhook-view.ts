/**
 * Webhooks as they are received, as lines for a person: where to register, then a block for each with what it says,
 * whether its signature is right, and how it was answered. What is wrong with that is said by findings.
 */
import type { ChalkInstance } from 'chalk';
import { readMessageText } from '../protocol/framing.js';
import { decodeWebhook, relationTo, type Relation, type Webhook } from '../protocol/webhooks.js';
import type { CheckEvent, Facts, SessionEvent, WebhookEvent } from '../session/event.js';
import { webhookBytes } from '../session/message.js';
import { duration } from '../session/words.js';
import { clock, labelled, printable, shortId, size } from './text.js';

export interface WebhookViewOptions {
  readonly chalk: ChalkInstance;
  readonly columns: number;
  /** Unix ms at `t` 0. */
  readonly startedAt: number;
  /** With headers and body of each. */
  readonly verbose: boolean;
}

/** A webhook that was shown. */
interface Shown {
  readonly number: number;
  readonly at: number;
  readonly name: string;
  /** Left out of what is so long that two hundred of it are a burden. */
  readonly webhook: Webhook | undefined;
}

/** So many webhooks back it is still known what came. */
const MOST_KNOWN = 200;
const LONGEST_KNOWN = 64 * 1024;
/** Of the app's answer this much is shown. */
const MOST_OF_AN_ANSWER = 120;
const INDENT = 15;

const RELATIONS: Readonly<Record<Relation, readonly [label: string, text: string]>> = {
  retry: ['retry', 'the same webhook came before; act on it once'],
  failover: ['failover', 'the stream goes on at other server_urls: connect both sockets again'],
  'second-user': ['second user', "another user's stream of the same meeting, beside the first"],
};

/** Events in, lines out. One view per session: it knows what came before. */
export class WebhookView {
  readonly #options: WebhookViewOptions;
  readonly #known: Shown[] = [];

  constructor(options: WebhookViewOptions) {
    this.#options = options;
  }

  /** The lines for one event; none where there is nothing to show. */
  lines(event: SessionEvent, number: number): string[] {
    if (event.type === 'webhook') return this.#webhook(event, number);
    if (event.type !== 'check') return [];
    switch (event.rule) {
      case 'listening':
        return this.#listening(event.facts);
      case 'webhook-signature-mismatch':
        return this.#signature(event);
      case 'webhook-answer':
        return this.#answer(event);
      default:
        return [];
    }
  }

  #listening({ url, port, host, path, secretToken, forward, save }: Facts): string[] {
    const { chalk } = this.#options;
    const local = `http://${LOCAL_HOSTS.includes(String(host)) ? 'localhost' : new URL(String(url)).hostname}:${port}`;
    const known = typeof secretToken === 'string';
    const validation = forward === undefined ? 'cannot be answered' : 'is left to your app';
    const token = known ? secretToken : `${UNCHECKED} ${validation}; put ZOOM_SECRET_TOKEN into .env`;
    return [
      chalk.bold(`listening on ${url}`),
      ...this.#labelled('tunnel', `cloudflared tunnel --url ${local}`),
      ...this.#labelled('', `ngrok http ${local === `http://localhost:${port}` ? port : local}`),
      ...this.#labelled('register', `https://HOST-OF-THE-TUNNEL${path} as the event notification endpoint URL`),
      ...this.#labelled('Secret Token', token).map((line) => (known ? line : chalk.yellow(line))),
      ...(typeof forward === 'string' ? this.#labelled('forward', `to ${forward}`) : []),
      ...(typeof save === 'string' ? this.#labelled('save', `to ${save}`) : []),
      '',
    ];
  }

  #webhook(event: SessionEvent & WebhookEvent, number: number): string[] {
    const { chalk, startedAt, verbose } = this.#options;
    const bytes = webhookBytes(event);
    const webhook = decodeWebhook(readMessageText(bytes).value);
    const at = startedAt + event.t;
    const name = printable(webhook.event ?? 'no event name');
    const { streamId, eventTs } = webhook;
    const parts = [
      streamId === undefined ? '' : `stream ${shortId(streamId)}`,
      eventTs === undefined ? '' : `${duration(Math.max(0, at - eventTs))} old`,
      size(bytes.length),
    ];
    const detail = printable(parts.filter((part) => part !== '').join(', '));
    const relations = this.#known.map((known) => known.webhook && relationTo(known.webhook, webhook));
    const relation = relations.findLast((found) => found !== undefined);
    this.#known.push({ number, at, name, webhook: bytes.length > LONGEST_KNOWN ? undefined : webhook });
    if (this.#known.length > MOST_KNOWN) this.#known.shift();
    return [
      `← ${clock(at)} ${chalk.bold(name)}  ${chalk.dim(detail)}`,
      ...this.#sender(event.headers),
      ...(verbose ? this.#content(event) : []),
      ...(relation ? this.#labelled(...RELATIONS[relation]).map((line) => chalk.yellow(line)) : []),
    ];
  }

  /** As a tunnel or load balancer says. Anyone can say so: it is shown, never relied on. */
  #sender({ 'x-forwarded-for': client, 'x-forwarded-host': host }: WebhookEvent['headers']): string[] {
    const parts = [client ?? [], host === undefined ? [] : `through ${host}`].flat();
    return parts.length === 0 ? [] : this.#labelled('from', parts.join(' '));
  }

  #content({ headers, body }: WebhookEvent): string[] {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return [...lines, body].map((line) => this.#options.chalk.dim(`  ${printable(line)}`));
  }

  #signature({ ok, facts }: CheckEvent): string[] {
    if (ok) return this.#labelled('signature', 'right');
    const { cause, explanation } = facts;
    const odd = ODD_SIGNATURES[String(cause)];
    const why = typeof explanation === 'string' ? `: ${explanation.replace(/^yours is/, 'it is')}` : '';
    const lines = this.#labelled('signature', odd ?? `wrong${why}`);
    return odd === undefined ? this.#failed(lines) : lines.map((line) => this.#options.chalk.yellow(line));
  }

  #answer({ ok, frame, facts }: CheckEvent): string[] {
    const { status, ms, by, location, body, message, explanation } = facts;
    const answered = this.#known.findLast(({ number }) => number === frame);
    const isLast = answered === this.#known.at(-1);
    const parts = [
      status === 0 ? `no answer: ${message}` : `${status} after ${duration(Number(ms))}`,
      ...(answered && !isLast ? [`to ${answered.name} of ${clock(answered.at)}`] : []),
      ...(typeof location === 'string' ? [`leads to ${location}`] : []),
      ...(typeof explanation === 'string' ? [explanation] : []),
    ];
    const shown = typeof body === 'string' ? [`  ${shortened(body)}`] : [];
    const lines = this.#labelled(by === 'rtms' ? 'answered' : 'your app', [parts.join(', '), ...shown].join(''));
    return ok ? lines : this.#failed(lines);
  }

  #failed(lines: readonly string[]): string[] {
    return lines.map((line, index) => this.#options.chalk.red(index === 0 ? line.replace(/^ {2}/, '✖ ') : line));
  }

  #labelled(label: string, text: string): string[] {
    return labelled(label, text, { column: INDENT, columns: this.#options.columns });
  }
}

/** What a tunnel on this machine reaches as localhost. */
const LOCAL_HOSTS: readonly string[] = ['127.0.0.1', '0.0.0.0', '::', 'localhost'];

const UNCHECKED = 'none: signatures are not checked, and the URL validation';

const ODD_SIGNATURES: Readonly<Record<string, string>> = {
  unsigned: 'none: x-zm-signature is not there',
  stale: 'right, but too old: x-zm-request-timestamp is far from now',
};

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_OF_AN_ANSWER ? `${line.slice(0, MOST_OF_AN_ANSWER)}…` : line;
}
