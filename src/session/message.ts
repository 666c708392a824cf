/** Between the bytes of a frame or webhook and what they say: an event, JSON, a message. Frames are read once. */
import { readMessageText, utf8Text, type MessageText } from '../protocol/framing.js';
import { lookup, MESSAGE_TYPE, type MessageTypeCode } from '../protocol/codes.js';
import { isObject } from '../protocol/json.js';
import { MEDIA, mediaOfMask, type MediaName } from '../protocol/media.js';
import { decodeMessage, typeMeant, type Message } from '../protocol/messages.js';
import type { Direction, FrameEvent, Opcode, SocketName, WebhookEvent } from './event.js';

export interface FrameReading extends MessageText {
  readonly message: Message;
}

const readings = new WeakMap<FrameEvent, FrameReading>();

/** A frame as an event: text where the bytes are UTF-8, Base64 where they are not. */
export function frameEvent(socket: SocketName, dir: Direction, opcode: Opcode, payload: Uint8Array): FrameEvent {
  const text = utf8Text(payload);
  const body = text === undefined ? { base64: Buffer.from(payload).toString('base64') } : { text };
  return { type: 'frame', socket, dir, opcode, bytes: payload.length, ...body };
}

/** The bytes as if the client had sent them alone, in the frame and on the socket they are meant for. */
export function sentFrame(bytes: Uint8Array): FrameEvent {
  const opcode = utf8Text(bytes) === undefined ? 'binary' : 'text';
  const sent = frameEvent('signaling', 'out', opcode, bytes);
  const { socket, dir } = placeOf(readFrame(sent).value, 'handshake');
  return dir === 'out' ? { ...sent, socket } : sent;
}

/** Where a message belongs by its type; what has none is the client's, which would have made the mistake. */
export function placeOf(
  value: unknown,
  kind: 'handshake' | 'message',
): { readonly socket: SocketName; readonly dir: Direction } {
  const fields = isObject(value) ? value : {};
  const isMedia = fields['media_type'] !== undefined || fields['media_params'] !== undefined;
  const handshake = isMedia ? MESSAGE_TYPE.DATA_HAND_SHAKE_REQ : MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ;
  const type = typeMeant(fields['msg_type']) ?? (kind === 'handshake' ? handshake.value : undefined);
  const row = lookup<MessageTypeCode>(MESSAGE_TYPE, type);
  // A number that is not documented is more likely new from Zoom than sent by a client.
  const dir = row?.dir ?? (type === undefined ? 'out' : 'in');
  return { socket: row?.channel === 'media' ? mediaSocket(type, fields['media_type']) : 'signaling', dir };
}

/** By what it carries; of a handshake, by what it asks for. */
function mediaSocket(type: number | undefined, mask: unknown): SocketName {
  const carried = CARRIERS.filter((name) => MEDIA[name].msgType === type);
  const [name = 'all', ...others] = carried.length > 0 ? carried : mediaOfMask(Number(mask));
  return others.length > 0 ? 'media:all' : `media:${name}`;
}

const CARRIERS: readonly MediaName[] = ['audio', 'video', 'share', 'transcript', 'chat'];

/** A copy of a frame that says the same need not be read again. */
export function sharesReading(copy: FrameEvent, original: FrameEvent): void {
  const known = readings.get(original);
  if (known) readings.set(copy, known);
}

/** The payload as recorded. */
export function frameBytes(frame: FrameEvent): Uint8Array {
  return frame.base64 === undefined ? Buffer.from(frame.text ?? '', 'utf8') : Buffer.from(frame.base64, 'base64');
}

/** A webhook as an event: its body as text, and in Base64 too where that would lose bytes. */
export function webhookEvent(headers: WebhookEvent['headers'], body: Uint8Array): WebhookEvent {
  const text = utf8Text(body);
  const bytes = Buffer.from(body);
  return {
    type: 'webhook',
    headers,
    body: text ?? bytes.toString('utf8'),
    ...(text === undefined && { base64: bytes.toString('base64') }),
  };
}

/** The body of a webhook as recorded. */
export const webhookBytes = ({ body, base64 }: WebhookEvent): Buffer =>
  base64 === undefined ? Buffer.from(body, 'utf8') : Buffer.from(base64, 'base64');

/** Text and binary frames alike: Zoom may send the same JSON in either. */
export function readFrame(frame: FrameEvent): FrameReading {
  const known = readings.get(frame);
  if (known) return known;
  const text = readMessageText(frameBytes(frame));
  const reading = { ...text, message: decodeMessage(text.value) };
  readings.set(frame, reading);
  return reading;
}
