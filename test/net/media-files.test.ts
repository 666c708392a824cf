import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkH264, checkImage, decodeL16, decodeLines, decodeVtt, decodeWav } from '../../src/net/media-files.js';

const text = (value: string): Uint8Array => Buffer.from(value);

interface Wave {
  readonly format?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly before?: Buffer;
  readonly samples?: readonly number[];
}

function wav({ format = 1, channels = 1, rate = 8000, bits = 16, before, samples = [1, -2, 3] }: Wave = {}): Buffer {
  const head = Buffer.alloc(20);
  head.write('fmt ', 'latin1');
  head.writeUInt32LE(12 + 4, 4);
  head.writeUInt16LE(format, 8);
  head.writeUInt16LE(channels, 10);
  head.writeUInt32LE(rate, 12);
  const data = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries()) data.writeInt16LE(sample, at * 2);
  const tail = Buffer.alloc(4);
  tail.writeUInt16LE(bits, 2);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  const chunks = [head, tail, before ?? Buffer.alloc(0), Buffer.from('data'), size, data];
  return Buffer.concat([Buffer.from('RIFF____WAVE'), ...chunks]);
}

describe('WAV', () => {
  it('is its samples, rate and channels', () => {
    expect(decodeWav(wav())).toEqual({ rate: 8000, channels: 1, samples: Int16Array.of(1, -2, 3) });
    expect(decodeWav(wav({ channels: 2, rate: 48_000, samples: [1, 2, 3, 4] }))).toMatchObject({ channels: 2 });
  });

  it('may have other chunks, padded to an even length', () => {
    const before = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    expect(decodeWav(wav({ before })).samples).toEqual(Int16Array.of(1, -2, 3));
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'it is no WAV file'],
    ['text', text('hello, this is no sound'), 'it is no WAV file'],
    ['24 bits', wav({ bits: 24 }), 'it is not 16-bit PCM (format 1, 24 bits); convert it with: ffmpeg'],
    ['floats', wav({ format: 3 }), 'it is not 16-bit PCM (format 3'],
    ['no channels', wav({ channels: 0 }), 'the WAV file has no channels'],
    ['no sound', wav({ samples: [] }), 'it holds no sound'],
    ['no data', wav().subarray(0, 36), 'the WAV file has no data'],
  ])('is not %s', (_, bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(message);
  });

  it('is read or refused in words, whatever the bytes', () => {
    const whole = wav();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(whole.length), (bytes, at) => {
        const broken = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]);
        try {
          expect(decodeWav(broken).samples.length).toBeGreaterThan(0);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: (?:it|the WAV file) /);
        }
      }),
    );
  });
});

it('L16 keeps to whole samples of every channel', () => {
  const { samples } = decodeL16(Buffer.from('0100feff03', 'hex'), { rate: 16_000, channels: 1 });
  expect(samples).toEqual(Int16Array.of(1, -2));
  expect(() => decodeL16(Buffer.from('0100', 'hex'), { rate: 16_000, channels: 2 })).toThrow('it holds no sound');
});

describe('WebVTT', () => {
  it('is its cues, with voices and without tags', () => {
    const file = [
      '\ufeffWEBVTT - a title',
      'NOTE not this\nnor this',
      '1\n00:01.000 --> 00:02.500 align:start\n<v.loud Ada>Hello <b>there</b>\nagain',
      '01:00:00.000 --> 01:00:01.000\r\nlate',
      '00:05.000 --> 00:06.000\n',
    ].join('\n\n');
    expect(decodeVtt(text(file))).toEqual([
      { start: 1000, end: 2500, text: 'Hello there again', speaker: 'Ada' },
      { start: 3_600_000, end: 3_601_000, text: 'late' },
    ]);
  });

  it.each([
    ['', 'it is no WebVTT file'],
    ['1\n00:01.000 --> 00:02.000\nx', 'it is no WebVTT file'],
    ['WEBVTT\n\nx', 'the WebVTT file has no cues'],
  ])('is not %j', (file, message) => {
    expect(() => decodeVtt(text(file))).toThrow(message);
  });
});

it('lines are those that say something', () => {
  expect(decodeLines(text('one\r\n\n  \ntwo'))).toEqual(['one', 'two']);
  expect(() => decodeLines(text(' \n'))).toThrow('it has no line of text');
});

it('pictures begin as such', () => {
  expect(checkImage(Buffer.from('ffd8ffe0', 'hex'), 'jpg')).toHaveLength(4);
  expect(() => checkImage(text('GIF89a'), 'png')).toThrow('it does not begin as a PNG image');
  expect(checkH264(Buffer.from('0000000167', 'hex'))).toHaveLength(5);
  expect(checkH264(Buffer.from('00000167', 'hex'))).toHaveLength(4);
  expect(() => checkH264(text('ftypisom'))).toThrow('it is no H.264 in Annex-B form; extract it with: ffmpeg');
});
