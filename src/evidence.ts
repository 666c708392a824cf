/**
 * Everything a check-up is given, as events in one order: a webhook, a recording or a handshake, a close that was
 * told, what is wanted. Reads files; judges nothing, connects to nothing.
 */
import { readAnswers } from './answers-file.js';
import {
  secretsOf,
  type Config,
  type Credential,
  type CredentialName,
  type CredentialOptions,
  type Credentials,
} from './config.js';
import { credentialChecks } from './credential-facts.js';
import { environmentChecks } from './environment.js';
import { RtmsError } from './errors.js';
import { parseDuration, readJson, readText, refuseSharedInput } from './input.js';
import { isMediaName, MEDIA } from './protocol/media.js';
import { isProduct, PRODUCTS, type Webhook } from './protocol/webhooks.js';
import { answerEvent } from './rules/questions/questions.js';
import { at, savedHandshake, savedSession, savedWebhook, type SavedHandshake, type Sourced } from './saved.js';
import { manifestChecks, scopesChecks, tokenChecks } from './session/app-facts.js';
import type { CheckEvent, EventBody, SessionHeader } from './session/event.js';
import { fact } from './session/facts.js';
import { readFrame } from './session/message.js';
import { eventRedactor } from './session/redact.js';
import { checkSignature, idsOfFrame, signatureInputs } from './session/signature-check.js';
import type { WebhookSecrets } from './session/webhook-verifier.js';
import { TOOL } from './version.js';

/** What tells of the app and its settings. */
export interface SetUpOptions extends CredentialOptions {
  readonly manifest?: string;
  readonly scopes?: string;
  readonly tokenFile?: string;
  readonly answers?: string;
}

export interface EvidenceOptions extends SetUpOptions {
  readonly product?: string;
  readonly media?: string;
  readonly payload?: string;
  readonly handshake?: string;
  readonly session?: string;
  readonly closeCode?: string;
  readonly after?: string;
  readonly framesIn?: string;
}

export interface Evidence {
  readonly header: SessionHeader;
  readonly events: readonly Sourced[];
  /** The captured webhook, where one was given. */
  readonly webhook: Webhook | undefined;
  /** What the user should know about how it was read. */
  readonly notes: readonly string[];
}

/** Throws RtmsError (`usage`, `input`) for what cannot be read or contradicts itself. */
export async function readEvidence(options: EvidenceOptions, config: Config): Promise<Evidence> {
  refuseSharedInput(options);
  refuseContradictions(options);
  const found = await foundCredentials(options, config);
  const credentials = pairOf(found);
  const session = options.session === undefined ? undefined : await savedSession(options.session);
  const payload = options.payload === undefined ? undefined : await savedWebhook(options.payload, secretsFor(found));
  const handshake = options.handshake === undefined ? undefined : await savedHandshake(options.handshake);
  const stream = payload?.webhook ?? session?.webhook ?? handshake?.own;
  const setUp = await readSetUp(options, config);
  const end = session?.events.at(-1)?.event.t ?? 0;
  const before = [
    ...at(0, options.payload ?? '', payload?.events ?? []),
    ...(session?.events ?? at(0, options.handshake ?? '', handshake ? [handshake.frame] : [])),
  ];
  const number = session ? undefined : before.length;
  const checks = handshake && stream && credentials ? signatureChecks(handshake, stream, credentials, number) : [];
  const redact = eventRedactor({ secrets: secretsOf(found) });
  const events = [
    ...before,
    ...at(end, 'recomputed', checks),
    ...at(end, 'the environment', await environmentChecks(config)),
    ...at(end, 'the credentials', await credentialChecks(config, options)),
    ...setUp.flatMap(({ source, checks: found }) => at(end, source, found)),
    ...at(end, 'the flags', [...wanted(options), ...reportedClose(options)]),
  ];
  return {
    header: session?.header ?? headerOf(options, stream),
    events: events.map(({ event, source }) => ({ event: { t: event.t, ...redact(event) }, source })),
    webhook: payload?.webhook,
    notes: [payload, handshake, session].flatMap((file) => file?.notes ?? []),
  };
}

/** Nobody knows when what was saved happened: without a time, nothing is called stale. */
const TIME_UNKNOWN = '';

function headerOf({ product }: EvidenceOptions, stream: Webhook | undefined): SessionHeader {
  const known = isProduct(product) ? product : stream?.product;
  return { rtms: 1, tool: TOOL, command: 'doctor', startedAt: TIME_UNKNOWN, ...(known && { product: known }) };
}

function refuseContradictions({ session, closeCode, after, framesIn }: EvidenceOptions): void {
  if (session !== undefined && closeCode !== undefined) {
    throw new RtmsError('usage', '--session and --close-code exclude each other', [
      ['give', 'the recording alone: it has the close, its time and its frames'],
    ]);
  }
  if (closeCode === undefined && (after !== undefined || framesIn !== undefined)) {
    const given = after === undefined ? '--frames-in' : '--after';
    throw new RtmsError('usage', `${given} tells of a close, and none was named`, [
      ['give', '--close-code 1000 too, or whatever your library reports'],
    ]);
  }
}

type Found = Readonly<Record<CredentialName, Credential | undefined>>;

/** What there is of the credentials; a check-up goes on without. */
async function foundCredentials(options: EvidenceOptions, config: Config): Promise<Found> {
  const find = async (name: CredentialName): Promise<Credential | undefined> =>
    (await config.lookUp(name, options)).credential;
  return {
    clientId: await find('clientId'),
    clientSecret: await find('clientSecret'),
    secretToken: await find('secretToken'),
  };
}

const pairOf = ({ clientId, clientSecret, secretToken }: Found): Credentials | undefined =>
  clientId && clientSecret ? { clientId, clientSecret, secretToken } : undefined;

const secretsFor = ({ clientSecret, secretToken }: Found): WebhookSecrets | undefined =>
  secretToken && { secretToken: secretToken.value, ...(clientSecret && { clientSecret: clientSecret.value }) };

/** Whether the handshake carries the signature that these credentials give; none where an id is missing. */
function signatureChecks(
  { frame }: SavedHandshake,
  { entity, streamId, ids }: Webhook,
  credentials: Credentials,
  number: number | undefined,
): EventBody[] {
  if (!entity || streamId === undefined) return [];
  const stream = { entity, streamId, ids: { ...ids, ...idsOfFrame(readFrame(frame).value) } };
  return checkSignature(frame, number, signatureInputs(stream, credentials));
}

interface SourcedChecks {
  readonly source: string;
  readonly checks: readonly CheckEvent[];
}

/** What manifest, scopes, token and answers tell. Throws RtmsError (`input`) for what cannot be read. */
export async function readSetUp(options: SetUpOptions, config: Config): Promise<SourcedChecks[]> {
  const { manifest, scopes, answers } = options;
  const token = await config.token(options.tokenFile);
  return [
    ...(manifest === undefined ? [] : [{ source: manifest, checks: await readManifest(manifest) }]),
    ...(scopes === undefined ? [] : [{ source: '--scopes', checks: await readScopes(scopes) }]),
    ...(token ? [{ source: token.source, checks: await readToken(token.raw, options, config) }] : []),
    ...(answers === undefined ? [] : [{ source: answers, checks: await readAnswered(answers) }]),
  ];
}

async function readManifest(path: string): Promise<CheckEvent[]> {
  return manifestChecks((await readJson(path, '--manifest')).value);
}

async function readAnswered(path: string): Promise<CheckEvent[]> {
  const answers = await readAnswers(path, '--answers');
  return Object.entries(answers).map(([question, answer]) => answerEvent(question, answer));
}

/** Scopes have colons between their words; a file that is named so is given as ./FILE. */
const SCOPE_LIST = /^\s*[\w-]+(?::[\w-]+)+(?:[\s,;]|$)/;

async function readScopes(scopes: string): Promise<CheckEvent[]> {
  const checks = scopesChecks(SCOPE_LIST.test(scopes) ? scopes : await readText(scopes, '--scopes'));
  if (checks.length > 0) return checks;
  throw new RtmsError('input', '--scopes holds no list of scopes', [
    ['give', '--scopes "meeting:read:meeting_audio rtms:read:rtms_started", or a file with them'],
  ]);
}

async function readToken(text: string, options: SetUpOptions, config: Config): Promise<CheckEvent[]> {
  const configured = (await config.lookUp('clientId', options)).credential?.value;
  return tokenChecks(text, { now: Date.now(), configured });
}

function wanted({ product, media }: EvidenceOptions): EventBody[] {
  if (product !== undefined && !isProduct(product)) {
    throw new RtmsError('usage', `--product ${product} is not a product with RTMS`, [
      ['give', Object.keys(PRODUCTS).join(', ')],
    ]);
  }
  const unknown = media?.split(',').find((word) => !isMediaName(word.trim()));
  if (unknown !== undefined) {
    throw new RtmsError('usage', `--media ${unknown} is not a kind of media`, [['give', Object.keys(MEDIA).join(', ')]]);
  }
  return [
    ...(product === undefined ? [] : [fact('product-wanted', { product })]),
    ...(media === undefined ? [] : [fact('media-wanted', { media: media.replaceAll(' ', '') })]),
  ];
}

/** Codes a library can report: those of the wire, and 1005, 1006 and 1015 for what was not there. */
const isCloseCode = (code: number): boolean => Number.isInteger(code) && code >= 1000 && code <= 4999;

function reportedClose({ closeCode, after, framesIn }: EvidenceOptions): EventBody[] {
  if (closeCode === undefined) return [];
  const code = Number(closeCode);
  if (!isCloseCode(code)) {
    throw new RtmsError('usage', `--close-code ${closeCode} is not a close code`, [['give', 'a number, 1000 to 4999']]);
  }
  const frames = Number(framesIn);
  if (framesIn !== undefined && !/^\d+$/.test(framesIn)) {
    throw new RtmsError('usage', `--frames-in ${framesIn} is not a count`, [['give', '--frames-in 0']]);
  }
  return [
    fact('close-reported', {
      code,
      ...(after !== undefined && { afterMs: parseDuration(after, '--after', 0) }),
      ...(framesIn !== undefined && { framesIn: frames }),
    }),
  ];
}
