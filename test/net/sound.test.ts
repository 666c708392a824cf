import { describe, expect, it } from 'vitest';
import { aLaw, packets, recorded, speech, tone, type Sound } from '../../src/net/sound.js';

const RATES = [8000, 16_000, 32_000, 48_000];

const second = (sound: Sound, rate: number, channel = 0): number[] =>
  Array.from({ length: rate }, (_, index) => sound.sample(index, rate, channel));

const samplesOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, at) => Buffer.from(bytes).readInt16LE(at * 2));

const loudest = (samples: readonly number[]): number => Math.max(...samples.map(Math.abs));

describe('tone', () => {
  it.each(RATES)('is 440 Hz at %i samples a second', (rate) => {
    const samples = second(tone(440), rate);
    const crossings = samples.filter((sample, at) => sample < 0 !== (samples[at - 1] ?? 0) < 0).length;
    expect(Math.abs(crossings - 880)).toBeLessThanOrEqual(2);
  });

  it('is heard and does not clip', () => {
    expect(loudest(second(tone(440), 16_000))).toBeGreaterThan(3000);
    expect(loudest(second(tone(440), 16_000))).toBeLessThan(3500);
  });
});

describe('speech', () => {
  it.each(RATES)('swells and falls four times a second at %i samples a second', (rate) => {
    const samples = second(speech(1), rate);
    const parts = Array.from({ length: 16 }, (_, part) =>
      loudest(samples.slice((part * rate) / 16, ((part + 1) * rate) / 16)),
    );
    for (const start of [0, 4, 8, 12]) {
      expect(parts[start + 1]).toBeGreaterThan(parts[start] ?? 0);
      expect(parts[start + 2]).toBeGreaterThan(parts[start + 3] ?? 0);
    }
    expect(loudest(samples)).toBeLessThan(3500);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(second(speech(1), 8000)).toEqual(second(speech(1), 8000));
    expect(second(speech(1), 8000)).not.toEqual(second(speech(2), 8000));
  });
});

describe('recorded', () => {
  const ramp = recorded({ rate: 8000, channels: 1, samples: Int16Array.of(0, 100, 200, 300) });

  it('is what was recorded, over and over, before the start too', () => {
    expect([-1, 0, 1, 2, 3, 4].map((index) => ramp.sample(index, 8000, 0))).toEqual([300, 0, 100, 200, 300, 0]);
  });

  it('lies between its samples at a higher rate', () => {
    expect([0, 1, 2, 3].map((index) => ramp.sample(index, 16_000, 0))).toEqual([0, 50, 100, 150]);
  });

  it('has one channel on both where there is no other', () => {
    const stereo = recorded({ rate: 8000, channels: 2, samples: Int16Array.of(1, 2, 3, 4) });
    expect([0, 1].map((channel) => stereo.sample(1, 8000, channel))).toEqual([3, 4]);
    expect([0, 1].map((channel) => ramp.sample(1, 8000, channel))).toEqual([100, 100]);
  });
});

describe('packets', () => {
  const format = { codec: 1, sampleRate: 1, channels: 1, ms: 20 };

  it('of L16 join without a click', () => {
    const packet = packets(tone(440), format);
    const joined = [0, 1, 2].flatMap((index) => samplesOf(packet(index)));
    // What lies below zero by less than a half is -0 as a number, and 0 as bytes.
    const samples = second(tone(440), 16_000).slice(0, 960);
    expect(joined).toEqual(samples.map((sample) => sample + 0));
  });

  it('before the start lead up to it', () => {
    const packet = packets(tone(440), format);
    expect(packet(-1)).toEqual(packet(49));
  });

  it('say the same on both channels', () => {
    const mono = samplesOf(packets(tone(440), format)(3));
    const stereo = samplesOf(packets(tone(440), { ...format, channels: 2 })(3));
    expect(stereo).toEqual(mono.flatMap((one) => [one, one]));
  });

  it('of A-law have a byte for each sample', () => {
    const packet = packets(tone(440), { ...format, codec: 2, sampleRate: 0 })(1);
    expect(packet).toEqual(Uint8Array.from(second(tone(440), 8000).slice(160, 320), aLaw));
  });

  // Decoded by libopus: 960 samples of each channel, all zero.
  it.each([
    [1, 'f8fffe'],
    [2, 'fcfffe'],
  ])('of Opus are 20 ms of silence on %i channels', (channels, hex) => {
    const packet = packets(tone(440), { codec: 4, sampleRate: 3, channels, ms: 20 })(7);
    expect(Buffer.from(packet).toString('hex')).toBe(hex);
  });
});

// As Python's audioop.lin2alaw has them, which agrees for every 16-bit sample.
it.each([
  [0, 0xd5],
  [7, 0xd5],
  [16, 0xd4],
  [255, 0xda],
  [256, 0xc5],
  [512, 0xf5],
  [1000, 0xfa],
  [20_000, 0xa6],
  [32_767, 0xaa],
  [-1, 0x55],
  [-8, 0x55],
  [-1000, 0x7a],
  [-12_345, 0x3d],
  [-32_768, 0x2a],
])('A-law of %i', (sample, byte) => {
  expect(aLaw(sample)).toBe(byte);
});
