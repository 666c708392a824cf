/** What a check-up may ask of the network, from flags, variables and the webhook it was given. It asks nothing. */
import { ACCOUNT_ID, type Config, type CredentialOptions, type Environment } from '../config.js';
import { RtmsError } from '../errors.js';
import { readAccessToken } from '../protocol/access-token.js';
import { isObject } from '../protocol/json.js';
import { zoomHosts, type ZoomHosts } from '../protocol/rest-api.js';
import { PRODUCTS, type Product, type Webhook } from '../protocol/webhooks.js';
import type { CheckEvent } from '../session/event.js';
import { fact } from '../session/facts.js';
import { WebhookVerifier } from '../session/webhook-verifier.js';
import type { OnlineOptions } from './online.js';

export interface OnlinePlanOptions extends CredentialOptions {
  readonly tokenFile?: string;
  readonly appId?: string;
  readonly accountId?: string;
  readonly webhookUrl?: string;
}

export interface OnlinePlan extends Omit<OnlineOptions, 'emit' | 'signal' | 'onSlow'> {
  /** What must not be shown, beside the credentials. */
  readonly secrets: readonly string[];
  /** What is known of it before anything is asked. */
  readonly checks: readonly CheckEvent[];
}

const HOST = 'ZOOM_HOST';

/** For each question; with nothing to ask about, an answer that takes long is not worth the wait. */
const TIMEOUT_MS = { asked: 8000, unasked: 1500 };

/** `webhook` is the captured one. Throws RtmsError (`usage`, `input`) for what cannot be used. */
export async function readOnlinePlan(
  options: OnlinePlanOptions,
  config: Config,
  { webhook, product = 'meeting' }: { readonly webhook: Webhook | undefined; readonly product: Product | undefined },
): Promise<OnlinePlan> {
  const hosts = hostsOf(config);
  const [clientId, clientSecret, secretToken] = await Promise.all(
    (['clientId', 'clientSecret', 'secretToken'] as const).map((name) => config.lookUp(name, options)),
  );
  const [id, secret] = [clientId?.credential?.value, clientSecret?.credential?.value];
  const isApp = PRODUCTS[product].credential === 'app';
  const pair = isApp && id !== undefined && secret !== undefined ? { clientId: id, clientSecret: secret } : undefined;
  const token = await readToken(options, config);
  const [account] = config.named([ACCOUNT_ID]);
  const given = options.accountId ?? account?.raw;
  const accountId = given ?? idIn(webhook, 'account_id');
  const url = options.webhookUrl === undefined ? undefined : parseUrl(options.webhookUrl);
  const isAsked = [pair, webhook, token, url, options.appId].some((each) => each !== undefined);
  return {
    hosts,
    serverUrls: webhook?.serverUrls.urls ?? [],
    api: {
      pair,
      accountId: accountId === undefined ? undefined : { value: accountId, given: given !== undefined },
      appId: options.appId,
      userToken: token && isInForce(token) ? token : undefined,
      meetingId: idIn(webhook, 'meeting_id'),
      product,
      now: Date.now(),
    },
    endpoint: url && endpointOf(url, secretToken?.credential?.value, secret),
    proxy: proxyFor(hosts.oauth, config.env),
    dial: { timeoutMs: isAsked ? TIMEOUT_MS.asked : TIMEOUT_MS.unasked },
    secrets: [token, secret, secretToken?.credential?.value, url?.password].flatMap((each) => each ?? []),
    checks: url ? [fact('app-url', { url: url.href, kind: 'webhook', which: 'given', source: '--webhook-url' })] : [],
  };
}

function endpointOf(
  url: URL,
  secretToken: string | undefined,
  clientSecret: string | undefined,
): OnlinePlan['endpoint'] {
  const secrets =
    secretToken === undefined ? undefined : { secretToken, ...(clientSecret !== undefined && { clientSecret }) };
  const verifier = new WebhookVerifier(secrets);
  return { url, secretToken, validation: (answer, plainToken) => verifier.validation(answer, plainToken) };
}

function hostsOf(config: Config): ZoomHosts {
  const [named] = config.named([HOST]);
  const hosts = zoomHosts(named?.raw ?? 'zoom.us');
  if (hosts) return hosts;
  throw new RtmsError('usage', `${named?.source ?? HOST} is no host of Zoom: the client secret would go there`, [
    ['give', 'zoom.us or zoomgov.com; without it, zoom.us is asked'],
  ]);
}

/** By itself, or in the answer of the token endpoint, in a file or a variable. */
async function readToken({ tokenFile }: OnlinePlanOptions, config: Config): Promise<string | undefined> {
  const { raw = '' } = (await config.token(tokenFile)) ?? {};
  const answer = parsed(raw);
  const token = isObject(answer) ? answer['access_token'] : raw;
  const bare = typeof token === 'string' ? token.trim().replace(/^Bearer\s+/i, '') : '';
  return bare === '' ? undefined : bare;
}

/** By its own claims, which are all there is to go by. */
function isInForce(token: string): boolean {
  const { expiresAt = Number.POSITIVE_INFINITY } = readAccessToken(token) ?? {};
  return expiresAt > Date.now();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const idIn = (webhook: Webhook | undefined, name: string): string | undefined =>
  Object.entries(webhook?.ids ?? {}).find(([path]) => path.endsWith(`.${name}`))?.[1];

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new RtmsError('usage', '--webhook-url is not the URL of an endpoint', [
    ['give', '--webhook-url https://HOST/PATH'],
  ]);
}

/** As most programs read the variables; a proxy that speaks SOCKS is not one to tunnel through with CONNECT. */
export function proxyFor({ hostname, port }: URL, env: Environment): URL | undefined {
  const text = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => env[name]).find((each) => each);
  const exceptions = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(/[\s,]+/).filter((each) => each !== '');
  const names = [hostname, `${hostname}:${port || '443'}`].map((name) => `.${name}`);
  const isExcepted = exceptions.some(
    (each) => each === '*' || names.some((name) => name.endsWith(`.${each.replace(/^\*?\./, '')}`)),
  );
  // Many write the host and port alone.
  const href = text === undefined || text.includes('://') ? text : `http://${text}`;
  const url = href !== undefined && URL.canParse(href) ? new URL(href) : undefined;
  return url && !isExcepted && /^https?:$/.test(url.protocol) ? url : undefined;
}
