/**
 * Connects to the streams that webhooks announce: one at a time, since a recording tells sockets apart by their names
 * alone, and anew where Zoom moves or loses one. All that happens goes into the log; nothing is judged.
 */
import { converse, type ConversationOptions } from './conversation.js';
import type { WebhookRequest } from './net/receiver.js';
import type { Terms } from './plan.js';
import { relationTo, type Webhook } from './protocol/webhooks.js';
import type { SessionLog } from './session/log.js';

/** What holds for every stream. */
export type FollowerTerms = Terms & Pick<ConversationOptions, 'insecure' | 'allowHost'>;

/** A started webhook with its body. */
interface Start {
  readonly webhook: Webhook;
  readonly body: string;
}

/** Zoom repeats a webhook for an hour and a half; a machine that sees more starts in that time does not debug. */
const MOST_REMEMBERED = 100;

export class Follower {
  readonly #terms: FollowerTerms;
  readonly #log: SessionLog;
  readonly #signal: AbortSignal;
  readonly #onEnd: () => void;
  /** Every start that came, acted on or not. */
  #starts: readonly Webhook[] = [];
  /** The one that was acted on. */
  #last: Start | undefined;
  /** Of the conversation that runs. */
  #stop: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();

  /** `onEnd` runs when a conversation has ended and none takes its place; `signal` ends all. */
  constructor(terms: FollowerTerms, log: SessionLog, signal: AbortSignal, onEnd: () => void) {
    this.#terms = terms;
    this.#log = log;
    this.#signal = signal;
    this.#onEnd = onEnd;
  }

  /**
   * Does what a webhook asks for: connect, connect again, or leave. One whose signature is wrong may be from anyone; one
   * without is let through, since Zoom's mock server signs none.
   */
  take({ webhook, body, verified }: WebhookRequest): void {
    const isOwn = webhook.streamId !== undefined && webhook.streamId === this.#last?.webhook.streamId;
    if (verified === false) {
      if (webhook.kind === 'started') this.#note('not connected: the signature of this start does not hold');
    } else if (webhook.kind === 'started') {
      this.#start({ webhook, body: body.toString('utf8') });
    } else if (webhook.kind === 'interrupted' && isOwn) {
      this.#again(webhook);
    } else if (webhook.kind === 'stopped' && isOwn) {
      this.#stop?.abort();
    }
  }

  /** Resolves when no conversation runs. */
  settled(): Promise<void> {
    return this.#done;
  }

  #start(start: Start): void {
    const isRetry = this.#starts.some((earlier) => relationTo(earlier, start.webhook) === 'retry');
    const relation = this.#last && relationTo(this.#last.webhook, start.webhook);
    this.#starts = [...this.#starts, start.webhook].slice(-MOST_REMEMBERED);
    if (isRetry) {
      this.#note('not connected again: this start came before');
    } else if (this.#stop && relation !== 'failover') {
      this.#note('not connected: another stream is open; open this one with rtms connect --payload FILE');
    } else {
      this.#connect(start);
    }
  }

  /** Zoom documents no URL in an interruption; some of its samples have one. */
  #again({ serverUrls }: Webhook): void {
    if (!this.#last) return;
    const { webhook, body } = this.#last;
    this.#connect({ webhook: serverUrls.urls.length > 0 ? { ...webhook, serverUrls } : webhook, body });
  }

  #connect(start: Start): void {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#last = start;
    this.#done = this.#done.then(() => this.#converse(start, stop));
  }

  async #converse({ webhook, body }: Start, stop: AbortController): Promise<void> {
    const plan = { ...this.#terms, webhook, body, url: webhook.serverUrls.urls[0], events: [] };
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const { insecure = false, allowHost = [] } = this.#terms;
    const how = { buffer: true, protocolVersion: 1, reconnect: true, insecure, allowHost };
    await converse(plan, how, this.#log, signal);
    // What was replaced has been judged by what came: the next conversation has begun.
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    this.#onEnd();
  }

  #note(text: string): void {
    this.#log.emit({ type: 'note', text });
  }
}
