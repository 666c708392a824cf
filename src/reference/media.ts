/** The numbers of media parameters, transcripts and chat, as families. */
import {
  AUDIO_CHANNEL,
  AUDIO_SAMPLE_RATE,
  CHAT_GROUP_TYPE,
  CHAT_MEMBER_STATUS,
  CHAT_OPERATION,
  CHAT_SESSION_TYPE,
  DATA_MESSAGE_ATTRIBUTE,
  MEDIA_CONTENT_TYPE,
  MEDIA_DATA_OPTION,
  MEDIA_DATA_TYPE,
  MEDIA_PAYLOAD_TYPE,
  MEDIA_RESOLUTION,
  MESSAGE_TYPE,
  nameOf,
  TRANSCRIPT_LANGUAGE,
  TRANSMISSION_PROTOCOL,
  type MediaDataOptionCode,
  type SampleRateCode,
} from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { MEDIA } from '../protocol/media.js';
import { entriesOf, type Family } from './family.js';

/** A `media_type` of several bits, told apart; documents disagree whether one socket takes it. */
function sumOfBits(code: number): string | undefined {
  const bits = Object.values(MEDIA_DATA_TYPE).filter(({ value }) => (code & value) !== 0);
  const sum = bits.reduce((total, { value }) => total + value, 0);
  if (bits.length < 2 || sum !== code || code > MEDIA_DATA_TYPE.ALL.value) return undefined;
  const parts = bits.map(({ value }) => `${value} ${nameOf(MEDIA_DATA_TYPE, value)}`);
  const { value: all } = MEDIA_DATA_TYPE.ALL;
  return `${parts.join(' + ')}; send one bit on the URL of its medium, or ${all} on the URL named all`;
}

const MEDIA_REQUEST = MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value;
const CONNECT = 'rtms connect --payload started.json --media audio,transcript';

const media: Family = {
  id: 'media',
  label: 'media type',
  words: ['media', 'MEDIA_DATA_TYPE'],
  about: 'media_type of a media handshake',
  example: 'media 32',
  place: `media_type of msg_type ${MEDIA_REQUEST}`,
  next: [CONNECT],
  docs: DOCS.workWithStreams,
  entries: entriesOf(MEDIA_DATA_TYPE, ({ value }) => {
    const [name = '', info] = Object.entries(MEDIA).find(([, { bit }]) => bit === value) ?? [];
    return { aliases: [name], details: [['URL', `the one named ${info?.urlKeys[0]} in media_server.server_urls`]] };
  }),
  outside: sumOfBits,
};

type Own = Pick<Family, 'id' | 'label' | 'words' | 'about' | 'example' | 'entries'>;

/** Of `media_params`, whose combinations count as much as the single values. */
const parameter = (field: string, more: Own): Family => ({
  place: `${field} in media_params of msg_type ${MEDIA_REQUEST}`,
  next: ['rtms explain media', CONNECT],
  docs: DOCS.mediaParameters,
  ...more,
});

/** Of what comes in a transcript or a chat message. */
const content = (msgType: { readonly value: number }, field: string, more: Own): Family => ({
  place: `${field} of msg_type ${msgType.value}`,
  next: [`rtms explain msg ${msgType.value}`],
  docs: DOCS.dataTypes,
  ...more,
});

export const MEDIA_FAMILIES: readonly Family[] = [
  media,
  parameter('content_type', {
    id: 'content',
    label: 'content type',
    words: ['content', 'MEDIA_CONTENT_TYPE'],
    about: 'content_type of media parameters',
    example: 'content 2',
    entries: entriesOf(MEDIA_CONTENT_TYPE),
  }),
  parameter('codec', {
    id: 'codec',
    label: 'codec',
    words: ['codec', 'payload_type', 'MEDIA_PAYLOAD_TYPE'],
    about: 'codec of media parameters',
    example: 'codec 4',
    entries: entriesOf(MEDIA_PAYLOAD_TYPE),
  }),
  parameter('data_opt', {
    id: 'option',
    label: 'data option',
    words: ['data_opt', 'option', 'MEDIA_DATA_OPTION'],
    about: 'data_opt: mixed, one a participant, the speaker, one chosen',
    example: 'data_opt 2',
    entries: entriesOf<MediaDataOptionCode>(MEDIA_DATA_OPTION, ({ formerly }) =>
      formerly === undefined ? {} : { aliases: [formerly], details: [['formerly', formerly]] },
    ),
  }),
  parameter('resolution', {
    id: 'resolution',
    label: 'resolution',
    words: ['resolution', 'MEDIA_RESOLUTION'],
    about: 'resolution of video and share',
    example: 'resolution 2',
    entries: entriesOf(MEDIA_RESOLUTION),
  }),
  parameter('sample_rate', {
    id: 'rate',
    label: 'sample rate',
    words: ['rate', 'AUDIO_SAMPLE_RATE'],
    about: 'sample_rate of audio, which is no number of Hz',
    example: 'rate 1',
    entries: entriesOf<SampleRateCode>(AUDIO_SAMPLE_RATE, ({ hz }) => ({ aliases: [String(hz)] })),
  }),
  parameter('channel', {
    id: 'channel',
    label: 'channel',
    words: ['channel', 'channels', 'AUDIO_CHANNEL'],
    about: 'channel of audio',
    example: 'channel 1',
    entries: entriesOf(AUDIO_CHANNEL),
  }),
  parameter('src_language', {
    id: 'language',
    label: 'language',
    words: ['language', 'src_language', 'lang', 'lid'],
    about: 'src_language and language of transcripts',
    example: 'language 9',
    entries: entriesOf(TRANSCRIPT_LANGUAGE),
  }),
  content(MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT, 'content.attribute', {
    id: 'attribute',
    label: 'transcript attribute',
    words: ['attribute', 'RTMS_DATA_MESSAGE_ATTRIBUTE'],
    about: 'attribute of a transcript: new, corrected or deleted',
    example: 'attribute 2',
    entries: entriesOf(DATA_MESSAGE_ATTRIBUTE),
  }),
  content(MESSAGE_TYPE.MEDIA_DATA_CHAT, 'content.operation_type', {
    id: 'chat-operation',
    label: 'chat operation',
    words: ['operation', 'operation_type'],
    about: 'operation_type of a chat message',
    example: 'operation 1',
    entries: entriesOf(CHAT_OPERATION),
  }),
  content(MESSAGE_TYPE.MEDIA_DATA_CHAT, 'content.chat_session.type', {
    id: 'chat-session',
    label: 'chat session type',
    words: ['chat_session', 'chat'],
    about: 'chat_session.type: to whom a chat message goes',
    example: 'chat_session 1',
    entries: entriesOf(CHAT_SESSION_TYPE),
  }),
  content(MESSAGE_TYPE.EVENT_UPDATE, 'event', {
    id: 'chat-group',
    label: 'chat group type',
    words: ['chat_group', 'chat'],
    about: 'type of a chat group',
    example: 'chat_group 0',
    entries: entriesOf(CHAT_GROUP_TYPE),
  }),
  content(MESSAGE_TYPE.EVENT_UPDATE, 'event', {
    id: 'chat-member',
    label: 'chat member status',
    words: ['chat_member', 'chat'],
    about: 'status of a member of a chat group',
    example: 'chat_member 2',
    entries: entriesOf(CHAT_MEMBER_STATUS),
  }),
  {
    id: 'transport',
    label: 'transmission protocol',
    words: ['transmission', 'transport'],
    about: 'TRANSMISSION_PROTOCOL; only WebSocket is in use in V1',
    example: 'transmission 1',
    next: ['rtms explain flow'],
    docs: DOCS.dataTypes,
    entries: entriesOf(TRANSMISSION_PROTOCOL),
  },
];
