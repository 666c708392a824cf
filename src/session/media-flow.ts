/** Counts of one kind of media on one socket: frames, bytes, rate and gaps, by the server's own timestamps. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import type { Message } from '../protocol/messages.js';
import { isObject } from '../protocol/json.js';
import type { FrameEvent } from './event.js';
import type { Connection, Entry } from './timeline.js';

const MEDIA_TYPES = [
  MESSAGE_TYPE.MEDIA_DATA_AUDIO.value,
  MESSAGE_TYPE.MEDIA_DATA_VIDEO.value,
  MESSAGE_TYPE.MEDIA_DATA_SHARE.value,
  MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value,
  MESSAGE_TYPE.MEDIA_DATA_CHAT.value,
] as const;

export type MediaMessageType = (typeof MEDIA_TYPES)[number];
export type MediaMessage = Extract<Message, { msg_type: MediaMessageType }>;

/** A step this many times the send rate means that packets are missing. */
const GAP_FACTOR = 1.5;

/** What has come of one kind of media on one connection. */
export class MediaFlow {
  readonly msgType: MediaMessageType;
  readonly firstAt: { number: number; t: number } = { number: 0, t: 0 };
  frames = 0;
  /** Payload bytes, decoded from Base64 where it is Base64. */
  bytes = 0;
  /** Jumps in the timestamps of mixed audio; other media pause for good reasons. */
  gaps = 0;
  lastAt = 0;
  readonly #connection: Connection;
  #firstStamp: number | undefined;
  #lastStamp: number | undefined;
  #firstBytes = 0;

  constructor(msgType: MediaMessageType, connection: Connection) {
    this.msgType = msgType;
    this.#connection = connection;
  }

  static isMedia(message: Message): message is MediaMessage {
    return MEDIA_TYPES.some((type) => type === message.msg_type);
  }

  /** Payload bytes per second of media time; undefined until two timestamps differ. A start-up burst does not skew it. */
  get bytesPerSecond(): number | undefined {
    if (this.#firstStamp === undefined || this.#lastStamp === undefined) return undefined;
    const ms = this.#lastStamp - this.#firstStamp;
    return ms > 0 ? ((this.bytes - this.#firstBytes) * 1000) / ms : undefined;
  }

  take({ number, event }: Entry<FrameEvent>, message: MediaMessage): void {
    const size = payloadSize(message);
    const stamp = message.content.timestamp;
    if (this.frames === 0) {
      Object.assign(this.firstAt, { number, t: event.t });
      this.#firstBytes = size;
      this.#firstStamp = stamp;
    } else if (this.#isGap(message, stamp)) {
      this.gaps += 1;
    }
    this.frames += 1;
    this.bytes += size;
    this.lastAt = event.t;
    this.#lastStamp = stamp ?? this.#lastStamp;
  }

  #isGap(message: MediaMessage, stamp: number | undefined): boolean {
    if (message.msg_type !== MESSAGE_TYPE.MEDIA_DATA_AUDIO.value || message.content.user_id !== 0) return false;
    const { send_rate: sendRate } = agreedAudio(this.#connection);
    if (stamp === undefined || this.#lastStamp === undefined || typeof sendRate !== 'number') return false;
    return stamp - this.#lastStamp > sendRate * GAP_FACTOR;
  }
}

/** The audio parameters in force, as the server's answer to the media handshake names them. */
export function agreedAudio({ reply }: Connection): Readonly<Record<string, unknown>> {
  const message = reply?.reading.message;
  const params = message?.msg_type === MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value ? message.media_params : undefined;
  const audio = isObject(params) ? params['audio'] : undefined;
  return isObject(audio) ? audio : {};
}

/** Audio, video and share travel as Base64, transcript and chat as text. */
function payloadSize(message: MediaMessage): number {
  const { data = '' } = message.content;
  const text =
    message.msg_type === MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value ||
    message.msg_type === MESSAGE_TYPE.MEDIA_DATA_CHAT.value;
  return Buffer.byteLength(data, text ? 'utf8' : 'base64');
}
