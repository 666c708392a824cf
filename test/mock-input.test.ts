import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMediaFolder, readReplay } from '../src/mock-input.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const media = (name: string): Buffer => readFileSync(new URL(`../fixtures/media/${name}`, import.meta.url));

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('readMediaFolder', () => {
  it('takes what can be played, in the order of the names, and says what', async () => {
    const folder = folderWith({
      'b.l16': Buffer.from('0200', 'hex'),
      'a.PCM': Buffer.from('0100', 'hex'),
      'one.jpg': media('test.jpg'),
      'video.h264': media('test.h264'),
      'talk.vtt': 'WEBVTT\n\n00:01.000 --> 00:02.000\nhello',
      'chat.txt': 'hi\nthere',
      'readme.md': 'not this',
    });
    mkdirSync(join(folder, 'sub'));
    const { files, found } = await readMediaFolder(folder);
    expect(found).toBe('2 sounds, 1 chat, 1 JPG image, 1 transcript, 1 H.264 stream');
    expect(files.sounds).toEqual(
      [1, 2].map((sample) => ({ rate: 16_000, channels: 1, samples: Int16Array.of(sample) })),
    );
    expect(files).toMatchObject({ chat: ['hi', 'there'], transcript: [{ start: 1000, text: 'hello' }] });
    expect(files.jpg).toHaveLength(1);
    expect(files.png).toBeUndefined();
  });

  it.each<[string, () => string, string]>([
    ['no folder', () => join(temporaryFolder(), 'none'), 'cannot read the folder'],
    ['nothing to play', () => folderWith({ 'a.md': 'x' }), 'has nothing to play'],
    ['a file that is not what it says', () => folderWith({ 'a.wav': 'x' }), 'a.wav: it is no WAV file'],
  ])('refuses %s', async (_, folder, message) => {
    await expect(readMediaFolder(folder())).rejects.toThrow(message);
  });
});

describe('readReplay', () => {
  it('reads a recording', async () => {
    const path = new URL('../fixtures/sessions/closed-without-reply.closed.jsonl', import.meta.url).pathname;
    expect(await readReplay(path)).toMatchObject({ name: 'replay', script: [{ do: 'close', code: 1000 }] });
  });

  it.each<[string, () => string, string]>([
    ['no file', () => join(temporaryFolder(), 'none'), 'there is no such file'],
    ['another file', () => temporaryFile('{}'), 'not a recording'],
  ])('refuses %s', async (_, path, message) => {
    await expect(readReplay(path())).rejects.toThrow(message);
  });
});
