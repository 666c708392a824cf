/** What the mock is given to play: a folder of media, a recording. Reads files, and opens nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorText, RtmsError } from './errors.js';
import { unreadable } from './input.js';
import { checkH264, checkImage, decodeL16, decodeLines, decodeVtt, decodeWav } from './net/media-files.js';
import { replayOf } from './net/replay.js';
import type { Scenario } from './net/scenario.js';
import type { MediaFiles } from './net/synthetic-media.js';
import { count } from './session/words.js';
import { parseRecording } from './session/jsonl.js';

/** Of bare L16 nothing tells the rate; this is Zoom's default. */
const BARE = { rate: 16_000, channels: 1 };

type Adder = (bytes: Uint8Array, files: MediaFiles) => MediaFiles;

const sound =
  (decode: (bytes: Uint8Array) => ReturnType<typeof decodeWav>): Adder =>
  (bytes, files) => ({ ...files, sounds: [...(files.sounds ?? []), decode(bytes)] });
const image =
  (kind: 'jpg' | 'png'): Adder =>
  (bytes, files) => ({ ...files, [kind]: [...(files[kind] ?? []), checkImage(bytes, kind)] });
const l16 = sound((bytes) => decodeL16(bytes, BARE));

/** By the ending of the file's name. */
const KINDS: Readonly<Record<string, { readonly noun: string; readonly add: Adder }>> = {
  wav: { noun: 'sound', add: sound(decodeWav) },
  l16: { noun: 'sound', add: l16 },
  pcm: { noun: 'sound', add: l16 },
  raw: { noun: 'sound', add: l16 },
  jpg: { noun: 'JPG image', add: image('jpg') },
  jpeg: { noun: 'JPG image', add: image('jpg') },
  png: { noun: 'PNG image', add: image('png') },
  h264: { noun: 'H.264 stream', add: (bytes, files) => ({ ...files, h264: checkH264(bytes) }) },
  vtt: {
    noun: 'transcript',
    add: (bytes, files) => ({ ...files, transcript: [...(files.transcript ?? []), ...decodeVtt(bytes)] }),
  },
  txt: { noun: 'chat', add: (bytes, files) => ({ ...files, chat: [...(files.chat ?? []), ...decodeLines(bytes)] }) },
};

const FOLDER_REASONS: Readonly<Record<string, string>> = { ENOENT: 'it does not exist', ENOTDIR: 'it is a file' };

export interface MediaFolder {
  readonly files: MediaFiles;
  /** What was found, in words. */
  readonly found: string;
}

/** The media of a folder, in the order of the names. Throws RtmsError (`input`) for a file that is not what it says. */
export async function readMediaFolder(folder: string): Promise<MediaFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    const code = errorCode(error);
    throw new RtmsError('input', `cannot read the folder ${folder}: ${FOLDER_REASONS[code] ?? code}`, [
      ['give', '--media-dir DIR'],
    ]);
  });
  let files: MediaFiles = {};
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) {
    const kind = KINDS[name.split('.').at(-1)?.toLowerCase() ?? ''];
    if (!kind) continue;
    const path = join(folder, name);
    try {
      files = kind.add(await readFile(path), files);
    } catch (error) {
      throw new RtmsError('input', `cannot play ${path}: ${errorText(error)}`, [], { cause: error });
    }
    counts.set(kind.noun, (counts.get(kind.noun) ?? 0) + 1);
  }
  if (counts.size === 0) {
    const endings = Object.keys(KINDS).join(', ');
    throw new RtmsError('input', `${folder} has nothing to play`, [['put', `files that end in ${endings} there`]]);
  }
  return { files, found: [...counts].map(([noun, n]) => count(n, noun)).join(', ') };
}

/** The scenario that plays a recording back. Throws RtmsError (`input`) for what is none. */
export async function readReplay(path: string): Promise<Scenario> {
  const give = '--replay FILE, a recording made with --record';
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error, give);
  });
  try {
    return replayOf(parseRecording(text));
  } catch (error) {
    throw new RtmsError('input', `cannot play ${path} back: ${errorText(error)}`, [['give', give]]);
  }
}
