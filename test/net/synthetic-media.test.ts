import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Cast } from '../../src/net/cast.js';
import { annexBPictures } from '../../src/net/pictures.js';
import {
  mediaFlows,
  paramsInForce,
  replacedParams,
  type Flow,
  type MediaFiles,
} from '../../src/net/synthetic-media.js';
import { DEFAULT_MEDIA_PARAMS, type MediaParams } from '../../src/protocol/media.js';
import { decodeMessage, type Message } from '../../src/protocol/messages.js';
import type { Product } from '../../src/protocol/webhooks.js';

const file = (name: string): Buffer => readFileSync(new URL(`../../fixtures/media/${name}`, import.meta.url));

const BO = 16_779_264;

function flowOf(params: MediaParams, files: MediaFiles = {}, product: Product = 'meeting'): Flow | undefined {
  return mediaFlows(params, { product, people: new Cast(product, 3).people, files })[0];
}

/** Content of the messages of one step, in a meeting that is so many ms old. */
function contents(
  flow: Flow | undefined,
  index: number,
  timestamp: number,
  { product = 'meeting', at = 0, chosen = 0 }: { product?: Product; at?: number; chosen?: number } = {},
) {
  const cast = new Cast(product, 3);
  const scene = { ...cast.at(at), chosen: cast.people.find(({ userId }) => userId === chosen) };
  return (flow?.messages(index, timestamp, scene) ?? []).map((message) => {
    const decoded: Message = decodeMessage(message);
    return 'content' in decoded ? decoded.content : {};
  });
}

describe('audio', () => {
  it('is one stream of user 0 unless asked otherwise', () => {
    const flow = flowOf(DEFAULT_MEDIA_PARAMS.audio);
    expect(flow?.everyMs).toBe(20);
    expect(contents(flow, 5, 1000)).toMatchObject([{ user_id: 0, length: 640, timestamp: 1000 }]);
    expect(contents(flow, 5, 1000)[0]).not.toHaveProperty('user_name');
  });

  it('is one stream for each who speaks where that is asked', () => {
    const asked = { audio: { data_opt: 2, sample_rate: 3, channel: 2, send_rate: 100 } };
    const flow = flowOf(paramsInForce(['audio'], asked));
    expect(flow?.everyMs).toBe(100);
    expect(contents(flow, 0, 1000)).toMatchObject([{ user_name: 'Ada', length: 19_200 }]);
    const [ada, bo] = contents(flow, 0, 1000, { at: 3500 });
    expect([ada, bo]).toMatchObject([{ user_name: 'Ada' }, { user_name: 'Bo', length: 19_200 }]);
    expect(ada?.data).not.toBe(bo?.data);
  });

  it.each([
    ['8 kHz', { sample_rate: 0 }, 320],
    ['16 kHz', { sample_rate: 1 }, 640],
    ['32 kHz', { sample_rate: 2 }, 1280],
    ['48 kHz', { sample_rate: 3 }, 1920],
    ['48 kHz stereo', { sample_rate: 3, channel: 2 }, 3840],
    ['16 kHz, a second a packet', { sample_rate: 1, send_rate: 1000 }, 32_000],
    ['A-law', { codec: 2, sample_rate: 0 }, 160],
    ['Opus', { codec: 4, sample_rate: 3 }, 3],
  ])('has packets of the documented size at %s', (_, audio, length) => {
    const flow = flowOf(paramsInForce(['audio'], { audio }));
    expect(contents(flow, 0, 1)).toMatchObject([{ length }]);
  });

  it.each(['contact-center', 'phone'] as const)('of %s names the channel, and no user', (product) => {
    const multi = paramsInForce(['audio'], { audio: { data_opt: 2 } });
    const [mixed] = contents(flowOf(DEFAULT_MEDIA_PARAMS.audio, {}, product), 0, 1, { product });
    const legs = contents(flowOf(multi, {}, product), 0, 1, { product, at: 3500 });
    expect([mixed, ...legs].map((content) => Reflect.get(content ?? {}, 'channel_id'))).toEqual([
      'channel-1',
      'channel-1',
      'channel-2',
    ]);
    expect(mixed).not.toHaveProperty('user_id');
  });

  it('is what the file has', () => {
    const pcm = { rate: 16_000, channels: 1, samples: Int16Array.from({ length: 16_000 }, (_, at) => at) };
    const [{ data = '' } = {}] = contents(flowOf(DEFAULT_MEDIA_PARAMS.audio, { sounds: [pcm] }), 1, 1);
    expect(Buffer.from(data, 'base64').readInt16LE(2)).toBe(321);
  });
});

describe('pictures', () => {
  const hex = (data = ''): string => Buffer.from(data, 'base64').toString('hex');

  it.each([
    ['video', 200],
    ['share', 1000],
  ] as const)('%s is whole JPEG images, one in %i ms', (name, everyMs) => {
    const flow = flowOf(DEFAULT_MEDIA_PARAMS[name]);
    expect(flow?.everyMs).toBe(everyMs);
    expect(contents(flow, 0, 1).map(({ data }) => hex(data))).toEqual([expect.stringMatching(/^ffd8.*ffd9$/)]);
  });

  it('are PNG where that is asked', () => {
    const flow = flowOf(paramsInForce(['video'], { video: { codec: 6, fps: 1 } }));
    expect(hex(contents(flow, 0, 1)[0]?.data)).toMatch(/^89504e470d0a1a0a/);
  });

  it('are those of the files, in turn', () => {
    const jpg = [file('test.jpg'), Buffer.from('second')];
    const flow = flowOf(DEFAULT_MEDIA_PARAMS.video, { jpg });
    const sent = [0, 1, 2].map((index) => contents(flow, index, 1)[0]?.data);
    expect(sent).toEqual([jpg[0], jpg[1], jpg[0]].map((bytes) => bytes?.toString('base64')));
  });

  it('show who speaks, or else someone whose camera is on', () => {
    const flow = flowOf(DEFAULT_MEDIA_PARAMS.video);
    const whose = (at: number) => contents(flow, 0, 1, { at })[0];
    expect(whose(4500)).toMatchObject({ user_name: 'Bo' });
    expect(whose(29_500 - 20_000)).toMatchObject({ user_name: 'Ada' });
  });

  it('show nothing of a chosen participant before the choice, nor while the camera is off', () => {
    const flow = flowOf(paramsInForce(['video'], { video: { data_opt: 4 } }));
    expect(contents(flow, 0, 1)).toEqual([]);
    expect(contents(flow, 0, 1, { chosen: BO })).toMatchObject([{ user_name: 'Bo' }]);
    expect(contents(flow, 0, 1, { chosen: BO, at: 10_000 })).toEqual([]);
  });

  it('are not shared while sharing rests', () => {
    expect(contents(flowOf(DEFAULT_MEDIA_PARAMS.share), 0, 1, { at: 17_000 })).toEqual([]);
  });

  it('of an H.264 stream come in turn, over and over', () => {
    const h264 = file('test.h264');
    const flow = flowOf(paramsInForce(['video'], { video: { codec: 7, fps: 25 } }), { h264 });
    const { length } = annexBPictures(h264);
    const sent = Array.from({ length: length + 1 }, (_, index) => contents(flow, index, 1)[0]?.data ?? '');
    expect(flow?.everyMs).toBe(40);
    expect(Buffer.concat(sent.slice(0, length).map((data) => Buffer.from(data, 'base64')))).toEqual(h264);
    expect(sent[length]).toBe(sent[0]);
  });
});

describe('text', () => {
  /** What was said in so many seconds. */
  const said = (flow: Flow | undefined, seconds: number, product: Product = 'meeting') =>
    Array.from({ length: seconds * 10 }, (_, index) => contents(flow, index, index * 100, { product })).flat();

  it('is a line every two seconds, by turns, with its times and language', () => {
    const flow = flowOf(paramsInForce(['transcript'], { transcript: { src_language: 14 } }));
    expect(said(flow, 4)).toMatchObject([
      { user_name: 'Ada', start_time: 0, end_time: 1500, language: 14 },
      { user_name: 'Bo', start_time: 2000, end_time: 3500, language: 14 },
    ]);
  });

  it('begins anew after the last line', () => {
    expect(said(flowOf(DEFAULT_MEDIA_PARAMS.transcript), 20)).toHaveLength(10);
  });

  it('is English where the language is left to detection', () => {
    const flow = flowOf(paramsInForce(['transcript'], { transcript: { src_language: -1 } }));
    expect(said(flow, 2)).toMatchObject([{ language: 9 }]);
  });

  it('names the channel on a call', () => {
    expect(said(flowOf(DEFAULT_MEDIA_PARAMS.transcript, {}, 'phone'), 2, 'phone')).toMatchObject([
      { channel_id: 'channel-1' },
    ]);
  });

  it('is what the file has, in its time and by whom it names', () => {
    const transcript = [{ start: 200, end: 700, text: 'hello', speaker: 'Zoe' }];
    expect(said(flowOf(DEFAULT_MEDIA_PARAMS.transcript, { transcript }), 1)).toMatchObject([
      { data: 'hello', user_name: 'Zoe', start_time: 200, end_time: 700 },
    ]);
  });

  it('is chat with an id of its own for each message', () => {
    const messages = [0, 1].flatMap((index) => contents(flowOf(DEFAULT_MEDIA_PARAMS.chat, { chat: ['hi'] }), index, 1));
    expect(messages).toMatchObject([{ data: 'hi' }, { data: 'hi' }]);
    expect(new Set(messages.map((content) => Reflect.get(content, 'message_id'))).size).toBe(2);
  });
});

describe('paramsInForce', () => {
  const { audio: usual } = DEFAULT_MEDIA_PARAMS.audio;

  it.each([
    ['nothing asked', undefined, usual],
    ['one value', { audio: { sample_rate: 3 } }, { ...usual, sample_rate: 3 }],
    ['packets of more than a second', { audio: { send_rate: 2000 } }, { ...usual, send_rate: 1000 }],
    ['Opus', { audio: { codec: 4, sample_rate: 3 } }, { ...usual, codec: 4, sample_rate: 3 }],
    ['G.722', { audio: { codec: 3 } }, usual],
    ['RTP', { audio: { content_type: 1, codec: 2, sample_rate: 0 } }, { ...usual, codec: 2, sample_rate: 0 }],
    ['another medium', { video: { fps: 1 } }, usual],
  ])('audio, %s', (_, asked, audio) => {
    expect(paramsInForce(['audio'], asked)).toEqual({ audio });
  });

  it.each([
    [{ fps: 25 }, { codec: 5, fps: 5 }],
    [
      { codec: 7, fps: 25 },
      { codec: 7, fps: 25 },
    ],
    [
      { codec: 6, fps: 2 },
      { codec: 6, fps: 2 },
    ],
  ])('video, %j', (video, inForce) => {
    expect(paramsInForce(['video'], { video })).toMatchObject({ video: inForce });
  });

  it('has every medium of the socket', () => {
    expect(Object.keys(paramsInForce(['audio', 'share', 'chat'], {}))).toEqual(['audio', 'deskshare', 'chat']);
  });

  it('names what it replaces', () => {
    const asked = { audio: { codec: 3, content_type: 1 }, video: { codec: 7, fps: 25 } };
    expect(replacedParams(asked, paramsInForce(['audio', 'video'], asked))).toEqual([
      'audio: the mock does not make G722; it sends L16 and says so in media_params',
      'audio: the mock does not make RTP; it sends RAW_AUDIO and says so in media_params',
    ]);
  });
});
