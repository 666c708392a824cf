import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Writer } from '../src/writer.js';
import { temporaryFolder } from './helpers/folder.js';

function opened(path: string, flags: string): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

describe('Writer', () => {
  it('writes everything in order', async () => {
    const path = join(temporaryFolder(), 'out');
    const writer = new Writer(opened(path, 'w'), () => undefined);
    const lines = Array.from({ length: 2000 }, (_, index) => `${index} ${'é'.repeat(index % 50)}\n`);
    for (const line of lines) writer.write(line);
    expect(writer.backlog).toBe(lines.join('').length);
    await writer.flush();
    expect(writer.backlog).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  });

  it.skipIf(!existsSync('/dev/full'))('tells of an error once, and takes nothing more', async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const writer = new Writer(opened('/dev/full', 'w'), onError);
    writer.write('a');
    await writer.flush();
    writer.write('b');
    await writer.flush();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'ENOSPC' }));
  });
});
