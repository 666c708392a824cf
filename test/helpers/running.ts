/** The built binary while it runs: what it has said so far, and how it takes an interrupt. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './folder.js';
import { BIN, type Run } from './transcript.js';

export class Running {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #heard: () => void = () => undefined;

  /** `env` is the whole environment but PATH. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: temporaryFolder(),
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#closed = once(child, 'close');
    child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.#heard();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
      this.#heard();
    });
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** Resolves when it has said this, on either stream. Rejects if it ends before. */
  async said(words: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = words.exec(this.stdout) ?? words.exec(this.stderr);
      if (found) return found;
      const heard = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      await Promise.race([heard, this.#closed]);
      if (this.#child.exitCode === null) continue;
      const last = words.exec(this.stdout) ?? words.exec(this.stderr);
      if (last) return last;
      throw new Error(`it ended without ${words}:\n${this.stdout}${this.stderr}`);
    }
  }

  /** Ctrl-C, and what came of it. */
  async interrupt(): Promise<Run> {
    this.#child.kill('SIGINT');
    return this.ended();
  }

  async ended(): Promise<Run> {
    await this.#closed;
    return { stdout: this.stdout, stderr: this.stderr, code: this.#child.exitCode ?? -1 };
  }
}
