/** What a session leaves on disk: created for its owner alone, written as it runs, never in the way of it. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { errorCode, RtmsError } from './errors.js';
import type { SessionEvent, SessionHeader } from './session/event.js';
import { toLine } from './session/jsonl.js';
import { Writer } from './writer.js';

export const OWNER_ONLY = 0o600;

/** The path is wrong; of anything else the disk is the reason. */
const MISNAMED: readonly string[] = ['EEXIST', 'ENOENT', 'ENOTDIR', 'EISDIR'];

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already, and a recording is evidence: name another file',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'there is a file where a folder is needed',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** A recording being written. Events beyond a write error are dropped, and `failure` says why. */
export class RecordFile {
  readonly path: string;
  /** Why writing stopped, if it did; what was written until then is whole but for its last line. */
  failure: string | undefined;
  readonly #file: FileHandle;
  readonly #writer: Writer;

  private constructor(path: string, file: FileHandle, onFailure: (reason: string) => void) {
    this.path = path;
    this.#file = file;
    this.#writer = new Writer(file.fd, (error) => {
      this.failure = reasonOf(error);
      onFailure(this.failure);
    });
  }

  /**
   * Throws RtmsError (`disk`; `usage` for a path that cannot be meant). `onFailure` is called once if writing fails
   * later.
   */
  static async create(path: string, header: SessionHeader, onFailure: (reason: string) => void): Promise<RecordFile> {
    try {
      const file = await openNew(path);
      const record = new RecordFile(path, file, onFailure);
      record.#writer.write(toLine(header));
      return record;
    } catch (error) {
      throw refusal(`cannot record to ${path}`, '--record FILE', error);
    }
  }

  write(event: SessionEvent): void {
    this.#writer.write(toLine(event));
  }

  async close(): Promise<void> {
    await this.#writer.flush();
    await this.#file.close();
  }

  /** Closes a record of nothing, and takes it away again where it is a file. */
  async discard(): Promise<void> {
    const isFile = (await this.#file.stat()).isFile();
    await this.close();
    if (isFile) await rm(this.path);
  }
}

/** A new file; devices and pipes, which exist before, are opened as they are. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'ax', OWNER_ONLY);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const file = await open(path, 'a');
    if (!(await file.stat()).isFile()) return file;
    await file.close();
    throw error;
  }
}

/** What an error of the file system keeps from happening, with the flag that gives another path. */
export function refusal(what: string, flag: string, error: unknown): RtmsError {
  const category = MISNAMED.includes(errorCode(error)) ? 'usage' : 'disk';
  return new RtmsError(category, `${what}: ${reasonOf(error)}`, [['give', flag]], { cause: error });
}

/** A file error in words. */
export const reasonOf = (error: unknown): string => REASONS[errorCode(error)] ?? errorCode(error);

/** TLS keys, appended as Wireshark and others read them. They open the traffic to whoever has the file. */
export class KeylogFile {
  readonly #file: FileHandle;
  readonly #writer: Writer;

  private constructor(file: FileHandle, onFailure: (reason: string) => void) {
    this.#file = file;
    this.#writer = new Writer(file.fd, (error) => onFailure(reasonOf(error)));
  }

  /** Throws RtmsError as `RecordFile.create`. `onFailure` is called once if writing fails later. */
  static async open(path: string, onFailure: (reason: string) => void): Promise<KeylogFile> {
    const file = await open(path, 'a', OWNER_ONLY).catch((error: unknown) => {
      throw refusal(`cannot write to ${path}`, '--keylog FILE', error);
    });
    return new KeylogFile(file, onFailure);
  }

  write(line: Buffer): void {
    this.#writer.write(line.toString());
  }

  async close(): Promise<void> {
    await this.#writer.flush();
    await this.#file.close();
  }
}
