/**
 * Every number of the RTMS protocol and of WebSocket closes, with its name and what it means, so that neither lives
 * anywhere else. It knows no message and judges nothing.
 */

/** One number of a family and its meaning. */
export interface Code {
  readonly value: number;
  readonly meaning: string;
}

/** Numbers that share one meaning: from `value` to `to`. */
export interface CodeRange extends Code {
  readonly to: number;
}

/** A family of codes by name. */
export type CodeTable<Row extends Code = Code> = Readonly<Record<string, Row>>;

/** The row of a value with its name; undefined for a value the table does not have. */
export function lookup<Row extends Code>(
  table: CodeTable<Row>,
  value: number | undefined,
): ({ readonly name: string } & Row) | undefined {
  const [name, row] = Object.entries(table).find(([, { value: known }]) => known === value) ?? [];
  return name === undefined || row === undefined ? undefined : { name, ...row };
}

/** As `KEEP_ALIVE_REQ`; `unknown (99)` for a value the table does not have, `unknown` for none. */
export function nameOf(table: CodeTable, value: number | undefined): string {
  return lookup(table, value)?.name ?? (value === undefined ? 'unknown' : `unknown (${value})`);
}

/** `dir` is the RTMS client's view: `out` goes to Zoom. Without `dir` and `channel`: reserved, never seen. */
export interface MessageTypeCode extends Code {
  readonly dir?: 'in' | 'out';
  readonly channel?: 'signaling' | 'media' | 'both';
  /** The `msg_type` of the answer, which comes on the same socket. */
  readonly answeredBy?: number;
}

/** RTMS_MESSAGE_TYPE, the `msg_type` of a message. https://developers.zoom.us/docs/rtms/data-types/ */
export const MESSAGE_TYPE = {
  UNDEFINED: { value: 0, meaning: 'no message' },
  SIGNALING_HAND_SHAKE_REQ: {
    value: 1,
    dir: 'out',
    channel: 'signaling',
    answeredBy: 2,
    meaning: 'asks to join the stream; the first message on the signaling socket',
  },
  SIGNALING_HAND_SHAKE_RESP: {
    value: 2,
    dir: 'in',
    channel: 'signaling',
    meaning: 'accepts the join and names the media URLs, or refuses it',
  },
  DATA_HAND_SHAKE_REQ: {
    value: 3,
    dir: 'out',
    channel: 'media',
    answeredBy: 4,
    meaning: 'asks for one type of media; the first message on a media socket',
  },
  DATA_HAND_SHAKE_RESP: {
    value: 4,
    dir: 'in',
    channel: 'media',
    meaning: 'accepts the request and names the parameters in force, or refuses it',
  },
  EVENT_SUBSCRIPTION: {
    value: 5,
    dir: 'out',
    channel: 'signaling',
    meaning: 'turns events on or off; no answer is sent',
  },
  EVENT_UPDATE: { value: 6, dir: 'in', channel: 'signaling', meaning: 'something happened in the session' },
  CLIENT_READY_ACK: {
    value: 7,
    dir: 'out',
    channel: 'signaling',
    meaning: 'the media sockets are ready; no media flows before it, and no answer is sent',
  },
  STREAM_STATE_UPDATE: { value: 8, dir: 'in', channel: 'signaling', meaning: 'the state of the stream has changed' },
  SESSION_STATE_UPDATE: { value: 9, dir: 'in', channel: 'signaling', meaning: 'the state of the session has changed' },
  SESSION_STATE_REQ: {
    value: 10,
    dir: 'out',
    channel: 'signaling',
    answeredBy: 11,
    meaning: 'asks for the state of the session',
  },
  SESSION_STATE_RESP: { value: 11, dir: 'in', channel: 'signaling', meaning: 'tells the state of the session' },
  KEEP_ALIVE_REQ: {
    value: 12,
    dir: 'in',
    channel: 'both',
    answeredBy: 13,
    meaning: 'asks whether the client is alive; three unanswered in a row end the connection',
  },
  KEEP_ALIVE_RESP: {
    value: 13,
    dir: 'out',
    channel: 'both',
    meaning: 'answers a keep-alive on the socket it came on, with its timestamp',
  },
  MEDIA_DATA_AUDIO: { value: 14, dir: 'in', channel: 'media', meaning: 'audio, as Base64' },
  MEDIA_DATA_VIDEO: { value: 15, dir: 'in', channel: 'media', meaning: 'video, as Base64' },
  MEDIA_DATA_SHARE: { value: 16, dir: 'in', channel: 'media', meaning: 'screen share, as Base64' },
  MEDIA_DATA_TRANSCRIPT: { value: 17, dir: 'in', channel: 'media', meaning: 'transcript, as text' },
  MEDIA_DATA_CHAT: { value: 18, dir: 'in', channel: 'media', meaning: 'chat, as text' },
  STREAM_STATE_REQ: {
    value: 19,
    dir: 'out',
    channel: 'signaling',
    answeredBy: 20,
    meaning: 'asks for the state of the stream',
  },
  STREAM_STATE_RESP: { value: 20, dir: 'in', channel: 'signaling', meaning: 'tells the state of the stream' },
  STREAM_CLOSE_REQ: {
    value: 21,
    dir: 'out',
    channel: 'signaling',
    answeredBy: 22,
    meaning: 'asks to end the stream',
  },
  STREAM_CLOSE_RESP: { value: 22, dir: 'in', channel: 'signaling', meaning: 'answers the wish to end the stream' },
  META_DATA_AUDIO: { value: 23, dir: 'in', channel: 'media', meaning: 'audio metadata; its content is not published' },
  META_DATA_VIDEO: { value: 24, meaning: 'reserved' },
  META_DATA_SHARE: { value: 25, meaning: 'reserved' },
  META_DATA_TRANSCRIPT: { value: 26, meaning: 'reserved' },
  META_DATA_CHAT: { value: 27, meaning: 'reserved' },
  VIDEO_SUBSCRIPTION_REQ: {
    value: 28,
    dir: 'out',
    channel: 'signaling',
    answeredBy: 29,
    meaning: 'chooses the participant whose video to receive, where data_opt is 4',
  },
  VIDEO_SUBSCRIPTION_RESP: { value: 29, dir: 'in', channel: 'signaling', meaning: 'answers a video subscription' },
} as const satisfies CodeTable<MessageTypeCode>;

/** `automatic` events come without a subscription. */
export interface EventTypeCode extends Code {
  readonly automatic?: true;
}

/**
 * RTMS_EVENT_TYPE of meetings, webinars and the Video SDK. Contact Center voice gives the values from 8 on other
 * meanings. https://developers.zoom.us/docs/rtms/data-types/
 */
export const EVENT_TYPE = {
  UNDEFINED: { value: 0, meaning: 'no event' },
  FIRST_PACKET_TIMESTAMP: { value: 1, automatic: true, meaning: 'the time of the first media packet' },
  ACTIVE_SPEAKER_CHANGE: { value: 2, meaning: 'another participant speaks' },
  PARTICIPANT_JOIN: { value: 3, meaning: 'participants joined' },
  PARTICIPANT_LEAVE: { value: 4, meaning: 'participants left' },
  SHARING_START: { value: 5, meaning: 'screen sharing began' },
  SHARING_STOP: { value: 6, meaning: 'screen sharing ended' },
  MEDIA_CONNECTION_INTERRUPTED: { value: 7, automatic: true, meaning: 'Zoom lost a media connection' },
  PARTICIPANT_VIDEO_ON: { value: 8, meaning: 'a camera was turned on' },
  PARTICIPANT_VIDEO_OFF: { value: 9, meaning: 'a camera was turned off' },
  CHAT_GROUP_CREATE: { value: 10, meaning: 'a chat group was made' },
  CHAT_GROUP_DELETE: { value: 11, meaning: 'a chat group was deleted' },
  CHAT_GROUP_MEMBERS_ADD: { value: 12, meaning: 'members were added to a chat group' },
  CHAT_GROUP_MEMBERS_DELETE: { value: 13, meaning: 'members were removed from a chat group' },
  CHAT_GROUP_MEMBER_STATUS_UPDATE: { value: 14, meaning: 'the status of a chat group member has changed' },
} as const satisfies CodeTable<EventTypeCode>;

/** The first `event_type` whose meaning depends on the product. */
export const FIRST_PRODUCT_EVENT_TYPE = 8;

/**
 * RTMS_ZCC_VOICE_EVENT_TYPE of Contact Center voice.
 * https://developers.zoom.us/docs/rtms/event-reference/contact-center-events/
 */
export const ZCC_VOICE_EVENT_TYPE = {
  CONSUMER_ANSWERED: { value: 8, meaning: 'the consumer answered' },
  CONSUMER_END: { value: 9, meaning: 'the consumer hung up' },
  USER_ANSWERED: { value: 10, meaning: 'the agent answered' },
  USER_END: { value: 11, meaning: 'the agent hung up' },
  USER_HOLD: { value: 12, meaning: 'the agent put the call on hold' },
  USER_UNHOLD: { value: 13, meaning: 'the agent took the call off hold' },
  MONITOR_STARTED: { value: 14, meaning: 'monitoring began' },
  MONITOR_TRANSITIONED: { value: 15, meaning: 'monitoring changed its mode' },
  MONITOR_ENDED: { value: 16, meaning: 'monitoring ended' },
  TAKEOVER_STARTED: { value: 17, meaning: 'a supervisor took the call over' },
  TRANSFER_INITIATED: { value: 18, meaning: 'a transfer began' },
  TRANSFER_CANCELED: { value: 19, meaning: 'a transfer was cancelled' },
  TRANSFER_ACCEPTED: { value: 20, meaning: 'a transfer was accepted' },
  TRANSFER_COMPLETED: { value: 21, meaning: 'a transfer was completed' },
  TRANSFER_REJECTED: { value: 22, meaning: 'a transfer was rejected' },
  TRANSFER_TIMEOUT: { value: 23, meaning: 'a transfer timed out' },
  CONFERENCE_CANCELED: { value: 24, meaning: 'a conference was cancelled' },
  CONFERENCE_PARTICIPANT_CANCELED: { value: 25, meaning: 'the invitation to a conference was withdrawn' },
  CONFERENCE_PARTICIPANT_INVITED: { value: 26, meaning: 'someone was invited to a conference' },
  CONFERENCE_PARTICIPANT_REJECTED: { value: 27, meaning: 'someone declined a conference' },
  CONFERENCE_PARTICIPANT_TIMEOUT: { value: 28, meaning: 'the invitation to a conference timed out' },
  CONFERENCE_PARTICIPANT_LEFT: { value: 29, meaning: 'someone left a conference' },
} as const satisfies CodeTable;

/**
 * What Contact Center voice has beyond the table.
 * https://developers.zoom.us/docs/rtms/contact-center/ivr-streaming/
 */
export const ZCC_VOICE_EVENT_TYPE_RANGE = {
  IVR_STREAMING: {
    value: 30,
    to: 34,
    meaning: 'Contact Center voice, IVR streaming: it exists, its name is not published',
  },
} as const satisfies CodeTable<CodeRange>;

/**
 * What another attempt can change. `duplicate`: wait until Zoom notices that the old connection is gone. `retry`: try
 * again later, after closing one's own older socket. `final`: the answer will not change by itself.
 */
export type StatusCategory = 'duplicate' | 'retry' | 'final';

export interface StatusCode extends Code {
  readonly action: string;
  readonly category: StatusCategory;
}

/**
 * RTMS_STATUS_CODE of the live service, the `status_code` of answers; the documents prefix each name with `STATUS_`.
 * Causes and actions are readings of the names. https://developers.zoom.us/docs/rtms/data-types/
 */
export const STATUS_CODE = {
  OK: { value: 0, category: 'final', meaning: 'accepted', action: 'nothing to do' },
  INVALID_MESSAGE_TYPE: {
    value: 1,
    category: 'final',
    meaning: 'msg_type is missing, not an integer, or not for this socket',
    action: 'send msg_type as a number, on the socket it belongs to',
  },
  INVALID_RTMS_STREAM_ID: {
    value: 2,
    category: 'final',
    meaning: 'the stream id is wrong or has expired',
    action: 'use rtms_stream_id and server_urls of one and the same started event, within 60 s of it',
  },
  INVALID_SIGNATURE: {
    value: 3,
    category: 'final',
    meaning: 'the signature is not the expected one',
    action: 'recompute it: rtms sign --explain',
  },
  INVALID_PAYLOAD: {
    value: 4,
    category: 'final',
    meaning: 'the message is not JSON, or a field is missing or of another type',
    action: 'compare the message with the documented one: rtms sign --handshake FILE',
  },
  INVALID_EVENTS: {
    value: 5,
    category: 'final',
    meaning: 'events is not an array',
    action: 'send events as an array of { event_type, subscribe }',
  },
  INVALID_EVENT_TYPE: {
    value: 6,
    category: 'final',
    meaning: 'an event_type is unknown',
    action: 'subscribe to the event types of the product only',
  },
  INVALID_MEDIA_TYPE: {
    value: 7,
    category: 'final',
    meaning: 'media_type is missing or not an integer',
    action: 'send media_type as a number: 1 audio, 2 video, 4 share, 8 transcript, 16 chat, 32 all',
  },
  DUPLICATE_SIGNAL_REQUEST: {
    value: 8,
    category: 'duplicate',
    meaning: 'this stream has a signaling connection already',
    action: 'find the other client, or wait 1.5 s, 3 s and 6 s for Zoom to notice that the old connection is gone',
  },
  MEDIA_TYPE_AUDIO_NOT_SUPPORT: {
    value: 9,
    category: 'final',
    meaning: 'audio is not offered to this app',
    action: 'add the audio scope, or ask for offered media only',
  },
  MEDIA_TYPE_VIDEO_NOT_SUPPORT: {
    value: 10,
    category: 'final',
    meaning: 'video is not offered to this app',
    action: 'add the video scope, or ask for offered media only',
  },
  MEDIA_TYPE_DESKSHARE_NOT_SUPPORT: {
    value: 11,
    category: 'final',
    meaning: 'screen share is not offered to this app',
    action: 'add the share scope, or ask for offered media only',
  },
  MEDIA_TYPE_TRANSCRIPT_NOT_SUPPORT: {
    value: 12,
    category: 'final',
    meaning: 'the transcript is not offered to this app',
    action: 'add the transcript scope, or ask for offered media only',
  },
  MEDIA_TYPE_CHAT_NOT_SUPPORT: {
    value: 13,
    category: 'final',
    meaning: 'chat is not offered to this app',
    action: 'add the chat scope, or ask for offered media only',
  },
  MEDIA_TYPE_INVALID_VALUE: {
    value: 14,
    category: 'final',
    meaning: 'media_type is no known value, or does not fit the URL',
    action: 'send one bit on the URL of its type, 32 on the URL named all',
  },
  MEDIA_DATA_ALL_CONNECTION_EXIST: {
    value: 15,
    category: 'retry',
    meaning: 'a connection for all media is open, which excludes those for one type',
    action: 'close it first, or use it alone',
  },
  DUPLICATE_MEDIA_DATA_CONNECTION: {
    value: 16,
    category: 'retry',
    meaning: 'this type of media is connected already',
    action: 'close the older media socket first',
  },
  INVALID_MEDIA_PARAMS: {
    value: 17,
    category: 'final',
    meaning: 'media_params is not an object',
    action: 'send media_params as an object with one key per type of media, or leave it out',
  },
  INVALID_MEDIA_AUDIO_PARAMS: {
    value: 18,
    category: 'final',
    meaning: 'the audio parameters do not go together',
    action: 'use a documented combination, such as L16 at 16 kHz mono',
  },
  INVALID_MEDIA_AUDIO_CONTENT_TYPE: {
    value: 19,
    category: 'final',
    meaning: 'content_type of audio is not legal',
    action: 'send 2 (RAW_AUDIO)',
  },
  INVALID_MEDIA_AUDIO_SAMPLE_RATE: {
    value: 20,
    category: 'final',
    meaning: 'sample_rate is not legal, or not with this codec',
    action: 'send the enum number: 0 is 8 kHz, 1 is 16 kHz, 2 is 32 kHz, 3 is 48 kHz',
  },
  INVALID_MEDIA_AUDIO_CHANNEL: {
    value: 21,
    category: 'final',
    meaning: 'channel is not legal, or not with this codec',
    action: 'send 1 (mono) or, with L16 and OPUS, 2 (stereo)',
  },
  INVALID_MEDIA_AUDIO_CODEC: {
    value: 22,
    category: 'final',
    meaning: 'codec of audio is not legal',
    action: 'send 1 (L16), 2 (G711), 3 (G722) or 4 (OPUS)',
  },
  INVALID_MEDIA_AUDIO_DATA_OPT: {
    value: 23,
    category: 'final',
    meaning: 'data_opt of audio is not legal',
    action: 'send 1 (mixed) or 2 (one stream per participant)',
  },
  INVALID_MEDIA_AUDIO_SEND_RATE: {
    value: 24,
    category: 'final',
    meaning: 'send_rate is not legal, or not with this codec',
    action: 'send a multiple of 20 ms up to 1000; exactly 20 with a compressed codec',
  },
  INVALID_MEDIA_VIDEO_PARAMS: {
    value: 25,
    category: 'final',
    meaning: 'the video parameters do not go together',
    action: 'use a documented combination, such as JPG, HD, 5 fps',
  },
  INVALID_MEDIA_VIDEO_CONTENT_TYPE: {
    value: 26,
    category: 'final',
    meaning: 'content_type of video is not legal',
    action: 'send 3 (RAW_VIDEO)',
  },
  INVALID_MEDIA_VIDEO_CODEC: {
    value: 27,
    category: 'final',
    meaning: 'codec of video is not legal, or not at this frame rate',
    action: 'send 5 (JPG) or 6 (PNG) up to 5 fps, 7 (H264) above',
  },
  INVALID_MEDIA_VIDEO_RESOLUTION: {
    value: 28,
    category: 'final',
    meaning: 'resolution of video is not legal',
    action: 'send 1 (SD), 2 (HD), 3 (FHD) or 4 (QHD)',
  },
  INVALID_MEDIA_VIDEO_DATA_OPT: {
    value: 29,
    category: 'final',
    meaning: 'data_opt of video is not legal',
    action: 'send 3 (active speaker) or 4 (one chosen participant)',
  },
  INVALID_MEDIA_VIDEO_FPS: {
    value: 30,
    category: 'final',
    meaning: 'fps of video is not legal',
    action: 'send 1 to 30',
  },
  INVALID_MEDIA_DESKSHARE_PARAMS: {
    value: 31,
    category: 'final',
    meaning: 'the share parameters do not go together',
    action: 'use a documented combination, such as JPG, FHD, 1 fps',
  },
  INVALID_MEDIA_DESKSHARE_CONTENT_TYPE: {
    value: 32,
    category: 'final',
    meaning: 'content_type of share is not legal',
    action: 'send 3 (RAW_VIDEO)',
  },
  INVALID_MEDIA_DESKSHARE_CODEC: {
    value: 33,
    category: 'final',
    meaning: 'codec of share is not legal, or not at this frame rate',
    action: 'send 5 (JPG) or 6 (PNG) at 1 fps, 7 (H264) above',
  },
  INVALID_MEDIA_DESKSHARE_RESOLUTION: {
    value: 34,
    category: 'final',
    meaning: 'resolution of share is not legal',
    action: 'send 1 (SD), 2 (HD), 3 (FHD) or 4 (QHD)',
  },
  INVALID_MEDIA_DESKSHARE_FPS: {
    value: 35,
    category: 'final',
    meaning: 'fps of share is not legal',
    action: 'send 1 to 30',
  },
  INVALID_MEDIA_TRANSCRIPT_PARAMS: {
    value: 36,
    category: 'final',
    meaning: 'the transcript parameters are not legal',
    action: 'send an object with content_type 5',
  },
  INVALID_MEDIA_TRANSCRIPT_CONTENT_TYPE: {
    value: 37,
    category: 'final',
    meaning: 'content_type of the transcript is not legal',
    action: 'send 5 (TEXT)',
  },
  INVALID_MEDIA_CHAT_PARAMS: {
    value: 38,
    category: 'final',
    meaning: 'the chat parameters are not legal',
    action: 'send an object with content_type 5',
  },
  INVALID_MEDIA_CHAT_CONTENT_TYPE: {
    value: 39,
    category: 'final',
    meaning: 'content_type of chat is not legal',
    action: 'send 5 (TEXT)',
  },
  INVALID_RTMS_SESSION_ID: {
    value: 40,
    category: 'final',
    meaning: 'the session id is unknown',
    action: 'use the rtms_session_id of a SESSION_STATE_UPDATE',
  },
  INVALID_CLIENT_READY_ACK: {
    value: 41,
    category: 'final',
    meaning: 'CLIENT_READY_ACK is malformed or came too early',
    action: 'send it on signaling, with rtms_stream_id, after a media handshake was accepted',
  },
  INVALID_EVENT_SUBSCRIBE: {
    value: 42,
    category: 'final',
    meaning: 'an entry of events is malformed',
    action: 'send each entry as { event_type: number, subscribe: boolean }',
  },
  INVALID_MEDIA_TRANSCRIPT_SOURCE_LANGUAGE: {
    value: 43,
    category: 'final',
    meaning: 'src_language is no known language id',
    action: 'send a documented id, such as 9 (English), or -1 to detect it',
  },
  DUPLICATE_VIDEO_SUBSCRIPTION: {
    value: 44,
    category: 'final',
    meaning: 'the video of this participant is subscribed already',
    action: 'nothing to do: the first subscription holds',
  },
  INTERNAL_EXCEPTION: {
    value: 45,
    category: 'retry',
    meaning: 'an error inside Zoom',
    action: 'try again with growing delays',
  },
  INVALID_MEDIA_TRANSCRIPT_TARGET_LANGUAGE: {
    value: 46,
    category: 'final',
    meaning: 'the target language of the transcript is no known language id',
    action: 'send a documented language id, or leave it out',
  },
  CHAT_SESSION_KEY_NOT_AVAILABLE: {
    value: 47,
    category: 'final',
    meaning: 'the key of the chat session is not available',
    action: 'leave chat out',
  },
} as const satisfies CodeTable<StatusCode>;

/**
 * The status codes of the 2025 beta: the same numbers with other meanings, still found in Zoom's mock server and
 * older samples. https://github.com/zoom/rtms-mock-server-sample `server/constants/messageTypes.js`
 */
export const LEGACY_STATUS_CODE = {
  OK: { value: 0, meaning: 'accepted' },
  CONNECTION_TIMEOUT: { value: 1, meaning: 'the connection timed out' },
  INVALID_JSON_MSG_SIZE: { value: 2, meaning: 'the message has a wrong size' },
  INVALID_JSON_MSG: { value: 3, meaning: 'the message is not JSON' },
  INVALID_MESSAGE_TYPE: { value: 4, meaning: 'msg_type is not legal' },
  MSG_TYPE_NOT_EXIST: { value: 5, meaning: 'msg_type is missing' },
  MSG_TYPE_NOT_UINT: { value: 6, meaning: 'msg_type is not an unsigned integer' },
  MEETING_UUID_NOT_EXIST: { value: 7, meaning: 'meeting_uuid is missing' },
  MEETING_UUID_NOT_STRING: { value: 8, meaning: 'meeting_uuid is not a string' },
  MEETING_UUID_IS_EMPTY: { value: 9, meaning: 'meeting_uuid is empty' },
  RTMS_STREAM_ID_NOT_EXIST: { value: 10, meaning: 'rtms_stream_id is missing' },
  RTMS_STREAM_ID_NOT_STRING: { value: 11, meaning: 'rtms_stream_id is not a string' },
  RTMS_STREAM_ID_IS_EMPTY: { value: 12, meaning: 'rtms_stream_id is empty' },
  SESSION_NOT_FOUND: { value: 13, meaning: 'no such session' },
  SIGNATURE_NOT_EXIST: { value: 14, meaning: 'signature is missing' },
  INVALID_SIGNATURE: { value: 15, meaning: 'the signature is not the expected one' },
  INVALID_MEETING_OR_STREAM_ID: { value: 16, meaning: 'the meeting or stream id is wrong' },
  DUPLICATE_SIGNAL_REQUEST: { value: 17, meaning: 'this stream has a signaling connection already' },
  EVENTS_NOT_EXIST: { value: 18, meaning: 'events is missing' },
  EVENTS_VALUE_NOT_ARRAY: { value: 19, meaning: 'events is not an array' },
  EVENT_TYPE_NOT_EXIST: { value: 20, meaning: 'event_type is missing' },
  EVENT_TYPE_VALUE_NOT_UINT: { value: 21, meaning: 'event_type is not an unsigned integer' },
  MEDIA_TYPE_NOT_EXIST: { value: 22, meaning: 'media_type is missing' },
  MEDIA_TYPE_NOT_UINT: { value: 23, meaning: 'media_type is not an unsigned integer' },
  MEDIA_TYPE_AUDIO_NOT_SUPPORT: { value: 24, meaning: 'audio is not offered' },
  MEDIA_TYPE_VIDEO_NOT_SUPPORT: { value: 25, meaning: 'video is not offered' },
  MEDIA_TYPE_DESKSHARE_NOT_SUPPORT: { value: 26, meaning: 'screen share is not offered' },
  MEDIA_TYPE_TRANSCRIPT_NOT_SUPPORT: { value: 27, meaning: 'the transcript is not offered' },
  MEDIA_TYPE_CHAT_NOT_SUPPORT: { value: 28, meaning: 'chat is not offered' },
  MEDIA_TYPE_INVALID_VALUE: { value: 29, meaning: 'media_type is no known value' },
  MEDIA_DATA_ALL_CONNECTION_EXIST: { value: 30, meaning: 'a connection for all media is open' },
  DUPLICATE_MEDIA_DATA_CONNECTION: { value: 31, meaning: 'this type of media is connected already' },
  MEDIA_PARAMS_NOT_EXIST: { value: 32, meaning: 'media_params is missing' },
  INVALID_MEDIA_PARAMS: { value: 33, meaning: 'media_params is not legal' },
  NO_MEDIA_TYPE_SPECIFIED: { value: 34, meaning: 'no type of media is asked for' },
  INVALID_MEDIA_AUDIO_PARAMS: { value: 35, meaning: 'the audio parameters are not legal' },
  AUDIO_CONTENT_TYPE_NOT_UINT: { value: 36, meaning: 'content_type of audio is not an unsigned integer' },
  INVALID_AUDIO_CONTENT_TYPE: { value: 37, meaning: 'content_type of audio is not legal' },
  AUDIO_SAMPLE_RATE_NOT_UINT: { value: 38, meaning: 'sample_rate is not an unsigned integer' },
  INVALID_AUDIO_SAMPLE_RATE: { value: 39, meaning: 'sample_rate is not legal' },
  AUDIO_CHANNEL_NOT_UINT: { value: 40, meaning: 'channel is not an unsigned integer' },
  INVALID_AUDIO_CHANNEL: { value: 41, meaning: 'channel is not legal' },
  AUDIO_CODEC_NOT_UINT: { value: 42, meaning: 'codec of audio is not an unsigned integer' },
  INVALID_AUDIO_CODEC: { value: 43, meaning: 'codec of audio is not legal' },
  AUDIO_DATA_OPT_NOT_UINT: { value: 44, meaning: 'data_opt of audio is not an unsigned integer' },
  INVALID_AUDIO_DATA_OPT: { value: 45, meaning: 'data_opt of audio is not legal' },
  AUDIO_SEND_RATE_NOT_UINT: { value: 46, meaning: 'send_rate is not an unsigned integer' },
  AUDIO_FRAME_SIZE_NOT_UINT: { value: 47, meaning: 'frame_size is not an unsigned integer' },
  INVALID_VIDEO_PARAMS: { value: 48, meaning: 'the video parameters are not legal' },
  INVALID_VIDEO_CONTENT_TYPE: { value: 49, meaning: 'content_type of video is not legal' },
  VIDEO_CONTENT_TYPE_NOT_UINT: { value: 50, meaning: 'content_type of video is not an unsigned integer' },
  INVALID_VIDEO_CODEC: { value: 51, meaning: 'codec of video is not legal' },
  VIDEO_CODEC_NOT_UINT: { value: 52, meaning: 'codec of video is not an unsigned integer' },
  INVALID_VIDEO_RESOLUTION: { value: 53, meaning: 'resolution of video is not legal' },
  VIDEO_RESOLUTION_NOT_UINT: { value: 54, meaning: 'resolution of video is not an unsigned integer' },
  INVALID_VIDEO_DATA_OPT: { value: 55, meaning: 'data_opt of video is not legal' },
  VIDEO_DATA_OPT_NOT_UINT: { value: 56, meaning: 'data_opt of video is not an unsigned integer' },
  VIDEO_FPS_NOT_UINT: { value: 57, meaning: 'fps of video is not an unsigned integer' },
  INVALID_SHARE_PARAMS: { value: 58, meaning: 'the share parameters are not legal' },
  INVALID_DESKSHARE_CONTENT_TYPE: { value: 59, meaning: 'content_type of share is not legal' },
  DESKSHARE_CONTENT_TYPE_NOT_UINT: { value: 60, meaning: 'content_type of share is not an unsigned integer' },
  INVALID_DESKSHARE_CODEC: { value: 61, meaning: 'codec of share is not legal' },
  DESKSHARE_CODEC_NOT_UINT: { value: 62, meaning: 'codec of share is not an unsigned integer' },
  INVALID_DESKSHARE_RESOLUTION: { value: 63, meaning: 'resolution of share is not legal' },
  DESKSHARE_RESOLUTION_NOT_UINT: { value: 64, meaning: 'resolution of share is not an unsigned integer' },
  DESKSHARE_FPS_NOT_UINT: { value: 65, meaning: 'fps of share is not an unsigned integer' },
  INVALID_TRANSCRIPT_PARAMS: { value: 66, meaning: 'the transcript parameters are not legal' },
  INVALID_TRANSCRIPT_CONTENT_TYPE: { value: 67, meaning: 'content_type of the transcript is not legal' },
  TRANSCRIPT_CONTENT_TYPE_NOT_UINT: { value: 68, meaning: 'content_type of the transcript is not an unsigned integer' },
  INVALID_CHAT_PARAMS: { value: 69, meaning: 'the chat parameters are not legal' },
  INVALID_CHAT_CONTENT_TYPE: { value: 70, meaning: 'content_type of chat is not legal' },
  CHAT_CONTENT_TYPE_NOT_UINT: { value: 71, meaning: 'content_type of chat is not an unsigned integer' },
  INVALID_AUDIO_DATA_BUFFER: { value: 72, meaning: 'an audio buffer is not legal' },
  INVALID_VIDEO_DATA_BUFFER: { value: 73, meaning: 'a video buffer is not legal' },
  POST_FIRST_PACKET_FAILURE: { value: 74, meaning: 'the first packet could not be posted' },
  RTMS_SESSION_NOT_FOUND: { value: 75, meaning: 'no such RTMS session' },
} as const satisfies CodeTable;

/** The oldest meanings, of an early sample. https://github.com/zoom/rtms-samples `utils/RTMSError.js` */
export const EARLIEST_STATUS_CODE = {
  INVALID_SIGNATURE: { value: 1, meaning: 'the signature is not the expected one' },
  INVALID_CLIENT_ID: { value: 2, meaning: 'the client id is wrong' },
  INVALID_MEETING_UUID: { value: 3, meaning: 'the meeting id is wrong' },
  INVALID_STREAM_ID: { value: 4, meaning: 'the stream id is wrong' },
} as const satisfies CodeTable;

/** Both readings of one `status_code`; a table without the number leaves its reading out. */
export interface StatusMeanings {
  readonly current?: { readonly name: string } & StatusCode;
  readonly legacy?: { readonly name: string } & Code;
  readonly chosen: 'current' | 'legacy';
}

/**
 * What a `status_code` means, in both generations. The table whose name shares more of its words with the reason text
 * is chosen; on a tie the current one, which is right for the live service.
 */
export function statusMeanings(status: number, reason = ''): StatusMeanings {
  const current = lookup<StatusCode>(STATUS_CODE, status);
  const legacy = lookup(LEGACY_STATUS_CODE, status);
  const said = new Set(wordsOf(reason));
  return {
    ...(current && { current }),
    ...(legacy && { legacy }),
    chosen: likeness(legacy?.name, said) > likeness(current?.name, said) ? 'legacy' : 'current',
  };
}

/** The current status whose whole name a reason text says, for an answer that has no `status_code`. */
export function statusSaidBy(reason: string): StatusCode | undefined {
  const said = new Set(wordsOf(reason));
  return Object.entries<StatusCode>(STATUS_CODE).find(([name]) => likeness(name, said) === 1)?.[1];
}

/** The share of a name's words that were said, 0 to 1; -1 for no name. */
function likeness(name: string | undefined, said: ReadonlySet<string>): number {
  if (name === undefined) return -1;
  const words = wordsOf(name);
  return words.filter((word) => said.has(word)).length / words.length;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** RTMS_SESSION_STATE. https://developers.zoom.us/docs/rtms/data-types/ */
export const SESSION_STATE = {
  INACTIVE: { value: 0, meaning: 'not running' },
  INITIALIZE: { value: 1, meaning: 'being set up' },
  STARTED: { value: 2, meaning: 'running' },
  PAUSED: { value: 3, meaning: 'paused: no media is expected' },
  RESUMED: { value: 4, meaning: 'running again' },
  STOPPED: { value: 5, meaning: 'over' },
} as const satisfies CodeTable;

/** RTMS_STREAM_STATE. https://developers.zoom.us/docs/rtms/data-types/ */
export const STREAM_STATE = {
  INACTIVE: { value: 0, meaning: 'not running' },
  ACTIVE: { value: 1, meaning: 'running' },
  INTERRUPTED: { value: 2, meaning: 'a connection was lost: reconnect' },
  TERMINATING: { value: 3, meaning: 'ending: data may still come' },
  TERMINATED: { value: 4, meaning: 'over' },
  PAUSED: { value: 5, meaning: 'paused: no media is expected' },
  RESUMED: { value: 6, meaning: 'running again' },
} as const satisfies CodeTable;

/**
 * `wanted`: someone asked for it. `ended`: what was streamed is over. `failure`: the stream was lost, and only a new
 * one helps. `policy`: a setting or a withdrawn consent forbids it.
 */
export type StopKind = 'wanted' | 'ended' | 'failure' | 'policy';

export interface StopReasonCode extends Code {
  readonly kind: StopKind;
  readonly action: string;
  /** Its name in older documents. */
  readonly formerly?: string;
}

/**
 * RTMS_STOP_REASON; the documents prefix each name with `STOP_BC_`. https://developers.zoom.us/docs/rtms/data-types/,
 * which of them are failures: https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/
 */
export const STOP_REASON = {
  UNDEFINED: { value: 0, kind: 'ended', meaning: 'no reason given', action: 'nothing to do' },
  HOST_TRIGGERED: { value: 1, kind: 'wanted', meaning: 'the host stopped it', action: 'nothing to do' },
  USER_TRIGGERED: { value: 2, kind: 'wanted', meaning: 'the user stopped it', action: 'nothing to do' },
  USER_LEFT: { value: 3, kind: 'ended', meaning: 'the user for whom it ran left', action: 'nothing to do' },
  USER_EJECTED: {
    value: 4,
    kind: 'ended',
    meaning: 'the user for whom it ran was removed by the host',
    action: 'nothing to do',
  },
  HOST_DISABLED_APP: {
    value: 5,
    kind: 'wanted',
    meaning: 'the host disabled the app',
    action: 'nothing to do; the host can allow it again',
    formerly: 'APP_DISABLED_BY_HOST',
  },
  MEETING_ENDED: { value: 6, kind: 'ended', meaning: 'the meeting ended', action: 'nothing to do' },
  STREAM_CANCELED: { value: 7, kind: 'wanted', meaning: 'the stream was cancelled', action: 'nothing to do' },
  STREAM_REVOKED: {
    value: 8,
    kind: 'policy',
    meaning: 'consent was withdrawn',
    action: 'delete the collected media at once',
  },
  ALL_APPS_DISABLED: {
    value: 9,
    kind: 'wanted',
    meaning: 'the host disabled all apps',
    action: 'nothing to do; the host can allow them again',
  },
  INTERNAL_EXCEPTION: { value: 10, kind: 'failure', meaning: 'an error inside Zoom', action: 'start a new stream' },
  CONNECTION_TIMEOUT: {
    value: 11,
    kind: 'failure',
    meaning: 'the app did not connect in time',
    action: 'start a new stream and connect within 60 s of the started event',
  },
  INSTANCE_CONNECTION_INTERRUPTED: {
    value: 12,
    kind: 'failure',
    meaning: 'RTMS lost its connection to the meeting',
    action: 'start a new stream',
    formerly: 'MEETING_CONNECTION_INTERRUPTED',
  },
  SIGNAL_CONNECTION_INTERRUPTED: {
    value: 13,
    kind: 'failure',
    meaning: 'the signaling connection was lost',
    action: 'look at keep-alives and the network, then start a new stream',
  },
  DATA_CONNECTION_INTERRUPTED: {
    value: 14,
    kind: 'failure',
    meaning: 'a media connection was lost',
    action: 'look at keep-alives and the network, then start a new stream',
  },
  SIGNAL_CONNECTION_CLOSED_ABNORMALLY: {
    value: 15,
    kind: 'failure',
    meaning: 'the signaling connection ended without a close handshake',
    action: 'find what dropped the socket, then start a new stream',
  },
  DATA_CONNECTION_CLOSED_ABNORMALLY: {
    value: 16,
    kind: 'failure',
    meaning: 'a media connection ended without a close handshake',
    action: 'find what dropped the socket, then start a new stream',
  },
  EXIT_SIGNAL: { value: 17, kind: 'failure', meaning: 'the RTMS server is ending', action: 'start a new stream' },
  AUTHENTICATION_FAILURE: {
    value: 18,
    kind: 'failure',
    meaning: 'the app failed to authenticate',
    action: 'check the signature and that client id and secret belong to the app of the webhook',
  },
  AWAIT_RECONNECTION_TIMEOUT: {
    value: 19,
    kind: 'failure',
    meaning: 'the app did not reconnect in time',
    action: 'start a new stream; reconnect sooner next time',
  },
  RECEIVER_REQUEST_CLOSE: {
    value: 20,
    kind: 'wanted',
    meaning: 'the app asked for it with STREAM_CLOSE_REQ',
    action: 'nothing to do',
  },
  CUSTOMER_DISCONNECTED: {
    value: 21,
    kind: 'ended',
    meaning: 'Contact Center: the customer left',
    action: 'nothing to do',
  },
  AGENT_DISCONNECTED: { value: 22, kind: 'ended', meaning: 'Contact Center: the agent left', action: 'nothing to do' },
  ADMIN_DISABLED_APP: {
    value: 23,
    kind: 'policy',
    meaning: 'the account admin disabled the app',
    action: 'ask the account admin',
  },
  KEEP_ALIVE_TIMEOUT: {
    value: 24,
    kind: 'failure',
    meaning: 'three keep-alives went unanswered',
    action: 'answer KEEP_ALIVE_REQ (12) on the socket it comes on, then start a new stream',
  },
  MANUAL_API_TRIGGERED: {
    value: 25,
    kind: 'wanted',
    meaning: 'Contact Center: stopped by a REST call',
    action: 'nothing to do',
  },
  STREAMING_NOT_SUPPORTED: {
    value: 26,
    kind: 'policy',
    meaning: 'Contact Center: the queue does not allow streaming',
    action: 'allow streaming in the settings of the queue',
  },
} as const satisfies CodeTable<StopReasonCode>;

/** MEDIA_DATA_TYPE, `media_type`: bits, and ALL beside them. https://developers.zoom.us/docs/rtms/data-types/ */
export const MEDIA_DATA_TYPE = {
  AUDIO: { value: 1, meaning: 'audio' },
  VIDEO: { value: 2, meaning: 'video' },
  DESKSHARE: { value: 4, meaning: 'screen share' },
  TRANSCRIPT: { value: 8, meaning: 'transcript' },
  CHAT: { value: 16, meaning: 'chat' },
  ALL: { value: 32, meaning: 'all media on one socket' },
} as const satisfies CodeTable;

/** MEDIA_CONTENT_TYPE, `content_type` of media parameters. https://developers.zoom.us/docs/rtms/data-types/ */
export const MEDIA_CONTENT_TYPE = {
  UNDEFINED: { value: 0, meaning: 'not set' },
  RTP: { value: 1, meaning: 'RTP packets' },
  RAW_AUDIO: { value: 2, meaning: 'raw audio' },
  RAW_VIDEO: { value: 3, meaning: 'raw video' },
  FILE_STREAM: { value: 4, meaning: 'a file' },
  TEXT: { value: 5, meaning: 'text' },
} as const satisfies CodeTable;

/** MEDIA_PAYLOAD_TYPE, `codec` of media parameters. https://developers.zoom.us/docs/rtms/data-types/ */
export const MEDIA_PAYLOAD_TYPE = {
  UNDEFINED: { value: 0, meaning: 'not set' },
  L16: { value: 1, meaning: '16-bit PCM' },
  G711: { value: 2, meaning: 'G.711 A-law' },
  G722: { value: 3, meaning: 'G.722' },
  OPUS: { value: 4, meaning: 'Opus' },
  JPG: { value: 5, meaning: 'JPEG images' },
  PNG: { value: 6, meaning: 'PNG images' },
  H264: { value: 7, meaning: 'H.264' },
} as const satisfies CodeTable;

export interface MediaDataOptionCode extends Code {
  /** Its name, and partly its meaning, in older documents. */
  readonly formerly?: string;
}

/** MEDIA_DATA_OPTION, `data_opt` of media parameters. https://developers.zoom.us/docs/rtms/data-types/ */
export const MEDIA_DATA_OPTION = {
  UNDEFINED: { value: 0, meaning: 'not set' },
  AUDIO_MIXED_STREAM: { value: 1, meaning: 'one stream of all voices' },
  AUDIO_MULTI_STREAMS: { value: 2, meaning: 'one stream per participant' },
  VIDEO_SINGLE_ACTIVE_STREAM: { value: 3, meaning: 'the active speaker' },
  VIDEO_SINGLE_INDIVIDUAL_STREAM: {
    value: 4,
    meaning: 'one chosen participant, after VIDEO_SUBSCRIPTION_REQ',
    formerly: 'VIDEO_MIXED_SPEAKER_VIEW',
  },
  VIDEO_MIXED_GALLERY_VIEW: { value: 5, meaning: 'a gallery of participants; older documents only' },
} as const satisfies CodeTable<MediaDataOptionCode>;

/** MEDIA_RESOLUTION, `resolution` of media parameters. https://developers.zoom.us/docs/rtms/data-types/ */
export const MEDIA_RESOLUTION = {
  SD: { value: 1, meaning: '854×480 or 640×360' },
  HD: { value: 2, meaning: '1280×720' },
  FHD: { value: 3, meaning: '1920×1080' },
  QHD: { value: 4, meaning: '2560×1440' },
} as const satisfies CodeTable;

export interface SampleRateCode extends Code {
  readonly hz: number;
}

/** AUDIO_SAMPLE_RATE, `sample_rate` of audio; 0 is a legal value. https://developers.zoom.us/docs/rtms/data-types/ */
export const AUDIO_SAMPLE_RATE = {
  SR_8K: { value: 0, hz: 8000, meaning: '8 kHz' },
  SR_16K: { value: 1, hz: 16_000, meaning: '16 kHz' },
  SR_32K: { value: 2, hz: 32_000, meaning: '32 kHz' },
  SR_48K: { value: 3, hz: 48_000, meaning: '48 kHz' },
} as const satisfies CodeTable<SampleRateCode>;

/** AUDIO_CHANNEL, `channel` of audio: how many there are. https://developers.zoom.us/docs/rtms/data-types/ */
export const AUDIO_CHANNEL = {
  MONO: { value: 1, meaning: 'mono' },
  STEREO: { value: 2, meaning: 'stereo' },
} as const satisfies CodeTable;

/** TRANSMISSION_PROTOCOL; only WebSocket is in use. https://developers.zoom.us/docs/rtms/data-types/ */
export const TRANSMISSION_PROTOCOL = {
  WEBSOCKET: { value: 1, meaning: 'WebSocket' },
  RTMP: { value: 2, meaning: 'RTMP' },
  UDP: { value: 3, meaning: 'UDP' },
  WEBRTC: { value: 4, meaning: 'WebRTC' },
} as const satisfies CodeTable;

/** RTMS_DATA_MESSAGE_ATTRIBUTE, `attribute` of a transcript. https://github.com/zoom/rtms-samples */
export const DATA_MESSAGE_ATTRIBUTE = {
  NONE: { value: 0, meaning: 'not set' },
  NEW: { value: 1, meaning: 'a new line' },
  UPDATE: { value: 2, meaning: 'a corrected line' },
  DELETE: { value: 3, meaning: 'a line to delete' },
} as const satisfies CodeTable;

/** The type of a chat group. https://developers.zoom.us/docs/rtms/data-types/ */
export const CHAT_GROUP_TYPE = {
  PRIVATE_CHAT_GROUP: { value: 0, meaning: 'a private group' },
} as const satisfies CodeTable;

/** The status of a chat group member. https://developers.zoom.us/docs/rtms/data-types/ */
export const CHAT_MEMBER_STATUS = {
  IN_CHAT_GROUP: { value: 0, meaning: 'in the group' },
  IN_BREAKOUT_ROOM: { value: 1, meaning: 'in a breakout room' },
  IN_WAITING_ROOM: { value: 2, meaning: 'in the waiting room' },
  IN_BACKSTAGE: { value: 3, meaning: 'backstage' },
  LEFT_MEETING: { value: 4, meaning: 'left the meeting' },
} as const satisfies CodeTable;

/** `operation_type` of a chat message. https://developers.zoom.us/docs/rtms/data-types/ */
export const CHAT_OPERATION = {
  NEW: { value: 1, meaning: 'a new message' },
  DELETE: { value: 2, meaning: 'a deleted message' },
  UPDATE: { value: 3, meaning: 'an edited message' },
  ADD_EMOJI_REACTION: { value: 4, meaning: 'a reaction was added' },
  REMOVE_EMOJI_REACTION: { value: 5, meaning: 'a reaction was taken back' },
} as const satisfies CodeTable;

/** `chat_session.type` of a chat message. https://developers.zoom.us/docs/rtms/data-types/ */
export const CHAT_SESSION_TYPE = {
  EVERYONE: { value: 1, meaning: 'to everyone' },
  INDIVIDUAL: { value: 2, meaning: 'to one participant' },
  CHAT_GROUP: { value: 3, meaning: 'to a group' },
  HOSTS_AND_PANELISTS: { value: 4, meaning: 'to hosts and panelists' },
  INDIVIDUAL_CC_HOSTS_AND_PANELISTS: { value: 5, meaning: 'to one participant, copied to hosts and panelists' },
} as const satisfies CodeTable;

/** `src_language` and `language` of transcripts. https://developers.zoom.us/docs/rtms/data-types/ */
export const TRANSCRIPT_LANGUAGE = {
  NONE: { value: -1, meaning: 'detected' },
  ARABIC: { value: 0, meaning: 'Arabic' },
  BENGALI: { value: 1, meaning: 'Bengali' },
  CANTONESE: { value: 2, meaning: 'Cantonese' },
  CATALAN: { value: 3, meaning: 'Catalan' },
  CHINESE_SIMPLIFIED: { value: 4, meaning: 'Chinese (simplified)' },
  CHINESE_TRADITIONAL: { value: 5, meaning: 'Chinese (traditional)' },
  CZECH: { value: 6, meaning: 'Czech' },
  DANISH: { value: 7, meaning: 'Danish' },
  DUTCH: { value: 8, meaning: 'Dutch' },
  ENGLISH: { value: 9, meaning: 'English' },
  ESTONIAN: { value: 10, meaning: 'Estonian' },
  FINNISH: { value: 11, meaning: 'Finnish' },
  FRENCH_CANADA: { value: 12, meaning: 'French (Canada)' },
  FRENCH_FRANCE: { value: 13, meaning: 'French (France)' },
  GERMAN: { value: 14, meaning: 'German' },
  HEBREW: { value: 15, meaning: 'Hebrew' },
  HINDI: { value: 16, meaning: 'Hindi' },
  HUNGARIAN: { value: 17, meaning: 'Hungarian' },
  INDONESIAN: { value: 18, meaning: 'Indonesian' },
  ITALIAN: { value: 19, meaning: 'Italian' },
  JAPANESE: { value: 20, meaning: 'Japanese' },
  KOREAN: { value: 21, meaning: 'Korean' },
  MALAY: { value: 22, meaning: 'Malay' },
  PERSIAN: { value: 23, meaning: 'Persian' },
  POLISH: { value: 24, meaning: 'Polish' },
  PORTUGUESE: { value: 25, meaning: 'Portuguese' },
  ROMANIAN: { value: 26, meaning: 'Romanian' },
  RUSSIAN: { value: 27, meaning: 'Russian' },
  SPANISH: { value: 28, meaning: 'Spanish' },
  SWEDISH: { value: 29, meaning: 'Swedish' },
  TAGALOG: { value: 30, meaning: 'Tagalog' },
  TAMIL: { value: 31, meaning: 'Tamil' },
  TELUGU: { value: 32, meaning: 'Telugu' },
  THAI: { value: 33, meaning: 'Thai' },
  TURKISH: { value: 34, meaning: 'Turkish' },
  UKRAINIAN: { value: 35, meaning: 'Ukrainian' },
  VIETNAMESE: { value: 36, meaning: 'Vietnamese' },
} as const satisfies CodeTable;

export interface CloseCode extends Code {
  /** Whether a close frame can carry it; the others are a library's words for an absence. */
  readonly onWire: boolean;
  /** Whether it is how a connection ends where nothing broke. */
  readonly endsNormally?: true;
  /** What it says in RTMS. Zoom documents no close code: it is the weakest evidence there is. */
  readonly rtms: string;
  /** What to look at beside the code, and where it points. */
  readonly readings?: readonly (readonly [seen: string, points: string])[];
}

/**
 * WebSocket close codes, named as registered: https://www.rfc-editor.org/rfc/rfc6455#section-7.4 and
 * https://www.iana.org/assignments/websocket/websocket.xhtml
 */
export const CLOSE_CODE = {
  NORMAL_CLOSURE: {
    value: 1000,
    onWire: true,
    endsNormally: true,
    meaning: 'either side is done',
    rtms: 'proves nothing: it ends a good stream, and is reported as the silent refusal of a handshake',
    readings: [
      [
        'within ~2 s of the handshake, nothing received',
        'signature, fields, framing, ids, second connection, stale payload',
      ],
      [
        'after ~30 s or more, keep-alives unanswered',
        `msg_type ${MESSAGE_TYPE.KEEP_ALIVE_REQ.value} not answered, or binary frames not read`,
      ],
      ['after a stop message or an rtms_stopped webhook', 'a normal end; the stop reason says why'],
      ['your own side sent the close frame first', 'your own code'],
    ],
  },
  GOING_AWAY: {
    value: 1001,
    onWire: true,
    endsNormally: true,
    meaning: 'the server shuts down or the client leaves',
    rtms: 'not reported; reconnect with growing delays',
  },
  PROTOCOL_ERROR: {
    value: 1002,
    onWire: true,
    meaning: 'a frame breaks the WebSocket protocol',
    rtms: 'not reported; points to a broken client library or a proxy that alters frames',
  },
  UNSUPPORTED_DATA: {
    value: 1003,
    onWire: true,
    meaning: 'this kind of frame is not accepted',
    rtms: 'sent by the client: its library refuses binary messages, which Zoom may send',
  },
  RESERVED: { value: 1004, onWire: false, meaning: 'reserved', rtms: 'not used' },
  NO_STATUS_RECEIVED: {
    value: 1005,
    onWire: false,
    endsNormally: true,
    meaning: 'the close frame had no code',
    rtms: "what Zoom's mock server gives",
  },
  ABNORMAL_CLOSURE: {
    value: 1006,
    onWire: false,
    meaning: 'the connection ended without a close frame',
    rtms: 'network, proxy, TLS or a dropped connection; reconnect with growing delays',
  },
  INVALID_FRAME_PAYLOAD_DATA: {
    value: 1007,
    onWire: true,
    meaning: 'a text frame is not UTF-8',
    rtms: 'not reported; points to raw bytes sent as text',
  },
  POLICY_VIOLATION: { value: 1008, onWire: true, meaning: 'a rule of the receiver was broken', rtms: 'not reported' },
  MESSAGE_TOO_BIG: {
    value: 1009,
    onWire: true,
    meaning: 'a message is larger than the receiver takes',
    rtms: 'sent by the client: its receive limit is too small for video or share',
  },
  MANDATORY_EXTENSION: {
    value: 1010,
    onWire: true,
    meaning: 'the server lacks an extension the client needs',
    rtms: 'not reported',
  },
  INTERNAL_ERROR: {
    value: 1011,
    onWire: true,
    meaning: 'the server met an error',
    rtms: "not reported from Zoom; from Python's websockets it is a ping that timed out",
  },
  SERVICE_RESTART: {
    value: 1012,
    onWire: true,
    meaning: 'the service restarts',
    rtms: 'not reported; reconnect with growing delays',
  },
  TRY_AGAIN_LATER: {
    value: 1013,
    onWire: true,
    meaning: 'the server is overloaded',
    rtms: 'not reported; reconnect with growing delays',
  },
  BAD_GATEWAY: {
    value: 1014,
    onWire: true,
    meaning: 'a gateway got a bad answer',
    rtms: 'not reported; points to a proxy in between',
  },
  TLS_HANDSHAKE: {
    value: 1015,
    onWire: false,
    meaning: 'the TLS handshake failed',
    rtms: 'certificate or TLS version; Zoom takes TLS 1.2 and newer since 15 November 2026',
  },
  UNAUTHORIZED: {
    value: 3000,
    onWire: true,
    meaning: 'not authorised',
    rtms: 'not reported; reads as refused credentials',
  },
  FORBIDDEN: { value: 3003, onWire: true, meaning: 'not allowed', rtms: 'not reported' },
  TIMEOUT: { value: 3008, onWire: true, meaning: 'timed out', rtms: 'not reported' },
} as const satisfies CodeTable<CloseCode>;

/**
 * What a close code is by its range alone. https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2 and
 * https://www.iana.org/assignments/websocket/websocket.xhtml
 */
export const CLOSE_CODE_RANGE = {
  UNUSED: { value: 0, to: 999, meaning: 'not in use: no close frame carries it' },
  UNASSIGNED: { value: 1016, to: 2999, meaning: 'unassigned, kept for the WebSocket protocol itself' },
  REGISTERED: {
    value: 3000,
    to: 3999,
    meaning: 'for libraries and frameworks, registered with IANA; no entry of Zoom is known',
  },
  PRIVATE_USE: { value: 4000, to: 4999, meaning: 'private use: only the server knows; none is documented for RTMS' },
  UNDEFINED: { value: 5000, to: 65_535, meaning: 'no close code: RFC 6455 defines them up to 4999' },
} as const satisfies CodeTable<CodeRange>;
