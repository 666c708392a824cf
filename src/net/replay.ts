/** A recording → a scenario that plays it back: the server's side of it, in its own time. Opens nothing. */
import { CLOSE_CODE, MESSAGE_TYPE, SESSION_STATE, STREAM_STATE } from '../protocol/codes.js';
import { MEDIA, offeredMedia, type MediaName } from '../protocol/media.js';
import { isAcceptance, type Message } from '../protocol/messages.js';
import type { CloseEvent, FrameEvent, SessionEvent } from '../session/event.js';
import type { Recording } from '../session/jsonl.js';
import { readFrame } from '../session/message.js';
import { Timeline, type Connection, type Entry, type FrameEntry } from '../session/timeline.js';
import { decodeScenario, type Close, type Scenario, type Step } from './scenario.js';

/**
 * Plays back what the server did after the handshakes. Handshakes, keep-alives and answers to questions are the mock's
 * own, since they must fit the client that is there now; a refusal or a silent close is repeated.
 */
export function replayOf({ header, events }: Recording): Scenario {
  const timeline = new Timeline(header, events);
  const signaling = timeline.connections.find(({ socket, handshake }) => socket === 'signaling' && handshake);
  const { reply, handshake } = signaling ?? {};
  const accepted = reply && isAcceptance(reply.reading.message);
  const scenario = decodeScenario({
    name: 'replay',
    description: `plays back what ${header.command} recorded on ${header.startedAt}`,
    expectation: 'does what it would do with the server of the recording',
    basis: 'reported',
    source: 'https://developers.zoom.us/docs/rtms/',
    offer: offerOf(reply, timeline),
    media: { flows: false },
    lasts: Math.max(1, Math.ceil(timeline.end)),
    judge: [{ must: 'shake hands on signaling without a fault', see: 'accepted' }],
  });
  const script = accepted ? playedBack(events, reply) : handshake ? refused(handshake, signaling) : [];
  return { ...scenario, script };
}

/** The media there were URLs for, or else those that were opened. */
function offerOf(reply: FrameEntry | undefined, { mediaSockets }: Timeline): MediaName[] {
  const message = reply?.reading.message;
  const isReply = message?.msg_type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value;
  const offered = offeredMedia(isReply ? message.media_server?.server_urls : undefined);
  return offered.length > 0 ? offered : mediaSockets.flatMap(({ socket }) => nameOf(socket) ?? []);
}

const MEDIA_NAMES: readonly MediaName[] = ['audio', 'video', 'share', 'transcript', 'chat', 'all'];
const nameOf = (socket: string): MediaName | undefined => MEDIA_NAMES.find((name) => socket === `media:${name}`);

/** What met the handshake: a status, a close, or nothing. */
function refused(handshake: FrameEntry, signaling: Connection | undefined): Step[] {
  const { reply, close } = signaling ?? {};
  const message = reply?.reading.message;
  const closing = close?.event.by === 'peer' ? sendable(close.event) : null;
  const on = { on: 'handshake', times: 'every', after: 0 } as const;
  if (message?.msg_type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value) {
    const { status_code: status, reason } = message;
    const words = { ...(status && { status }), ...(reason !== undefined && { reason }) };
    return [{ ...on, do: 'refuse', ...words, close: closing }];
  }
  if (!close || !closing) return [{ ...on, do: 'ignore' }];
  return [{ ...on, after: between(handshake, close), do: 'close', socket: 'this', ...closing }];
}

const between = (from: Entry<FrameEvent>, to: Entry<CloseEvent>): number =>
  Math.max(0, Math.round(to.event.t - from.event.t));

/** 1005 and 1015 cannot be sent, nor what is not registered; dropping the connection comes nearest. */
function sendable({ code, reason }: CloseEvent): Close {
  const known = Object.values(CLOSE_CODE).some(({ value, onWire }) => value === code && onWire);
  return known || code >= 3000 ? { code, reason } : { code: CLOSE_CODE.ABNORMAL_CLOSURE.value, reason: '' };
}

/** Each frame and close in its time after the ready acknowledgement, or what came before that, after the acceptance. */
function playedBack(events: readonly SessionEvent[], reply: FrameEntry): Step[] {
  const acceptedAt = reply.event.t;
  const readyAt = events.find(isReady)?.t ?? Infinity;
  const moment = (t: number): Pick<Step, 'on' | 'times' | 'after'> =>
    t < readyAt
      ? { on: 'accepted', times: [1], after: t - acceptedAt }
      : { on: 'ready', times: [1], after: t - readyAt };
  return events
    .filter(({ t }) => t >= acceptedAt)
    .flatMap((event): Step[] => {
      if (event.type === 'close' && event.by === 'peer') {
        return [{ ...moment(event.t), do: 'close', socket: event.socket, ...sendable(event) }];
      }
      if (event.type !== 'frame' || !isPlayed(event)) return [];
      const { opcode, text, base64 } = event;
      const body = text === undefined ? { base64: base64 ?? '' } : { text };
      const socket = carrierOf(readFrame(event).message) ?? event.socket;
      return [{ ...moment(event.t), do: 'send', socket, ...body, opcode: opcode === 'binary' ? opcode : 'text' }];
    });
}

const isReady = (event: SessionEvent): boolean =>
  event.type === 'frame' &&
  event.dir === 'out' &&
  readFrame(event).message.msg_type === MESSAGE_TYPE.CLIENT_READY_ACK.value;

/** Answers and keep-alives. */
const OWN: readonly (number | undefined)[] = [
  MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value,
  MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value,
  MESSAGE_TYPE.SESSION_STATE_RESP.value,
  MESSAGE_TYPE.KEEP_ALIVE_REQ.value,
  MESSAGE_TYPE.STREAM_STATE_RESP.value,
  MESSAGE_TYPE.STREAM_CLOSE_RESP.value,
  MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP.value,
];

/** Messages of the server that are not the mock's own. Of redacted media only the size is left: there is nothing to play. */
function isPlayed(event: FrameEvent): boolean {
  const isData = event.dir === 'in' && (event.opcode === 'text' || event.opcode === 'binary');
  if (!isData || (event.text === undefined && event.base64 === undefined)) return false;
  const { message } = readFrame(event);
  return !OWN.includes(message.msg_type) && !isBeginning(message);
}

/** The mock tells the first states by itself. */
function isBeginning(message: Message): boolean {
  switch (message.msg_type) {
    case MESSAGE_TYPE.SESSION_STATE_UPDATE.value:
      return message.state === SESSION_STATE.STARTED.value;
    case MESSAGE_TYPE.STREAM_STATE_UPDATE.value:
      return message.state === STREAM_STATE.ACTIVE.value;
    default:
      return false;
  }
}

/** The client may have asked for all media on one socket where the recording has one for each, or the reverse. */
function carrierOf({ msg_type: type }: Message): `media:${MediaName}` | undefined {
  const name = MEDIA_NAMES.find((medium) => type !== undefined && MEDIA[medium].msgType === type);
  return name && `media:${name}`;
}
