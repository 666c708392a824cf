/**
 * The streams of one run that are led through the proxy. Each client's conversation, from its first socket to its
 * last, is a session with a recording of its own; webhooks go to the sessions of their stream.
 */
import { checksOf } from './config.js';
import { allowedUrl } from './conversation.js';
import { errorText, EXIT } from './errors.js';
import { LiveSession, type LiveSetting, type Outcome } from './live-session.js';
import type { DialOptions } from './net/dial.js';
import type { Opened, Proxy } from './net/proxy.js';
import type { Product, Webhook } from './protocol/webhooks.js';
import { RecordFile } from './record-file.js';
import type { EventBody, SessionHeader, WebhookEvent } from './session/event.js';
import { TOOL } from './version.js';

export interface StreamsSetting extends LiveSetting {
  readonly proxy: Proxy;
  /** Of the first session's recording; those of the others are numbered. */
  readonly recordPath: string | undefined;
  readonly allowHost: readonly string[];
  readonly dial: DialOptions;
  /** Said at the beginning. */
  readonly notes: readonly string[];
}

/** One stream, for whoever has a webhook of it. */
export interface Stream {
  /** Of the webhook's event, in the session that `emit` is of. */
  readonly number: number;
  readonly emit: (body: EventBody) => number;
  /** The signaling URL of the proxy that leads there. */
  readonly urlFor: (url: string) => string | undefined;
  /** Shows again what is known of a session that is over, where a webhook has added to it. */
  readonly review: () => void;
}

/** Its sessions that may still get a webhook: those that are open, and the newest. */
interface Line {
  /** What it began with, not masked. */
  readonly webhook: Webhook;
  /** All of them, and when they came, for the sessions to come. */
  readonly events: { readonly event: WebhookEvent; readonly at: number }[];
  conversations: readonly Conversation[];
}

interface Conversation {
  readonly live: LiveSession;
  readonly opened: Opened;
}

/** So many webhooks of a stream are repeated to a later session. */
const MOST_WEBHOOKS = 20;

export class ProxiedStreams {
  readonly #setting: StreamsSetting;
  readonly #lines = new Map<string, Line>();
  readonly #first: LiveSession;
  #count = 0;
  /** Sessions not yet concluded, with their recordings. */
  readonly #running = new Map<LiveSession, Promise<RecordFile | undefined>>();
  readonly #outcomes: Promise<Outcome>[] = [];
  /** Whether the first session waits for its stream. */
  #waiting = true;
  #recordFirst: (record: RecordFile | undefined) => void = () => undefined;

  /** `product` is that of the first session, where it is known already. */
  constructor(setting: StreamsSetting, product?: Product) {
    this.#setting = setting;
    const record = new Promise<RecordFile | undefined>((resolve) => {
      this.#recordFirst = resolve;
    });
    const start = performance.now();
    this.#first = this.#begin(headerOf(product, start), record, start);
    for (const text of setting.notes) this.#first.emit({ type: 'note', text });
  }

  /** Begins to record. Throws RtmsError as `RecordFile.create`. */
  async record(): Promise<void> {
    const { recordPath: path } = this.#setting;
    this.#recordFirst(path === undefined ? undefined : await this.#recording(path, this.#first.header));
  }

  /** What has to be known at the screen. */
  say(label: string, text: string): void {
    this.#first.say(label, text);
  }

  /** What belongs to no stream goes to the first session. */
  get none(): Stream {
    return { number: 0, emit: this.#first.emit, urlFor: () => undefined, review: () => undefined };
  }

  /** Puts a webhook on record with its stream; one that may be from anyone belongs to none. */
  take(event: WebhookEvent, webhook: Webhook, trusted: boolean): Stream {
    const line = trusted ? this.#lineOf(webhook) : undefined;
    const newest = line?.conversations.at(-1);
    if (!line || !newest) return { ...this.none, number: this.none.emit(event) };
    line.events.splice(0, line.events.length - MOST_WEBHOOKS + 1);
    line.events.push({ event, at: performance.now() });
    const numbers = line.conversations.map(({ live }) => live.emit(event));
    return {
      number: numbers.at(-1) ?? 0,
      emit: newest.live.emit,
      urlFor: (url) => newest.opened.urlFor('signaling', url),
      review: () => {
        for (const { live, opened } of line.conversations) if (opened.session.over) live.report();
      },
    };
  }

  /** Once the proxy is closed: the last reports, every recording written out, and what came of it all. */
  async close(): Promise<readonly Outcome[]> {
    for (const live of this.#running.keys()) this.#conclude(live);
    return Promise.all(this.#outcomes);
  }

  #lineOf(webhook: Webhook): Line | undefined {
    const id = webhook.streamId ?? '';
    const known = this.#lines.get(id);
    if (known || webhook.serverUrls.urls.length === 0) return known;
    const live = this.#waiting ? this.#first : this.#next(webhook.product);
    this.#waiting = false;
    const line: Line = { webhook, events: [], conversations: [] };
    this.#lead(live, line);
    this.#lines.set(id, line);
    return line;
  }

  /** Opens the way through the proxy for a session. */
  #lead(live: LiveSession, line: Line): Opened {
    const { proxy, dial, allowHost } = this.#setting;
    live.begin(line.webhook);
    const opened = proxy.open(line.webhook.streamId ?? 'stream', {
      dial,
      allowed: (url) => allowedUrl(url, allowHost, live.emit),
      emit: live.emit,
      now: () => performance.now(),
      replyTimeoutMs: dial.timeoutMs,
      onOver: () => live.report(),
      another: (reason) => this.#another(line, reason),
    });
    line.conversations = [...line.conversations, { live, opened }];
    return opened;
  }

  /** For a client that comes after another, or beside it. */
  #another(line: Line, reason: 'over' | 'taken'): Opened {
    const { conversations } = line;
    // It began with its first webhook, long before: how far apart they came is what tells a retry.
    const live = this.#next(line.webhook.product, line.events[0]?.at);
    for (const { event, at } of line.events) live.emit(event, at);
    if (reason === 'taken') {
      const other = conversations.at(-1)?.live.number;
      live.emit({ type: 'note', text: `another client has this socket of the stream already: session ${other}` });
    }
    const over = conversations.filter(({ opened }) => opened.session.over);
    for (const each of over) this.#conclude(each.live);
    line.conversations = conversations.filter((each) => !over.includes(each));
    return this.#lead(live, line);
  }

  #next(product: Product | undefined, start = performance.now()): LiveSession {
    const header = headerOf(product, start);
    const path = this.#setting.recordPath;
    const record = path === undefined ? Promise.resolve(undefined) : this.#laterRecording(path, header);
    return this.#begin(header, record, start);
  }

  #begin(header: SessionHeader, record: Promise<RecordFile | undefined>, start: number): LiveSession {
    const { credentials } = this.#setting;
    this.#count += 1;
    const live = new LiveSession(this.#count, header, record, this.#setting, start);
    this.#running.set(live, record);
    for (const check of credentials ? checksOf(credentials) : []) live.emit(check, start);
    return live;
  }

  /** Nothing comes to this session any more. */
  #conclude(live: LiveSession): void {
    const record = this.#running.get(live);
    if (!record || !this.#running.delete(live)) return;
    live.report();
    const { outcome } = live;
    this.#outcomes.push(record.then((file) => this.#closed(file, outcome)));
  }

  /** A recording that is not whole leaves something undone. */
  async #closed(file: RecordFile | undefined, outcome: Outcome): Promise<Outcome> {
    await file?.close();
    const whole = this.#setting.recordPath === undefined || (file !== undefined && file.failure === undefined);
    return { ...outcome, exitCode: outcome.exitCode === EXIT.ok && !whole ? EXIT.incomplete : outcome.exitCode };
  }

  #recording(path: string, header: SessionHeader): Promise<RecordFile> {
    const { err } = this.#setting.terminal;
    return RecordFile.create(path, header, (reason) =>
      err.line(`recording stopped: ${reason}; the proxy goes on, ${path} is good up to its last whole line`),
    );
  }

  /** What cannot be recorded passes all the same. */
  async #laterRecording(path: string, header: SessionHeader): Promise<RecordFile | undefined> {
    const numbered = path.replace(/(?:(?:\.rtms)?\.\w+)?$/, (extension) => `-${this.#count + 1}${extension}`);
    try {
      return await this.#recording(numbered, header);
    } catch (error) {
      this.#setting.terminal.err.line(`${errorText(error)}; the proxy goes on`);
      return undefined;
    }
  }
}

/** `start` is when by the monotonic clock it began. */
const headerOf = (product: Product | undefined, start: number): SessionHeader => ({
  rtms: 1,
  tool: TOOL,
  command: 'proxy',
  startedAt: new Date(Date.now() - (performance.now() - start)).toISOString(),
  ...(product && { product }),
});
