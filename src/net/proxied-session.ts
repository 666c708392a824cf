/**
 * One client's conversation with Zoom as it passes through the proxy: signaling and media sockets, the steps they
 * take, and media URLs that lead through here too. It emits what a client of our own would, and sends nothing itself.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { readMessageText } from '../protocol/framing.js';
import { isMediaName, MEDIA } from '../protocol/media.js';
import { decodeMessage, isAcceptance, type Message } from '../protocol/messages.js';
import { replaceServerUrls } from '../protocol/server-urls.js';
import type { Direction, EventBody, Facts, FrameEvent, Opcode, PhaseName, SocketName } from '../session/event.js';
import { frameEvent, readFrame } from '../session/message.js';
import { dialWith, type DialOptions } from './dial.js';
import { Relay, type Upgraded } from './relay.js';
import { askUpgrade, gatewayAnswer, hold, plainAnswer, turnAway, type UpgradeAnswer } from './upgrade.js';

export interface ProxiedSessionOptions {
  readonly dial: DialOptions;
  /** Whether a signature may go to this URL; the reason is emitted by the one who refuses. */
  readonly allowed: (url: string) => URL | undefined;
  readonly emit: (body: EventBody) => void;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  /** How long an answer to a handshake may take before it counts as missing, in ms. */
  readonly replyTimeoutMs: number;
  /** Its last socket has ended. */
  readonly onOver?: () => void;
}

/** A request to upgrade, not yet answered. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came right behind the request. */
  readonly early: Buffer;
}

/** One socket of the client, and where it stands. */
interface Leg {
  readonly name: SocketName;
  readonly relay: Relay;
  readonly openedAt: number;
  handshakeAt?: number;
  /** Runs while the answer to the handshake is awaited. */
  replyTimer?: NodeJS.Timeout;
  accepted: boolean;
  ready: boolean;
  flowing: boolean;
}

export class ProxiedSession {
  readonly #options: ProxiedSessionOptions;
  /** The URL here that leads there. */
  readonly #route: (socket: SocketName, url: string) => string;
  /** The newest of each name. */
  readonly #legs = new Map<SocketName, Leg>();
  /** Those that have not ended, left by their client or not. */
  readonly #relays = new Set<Relay>();
  readonly #dialling = new Set<SocketName>();
  /** Where each socket has led. */
  readonly #targets = new Map<SocketName, Set<string>>();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #over = false;

  constructor(options: ProxiedSessionOptions, route: (socket: SocketName, url: string) => string) {
    this.#options = options;
    this.#route = route;
  }

  /** Whether all its sockets have ended: whoever comes now begins anew. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether a client has this socket already. */
  has(name: SocketName): boolean {
    return this.#dialling.has(name) || this.#legs.get(name)?.relay.open === true;
  }

  /** Whether this is where a failover notice sent its client, and not a second client. */
  movesTo(name: SocketName, url: string): boolean {
    return this.#targets.get(name)?.has(url) === false;
  }

  /** Opens the socket that was asked for at the other side, answers as it answers, and passes all on till the end. */
  async take(name: SocketName, url: string, asking: UpgradeRequest): Promise<void> {
    if (this.movesTo(name, url)) this.#options.emit({ type: 'note', text: `your client goes on at another ${name} URL` });
    this.#targets.set(name, new Set([...(this.#targets.get(name) ?? []), url]));
    this.#over = false;
    const passage = this.#pass(name, url, asking);
    this.#running.add(passage);
    await passage;
    this.#running.delete(passage);
    if (this.#running.size > 0) return;
    this.#over = true;
    this.#options.onOver?.();
  }

  /** Closes every socket on both sides, media first; resolves when all are closed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const leg of this.#legs.values()) this.#unanswered(leg, { code: 'INTERRUPTED' });
    const signaling = this.#legs.get('signaling')?.relay;
    const others = [...this.#relays].filter((relay) => relay !== signaling);
    await Promise.all(others.map((relay) => relay.stop()));
    await signaling?.stop();
    await Promise.all(this.#running);
  }

  async #pass(name: SocketName, url: string, { request, socket, early }: UpgradeRequest): Promise<void> {
    const { allowed, dial, now, emit } = this.#options;
    // Events of the one before must not count for this one.
    this.#legs.get(name)?.relay.settle();
    const target = allowed(url);
    if (!target) {
      turnAway(socket, plainAnswer(403, 'rtms proxy: the server URL is not one to send a signature to'));
      return;
    }
    const { 'user-agent': agent } = request.headers;
    if (name === 'signaling' && agent !== undefined) emit({ type: 'note', text: `your client is ${agent}` });
    const held = hold(socket, early);
    let failure: Facts = {};
    let answer: UpgradeAnswer | undefined;
    this.#dialling.add(name);
    const stream = await dialWith(
      {
        ...dial,
        url: target,
        socket: name,
        now,
        emit: (body) => {
          if (body.type === 'phase' && !body.ok) failure = { ...body.detail, step: body.name };
          emit(body);
        },
        signal: AbortSignal.any([held.gone, this.#stopping.signal]),
      },
      async (connected, signal) => {
        answer = await askUpgrade(request, target, connected, signal);
        if (answer.refusal) throw answer.refusal;
        return { value: connected, detail: { status: 101 } };
      },
    );
    this.#dialling.delete(name);
    const client = { socket, early: held.release() };
    if (!stream || !answer) {
      turnAway(socket, answer?.bytes ?? gatewayAnswer(failure));
    } else if (socket.destroyed) {
      stream.destroy();
    } else {
      socket.write(answer.bytes);
      await this.#join(name, client, { socket: stream, early: answer.early });
    }
  }

  async #join(name: SocketName, client: Upgraded, server: Upgraded): Promise<void> {
    const { emit, now } = this.#options;
    const rewrite = (payload: Buffer): Buffer => this.#rewritten(payload);
    const relay = new Relay({
      client,
      server,
      ...(name === 'signaling' && { rewrite }),
      onMessage: (dir, opcode, payload) => this.#onMessage(leg, dir, opcode, payload),
      onFault: (dir, { code, message }) => {
        const who = dir === 'out' ? 'your client' : 'the server';
        emit({ type: 'error', socket: name, code, message: `${who} sends what is no WebSocket frame: ${message}` });
      },
      onClose: (close) => {
        stopWaiting(leg);
        emit({ type: 'close', socket: name, ...close });
      },
    });
    const leg: Leg = { name, relay, openedAt: now(), accepted: false, ready: false, flowing: false };
    this.#legs.set(name, leg);
    this.#relays.add(relay);
    await relay.closed;
    this.#relays.delete(relay);
  }

  /** Media URLs of an accepted handshake lead through here; all else of the message stays, byte for byte. */
  #rewritten(payload: Buffer): Buffer {
    const { msg_type: type } = decodeMessage(readMessageText(payload).value);
    if (type !== MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value) return payload;
    return replaceServerUrls(payload, (url, key) => this.#route(mediaSocket(key), url));
  }

  #onMessage(leg: Leg, dir: Direction, opcode: Opcode, payload: Buffer): void {
    const event = frameEvent(leg.name, dir, opcode, payload);
    const isMessage = opcode === 'text' || opcode === 'binary';
    if (isMessage && dir === 'out') this.#beforeSent(leg, event);
    this.#options.emit(event);
    if (!isMessage) return;
    const { message } = readFrame(event);
    if (dir === 'in') this.#received(leg, message);
    else if (message.msg_type === MESSAGE_TYPE.CLIENT_READY_ACK.value) this.#ready();
  }

  /** The first message is the handshake, whatever it holds; an answer to an early keep-alive is not it. */
  #beforeSent(leg: Leg, event: FrameEvent): void {
    if (leg.handshakeAt !== undefined) return;
    if (readFrame(event).message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_RESP.value) return;
    this.#phase(leg, 'handshake', leg.openedAt, true);
    leg.handshakeAt = this.#options.now();
    leg.replyTimer = setTimeout(() => this.#unanswered(leg), this.#options.replyTimeoutMs);
  }

  #unanswered(leg: Leg, detail: Facts = {}): void {
    if (!leg.replyTimer || leg.handshakeAt === undefined) return;
    stopWaiting(leg);
    this.#phase(leg, 'reply', leg.handshakeAt, false, detail);
  }

  #received(leg: Leg, message: Message): void {
    const replies = leg.name === 'signaling' ? SIGNALING_REPLIES : MEDIA_REPLIES;
    if (leg.replyTimer && leg.handshakeAt !== undefined && replies.includes(message.msg_type)) {
      stopWaiting(leg);
      leg.accepted = isAcceptance(message);
      this.#phase(leg, 'reply', leg.handshakeAt, true);
    }
    if (leg.name === 'signaling' || leg.flowing || !MEDIA_DATA.includes(message.msg_type)) return;
    // Media that flows is an answer too: Zoom's mock server gives no other.
    stopWaiting(leg);
    leg.flowing = true;
    this.#phase(leg, 'first-media', leg.handshakeAt ?? leg.openedAt, true);
  }

  #ready(): void {
    for (const leg of this.#legs.values()) {
      if (leg.name === 'signaling' || !leg.accepted || leg.ready) continue;
      leg.ready = true;
      this.#phase(leg, 'ready', leg.handshakeAt ?? leg.openedAt, true);
    }
  }

  #phase({ name: socket }: Leg, name: PhaseName, since: number, ok: boolean, detail: Facts = {}): void {
    const ms = Math.round((this.#options.now() - since) * 10) / 10;
    this.#options.emit({ type: 'phase', name, socket, ms, ok, detail });
  }
}

function stopWaiting(leg: Leg): void {
  clearTimeout(leg.replyTimer);
  delete leg.replyTimer;
}

type Types = readonly (number | undefined)[];
const SIGNALING_REPLIES: Types = [MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value];
const MEDIA_REPLIES: Types = [MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value, ...SIGNALING_REPLIES];
const MEDIA_DATA: Types = Object.values(MEDIA).flatMap(({ msgType }) => msgType ?? []);

/** The socket a media URL is for, by the key it stands under; one without a key carries everything. */
function mediaSocket(key: string | undefined): SocketName {
  const names = Object.keys(MEDIA).filter(isMediaName);
  return `media:${names.find((name) => MEDIA[name].urlKeys.some((each) => each === key)) ?? 'all'}`;
}
