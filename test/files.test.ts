import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, linesOf, openFile, wholeOf } from '../src/files.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

function folder(...names: readonly string[]): string {
  const path = temporaryFolder();
  for (const name of names) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), name);
  }
  return path;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('filesIn', () => {
  it('a file is itself', async () => {
    const path = temporaryFile('x');
    expect(await filesIn(path)).toEqual([{ path, isNamed: true }]);
    expect(await filesIn('-')).toEqual([{ path: '-', isNamed: true }]);
  });

  it('a folder is all that is in it, in the same order everywhere', async () => {
    const root = folder('b.json', 'a/z.json', 'a/node_modules/x.json', '.git/x.json', 'Z.json', 'a/Ä.json');
    symlinkSync(join(root, 'b.json'), join(root, 'link.json'));
    symlinkSync(root, join(root, 'a', 'loop'));
    symlinkSync(join(root, 'nowhere'), join(root, 'broken'));
    const found = (await filesIn(root)).map(({ path, isNamed }) => [path.slice(root.length + 1), isNamed]);
    expect(found).toEqual([
      ['Z.json', false],
      ['a/z.json', false],
      ['a/Ä.json', false],
      ['b.json', false],
      ['link.json', false],
    ]);
  });

  it('what is not there is an error', async () => {
    await expect(filesIn('/nowhere/x')).rejects.toMatchObject({
      category: 'input',
      message: 'cannot read /nowhere/x: there is no such file',
    });
  });
});

describe('openFile', () => {
  it('shows how a file begins, and gives all of it', async () => {
    const { head, chunks } = await openFile(temporaryFile('hello'));
    expect(Buffer.from(head).toString()).toBe('hello');
    expect(Buffer.from((await wholeOf(chunks, 100)) ?? '').toString()).toBe('hello');
  });

  it('reads no more than need be', async () => {
    const { chunks } = await openFile(temporaryFile(Buffer.alloc(1_000_000)));
    expect(await wholeOf(chunks, 100_000)).toBeUndefined();
  });

  it('says what cannot be read', async () => {
    await expect(openFile(temporaryFolder())).rejects.toMatchObject({
      category: 'input',
      message: expect.stringContaining('it is a directory'),
    });
  });
});

describe('linesOf', () => {
  const lines = async (most: number, ...texts: readonly string[]): Promise<[string, boolean][]> =>
    (await collect(linesOf('x', chunks(...texts), most))).map(({ bytes, isWhole }) => [
      Buffer.from(bytes).toString(),
      isWhole,
    ]);

  it.each<[string, readonly string[], readonly [string, boolean][]]>([
    [
      'in one piece',
      ['a\nb\n'],
      [
        ['a', true],
        ['b', true],
      ],
    ],
    [
      'across pieces',
      ['a', 'b', '\n\nc', 'd\n'],
      [
        ['ab', true],
        ['', true],
        ['cd', true],
      ],
    ],
    [
      'without an end',
      ['a\nb'],
      [
        ['a', true],
        ['b', false],
      ],
    ],
    ['none', [], []],
  ])('%s', async (_, texts, expected) => expect(await lines(100, ...texts)).toEqual(expected));

  it('refuses one that is too long', async () => {
    await expect(lines(1024 * 1024, 'a\n', 'x'.repeat(2 * 1024 * 1024))).rejects.toThrow(
      'x: line 2 is longer than 1 MiB',
    );
  });
});
