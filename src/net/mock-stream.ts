/**
 * One stream of the mock server: who is connected, what is answered to each message, when media flows and how it all
 * ends. It follows the scenario and opens no ports.
 * https://developers.zoom.us/docs/rtms/event-reference/universal-events/
 */
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
import { MEDIA, type MediaName, type MediaParams } from '../protocol/media.js';
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
import type { EventBody, FrameEvent } from '../session/event.js';
import { readFrame, type FrameReading } from '../session/message.js';
import { refusal, refuseMedia, refuseSignaling, type Admission, type Refusal } from './admission.js';
import { Peer } from './peer.js';
import type { Close, Scenario } from './scenario.js';
import { Schedule, type Timers } from './schedule.js';
import { mediaFlows, paramsInForce, replacedCodecs, SPEAKERS, type MediaFiles } from './synthetic-media.js';

export interface MockStreamOptions extends Admission {
  readonly scenario: Scenario;
  readonly mediaFiles: MediaFiles;
  /** The URL that serves a medium. */
  readonly mediaUrl: (name: MediaName) => string;
  /** Unix time in ms, which must never jump. */
  readonly now: () => number;
  readonly timers: Timers;
  readonly onEvent: (body: EventBody) => void;
  readonly onVerdict?: (text: string) => void;
}

interface MediaConnection {
  readonly peer: Peer;
  readonly params: MediaParams;
  flowing: boolean;
}

const NORMAL: Close = { code: CLOSE_CODE.NORMAL_CLOSURE.value, reason: '' };

/** One stream: hand it sockets, and it answers by the scenario. */
export class MockStream {
  readonly #options: MockStreamOptions;
  readonly #sessionId: string;
  #signaling: Peer | undefined;
  readonly #media = new Map<MediaName, MediaConnection>();
  #sessionState: number = SESSION_STATE.INITIALIZE.value;
  #streamState: number = STREAM_STATE.INACTIVE.value;
  #firstPacketAt: number | undefined;
  /** The user whose video the client subscribed to. */
  #chosen: number | undefined;

  constructor(options: MockStreamOptions) {
    this.#options = options;
    this.#sessionId = `mock-session-${options.stream.streamId}`;
  }

  /** Takes on a socket that was opened on the signaling URL. */
  attachSignaling(socket: WebSocket): void {
    const peer: Peer = this.#peer('signaling', socket, {
      onHandshake: (frame) => this.#onSignalingHandshake(peer, frame),
      onMessage: (reading) => this.#onMessage(peer, reading),
      onEnd: () => this.#signalingEnded(peer),
    });
  }

  /** Takes on a socket that was opened on the URL of a medium. */
  attachMedia(name: MediaName, socket: WebSocket): void {
    const peer: Peer = this.#peer(`media:${name}`, socket, {
      onHandshake: (frame) => this.#onMediaHandshake(name, peer, frame),
      onMessage: (reading) => this.#onMediaMessage(peer, reading),
      onEnd: (left) => this.#mediaEnded(name, peer, left),
    });
  }

  #peer(name: Peer['name'], socket: WebSocket, on: Handlers): Peer {
    const { scenario, now, timers, onEvent } = this.#options;
    let isFirst = true;
    return new Peer(name, socket, {
      opcode: scenario.opcode,
      schedule: new Schedule(now, timers),
      emit: onEvent,
      onMessage: (frame) => {
        if (isFirst) on.onHandshake(frame);
        else on.onMessage(readFrame(frame));
        isFirst = false;
      },
      onEnd: on.onEnd,
    });
  }

  // Handshakes

  #onSignalingHandshake(peer: Peer, frame: FrameEvent): void {
    const { offer } = this.#options.scenario;
    const request = { ...this.#options, frame, streamOver: this.#isOver, taken: this.#signaling !== undefined };
    const refused = refuseSignaling(request) ?? this.#forcedRefusal('signaling');
    const answer = sequenceOf(frame);
    if (refused) {
      this.#refuse(peer, refused, signalingHandshakeResponse({ ...answer, ...inWords(refused) }));
      return;
    }
    const serverUrls = Object.fromEntries(offer.map((name) => [MEDIA[name].urlKeys[0], this.#options.mediaUrl(name)]));
    this.#signaling = peer;
    peer.send(signalingHandshakeResponse({ ...answer, serverUrls }));
    this.#keepAlive(peer, () => undefined);
  }

  #onMediaHandshake(name: MediaName, peer: Peer, frame: FrameEvent): void {
    const { offer } = this.#options.scenario;
    const request = { ...this.#options, frame, streamOver: this.#isOver, name, offer, open: [...this.#media.keys()] };
    const refused = refuseMedia(request) ?? this.#forcedRefusal('media');
    const answer = sequenceOf(frame);
    if (refused) {
      this.#refuse(peer, refused, dataHandshakeResponse({ ...answer, ...inWords(refused) }));
      return;
    }
    const { message } = readFrame(frame);
    const asked = message.msg_type === MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value ? message.media_params : undefined;
    const params = paramsInForce(name === 'all' ? offer.filter((offered) => offered !== 'all') : [name], asked);
    for (const replaced of replacedCodecs(asked, params)) this.#verdict(peer, replaced);
    this.#media.set(name, { peer, params, flowing: false });
    peer.send(dataHandshakeResponse({ ...answer, mediaParams: params }));
    this.#keepAlive(peer, () => this.#mediaLost(name, peer));
  }

  #forcedRefusal(channel: 'signaling' | 'media'): Refusal | undefined {
    const { forceStatus } = this.#options.scenario;
    const status = forceStatus?.[channel];
    if (status === undefined) return undefined;
    const forced = refusal(status, () => 'the scenario refuses every handshake');
    return { ...forced, reason: forceStatus?.reason ?? forced.reason };
  }

  #refuse(peer: Peer, { status, why }: Refusal, answer: object): void {
    const { reply, delayMs, close } = this.#options.scenario.handshakeFault;
    peer.schedule.after(delayMs, () => {
      if (reply) peer.send(answer);
      if (close) peer.end(close);
      // Last, and only for someone to read: finding the words can take a tenth of a second.
      this.#verdict(peer, () => `refused with status ${status} (${nameOf(STATUS_CODE, status)}): ${why()}`);
    });
  }

  #keepAlive(peer: Peer, onLost: () => void): void {
    const { intervalMs, misses, close } = this.#options.scenario.keepAlive;
    peer.keepAlive(intervalMs, misses, this.#options.now, () => {
      this.#verdict(peer, `${misses} keep-alives in a row found no answer on this socket`);
      if (!close) return;
      peer.end(close);
      onLost();
    });
  }

  // Messages after the handshake

  #onMediaMessage(peer: Peer, reading: FrameReading): void {
    if (reading.message.msg_type === MESSAGE_TYPE.KEEP_ALIVE_RESP.value) peer.answered();
    else this.#ignored(peer, reading);
  }

  #onMessage(peer: Peer, reading: FrameReading): void {
    if (peer !== this.#signaling) return;
    const { message } = reading;
    const { stream, now } = this.#options;
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
        peer.send(sessionStateResponse(this.#sessionId, this.#sessionState, now()));
        break;
      case MESSAGE_TYPE.STREAM_STATE_REQ.value:
        peer.send(streamStateResponse(stream.streamId, this.#streamState, now()));
        break;
      case MESSAGE_TYPE.STREAM_CLOSE_REQ.value:
        this.#closeStream(peer, message.rtms_stream_id);
        break;
      case MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value:
        peer.send(this.#chooseVideo(message));
        break;
      default:
        this.#ignored(peer, reading);
    }
  }

  #ignored(peer: Peer, { value, faults }: FrameReading): void {
    const [fault] = faults;
    const why = fault?.message ?? 'it does not belong here';
    this.#verdict(peer, `ignored ${messageName(value) || 'a message'}: ${why}`);
  }

  #subscribe(peer: Peer, { events }: Of<typeof MESSAGE_TYPE.EVENT_SUBSCRIPTION.value>): void {
    if (!events) this.#verdict(peer, 'ignored EVENT_SUBSCRIPTION: events is not an array');
    for (const { event_type: type, subscribe } of events ?? []) {
      const fields = EVENTS.get(type ?? EVENT_TYPE.UNDEFINED.value);
      if (type !== undefined && fields && subscribe === true) peer.send(eventUpdate(type, this.#options.now(), fields));
    }
  }

  #ready(peer: Peer, streamId: string | undefined): void {
    const { stream, scenario, now } = this.#options;
    const waiting = [...this.#media.values()].filter(({ flowing }) => !flowing);
    if (streamId !== stream.streamId) {
      this.#verdict(peer, 'ignored CLIENT_READY_ACK: rtms_stream_id is not that of the stream');
      return;
    }
    if (this.#media.size === 0) {
      this.#verdict(peer, 'ignored CLIENT_READY_ACK: no media handshake was accepted before it');
      return;
    }
    if (this.#firstPacketAt === undefined && scenario.media.flows) {
      this.#firstPacketAt = now();
      peer.send(eventUpdate(EVENT_TYPE.FIRST_PACKET_TIMESTAMP.value, this.#firstPacketAt));
    }
    this.#setStates(SESSION_STATE.STARTED.value, STREAM_STATE.ACTIVE.value);
    for (const connection of waiting) this.#startMedia(connection);
  }

  #startMedia(connection: MediaConnection): void {
    const { scenario, mediaFiles, now } = this.#options;
    const { peer, params } = connection;
    connection.flowing = true;
    const start = now();
    for (const { everyMs, messages } of scenario.media.flows ? mediaFlows(params, mediaFiles) : []) {
      peer.schedule.every(everyMs, (index) => {
        if (peer.clogged) return;
        for (const message of messages(index, Math.round(start + index * everyMs), this.#chosen)) peer.send(message);
      });
    }
  }

  #chooseVideo(message: Of<typeof MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value>): object {
    const { user_id: userId = 0, subscribe = true } = message;
    const wanted = subscribe ? userId : undefined;
    const answer = (statusCode: number): object =>
      videoSubscriptionResponse(userId, this.#options.now(), inWords(refusal(statusCode, () => '')));
    if (!SPEAKERS.some((speaker) => speaker.userId === userId)) return answer(STATUS_CODE.INVALID_PAYLOAD.value);
    if (subscribe && this.#chosen === userId) return answer(STATUS_CODE.DUPLICATE_VIDEO_SUBSCRIPTION.value);
    this.#chosen = wanted;
    return videoSubscriptionResponse(userId, this.#options.now());
  }

  // Loss and end

  #closeStream(peer: Peer, streamId: string | undefined): void {
    const { stream, now } = this.#options;
    if (streamId !== stream.streamId) {
      const refused = refusal(STATUS_CODE.INVALID_RTMS_STREAM_ID.value, () => '');
      peer.send(streamCloseResponse(stream.streamId, now(), inWords(refused)));
      return;
    }
    const why = STOP_REASON.RECEIVER_REQUEST_CLOSE.value;
    peer.send(streamCloseResponse(streamId, now()));
    this.#setStates(this.#sessionState, STREAM_STATE.TERMINATING.value, why);
    this.#setStates(this.#sessionState, STREAM_STATE.TERMINATED.value, why);
    this.#setStates(SESSION_STATE.STOPPED.value, this.#streamState, why);
    this.#endMedia();
    peer.end(NORMAL);
  }

  /** Tells the client each state that is new. */
  #setStates(session: number, stream: number, why?: number): void {
    const now = this.#options.now();
    if (session !== this.#sessionState) this.#signaling?.send(sessionStateUpdate(this.#sessionId, session, now, why));
    if (stream !== this.#streamState) this.#signaling?.send(streamStateUpdate(stream, now, why));
    this.#sessionState = session;
    this.#streamState = stream;
  }

  get #isOver(): boolean {
    return this.#streamState === STREAM_STATE.TERMINATED.value;
  }

  /** Without signaling there is no media: the client has to begin anew. */
  #signalingEnded(peer: Peer): void {
    if (peer !== this.#signaling) return;
    this.#signaling = undefined;
    if (!this.#isOver) this.#streamState = STREAM_STATE.INTERRUPTED.value;
    this.#endMedia();
  }

  #endMedia(): void {
    const connections = [...this.#media.values()];
    this.#media.clear();
    for (const { peer } of connections) peer.end(NORMAL);
  }

  #mediaEnded(name: MediaName, peer: Peer, left: boolean): void {
    if (!left) this.#mediaLost(name, peer);
    else if (this.#media.get(name)?.peer === peer) this.#media.delete(name);
  }

  /** The client may open this one socket again. https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/ */
  #mediaLost(name: MediaName, peer: Peer): void {
    if (this.#media.get(name)?.peer !== peer) return;
    this.#media.delete(name);
    this.#signaling?.send(eventUpdate(EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value, this.#options.now()));
    const why = STOP_REASON.DATA_CONNECTION_INTERRUPTED.value;
    this.#setStates(this.#sessionState, STREAM_STATE.INTERRUPTED.value, why);
  }

  #verdict({ name }: Peer, text: string | (() => string)): void {
    this.#options.onVerdict?.(`${name}: ${typeof text === 'string' ? text : text()}`);
  }
}

interface Handlers {
  readonly onHandshake: (frame: FrameEvent) => void;
  readonly onMessage: (reading: FrameReading) => void;
  readonly onEnd: (left: boolean) => void;
}

type Of<T extends number> = Extract<Message, { msg_type: T }>;

const PARTICIPANTS = SPEAKERS.map(({ userId, userName }) => ({ user_id: userId, user_name: userName }));

/** What is told at once to whoever subscribes. */
const EVENTS: ReadonlyMap<number, Readonly<Record<string, unknown>>> = new Map([
  [EVENT_TYPE.PARTICIPANT_JOIN.value, { participants: PARTICIPANTS }],
  [EVENT_TYPE.ACTIVE_SPEAKER_CHANGE.value, { ...PARTICIPANTS[0] }],
]);

const inWords = ({ status, reason }: Refusal) => ({ statusCode: status, reason });

/** The request's own number goes into its answer. */
function sequenceOf(frame: FrameEvent): HandshakeAnswerInput {
  const { message } = readFrame(frame);
  const sequence = 'sequence' in message ? message.sequence : undefined;
  return sequence === undefined ? {} : { sequence };
}
