/** The developer's own media, from bytes to what the mock sends: WAV, L16, WebVTT, plain text. Reads no files. */
import { utf8Text } from '../protocol/framing.js';
import type { Pcm } from './sound.js';
import type { Cue } from './synthetic-media.js';

/** Wave formats: https://www.rfc-editor.org/rfc/rfc2361 appendix A; the second has its true one further down. */
const PCM = 1;
const EXTENSIBLE = 0xfffe;
const SUB_FORMAT_AT = 24;
const BITS = 16;
const CONVERT = 'convert it with: ffmpeg -i FILE -c:a pcm_s16le out.wav';

/** A RIFF/WAVE file of 16-bit PCM. Throws an Error with a readable message for any other. */
export function decodeWav(bytes: Uint8Array): Pcm {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.toString('latin1', 0, 4) !== 'RIFF' || buffer.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('it is no WAV file');
  }
  let format: Buffer | undefined;
  for (let at = 12; at + 8 <= buffer.length;) {
    const id = buffer.toString('latin1', at, at + 4);
    const size = buffer.readUInt32LE(at + 4);
    const chunk = buffer.subarray(at + 8, at + 8 + size);
    if (id === 'fmt ') format = chunk;
    if (id === 'data') return pcmOf(format, chunk);
    // Chunks are padded to an even length.
    at += 8 + size + (size % 2);
  }
  throw new Error('the WAV file has no data');
}

function pcmOf(format: Buffer | undefined, data: Buffer): Pcm {
  if (!format || format.length < 16) throw new Error('the WAV file does not say its format');
  const tag = format.readUInt16LE(0);
  const kind = tag === EXTENSIBLE && format.length > SUB_FORMAT_AT + 1 ? format.readUInt16LE(SUB_FORMAT_AT) : tag;
  const [channels, rate, bits] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)];
  if (kind !== PCM || bits !== BITS) throw new Error(`it is not 16-bit PCM (format ${kind}, ${bits} bits); ${CONVERT}`);
  if (channels === 0 || rate === 0) throw new Error('the WAV file has no channels or no rate');
  return decodeL16(data, { rate, channels });
}

/** Bare L16, little-endian as in RTMS. Throws an Error where there is not one sample of each channel. */
export function decodeL16(bytes: Uint8Array, { rate, channels }: Omit<Pcm, 'samples'>): Pcm {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = Math.floor(buffer.length / 2 / channels) * channels;
  if (length === 0) throw new Error('it holds no sound');
  return { rate, channels, samples: Int16Array.from({ length }, (_, at) => buffer.readInt16LE(at * 2)) };
}

const TIMES = /^((?:\d+:)?\d{2}:\d{2}\.\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}\.\d{3})/;
const VOICE = /<v(?:\.[^\s>]+)*\s+([^>]+)>/;
const TAG = /<[^>]*>/g;

/** The cues of a WebVTT file, with their voices. Throws an Error if it is none. https://www.w3.org/TR/webvtt1/ */
export function decodeVtt(bytes: Uint8Array): Cue[] {
  const text = utf8Text(bytes)?.replace(/^\ufeff/, '');
  if (!text?.startsWith('WEBVTT')) throw new Error('it is no WebVTT file: the first line is not WEBVTT');
  const cues = text.split(/\r?\n\r?\n/).flatMap((block): Cue[] => {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => TIMES.test(line));
    const [, start = '', end = ''] = TIMES.exec(lines[at] ?? '') ?? [];
    const said = lines
      .slice(at + 1)
      .join(' ')
      .trim();
    if (at < 0 || said === '') return [];
    const speaker = VOICE.exec(said)?.[1]?.trim();
    return [
      {
        start: milliseconds(start),
        end: milliseconds(end),
        text: said.replaceAll(TAG, ''),
        ...(speaker !== undefined && { speaker }),
      },
    ];
  });
  if (cues.length === 0) throw new Error('the WebVTT file has no cues');
  return cues;
}

/** `01:02:03.004`, the hours left out or not. */
function milliseconds(time: string): number {
  const [seconds = 0, minutes = 0, hours = 0] = time.split(':').toReversed().map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

/** Lines that say something, one message each. Throws an Error if there is none. */
export function decodeLines(bytes: Uint8Array): string[] {
  const lines = (utf8Text(bytes) ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error('it has no line of text');
  return lines;
}

const SIGNATURES = { jpg: 'ffd8ff', png: '89504e470d0a1a0a' } as const;

/** An image as it is. Throws an Error if it does not begin as one. */
export function checkImage(bytes: Uint8Array, kind: keyof typeof SIGNATURES): Uint8Array {
  const begins = Buffer.from(bytes.subarray(0, SIGNATURES[kind].length / 2)).toString('hex');
  if (begins !== SIGNATURES[kind]) throw new Error(`it does not begin as a ${kind.toUpperCase()} image`);
  return bytes;
}

/** H.264 as it is. Throws an Error where no start code begins it. */
export function checkH264(bytes: Uint8Array): Uint8Array {
  const begins = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (begins.startsWith('000001') || begins === '00000001') return bytes;
  throw new Error(
    'it is no H.264 in Annex-B form; extract it with: ffmpeg -i FILE -c:v copy -bsf:v h264_mp4toannexb out.h264',
  );
}
