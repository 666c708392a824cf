/**
 * The media of the mock server: sounds, still and moving pictures, a few lines of talk, as flows of ready messages. It
 * has no clock and no socket.
 */
import {
  CHAT_OPERATION,
  CHAT_SESSION_TYPE,
  lookup,
  MEDIA_CONTENT_TYPE,
  MEDIA_DATA_OPTION,
  MEDIA_PAYLOAD_TYPE,
  MESSAGE_TYPE,
  TRANSCRIPT_LANGUAGE,
  type CodeTable,
} from '../protocol/codes.js';
import { AUDIO_COMBINATIONS, DEFAULT_MEDIA_PARAMS, type MediaName, type MediaParams } from '../protocol/media.js';
import { chatData, mediaData, transcriptData } from '../protocol/messages.js';
import { isObject } from '../protocol/json.js';
import { isCall, type Product } from '../protocol/webhooks.js';
import type { Person } from './cast.js';
import { annexBPictures, GREY_H264, GREY_JPG, GREY_PNG } from './pictures.js';
import { packets, recorded, SOUND_CODECS, speech, tone, type Pcm, type Sound } from './sound.js';

/** What someone says, in ms since the start. */
export interface Cue {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Whoever says it, if the file tells. */
  readonly speaker?: string;
}

/** What is sent in place of what the mock makes itself. Several of a kind are sent in turn. */
export interface MediaFiles {
  /** One for each speaker. */
  readonly sounds?: readonly Pcm[];
  readonly jpg?: readonly Uint8Array[];
  readonly png?: readonly Uint8Array[];
  /** In Annex-B form. */
  readonly h264?: Uint8Array;
  readonly transcript?: readonly Cue[];
  /** Messages, sent in turn. */
  readonly chat?: readonly string[];
}

/** What the messages of one moment depend on. */
export interface Scene {
  /** Whoever was first to speak stands first. */
  readonly speaking: readonly Person[];
  /** Cameras that are on. */
  readonly cameras: readonly Person[];
  readonly sharing: readonly Person[];
  /** The one whose video the client subscribed to. */
  readonly chosen?: Person | undefined;
}

/** What repeats at one pace. */
export interface Flow {
  readonly everyMs: number;
  /** Whether what came before the client was ready is sent too. */
  readonly buffered: boolean;
  /** The messages of one step, counted from 0; before the client was ready, from -1 down. */
  readonly messages: (index: number, timestamp: number, scene: Scene) => object[];
}

type Params = Readonly<Record<string, number | boolean>>;

/**
 * The parameters in force on a socket for these media, from `media_params` that must be legal: as Zoom documents,
 * defaults where something is left out, `send_rate` cut to a second, images at their own pace where a higher one comes
 * without a codec; and L16 in place of what the mock cannot make. https://developers.zoom.us/docs/rtms/meetings/media/
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

/** What goes into `data` where `content_type` is RTP is not published, so it is raw here. */
function audioInForce(all: Params, { content_type = 0, codec = 0 }: Params): Params {
  const known = SOUND_CODECS.includes(number(all, 'codec')) ? all['codec'] : undefined;
  return {
    ...all,
    content_type,
    codec: known ?? codec,
    send_rate: Math.min(number(all, 'send_rate'), LONGEST_PACKET_MS),
  };
}

function pictureInForce(all: Params, given: Params, defaults: Params): Params {
  const fps = given['codec'] === undefined ? Math.min(number(all, 'fps'), number(defaults, 'fps')) : number(all, 'fps');
  return { ...all, fps };
}

const REPLACED: readonly (readonly [field: string, names: CodeTable])[] = [
  ['codec', MEDIA_PAYLOAD_TYPE],
  ['content_type', MEDIA_CONTENT_TYPE],
];

/** In words for the operator: each codec and content type that was asked for and is replaced. */
export function replacedParams(asked: unknown, inForce: MediaParams): string[] {
  return Object.entries(inForce).flatMap(([key, own]) =>
    REPLACED.flatMap(([field, names]) => {
      const wanted = isObject(asked) ? plainValues(asked[key])[field] : undefined;
      if (wanted === undefined || wanted === own[field]) return [];
      const [from, to] = [wanted, own[field]].map((value) => lookup(names, Number(value))?.name);
      return [`${key}: the mock does not make ${from}; it sends ${to} and says so in media_params`];
    }),
  );
}

const number = (params: Params, name: string): number => Number(params[name]);

export interface FlowInput {
  readonly product: Product;
  readonly people: readonly Person[];
  readonly files: MediaFiles;
}

/** What flows on a socket with these parameters in force, by the keys of `media_params`. */
export function mediaFlows(params: MediaParams, input: FlowInput): Flow[] {
  return Object.entries(params).flatMap(([key, own]) => FLOWS[key]?.(own, input) ?? []);
}

const FLOWS: Readonly<Record<string, (params: Params, input: FlowInput) => Flow>> = {
  audio: audioFlow,
  video: videoFlow,
  deskshare: shareFlow,
  transcript: transcriptFlow,
  chat: chatFlow,
};

const LOWEST_VOICE_HZ = 440;
const BETWEEN_VOICES_HZ = 110;

/** A tone each of their own, but every second one murmurs. Built once: the packets of a sound are kept with it. */
function voiceOf(index: number, { sounds = [] }: MediaFiles): Sound {
  const file = sounds[index % sounds.length];
  if (file) return recorded(file);
  return index % 2 === 0 ? tone(LOWEST_VOICE_HZ + index * BETWEEN_VOICES_HZ) : speech(index);
}

/**
 * One stream of everyone, or one of each who speaks. A mixed stream has user 0 and no name; on a call, whoever is heard
 * is told by the channel, and of a mixed one it is that of the caller.
 */
function audioFlow(params: Params, { people, product, files }: FlowInput): Flow {
  const everyMs = number(params, 'send_rate');
  const format = {
    codec: number(params, 'codec'),
    sampleRate: number(params, 'sample_rate'),
    channels: number(params, 'channel'),
    ms: everyMs,
  };
  const voices = new Map(people.map(({ userId }, index) => [userId, packets(voiceOf(index, files), format)]));
  const isMulti = params['data_opt'] === MEDIA_DATA_OPTION.AUDIO_MULTI_STREAMS.value;
  const [first] = people;
  const audio = (index: number, timestamp: number, person: Person | undefined): object[] => {
    const { userId = 0, channelId = '' } = person ?? first ?? {};
    const data = voices.get(userId)?.(index);
    const user = person ? { userId, userName: person.userName } : { userId: 0 };
    const sender = isCall(product) ? { channelId } : user;
    return data ? [mediaData(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, { ...sender, data, timestamp })] : [];
  };
  return {
    everyMs,
    buffered: true,
    messages: (index, timestamp, { speaking }) =>
      isMulti ? speaking.flatMap((person) => audio(index, timestamp, person)) : audio(index, timestamp, undefined),
  };
}

function videoFlow(params: Params, { files }: FlowInput): Flow {
  const byChoice = params['data_opt'] === MEDIA_DATA_OPTION.VIDEO_SINGLE_INDIVIDUAL_STREAM.value;
  return pictureFlow(MESSAGE_TYPE.MEDIA_DATA_VIDEO.value, params, files, ({ speaking, cameras, chosen }) => {
    if (byChoice) return cameras.find((person) => person === chosen);
    return speaking.find((person) => cameras.includes(person)) ?? cameras[0];
  });
}

function shareFlow(params: Params, { files }: FlowInput): Flow {
  return pictureFlow(MESSAGE_TYPE.MEDIA_DATA_SHARE.value, params, files, ({ sharing }) => sharing[0]);
}

type PictureType = typeof MESSAGE_TYPE.MEDIA_DATA_VIDEO.value | typeof MESSAGE_TYPE.MEDIA_DATA_SHARE.value;

function pictureFlow(
  msgType: PictureType,
  params: Params,
  files: MediaFiles,
  whose: (scene: Scene) => Person | undefined,
): Flow {
  const pictures = picturesOf(number(params, 'codec'), files);
  return {
    everyMs: 1000 / number(params, 'fps'),
    buffered: false,
    messages: (index, timestamp, scene) => {
      const person = whose(scene);
      const data = pictures[index % pictures.length];
      if (!person || !data) return [];
      return [mediaData(msgType, { userId: person.userId, userName: person.userName, data, timestamp })];
    },
  };
}

function picturesOf(codec: number, { jpg = [GREY_JPG], png = [GREY_PNG], h264 = GREY_H264 }: MediaFiles) {
  if (codec === MEDIA_PAYLOAD_TYPE.H264.value) return annexBPictures(h264);
  return codec === MEDIA_PAYLOAD_TYPE.PNG.value ? png : jpg;
}

const LINES = [
  'Hello, this is the mock server.',
  'Nobody is really here.',
  'These lines come every two seconds.',
  'If you read them, your transcript works.',
];
const LINE_EVERY_MS = 2000;
const LINE_LASTS_MS = 1500;
const CUES: readonly Cue[] = LINES.map((text, index) => ({
  text,
  start: index * LINE_EVERY_MS,
  end: index * LINE_EVERY_MS + LINE_LASTS_MS,
}));
/** How exactly a cue arrives when it has been said. */
const CUE_STEP_MS = 100;

/** The cues over and over; the hosts say by turns what has no name. */
function transcriptFlow({ src_language: asked }: Params, { people, product, files }: FlowInput): Flow {
  const detected = asked === undefined || asked === TRANSCRIPT_LANGUAGE.NONE.value;
  const language = detected ? TRANSCRIPT_LANGUAGE.ENGLISH.value : Number(asked);
  const { transcript: cues = CUES } = files;
  const period = Math.max(CUE_STEP_MS, ...cues.map(({ end }) => Math.ceil(end / LINE_EVERY_MS) * LINE_EVERY_MS));
  return {
    everyMs: CUE_STEP_MS,
    buffered: false,
    messages: (index, timestamp) => {
      const at = (index * CUE_STEP_MS) % period;
      return cues.flatMap(({ text, start, end, speaker }, line) => {
        if (end < at || end >= at + CUE_STEP_MS) return [];
        const { userId, userName, channelId } = speakerAt(line, people, speaker);
        const [endTime, startTime] = [timestamp, timestamp - (end - start)];
        const leg = isCall(product) ? { channelId } : {};
        return [transcriptData({ text, userId, userName, ...leg, timestamp, startTime, endTime, language })];
      });
    },
  };
}

const CHAT_EVERY_MS = 5000;

function chatFlow(_: Params, { people, files }: FlowInput): Flow {
  const { chat: lines = LINES } = files;
  return {
    everyMs: CHAT_EVERY_MS,
    buffered: false,
    messages: (index, timestamp) => {
      const { userId, userName } = speakerAt(index, people);
      return [
        chatData({
          messageId: `message-${index + 1}`,
          operation: CHAT_OPERATION.NEW.value,
          session: { type: CHAT_SESSION_TYPE.EVERYONE.value, id: 'everyone' },
          sender: { user_id: userId, user_name: userName },
          text: lines[index % lines.length] ?? '',
          timestamp,
        }),
      ];
    },
  };
}

const NOBODY: Person = { userId: 0, userName: '', channelId: '' };

/** By the name in the file, or else by turns among the first two, who are always there. */
function speakerAt(index: number, people: readonly Person[], name?: string): Person {
  const person = people[index % Math.min(2, people.length)] ?? NOBODY;
  if (name === undefined) return person;
  return people.find(({ userName }) => userName === name) ?? { ...person, userName: name };
}
