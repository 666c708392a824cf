/** What can go wrong before or beside a diagnosis, by category, and the exit codes. The texts name the next step. */

/** The exit codes scripts rely on; README.md has the table. */
export const EXIT = { ok: 0, failed: 1, usage: 2, incomplete: 3, bug: 70, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Of several parts of one run: what failed outweighs what could not be completed. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return [EXIT.failed, EXIT.bug, EXIT.incomplete].find((code) => codes.includes(code)) ?? EXIT.ok;
}

/** `usage` and `input` are the caller's to mend, `network` and `disk` the surroundings'. */
export type ErrorCategory = 'usage' | 'input' | 'network' | 'disk' | 'interrupted';

const EXIT_BY_CATEGORY: Readonly<Record<ErrorCategory, ExitCode>> = {
  usage: EXIT.usage,
  input: EXIT.usage,
  network: EXIT.incomplete,
  disk: EXIT.incomplete,
  interrupted: EXIT.interrupted,
};

/** A labelled line under the message: `give   ZOOM_CLIENT_SECRET …`. */
export type Hint = readonly [label: string, text: string];

/** An expected failure: printed as its message and hints, never with a stack trace. */
export class RtmsError extends Error {
  override readonly name = 'RtmsError';
  readonly category: ErrorCategory;
  readonly hints: readonly Hint[];

  constructor(category: ErrorCategory, message: string, hints: readonly Hint[] = [], options?: ErrorOptions) {
    super(message, options);
    this.category = category;
    this.hints = hints;
  }

  get exitCode(): ExitCode {
    return EXIT_BY_CATEGORY[this.category];
  }
}

/** The code of a system or library error, such as `ENOENT`; its message or name where there is none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}

/** One line of text for any thrown value. An AggregateError, as from several addresses, speaks through its first. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return errorText(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** OpenSSL puts file and line of its own source into the message; its `reason` says the same in words. */
export function plainText(error: unknown): string {
  const reason: unknown = error instanceof Error ? Reflect.get(error, 'reason') : undefined;
  return typeof reason === 'string' ? reason : errorText(error);
}
