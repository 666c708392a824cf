/**
 * A correct RTMS client: signaling, media sockets, ready acknowledgement, subscriptions, reconnection, a clean end.
 * It emits session events and judges nothing; the order of steps is that of
 * https://developers.zoom.us/docs/rtms/meetings/work-with-streams/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MESSAGE_TYPE, SESSION_STATE, STREAM_STATE, EVENT_TYPE } from '../protocol/codes.js';
import { DEFAULT_MEDIA_PARAMS, MEDIA, mediaUrlFor, offeredMedia, type MediaName } from '../protocol/media.js';
import {
  clientReadyAck,
  dataHandshake,
  eventSubscription,
  isAcceptance,
  signalingHandshake,
  streamCloseRequest,
  type Message,
} from '../protocol/messages.js';
import { RECONNECT_WINDOW_MS, SILENCE_MS } from '../protocol/timing.js';
import type { Entity } from '../protocol/webhooks.js';
import type { EventBody, Facts, PhaseName, SocketName } from '../session/event.js';
import { dial, type DialOptions } from './dial.js';
import { nextDelay, STABLE_MS, type End } from './reconnect.js';
import { RtmsSocket } from './socket.js';

export interface ClientOptions {
  /** The signaling URL, from the webhook. */
  readonly url: string;
  readonly entity: Entity;
  readonly streamId: string;
  /** The handshake signature; the same value serves signaling and media. */
  readonly signature: string;
  /** Media to open a socket for each; `all` takes the one URL that carries everything, or else each type offered. */
  readonly media: readonly MediaName[];
  readonly protocolVersion: number;
  /** Whether Zoom shall send the audio from before the connection. */
  readonly bufferData: boolean;
  /** Numbers of the events to subscribe to. */
  readonly events: readonly number[];
  /** Sent in place of our signaling handshake, byte for byte. */
  readonly handshake?: { readonly bytes: Uint8Array; readonly opcode: 'text' | 'binary' };
  readonly signalingOnly: boolean;
  readonly reconnect: boolean;
  /** On stop, ask Zoom to end the stream instead of leaving it to another client. */
  readonly endStream: boolean;
  readonly dial: DialOptions;
  /** Whether the signature may go to this URL; the reason is emitted by the one who refuses. */
  readonly allowed: (url: string) => URL | undefined;
  readonly emit: (body: EventBody) => void;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  /** How long an answer to a handshake may take, in ms. */
  readonly replyTimeoutMs: number;
  /** After so many ms without any frame the server is taken for gone; as documented, unless given. */
  readonly silenceMs?: number;
  /** Resolves after so many ms, or at once when aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How long STREAM_CLOSE_RESP may take, in ms. */
const STREAM_CLOSE_TIMEOUT_MS = 2000;
/** A socket that was silent this long when the server reports a lost media connection is the lost one. */
const STALE_MS = 15_000;

/** A client for one stream. `run` and `stop` may each be called once or more; neither rejects. */
export class RtmsClient {
  readonly #options: ClientOptions;
  readonly #stopping = new AbortController();
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  #signaling: RtmsSocket | undefined;
  readonly #media = new Map<MediaName, MediaSocket>();
  /** Whether the server said that the stream is over. */
  #finished = false;
  #run: Promise<End> | undefined;
  #stop: Promise<void> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#wait = options.wait ?? wait;
  }

  /** Runs until the stream ends, cannot be had, or `stop` is called. Never rejects. */
  run(): Promise<End> {
    this.#run ??= this.#loop();
    return this.#run;
  }

  /** Closes media sockets, then signaling, each with 1000; resolves when `run` has. */
  stop(): Promise<void> {
    this.#stop ??= this.#end();
    return this.#stop;
  }

  async #end(): Promise<void> {
    if (this.#options.endStream && this.#signaling?.open) await this.#endStream(this.#signaling);
    this.#stopping.abort();
    await this.#closeAll();
    await this.#run;
  }

  async #loop(): Promise<End> {
    const { signal } = this.#stopping;
    let lostAt: number | undefined;
    let wasReady = false;
    for (let attempt = 0; ; attempt += 1) {
      const startedAt = this.#options.now();
      const { end, ready } = await this.#connect();
      await this.#closeAll();
      if (signal.aborted) return { kind: 'stopped' };
      wasReady ||= ready;
      const now = this.#options.now();
      if (ready && now - startedAt > STABLE_MS) [attempt, lostAt] = [0, now];
      lostAt ??= now;
      // What never worked is not reconnected to, except where the status itself says that it passes.
      const worthwhile = this.#options.reconnect && (wasReady || end.kind === 'refused');
      const delay = worthwhile ? nextDelay(end, attempt, now - lostAt, RECONNECT_WINDOW_MS.signaling) : undefined;
      if (delay === undefined) return end;
      this.#note(`signaling: connecting again in ${delay / 1000} s, attempt ${attempt + 1}`);
      await this.#wait(delay, signal);
      if (signal.aborted) return { kind: 'stopped' };
    }
  }

  /** One signaling connection from dial to end, with the media sockets that hang on it. */
  async #connect(): Promise<{ end: End; ready: boolean }> {
    const options = this.#options;
    const socket = await this.#dial('signaling', options.url, this.#stopping.signal);
    if (!socket) return { end: { kind: 'unreachable' }, ready: false };
    this.#signaling = socket;
    socket.onMessage = (message) => this.#onSignaling(message);
    const reply = await this.#reply(socket, this.#sendHandshake(socket), SIGNALING_REPLIES);
    if (reply?.msg_type !== MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value || !isAcceptance(reply)) {
      return { end: refusal(socket, reply), ready: false };
    }
    const life = new AbortController();
    const watchdog = new Watchdog(socket, options.emit, options.silenceMs ?? SILENCE_MS);
    if (options.events.length > 0) socket.send(eventSubscription(options.events));
    const media = options.signalingOnly
      ? socket.closed
      : this.#openMedia(reply.media_server?.server_urls, AbortSignal.any([this.#stopping.signal, life.signal]));
    await Promise.race([socket.closed, media]);
    life.abort();
    watchdog.stop();
    return { end: { kind: this.#finished || socket.open ? 'finished' : 'lost' }, ready: true };
  }

  #sendHandshake(socket: RtmsSocket): number {
    const { handshake, entity, streamId, signature, protocolVersion, bufferData } = this.#options;
    if (!socket.open) return this.#options.now();
    const ours = signalingHandshake({ entity, streamId, signature, protocolVersion, bufferData });
    const sentAt = this.#options.now();
    this.#phase('handshake', 'signaling', sentAt, true, { note: handshake ? 'yours, unchanged' : 'ours' });
    if (handshake) socket.send(handshake.bytes, handshake.opcode);
    else socket.send(ours);
    return sentAt;
  }

  /** The answer of one of these types; undefined if the socket ends or the time runs out first. */
  async #reply(socket: RtmsSocket, sentAt: number, types: readonly number[]): Promise<Message | undefined> {
    const done = new AbortController();
    const timedOut = this.#wait(this.#options.replyTimeoutMs, done.signal).then(() => 'timed out' as const);
    const outcome = await Promise.race([socket.next(types), timedOut, socket.closed.then(() => 'closed' as const)]);
    done.abort();
    if (typeof outcome === 'object') {
      this.#phase('reply', socket.name, sentAt, true);
      return outcome;
    }
    const stopped = this.#stopping.signal.aborted;
    if (stopped) this.#phase('reply', socket.name, sentAt, false, { code: 'INTERRUPTED' });
    else if (outcome === 'timed out') this.#phase('reply', socket.name, sentAt, false);
    return undefined;
  }

  #onSignaling(message: Message): void {
    const over =
      (message.msg_type === MESSAGE_TYPE.STREAM_STATE_UPDATE.value &&
        message.state === STREAM_STATE.TERMINATED.value) ||
      (message.msg_type === MESSAGE_TYPE.SESSION_STATE_UPDATE.value && message.state === SESSION_STATE.STOPPED.value) ||
      (message.msg_type === MESSAGE_TYPE.STREAM_CLOSE_RESP.value && !message.status_code);
    if (over) this.#finished = true;
    const interrupted = EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value;
    if (message.msg_type === MESSAGE_TYPE.EVENT_UPDATE.value && message.event.event_type === interrupted) {
      this.#dropStale();
    }
  }

  /** The server lost a media connection but does not say which: the one that has gone quiet here too. */
  #dropStale(): void {
    const sockets = [...this.#media.values()];
    for (const media of sockets) {
      if (sockets.length === 1 || this.#options.now() - media.lastAt > STALE_MS) media.socket.drop();
    }
  }

  /** Opens what is wanted and offered. Resolves when nothing of it could be had: there is nothing to wait for then. */
  async #openMedia(serverUrls: unknown, signal: AbortSignal): Promise<void> {
    const targets = mediaTargets(this.#options.media, serverUrls);
    const ends = await Promise.all(targets.map(({ name, url }) => this.#keepMedia(name, url, signal)));
    // Media that flowed and ended says nothing about signaling, which has its own end.
    if (ends.some(({ kind }) => kind === 'lost')) await this.#signaling?.closed;
  }

  /** One media socket for as long as signaling lives, reopened where that is asked for and of use. */
  async #keepMedia(name: MediaName, url: string, signal: AbortSignal): Promise<End> {
    let lostAt: number | undefined;
    for (let attempt = 0; ; attempt += 1) {
      const startedAt = this.#options.now();
      const end = await this.#connectMedia(name, url, signal);
      const now = this.#options.now();
      if (end.kind === 'lost' && now - startedAt > STABLE_MS) [attempt, lostAt] = [0, now];
      lostAt ??= now;
      const delay = this.#options.reconnect
        ? nextDelay(end, attempt, now - lostAt, RECONNECT_WINDOW_MS.media)
        : undefined;
      if (delay === undefined || this.#finished || signal.aborted) return end;
      this.#note(`media:${name}: connecting again in ${delay / 1000} s, attempt ${attempt + 1}`);
      await this.#wait(delay, signal);
      if (signal.aborted) return end;
    }
  }

  async #connectMedia(name: MediaName, url: string, signal: AbortSignal): Promise<End> {
    const { entity, streamId, signature, protocolVersion, now } = this.#options;
    const socketName: SocketName = `media:${name}`;
    const socket = await this.#dial(socketName, url, signal);
    if (!socket) return { kind: 'unreachable' };
    const media: MediaSocket = { socket, lastAt: now(), flowing: false };
    this.#media.set(name, media);
    const { bit: mediaType } = MEDIA[name];
    const mediaParams = DEFAULT_MEDIA_PARAMS[name];
    const sentAt = now();
    this.#phase('handshake', socketName, sentAt, true);
    socket.send(dataHandshake({ entity, streamId, signature, protocolVersion, mediaType, mediaParams }));
    socket.onMessage = (message) => this.#onMedia(name, media, message, sentAt);
    const reply = await this.#reply(socket, sentAt, MEDIA_REPLIES);
    // Zoom's mock server lets media flow on a socket whose handshake it never answers.
    const usable = reply ? isAcceptance(reply) : media.flowing;
    if (!usable) {
      const end = refusal(socket, reply);
      await socket.close();
      return end;
    }
    if (reply) {
      this.#signaling?.send(clientReadyAck(streamId));
      this.#phase('ready', socketName, sentAt, true);
    }
    await socket.closed;
    return { kind: 'lost' };
  }

  #onMedia(name: MediaName, media: MediaSocket, message: Message, readyAt: number): void {
    media.lastAt = this.#options.now();
    if (media.flowing || !MEDIA_DATA.some((type) => type === message.msg_type)) return;
    media.flowing = true;
    this.#phase('first-media', `media:${name}`, readyAt, true);
  }

  async #dial(name: SocketName, url: string, signal: AbortSignal): Promise<RtmsSocket | undefined> {
    const target = this.#options.allowed(url);
    if (!target) return undefined;
    let wrapped: RtmsSocket | undefined;
    const { emit, now, dial: dialOptions } = this.#options;
    const opened = await dial({
      ...dialOptions,
      url: target,
      socket: name,
      emit,
      now,
      signal,
      attach: (socket) => {
        wrapped = new RtmsSocket(name, socket, emit);
      },
    });
    return opened && wrapped;
  }

  async #endStream(signaling: RtmsSocket): Promise<void> {
    const done = new AbortController();
    const answered = signaling.next([MESSAGE_TYPE.STREAM_CLOSE_RESP.value]);
    signaling.send(streamCloseRequest(this.#options.streamId));
    await Promise.race([answered, signaling.closed, this.#wait(STREAM_CLOSE_TIMEOUT_MS, done.signal)]);
    done.abort();
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#media.values()].map(({ socket }) => socket.close()));
    this.#media.clear();
    await this.#signaling?.close();
  }

  #phase(name: PhaseName, socket: SocketName, start: number, ok: boolean, detail: Facts = {}): void {
    const ms = Math.round((this.#options.now() - start) * 10) / 10;
    this.#options.emit({ type: 'phase', name, socket, ms, ok, detail });
  }

  #note(text: string): void {
    this.#options.emit({ type: 'note', text });
  }
}

interface MediaSocket {
  readonly socket: RtmsSocket;
  lastAt: number;
  flowing: boolean;
}

const SIGNALING_REPLIES = [MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value];
const MEDIA_DATA: readonly (number | undefined)[] = Object.values(MEDIA).flatMap(({ msgType }) => msgType ?? []);
/** The Contact Center reference names the signaling answer for a refused media handshake; both are taken. */
const MEDIA_REPLIES = [MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value, MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value];

/** Drops a signaling socket on which nothing at all has come for too long: the peer is gone without a word. */
class Watchdog {
  readonly #timer: NodeJS.Timeout;

  constructor(socket: RtmsSocket, emit: (body: EventBody) => void, silenceMs: number) {
    this.#timer = setTimeout(() => {
      emit({ type: 'error', socket: socket.name, code: 'SILENT', message: `nothing came for ${silenceMs / 1000} s` });
      socket.drop();
    }, silenceMs);
    socket.onFrame = () => this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The socket to open for each wanted type. With `all` wanted but not offered, every type that is. */
function mediaTargets(wanted: readonly MediaName[], serverUrls: unknown): { name: MediaName; url: string }[] {
  const offered = offeredMedia(serverUrls);
  const names = !wanted.includes('all') ? wanted : offered.includes('all') ? (['all'] as const) : offered;
  return names.flatMap((name) => {
    const target = mediaUrlFor(serverUrls, name);
    return target ? [{ name, url: target.url }] : [];
  });
}

function refusal(socket: RtmsSocket, reply: Message | undefined): End {
  if (reply === undefined) return { kind: socket.open ? 'unanswered' : 'silent-close' };
  return { kind: 'refused', status: 'status_code' in reply ? reply.status_code : undefined };
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
