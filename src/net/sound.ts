/** Sounds for the mock server, and their bytes as RTMS carries them: L16, A-law, and silence in Opus. */
import { AUDIO_SAMPLE_RATE, lookup, MEDIA_PAYLOAD_TYPE, type SampleRateCode } from '../protocol/codes.js';

/** Samples of one channel, -32768 to 32767, at so many a second. */
export interface Sound {
  /** The value of one sample, counted from the start of the stream; before it, the number is negative. */
  readonly sample: (index: number, rate: number, channel: number) => number;
  /** After this many ms it begins anew. */
  readonly periodMs?: number;
}

const LARGEST_SAMPLE = 0x7fff;
/** Of the largest sample there is: clearly heard, far from clipping. */
const LOUDNESS = 0.1;
const PERIOD_MS = 1000;

/** A sine of a whole number of Hz. */
export function tone(hz: number): Sound {
  return {
    periodMs: PERIOD_MS,
    sample: (index, rate) => Math.round(Math.sin((2 * Math.PI * hz * index) / rate) * LOUDNESS * LARGEST_SAMPLE),
  };
}

const SYLLABLES_A_SECOND = 4;
/** Above this, voices have little to say. */
const SPEECH_HZ = 1500;

/** Noise that swells and falls as syllables do; the same for the same seed. */
export function speech(seed: number): Sound {
  const seconds = new Map<number, Float64Array>();
  return {
    periodMs: PERIOD_MS,
    sample: (index, rate) => {
      const second = seconds.get(rate) ?? noise(seed, rate);
      seconds.set(rate, second);
      const value = second[wrapped(index, rate)] ?? 0;
      const syllable = Math.sin((Math.PI * SYLLABLES_A_SECOND * index) / rate) ** 2;
      return Math.round(value * syllable * LOUDNESS * LARGEST_SAMPLE);
    },
  };
}

/** A second of noise through a low pass of the first order, from -1 to 1. */
function noise(seed: number, rate: number): Float64Array {
  const keep = Math.exp((-2 * Math.PI * SPEECH_HZ) / rate);
  let random = seed;
  let last = 0;
  return Float64Array.from({ length: rate }, () => {
    // Numerical Recipes' linear congruential generator: poor randomness, good noise.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    last = keep * last + (1 - keep) * ((random / 2 ** 32) * 2 - 1);
    return last;
  });
}

const wrapped = (index: number, length: number): number => ((index % length) + length) % length;

/** Samples of a file, channels interleaved. */
export interface Pcm {
  readonly rate: number;
  readonly channels: number;
  readonly samples: Int16Array;
}

/** A recording, over and over, at any rate: between its samples, what lies between them. */
export function recorded({ rate: own, channels, samples }: Pcm): Sound {
  const length = Math.floor(samples.length / channels);
  return {
    sample: (index, rate, channel) => {
      const place = wrapped((index * own) / rate, length);
      const at = Math.floor(place);
      const of = (frame: number): number => samples[(frame % length) * channels + Math.min(channel, channels - 1)] ?? 0;
      return Math.round(of(at) + (of(at + 1) - of(at)) * (place - at));
    },
  };
}

const { L16, G711, OPUS } = MEDIA_PAYLOAD_TYPE;

/** The codecs the mock can make packets of. */
export const SOUND_CODECS: readonly number[] = [L16.value, G711.value, OPUS.value];

export interface PacketFormat {
  /** Values of MEDIA_PAYLOAD_TYPE, AUDIO_SAMPLE_RATE and AUDIO_CHANNEL. */
  readonly codec: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly ms: number;
}

/** The packets of a sound, by their number; those of a sound that repeats are made once. */
export function packets(sound: Sound, format: PacketFormat): (index: number) => Uint8Array {
  const period = sound.periodMs === undefined ? undefined : lcm(sound.periodMs, format.ms) / format.ms;
  const made: Uint8Array[] = [];
  return (index) => {
    if (period === undefined) return packet(sound, format, index);
    const at = wrapped(index, period);
    return (made[at] ??= packet(sound, format, at));
  };
}

function packet(sound: Sound, { codec, sampleRate, channels, ms }: PacketFormat, index: number): Uint8Array {
  if (codec === OPUS.value) return channels === 1 ? OPUS_SILENCE.mono : OPUS_SILENCE.stereo;
  const rate = lookup<SampleRateCode>(AUDIO_SAMPLE_RATE, sampleRate)?.hz ?? 0;
  const count = (rate * ms) / 1000;
  const samples = Array.from({ length: count * channels }, (_, at) =>
    sound.sample(index * count + Math.floor(at / channels), rate, at % channels),
  );
  return codec === G711.value ? Uint8Array.from(samples, aLaw) : l16(samples);
}

/**
 * 20 ms of silence: a first byte that says CELT, full band, 20 ms, one frame, mono or stereo (RFC 6716 section 3.1),
 * and the two bytes that stand for silence in it, known as the silent frame.
 * https://docs.rs/songbird/latest/songbird/constants/constant.SILENT_FRAME.html
 */
const OPUS_SILENCE = { mono: Buffer.from('f8fffe', 'hex'), stereo: Buffer.from('fcfffe', 'hex') };

/**
 * Signed 16-bit samples, channels interleaved, little-endian as in Zoom's samples, though RFC 3551 says big-endian.
 * https://github.com/zoom/rtms-samples
 */
function l16(samples: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries()) bytes.writeInt16LE(sample, at * 2);
  return bytes;
}

/** ITU-T G.711 A-law: sign, three bits of exponent, four of mantissa, every other bit turned. */
export function aLaw(sample: number): number {
  const positive = sample >= 0;
  const magnitude = (positive ? sample : -sample - 1) >> 3;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude | 1)) - 4);
  const mantissa = (exponent === 0 ? magnitude >> 1 : magnitude >> exponent) & 0x0f;
  return ((exponent << 4) | mantissa) ^ (positive ? 0xd5 : 0x55);
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const lcm = (a: number, b: number): number => (a / gcd(a, b)) * b;
