/**
 * The messages of RTMS V1: each one built in its documented form, and each one read tolerantly, so that what Zoom adds
 * or spells otherwise breaks nothing. It neither sends nor judges them.
 * https://developers.zoom.us/docs/rtms/event-reference/universal-events/
 */
import * as v from 'valibot';
import {
  EVENT_TYPE,
  FIRST_PRODUCT_EVENT_TYPE,
  MESSAGE_TYPE,
  STATUS_CODE,
  nameOf,
  ZCC_VOICE_EVENT_TYPE,
  type Code,
} from './codes.js';
import type { MediaParams } from './media.js';
import { isObject, toMilliseconds } from './json.js';
import type { Entity, Product } from './webhooks.js';

const PROTOCOL_VERSION = 1;
const FIRST_SEQUENCE = 1;

// Messages of the client

export interface HandshakeInput {
  readonly entity: Entity;
  readonly streamId: string;
  /** 64 characters of lower-case hex, the same for signaling and media. */
  readonly signature: string;
  /** 1 unless given. */
  readonly protocolVersion?: number;
  /** Counts from 1. */
  readonly sequence?: number;
}

/** 1, the first message on the signaling socket. `bufferData` false drops the audio from before the connection. */
export function signalingHandshake(input: HandshakeInput & { readonly bufferData?: boolean }) {
  return {
    msg_type: MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value,
    ...handshakeFields(input),
    ...(input.bufferData !== undefined && { buffer_data: input.bufferData }),
  };
}

/** 3, the first message on a media socket. `mediaType` is a bit of MEDIA_DATA_TYPE, 32 on the URL named `all`. */
export function dataHandshake(
  input: HandshakeInput & { readonly mediaType: number; readonly mediaParams?: MediaParams },
) {
  return {
    msg_type: MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value,
    ...handshakeFields(input),
    media_type: input.mediaType,
    payload_encryption: false,
    ...(input.mediaParams && { media_params: input.mediaParams }),
  };
}

function handshakeFields(input: HandshakeInput) {
  const { entity, streamId, signature, protocolVersion = PROTOCOL_VERSION, sequence = FIRST_SEQUENCE } = input;
  return {
    protocol_version: protocolVersion,
    sequence,
    [entity.field]: entity.value,
    rtms_stream_id: streamId,
    signature,
  };
}

/** 5. Values of EVENT_TYPE or ZCC_VOICE_EVENT_TYPE; those that come automatically need no subscription. */
export function eventSubscription(eventTypes: readonly number[], subscribe = true) {
  const events = eventTypes.map((type) => ({ event_type: type, subscribe }));
  return { msg_type: MESSAGE_TYPE.EVENT_SUBSCRIPTION.value, events };
}

/** 7, on the signaling socket once a media handshake was accepted: media flows from then on. */
export function clientReadyAck(streamId: string) {
  return { msg_type: MESSAGE_TYPE.CLIENT_READY_ACK.value, rtms_stream_id: streamId };
}

/** 10. */
export function sessionStateRequest(sessionId: string) {
  return { msg_type: MESSAGE_TYPE.SESSION_STATE_REQ.value, rtms_session_id: sessionId };
}

/** 13, on the socket the request came on, with the request's timestamp as it was. */
export function keepAliveResponse(timestamp: number | undefined) {
  return { msg_type: MESSAGE_TYPE.KEEP_ALIVE_RESP.value, ...(timestamp !== undefined && { timestamp }) };
}

/** 19. */
export function streamStateRequest(streamId: string) {
  return { msg_type: MESSAGE_TYPE.STREAM_STATE_REQ.value, rtms_stream_id: streamId };
}

/** 21, which ends the stream with stop reason 20. */
export function streamCloseRequest(streamId: string) {
  return { msg_type: MESSAGE_TYPE.STREAM_CLOSE_REQ.value, rtms_stream_id: streamId };
}

/** 28, where the video handshake had `data_opt` 4. `timestamp` is in ms. */
export function videoSubscriptionRequest(userId: number, subscribe: boolean, timestamp: number) {
  return { msg_type: MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value, user_id: userId, subscribe, timestamp };
}

const ID = '…';

/** What a client sends after its handshakes, each with no more than the fields it must have, of their types. */
export const CLIENT_MESSAGES: readonly ({ readonly msg_type: number } & Readonly<Record<string, unknown>>)[] = [
  eventSubscription([EVENT_TYPE.ACTIVE_SPEAKER_CHANGE.value]),
  clientReadyAck(ID),
  sessionStateRequest(ID),
  keepAliveResponse(1784548810000),
  streamStateRequest(ID),
  streamCloseRequest(ID),
  { msg_type: MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value, user_id: 16778240, subscribe: true },
];

// Messages of the server

/** An acceptance unless `statusCode` says otherwise. */
export interface AnswerInput {
  readonly statusCode?: number;
  readonly reason?: string;
}

/** Of a handshake; `sequence` is that of the request. */
export interface HandshakeAnswerInput extends AnswerInput {
  readonly protocolVersion?: number;
  readonly sequence?: number;
}

/** 2. `serverUrls` by the keys of MEDIA; a refusal has none. */
export function signalingHandshakeResponse(
  input: HandshakeAnswerInput & { readonly serverUrls?: Readonly<Record<string, string>> },
) {
  return {
    msg_type: MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value,
    ...handshakeAnswerFields(input),
    ...(input.serverUrls && { media_server: { server_urls: input.serverUrls } }),
  };
}

/** 4. `mediaParams` are those in force; a refusal has none. */
export function dataHandshakeResponse(input: HandshakeAnswerInput & { readonly mediaParams?: MediaParams }) {
  return {
    msg_type: MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value,
    ...handshakeAnswerFields(input),
    ...(input.mediaParams && { payload_encrypted: false, media_params: input.mediaParams }),
  };
}

function handshakeAnswerFields(input: HandshakeAnswerInput) {
  const { protocolVersion = PROTOCOL_VERSION, sequence = FIRST_SEQUENCE } = input;
  return { protocol_version: protocolVersion, sequence, ...answerFields(input) };
}

const answerFields = ({ statusCode = 0, reason = '' }: AnswerInput) => ({ status_code: statusCode, reason });

export interface Participant {
  readonly user_id: number;
  readonly user_name?: string;
}

/** 6. `timestamp` is in ms; `fields` are those of the event type, such as `participants`. */
export function eventUpdate(eventType: number, timestamp: number, fields: Readonly<Record<string, unknown>> = {}) {
  return { msg_type: MESSAGE_TYPE.EVENT_UPDATE.value, event: { event_type: eventType, timestamp, ...fields } };
}

/** 6 of Contact Center and Phone, which name the time otherwise. */
export function voiceEventUpdate(eventType: number, eventTs: number, fields: Readonly<Record<string, unknown>> = {}) {
  return { msg_type: MESSAGE_TYPE.EVENT_UPDATE.value, event: { event_type: eventType, event_ts: eventTs, ...fields } };
}

/** 8. `state` is a STREAM_STATE, `reason` a STOP_REASON, `timestamp` in ms. */
export function streamStateUpdate(state: number, timestamp: number, reason?: number) {
  const why = reason === undefined ? {} : { reason };
  return { msg_type: MESSAGE_TYPE.STREAM_STATE_UPDATE.value, state, ...why, timestamp };
}

/** 9. `state` is a SESSION_STATE, `stopReason` a STOP_REASON, `timestamp` in ms. */
export function sessionStateUpdate(sessionId: string, state: number, timestamp: number, stopReason?: number) {
  return {
    msg_type: MESSAGE_TYPE.SESSION_STATE_UPDATE.value,
    rtms_session_id: sessionId,
    state,
    ...(stopReason !== undefined && { stop_reason: stopReason }),
    timestamp,
  };
}

/** 11. `state` is a SESSION_STATE, `timestamp` in ms. */
export function sessionStateResponse(sessionId: string, state: number, timestamp: number) {
  return { msg_type: MESSAGE_TYPE.SESSION_STATE_RESP.value, rtms_session_id: sessionId, state, timestamp };
}

/** 12, every 10 s on every socket. `timestamp` is in ms. */
export function keepAliveRequest(timestamp: number) {
  return { msg_type: MESSAGE_TYPE.KEEP_ALIVE_REQ.value, timestamp };
}

export interface MediaDataInput {
  /** The payload itself; it travels as Base64. */
  readonly data: Uint8Array;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /** 0 for a mixed stream, which has no name. */
  readonly userId?: number;
  readonly userName?: string;
  /** The leg of a Contact Center or Phone call, in place of a user. */
  readonly channelId?: string;
}

/** 14, 15 or 16. */
export function mediaData(
  msgType:
    | typeof MESSAGE_TYPE.MEDIA_DATA_AUDIO.value
    | typeof MESSAGE_TYPE.MEDIA_DATA_VIDEO.value
    | typeof MESSAGE_TYPE.MEDIA_DATA_SHARE.value,
  { data, timestamp, userId, userName, channelId }: MediaDataInput,
) {
  return {
    msg_type: msgType,
    content: {
      ...(userId !== undefined && { user_id: userId }),
      ...(userName !== undefined && { user_name: userName }),
      ...(channelId !== undefined && { channel_id: channelId }),
      data: Buffer.from(data).toString('base64'),
      length: data.length,
      timestamp,
    },
  };
}

/** 17. Times are Unix milliseconds, `language` is a TRANSCRIPT_LANGUAGE, `channelId` the leg of a call. */
export function transcriptData(input: {
  readonly text: string;
  readonly userId: number;
  readonly userName: string;
  readonly channelId?: string;
  readonly timestamp: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly language: number;
}) {
  return {
    msg_type: MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value,
    content: {
      user_id: input.userId,
      user_name: input.userName,
      ...(input.channelId !== undefined && { channel_id: input.channelId }),
      timestamp: input.timestamp,
      start_time: input.startTime,
      end_time: input.endTime,
      language: input.language,
      data: input.text,
    },
  };
}

/** 18. `operation` is a CHAT_OPERATION, the type of `session` a CHAT_SESSION_TYPE, `timestamp` in ms. */
export function chatData(input: {
  readonly messageId: string;
  readonly operation: number;
  readonly session: { readonly type: number; readonly id: string };
  readonly sender: Participant;
  readonly text: string;
  readonly timestamp: number;
}) {
  return {
    msg_type: MESSAGE_TYPE.MEDIA_DATA_CHAT.value,
    content: {
      message_id: input.messageId,
      operation_type: input.operation,
      chat_session: input.session,
      sender: input.sender,
      data: input.text,
      timestamp: input.timestamp,
    },
  };
}

/** 20. `state` is a STREAM_STATE, `timestamp` in ms. */
export function streamStateResponse(streamId: string, state: number, timestamp: number) {
  return { msg_type: MESSAGE_TYPE.STREAM_STATE_RESP.value, rtms_stream_id: streamId, state, timestamp };
}

/** 22. `timestamp` is in ms. */
export function streamCloseResponse(streamId: string, timestamp: number, answer: AnswerInput = { reason: 'OK' }) {
  return {
    msg_type: MESSAGE_TYPE.STREAM_CLOSE_RESP.value,
    rtms_stream_id: streamId,
    ...answerFields(answer),
    timestamp,
  };
}

/** 29. `timestamp` is in ms. */
export function videoSubscriptionResponse(userId: number, timestamp: number, answer: AnswerInput = {}) {
  return { msg_type: MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP.value, user_id: userId, ...answerFields(answer), timestamp };
}

// Reading either

const json = v.custom<Readonly<Record<string, unknown>>>(isObject);

type Fields = Readonly<Record<string, v.GenericSchema>>;
type Tolerant<F extends Fields> = { readonly [K in keyof F]?: v.InferOutput<F[K]> };

/**
 * An object of which a field that is missing or of another type is absent. `spellings` name a second key under which a
 * field is known; it is read where the first has nothing to give.
 */
function tolerant<F extends Fields>(
  fields: F,
  spellings: { readonly [K in keyof F]?: string } = {},
): v.GenericSchema<unknown, Tolerant<F>> {
  const read = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([key, schema]) => {
        const candidates = [object[key], object[spellings[key] ?? key]];
        const values = candidates.map((value) => v.safeParse(schema, value));
        const found = values.find(({ success, output }) => success && output !== undefined);
        return found ? [[key, found.output]] : [];
      }),
    );
  // The second check cannot fail: every value comes out of the schema of its key.
  return v.pipe(json, v.transform(read), v.custom<Tolerant<F>>(isObject));
}

const text = v.string();
const number = v.number();
const flag = v.boolean();
/** Documented both as a number and as a string of digits. */
const userId = v.union([number, v.pipe(text, v.digits(), v.transform(Number))]);
/** Documented in seconds here, in milliseconds there. */
const time = v.pipe(
  number,
  v.transform((value) => toMilliseconds(value)),
);
/** An array without the elements that do not fit. */
const listOf = <T>(element: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.array(v.fallback(v.nullable(element), null)),
    v.transform((all) => all.filter((one) => one !== null)),
  );

const entityId = { meeting_uuid: text, webinar_uuid: text, session_id: text, engagement_id: text, call_id: text };
const handshake = { protocol_version: number, sequence: number, ...entityId, rtms_stream_id: text, signature: text };
const answer = { status_code: number, reason: text };
const handshakeAnswer = { protocol_version: number, sequence: number, ...answer };
const sender = { user_id: userId, user_name: text };
const media = { ...sender, channel_id: text, data: text, length: number, timestamp: number };

/** The object under `key`. Undocumented, but seen: a bare string of data there, and the fields beside it. */
function within(message: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const inner = message[key];
  if (isObject(inner)) return inner;
  return typeof inner === 'string' ? { ...message, data: inner } : message;
}

const content = <F extends Fields>(fields: F) =>
  v.pipe(
    json,
    v.transform((message) => ({ content: v.parse(tolerant(fields), within(message, 'content')) })),
  );

const EVENT = tolerant(
  {
    event_type: number,
    timestamp: number,
    ...sender,
    participants: listOf(tolerant(sender)),
    /** Contact Center and Phone only. */
    participant_info: tolerant({
      channel_id: text,
      participant_mode: text,
      queue_id: text,
      queue_name: text,
      account_id: text,
      division_id: text,
      phone_number: text,
      user_id: text,
      display_name: text,
    }),
  },
  // Contact Center names the time so; the other is a slip in older documents and one of Zoom's samples.
  { timestamp: 'event_ts', participant_info: 'paticipant_info' },
);

/** The decoder of one `msg_type`: the fields its schema reads, and the value as it came. */
function message<T extends number, O>(msgType: T, schema: v.GenericSchema<unknown, O>) {
  return { msgType, decode: (raw: unknown) => ({ msg_type: msgType, ...v.parse(schema, raw), raw }) };
}

const nothing = tolerant({});

const MESSAGES = [
  message(MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value, tolerant({ ...handshake, buffer_data: flag })),
  message(
    MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value,
    tolerant({ ...handshakeAnswer, media_server: tolerant({ server_urls: v.unknown() }) }),
  ),
  message(
    MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value,
    tolerant(
      { ...handshake, media_type: number, payload_encryption: flag, media_params: json },
      { payload_encryption: 'payload_encrypted' },
    ),
  ),
  message(
    MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value,
    tolerant(
      { ...handshakeAnswer, payload_encrypted: flag, media_params: json },
      { payload_encrypted: 'payload_encryption' },
    ),
  ),
  message(
    MESSAGE_TYPE.EVENT_SUBSCRIPTION.value,
    tolerant({ events: listOf(tolerant({ event_type: number, subscribe: flag })) }),
  ),
  message(
    MESSAGE_TYPE.EVENT_UPDATE.value,
    v.pipe(
      json,
      v.transform((update) => ({ event: v.parse(EVENT, within(update, 'event')) })),
    ),
  ),
  message(MESSAGE_TYPE.CLIENT_READY_ACK.value, tolerant({ rtms_stream_id: text })),
  message(MESSAGE_TYPE.STREAM_STATE_UPDATE.value, tolerant({ state: number, reason: number, timestamp: number })),
  message(
    MESSAGE_TYPE.SESSION_STATE_UPDATE.value,
    // The documents' table says `reason`, their example and Zoom's code `stop_reason`.
    tolerant(
      { rtms_session_id: text, state: number, stop_reason: number, timestamp: number },
      { stop_reason: 'reason' },
    ),
  ),
  message(MESSAGE_TYPE.SESSION_STATE_REQ.value, tolerant({ rtms_session_id: text })),
  message(MESSAGE_TYPE.SESSION_STATE_RESP.value, tolerant({ rtms_session_id: text, state: number, timestamp: number })),
  // As it came: the answer has to carry the very same.
  message(MESSAGE_TYPE.KEEP_ALIVE_REQ.value, tolerant({ timestamp: number })),
  message(MESSAGE_TYPE.KEEP_ALIVE_RESP.value, tolerant({ timestamp: number })),
  message(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, content(media)),
  message(MESSAGE_TYPE.MEDIA_DATA_VIDEO.value, content(media)),
  message(MESSAGE_TYPE.MEDIA_DATA_SHARE.value, content(media)),
  message(
    MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value,
    content({ ...media, start_time: number, end_time: number, language: number, attribute: number }),
  ),
  message(
    MESSAGE_TYPE.MEDIA_DATA_CHAT.value,
    content({
      ...media,
      message_id: text,
      parent_message_id: text,
      operation_type: number,
      chat_session: tolerant({ type: number, id: text }),
      sender: tolerant(sender),
      receiver: v.unknown(),
      files: listOf(tolerant({ file_id: text, file_name: text, file_size: number })),
      delete_file_id_list: listOf(text),
    }),
  ),
  message(MESSAGE_TYPE.STREAM_STATE_REQ.value, tolerant({ rtms_stream_id: text })),
  message(MESSAGE_TYPE.STREAM_STATE_RESP.value, tolerant({ rtms_stream_id: text, state: number, timestamp: time })),
  message(MESSAGE_TYPE.STREAM_CLOSE_REQ.value, tolerant({ rtms_stream_id: text })),
  message(MESSAGE_TYPE.STREAM_CLOSE_RESP.value, tolerant({ rtms_stream_id: text, ...answer, timestamp: number })),
  message(MESSAGE_TYPE.META_DATA_AUDIO.value, nothing),
  message(MESSAGE_TYPE.META_DATA_VIDEO.value, nothing),
  message(MESSAGE_TYPE.META_DATA_SHARE.value, nothing),
  message(MESSAGE_TYPE.META_DATA_TRANSCRIPT.value, nothing),
  message(MESSAGE_TYPE.META_DATA_CHAT.value, nothing),
  message(MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value, tolerant({ user_id: userId, subscribe: flag, timestamp: number })),
  message(
    MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP.value,
    tolerant({ user_id: userId, subscribe: flag, ...answer, timestamp: number }),
  ),
] as const;

type KnownMessage = ReturnType<(typeof MESSAGES)[number]['decode']>;

/** No message, or one of a type that is not documented: then `unknownType` has its number. */
export interface UnknownMessage {
  readonly msg_type: undefined;
  readonly unknownType?: number;
  readonly raw: unknown;
}

/** One message by its `msg_type`. `raw` is the value it was read from, with all that the fields leave out. */
export type Message = KnownMessage | UnknownMessage;

const DECODERS: ReadonlyMap<number, (raw: unknown) => KnownMessage> = new Map(
  MESSAGES.map(({ msgType, decode }) => [msgType, decode]),
);

/** Whether an answer takes the handshake. Signaling accepts without `status_code` too, where it names media URLs. */
export function isAcceptance(answer: Message): boolean {
  switch (answer.msg_type) {
    case MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value:
      return answer.status_code === undefined
        ? answer.media_server !== undefined
        : answer.status_code === STATUS_CODE.OK.value;
    case MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value:
      return answer.status_code === STATUS_CODE.OK.value;
    default:
      return false;
  }
}

/** Reads the JSON of one message. Never throws; a field that is missing or of another type is absent. */
export function decodeMessage(value: unknown): Message {
  const type = isObject(value) ? value['msg_type'] : undefined;
  if (typeof type !== 'number') return { msg_type: undefined, raw: value };
  return DECODERS.get(type)?.(value) ?? { msg_type: undefined, unknownType: type, raw: value };
}

/** The message type that is meant: a number, a number in quotes, or a name as in the beta. */
export function typeMeant(type: unknown): number | undefined {
  if (typeof type !== 'string') return typeof type === 'number' ? type : undefined;
  const named = Object.entries<Code>(MESSAGE_TYPE).find(([name]) => name === type)?.[1].value;
  return named ?? (/^\d+$/.test(type) ? Number(type) : undefined);
}

/**
 * The name to show for the JSON of a message: `KEEP_ALIVE_REQ`, `EVENT_UPDATE PARTICIPANT_JOIN`, `unknown (99)`, or
 * nothing where it is no message.
 */
export function messageName(value: unknown, product?: Product): string {
  const decoded = decodeMessage(value);
  const type = decoded.msg_type ?? decoded.unknownType;
  if (type === undefined) return '';
  const name = nameOf(MESSAGE_TYPE, type);
  return decoded.msg_type === MESSAGE_TYPE.EVENT_UPDATE.value ? `${name} ${eventName(decoded.event, product)}` : name;
}

type EventUpdate = Extract<Message, { msg_type: typeof MESSAGE_TYPE.EVENT_UPDATE.value }>['event'];

/** From 8 on, the product decides what an `event_type` means; where it is not known, what the event carries does. */
function eventName({ event_type: type, participant_info: call }: EventUpdate, product: Product | undefined): string {
  const isVoice = product === 'contact-center' || call !== undefined;
  return nameOf(isVoice && (type ?? 0) >= FIRST_PRODUCT_EVENT_TYPE ? ZCC_VOICE_EVENT_TYPE : EVENT_TYPE, type);
}
