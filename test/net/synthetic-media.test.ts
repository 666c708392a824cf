import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  annexBPictures,
  mediaFlows,
  paramsInForce,
  replacedCodecs,
  tone,
  type Flow,
} from '../../src/net/synthetic-media.js';
import { DEFAULT_MEDIA_PARAMS } from '../../src/protocol/media.js';
import { decodeMessage, type Message } from '../../src/protocol/messages.js';

const file = (name: string): Buffer => readFileSync(new URL(`../../fixtures/media/${name}`, import.meta.url));

const samplesOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, at) => Buffer.from(bytes).readInt16LE(at * 2));

/** Content of the messages of one step. */
function contents(flow: Flow | undefined, index: number, timestamp: number, chosen?: number) {
  return (flow?.messages(index, timestamp, chosen) ?? []).map((message) => {
    const decoded: Message = decodeMessage(message);
    return 'content' in decoded ? decoded.content : {};
  });
}

describe('tone', () => {
  it.each([8000, 16_000, 32_000, 48_000])('is 440 Hz at %i samples a second', (rate) => {
    const samples = samplesOf(tone({ hz: 440, rate, channels: 1, first: 0, ms: 1000 }));
    const crossings = samples.filter((sample, at) => sample < 0 !== (samples[at - 1] ?? 0) < 0).length;
    expect(samples).toHaveLength(rate);
    expect(Math.abs(crossings - 880)).toBeLessThanOrEqual(2);
  });

  it('is heard and does not clip', () => {
    const peak = Math.max(...samplesOf(tone({ hz: 440, rate: 16_000, channels: 1, first: 0, ms: 1000 })));
    expect(peak).toBeGreaterThan(3000);
    expect(peak).toBeLessThan(3500);
  });

  it('says the same on both channels', () => {
    const packet = { hz: 440, rate: 48_000, first: 7, ms: 20 };
    const mono = samplesOf(tone({ ...packet, channels: 1 }));
    expect(samplesOf(tone({ ...packet, channels: 2 }))).toEqual(mono.flatMap((one) => [one, one]));
  });
});

describe('audio', () => {
  it('joins packets without a click', () => {
    const [flow] = mediaFlows(DEFAULT_MEDIA_PARAMS.audio);
    const packets = [0, 1, 2].flatMap((index) => contents(flow, index, 0));
    const joined = Buffer.concat(packets.map(({ data = '' }) => Buffer.from(data, 'base64')));
    expect(joined).toEqual(tone({ hz: 440, rate: 16_000, channels: 1, first: 0, ms: 60 }));
  });

  it('is one stream of user 0 unless asked otherwise', () => {
    const [flow] = mediaFlows(DEFAULT_MEDIA_PARAMS.audio);
    expect(flow?.everyMs).toBe(20);
    expect(contents(flow, 5, 1000)).toMatchObject([{ user_id: 0, length: 640, timestamp: 1000 }]);
    expect(contents(flow, 5, 1000)[0]).not.toHaveProperty('user_name');
  });

  it('is one stream for each speaker where that is asked', () => {
    const asked = { audio: { data_opt: 2, sample_rate: 3, channel: 2, send_rate: 100 } };
    const [flow] = mediaFlows(paramsInForce(['audio'], asked));
    expect(flow?.everyMs).toBe(100);
    const [ada, bo] = contents(flow, 0, 1000);
    expect(ada).toMatchObject({ user_name: 'Ada', length: 19_200 });
    expect(bo).toMatchObject({ user_name: 'Bo', length: 19_200 });
    expect(ada?.data).not.toBe(bo?.data);
  });
});

describe('pictures', () => {
  const isJpeg = (data = ''): boolean => /^ffd8.*ffd9$/.test(Buffer.from(data, 'base64').toString('hex'));

  it.each([
    ['video', 5, 200],
    ['share', 1, 1000],
  ] as const)('%s is whole JPEG images, %i a second', (name, _, everyMs) => {
    const [flow] = mediaFlows(DEFAULT_MEDIA_PARAMS[name]);
    expect(flow?.everyMs).toBe(everyMs);
    expect(contents(flow, 0, 1).map(({ data }) => isJpeg(data))).toEqual([true]);
  });

  it('takes the images it is given', () => {
    const jpg = file('test.jpg');
    const [flow] = mediaFlows(DEFAULT_MEDIA_PARAMS.video, { jpg });
    expect(contents(flow, 3, 1)).toMatchObject([{ data: jpg.toString('base64'), length: jpg.length }]);
  });

  it('sends nothing of a chosen participant before the choice', () => {
    const [flow] = mediaFlows(paramsInForce(['video'], { video: { data_opt: 4 } }));
    expect(contents(flow, 0, 1)).toEqual([]);
    expect(contents(flow, 0, 1, 16_779_264)).toMatchObject([{ user_name: 'Bo' }]);
  });

  it('sends the pictures of an H.264 stream in turn, over and over', () => {
    const h264 = file('test.h264');
    const [flow] = mediaFlows(paramsInForce(['video'], { video: { codec: 7, fps: 25 } }), { h264 });
    const sent = Array.from({ length: 26 }, (_, index) => contents(flow, index, 1)[0]?.data ?? '');
    expect(flow?.everyMs).toBe(40);
    expect(Buffer.concat(sent.slice(0, 25).map((data) => Buffer.from(data, 'base64')))).toEqual(h264);
    expect(sent[25]).toBe(sent[0]);
  });

  it('has a stream of its own', () => {
    const [flow] = mediaFlows(paramsInForce(['video'], { video: { codec: 7, fps: 25 } }));
    const [first] = contents(flow, 0, 1);
    expect(Buffer.from(first?.data ?? '', 'base64').toString('hex')).toMatch(/^00000001.*000001/);
  });

  it.each([
    ['', []],
    ['000000016742', []],
    ['00000165aa', ['00000165aa']],
    ['0000000167bb00000168cc00000165dd', ['0000000167bb00000168cc00000165dd']],
    ['00000165aa0000000141bb00000141cc', ['00000165aa', '0000000141bb', '00000141cc']],
  ])('cuts %s behind each slice', (stream, pictures) => {
    const cut = annexBPictures(Buffer.from(stream, 'hex'));
    expect(cut.map((picture) => Buffer.from(picture).toString('hex'))).toEqual(pictures);
  });
});

describe('text', () => {
  it('is a line every two seconds, by turns, with its times and language', () => {
    const [flow] = mediaFlows(paramsInForce(['transcript'], { transcript: { src_language: 14 } }));
    expect(flow?.everyMs).toBe(2000);
    expect([...contents(flow, 0, 1000), ...contents(flow, 1, 3000)]).toMatchObject([
      { user_name: 'Ada', start_time: 1000, end_time: 2500, language: 14 },
      { user_name: 'Bo', start_time: 3000, end_time: 4500, language: 14 },
    ]);
  });

  it('is English where the language is left to detection', () => {
    const [flow] = mediaFlows(paramsInForce(['transcript'], { transcript: { src_language: -1 } }));
    expect(contents(flow, 0, 1)).toMatchObject([{ language: 9 }]);
  });

  it('is chat with an id of its own for each message', () => {
    const [flow] = mediaFlows(DEFAULT_MEDIA_PARAMS.chat);
    const messages = [0, 1].flatMap((index) => contents(flow, index, 1));
    const ids = messages.map((content) => Reflect.get(content, 'message_id'));
    expect(new Set(ids).size).toBe(2);
  });
});

describe('paramsInForce', () => {
  const { audio: usual } = DEFAULT_MEDIA_PARAMS.audio;

  it.each([
    ['nothing asked', undefined, usual],
    ['one value', { audio: { sample_rate: 3 } }, { ...usual, sample_rate: 3 }],
    ['packets of more than a second', { audio: { send_rate: 2000 } }, { ...usual, send_rate: 1000 }],
    ['Opus', { audio: { codec: 4, sample_rate: 3 } }, { ...usual, sample_rate: 3 }],
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
      { codec: 5, fps: 2 },
    ],
  ])('video, %j', (video, inForce) => {
    expect(paramsInForce(['video'], { video })).toMatchObject({ video: inForce });
  });

  it('has every medium of the socket', () => {
    expect(Object.keys(paramsInForce(['audio', 'share', 'chat'], {}))).toEqual(['audio', 'deskshare', 'chat']);
  });

  it('names the codecs it replaces', () => {
    const asked = { audio: { codec: 4, sample_rate: 3 }, video: { codec: 7, fps: 25 } };
    expect(replacedCodecs(asked, paramsInForce(['audio', 'video'], asked))).toEqual([
      'audio: the mock does not encode OPUS; it sends L16 and says so in media_params',
    ]);
  });
});
