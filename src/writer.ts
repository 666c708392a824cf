/** An ordered writer to a file descriptor that never holds up its caller. Knows neither terminals nor recordings. */
import { write } from 'node:fs';
import { promisify } from 'node:util';

/** A non-blocking pipe that is full is asked again after this many ms. */
const FULL_PIPE_MS = 20;

const writeFd = promisify(write);

/**
 * Node writes to pipes, files and terminals synchronously: a reader that pauses would stop the event loop, and with
 * it the answers to keep-alives. Writes here wait in a worker thread instead, in order, joined while one is under way.
 */
export class Writer {
  /** Characters accepted but not written yet. */
  backlog = 0;
  readonly #fd: number;
  readonly #onError: (error: unknown) => void;
  #queue: string[] = [];
  #failed = false;
  #writing: Promise<void> | undefined;

  /** After an error nothing more is written; `onError` is called once. */
  constructor(fd: number, onError: (error: unknown) => void) {
    this.#fd = fd;
    this.#onError = onError;
  }

  write(text: string): void {
    if (this.#failed) return;
    this.#queue.push(text);
    this.backlog += text.length;
    this.#writing ??= this.#drain();
  }

  /** Resolves when everything accepted is written, or writing has failed. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#failed) {
      const text = this.#queue.join('');
      this.#queue = [];
      await this.#writeAll(Buffer.from(text));
      this.backlog -= text.length;
    }
    // At once, not when the promise settles: a write in between would wait for ever.
    this.#writing = undefined;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      try {
        at += (await writeFd(this.#fd, bytes, at)).bytesWritten;
      } catch (error) {
        if (Reflect.get(Object(error), 'code') === 'EAGAIN') {
          await new Promise((resolve) => setTimeout(resolve, FULL_PIPE_MS));
          continue;
        }
        this.#failed = true;
        this.#onError(error);
        return;
      }
    }
  }
}
