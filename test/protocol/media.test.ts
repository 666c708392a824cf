import { describe, expect, it } from 'vitest';
import {
  AUDIO_COMBINATIONS,
  checkMediaParams,
  DEFAULT_MEDIA_PARAMS,
  isMediaName,
  l16BytesPerSecond,
  MEDIA,
  mediaOfMask,
  mediaUrlFor,
  offeredMedia,
  passedOverParams,
  type MediaName,
} from '../../src/protocol/media.js';

const NAMES = ['audio', 'video', 'share', 'transcript', 'chat', 'all'] as const satisfies MediaName[];

describe('MEDIA', () => {
  it('gives each medium its bit and its message', () => {
    expect(NAMES.map((name) => [name, MEDIA[name].bit, MEDIA[name].msgType])).toEqual([
      ['audio', 1, 14],
      ['video', 2, 15],
      ['share', 4, 16],
      ['transcript', 8, 17],
      ['chat', 16, 18],
      ['all', 32, undefined],
    ]);
  });

  it.each([
    ['audio', true],
    ['all', true],
    ['deskshare', false],
    ['toString', false],
  ])('isMediaName(%j) is %s', (word, expected) => {
    expect(isMediaName(word)).toBe(expected);
  });
});

describe('mediaOfMask', () => {
  it.each<[number, MediaName[]]>([
    [1, ['audio']],
    [9, ['audio', 'transcript']],
    [31, ['audio', 'video', 'share', 'transcript', 'chat']],
    [32, ['all']],
    [0, []],
    [33, []],
    [64, []],
    [-1, []],
    [1.5, []],
    [Number.NaN, []],
  ])('%d: %j', (mask, expected) => {
    expect(mediaOfMask(mask)).toEqual(expected);
  });
});

describe('mediaUrlFor', () => {
  const urls = { audio: 'wss://a', share: 'wss://s', all: ' wss://all ' };

  it.each<[unknown, MediaName, { key: string; url: string } | undefined]>([
    [urls, 'audio', { key: 'audio', url: 'wss://a' }],
    [urls, 'share', { key: 'share', url: 'wss://s' }],
    [{ ...urls, deskshare: 'wss://d' }, 'share', { key: 'deskshare', url: 'wss://d' }],
    [urls, 'video', { key: 'all', url: 'wss://all' }],
    [urls, 'all', { key: 'all', url: 'wss://all' }],
    [{ audio: 'wss://a' }, 'video', undefined],
    [{ audio: 'wss://a' }, 'all', undefined],
    [{ audio: '', all: 'wss://all' }, 'audio', { key: 'all', url: 'wss://all' }],
    [{ audio: 7 }, 'audio', undefined],
    ['wss://one', 'chat', { key: 'all', url: 'wss://one' }],
    ['', 'chat', undefined],
    [['wss://a'], 'audio', undefined],
    [undefined, 'audio', undefined],
    [null, 'audio', undefined],
  ])('%j for %s: %j', (serverUrls, name, expected) => {
    expect(mediaUrlFor(serverUrls, name)).toEqual(expected);
  });
});

describe('offeredMedia', () => {
  it.each<[unknown, MediaName[]]>([
    [{ audio: 'wss://a', deskshare: 'wss://d', all: 'wss://all', other: 'wss://o' }, ['audio', 'share', 'all']],
    [{ transcript: 'wss://t', chat: null }, ['transcript']],
    ['wss://one', ['all']],
    [{}, []],
    [undefined, []],
  ])('%j: %j', (serverUrls, expected) => {
    expect(offeredMedia(serverUrls)).toEqual(expected);
  });
});

describe('DEFAULT_MEDIA_PARAMS', () => {
  it.each(NAMES)('%s is legal and has the keys of its medium', (name) => {
    const { paramsKey } = MEDIA[name];
    expect(checkMediaParams(DEFAULT_MEDIA_PARAMS[name])).toEqual([]);
    expect(Object.keys(DEFAULT_MEDIA_PARAMS[name])).toEqual(
      paramsKey === undefined ? ['audio', 'video', 'deskshare', 'transcript', 'chat'] : [paramsKey],
    );
  });

  it('asks for mixed L16 at 16 kHz mono in packets of 20 ms', () => {
    expect(DEFAULT_MEDIA_PARAMS.audio).toEqual({
      audio: { content_type: 2, sample_rate: 1, channel: 1, codec: 1, data_opt: 1, send_rate: 20 },
    });
  });
});

describe('checkMediaParams', () => {
  it.each([
    ['nothing', undefined],
    ['no medium', {}],
    ['L16 stereo', { audio: { content_type: 2, codec: 1, sample_rate: 3, channel: 2, send_rate: 100 } }],
    [
      'OPUS 48 kHz stereo',
      { audio: { content_type: 2, sample_rate: 3, channel: 2, codec: 4, data_opt: 2, send_rate: 20 } },
    ],
    ['RTP with G722', { audio: { content_type: 1, codec: 3, sample_rate: 1 } }],
    ['8 kHz, whose number is 0', { audio: { sample_rate: 0 } }],
    ['a send rate that is cut to 1000', { audio: { send_rate: 2000 } }],
    ['H264 at 25 fps', { video: { content_type: 3, codec: 7, resolution: 2, fps: 25, data_opt: 3 } }],
    ['H264 at 5 fps', { video: { codec: 7, fps: 5 } }],
    ['JPG of one participant', { video: { content_type: 3, codec: 5, resolution: 2, fps: 5, data_opt: 4 } }],
    ['no video codec above 5 fps, which falls back', { video: { fps: 25 } }],
    ['H264 share', { deskshare: { codec: 7, fps: 15 } }],
    ['a fixed language', { transcript: { content_type: 5, src_language: 9, enable_lid: true } }],
    ['a detected language', { transcript: { src_language: -1 } }],
    ['unknown media and fields', { hologram: 1, chat: { content_type: 5, extra: 'x' } }],
  ])('accepts %s', (_, params) => {
    expect(checkMediaParams(params)).toEqual([]);
  });

  it.each([
    ['an array', [], '$.media_params', 17, 'media_params is an array; expected an object'],
    ['null', null, '$.media_params', 17, 'media_params is null; expected an object'],
    ['a number for audio', { audio: 1 }, '.audio', 18, 'media_params.audio is 1; expected an object'],
    ['a string for video', { video: 'HD' }, '.video', 25, 'media_params.video is "HD"; expected an object'],
    ['null for share', { deskshare: null }, '.deskshare', 31, 'media_params.deskshare is null; expected an object'],
    [
      'false for the transcript',
      { transcript: false },
      '.transcript',
      36,
      'media_params.transcript is false; expected an object',
    ],
    ['an array for chat', { chat: [] }, '.chat', 38, 'media_params.chat is an array; expected an object'],

    [
      'hertz',
      { audio: { sample_rate: 16000 } },
      '.audio.sample_rate',
      20,
      'sample_rate is 16000; expected the enum number 1 (SR_16K)',
    ],
    [
      'kilohertz in words',
      { audio: { sample_rate: '48 kHz' } },
      '.audio.sample_rate',
      20,
      'sample_rate is "48 kHz"; expected the enum number 3 (SR_48K)',
    ],
    [
      'a codec by name',
      { audio: { codec: 'L16' } },
      '.audio.codec',
      22,
      'codec is "L16"; expected the enum number 1 (L16)',
    ],
    [
      'a number in quotes',
      { audio: { channel: '2' } },
      '.audio.channel',
      21,
      'channel is "2"; expected the enum number 2 (STEREO)',
    ],
    [
      'pixels',
      { video: { resolution: '1280x720' } },
      '.video.resolution',
      28,
      'resolution is "1280x720"; expected the enum number 2 (HD)',
    ],
    [
      'a codec of video',
      { audio: { codec: 7 } },
      '.audio.codec',
      22,
      'codec is 7; expected 1 (L16), 2 (G711), 3 (G722), 4 (OPUS)',
    ],
    [
      'a content type of video',
      { audio: { content_type: 3 } },
      '.audio.content_type',
      19,
      'content_type is 3; expected 1 (RTP), 2 (RAW_AUDIO)',
    ],
    [
      'a data option of video',
      { audio: { data_opt: 3 } },
      '.audio.data_opt',
      23,
      'data_opt is 3; expected 1 (AUDIO_MIXED_STREAM), 2 (AUDIO_MULTI_STREAMS)',
    ],
    [
      'a send rate off the grid',
      { audio: { send_rate: 30 } },
      '.audio.send_rate',
      24,
      'send_rate is 30; expected 20 to 1000 in steps of 20',
    ],
    [
      'a send rate of 0',
      { audio: { send_rate: 0 } },
      '.audio.send_rate',
      24,
      'send_rate is 0; expected 20 to 1000 in steps of 20',
    ],

    [
      'RTP with L16',
      { audio: { content_type: 1, codec: 1 } },
      '.audio.codec',
      18,
      'codec is 1 (L16); expected with content_type 1 (RTP): 4 (OPUS) or 2 (G711) or 3 (G722)',
    ],
    [
      'OPUS at 16 kHz',
      { audio: { codec: 4, sample_rate: 1 } },
      '.audio.sample_rate',
      20,
      'sample_rate is 1 (SR_16K); expected with content_type 2 (RAW_AUDIO), codec 4 (OPUS): 3 (SR_48K)',
    ],
    [
      'OPUS at the default rate',
      { audio: { codec: 4 } },
      '.audio.sample_rate',
      20,
      'sample_rate is left out, which means 1 (SR_16K); ' +
        'expected with content_type 2 (RAW_AUDIO), codec 4 (OPUS): 3 (SR_48K)',
    ],
    [
      'G722 stereo',
      { audio: { codec: 3, channel: 2 } },
      '.audio.channel',
      21,
      'channel is 2 (STEREO); ' +
        'expected with content_type 2 (RAW_AUDIO), codec 3 (G722), sample_rate 1 (SR_16K): 1 (MONO)',
    ],
    [
      'G722 every 100 ms',
      { audio: { codec: 3, send_rate: 100 } },
      '.audio.send_rate',
      24,
      'send_rate is 100; ' +
        'expected with content_type 2 (RAW_AUDIO), codec 3 (G722), sample_rate 1 (SR_16K), channel 1 (MONO): 20',
    ],

    ['31 fps', { video: { codec: 7, fps: 31 } }, '.video.fps', 30, 'fps is 31; expected 1 to 30'],
    ['half a frame', { video: { fps: 0.5 } }, '.video.fps', 30, 'fps is 0.5; expected 1 to 30'],
    [
      'JPG at 10 fps',
      { video: { codec: 5, fps: 10 } },
      '.video.codec',
      27,
      'codec is 5 (JPG); expected with fps 10: 7 (H264)',
    ],
    [
      'the gallery view',
      { video: { data_opt: 5 } },
      '.video.data_opt',
      29,
      'data_opt is 5; expected 3 (VIDEO_SINGLE_ACTIVE_STREAM), 4 (VIDEO_SINGLE_INDIVIDUAL_STREAM)',
    ],
    [
      'raw audio for video',
      { video: { content_type: 2 } },
      '.video.content_type',
      26,
      'content_type is 2; expected 3 (RAW_VIDEO)',
    ],
    [
      'PNG share at 2 fps',
      { deskshare: { codec: 6, fps: 2 } },
      '.deskshare.codec',
      33,
      'codec is 6 (PNG); expected with fps 2: 7 (H264)',
    ],
    [
      'a share resolution of 0',
      { deskshare: { resolution: 0 } },
      '.deskshare.resolution',
      34,
      'resolution is 0; expected 1 (SD), 2 (HD), 3 (FHD), 4 (QHD)',
    ],
    ['0 fps of share', { deskshare: { fps: 0 } }, '.deskshare.fps', 35, 'fps is 0; expected 1 to 30'],
    [
      'text for share',
      { deskshare: { content_type: 5 } },
      '.deskshare.content_type',
      32,
      'content_type is 5; expected 3 (RAW_VIDEO)',
    ],

    [
      'raw audio for the transcript',
      { transcript: { content_type: 2 } },
      '.transcript.content_type',
      37,
      'content_type is 2; expected 5 (TEXT)',
    ],
    [
      'a language by name',
      { transcript: { src_language: 'English' } },
      '.transcript.src_language',
      43,
      'src_language is "English"; expected the enum number 9 (ENGLISH)',
    ],
    [
      'an unknown language',
      { transcript: { src_language: 37 } },
      '.transcript.src_language',
      43,
      'src_language is 37; expected -1 (NONE) to 36 (VIETNAMESE)',
    ],
    [
      'detection as a number',
      { transcript: { enable_lid: 1 } },
      '.transcript.enable_lid',
      36,
      'enable_lid is 1; expected true or false',
    ],
    [
      'raw audio for chat',
      { chat: { content_type: 2 } },
      '.chat.content_type',
      39,
      'content_type is 2; expected 5 (TEXT)',
    ],
  ])('faults %s', (_, params, place, status, message) => {
    const path = place.startsWith('$') ? place : `$.media_params${place}`;
    expect(checkMediaParams(params)).toMatchObject([{ path, status, message }]);
  });

  it('names every fault of every medium', () => {
    const params = { audio: { sample_rate: 16000, codec: 'OPUS' }, video: { fps: 60 }, chat: 1 };
    expect(checkMediaParams(params).map(({ path }) => path)).toEqual([
      '$.media_params.audio.codec',
      '$.media_params.audio.sample_rate',
      '$.media_params.video.fps',
      '$.media_params.chat',
    ]);
  });

  it.each([
    ['a unit', { audio: { sample_rate: 16000 } }, 'name-or-unit'],
    ['a name', { audio: { codec: 'L16' } }, 'name-or-unit'],
    ['a number that is none of its kind', { audio: { codec: 7 } }, 'illegal-value'],
    ['what does not go together', { video: { codec: 5, fps: 10 } }, 'combination'],
    ['no object', { audio: 1 }, 'not-an-object'],
  ])('says of %s what it is', (_, params, cause) => {
    expect(checkMediaParams(params)).toMatchObject([{ cause }]);
  });

  it.each([
    ['RTP with L16', { audio: { content_type: 1, codec: 1 } }, true],
    ['RTP with the default codec', { audio: { content_type: 1 } }, true],
    ['RTP with OPUS at 16 kHz', { audio: { content_type: 1, codec: 4, sample_rate: 1 } }, false],
    ['JPG share at 5 fps', { deskshare: { codec: 5, fps: 5 } }, true],
    ['JPG share at 6 fps', { deskshare: { codec: 5, fps: 6 } }, false],
  ])('%s: sources differ is %s', (_, params, disputed) => {
    expect(checkMediaParams(params).map((fault) => fault.disputed !== undefined)).toEqual([disputed]);
  });

  it('has the seven documented audio combinations', () => {
    expect(AUDIO_COMBINATIONS).toHaveLength(7);
  });
});

describe('passedOverParams', () => {
  it.each<[string, unknown, number]>([
    ['nothing', undefined, 1],
    ['the documented names', { audio: { content_type: 2 } }, 1],
    ['every medium on the socket for all', DEFAULT_MEDIA_PARAMS.all, 32],
    ['another medium beside the one asked for', { audio: {}, video: {} }, 1],
    ['unknown fields', { audio: { extra: 1 }, hologram: {} }, 1],
    ['a second spelling beside the documented one', { transcript: { language: 9, src_language: 9 } }, 8],
    ['no object', [], 1],
    ['a media_type that is none', { video: {} }, Number.NaN],
  ])('lets %s be', (_, params, mediaType) => {
    expect(passedOverParams(params, mediaType)).toEqual([]);
  });

  it.each<[string, unknown, number, string, string, string]>([
    ['share', { share: {} }, 4, 'misnamed', '$.media_params.share', 'media_params.deskshare'],
    [
      'language',
      { transcript: { language: 9 } },
      8,
      'misnamed',
      '$.media_params.transcript.language',
      'media_params.transcript.src_language',
    ],
    [
      'sampleRate',
      { audio: { sampleRate: 1 } },
      1,
      'misnamed',
      '$.media_params.audio.sampleRate',
      'media_params.audio.sample_rate',
    ],
    ['no object around them', { codec: 1, channel: 1 }, 1, 'misplaced', '$.media_params.codec', 'media_params.audio.codec'],
    ['those of video for audio', { video: {} }, 1, 'other-medium', '$.media_params.video', 'media_params.audio'],
  ])('names %s', (_, params, mediaType, cause, path, expected) => {
    expect(passedOverParams(params, mediaType)).toMatchObject([{ cause, path, expected }]);
  });
});

describe('l16BytesPerSecond', () => {
  it.each([
    [0, 1, 16_000],
    [1, 1, 32_000],
    [2, 1, 64_000],
    [3, 1, 96_000],
    [3, 2, 192_000],
    [4, 1, undefined],
    [1, 3, undefined],
  ])('sample_rate %i, channel %i: %s', (sampleRate, channel, expected) => {
    expect(l16BytesPerSecond(sampleRate, channel)).toBe(expected);
  });
});
