/** Between the bytes of a frame or webhook and what they say: an event, JSON, a message. Frames are read once. */
import { readMessageText, utf8Text, type MessageText } from '../protocol/framing.js';
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { decodeMessage, type Message } from '../protocol/messages.js';
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
  const isMedia = readFrame(sent).message.msg_type === MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value;
  return isMedia ? { ...sent, socket: 'media:all' } : sent;
}

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
