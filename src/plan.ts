/** Everything a connection needs, read, asked for and checked before the first packet leaves. Opens nothing. */
import { secretsOf, type Config, type CredentialOptions, type Credentials } from './config.js';
import { RtmsError } from './errors.js';
import { parseDuration, readBytes, readJson, readText, refuseSharedInput } from './input.js';
import { DEMO } from './net/demo.js';
import { EVENT_TYPE, ZCC_VOICE_EVENT_TYPE, type EventTypeCode } from './protocol/codes.js';
import { utf8Text } from './protocol/framing.js';
import { isMediaName, MEDIA, type MediaName } from './protocol/media.js';
import { decodeWebhook, startedWebhook, type Webhook } from './protocol/webhooks.js';
import type { Terminal } from './terminal.js';

export interface PlanOptions extends CredentialOptions {
  readonly payload?: string;
  readonly mock?: string | true;
  readonly media: string;
  readonly handshake?: string;
  readonly opcode?: 'text' | 'binary';
  readonly url?: string;
  readonly event?: readonly string[];
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly proxy?: string;
  readonly duration?: string;
  readonly timeout: string;
}

export interface Plan extends Terms {
  readonly webhook: Webhook;
  /** The webhook's body, byte for byte, as text. */
  readonly body: string;
  readonly url: string | undefined;
  /** Numbers of the event types to subscribe to. */
  readonly events: readonly number[];
}

/** What holds for any stream: all of a plan that does not come from the webhook. */
export interface Terms {
  /** None where only a handshake of the developer's own is to be sent. */
  readonly credentials: Credentials | undefined;
  readonly handshake: Handshake | undefined;
  readonly media: readonly MediaName[];
  readonly ca: string | undefined;
  readonly proxy: URL | undefined;
  readonly durationMs: number | undefined;
  /** For opening a socket, and for the answer to a handshake; Zoom documents neither. */
  readonly timeoutMs: number;
  /** Every secret that was found, used or not: none may be shown. */
  readonly secrets: readonly string[];
  /** What the user should know about all this. */
  readonly notes: readonly string[];
}

/** A handshake of the developer's own, to be sent as it is. */
export interface Handshake {
  readonly bytes: Uint8Array;
  readonly opcode: 'text' | 'binary';
}

/** Throws RtmsError (`usage`, `input`) for what cannot be used; asks on a terminal for what is missing. */
export async function readPlan(options: PlanOptions, config: Config, terminal: Terminal): Promise<Plan> {
  if (options.mock !== undefined && options.url !== undefined) {
    throw new RtmsError('usage', '--mock and --url exclude each other', [['give', 'one of them']]);
  }
  refuseSharedInput(options);
  const { webhook, body, notes } = await readPayload(options);
  const terms = await readTerms(options, config, terminal);
  return {
    ...terms,
    webhook,
    body,
    url: options.url ?? webhook.serverUrls.urls[0],
    events: (options.event ?? []).map((word) => parseEvent(word, webhook)),
    notes: [...notes, ...terms.notes],
  };
}

/** As `readPlan`, without a webhook. */
export async function readTerms(options: PlanOptions, config: Config, terminal: Terminal): Promise<Terms> {
  const credentials = await readCredentials(options, config, terminal);
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  return {
    credentials,
    handshake: options.handshake === undefined ? undefined : await readHandshake(options.handshake, options.opcode),
    media: parseMedia(options.media),
    ca: options.ca === undefined ? undefined : await readCertificates(options.ca),
    proxy,
    durationMs: options.duration === undefined ? undefined : parseDuration(options.duration, '--duration'),
    timeoutMs: parseDuration(options.timeout, '--timeout'),
    secrets: [...(await secretsFound(options, config, credentials)), ...(proxy ? [proxy.password] : [])],
    notes: [...credentialNotes(options, credentials), ...networkNotes(options, config)],
  };
}

interface Payload {
  readonly webhook: Webhook;
  readonly body: string;
  readonly notes: readonly string[];
}

async function readPayload({ payload, mock }: PlanOptions): Promise<Payload> {
  if (payload !== undefined) {
    const { value, text, repairs } = await readJson(payload, '--payload');
    return { webhook: decodeWebhook(value), body: text, notes: repairs };
  }
  if (mock === undefined) {
    throw new RtmsError('usage', 'no payload', [
      ['give', '--payload FILE with the meeting.rtms_started webhook as Zoom posted it, or - for standard input'],
      ['or', 'rtms connect --mock   tries it without Zoom'],
    ]);
  }
  const demo = startedWebhook({ product: 'meeting', ...DEMO, serverUrls: '', eventTs: Date.now() });
  const notes = ['no --payload: a made-up meeting stands in'];
  return { webhook: decodeWebhook(demo), body: JSON.stringify(demo), notes };
}

/** Of the mock, where none are given. */
export const DEMO_CREDENTIALS = {
  clientId: { value: DEMO.clientId, source: 'the demo pair', others: {}, checks: [] },
  clientSecret: { value: DEMO.clientSecret, source: 'the demo pair', others: {}, checks: [] },
};

/** With a handshake of the developer's own, credentials only serve to check it. The mock has a pair of its own. */
async function readCredentials(
  options: PlanOptions,
  config: Config,
  { ask }: Terminal,
): Promise<Credentials | undefined> {
  const clientId = await config.credential('clientId', options);
  const clientSecret = await config.credential('clientSecret', options);
  const secretToken = await config.credential('secretToken', options);
  if (clientId && clientSecret) return { clientId, clientSecret, secretToken };
  if (options.mock !== undefined) return { ...DEMO_CREDENTIALS, secretToken };
  return options.handshake === undefined ? config.requireAll(options, ask) : undefined;
}

/** Of an incomplete pair too, which is not used but may stand in what is sent. */
async function secretsFound(
  options: PlanOptions,
  config: Config,
  credentials: Credentials | undefined,
): Promise<string[]> {
  const found = {
    clientSecret: await config.credential('clientSecret', options),
    secretToken: await config.credential('secretToken', options),
  };
  return [...secretsOf(found), ...(credentials ? secretsOf(credentials) : [])];
}

async function readHandshake(path: string, opcode: Handshake['opcode'] | undefined): Promise<Handshake> {
  const bytes = await readBytes(path, '--handshake');
  return { bytes, opcode: opcode ?? opcodeFor(bytes) };
}

/** Bytes that are no text can only go in a binary frame (RFC 6455 section 5.6). */
function opcodeFor(bytes: Uint8Array): Handshake['opcode'] {
  const text = utf8Text(bytes);
  return text === undefined || /[^\P{Cc}\t\n\r]/u.test(text) ? 'binary' : 'text';
}

function parseMedia(list: string): MediaName[] {
  return list.split(',').map((item) => {
    const word = item.trim();
    if (isMediaName(word)) return word;
    throw new RtmsError('usage', `--media ${word} is not a kind of media`, [['give', Object.keys(MEDIA).join(', ')]]);
  });
}

function parseEvent(word: string, { product }: Webhook): number {
  const own = product === 'contact-center' ? ZCC_VOICE_EVENT_TYPE : EVENT_TYPE;
  const known = Object.entries<EventTypeCode>(own).find(([name]) => name === word.toUpperCase());
  const number = known?.[1].value ?? Number(word);
  if (Number.isInteger(number)) return number;
  const subscribable = Object.entries<EventTypeCode>(own).filter(([, { value, automatic }]) => value > 0 && !automatic);
  const names = subscribable.map(([name]) => name).join(', ');
  throw new RtmsError('usage', `--event ${word} is not an event type`, [['give', names]]);
}

export async function readCertificates(path: string): Promise<string> {
  const pem = await readText(path, '--ca');
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new RtmsError('input', `${path} holds no certificate`, [['give', '--ca FILE in PEM form']]);
}

export function parseProxy(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new RtmsError('usage', '--proxy is not the URL of an HTTP proxy', [['give', '--proxy http://HOST:PORT']]);
}

/** Where the credentials came from: which value was used is half of many a diagnosis. */
function credentialNotes({ mock }: PlanOptions, credentials: Credentials | undefined): string[] {
  if (!credentials) return ['no credentials: the signature in --handshake cannot be checked'];
  const { clientId, clientSecret } = credentials;
  if (mock !== undefined && clientId.source === clientSecret.source) return [`signed with ${clientId.source}`];
  return [`client id: ${clientId.source}; client secret: ${clientSecret.source}`];
}

function networkNotes({ mock, proxy, insecure }: PlanOptions, { env }: Config): string[] {
  const variable = ['HTTPS_PROXY', 'https_proxy'].find((name) => env[name]);
  const unused = mock === undefined && proxy === undefined && variable !== undefined;
  return [
    ...(unused ? [`${variable} is set and not used: --proxy URL goes through a proxy`] : []),
    ...(insecure === true ? ['--insecure: TLS certificates are not verified, the signature may go to anyone'] : []),
  ];
}
