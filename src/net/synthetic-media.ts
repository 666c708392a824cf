/**
 * The media of the mock server: a tone, still and moving pictures, a few lines of talk, as flows of ready messages.
 * It has no clock and no socket, and encodes nothing but L16.
 */
import {
  AUDIO_SAMPLE_RATE,
  CHAT_OPERATION,
  CHAT_SESSION_TYPE,
  lookup,
  MEDIA_DATA_OPTION,
  MEDIA_PAYLOAD_TYPE,
  MESSAGE_TYPE,
  TRANSCRIPT_LANGUAGE,
  type SampleRateCode,
} from '../protocol/codes.js';
import { AUDIO_COMBINATIONS, DEFAULT_MEDIA_PARAMS, type MediaName, type MediaParams } from '../protocol/media.js';
import { chatData, mediaData, transcriptData, type MediaDataInput } from '../protocol/messages.js';
import { isObject } from '../protocol/json.js';

/** Pictures to send in place of the built-in ones. */
export interface MediaFiles {
  /** One JPEG image. */
  readonly jpg?: Uint8Array;
  /** H.264 in Annex-B form; its pictures are sent in turn, over and over. */
  readonly h264?: Uint8Array;
}

export interface Speaker {
  readonly userId: number;
  readonly userName: string;
  /** Pitch of the tone that is this speaker's voice. */
  readonly hz: number;
}

/** The participants of the mock's session. */
export const SPEAKERS = [
  { userId: 16_778_240, userName: 'Ada', hz: 440 },
  { userId: 16_779_264, userName: 'Bo', hz: 550 },
] as const satisfies Speaker[];

const [ADA] = SPEAKERS;
/** All voices in one, which has no name. */
const MIXED = { userId: 0, hz: ADA.hz };

/** What repeats at one pace. */
export interface Flow {
  readonly everyMs: number;
  /**
   * The messages of one step, counted from 0. `timestamp` is its Unix time in ms; `chosen` the user whose video was
   * subscribed to, if any was.
   */
  readonly messages: (index: number, timestamp: number, chosen: number | undefined) => object[];
}

type Params = Readonly<Record<string, number | boolean>>;

/**
 * The parameters in force on a socket for these media, from `media_params` that must be legal: as Zoom documents,
 * defaults where something is left out, `send_rate` cut to a second, images at their own pace where a higher one comes
 * without a codec; and L16 and JPG in place of what the mock cannot encode.
 * https://developers.zoom.us/docs/rtms/meetings/media/
 */
export function paramsInForce(media: readonly MediaName[], asked: unknown): MediaParams {
  const byKey = media.flatMap((name) => Object.entries<Params>(DEFAULT_MEDIA_PARAMS[name]));
  return Object.fromEntries(
    byKey.map(([key, defaults]) => {
      const given = isObject(asked) ? plainValues(asked[key]) : {};
      const all = { ...defaults, ...given };
      if (key === 'audio') return [key, audioInForce(all, defaults)];
      return [key, 'fps' in defaults ? pictureInForce(all, given, defaults) : all];
    }),
  );
}

function plainValues(params: unknown): Params {
  const entries = isObject(params) ? Object.entries(params) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number | boolean] => ['number', 'boolean'].includes(typeof entry[1])),
  );
}

const LONGEST_PACKET_MS = Math.max(
  ...AUDIO_COMBINATIONS.map(({ send_rate: legal }) => (legal && 'max' in legal ? legal.max : 0)),
);

function audioInForce(all: Params, { content_type, codec }: Params): Params {
  const raw = content_type === undefined || codec === undefined ? {} : { content_type, codec };
  return { ...all, ...raw, send_rate: Math.min(number(all, 'send_rate'), LONGEST_PACKET_MS) };
}

function pictureInForce(all: Params, given: Params, defaults: Params): Params {
  if (all['codec'] === MEDIA_PAYLOAD_TYPE.H264.value) return all;
  const fps = given['codec'] === undefined ? Math.min(number(all, 'fps'), number(defaults, 'fps')) : number(all, 'fps');
  return { ...all, codec: MEDIA_PAYLOAD_TYPE.JPG.value, fps };
}

/** In words for the operator: each codec that was asked for and is replaced. */
export function replacedCodecs(asked: unknown, inForce: MediaParams): string[] {
  return Object.entries(inForce).flatMap(([key, { codec }]) => {
    const wanted = isObject(asked) ? plainValues(asked[key])['codec'] : undefined;
    if (wanted === undefined || wanted === codec) return [];
    const [from, to] = [wanted, codec].map((value) => lookup(MEDIA_PAYLOAD_TYPE, Number(value))?.name);
    return [`${key}: the mock does not encode ${from}; it sends ${to} and says so in media_params`];
  });
}

const number = (params: Params, name: string): number => Number(params[name]);

/** What flows on a socket with these parameters in force, by the keys of `media_params`. */
export function mediaFlows(params: MediaParams, files: MediaFiles = {}): Flow[] {
  return Object.entries(params).flatMap(([key, own]) => FLOWS[key]?.(own, files) ?? []);
}

const FLOWS: Readonly<Record<string, (params: Params, files: MediaFiles) => Flow>> = {
  audio: audioFlow,
  video: (params, files) => pictureFlow(MESSAGE_TYPE.MEDIA_DATA_VIDEO.value, params, files),
  deskshare: (params, files) => pictureFlow(MESSAGE_TYPE.MEDIA_DATA_SHARE.value, params, files),
  transcript: transcriptFlow,
  chat: chatFlow,
};

function audioFlow(params: Params): Flow {
  const everyMs = number(params, 'send_rate');
  const rate = lookup<SampleRateCode>(AUDIO_SAMPLE_RATE, number(params, 'sample_rate'))?.hz ?? 0;
  const packet = (hz: number, index: number): Uint8Array =>
    tone({ hz, rate, channels: number(params, 'channel'), first: (index * rate * everyMs) / 1000, ms: everyMs });
  const isMulti = params['data_opt'] === MEDIA_DATA_OPTION.AUDIO_MULTI_STREAMS.value;
  const voices = isMulti ? SPEAKERS : [MIXED];
  return {
    everyMs,
    messages: (index, timestamp) =>
      voices.map(({ hz, ...speaker }) => audioData({ ...speaker, data: packet(hz, index), timestamp })),
  };
}

const audioData = (input: MediaDataInput): object => mediaData(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, input);

/** Of the largest sample there is: clearly heard, far from clipping. */
const LOUDNESS = 0.1;
const LARGEST_SAMPLE = 0x7fff;

export interface ToneInput {
  readonly hz: number;
  /** Samples per second. */
  readonly rate: number;
  readonly channels: number;
  /** Number of the first sample, so that packets join without a click. */
  readonly first: number;
  readonly ms: number;
}

/**
 * A sine as L16: signed 16-bit samples, channels interleaved, little-endian as in Zoom's samples, though RFC 3551
 * says big-endian. https://github.com/zoom/rtms-samples
 */
export function tone({ hz, rate, channels, first, ms }: ToneInput): Uint8Array {
  const samples = (rate * ms) / 1000;
  const bytes = Buffer.alloc(samples * channels * 2);
  for (let at = 0; at < samples * channels; at += 1) {
    const seconds = (first + Math.floor(at / channels)) / rate;
    bytes.writeInt16LE(Math.round(Math.sin(2 * Math.PI * hz * seconds) * LOUDNESS * LARGEST_SAMPLE), at * 2);
  }
  return bytes;
}

type PictureType = typeof MESSAGE_TYPE.MEDIA_DATA_VIDEO.value | typeof MESSAGE_TYPE.MEDIA_DATA_SHARE.value;

function pictureFlow(msgType: PictureType, params: Params, files: MediaFiles): Flow {
  const isH264 = params['codec'] === MEDIA_PAYLOAD_TYPE.H264.value;
  const pictures = isH264 ? annexBPictures(files.h264 ?? GREY_H264) : [files.jpg ?? GREY_JPG];
  const byChoice = params['data_opt'] === MEDIA_DATA_OPTION.VIDEO_SINGLE_INDIVIDUAL_STREAM.value;
  return {
    everyMs: 1000 / number(params, 'fps'),
    messages: (index, timestamp, chosen) => {
      const speaker = byChoice ? SPEAKERS.find(({ userId }) => userId === chosen) : ADA;
      const data = pictures[index % pictures.length];
      if (!speaker || !data) return [];
      return [mediaData(msgType, { userId: speaker.userId, userName: speaker.userName, data, timestamp })];
    },
  };
}

/** 16 × 16, grey. */
const GREY_JPG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////' +
    'm8H////6/+b9//j/wAALCAAQABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8A' +
    'AP/Z',
  'base64',
);

/** Two pictures of 32 × 32, grey, each with its parameter sets. */
const GREY_H264 = Buffer.from(
  'AAAAAWdCwArclsBEAAADAAQAAAMAyDxIngAAAAFozgOSyAAAAWWIhAS8mKDfXXgAAAABZ0LACtyWwEQAAAMABAAAAwDIPEieAAAAAWjO' +
    'A5LIAAABZYiCAR8mKN9deA==',
  'base64',
);

/** NAL unit types that hold a slice of a picture: ITU-T H.264 table 7-1. https://www.itu.int/rec/T-REC-H.264 */
const SLICES = [1, 5];
const NAL_TYPE_BITS = 0x1f;
const START_CODE = Buffer.from([0, 0, 1]);

/** Cuts an Annex-B stream of one slice a picture behind each slice, so that parameter sets precede their picture. */
export function annexBPictures(stream: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(stream);
  const pictures: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(START_CODE); at >= 0;) {
    const next = bytes.indexOf(START_CODE, at + START_CODE.length);
    // The zero byte before a start code belongs to it.
    const end = next < 0 ? bytes.length : next - (bytes[next - 1] === 0 ? 1 : 0);
    if (SLICES.includes((bytes[at + START_CODE.length] ?? 0) & NAL_TYPE_BITS)) {
      pictures.push(bytes.subarray(start, end));
      start = end;
    }
    at = next;
  }
  return pictures;
}

const LINES = [
  'Hello, this is the mock server.',
  'Nobody is really here.',
  'These lines come every two seconds.',
  'If you read them, your transcript works.',
];
const LINE_EVERY_MS = 2000;
const LINE_LASTS_MS = 1500;

/** The speakers take turns. Each line arrives when it has been said. */
function transcriptFlow({ src_language: asked }: Params): Flow {
  const detected = asked === undefined || asked === TRANSCRIPT_LANGUAGE.NONE.value;
  const language = detected ? TRANSCRIPT_LANGUAGE.ENGLISH.value : Number(asked);
  return {
    everyMs: LINE_EVERY_MS,
    messages: (index, startTime) => {
      const { userId, userName } = speakerAt(index);
      const endTime = startTime + LINE_LASTS_MS;
      const text = lineAt(index);
      return [transcriptData({ text, userId, userName, timestamp: endTime, startTime, endTime, language })];
    },
  };
}

const CHAT_EVERY_MS = 5000;

function chatFlow(): Flow {
  return {
    everyMs: CHAT_EVERY_MS,
    messages: (index, timestamp) => {
      const { userId, userName } = speakerAt(index);
      return [
        chatData({
          messageId: `message-${index + 1}`,
          operation: CHAT_OPERATION.NEW.value,
          session: { type: CHAT_SESSION_TYPE.EVERYONE.value, id: 'everyone' },
          sender: { user_id: userId, user_name: userName },
          text: lineAt(index),
          timestamp,
        }),
      ];
    },
  };
}

const speakerAt = (index: number): Speaker => SPEAKERS[index % SPEAKERS.length] ?? ADA;
const lineAt = (index: number): string => LINES[index % LINES.length] ?? '';
