/**
 * Events → what happened: webhooks, connections with their phases and frames, keep-alives, media, states, the end.
 * Facts only; what they mean is for the rules. Holds every frame but media data, of which it keeps counts, and the
 * newest webhooks.
 */
import { MESSAGE_TYPE, SESSION_STATE, STREAM_STATE } from '../protocol/codes.js';
import { isAcceptance, type Message } from '../protocol/messages.js';
import { decodeWebhook, type Webhook } from '../protocol/webhooks.js';
import type {
  CheckEvent,
  CloseEvent,
  Direction,
  ErrorEvent,
  EventBody,
  FrameEvent,
  OnSocket,
  Opcode,
  PhaseEvent,
  PhaseName,
  SessionEvent,
  SessionHeader,
  SocketName,
  WebhookEvent,
} from './event.js';
import type { FactName } from './facts.js';
import { KeepAliveLedger } from './keep-alive.js';
import { MediaFlow } from './media-flow.js';
import { readFrame, webhookBytes, type FrameReading } from './message.js';
import { readMessageText, type MessageText } from '../protocol/framing.js';

type At<E extends EventBody> = E & { readonly t: number };

/** An event with its number; 1 is the first of the session. */
export interface Entry<E extends EventBody> {
  readonly number: number;
  readonly event: At<E>;
}

export interface FrameEntry extends Entry<FrameEvent> {
  readonly reading: FrameReading;
}

export interface WebhookEntry extends Entry<WebhookEvent> {
  readonly text: MessageText;
  readonly webhook: Webhook;
}

/** One socket from its first step to its end. A reconnection is another Connection with the same socket name. */
export class Connection {
  readonly phases = new Map<PhaseName, Entry<PhaseEvent>>();
  /** Messages in both directions, without media data. */
  readonly frames: FrameEntry[] = [];
  /** Of messages without a known type, as far as they are held. */
  unknownBytes = 0;
  readonly keepAlive = new KeepAliveLedger();
  readonly media = new Map<number, MediaFlow>();
  readonly counts: Record<Direction, Record<Opcode, number>> = {
    in: { text: 0, binary: 0, ping: 0, pong: 0 },
    out: { text: 0, binary: 0, ping: 0, pong: 0 },
  };
  close?: Entry<CloseEvent>;
  error?: Entry<ErrorEvent>;
  readonly socket: SocketName;
  /** Among those of its name that are open at once. */
  readonly number: number | undefined;

  constructor(socket: SocketName, number?: number) {
    this.socket = socket;
    this.number = number;
  }

  /** Whether the WebSocket was opened, as far as the record shows. */
  get opened(): boolean {
    return this.phases.get('upgrade')?.event.ok ?? this.frames.length > 0;
  }

  /** The step that failed, if one did. */
  get failedPhase(): Entry<PhaseEvent> | undefined {
    return [...this.phases.values()].find((phase) => !phase.event.ok);
  }

  /** The first message the client sent, whatever it holds; an answer to an early keep-alive is not it. */
  get handshake(): FrameEntry | undefined {
    const keepAlive = MESSAGE_TYPE.KEEP_ALIVE_RESP.value;
    return this.frames.find(({ event, reading }) => event.dir === 'out' && reading.message.msg_type !== keepAlive);
  }

  /** The server's answer to the handshake. On a media socket a signaling answer counts too: Zoom documents both. */
  get reply(): FrameEntry | undefined {
    const types: readonly (number | undefined)[] =
      this.socket === 'signaling'
        ? [MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value]
        : [MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value, MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value];
    return this.frames.find(({ event, reading }) => event.dir === 'in' && types.includes(reading.message.msg_type));
  }

  /** Whether the server took the handshake by its word. */
  get accepted(): boolean {
    return this.reply !== undefined && isAcceptance(this.reply.reading.message);
  }

  /** Text and binary messages received. */
  get received(): number {
    return this.counts.in.text + this.counts.in.binary;
  }

  /** When it began: its first step on record, or its first frame; not a number for neither. */
  get begin(): number {
    const times = [...this.phases.values(), ...this.frames.slice(0, 1)].map(({ event }) => event.t);
    return times.length > 0 ? Math.min(...times) : Number.NaN;
  }

  /** When the newest message of the server came, or else when it began, in ms since the start. */
  get lastHeard(): number {
    const last = this.frames.findLast(({ event }) => event.dir === 'in');
    return Math.max(this.begin, last?.event.t ?? 0, ...[...this.media.values()].map(({ lastAt }) => lastAt));
  }

  /** The first message of this type in this direction. */
  find(dir: Direction, type: number): FrameEntry | undefined {
    return this.frames.find(({ event, reading }) => event.dir === dir && reading.message.msg_type === type);
  }
}

/** A sign that the stream is over for good. */
export interface Ending {
  readonly number: number;
  readonly t: number;
  readonly source: 'stream-state' | 'session-state' | 'webhook' | 'close-response';
  readonly reason?: number;
}

/** Frames of one connection, and bytes of unknown messages, beyond which unknown messages are only counted. */
const MOST_UNKNOWN = 1000;
const MOST_UNKNOWN_BYTES = 8 * 1024 * 1024;
/** Webhooks, and characters of them, beyond which the oldest is forgotten with all that was established of it. */
const MOST_WEBHOOKS = 1000;
const MOST_WEBHOOK_TEXT = 8 * 1024 * 1024;

/** A session so far. Give it the events in order, all at once or as they come. */
export class Timeline {
  readonly header: SessionHeader;
  readonly webhooks: WebhookEntry[] = [];
  readonly connections: Connection[] = [];
  /** Looks at hosts, on which no RTMS is spoken. */
  readonly hosts: Connection[] = [];
  readonly checks: Entry<CheckEvent>[] = [];
  readonly endings: Ending[] = [];
  /** What was seen, so that a rule without its input is skipped. */
  readonly seen = new Set<string>();
  /** Stretches without media by the server's word, newest last; `to` is absent while one lasts. */
  readonly pauses: { from: number; to?: number }[] = [];
  /** Time of the last event, or later by the clock, in ms since the start. */
  end = 0;
  #count = 0;
  #webhookText = 0;

  constructor(header: SessionHeader, events: Iterable<SessionEvent> = []) {
    this.header = header;
    for (const event of events) this.push(event);
  }

  /** The newest signaling connection. */
  get signaling(): Connection | undefined {
    return this.connections.findLast(({ socket }) => socket === 'signaling');
  }

  /** The newest connection of each media socket. */
  get mediaSockets(): Connection[] {
    const newest = new Map(this.connections.map((connection) => [connection.socket, connection]));
    newest.delete('signaling');
    return [...newest.values()];
  }

  /** The newest webhook that starts a stream, or any webhook if none does. */
  get started(): WebhookEntry | undefined {
    return this.webhooks.findLast(({ webhook }) => webhook.kind === 'started') ?? this.webhooks.at(-1);
  }

  /** The newest established fact of a name. */
  check(rule: FactName): Entry<CheckEvent> | undefined {
    return this.checks.findLast(({ event }) => event.rule === rule);
  }

  /** The frame of this number, unless it carried media. */
  frame(number: number | undefined): FrameEvent | undefined {
    const frames = this.connections.flatMap((connection) => connection.frames);
    return frames.find((entry) => entry.number === number)?.event;
  }

  /** Wall-clock time of an event, in Unix milliseconds. */
  wallClock(t: number): number {
    return Date.parse(this.header.startedAt) + t;
  }

  /** Time goes on, with or without an event. */
  advance(t: number): void {
    this.end = Math.max(this.end, t);
  }

  push(event: SessionEvent): void {
    this.#count += 1;
    this.end = event.t;
    this.seen.add(event.type);
    const number = this.#count;
    switch (event.type) {
      case 'webhook':
        this.#webhook({ number, event });
        break;
      case 'check':
        this.checks.push({ number, event });
        this.seen.add(`check:${event.rule}`);
        break;
      case 'phase':
        this.#connection(event).phases.set(event.name, { number, event });
        break;
      case 'frame':
        this.#frame({ number, event });
        break;
      case 'close':
        this.#connection(event).close = { number, event };
        break;
      case 'error':
        this.#connection(event).error = { number, event };
        break;
      case 'note':
        break;
      default:
        event satisfies never;
    }
  }

  #webhook(entry: Entry<WebhookEvent>): void {
    const text = readMessageText(webhookBytes(entry.event));
    const webhook = decodeWebhook(text.value);
    this.webhooks.push({ ...entry, text, webhook });
    this.#webhookText += entry.event.body.length;
    while (this.webhooks.length > MOST_WEBHOOKS || this.#webhookText > MOST_WEBHOOK_TEXT) this.#forgetWebhook();
    if (webhook.kind === 'stopped') this.#ending(entry, 'webhook', webhook.stopReason);
  }

  #forgetWebhook(): void {
    const oldest = this.webhooks.shift();
    this.#webhookText -= oldest?.event.body.length ?? 0;
    remove(this.checks, ({ event }) => event.frame === oldest?.number);
    remove(this.endings, ({ number }) => number === oldest?.number);
  }

  /** The connection an event belongs to; a first step, or anything after an end, begins a new one. */
  #connection(event: PhaseEvent | FrameEvent | CloseEvent | ErrorEvent): Connection {
    const all = this.#listOf(event.socket).filter(
      ({ socket, number }) => socket === event.socket && number === event.connection,
    );
    const current = all.at(-1);
    if (!current || begins(event, current)) return this.#begin(event);
    if (!current.close || event.type === 'error' || event.type === 'close') return current;
    const other = all.findLast(({ opened, close }) => opened && !close);
    if (!other) return this.#begin(event);
    // Two of a name were open. One that was refused is the one that ended; else this one speaks on, so the other did.
    if (!current.accepted) return other;
    other.close = current.close;
    delete current.close;
    return current;
  }

  #begin({ socket, connection: number }: OnSocket): Connection {
    const connection = new Connection(socket, number);
    this.#listOf(socket).push(connection);
    return connection;
  }

  #listOf(socket: SocketName): Connection[] {
    return socket.startsWith('host:') ? this.hosts : this.connections;
  }

  #frame(entry: Entry<FrameEvent>): void {
    const { event } = entry;
    const connection = this.#connection(event);
    connection.counts[event.dir][event.opcode] += 1;
    if (!isData(event)) return;
    const frame: FrameEntry = { ...entry, reading: readFrame(event) };
    const { message } = frame.reading;
    connection.keepAlive.take(frame);
    if (event.dir === 'in' && MediaFlow.isMedia(message)) {
      const flow = connection.media.get(message.msg_type) ?? new MediaFlow(message.msg_type, connection);
      connection.media.set(message.msg_type, flow);
      flow.take(entry, message);
      return;
    }
    // Of what is no known message, a few tell as much as all.
    if (message.msg_type === undefined) {
      if (connection.frames.length > MOST_UNKNOWN || connection.unknownBytes > MOST_UNKNOWN_BYTES) return;
      connection.unknownBytes += event.bytes;
    }
    connection.frames.push(frame);
    if (event.dir === 'in') this.#state(entry, message);
  }

  #state(entry: Entry<FrameEvent>, message: Message): void {
    switch (message.msg_type) {
      case MESSAGE_TYPE.STREAM_STATE_UPDATE.value:
        if (message.state === STREAM_STATE.PAUSED.value) this.#pause(entry.event.t);
        if (message.state === STREAM_STATE.RESUMED.value) this.#resume(entry.event.t);
        if (message.state === STREAM_STATE.TERMINATED.value) this.#ending(entry, 'stream-state', message.reason);
        break;
      case MESSAGE_TYPE.SESSION_STATE_UPDATE.value:
        if (message.state === SESSION_STATE.PAUSED.value) this.#pause(entry.event.t);
        if (message.state === SESSION_STATE.RESUMED.value) this.#resume(entry.event.t);
        if (message.state === SESSION_STATE.STOPPED.value) this.#ending(entry, 'session-state', message.stop_reason);
        break;
      case MESSAGE_TYPE.STREAM_CLOSE_RESP.value:
        if (!message.status_code) this.#ending(entry, 'close-response');
        break;
      default:
    }
  }

  #pause(t: number): void {
    const last = this.pauses.at(-1);
    if (!last || last.to !== undefined) this.pauses.push({ from: t });
  }

  #resume(t: number): void {
    const last = this.pauses.at(-1);
    if (last) last.to ??= t;
  }

  #ending({ number, event }: Entry<FrameEvent | WebhookEvent>, source: Ending['source'], reason?: number): void {
    this.endings.push({ number, t: event.t, source, ...(reason !== undefined && { reason }) });
  }
}

/** A first step, or a handshake where one was accepted already: the same socket name, another socket. */
function begins(event: PhaseEvent | FrameEvent | CloseEvent | ErrorEvent, current: Connection): boolean {
  if (event.type === 'phase') return event.name === 'dns';
  if (event.type !== 'frame' || event.dir !== 'out' || !isData(event)) return false;
  const { SIGNALING_HAND_SHAKE_REQ, DATA_HAND_SHAKE_REQ } = MESSAGE_TYPE;
  const handshake = event.socket === 'signaling' ? SIGNALING_HAND_SHAKE_REQ : DATA_HAND_SHAKE_REQ;
  return readFrame(event).message.msg_type === handshake.value && current.accepted;
}

function remove<T>(list: T[], isMeant: (item: T) => boolean): void {
  for (let at = list.findIndex(isMeant); at >= 0; at = list.findIndex(isMeant)) list.splice(at, 1);
}

const isData = ({ opcode }: FrameEvent): boolean => opcode === 'text' || opcode === 'binary';
