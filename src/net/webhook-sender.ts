/**
 * Delivers webhooks to the developer's app as Zoom does: the URL validated first, each event signed, awaited for three
 * seconds, and repeated where no good answer came. What is wrong with an answer is for the rules.
 */
import { signWebhook } from '../protocol/signature.js';
import { DELIVERY } from '../protocol/timing.js';
import { decodeWebhook } from '../protocol/webhooks.js';
import type { EventBody } from '../session/event.js';
import { webhookEvent } from '../session/message.js';
import { WebhookVerifier } from '../session/webhook-verifier.js';
import { duration } from '../session/words.js';
import type { DialOptions } from './dial.js';
import { forwardWebhook } from './forward.js';

export interface SenderOptions {
  /** Of the app. */
  readonly url: URL;
  readonly secretToken: string;
  /** What is often taken for the Secret Token. */
  readonly clientSecret: string;
  readonly trust?: Pick<DialOptions, 'ca' | 'insecure'>;
  /** How many times as fast the repetitions come. The app has its three seconds all the same. */
  readonly speed?: number;
  /** Unix time in ms. */
  readonly now?: () => number;
}

/** Returns the event's number. Signatures are not masked yet. */
export type Emit = (body: EventBody) => number;

/** The only answers Zoom's documents name: https://developers.zoom.us/blog/webhook-delays */
const ACCEPTED: readonly number[] = [200, 204];
const TOKEN_BYTES = 16;

/** One endpoint. */
export class WebhookSender {
  readonly #options: SenderOptions;
  readonly #verifier: WebhookVerifier;
  readonly #closing = new AbortController();

  constructor(options: SenderOptions) {
    const { secretToken, clientSecret } = options;
    this.#options = options;
    this.#verifier = new WebhookVerifier({ secretToken, clientSecret });
  }

  /** Whether the endpoint proves that it knows the Secret Token. Never rejects. */
  async validate(emit: Emit): Promise<boolean> {
    const plainToken = Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('base64');
    const { now = Date.now } = this.#options;
    const { isRight } = await this.#post(
      { event: 'endpoint.url_validation', event_ts: now(), payload: { plainToken } },
      emit,
    );
    return isRight;
  }

  /** Resolves to whether it was taken in the end. Never rejects. */
  async deliver(webhook: object, emit: Emit): Promise<boolean> {
    const { speed = 1 } = this.#options;
    let waited = 0;
    for (const after of [...DELIVERY.retriesAfterMs, undefined]) {
      const { isRight, ms } = await this.#post(webhook, emit);
      if (isRight || this.#closing.signal.aborted) return isRight;
      if (after === undefined) break;
      const wait = Math.max(0, (after - waited) / speed - ms);
      const told = speed === 1 ? '' : `, which Zoom does after ${duration(after - waited)}`;
      emit({
        type: 'note',
        text: `no 200 within ${duration(DELIVERY.answerWithinMs)}: again in ${duration(wait)}${told}`,
      });
      waited = after;
      if (!(await this.#wait(wait))) return false;
    }
    emit({ type: 'note', text: 'the webhook is not sent again' });
    return false;
  }

  /** Nothing is sent any more, and no answer awaited. */
  close(): void {
    this.#closing.abort();
  }

  async #post(webhook: object, emit: Emit): Promise<{ readonly isRight: boolean; readonly ms: number }> {
    const { url, secretToken, trust, now = Date.now } = this.#options;
    const body = Buffer.from(JSON.stringify(webhook));
    const timestamp = String(Math.floor(now() / 1000));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-zm-request-timestamp': timestamp,
      'x-zm-signature': signWebhook(body, timestamp, secretToken),
    };
    const number = emit(webhookEvent(headers, body));
    let [isRight, ms] = [false, 0];
    await forwardWebhook(
      {
        number,
        target: url.search,
        headers: Object.entries(headers),
        body,
        webhook: decodeWebhook(webhook),
        verified: true,
      },
      {
        url,
        verifier: this.#verifier,
        signal: this.#closing.signal,
        ...(trust && { trust }),
        emit: (event) => {
          if (event.type === 'check') {
            ms = Number(event.facts['ms']);
            const inTime = ms <= DELIVERY.answerWithinMs;
            isRight = event.ok && inTime && ACCEPTED.includes(Number(event.facts['status']));
          }
          return emit(event);
        },
      },
    );
    return { isRight, ms };
  }

  /** Resolves to whether the time went by. */
  async #wait(ms: number): Promise<boolean> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) resolve(false);
      const timer = setTimeout(() => resolve(true), ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
}
