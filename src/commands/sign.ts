/** `rtms sign`: computes the three signatures of RTMS, and finds the mistake in one that is wrong. */
import {
  checksOf,
  Config,
  secretsOf,
  type Credential,
  type CredentialOptions,
  type Credentials,
  type GlobalOptions,
} from '../config.js';
import { EXIT, RtmsError, type ExitCode } from '../errors.js';
import { flagOf, nameOf, readBytes, readJson, readText, refuseSharedInput, unwrapped } from '../input.js';
import { readMessageText } from '../protocol/framing.js';
import {
  recogniseChallenge,
  recogniseHandshakeSignature,
  recogniseWebhookSignature,
  type Recognition,
} from '../protocol/signature-mistakes.js';
import { answerUrlValidation, handshakeMessage, sameSignature } from '../protocol/signature.js';
import { decodeWebhook, type Entity, type Webhook } from '../protocol/webhooks.js';
import { diagnosisLines } from '../report/diagnosis-view.js';
import {
  comparisonLines,
  signedLines,
  verdictLines,
  type SignViewOptions,
  type Verification,
} from '../report/sign-view.js';
import { describeChallenge, describeHandshake, describeWebhook, idWarnings, type Signed } from '../report/signed.js';
import { snippet, SNIPPET_LANGUAGES } from '../report/snippets.js';
import { printable } from '../report/text.js';
import { count } from '../session/words.js';
import { rerunLine } from '../rerun.js';
import { RULES } from '../rules/index.js';
import { exitCodeOf, runRules, type Diagnosis } from '../rules/rule.js';
import type { CheckEvent, EventBody } from '../session/event.js';
import { readFrame, sentFrame } from '../session/message.js';
import { eventRedactor } from '../session/redact.js';
import { checkSignature, idsOfFrame, signatureInputs } from '../session/signature-check.js';
import { Timeline } from '../session/timeline.js';
import { Terminal } from '../terminal.js';
import { TOOL } from '../version.js';

interface CommonOptions extends GlobalOptions, CredentialOptions {
  readonly verify?: string;
  readonly explain?: boolean;
}

export interface SignOptions extends CommonOptions {
  readonly payload?: string;
  readonly meetingUuid?: string;
  readonly webinarUuid?: string;
  readonly sessionId?: string;
  readonly engagementId?: string;
  readonly callId?: string;
  readonly streamId?: string;
  readonly handshake?: string;
  readonly snippet?: string;
}

export interface SignWebhookOptions extends CommonOptions {
  readonly body: string;
  readonly timestamp?: string;
}

export type ChallengeOptions = CommonOptions;

/** The signature of a handshake, the verdict on one, the verdict on a whole frame, or code that signs. */
export function sign(options: SignOptions): Promise<ExitCode> {
  return attended(options, async (terminal, config) => {
    refuseTogether(options, ['verify', 'handshake', 'snippet']);
    const { snippet: language, handshake } = options;
    const webhook = await readWebhook(options, terminal);
    if (language !== undefined) return printSnippet(language, webhook, options, terminal);
    if (handshake !== undefined) return judgeHandshake(handshake, webhook, options, terminal, config);
    const stream = await requireStream(webhook, options, terminal);
    const credentials = await readCredentials(options, config, terminal);
    const given = await readGiven(options, terminal);
    return publish(signStream(stream, credentials, given), options, terminal);
  });
}

/** `x-zm-signature` of a request body, or the verdict on one. */
export function signWebhookBody(options: SignWebhookOptions): Promise<ExitCode> {
  return attended(options, async (terminal, config) => {
    const timestamp = readTimestamp(options, terminal);
    const body = await readBytes(options.body, '--body');
    const tokens = await readTokens(options, config, terminal);
    const { eventTs } = decodeWebhook(readMessageText(body).value);
    const request = { body, timestamp, ...(eventTs !== undefined && { eventTs }) };
    const signed = describeWebhook({ body, file: nameOf(options.body), timestamp, secretToken: tokens.credential });
    const verification = compare(await readGiven(options, terminal), signed, (given) =>
      recogniseWebhookSignature({ given, ...request, ...tokens.values }),
    );
    return publish({ signed, verification, json: { signature: signed.value, timestamp } }, options, terminal);
  });
}

/** The body that answers endpoint.url_validation, or the verdict on an encryptedToken. */
export function signChallenge(plainToken: string, options: ChallengeOptions): Promise<ExitCode> {
  return attended(options, async (terminal, config) => {
    if (plainToken === '') {
      throw new RtmsError('usage', 'the plainToken is empty', [['give', 'payload.plainToken of the challenge']]);
    }
    const tokens = await readTokens(options, config, terminal);
    const signed = describeChallenge({ plainToken, secretToken: tokens.credential });
    const verification = compare(await readGiven(options, terminal), signed, (given) =>
      recogniseChallenge({ given, plainToken, ...tokens.values }),
    );
    const json = answerUrlValidation(plainToken, tokens.values.secretToken);
    return publish({ signed, verification, json }, options, terminal);
  });
}

/** Runs a command with a terminal that is written to its end. */
async function attended(
  options: CommonOptions,
  command: (terminal: Terminal, config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  refuseSharedInput(options);
  const terminal = new Terminal(options, process.env);
  try {
    return await command(terminal, new Config(options, process.env));
  } finally {
    await terminal.flush();
  }
}

/* What is to be signed */

const ENTITY_OPTIONS = [
  ['meetingUuid', 'meeting_uuid'],
  ['webinarUuid', 'webinar_uuid'],
  ['sessionId', 'session_id'],
  ['engagementId', 'engagement_id'],
  ['callId', 'call_id'],
] as const satisfies readonly (readonly [keyof SignOptions, Entity['field']])[];
const ID_OPTIONS = [...ENTITY_OPTIONS, ['streamId', 'rtms_stream_id']] as const;

/** The payload, or the ids given one by one as if a payload held them; undefined for neither. */
async function readWebhook(options: SignOptions, terminal: Terminal): Promise<Webhook | undefined> {
  refuseTogether(
    options,
    ENTITY_OPTIONS.map(([option]) => option),
  );
  for (const [option] of ID_OPTIONS) refuseTogether(options, ['payload', option]);
  if (options.payload !== undefined) {
    const { value, repairs } = await readJson(options.payload, '--payload');
    for (const repair of repairs) terminal.notice(repair);
    return decodeWebhook(value);
  }
  const ids = ID_OPTIONS.map(([option, field]) => [field, options[option]]).filter(([, id]) => id !== undefined);
  return ids.length === 0 ? undefined : decodeWebhook(Object.fromEntries(ids));
}

/** One stream, with everything that could be taken for one of its ids. */
interface Stream extends Pick<Webhook, 'product' | 'ids'> {
  readonly entity: Entity;
  readonly streamId: string;
}

async function requireStream(webhook: Webhook | undefined, options: SignOptions, terminal: Terminal): Promise<Stream> {
  const { entity, product, ids = {} } = webhook ?? {};
  const streamId = webhook?.streamId ?? (entity && (await askStreamId(options, terminal)));
  if (!entity || streamId === undefined) throw missingIds(webhook, options);
  for (const warning of idWarnings(entity, streamId, product)) terminal.err.line(`warning: ${warning}`);
  return { entity, streamId, ids, ...(product && { product }) };
}

async function askStreamId({ payload, streamId }: SignOptions, { ask }: Terminal): Promise<string | undefined> {
  if (payload !== undefined || streamId !== undefined) return undefined;
  return ask?.({ message: 'rtms_stream_id', secret: false });
}

function missingIds(webhook: Webhook | undefined, options: SignOptions): RtmsError {
  const { entity, streamId, kind, event } = webhook ?? {};
  const missing = [
    ...(entity ? [] : [`entity id (${ENTITY_OPTIONS.map(([, field]) => field).join(', ')})`]),
    ...(streamId === undefined ? ['rtms_stream_id'] : []),
  ].join(' and no ');
  if (options.payload !== undefined) {
    const seen = `event ${printable(event ?? '')}, which is not about RTMS`;
    return new RtmsError('input', `${nameOf(options.payload)} has no ${missing}`, [
      ...(kind === 'not-rtms' ? [['seen', seen] as const] : []),
      ['give', '--payload FILE with the rtms_started webhook as Zoom posted it'],
    ]);
  }
  const empty = ID_OPTIONS.filter(([option]) => options[option] === '').map(([option]) => `${flagOf(option)} is empty`);
  return new RtmsError('usage', `no ${missing}`, [
    ...empty.map((what) => ['seen', what] as const),
    ['give', '--payload FILE with the rtms_started webhook, or - for standard input'],
    ['or', `${ENTITY_OPTIONS.map(([option]) => flagOf(option)).join('|')} ID --stream-id ID`],
  ]);
}

/** Seconds since 1970. A webhook is signed for the second it was sent in, so only a new one can do without. */
function readTimestamp({ timestamp, verify }: SignWebhookOptions, terminal: Terminal): string {
  const hint = ['give', '--timestamp SECONDS, the x-zm-request-timestamp header of the request'] as const;
  if (timestamp !== undefined) {
    if (/^\d{1,13}$/.test(timestamp)) return timestamp;
    throw new RtmsError('usage', `--timestamp ${timestamp} is not a Unix time`, [hint]);
  }
  if (verify !== undefined) throw new RtmsError('usage', '--verify needs the timestamp that was signed', [hint]);
  const now = String(Math.floor(Date.now() / 1000));
  terminal.notice(`no --timestamp: signed for now, x-zm-request-timestamp: ${now}`);
  return now;
}

/** The value to verify. What a copy or a shell left around it is taken off, and said. */
async function readGiven({ verify }: CommonOptions, terminal: Terminal): Promise<string | undefined> {
  if (verify === undefined) return undefined;
  const text = verify === '-' ? (await readText('-', '--verify')).replace(/\r?\n$/, '') : verify;
  const given = unwrapped(text);
  const hint = ['give', '--verify SIGNATURE in full, or - for standard input'] as const;
  if (given === '') throw new RtmsError('usage', '--verify is empty', [hint]);
  if (/…|\.{3}|\*/.test(given)) throw new RtmsError('usage', '--verify is shortened or masked', [hint]);
  if (given !== text) terminal.notice('--verify: quotes or whitespace around the value were left out');
  return given;
}

/* With what */

async function readCredentials(options: CommonOptions, config: Config, terminal: Terminal): Promise<Credentials> {
  const credentials = await config.requireAll(options, terminal.ask);
  warn(config, checksOf(credentials), terminal);
  return credentials;
}

interface Tokens {
  readonly credential: Credential;
  /** The Secret Token, and what could have been taken for it. */
  readonly values: { readonly secretToken: string; readonly clientSecret?: string };
}

async function readTokens(options: CommonOptions, config: Config, terminal: Terminal): Promise<Tokens> {
  const credential = await config.require('secretToken', options, terminal.ask);
  const clientSecret = await config.credential('clientSecret', options);
  warn(config, credential.checks, terminal);
  const values = { secretToken: credential.value, ...(clientSecret && { clientSecret: clientSecret.value }) };
  return { credential, values };
}

function warn({ warnings }: Config, checks: readonly CheckEvent[], terminal: Terminal): void {
  const findings = judge(CREDENTIAL_RULES, checks).findings.map(({ message, fix }) => [message, fix].join('; '));
  for (const warning of [...warnings, ...findings]) terminal.err.line(`warning: ${warning}`);
}

/* Signing and judging */

interface Result {
  readonly signed: Signed;
  readonly verification: Verification | undefined;
  /** What a program is told of the signature. */
  readonly json: object;
}

function signStream(stream: Stream, credentials: Credentials, given: string | undefined): Result {
  const { product, entity, streamId } = stream;
  const { clientId, clientSecret } = credentials;
  const parts = { clientId: clientId.value, entityId: entity.value, streamId };
  const signed = describeHandshake({ clientId, clientSecret, entity, streamId });
  const verification = compare(given, signed, (value) =>
    recogniseHandshakeSignature({
      ...signatureInputs(stream, credentials),
      given: value,
      parts,
      entityField: entity.field,
    }),
  );
  const input = { product, clientId: clientId.value, entity, streamId };
  return { signed, verification, json: { signature: signed.value, message: handshakeMessage(parts), input } };
}

function compare(
  given: string | undefined,
  { value }: Signed,
  recognise: (given: string) => Recognition<string>,
): Verification | undefined {
  if (given === undefined) return undefined;
  if (sameSignature(given, value)) return { given, match: true, tried: 0 };
  return { given, match: false, ...recognise(given) };
}

const CREDENTIAL_RULES = /^(?:credentials|secret)-/;
const HANDSHAKE_RULES = /^(?:handshake|signature)-/;

/** Runs the rules with these ids over a session of these events, which lasts no time. */
function judge(ids: RegExp, events: readonly EventBody[]): Diagnosis {
  const header = { rtms: 1, tool: TOOL, command: 'sign', startedAt: new Date().toISOString() } as const;
  const timeline = new Timeline(
    header,
    events.map((body) => ({ t: 0, ...body })),
  );
  return runRules(
    RULES.filter(({ id }) => ids.test(id)),
    timeline,
  );
}

/** The verdict on a whole handshake frame; without a payload, on the ids it holds itself. */
async function judgeHandshake(
  file: string,
  webhook: Webhook | undefined,
  options: SignOptions,
  terminal: Terminal,
  config: Config,
): Promise<ExitCode> {
  const frame = sentFrame(await readBytes(file, '--handshake'));
  const { value } = readFrame(frame);
  const own = decodeWebhook(value);
  if (own.event !== undefined) {
    throw new RtmsError('input', `${nameOf(file)} is a webhook (${own.event}), not a handshake`, [
      ['give', '--payload FILE with the webhook, --handshake FILE with the frame your client sends'],
    ]);
  }
  if (!webhook) terminal.notice(`no --payload: the ids are those of ${nameOf(file)} itself, right or wrong`);
  const isSignable = webhook !== undefined || (own.entity !== undefined && own.streamId !== undefined);
  if (!isSignable) terminal.notice(`${nameOf(file)} lacks an id that is signed: its signature is not checked`);
  const stream = isSignable ? await requireStream(webhook ?? own, options, terminal) : undefined;
  const credentials = await readCredentials(options, config, terminal);

  const given: unknown = Reflect.get(Object(value), 'signature');
  const candidates = stream && { ...stream, ids: { ...stream.ids, ...idsOfFrame(value) } };
  const result = candidates && signStream(candidates, credentials, typeof given === 'string' ? given : undefined);
  const events: EventBody[] = [...(webhook ? [webhookEvent(webhook)] : []), frame];
  const checks = candidates ? checkSignature(frame, events.length, signatureInputs(candidates, credentials)) : [];
  const redact = eventRedactor({ secrets: secretsOf(credentials), showSignatures: options.showSecrets === true });
  const diagnosis = judge(HANDSHAKE_RULES, [...events, ...checks].map(redact));
  return publishDiagnosis(diagnosis, result, options, terminal);
}

function webhookEvent({ raw }: Webhook): EventBody {
  return { type: 'webhook', headers: {}, body: JSON.stringify(raw) };
}

/* Showing */

function publish({ signed, verification, json }: Result, options: CommonOptions, terminal: Terminal): ExitCode {
  const view = viewOptions(options, terminal, verification?.match === false);
  if (options.json) printJson({ ...json, ...verifyJson(verification) }, terminal);
  else print(verification ? verdictLines(signed, verification, view) : signedLines(signed, view), terminal);
  return verification?.match === false ? EXIT.failed : EXIT.ok;
}

function publishDiagnosis(
  diagnosis: Diagnosis,
  result: Result | undefined,
  options: SignOptions,
  terminal: Terminal,
): ExitCode {
  const { signed, verification, json } = result ?? {};
  const { findings, ruledOut, results } = diagnosis;
  const exitCode = verification?.match === false ? EXIT.failed : exitCodeOf(diagnosis, RULES);
  if (options.json) {
    printJson({ ...json, ...verifyJson(verification), ok: exitCode === EXIT.ok, findings, ruledOut }, terminal);
    return exitCode;
  }
  const { chalk, columns } = terminal;
  const view = viewOptions(options, terminal, exitCode !== EXIT.ok);
  const passed = results.filter(({ status }) => status === 'pass').length;
  const lines = [
    ...(signed && verification ? [...comparisonLines(signed, verification, view), ...(view.detail ? [''] : [])] : []),
    ...diagnosisLines(diagnosis, {
      chalk,
      columns,
      rules: RULES,
      verbose: options.verbose === true,
      rerun: rerunLine(process.argv.slice(2)),
    }),
    ...(findings.length === 0 ? [chalk.green(`✔ the handshake: ${count(passed, 'check')} passed`)] : []),
  ];
  print(lines, terminal);
  return exitCode;
}

function printSnippet(name: string, webhook: Webhook | undefined, options: SignOptions, terminal: Terminal): ExitCode {
  const language = SNIPPET_LANGUAGES.find((known) => known === name);
  if (!language) {
    throw new RtmsError('usage', `--snippet ${name} is not a language there is code for`, [
      ['give', SNIPPET_LANGUAGES.join(', ')],
    ]);
  }
  const code = snippet(language, webhook?.entity?.field ?? 'meeting_uuid');
  if (options.json) printJson({ language, code }, terminal);
  else terminal.out.line(code.trimEnd());
  return EXIT.ok;
}

function viewOptions(options: CommonOptions, { chalk, columns, out }: Terminal, failed: boolean): SignViewOptions {
  const detail = options.explain ?? (options.quiet !== true && (out.isTTY || failed));
  return { chalk, columns, detail, showSignatures: options.showSecrets === true };
}

function print(lines: readonly string[], { out }: Terminal): void {
  for (const line of lines) out.line(line);
}

function printJson(document: object, { out }: Terminal): void {
  out.line(JSON.stringify({ schemaVersion: 1, ...document }));
}

function verifyJson(verification: Verification | undefined): object {
  if (!verification) return {};
  const { match, mistake, tried } = verification;
  if (!mistake) return { verify: { match, tried } };
  const { cause, certainty, explanation, fix } = mistake;
  return { verify: { match, mistake: { cause, certainty, explanation, fix }, tried } };
}

/* Flags */

/** Throws RtmsError (`usage`) if more than one of these options is given. */
function refuseTogether(options: SignOptions, names: readonly (keyof SignOptions)[]): void {
  const [first, second] = names.filter((name) => options[name] !== undefined);
  if (first === undefined || second === undefined) return;
  throw new RtmsError('usage', `${flagOf(first)} and ${flagOf(second)} exclude each other`, [['give', 'one of them']]);
}
