import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writePrivately } from '../src/private-file.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const mode = (path: string): number => statSync(path).mode & 0o777;

it('writes a file for its owner alone', async () => {
  const path = join(temporaryFolder(), 'a');
  await writePrivately(path, 'text', '--x FILE');
  expect([readFileSync(path, 'utf8'), mode(path)]).toEqual(['text', 0o600]);
});

it('takes over one that was there, however open it was', async () => {
  const path = temporaryFile('a longer text that was there');
  chmodSync(path, 0o666);
  await writePrivately(path, Buffer.from('text'), '--x FILE');
  expect([readFileSync(path, 'utf8'), mode(path)]).toEqual(['text', 0o600]);
});

it('says in words why it cannot', async () => {
  const path = join(temporaryFolder(), 'no', 'such', 'folder');
  await expect(writePrivately(path, '', '--x FILE')).rejects.toMatchObject({
    category: 'usage',
    message: `cannot write ${path}: its folder does not exist`,
    hints: [['give', '--x FILE']],
  });
});
