/**
 * The terminal: stdout and stderr, colour, progress, questions, Ctrl-C. The only place that knows whether anyone
 * is watching; it decides nothing about content.
 */
import { isatty } from 'node:tty';
import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import { errorCode, EXIT, RtmsError } from './errors.js';
import { Writer } from './writer.js';

export interface ChooseOptions {
  readonly message: string;
  /** Where the answer is to be seen. */
  readonly hint?: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

export interface TerminalOptions {
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** False forbids questions. */
  readonly input?: boolean;
}

/** Beyond this many characters of backlog, what may be left out is left out. */
const BACKLOG_LIMIT = 4 * 1024 * 1024;
const STDIN = 0;

/** One output stream, line by line. */
export class Output {
  readonly isTTY: boolean;
  /** Aborted when the reader is gone, as after `| head`. */
  readonly gone: AbortSignal;
  /** Lines left out because the reader was too slow. */
  dropped = 0;
  /** Code of the error that ended writing, other than a reader that went away. */
  failure: string | undefined;
  readonly #writer: Writer;

  constructor(fd: number) {
    const closed = new AbortController();
    this.isTTY = isatty(fd);
    this.gone = closed.signal;
    this.#writer = new Writer(fd, (error) => {
      const code = errorCode(error);
      if (code !== 'EPIPE') this.failure = code;
      closed.abort();
    });
  }

  line(text = ''): void {
    this.#writer.write(`${text}\n`);
  }

  /** Like `line`, but left out while the reader is far behind. */
  offer(text: string): void {
    if (this.#writer.backlog > BACKLOG_LIMIT) this.dropped += 1;
    else this.line(text);
  }

  /** Resolves when everything is written, or nobody reads any more. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }
}

/** Colour level of one stream: flag, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
export function colorLevel(
  flag: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): ColorSupportLevel {
  if (flag !== undefined) return flag ? 1 : 0;
  if (env['NO_COLOR']) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : 1;
  return isTTY && env['TERM'] !== 'dumb' ? 1 : 0;
}

/** Standard output and error of one run, coloured or not, and the person at them, if there is one. */
export class Terminal {
  readonly out = new Output(1);
  readonly err = new Output(2);
  /** Colours for stdout. */
  readonly chalk: ChalkInstance;
  /** Colours for stderr. */
  readonly errChalk: ChalkInstance;
  readonly columns: number;
  readonly #options: TerminalOptions;

  constructor(options: TerminalOptions, env: Readonly<Record<string, string | undefined>>) {
    this.#options = options;
    this.chalk = new Chalk({ level: colorLevel(options.color, env, this.out.isTTY) });
    this.errChalk = new Chalk({ level: colorLevel(options.color, env, this.err.isTTY) });
    this.columns = (this.out.isTTY && process.stdout.columns) || 100;
  }

  /** Asks a person; undefined unless stdin and stderr are terminals and nothing forbids it. */
  get ask(): ((question: { message: string; secret: boolean }) => Promise<string>) | undefined {
    return this.#mayAsk ? askOnStderr : undefined;
  }

  /** Lets a person choose; undefined where `ask` is. Resolves to undefined on Ctrl-C: what was answered before holds. */
  get choose(): ((options: ChooseOptions) => Promise<string | undefined>) | undefined {
    return this.#mayAsk ? chooseOnStderr : undefined;
  }

  get #mayAsk(): boolean {
    return isatty(STDIN) && this.err.isTTY && this.#options.input !== false && this.#options.json !== true;
  }

  /** A remark on stderr, unless only the result is wanted. */
  notice(text: string): void {
    if (!this.#options.quiet) this.err.line(text);
  }

  /**
   * A spinner on stderr for work that takes long, which may `say` what it is about. Where nobody watches, only what is
   * said is shown, line by line.
   */
  async spin<T>(text: string, work: (say: (text: string) => void) => Promise<T>): Promise<T> {
    if (!this.err.isTTY || this.#options.json || this.#options.quiet) return work((said) => this.notice(said));
    const { default: ora } = await import('ora');
    const spinner = ora({ text, stream: process.stderr }).start();
    const say = (said: string): void => {
      spinner.text = said;
    };
    return work(say).finally(() => spinner.stop());
  }

  /** Runs `stop` on the first Ctrl-C or SIGTERM; the second leaves at once with 130. Returns how to stop listening. */
  onInterrupt(stop: () => void): () => void {
    let interrupted = false;
    const handler = (): void => {
      if (interrupted) process.exit(EXIT.interrupted);
      interrupted = true;
      stop();
    };
    process.on('SIGINT', handler).on('SIGTERM', handler);
    return () => process.off('SIGINT', handler).off('SIGTERM', handler);
  }

  /** Aborted on Ctrl-C, when the time is over, and when nobody reads the output any more. */
  until(durationMs: number | undefined, { gone }: Output): AbortSignal {
    const end = new AbortController();
    const stop = (): void => end.abort();
    // It listens to the last: a second Ctrl-C leaves at once.
    this.onInterrupt(stop);
    gone.addEventListener('abort', stop);
    // Not AbortSignal.timeout: joined to others, it can be collected before its time.
    if (durationMs !== undefined) setTimeout(stop, durationMs).unref();
    return end.signal;
  }

  /** Resolves when everything is written. Throws RtmsError (`disk`) if the result could not be, as on a full disk. */
  async flush(): Promise<void> {
    await Promise.all([this.out.flush(), this.err.flush()]);
    const { failure } = this.out;
    if (failure === undefined) return;
    throw new RtmsError('disk', `cannot write the result: ${failure}`, [['give', 'another place for standard output']]);
  }
}

/** Resolves once the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

/** Rejects with inquirer's ExitPromptError on Ctrl-C. */
async function askOnStderr({ message, secret }: { message: string; secret: boolean }): Promise<string> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ output: process.stderr });
  const { value } = await prompt<{ value: string }>([
    secret
      ? { type: 'password', name: 'value', message, mask: '*' }
      : { type: 'input', name: 'value', message, required: true },
  ]);
  return value;
}

async function chooseOnStderr(options: ChooseOptions): Promise<string | undefined> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ output: process.stderr });
  const choices = options.choices.map(({ value, label }) => ({ value, name: label }));
  const message = options.hint === undefined ? options.message : `${options.message} (${options.hint})`;
  try {
    const { value } = await prompt<{ value: string }>([
      { type: 'select', name: 'value', message, choices, pageSize: choices.length, loop: false },
    ]);
    return value;
  } catch (error) {
    if (errorCode(error) === 'ExitPromptError') return undefined;
    throw error;
  }
}
