/**
 * One stream of the mock server: who is connected, what is answered to each message, when media flows and how it all
 * ends. It does what Zoom documents wherever the scenario has no step of its own, and opens no ports.
 * https://developers.zoom.us/docs/rtms/event-reference/universal-events/
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import {
  CLOSE_CODE,
  EVENT_TYPE,
  MESSAGE_TYPE,
  nameOf,
  SESSION_STATE,
  STATUS_CODE,
  STOP_REASON,
  STREAM_STATE,
} from '../protocol/codes.js';
import { isObject } from '../protocol/json.js';
import { checkMediaParams, MEDIA, type MediaName } from '../protocol/media.js';
import {
  dataHandshakeResponse,
  eventUpdate,
  messageName,
  sessionStateResponse,
  sessionStateUpdate,
  signalingHandshakeResponse,
  streamCloseResponse,
  streamStateResponse,
  streamStateUpdate,
  videoSubscriptionResponse,
  type HandshakeAnswerInput,
  type Message,
} from '../protocol/messages.js';
import { CONNECT_WINDOW_MS, RECONNECT_WINDOW_MS } from '../protocol/timing.js';
import {
  interruptedWebhook,
  isCall,
  startedWebhook,
  stoppedWebhook,
  type WebhookInput,
} from '../protocol/webhooks.js';
import type { EventBody, FrameEvent } from '../session/event.js';
import { readFrame, type FrameReading } from '../session/message.js';
import { expected, refusal, refuseMedia, refuseSignaling, type Admission, type Refusal } from './admission.js';
import { Cast } from './cast.js';
import { EventFeed } from './event-feed.js';
import { MediaPump } from './media-pump.js';
import { Peer } from './peer.js';
import { Peers } from './peers.js';
import {
  LONGEST_CLOSE_REASON,
  NORMAL,
  type Close,
  type MomentName,
  type Scenario,
  type SocketChoice,
  type Step,
} from './scenario.js';
import { clockAt, Schedule, type Clock } from './schedule.js';
import { Script } from './script.js';
import { paramsInForce, replacedParams, type MediaFiles } from './synthetic-media.js';
import { wireFor, type WireFor } from './wire.js';

export interface StreamOptions extends Admission {
  readonly scenario: Scenario;
  /** Further documented fields of the started webhook. */
  readonly webhookFields?: NonNullable<WebhookInput['fields']>;
  readonly mediaFiles?: MediaFiles;
  /** The true time at its normal pace, unless given. */
  readonly clock?: Clock;
  /** Unix time in ms for webhooks, whose age the receiver judges. */
  readonly wallClock?: () => number;
  /** What the server saw and did, in the client's view: `out` goes to Zoom. Signatures are not masked yet. */
  readonly onEvent?: (body: EventBody) => void;
  /** Whether the media data that is sent is among it: the bulk of all traffic. */
  readonly mediaEvents?: boolean;
  /** What it refused or ignored: what Zoom does not tell. Finding the words for `why` can take a tenth of a second. */
  readonly onVerdict?: (what: string, why?: () => string) => void;
  /** A webhook to deliver. */
  readonly onWebhook?: (body: object) => void;
  /** The scenario has shown all it has. */
  readonly onFinish?: () => void;
  /** The reason to close with in place of none, where a handshake has a fault. */
  readonly tell?: (why: () => string) => string;
}

/** Where the stream is reached. */
export interface Place {
  /** The URL in front of `/signaling`, `/audio` and so on; a failover goes from node 1 to 2. */
  readonly baseUrl: (node: number) => string;
}

/** What a path of the server is for. */
export type Target = 'signaling' | MediaName;

/** What the steps of the script can act on. */
interface Context {
  readonly peer?: Peer;
  /** Answers the handshake that is waiting. */
  readonly answer?: (input: HandshakeAnswerInput) => void;
  /** What is wrong with it. */
  readonly fault?: Refusal;
  /** What does not belong where it came, in words. */
  readonly misfit?: string;
}

/** What is needed to refuse a handshake. */
type Refusable = Required<Pick<Context, 'peer' | 'answer' | 'fault'>>;

/** Audio is kept no longer: https://developers.zoom.us/changelog/rtms/may-09-2026 */
const LONGEST_BUFFER_MS = 60_000;
/** How often it is looked for who came, left or began to speak. */
const CAST_STEP_MS = 500;

/** One stream: hand it sockets, and it answers by the scenario. */
export class MockStream {
  /** Resolves when the stream is over. */
  readonly over: Promise<void>;
  readonly #options: StreamOptions;
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #script: Script<Context>;
  readonly #cast: Cast;
  readonly #pump: MediaPump;
  readonly #wireFor: WireFor;
  readonly #sessionId: string;
  readonly #peers = new Peers();
  #resolveOver: () => void = () => undefined;
  #isDisposed = false;
  #node = 1;
  #started: object;
  #startedAt: number | undefined;
  #signaling: Peer | undefined;
  #sessionState: number = SESSION_STATE.INITIALIZE.value;
  #streamState: number = STREAM_STATE.INACTIVE.value;
  #firstPacketAt: number | undefined;
  #bufferData = true;
  #muted = false;
  /** Whether a connection was lost since media last began to flow. */
  #lost = false;
  /** Why the stream ends if the client does not come back. */
  #lossReason: number = STOP_REASON.AWAIT_RECONNECTION_TIMEOUT.value;
  #feed: EventFeed | undefined;

  constructor(options: StreamOptions, place: Place) {
    const { scenario, stream, clock = clockAt() } = options;
    this.#options = options;
    this.#place = place;
    this.#clock = clock;
    this.#schedule = new Schedule(clock);
    this.#script = new Script({
      steps: scenario.script,
      schedule: this.#schedule,
      perform: (step, context) => this.#perform(step, context),
      onMoment: (moment, { misfit }) => {
        const why = misfit !== undefined && { why: misfit };
        this.#emit({ type: 'check', rule: 'scenario-moment', ok: true, facts: { moment, ...why } });
      },
    });
    this.#cast = new Cast(stream.product, scenario.media.participants);
    this.#pump = new MediaPump({
      product: stream.product,
      cast: this.#cast,
      files: options.mediaFiles ?? {},
      clock,
      sinceStart: (time) => time - (this.#startedAt ?? time),
      flows: () => this.#flows,
      seen: options.mediaEvents ?? true,
    });
    this.#wireFor = wireFor(scenario.wire);
    this.#sessionId = `mock-session-${stream.streamId}`;
    this.#started = this.#startedWebhook(scenario.webhookAgeMs);
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
  }

  /** The signaling URL, as it stands in `webhook`. */
  get url(): string {
    return `${this.#place.baseUrl(this.#node)}/signaling`;
  }

  /** The `rtms_started` webhook that leads a client here. */
  get webhook(): object {
    return this.#started;
  }

  /** Whether a socket is taken at this node: after a failover, none is at the old one; in the end, none at all. */
  takesAt(node: number): boolean {
    if (this.#isDisposed) return false;
    if (node < this.#node) this.#came('old-url');
    return node === this.#node;
  }

  /** The webhook has reached the client, which has to connect before long. */
  delivered(): void {
    this.#start();
    this.#schedule.after(CONNECT_WINDOW_MS, () => {
      const late = this.#script.count('accepted' satisfies MomentName) === 0;
      if (late) this.stop(STOP_REASON.CONNECTION_TIMEOUT.value);
    });
  }

  /** Takes on a socket that was opened on one of its URLs. */
  attach(target: Target, socket: WebSocket, tcp: Socket): void {
    this.#start();
    if (target === 'signaling') this.#attachSignaling(socket, tcp);
    else this.#attachMedia(target, socket, tcp);
  }

  /** Ends the stream, as the host does; without `close`, the sockets are left to the client. */
  stop(reason: number, close = true): void {
    if (this.#isOver) return;
    this.#tellStates(this.#sessionState, STREAM_STATE.TERMINATING.value, reason);
    this.#tellStates(this.#sessionState, STREAM_STATE.TERMINATED.value, reason);
    this.#tellStates(SESSION_STATE.STOPPED.value, this.#streamState, reason);
    if (close) {
      this.#endMedia();
      this.#signaling?.end(NORMAL);
    }
    this.#options.onWebhook?.(stoppedWebhook({ ...this.#webhookInput(), stopReason: reason }));
    this.#came('over');
    this.#resolveOver();
  }

  /** Resolves when no client is connected. */
  get left(): Promise<void> {
    return this.#peers.left;
  }

  /** Drops every connection and stops every timer; resolves when the last one has ended. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#schedule.stop();
    this.#dropAll();
    await this.left;
  }

  #start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = this.#now();
    this.#came('start');
  }

  #attachSignaling(socket: WebSocket, tcp: Socket): void {
    const peer: Peer = this.#peer('signaling', socket, tcp, {
      onHandshake: (frame) => this.#onSignalingHandshake(peer, frame),
      onMessage: (reading) => this.#onMessage(peer, reading),
      onEnd: () => this.#signalingEnded(peer),
    });
  }

  #attachMedia(name: MediaName, socket: WebSocket, tcp: Socket): void {
    const peer: Peer = this.#peer(`media:${name}`, socket, tcp, {
      onHandshake: (frame) => this.#onMediaHandshake(name, peer, frame),
      onMessage: (reading) => this.#onMediaMessage(peer, reading),
      onEnd: (left) => this.#mediaEnded(name, peer, left),
    });
  }

  #peer(name: Peer['name'], socket: WebSocket, tcp: Socket, on: Handlers): Peer {
    let isFirst = true;
    const number = this.#peers.numberFor(name);
    // The first goes without saying.
    const which = number === 1 ? {} : { connection: number };
    this.#emit({ type: 'phase', name: 'upgrade', socket: name, ...which, ms: 0, ok: true, detail: { status: 101 } });
    const peer = new Peer({
      name,
      socket,
      tcp,
      clock: this.#clock,
      wireFor: this.#wireFor,
      emit: (body) => this.#emit('connection' in which ? { ...body, ...which } : body),
      onMessage: (frame) => {
        if (isFirst) on.onHandshake(frame);
        else on.onMessage(readFrame(frame));
        isFirst = false;
      },
      onEnd: (left) => {
        on.onEnd(left);
        this.#peers.delete(peer);
      },
    });
    this.#peers.add(peer, number);
    return peer;
  }

  // Handshakes

  #onSignalingHandshake(peer: Peer, frame: FrameEvent): void {
    const request = { ...this.#options, frame, streamOver: this.#isOver, taken: this.#signaling !== undefined };
    const fault = refuseSignaling(request);
    const answer = (input: Parameters<typeof signalingHandshakeResponse>[0]): void =>
      peer.send(signalingHandshakeResponse({ ...sequenceOf(frame), ...input }));
    const isHandled = fault ? this.#fault({ peer, answer, fault }) : this.#came('handshake', { peer, answer });
    if (isHandled) return;
    const { message } = readFrame(frame);
    const wish = message.msg_type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value ? message.buffer_data : undefined;
    this.#bufferData = wish ?? true;
    this.#signaling = peer;
    this.#lossReason = STOP_REASON.AWAIT_RECONNECTION_TIMEOUT.value;
    answer({ serverUrls: this.#serverUrls() });
    this.#keepAlive(peer, () => {
      this.#lossReason = STOP_REASON.KEEP_ALIVE_TIMEOUT.value;
    });
    const feed = new EventFeed(this.#cast, this.#options.stream.product, this.#elapsed);
    this.#feed = feed;
    peer.schedule.every(CAST_STEP_MS, () => {
      for (const update of feed.changes(this.#elapsed, this.#now())) peer.send(update);
    });
    this.#came('accepted', { peer });
  }

  #serverUrls(): Readonly<Record<string, string>> {
    const base = this.#place.baseUrl(this.#node);
    return Object.fromEntries(this.#offer.map((name) => [MEDIA[name].urlKeys[0], `${base}/${name}`]));
  }

  /** A call has no pictures, and the chat of a call is none of RTMS. */
  get #offer(): readonly MediaName[] {
    const { scenario, stream } = this.#options;
    return isCall(stream.product) ? scenario.offer.filter((name) => CALL_MEDIA.includes(name)) : scenario.offer;
  }

  #onMediaHandshake(name: MediaName, peer: Peer, frame: FrameEvent): void {
    const offer = this.#offer;
    const request = { ...this.#options, frame, streamOver: this.#isOver, name, offer, open: this.#pump.open };
    const fault = refuseMedia(request);
    const answer = (input: Parameters<typeof dataHandshakeResponse>[0]): void =>
      peer.send(dataHandshakeResponse({ ...sequenceOf(frame), ...input }));
    const isHandled = fault ? this.#fault({ peer, answer, fault }) : this.#came('media-handshake', { peer, answer });
    if (isHandled) return;
    const { message } = readFrame(frame);
    const asked = message.msg_type === MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value ? message.media_params : undefined;
    const params = paramsInForce(name === 'all' ? offer.filter((offered) => offered !== 'all') : [name], asked);
    for (const { message, disputed } of checkMediaParams(asked)) {
      if (disputed) this.#misfit(peer, `${message}; yet ${disputed.by}, so the mock takes it; ${disputed.safe}`);
    }
    for (const replaced of replacedParams(asked, params)) this.#verdict(peer, replaced);
    this.#pump.add(name, peer, params);
    answer({ mediaParams: params });
    this.#keepAlive(peer, () => this.#mediaLost(name, peer));
    this.#came('media-accepted', { peer });
  }

  /** What is wrong is said last: nobody but a reader waits for it. */
  #fault(context: Refusable): true {
    const { peer, fault } = context;
    if (!this.#came('fault', context)) this.#refuse(context, NORMAL);
    const { status, why } = fault;
    this.#verdict(peer, `refused ${withStatus(status)}`, why);
    return true;
  }

  #refuse({ peer, answer, fault }: Refusable, close: Close | null): void {
    answer(inWords(fault));
    if (close) peer.end(this.#told(close, fault));
  }

  /** Where the client is to be told, the close frame has the reason that Zoom does not give. */
  #told(close: Close, fault: Refusal | undefined): Close {
    const { tell } = this.#options;
    if (!tell || !fault || close.reason !== '') return close;
    return { ...close, reason: cut(tell(fault.why), LONGEST_CLOSE_REASON) };
  }

  #keepAlive(peer: Peer, onLost: () => void): void {
    const { intervalMs, misses, close } = this.#options.scenario.keepAlive;
    peer.keepAlive(intervalMs, misses, () => {
      this.#verdict(peer, `${misses} keep-alives in a row found no answer on this socket`);
      if (!close) return;
      onLost();
      peer.end(close);
    });
  }

  // Messages after the handshake

  #onMediaMessage(peer: Peer, reading: FrameReading): void {
    if (reading.message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_RESP.value) peer.answered();
    else this.#outOfPlace(peer, reading);
  }

  #onMessage(peer: Peer, reading: FrameReading): void {
    if (peer !== this.#signaling) return;
    const { message } = reading;
    const { streamId } = this.#options.stream;
    switch (message.msg_type) {
      case MESSAGE_TYPE.KEEP_ALIVE_RESP.value:
        peer.answered();
        break;
      case MESSAGE_TYPE.EVENT_SUBSCRIPTION.value:
        this.#subscribe(peer, message);
        break;
      case MESSAGE_TYPE.CLIENT_READY_ACK.value:
        this.#ready(peer, message.rtms_stream_id);
        break;
      case MESSAGE_TYPE.SESSION_STATE_REQ.value:
        this.#compare(peer, reading, 'rtms_session_id', this.#sessionId);
        peer.send(sessionStateResponse(this.#sessionId, this.#sessionState, this.#now()));
        break;
      case MESSAGE_TYPE.STREAM_STATE_REQ.value:
        this.#compare(peer, reading, 'rtms_stream_id', streamId);
        peer.send(streamStateResponse(streamId, this.#streamState, this.#now()));
        break;
      case MESSAGE_TYPE.STREAM_CLOSE_REQ.value:
        this.#closeStream(peer, message.rtms_stream_id);
        break;
      case MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value:
        this.#chooseVideo(peer, message);
        break;
      default:
        this.#outOfPlace(peer, reading);
    }
  }

  /** A request whose id is another is answered all the same: what Zoom does then is not documented. */
  #compare(peer: Peer, { value }: FrameReading, field: string, wanted: string): void {
    const sent = isObject(value) ? value[field] : undefined;
    if (sent !== wanted) this.#misfit(peer, `${messageName(value)}: ${expected(field, sent, JSON.stringify(wanted))}`);
  }

  #outOfPlace(peer: Peer, { value, faults }: FrameReading): void {
    const why = faults[0]?.message ?? 'it does not belong here';
    this.#ignored(peer, messageName(value) || 'a message', why);
  }

  #ignored(peer: Peer, what: string, why: string): void {
    this.#misfit(peer, `ignored ${what}: ${why}`);
  }

  #misfit(peer: Peer, what: string): void {
    this.#verdict(peer, what);
    this.#came('misfit', { peer, misfit: `${peer.name}: ${what}` });
  }

  /** How errors come back is not documented: nothing is sent. */
  #subscribe(peer: Peer, { events }: Of<typeof MESSAGE_TYPE.EVENT_SUBSCRIPTION.value>): void {
    if (!events) this.#ignored(peer, 'EVENT_SUBSCRIPTION', 'events is not an array');
    for (const { event_type: type } of events ?? []) {
      if (this.#feed?.knows(type)) continue;
      this.#ignored(peer, type === undefined ? 'an event_type that is no number' : `event_type ${type}`, NO_SUCH_EVENT);
    }
    for (const update of this.#feed?.subscribe(events ?? [], this.#elapsed, this.#now()) ?? []) peer.send(update);
  }

  #ready(peer: Peer, streamId: string | undefined): void {
    if (streamId !== this.#options.stream.streamId) {
      this.#ignored(peer, 'CLIENT_READY_ACK', 'rtms_stream_id is not that of the stream');
      return;
    }
    if (this.#pump.open.length === 0) {
      this.#ignored(peer, 'CLIENT_READY_ACK', 'no media handshake was accepted before it');
      return;
    }
    const isFirst = this.#firstPacketAt === undefined;
    if (isFirst && this.#options.scenario.media.flows) {
      this.#firstPacketAt = this.#now();
      peer.send(eventUpdate(EVENT_TYPE.FIRST_PACKET_TIMESTAMP.value, this.#firstPacketAt));
    }
    this.#tellStates(SESSION_STATE.STARTED.value, STREAM_STATE.ACTIVE.value);
    this.#pump.begin(isFirst && this.#flows ? this.#buffered : 0);
    if (this.#script.count('ready' satisfies MomentName) === 0) this.#came('ready', { peer });
    else if (this.#lost) this.#came('recovered', { peer });
    this.#lost = false;
  }

  /** What Zoom has kept since the webhook, in ms. */
  get #buffered(): number {
    const { buffered = Math.min(this.#elapsed, LONGEST_BUFFER_MS) } = this.#options.scenario.media;
    return this.#bufferData ? buffered : 0;
  }

  get #flows(): boolean {
    const paused = this.#sessionState === SESSION_STATE.PAUSED.value || this.#streamState === STREAM_STATE.PAUSED.value;
    return this.#options.scenario.media.flows && !this.#muted && !paused;
  }

  #chooseVideo(peer: Peer, message: Of<typeof MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value>): void {
    const { user_id: userId = 0, subscribe = true } = message;
    const status = this.#pump.choose(userId, subscribe).value;
    const isRefused = status !== STATUS_CODE.OK.value;
    peer.send(videoSubscriptionResponse(userId, this.#now(), isRefused ? answerOf(status) : {}));
    if (!isRefused) return;
    const isKnown = status === STATUS_CODE.DUPLICATE_VIDEO_SUBSCRIPTION.value;
    const people = this.#cast.people.map((person) => `${person.userId} (${person.userName})`);
    const why = isKnown ? 'it is chosen already' : expected('user_id', message.user_id, people.join(' or '));
    this.#misfit(peer, `refused VIDEO_SUBSCRIPTION_REQ ${withStatus(status)}: ${why}`);
  }

  // Loss and end

  #closeStream(peer: Peer, streamId: string | undefined): void {
    const { streamId: own } = this.#options.stream;
    if (streamId !== own) {
      const status = STATUS_CODE.INVALID_RTMS_STREAM_ID.value;
      peer.send(streamCloseResponse(own, this.#now(), answerOf(status)));
      const why = expected('rtms_stream_id', streamId, JSON.stringify(own));
      this.#misfit(peer, `refused STREAM_CLOSE_REQ ${withStatus(status)}: ${why}`);
      return;
    }
    peer.send(streamCloseResponse(own, this.#now()));
    this.#came('close-request', { peer });
    this.stop(STOP_REASON.RECEIVER_REQUEST_CLOSE.value);
  }

  /** Tells the client each state that is new. */
  #tellStates(session: number, stream: number, why?: number): void {
    const now = this.#now();
    if (session !== this.#sessionState) this.#signaling?.send(sessionStateUpdate(this.#sessionId, session, now, why));
    if (stream !== this.#streamState) this.#signaling?.send(streamStateUpdate(stream, now, why));
    this.#sessionState = session;
    this.#streamState = stream;
  }

  get #isOver(): boolean {
    return this.#streamState === STREAM_STATE.TERMINATED.value;
  }

  /** Without signaling there is no media: the client has a while to begin anew. */
  #signalingEnded(peer: Peer): void {
    if (peer !== this.#signaling) return;
    this.#forgetSignaling();
    this.#endMedia();
    if (this.#isOver) return;
    this.#options.onWebhook?.(interruptedWebhook(this.#webhookInput()));
    this.#schedule.after(RECONNECT_WINDOW_MS.signaling, () => {
      if (!this.#signaling) this.stop(this.#lossReason);
    });
  }

  #forgetSignaling(): void {
    this.#signaling = undefined;
    this.#feed = undefined;
    this.#pump.forget();
    if (this.#isOver) return;
    this.#lost = true;
    this.#streamState = STREAM_STATE.INTERRUPTED.value;
  }

  #endMedia(): void {
    for (const peer of this.#pump.clear()) peer.end(NORMAL);
  }

  #mediaEnded(name: MediaName, peer: Peer, left: boolean): void {
    if (!left) this.#mediaLost(name, peer);
    else this.#pump.delete(name, peer);
  }

  /** The client may open this one socket again. https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/ */
  #mediaLost(name: MediaName, peer: Peer): void {
    if (!this.#pump.delete(name, peer)) return;
    if (this.#isOver) return;
    this.#lost = true;
    this.#signaling?.send(eventUpdate(EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value, this.#now()));
    const why = STOP_REASON.DATA_CONNECTION_INTERRUPTED.value;
    this.#tellStates(this.#sessionState, STREAM_STATE.INTERRUPTED.value, why);
    this.#schedule.after(RECONNECT_WINDOW_MS.media, () => {
      if (this.#pump.open.length === 0 && this.#signaling) this.stop(this.#lossReason);
    });
  }

  #dropAll(): void {
    this.#signaling = undefined;
    this.#pump.clear();
    for (const peer of this.#peers.all) peer.end(DROPPED);
  }

  #failOver(): void {
    this.#forgetSignaling();
    this.#dropAll();
    this.#node += 1;
    this.#started = this.#startedWebhook(0);
    this.#options.onWebhook?.(this.#started);
  }

  // The script

  #came(moment: MomentName, context: Context = {}): boolean {
    return this.#script.came(moment, context);
  }

  #perform(step: Step, context: Context): void {
    switch (step.do) {
      case 'refuse':
        this.#refuseBy(step, context);
        break;
      case 'ignore':
        if (context.peer && !context.fault) this.#verdict(context.peer, `left unanswered: ${BY_SCENARIO}`);
        break;
      case 'close':
        for (const peer of this.#peersOf(step.socket, context)) peer.end(this.#told(step, context.fault));
        break;
      case 'reset':
        for (const peer of this.#peersOf(step.socket, context)) peer.reset();
        break;
      case 'send':
        this.#sendBy(step, context);
        break;
      case 'state':
        this.#tellStates(
          step.session === undefined ? this.#sessionState : SESSION_STATE[step.session].value,
          step.stream === undefined ? this.#streamState : STREAM_STATE[step.stream].value,
        );
        break;
      case 'mute':
        this.#muted = true;
        break;
      case 'fall-silent':
        for (const peer of this.#peers.all) peer.fallSilent();
        this.#forgetSignaling();
        this.#pump.clear();
        break;
      case 'stop':
        this.stop(step.reason, step.close);
        break;
      case 'redeliver':
        this.#options.onWebhook?.(this.#started);
        break;
      case 'failover':
        this.#failOver();
        break;
      case 'finish':
        this.#options.onFinish?.();
        break;
      default:
        step satisfies never;
    }
  }

  #refuseBy(step: Extract<Step, { do: 'refuse' }>, { peer, answer, fault }: Context): void {
    if (!peer || !answer) return;
    const own = fault ?? refusal(step.status ?? STATUS_CODE.INTERNAL_EXCEPTION.value, () => BY_SCENARIO);
    const { status = own.status, reason = own.reason } = step;
    this.#refuse({ peer, answer, fault: { ...own, status, reason } }, step.close);
    if (!fault) this.#verdict(peer, `refused ${withStatus(status)}`, own.why);
  }

  #sendBy({ socket, message, text, base64, pad, opcode }: Extract<Step, { do: 'send' }>, context: Context): void {
    const padded = pad === undefined ? message : { ...message, padding: '.'.repeat(pad) };
    for (const peer of this.#peersOf(socket, context)) {
      if (padded) peer.send(padded);
      else if (base64 !== undefined) peer.sendBytes(Buffer.from(base64, 'base64'), opcode ?? 'binary');
      else peer.sendBytes(Buffer.from(text ?? ''), opcode ?? 'text');
    }
  }

  #peersOf(socket: SocketChoice, { peer }: Context): Peer[] {
    if (socket !== 'this') return this.#peers.carrying(socket);
    return peer ? [peer] : [];
  }

  // Small things

  #startedWebhook(ageMs: number): object {
    const { webhookFields: fields = {} } = this.#options;
    const input = this.#webhookInput();
    return startedWebhook({ ...input, fields, eventTs: input.eventTs - ageMs, serverUrls: this.url });
  }

  #webhookInput(): WebhookInput {
    const { stream, wallClock = Date.now } = this.#options;
    return { ...stream, eventTs: wallClock() };
  }

  #now(): number {
    return Math.round(this.#clock.now());
  }

  /** Ms since the start. */
  get #elapsed(): number {
    return this.#startedAt === undefined ? 0 : this.#now() - this.#startedAt;
  }

  #emit(body: EventBody): void {
    this.#options.onEvent?.(body);
  }

  #verdict({ name }: Peer, what: string, why?: () => string): void {
    this.#options.onVerdict?.(`${name}: ${what}`, why);
  }
}

interface Handlers {
  readonly onHandshake: (frame: FrameEvent) => void;
  readonly onMessage: (reading: FrameReading) => void;
  readonly onEnd: (left: boolean) => void;
}

type Of<T extends number> = Extract<Message, { msg_type: T }>;

const inWords = ({ status, reason }: Refusal) => ({ statusCode: status, reason });
const answerOf = (status: number) => inWords(refusal(status, () => ''));
const withStatus = (status: number): string => `with status ${status} (${nameOf(STATUS_CODE, status)})`;

const BY_SCENARIO = 'the scenario has it so';
const NO_SUCH_EVENT = 'this product has no such event';

const CALL_MEDIA: readonly MediaName[] = ['audio', 'transcript', 'all'];
const MORE = '…';
const DROPPED: Close = { code: CLOSE_CODE.ABNORMAL_CLOSURE.value, reason: '' };

/** At most so many bytes, without half a character; that something is missing is shown. */
function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  const beginning = whole.subarray(0, bytes - Buffer.byteLength(MORE));
  return new TextDecoder().decode(beginning).replace(/\uFFFD$/, '') + MORE;
}

/** The request's own number goes into its answer. */
function sequenceOf(frame: FrameEvent): HandshakeAnswerInput {
  const { message } = readFrame(frame);
  const sequence = 'sequence' in message ? message.sequence : undefined;
  return sequence === undefined ? {} : { sequence };
}
