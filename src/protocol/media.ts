/**
 * The media of a stream: their bits, URLs, parameters and legal combinations, and what is wrong with given
 * parameters. It neither opens sockets nor decodes payloads.
 */
import {
  AUDIO_CHANNEL,
  AUDIO_SAMPLE_RATE,
  lookup,
  MEDIA_CONTENT_TYPE,
  MEDIA_DATA_OPTION,
  MEDIA_DATA_TYPE,
  MEDIA_PAYLOAD_TYPE,
  MEDIA_RESOLUTION,
  MESSAGE_TYPE,
  STATUS_CODE,
  TRANSCRIPT_LANGUAGE,
  type Code,
  type CodeTable,
  type SampleRateCode,
} from './codes.js';
import { isObject } from './json.js';

/** What one media socket carries. */
export type MediaName = 'audio' | 'video' | 'share' | 'transcript' | 'chat' | 'all';

export interface MediaInfo {
  /** `media_type` of the handshake. */
  readonly bit: number;
  /** Keys of `media_server.server_urls`, to be tried in order. */
  readonly urlKeys: readonly [string, ...string[]];
  /** Key of `media_params`; `all` takes every key. */
  readonly paramsKey: string | undefined;
  /** `msg_type` of its data; on `all` every one comes. */
  readonly msgType: number | undefined;
}

/** https://developers.zoom.us/docs/rtms/meetings/work-with-streams/ */
export const MEDIA = {
  audio: {
    bit: MEDIA_DATA_TYPE.AUDIO.value,
    urlKeys: ['audio'],
    paramsKey: 'audio',
    msgType: MESSAGE_TYPE.MEDIA_DATA_AUDIO.value,
  },
  video: {
    bit: MEDIA_DATA_TYPE.VIDEO.value,
    urlKeys: ['video'],
    paramsKey: 'video',
    msgType: MESSAGE_TYPE.MEDIA_DATA_VIDEO.value,
  },
  share: {
    bit: MEDIA_DATA_TYPE.DESKSHARE.value,
    urlKeys: ['deskshare', 'share'],
    paramsKey: 'deskshare',
    msgType: MESSAGE_TYPE.MEDIA_DATA_SHARE.value,
  },
  transcript: {
    bit: MEDIA_DATA_TYPE.TRANSCRIPT.value,
    urlKeys: ['transcript'],
    paramsKey: 'transcript',
    msgType: MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value,
  },
  chat: {
    bit: MEDIA_DATA_TYPE.CHAT.value,
    urlKeys: ['chat'],
    paramsKey: 'chat',
    msgType: MESSAGE_TYPE.MEDIA_DATA_CHAT.value,
  },
  all: { bit: MEDIA_DATA_TYPE.ALL.value, urlKeys: ['all'], paramsKey: undefined, msgType: undefined },
} as const satisfies Readonly<Record<MediaName, MediaInfo>>;

const MEDIA_NAMES = ['audio', 'video', 'share', 'transcript', 'chat', 'all'] as const satisfies MediaName[];

/** Whether a word names a medium. */
export function isMediaName(word: string): word is MediaName {
  return MEDIA_NAMES.some((name) => name === word);
}

/** The media whose bits make up a `media_type`; none where it is no sum of bits. */
export function mediaOfMask(mask: number): MediaName[] {
  const names = MEDIA_NAMES.filter((name) => (mask & MEDIA[name].bit) !== 0);
  const sum = names.reduce((total, name) => total + MEDIA[name].bit, 0);
  // 32 is a value of its own, not a bit beside the others.
  return sum === mask && (names.length === 1 || !names.includes('all')) ? names : [];
}

/** The media that `media_server.server_urls` has a URL for. One string in place of the object serves as `all`. */
export function offeredMedia(serverUrls: unknown): MediaName[] {
  return MEDIA_NAMES.filter((name) => urlAt(serverUrls, MEDIA[name].urlKeys) !== undefined);
}

/**
 * The URL for a medium and the key it stands under: its own, or else `all`. Never that of another medium: what does
 * not fit its `media_type` is refused with status 14.
 */
export function mediaUrlFor(serverUrls: unknown, name: MediaName): { key: string; url: string } | undefined {
  return urlAt(serverUrls, [...MEDIA[name].urlKeys, ...MEDIA.all.urlKeys]);
}

function urlAt(serverUrls: unknown, keys: readonly string[]): { key: string; url: string } | undefined {
  const urls = typeof serverUrls === 'string' ? { all: serverUrls } : serverUrls;
  if (!isObject(urls)) return undefined;
  for (const key of keys) {
    const url = urls[key];
    if (typeof url === 'string' && url.trim() !== '') return { key, url: url.trim() };
  }
  return undefined;
}

const { RTP, RAW_AUDIO, RAW_VIDEO, TEXT } = MEDIA_CONTENT_TYPE;
const { L16, G711, G722, OPUS, JPG, PNG, H264 } = MEDIA_PAYLOAD_TYPE;
const { SR_8K, SR_16K, SR_32K, SR_48K } = AUDIO_SAMPLE_RATE;
const { MONO, STEREO } = AUDIO_CHANNEL;
const { AUDIO_MIXED_STREAM, AUDIO_MULTI_STREAMS } = MEDIA_DATA_OPTION;
const { VIDEO_SINGLE_ACTIVE_STREAM, VIDEO_SINGLE_INDIVIDUAL_STREAM } = MEDIA_DATA_OPTION;
const { SD, HD, FHD, QHD } = MEDIA_RESOLUTION;

/** `media_params` of a media handshake: parameters by medium. */
export type MediaParams = Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;

const ALL_PARAMS = {
  audio: {
    content_type: RAW_AUDIO.value,
    sample_rate: SR_16K.value,
    channel: MONO.value,
    codec: L16.value,
    data_opt: AUDIO_MIXED_STREAM.value,
    send_rate: 20,
  },
  video: {
    content_type: RAW_VIDEO.value,
    codec: JPG.value,
    resolution: HD.value,
    fps: 5,
    data_opt: VIDEO_SINGLE_ACTIVE_STREAM.value,
  },
  deskshare: { content_type: RAW_VIDEO.value, codec: JPG.value, resolution: FHD.value, fps: 1 },
  transcript: { content_type: TEXT.value },
  chat: { content_type: TEXT.value },
} as const satisfies MediaParams;

/** What our client asks for: the `media_params` of each media socket. */
export const DEFAULT_MEDIA_PARAMS = {
  audio: { audio: ALL_PARAMS.audio },
  video: { video: ALL_PARAMS.video },
  share: { deskshare: ALL_PARAMS.deskshare },
  transcript: { transcript: ALL_PARAMS.transcript },
  chat: { chat: ALL_PARAMS.chat },
  all: ALL_PARAMS,
} as const satisfies Readonly<Record<MediaName, MediaParams>>;

/** Whole numbers from `min` to `max` in steps; with `clamped` a larger one is accepted and cut to `max`. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly clamped?: true;
}

/** The numbers a parameter may have. */
export type Legal = readonly number[] | Range;

/** Parameters that go together, in the order in which they are compared. */
export type MediaCombination = Readonly<Record<string, Legal>>;

/** In ms; one packet holds at most a second. */
const SEND_RATE = { min: 20, max: 1000, step: 20, clamped: true } as const satisfies Range;
const FPS = { min: 1, max: 30, step: 1 } as const satisfies Range;

/** https://developers.zoom.us/docs/rtms/media-parameter-definition/ `send_rate` is in ms. */
export const AUDIO_COMBINATIONS: readonly MediaCombination[] = (
  [
    [RTP, OPUS, [SR_48K], [MONO, STEREO], [20]],
    [RTP, G711, [SR_8K], [MONO], [20]],
    [RTP, G722, [SR_16K], [MONO], [20]],
    [RAW_AUDIO, L16, [SR_8K, SR_16K, SR_32K, SR_48K], [MONO, STEREO], SEND_RATE],
    [RAW_AUDIO, OPUS, [SR_48K], [MONO, STEREO], [20]],
    [RAW_AUDIO, G711, [SR_8K], [MONO], [20]],
    [RAW_AUDIO, G722, [SR_16K], [MONO], [20]],
  ] as const
).map(([contentType, codec, sampleRates, channels, sendRate]) => ({
  content_type: [contentType.value],
  codec: [codec.value],
  sample_rate: valuesOf(sampleRates),
  channel: valuesOf(channels),
  send_rate: sendRate,
}));

/**
 * Images up to 5 fps, H264 up to 30. H264 at a low rate is documented nowhere as refused.
 * https://developers.zoom.us/docs/rtms/media-parameter-definition/
 */
const VIDEO_COMBINATIONS: readonly MediaCombination[] = [
  { fps: { ...FPS, max: 5 }, codec: valuesOf([JPG, PNG, H264]) },
  { fps: { ...FPS, min: 6 }, codec: valuesOf([H264]) },
];

/** Images at 1 fps: another page allows 5 (https://developers.zoom.us/docs/rtms/data-types/), 1 is right by both. */
const SHARE_COMBINATIONS: readonly MediaCombination[] = [
  { fps: { ...FPS, max: 1 }, codec: valuesOf([JPG, PNG, H264]) },
  { fps: { ...FPS, min: 2 }, codec: valuesOf([H264]) },
];

function valuesOf(codes: readonly Code[]): number[] {
  return codes.map(({ value }) => value);
}

interface FieldRule {
  /** What a server answers if the value is not legal. */
  readonly status: { readonly value: number };
  /** What it answers if the value is legal, but not with the parameters compared before it. */
  readonly together?: { readonly value: number };
  readonly legal: Legal | 'boolean';
  readonly names?: CodeTable;
  /** What Zoom puts in its place when it is left out. */
  readonly default?: number;
}

/** Where sources differ: who says otherwise, and what is right by all of them. */
interface Dispute {
  readonly by: string;
  readonly safe: string;
}

interface MediaRules {
  readonly status: { readonly value: number };
  readonly fields: Readonly<Record<string, FieldRule>>;
  readonly combinations: readonly MediaCombination[];
  /** What is in no combination, and who takes it all the same. */
  readonly disputed?: { readonly combination: MediaCombination } & Dispute;
}

const STILL_OR_H264 = { legal: valuesOf([JPG, PNG, H264]), names: MEDIA_PAYLOAD_TYPE } as const;
const ANY_RESOLUTION = { legal: valuesOf([SD, HD, FHD, QHD]), names: MEDIA_RESOLUTION } as const;
const contentType = (...legal: Code[]) => ({ legal: valuesOf(legal), names: MEDIA_CONTENT_TYPE });

/**
 * By the keys of `media_params`. A video codec has no default: left out above 5 fps, the server falls back to JPG at
 * 5 fps and refuses nothing. https://developers.zoom.us/docs/rtms/meetings/media/
 */
const RULES: Readonly<Record<keyof typeof ALL_PARAMS, MediaRules>> = {
  audio: {
    status: STATUS_CODE.INVALID_MEDIA_AUDIO_PARAMS,
    fields: {
      content_type: {
        ...contentType(RTP, RAW_AUDIO),
        status: STATUS_CODE.INVALID_MEDIA_AUDIO_CONTENT_TYPE,
        default: RAW_AUDIO.value,
      },
      codec: {
        legal: valuesOf([L16, G711, G722, OPUS]),
        names: MEDIA_PAYLOAD_TYPE,
        status: STATUS_CODE.INVALID_MEDIA_AUDIO_CODEC,
        together: STATUS_CODE.INVALID_MEDIA_AUDIO_PARAMS,
        default: L16.value,
      },
      sample_rate: {
        legal: valuesOf([SR_8K, SR_16K, SR_32K, SR_48K]),
        names: AUDIO_SAMPLE_RATE,
        status: STATUS_CODE.INVALID_MEDIA_AUDIO_SAMPLE_RATE,
        default: SR_16K.value,
      },
      channel: {
        legal: valuesOf([MONO, STEREO]),
        names: AUDIO_CHANNEL,
        status: STATUS_CODE.INVALID_MEDIA_AUDIO_CHANNEL,
        default: MONO.value,
      },
      data_opt: {
        legal: valuesOf([AUDIO_MIXED_STREAM, AUDIO_MULTI_STREAMS]),
        names: MEDIA_DATA_OPTION,
        status: STATUS_CODE.INVALID_MEDIA_AUDIO_DATA_OPT,
      },
      send_rate: { legal: SEND_RATE, status: STATUS_CODE.INVALID_MEDIA_AUDIO_SEND_RATE, default: 20 },
    },
    combinations: AUDIO_COMBINATIONS,
    // https://github.com/zoom/rtms-samples, of 2025
    disputed: {
      combination: { content_type: [RTP.value], codec: [L16.value] },
      by: 'older samples of Zoom send it, and servers took it for long',
      safe: 'send content_type 2 (RAW_AUDIO) with L16',
    },
  },
  video: {
    status: STATUS_CODE.INVALID_MEDIA_VIDEO_PARAMS,
    fields: {
      content_type: { ...contentType(RAW_VIDEO), status: STATUS_CODE.INVALID_MEDIA_VIDEO_CONTENT_TYPE },
      codec: { ...STILL_OR_H264, status: STATUS_CODE.INVALID_MEDIA_VIDEO_CODEC },
      resolution: { ...ANY_RESOLUTION, status: STATUS_CODE.INVALID_MEDIA_VIDEO_RESOLUTION },
      fps: { legal: FPS, status: STATUS_CODE.INVALID_MEDIA_VIDEO_FPS, default: 5 },
      data_opt: {
        legal: valuesOf([VIDEO_SINGLE_ACTIVE_STREAM, VIDEO_SINGLE_INDIVIDUAL_STREAM]),
        names: MEDIA_DATA_OPTION,
        status: STATUS_CODE.INVALID_MEDIA_VIDEO_DATA_OPT,
      },
    },
    combinations: VIDEO_COMBINATIONS,
  },
  deskshare: {
    status: STATUS_CODE.INVALID_MEDIA_DESKSHARE_PARAMS,
    fields: {
      content_type: { ...contentType(RAW_VIDEO), status: STATUS_CODE.INVALID_MEDIA_DESKSHARE_CONTENT_TYPE },
      codec: { ...STILL_OR_H264, status: STATUS_CODE.INVALID_MEDIA_DESKSHARE_CODEC },
      resolution: { ...ANY_RESOLUTION, status: STATUS_CODE.INVALID_MEDIA_DESKSHARE_RESOLUTION },
      fps: { legal: FPS, status: STATUS_CODE.INVALID_MEDIA_DESKSHARE_FPS, default: 1 },
    },
    combinations: SHARE_COMBINATIONS,
    // https://developers.zoom.us/docs/rtms/data-types/
    disputed: {
      combination: { fps: { ...FPS, min: 2, max: 5 }, codec: valuesOf([JPG, PNG]) },
      by: 'another page of Zoom allows images up to 5 fps',
      safe: 'send images at 1 fps, or codec 7 (H264) above',
    },
  },
  transcript: {
    status: STATUS_CODE.INVALID_MEDIA_TRANSCRIPT_PARAMS,
    fields: {
      content_type: { ...contentType(TEXT), status: STATUS_CODE.INVALID_MEDIA_TRANSCRIPT_CONTENT_TYPE },
      src_language: {
        legal: valuesOf(Object.values(TRANSCRIPT_LANGUAGE)),
        names: TRANSCRIPT_LANGUAGE,
        status: STATUS_CODE.INVALID_MEDIA_TRANSCRIPT_SOURCE_LANGUAGE,
      },
      enable_lid: { legal: 'boolean', status: STATUS_CODE.INVALID_MEDIA_TRANSCRIPT_PARAMS },
    },
    combinations: [],
  },
  chat: {
    status: STATUS_CODE.INVALID_MEDIA_CHAT_PARAMS,
    fields: { content_type: { ...contentType(TEXT), status: STATUS_CODE.INVALID_MEDIA_CHAT_CONTENT_TYPE } },
    combinations: [],
  },
};

/** One parameter a server refuses. */
export interface MediaParamFault {
  readonly cause: 'not-an-object' | 'name-or-unit' | 'illegal-value' | 'combination';
  /** As `$.media_params.audio.sample_rate`. */
  readonly path: string;
  /** The documented `status_code` of the refusal. */
  readonly status: number;
  readonly message: string;
  /** Where sources differ, it is not certain to be refused. */
  readonly disputed?: Dispute;
}

/**
 * What is wrong with the `media_params` of a media handshake; nothing if they are left out, since defaults then hold.
 * Parameters are compared with each other only where each is legal by itself.
 */
export function checkMediaParams(params: unknown): MediaParamFault[] {
  if (params === undefined) return [];
  if (!isObject(params)) return [notAnObject('$.media_params', STATUS_CODE.INVALID_MEDIA_PARAMS, params)];
  return Object.entries(RULES).flatMap(([key, rules]) => {
    const path = `$.media_params.${key}`;
    const given = params[key];
    if (given === undefined) return [];
    if (!isObject(given)) return [notAnObject(path, rules.status, given)];
    const faults = checkFields(path, given, rules);
    return faults.length > 0 ? faults : checkTogether(path, given, rules);
  });
}

type Given = Readonly<Record<string, unknown>>;

function notAnObject(path: string, status: { readonly value: number }, given: unknown): MediaParamFault {
  const message = `${path.slice('$.'.length)} is ${shown(given)}; expected an object`;
  return { cause: 'not-an-object', path, status: status.value, message };
}

function checkFields(path: string, given: Given, { fields }: MediaRules): MediaParamFault[] {
  return Object.entries(fields).flatMap(([name, { status, legal, names }]) => {
    const value = given[name];
    if (value === undefined || allows(legal, value)) return [];
    const meant = numberMeant(legal, names, value);
    const expected = meant === undefined ? listed(legal, names) : `the enum number ${numbered(meant, names)}`;
    const message = `${name} is ${shown(value)}; expected ${expected}`;
    const cause = meant === undefined ? 'illegal-value' : 'name-or-unit';
    return [{ cause, path: `${path}.${name}`, status: status.value, message }];
  });
}

/** Narrows the combinations parameter by parameter; the one that leaves none is at fault. */
function checkTogether(path: string, given: Given, rules: MediaRules): MediaParamFault[] {
  const { fields, combinations, disputed } = rules;
  const inForce = (name: string): unknown => given[name] ?? fields[name]?.default;
  let rows = combinations;
  const agreed: string[] = [];
  for (const name of Object.keys(combinations[0] ?? {})) {
    const field = fields[name];
    const value = inForce(name);
    if (!field || typeof value !== 'number') continue;
    const fitting = rows.filter((row) => allows(row[name] ?? [], value));
    const said = numbered(value, field.names);
    if (fitting.length === 0) {
      const seen = given[name] === undefined ? `${name} is left out, which means ${said}` : `${name} is ${said}`;
      const expected = [...new Set(rows.map((row) => listed(row[name] ?? [], field.names)))].join(' or ');
      const { value: status } = field.together ?? field.status;
      const message = `${seen}; expected with ${agreed.join(', ')}: ${expected}`;
      const known = Object.entries(disputed?.combination ?? {}).every(([key, legal]) => allows(legal, inForce(key)));
      const dispute = known && disputed ? { disputed } : {};
      return [{ cause: 'combination', path: `${path}.${name}`, status, message, ...dispute }];
    }
    rows = fitting;
    agreed.push(`${name} ${said}`);
  }
  return [];
}

/** Something in `media_params` that Zoom does not look at, so that a default takes its place. */
export interface PassedOverParam {
  readonly cause: 'misnamed' | 'misplaced' | 'other-medium';
  /** As `$.media_params.share`. */
  readonly path: string;
  readonly message: string;
  /** Where it belongs, as `media_params.deskshare`. */
  readonly expected: string;
}

/** Other names things in `media_params` are given, without case and punctuation. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  audio: ['voice'],
  deskshare: ['share', 'screenshare', 'screensharing', 'screen', 'desktop'],
  transcript: ['transcription', 'transcripts', 'captions'],
  codec: ['payloadtype', 'codectype', 'encoding'],
  sample_rate: ['samplingrate', 'rate', 'frequency'],
  channel: ['channels', 'channelcount'],
  data_opt: ['dataoption', 'dataoptions'],
  send_rate: ['sendinterval', 'interval'],
  fps: ['framerate', 'framespersecond'],
  // Zoom's own sample code has both: https://github.com/zoom/rtms-samples
  src_language: ['language', 'lang', 'sourcelanguage'],
  enable_lid: ['lid', 'languagedetection'],
};

/** What a server passes over in the `media_params` for a `media_type`: unknown names, and what is not asked for. */
export function passedOverParams(params: unknown, mediaType: number): PassedOverParam[] {
  if (!isObject(params)) return [];
  const path = '$.media_params';
  const wanted = mediaOfMask(mediaType).flatMap((name) => MEDIA[name].paramsKey ?? Object.keys(RULES));
  const [own] = wanted;
  const there = wanted.some((key) => key in params);
  const loose = Object.keys(params).find((key) => key in (rulesOf(own)?.fields ?? {}));
  if (loose !== undefined && own !== undefined && !there) {
    const message = `${loose} stands in media_params itself`;
    return [{ cause: 'misplaced', path: `${path}.${loose}`, message, expected: `media_params.${own}.${loose}` }];
  }
  return [
    ...misnamed(path, params, Object.keys(RULES)),
    ...Object.entries(params).flatMap(([key, given]): PassedOverParam[] => {
      const rules = rulesOf(key);
      if (!rules) return [];
      if (there || own === undefined) return misnamed(`${path}.${key}`, given, Object.keys(rules.fields));
      const message = `media_params has ${key}, which media_type ${mediaType} does not ask for`;
      return [{ cause: 'other-medium', path: `${path}.${key}`, message, expected: `media_params.${own}` }];
    }),
  ];
}

const rulesOf = (key: string | undefined): MediaRules | undefined =>
  Object.entries<MediaRules>(RULES).find(([name]) => name === key)?.[1];

function misnamed(path: string, given: unknown, names: readonly string[]): PassedOverParam[] {
  if (!isObject(given)) return [];
  const parent = path.slice('$.'.length);
  return Object.keys(given).flatMap((key) => {
    if (names.includes(key)) return [];
    const spelled = plain(key);
    const name = names.find((each) => plain(each) === spelled || (ALIASES[each] ?? []).includes(spelled));
    if (name === undefined || name in given) return [];
    const message = `${parent} has ${key}`;
    return [{ cause: 'misnamed', path: `${path}.${key}`, message, expected: `${parent}.${name}` }];
  });
}

function allows(legal: FieldRule['legal'], value: unknown): boolean {
  if (legal === 'boolean') return typeof value === 'boolean';
  if (typeof value !== 'number') return false;
  if (!('step' in legal)) return legal.includes(value);
  const { min, max, step, clamped = false } = legal;
  return value >= min && (clamped || value <= max) && Number.isInteger((value - min) / step);
}

/** The legal number behind a unit or a name, such as 16000, `L16` or `"1"`. */
function numberMeant(legal: FieldRule['legal'], names: CodeTable | undefined, value: unknown): number | undefined {
  if (!names || (typeof value !== 'string' && typeof value !== 'number')) return undefined;
  const wanted = plain(String(value));
  const row = Object.entries(names).find(([name, code]) => {
    const spellings = [name, code.meaning, String(code.value), 'hz' in code ? String(code.hz) : name];
    return allows(legal, code.value) && spellings.some((spelling) => plain(spelling) === wanted);
  });
  return row?.[1].value;
}

/** `16 kHz` and `16khz`, `H.264` and `h264` are the same. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace('×', 'x')
    .replaceAll(/[^a-z0-9-]/g, '');

/** More numbers than this are told by the first and the last. */
const MOST_LISTED = 6;

function listed(legal: FieldRule['legal'], names: CodeTable | undefined): string {
  if (legal === 'boolean') return 'true or false';
  if ('step' in legal) {
    const { min, max, step } = legal;
    if (min === max) return String(min);
    return step === 1 ? `${min} to ${max}` : `${min} to ${max} in steps of ${step}`;
  }
  const all = legal.map((value) => numbered(value, names));
  return all.length > MOST_LISTED ? `${all[0]} to ${all.at(-1)}` : all.join(', ');
}

/** As `1 (L16)`, or only the number where numbers have no names. */
function numbered(value: number, names: CodeTable | undefined): string {
  return names ? `${value} (${lookup(names, value)?.name ?? 'unknown'})` : String(value);
}

const MOST_SHOWN = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : (JSON.stringify(value) ?? typeof value).slice(0, MOST_SHOWN);
}

const BYTES_PER_SAMPLE = 2;

/**
 * Bytes per second of L16, decoded from Base64, for values of AUDIO_SAMPLE_RATE and AUDIO_CHANNEL: 32000 for 16 kHz
 * mono. Undefined for values that are none.
 */
export function l16BytesPerSecond(sampleRate: number, channel: number): number | undefined {
  const hz = lookup<SampleRateCode>(AUDIO_SAMPLE_RATE, sampleRate)?.hz;
  const channels = lookup(AUDIO_CHANNEL, channel)?.value;
  return hz === undefined || channels === undefined ? undefined : hz * BYTES_PER_SAMPLE * channels;
}
