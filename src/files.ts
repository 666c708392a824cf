/** The files a user means by names, folders and `-`, in a fixed order, each read no further than need be. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RtmsError } from './errors.js';
import { chunksOf, nameOf, unreadable } from './input.js';

export interface InputFile {
  /** As the user would write it. */
  readonly path: string;
  /** Named itself, not found in a folder. */
  readonly isNamed: boolean;
}

/** Never what anyone means by a folder. */
const SKIPPED: readonly string[] = ['node_modules', '.git'];
const GIVE = 'files or folders that can be read, or - for standard input';

/** Folders are followed down, links to folders are not. Throws RtmsError (`input`) for what is not there. */
export async function filesIn(path: string): Promise<InputFile[]> {
  if (path === '-') return [{ path, isNamed: true }];
  try {
    const isFolder = (await stat(path)).isDirectory();
    return isFolder ? (await walk(path)).map((found) => ({ path: found, isNamed: false })) : [{ path, isNamed: true }];
  } catch (error) {
    throw unreadable(path, error, GIVE);
  }
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  // By code unit: the same on every machine, whatever its language.
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.includes(entry.name)) found.push(...(await walk(path)));
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) found.push(path);
  }
  return found;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** A file whose first bytes were read. */
export interface OpenFile {
  readonly head: Uint8Array;
  /** All of it, those too. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Enough to tell what a file is; a pipe can give less at first. */
const HEAD_BYTES = 64;

/** Throws RtmsError (`input`), then or while it is read. */
export async function openFile(path: string): Promise<OpenFile> {
  const chunks = readable(path);
  let head: Uint8Array = new Uint8Array();
  while (head.length < HEAD_BYTES) {
    const { value } = await chunks.next();
    if (value === undefined) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head, chunks: prepended(head, chunks) };
}

async function* readable(path: string): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* await chunksOf(path);
  } catch (error) {
    throw unreadable(path, error, GIVE);
  }
}

async function* prepended(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

/** All of it in one; undefined for more bytes than `most`, of which no more are read. */
export async function wholeOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    size += chunk.length;
    if (size > most) return undefined;
  }
  return Buffer.concat(all);
}

export interface Line {
  readonly bytes: Uint8Array;
  /** False for a last one without its end. */
  readonly isWhole: boolean;
}

/** One event of a recording; a frame of media is far below it. */
const LONGEST_LINE = 32 * 1024 * 1024;
const NEWLINE = 0x0a;
const MEBIBYTE = 1024 * 1024;

/** A recording in lines, without their ends. Throws RtmsError (`input`) for a line longer than `most` bytes. */
export async function* linesOf(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  most = LONGEST_LINE,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { bytes: Buffer.concat([...parts, chunk.subarray(start, end)]), isWhole: true };
      parts = [];
      size = 0;
      number += 1;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > most) {
      throw new RtmsError('input', `${nameOf(path)}: line ${number} is longer than ${most / MEBIBYTE} MiB`, [
        ['give', 'a recording as rtms writes it, one event a line'],
      ]);
    }
  }
  if (size > 0) yield { bytes: Buffer.concat(parts), isWhole: false };
}
