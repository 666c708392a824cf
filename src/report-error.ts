/** The end of a command that threw: an expected failure in words, a bug with its stack. */
import { EXIT, RtmsError, type ExitCode } from './errors.js';
import { errorLines } from './report/error-view.js';
import { Terminal, type TerminalOptions } from './terminal.js';

/** Says on stderr what went wrong; resolves to the exit code for it. Never rejects for a full standard output. */
export async function reportError(error: unknown, options: TerminalOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const { lines, exitCode } = describe(error, terminal);
  for (const line of lines) terminal.err.line(line);
  await terminal.err.flush();
  return exitCode;
}

function describe(error: unknown, { errChalk }: Terminal): { lines: string[]; exitCode: ExitCode } {
  if (error instanceof RtmsError) return { lines: errorLines(error, errChalk), exitCode: error.exitCode };
  // What inquirer throws when a question is left with Ctrl-C.
  if (error instanceof Error && error.name === 'ExitPromptError') return { lines: [], exitCode: EXIT.interrupted };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    lines: [`${errChalk.red('bug in rtms:')} ${detail}`, '  report   this text, the command and the version'],
    exitCode: EXIT.bug,
  };
}
