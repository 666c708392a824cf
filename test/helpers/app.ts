/**
 * A developer's app as it should be, or with one thing wrong: an endpoint for webhooks, and a client for each stream
 * that one announces. Its waits are shorter by `speed`, as the clock of the mock is faster.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { RtmsClient } from '../../src/net/client.js';
import { DEMO } from '../../src/net/demo.js';
import { listen } from '../../src/net/listen.js';
import type { MediaName } from '../../src/protocol/media.js';
import { answerUrlValidation, signHandshake } from '../../src/protocol/signature.js';
import { decodeWebhook, type Webhook } from '../../src/protocol/webhooks.js';
import { SILENCE_MS } from '../../src/protocol/timing.js';

export interface AppOptions {
  readonly speed?: number;
  readonly media?: readonly MediaName[];
  /** What keys the answer to the URL validation. */
  readonly secretToken?: string;
  /** What signs the handshakes. */
  readonly clientSecret?: string;
  /** Status of every answer to an event. */
  readonly status?: number;
  /** Whether it connects for every started webhook, whatever came before. */
  readonly forgetful?: boolean;
  /** Whether a stream it knows is never connected to again, not even at a newer URL. */
  readonly ignoresFailover?: boolean;
  /** What connects for a started webhook; our own client unless given. */
  readonly connect?: (webhook: Webhook) => Connected;
  /** Asks for the end of the stream this long after it has begun. */
  readonly endAfterMs?: number;
}

/** A client at work. */
export interface Connected {
  readonly stop: () => Promise<void> | void;
}

export interface App {
  readonly url: string;
  /** Webhooks that came, without the URL validation. */
  readonly events: Webhook[];
}

/** Started webhooks that are older than this are of no use any more. */
const STALE_MS = 60_000;

export async function startApp(options: AppOptions = {}): Promise<App> {
  const { secretToken = DEMO.secretToken, status = 200 } = options;
  const streams = new Streams(options);
  const events: Webhook[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const webhook = decodeWebhook(JSON.parse(Buffer.concat(chunks).toString()));
    if (webhook.kind === 'url-validation') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answerUrlValidation(webhook.plainToken ?? '', secretToken)));
      return;
    }
    response.writeHead(status).end();
    events.push(webhook);
    streams.take(webhook);
  };
  const server = createServer((request, response) => void answer(request, response));
  const port = await listen(server, 0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await streams.close();
  });
  return { url: `http://127.0.0.1:${port}/webhook`, events };
}

/** Its clients, one for each stream. */
class Streams {
  readonly #options: AppOptions;
  readonly #clients = new Map<string, { readonly client: Connected; readonly eventTs: number }>();
  readonly #all: Connected[] = [];

  constructor(options: AppOptions) {
    this.#options = options;
  }

  take(webhook: Webhook): void {
    const { kind, streamId = '', eventTs = 0 } = webhook;
    const known = this.#clients.get(streamId);
    if (kind === 'stopped') void known?.client.stop();
    if (kind !== 'started') return;
    const { forgetful = false, ignoresFailover = false } = this.#options;
    if (known && ignoresFailover) return;
    if (!forgetful && (Date.now() - eventTs > STALE_MS || known?.eventTs === eventTs)) return;
    // A newer webhook of a stream that runs leads to another server.
    if (!forgetful) void known?.client.stop();
    const client = (this.#options.connect ?? this.#ours)(webhook);
    this.#clients.set(streamId, { client, eventTs });
    this.#all.push(client);
  }

  async close(): Promise<void> {
    for (const client of this.#all) await client.stop();
  }

  readonly #ours = ({ entity = DEMO.entity, streamId = '', serverUrls }: Webhook): Connected => {
    const { speed = 1, media = ['audio', 'transcript'], clientSecret = DEMO.clientSecret, endAfterMs } = this.#options;
    const client = new RtmsClient({
      url: serverUrls.urls[0] ?? '',
      entity,
      streamId,
      signature: signHandshake({ clientId: DEMO.clientId, entityId: entity.value, streamId }, clientSecret),
      media,
      protocolVersion: 1,
      bufferData: true,
      events: [2, 3, 4],
      signalingOnly: false,
      reconnect: true,
      endStream: endAfterMs !== undefined,
      dial: { timeoutMs: 10_000 },
      allowed: (url) => new URL(url),
      emit: () => undefined,
      now: () => performance.now() * speed,
      replyTimeoutMs: 10_000,
      silenceMs: SILENCE_MS / speed,
      wait: (ms, signal) => sleep(ms / speed, undefined, { signal }).catch(() => undefined),
    });
    void client.run();
    if (endAfterMs !== undefined) setTimeout(() => void client.stop(), endAfterMs);
    return client;
  };
}
