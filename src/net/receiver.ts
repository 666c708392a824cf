/**
 * The endpoint for Zoom's webhooks: answers first, at once, and then puts on record what came, byte for byte. What is
 * done with a webhook afterwards is its caller's; why one is wrong is for the rules.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readMessageText } from '../protocol/framing.js';
import { decodeWebhook, type Webhook } from '../protocol/webhooks.js';
import type { EventBody, Facts, WebhookEvent } from '../session/event.js';
import { webhookEvent } from '../session/message.js';
import type { WebhookVerifier } from '../session/webhook-verifier.js';
import { hostInUrl, listen } from './listen.js';

export interface ReceiverOptions {
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** The path of the URL that is registered; `/` unless given. */
  readonly path?: string;
  readonly verifier: WebhookVerifier;
  /** Returns the event's number. Signatures are not masked yet. */
  readonly emit: (body: EventBody) => number;
  /**
   * Runs for every webhook, once it is answered and on record. To a URL validation without a Secret Token there is no
   * answer yet: what this resolves to is the answer. Must not reject.
   */
  readonly onWebhook?: (request: WebhookRequest) => Promise<Answer | undefined>;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
  /** How long a client may take for a whole request, in ms. */
  readonly requestTimeoutMs?: number;
}

/** A webhook as it came: enough to send the same once more. */
export interface WebhookRequest {
  /** Of its event. */
  readonly number: number;
  /** Path and query. */
  readonly target: string;
  /** As they came: order, letter case and repetitions kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly webhook: Webhook;
  /** Whether the signature holds; undefined where there is none, or no Secret Token to verify it with. */
  readonly verified: boolean | undefined;
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Receiver extends AsyncDisposable {
  /** Where it listens, path included. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, waits for what `onWebhook` still does, and drops every connection. */
  readonly close: () => Promise<void>;
}

/** No webhook of Zoom's comes near it. */
const LONGEST_BODY = 1024 * 1024;
/** A sender that was told 413 may finish what it began, so that it reads the answer; not much more. */
const LONGEST_DRAINED = 16 * LONGEST_BODY;
const REQUEST_TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 1000;
/** Bytes of webhooks in hand beyond which a sender is told to come back; Zoom does after 5 minutes. */
const MOST_HELD = 32 * 1024 * 1024;
/** What a webhook in hand costs at least: sockets, files. */
const LEAST_HELD = 64 * 1024;
/** Different remarks about what is no webhook; bots know many paths. */
const MOST_REMARKS = 100;
const LONGEST_SHOWN = 80;

/** Throws RtmsError as `listen` does. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host = '127.0.0.1', path = '/', requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const endpoint = new Endpoint({ ...options, path });
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs / 2,
      connectionsCheckingInterval: requestTimeoutMs / 10,
    },
    (request, response) => void endpoint.take(request, response),
  );
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, options.port ?? 0, host);
  const close = async (): Promise<void> => {
    const freed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await endpoint.settled();
    server.closeAllConnections();
    await freed;
  };
  return { url: `http://${hostInUrl(host)}:${port}${path}`, port, close, [Symbol.asyncDispose]: close };
}

/** An answer of our own, and what there is to say about it. */
interface OwnAnswer extends Answer {
  readonly facts?: Facts;
}

const OK: OwnAnswer = { status: 200 };
const HERE: Answer = { status: 200, body: 'rtms takes webhooks here\n' };
const NOT_HERE: Answer = { status: 404, body: 'webhooks are taken on another path\n' };
const NOT_SO: Answer = { status: 405, headers: { allow: 'GET, HEAD, POST' }, body: 'a webhook comes by POST\n' };
const TOO_LARGE: Answer = { status: 413, body: 'no webhook is larger than 1 MiB\n' };
const BUSY: Answer = { status: 503, headers: { 'retry-after': '1' }, body: 'too many webhooks at once\n' };

const NO_TOKEN: OwnAnswer = {
  status: 503,
  body: 'there is no Secret Token to answer it with\n',
  facts: {
    cause: 'no-token',
    explanation: 'there is no Secret Token to answer it with',
    fix: 'put ZOOM_SECRET_TOKEN into .env, start again, then validate again',
  },
};

const NO_PLAIN_TOKEN: OwnAnswer = {
  status: 400,
  body: 'payload.plainToken is not there\n',
  facts: {
    cause: 'no-plain-token',
    explanation: 'it has no payload.plainToken, and there is nothing to answer',
    fix: 'nothing, unless it was you who sent it: that of Zoom has one',
  },
};

/** The text that x-zm-signature covers begins with `v0:`. Who sends it wants a webhook signed, not a URL validated. */
const FORGERY: OwnAnswer = {
  status: 400,
  body: 'this plainToken is the text of a webhook signature\n',
  facts: {
    cause: 'forgery',
    explanation: 'its plainToken is the text of a webhook signature, which would forge a webhook if it were signed',
    fix: 'nothing: Zoom sends no such plainToken, so this was not Zoom',
  },
};

/** One endpoint: routes requests, answers them, and keeps count of what is in hand. */
class Endpoint {
  readonly #options: ReceiverOptions & { readonly path: string };
  readonly #now: () => number;
  readonly #deliveries = new Set<Promise<void>>();
  readonly #remarks = new Set<string>();
  #held = 0;

  constructor(options: ReceiverOptions & { readonly path: string }) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = this.#now();
    const turnedAway = this.#turnAway(request);
    if (turnedAway) {
      if (turnedAway !== HERE) this.#remark(request, turnedAway);
      send(response, turnedAway);
      return;
    }
    let held = 0;
    const hold = (bytes: number): void => {
      held += bytes;
      this.#held += bytes;
    };
    hold(LEAST_HELD);
    const body = await readBody(request, hold);
    if (body === 'too large') {
      this.#remark(request, TOO_LARGE);
      send(response, TOO_LARGE);
    } else if (body !== 'cut off') {
      const delivery = this.#deliver(request, response, body, receivedAt);
      this.#deliveries.add(delivery);
      await delivery;
      this.#deliveries.delete(delivery);
    }
    this.#held -= held;
  }

  /** Resolves when nothing is being done with any webhook. */
  async settled(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  /** The answer to what is no webhook for this endpoint, or one too many. */
  #turnAway({ method = '', url = '' }: IncomingMessage): Answer | undefined {
    if (pathOf(url) !== this.#options.path) return NOT_HERE;
    if (method === 'GET' || method === 'HEAD') return HERE;
    if (method !== 'POST') return NOT_SO;
    return this.#held > MOST_HELD ? BUSY : undefined;
  }

  async #deliver(request: IncomingMessage, response: ServerResponse, body: Buffer, receivedAt: number): Promise<void> {
    const { emit, verifier, onWebhook } = this.#options;
    // Nothing else but this comes before the answer, and only where the answer depends on it.
    const question = body.includes('url_validation') ? decode(body) : undefined;
    const own = question?.kind === 'url-validation' ? this.#answerTo(question) : OK;
    if (own) send(response, own);
    const answeredAt = this.#now();

    const webhook = question ?? decode(body);
    const headers = headerPairs(request);
    const byName = joined(headers);
    const number = emit(webhookEvent(byName, body));
    const signature = verifier.signature({ headers: byName, body, webhook });
    if (signature) emit({ type: 'check', rule: 'webhook-signature-mismatch', frame: number, ...signature });
    if (own) emit(answered(own, number, answeredAt - receivedAt));
    const verified = byName['x-zm-signature'] === undefined ? undefined : signature?.ok;
    const theirs = await onWebhook?.({ number, target: request.url ?? '/', headers, body, webhook, verified });
    if (own) return;
    send(response, theirs ?? NO_TOKEN);
    if (!theirs) emit(answered(NO_TOKEN, number, this.#now() - receivedAt));
  }

  /** Undefined where only the app can answer. */
  #answerTo({ plainToken = '' }: Webhook): OwnAnswer | undefined {
    if (plainToken === '') return NO_PLAIN_TOKEN;
    if (plainToken.startsWith('v0:')) return FORGERY;
    const answer = this.#options.verifier.answer(plainToken);
    return answer && { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
  }

  /** Says once what was turned away: a wrong path in the registered URL looks like no webhook at all. */
  #remark({ method, url = '' }: IncomingMessage, { status, body = '' }: Answer): void {
    const path = pathOf(url);
    const shown = path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}…` : path;
    const text = `${method} ${shown} was answered with ${status}: ${String(body).trim()}`;
    if (this.#remarks.has(text) || this.#remarks.size === MOST_REMARKS) return;
    this.#remarks.add(text);
    this.#options.emit({ type: 'note', text });
  }
}

/** A target without its query: Zoom posts to the URL as it was registered. */
const pathOf = (target: string): string => target.replace(/[?#].*$/s, '');

const decode = (body: Buffer): Webhook => decodeWebhook(readMessageText(body).value);

const answered = ({ status, facts }: OwnAnswer, frame: number, ms: number): EventBody => ({
  type: 'check',
  rule: 'webhook-answer',
  ok: status === 200,
  frame,
  facts: { status, ms: Math.round(ms * 10) / 10, by: 'rtms', ...facts },
});

/** In one piece, so that the length goes with it. */
function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/** The body; `hold` learns of every byte that is kept. What is too large is read on for a while, and forgotten. */
function readBody(
  request: IncomingMessage,
  hold: (bytes: number) => void,
): Promise<Buffer | 'too large' | 'cut off'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LONGEST_DRAINED) {
        request.destroy();
      } else if (size > LONGEST_BODY) {
        chunks = [];
        resolve('too large');
      } else {
        hold(chunk.length);
        chunks.push(chunk);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve('cut off'));
    request.on('close', () => resolve('cut off'));
  });
}

function headerPairs({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
}

/** By lower-case name; what is repeated is joined with commas (RFC 9110 section 5.3). */
function joined(headers: WebhookRequest['headers']): WebhookEvent['headers'] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), value]);
  }
  return Object.fromEntries([...byName].map(([name, values]) => [name, values.join(', ')]));
}
