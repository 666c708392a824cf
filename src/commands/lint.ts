/** `rtms lint`: judges handshakes, webhooks, manifests, recordings and logs, each finding at its place in the file. */
import { readArtefacts, whyNothing, type Encoding, type ReadOptions } from '../artefact/read.js';
import { isRecording } from '../artefact/recording.js';
import { Source } from '../artefact/source.js';
import { Config, secretsOf, type CredentialOptions, type GlobalOptions } from '../config.js';
import { errorText, EXIT, RtmsError, type ExitCode } from '../errors.js';
import { filesIn, linesOf, openFile, wholeOf, type InputFile, type OpenFile } from '../files.js';
import { flagOf, nameOf, refuseSharedInput } from '../input.js';
import { Linter, type Judgement, type LintFile, type RecordingLinter, type Unchecked } from '../linter.js';
import { errorLines } from '../report/error-view.js';
import { annotation, failedAnnotation } from '../report/github.js';
import { lintLines } from '../report/lint-view.js';
import { labelled } from '../report/text.js';
import { count } from '../session/words.js';
import { Terminal } from '../terminal.js';
import { TOOL } from '../version.js';

export interface LintOptions extends GlobalOptions, CredentialOptions {
  readonly as?: 'handshake' | 'message' | 'webhook' | 'manifest' | 'recording';
  readonly hex?: boolean;
  readonly base64?: boolean;
  readonly raw?: boolean;
  readonly github?: boolean;
}

/** A log or a dump; above it nobody reads the findings. Recordings have no limit. */
const MOST_BYTES = 4 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/** Judges what can be read, and says what cannot. Throws RtmsError (`usage`) for options that exclude each other. */
export async function lint(paths: readonly string[], options: LintOptions): Promise<ExitCode> {
  refuseContradictions(paths, options);
  const terminal = new Terminal(options, process.env);
  try {
    const config = new Config(options, process.env);
    const linter = await createLinter(config, options, terminal);
    const result = await terminal.spin('reading', () => judgeAll(paths, linter, options));
    await publish(result, linter, options, terminal);
    return exitCodeOf(result);
  } finally {
    await terminal.flush();
  }
}

function refuseContradictions(paths: readonly string[], options: LintOptions): void {
  refuseTogether(options, ['hex', 'base64', 'raw']);
  refuseTogether(options, ['json', 'github']);
  const encoding = encodingOf(options);
  if (options.as === 'recording' && encoding !== undefined) {
    throw new RtmsError('usage', `--as recording and --${encoding} exclude each other`, [
      ['give', 'the recording alone: it is text, one event a line'],
    ]);
  }
  refuseSharedInput(options);
  const secret = (['clientSecretFile', 'secretTokenFile'] as const).find((name) => options[name] === '-');
  if (secret !== undefined && paths.includes('-')) {
    throw new RtmsError('usage', `${flagOf(secret)} and FILE both read standard input`, [
      ['give', 'a file for one of them'],
    ]);
  }
}

function refuseTogether(options: LintOptions, names: readonly (keyof LintOptions)[]): void {
  const [first, second] = names.filter((name) => options[name] === true);
  if (first === undefined || second === undefined) return;
  throw new RtmsError('usage', `${flagOf(first)} and ${flagOf(second)} exclude each other`, [['give', 'one of them']]);
}

const ENCODINGS: readonly Encoding[] = ['hex', 'base64', 'raw'];
const encodingOf = (options: LintOptions): Encoding | undefined => ENCODINGS.find((name) => options[name] === true);

/** Credentials are used where they are there, and asked for nowhere: most of a file can be judged without. */
async function createLinter(config: Config, options: LintOptions, terminal: Terminal): Promise<Linter> {
  const sdkOptions = { ...options, product: 'video-sdk' };
  const clientId = await config.credential('clientId', options);
  const clientSecret = await config.credential('clientSecret', options);
  const sdkKey = await config.credential('clientId', sdkOptions);
  const sdkSecret = await config.credential('clientSecret', sdkOptions);
  const secretToken = await config.credential('secretToken', options);
  const linter = new Linter({
    tool: TOOL,
    credentials: clientId && clientSecret && { clientId, clientSecret, secretToken },
    sdkCredentials: sdkKey && sdkSecret && { clientId: sdkKey, clientSecret: sdkSecret, secretToken },
    webhookSecrets: secretToken && {
      secretToken: secretToken.value,
      ...(clientSecret && { clientSecret: clientSecret.value }),
    },
    redact: {
      secrets: [clientSecret, sdkSecret].flatMap((secret) => secretsOf({ clientSecret: secret, secretToken })),
      showSignatures: options.showSecrets === true,
    },
  });
  const all = [clientId, clientSecret, sdkKey, sdkSecret, secretToken];
  const checks = all.flatMap((credential) => credential?.checks ?? []);
  const findings = linter.judgeCredentials(checks).map(({ message, fix }) => [message, fix].join('; '));
  // Both pairs can be of one source.
  for (const warning of new Set([...config.warnings, ...findings])) terminal.err.line(`warning: ${warning}`);
  return linter;
}

interface Result {
  readonly judgements: readonly Judgement[];
  readonly errors: readonly RtmsError[];
  /** Files of folders that hold nothing to judge. */
  readonly skipped: number;
}

/** One file that cannot be read does not keep the others from being judged. */
async function judgeAll(paths: readonly string[], linter: Linter, options: LintOptions): Promise<Result> {
  const errors: RtmsError[] = [];
  const attempt = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof RtmsError)) throw error;
      errors.push(error);
      return undefined;
    }
  };
  const read = new Map<string, LintFile | Judgement>();
  let skipped = 0;
  for (const path of new Set(paths)) {
    const files = await attempt(filesIn(path));
    const before = errors.length;
    for (const file of files ?? []) {
      const content = read.get(file.path) ?? (await attempt(readOne(file, linter, options)));
      if (content) read.set(file.path, content);
    }
    if (!files) continue;
    const silent = files.length - files.filter((file) => read.has(file.path)).length - (errors.length - before);
    if (silent === files.length) errors.push(nothingIn(path, silent));
    else skipped += silent;
  }
  const documents = linter.lint([...read.values()].filter((content) => 'artefacts' in content));
  const judgements = [...read.values()].flatMap((content) =>
    'artefacts' in content ? documents.filter(({ file }) => file === content.name) : [content],
  );
  return { judgements, errors, skipped };
}

function nothingIn(path: string, files: number): RtmsError {
  const seen = files === 0 ? 'it is empty' : `${count(files, 'file')}, none of them recognised`;
  return new RtmsError('input', `${path} holds nothing to judge: ${seen}`, [
    ['give', 'a file itself, with --as to say what it is'],
  ]);
}

/** Logs go by these names in a folder, where most of the rest is source code. */
const LOG = /\.(?:log|txt|out)$/i;

/** Undefined for a file of a folder that holds nothing to judge. Throws RtmsError (`input`). */
async function readOne(
  file: InputFile,
  linter: Linter,
  options: LintOptions,
): Promise<LintFile | Judgement | undefined> {
  const { path, isNamed } = file;
  const name = nameOf(path);
  const encoding = encodingOf(options);
  const opened = await openFile(path);
  if (options.as === 'recording' || (options.as === undefined && !encoding && isRecording(opened.head))) {
    return judgeRecording(path, opened, linter);
  }
  const bytes = await wholeOf(opened.chunks, MOST_BYTES);
  if (!bytes) return isNamed ? refuse(`${name} is larger than ${MOST_BYTES / MEBIBYTE} MiB`, CUT) : undefined;
  if (bytes.length === 0) return isNamed ? refuse(`${name} is empty`, FILL) : undefined;
  const readOptions: ReadOptions = {
    ...(options.as !== undefined && { kind: options.as }),
    ...(encoding && { encoding }),
    search: isNamed || LOG.test(path),
  };
  const source = new Source(bytes);
  const artefacts = readArtefacts(source, readOptions);
  if (artefacts.length > 0) return { name, source, artefacts };
  return isNamed ? refuse(`${name} ${whyNothing(source, readOptions)}`, SAY) : undefined;
}

const CUT = ['give', 'the part around the failure: tail -c 4M FILE | rtms lint -'] as const;
const FILL = ['give', 'a file with something in it, or - for standard input'] as const;
const SAY = [
  'give',
  '--as handshake|message|webhook|manifest if it is one, and --hex, --base64 or --raw for how it is written',
] as const;

const RECORD = ['give', 'a recording of this rtms or an older one: connect and proxy write it with --record'] as const;

function refuse(message: string, hint: readonly [label: string, text: string]): never {
  throw new RtmsError('input', message, [hint]);
}

async function judgeRecording(path: string, { chunks }: OpenFile, linter: Linter): Promise<Judgement> {
  const name = nameOf(path);
  const lines = linesOf(path, chunks);
  const { value: first } = await lines.next();
  const recording = startRecording(name, first?.bytes ?? new Uint8Array(), linter);
  for await (const { bytes, isWhole } of lines) recording.take(bytes, isWhole);
  const judgement = recording.finish();
  const [problem = 'nothing follows its first line'] = judgement.assumptions;
  return judgement.size > 0 ? judgement : refuse(`${name} is a recording without an event: ${problem}`, RECORD);
}

function startRecording(name: string, firstLine: Uint8Array, linter: Linter): RecordingLinter {
  try {
    return linter.recording(name, firstLine);
  } catch (error) {
    throw new RtmsError('input', `${name}: ${errorText(error)}`, [RECORD]);
  }
}

/** What failed counts before what could not be read: it is the result. */
function exitCodeOf({ judgements, errors }: Result): ExitCode {
  const statuses = judgements.flatMap(({ findings }) => findings.map(({ finding }) => finding.status));
  if (statuses.includes('fail')) return EXIT.failed;
  if (statuses.includes('crash')) return EXIT.bug;
  return errors.length > 0 ? EXIT.usage : EXIT.ok;
}

/* Showing */

async function publish(result: Result, linter: Linter, options: LintOptions, terminal: Terminal): Promise<void> {
  const { judgements, errors, skipped } = result;
  const { chalk, errChalk, columns, out, err } = terminal;
  const unchecked = [...linter.unchecked].map((why) => UNCHECKED[why]);
  if (options.json) {
    const ok = exitCodeOf(result) === EXIT.ok;
    const failed = errors.map(({ message }) => ({ message }));
    out.line(
      JSON.stringify({ schemaVersion: 1, ok, files: judgements.map(jsonOf), errors: failed, unchecked, skipped }),
    );
    return;
  }
  const findings = judgements.flatMap((judgement) => judgement.findings);
  const lines = options.github
    ? [...findings.map(annotation), ...errors.map(({ message }) => failedAnnotation(message))]
    : judgements.length === 0
      ? []
      : lintLines(judgements, { chalk, columns, quiet: options.quiet === true, verbose: options.verbose === true });
  for (const line of lines) out.line(line);
  // On a terminal the two streams are one: what is on stderr comes behind, not in between.
  await out.flush();
  for (const error of options.github ? [] : errors) for (const line of errorLines(error, errChalk)) err.line(line);
  const notices = unchecked.flatMap((text) => labelled('not checked:', text, { indent: 0, column: 13, columns }));
  for (const line of notices) terminal.notice(line);
  if (skipped > 0) terminal.notice(`skipped ${count(skipped, 'file')} with nothing to judge`);
}

const UNCHECKED: Readonly<Record<Unchecked, string>> = {
  'no-credentials':
    'handshake signatures; give ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET in the environment or .env, or ' +
    '--client-id ID and --client-secret-file FILE',
  'no-secret-token': 'x-zm-signature; give ZOOM_SECRET_TOKEN in the environment or .env, or --secret-token-file FILE',
  masked: 'signatures that are masked or shortened',
  'no-ids': 'signatures without the ids they cover; give the webhook too: rtms lint started.json mine.json',
};

/** The event numbers of a document are those of no recording. */
function jsonOf({ file, kind, size, assumptions, findings }: Judgement): object {
  return {
    file,
    kind,
    [kind === 'recording' ? 'events' : 'bytes']: size,
    ...(assumptions.length > 0 && { assumed: assumptions }),
    findings: findings.map(({ finding, spots: [spot] }) => ({
      ...finding,
      ...(kind !== 'recording' && {
        evidence: finding.evidence.map(({ path, bytes, note }) => ({ path, bytes, note })),
      }),
      ...(spot && { location: spot.location }),
    })),
  };
}
