/** What the proxy stands in front of and with what, read and checked before a port is opened. Opens nothing. */
import { secretsOf, type Config, type Credential, type CredentialOptions, type Credentials } from './config.js';
import { allowedUrl } from './conversation.js';
import { RtmsError } from './errors.js';
import { parseDuration, parseHttpUrl, parsePath, readJson, refuseSharedInput } from './input.js';
import { parseProxy, readCertificates } from './plan.js';
import { readMessageText } from './protocol/framing.js';
import { decodeWebhook, type Webhook } from './protocol/webhooks.js';
import { quoted } from './rerun.js';
import type { CheckEvent } from './session/event.js';

export interface ProxyPlanOptions extends CredentialOptions {
  readonly payload?: string;
  readonly writePayload?: string;
  readonly listen?: number;
  readonly path: string;
  readonly forward?: string;
  readonly json?: boolean;
  readonly allowHost?: readonly string[];
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly proxy?: string;
  readonly duration?: string;
  readonly timeout: string;
}

/** A webhook that was captured. */
export interface Payload {
  readonly path: string;
  readonly webhook: Webhook;
  readonly text: string;
  /** The JSON in it: byte for byte, where nothing else was there. */
  readonly json: Buffer;
  readonly notes: readonly string[];
}

/** Where webhooks are received, and the app they are handed on to. */
export interface Endpoint {
  readonly port: number;
  readonly path: string;
  readonly app: URL;
}

export interface ProxyPlan {
  readonly wayIn: Payload | Endpoint;
  readonly clientSecret: Credential | undefined;
  readonly secretToken: Credential | undefined;
  /** Without them, signatures are not checked. */
  readonly credentials: Credentials | undefined;
  readonly secrets: readonly string[];
  readonly ca: string | undefined;
  /** An HTTP proxy on the way to Zoom. */
  readonly proxy: URL | undefined;
  readonly durationMs: number | undefined;
  readonly timeoutMs: number;
  readonly notes: readonly string[];
}

/** Throws RtmsError (`usage`, `input`) for what cannot be used. */
export async function readProxyPlan(options: ProxyPlanOptions, config: Config): Promise<ProxyPlan> {
  refuseSharedInput(options);
  const wayIn = await readWayIn(options);
  const [clientId, clientSecret, secretToken] = await Promise.all([
    config.credential('clientId', options),
    config.credential('clientSecret', options),
    config.credential('secretToken', options),
  ]);
  const credentials = clientId && clientSecret && { clientId, clientSecret, secretToken };
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  return {
    wayIn,
    clientSecret,
    secretToken,
    credentials,
    secrets: [...secretsOf({ clientSecret, secretToken }), ...(proxy ? [proxy.password] : [])],
    ca: options.ca === undefined ? undefined : await readCertificates(options.ca),
    proxy,
    durationMs: options.duration === undefined ? undefined : parseDuration(options.duration, '--duration'),
    timeoutMs: parseDuration(options.timeout, '--timeout'),
    notes: [
      ...('notes' in wayIn ? wayIn.notes : []),
      credentials
        ? `client id: ${credentials.clientId.source}; client secret: ${credentials.clientSecret.source}`
        : 'no client id and secret: signatures are not checked (ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET)',
      ...(options.insecure ? ['--insecure: TLS certificates are not verified, the signature may go to anyone'] : []),
    ],
  };
}

async function readWayIn(options: ProxyPlanOptions): Promise<Payload | Endpoint> {
  const { payload, writePayload, listen, forward, path, json } = options;
  if ((payload === undefined) === (listen === undefined)) {
    throw new RtmsError('usage', payload === undefined ? 'no way in' : '--payload and --listen exclude each other', [
      ['give', '--payload FILE with the started webhook, and --write-payload FILE for the one your client gets'],
      ['or', '--listen PORT --forward URL   to receive webhooks and hand them on to your app'],
    ]);
  }
  if (listen !== undefined) {
    if (writePayload !== undefined) throw misuse('--write-payload is for a payload that was captured', '--forward URL');
    if (forward === undefined)
      throw misuse('webhooks are handed on, and there is no app to hand them to', '--forward http://localhost:3000/webhook');
    return { port: listen, path: parsePath(path, '--path'), app: parseApp(forward, listen) };
  }
  if (forward !== undefined) throw misuse('--forward hands on what --listen receives', '--listen PORT');
  if (payload === writePayload && payload !== '-') {
    throw misuse('--write-payload would overwrite the webhook it is made from', '--write-payload with another FILE');
  }
  if (writePayload === '-' && json) {
    throw misuse('--write-payload - and --json both write to standard output', '--write-payload FILE');
  }
  return readPayload(payload ?? '', options.allowHost ?? []);
}

const misuse = (message: string, give: string): RtmsError => new RtmsError('usage', message, [['give', give]]);

function parseApp(text: string, listen: number): URL {
  const url = parseHttpUrl(text, '--forward');
  if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) || Number(url.port) !== listen) return url;
  throw misuse(`--forward ${text} leads back to the proxy itself`, 'the URL of your app, or another --listen PORT');
}

async function readPayload(path: string, allowHost: readonly string[]): Promise<Payload> {
  const { bytes, text, value, repairs } = await readJson(path, '--payload');
  const webhook = decodeWebhook(value);
  refuseUnusable(webhook, path, allowHost);
  // What was put right has to be JSON for the client too.
  const json = repairs.length === 0 ? bytes : Buffer.from(readMessageText(bytes).text ?? text);
  return { path, webhook, text, json, notes: repairs };
}

/** Without a URL to stand in front of there is nothing to do, and nothing to judge. */
function refuseUnusable({ serverUrls }: Webhook, path: string, allowHost: readonly string[]): void {
  const name = path === '-' ? 'standard input' : path;
  const refused: CheckEvent[] = [];
  const usable = serverUrls.urls.some((url) =>
    allowedUrl(url, allowHost, (body) => void (body.type === 'check' && refused.push(body))),
  );
  if (usable) return;
  const { host, message } = refused[0]?.facts ?? {};
  if (host !== undefined) {
    throw new RtmsError('usage', `server_urls of ${name} leads to ${host}, which is not Zoom's`, [
      ['give', `--allow-host ${host}, if the signature may go there`],
    ]);
  }
  const what = message === undefined ? 'has no server_urls' : `has server_urls that lead nowhere: ${message}`;
  throw new RtmsError('input', `${name} ${what}`, [
    ['give', '--payload FILE with the started webhook exactly as Zoom posted it'],
    ['or', `rtms connect --payload ${quoted(path)}   says what else is wrong with it`],
  ]);
}
