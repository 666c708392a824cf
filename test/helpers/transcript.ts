/** Runs the built binary as a user would, and compares what it says with a transcript file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { quoted } from '../../src/rerun.js';
import { temporaryFolder } from './folder.js';

export const BIN = fileURLToPath(new URL('../../bin/rtms.js', import.meta.url));
const TRANSCRIPTS = fileURLToPath(new URL('../../fixtures/transcripts/', import.meta.url));

interface RunOptions {
  /** The whole environment but PATH, and ZOOM_HOST: whatever a test forgets, nothing of it leaves this machine. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; nothing unless given. */
  readonly input?: string | Uint8Array;
  /** Working directory; an empty one unless given. */
  readonly cwd?: string;
}

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; -1 if a signal ended it. */
  readonly code: number;
}

export async function runRtms(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { env = {}, input, cwd = temporaryFolder() } = options;
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ZOOM_HOST: 'http://localhost:9', ...env },
  });
  // A command that fails early leaves its input unread.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode ?? -1 };
}

/**
 * The run must read like fixtures/transcripts/<name>.txt: command, stdout, stderr, exit code. `normalise` replaces
 * what differs from run to run, such as times.
 */
export async function expectTranscript(
  name: string,
  args: readonly string[],
  { normalise = (line) => line, ...options }: RunOptions & { readonly normalise?: (text: string) => string } = {},
): Promise<Run> {
  const run = await runRtms(args, options);
  const { stdout, stderr, code } = run;
  const piped = options.input === undefined ? '' : '… | ';
  const errors = stderr === '' ? '' : `[stderr]\n${stderr}`;
  const transcript = `$ ${piped}rtms ${args.map(quoted).join(' ')}\n${stdout}${errors}[exit ${code}]\n`;
  await expect(normalise(transcript)).toMatchFileSnapshot(`${TRANSCRIPTS}${name}.txt`);
  return run;
}
