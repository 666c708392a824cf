/**
 * What a check-up asks of the network, all of it at once: the hosts on the way, Zoom's API, the app's webhook endpoint.
 * The answers go out as facts. It reads nothing that is not given to it, and judges nothing.
 */
import type { DialOptions } from '../net/dial.js';
import { askEndpoint, type EndpointOptions } from '../net/endpoint.js';
import { probeHost, probeProxy, type ProbeOptions } from '../net/probe.js';
import { ZoomApi } from '../net/zoom-api.js';
import { isLoopback, type ZoomHosts } from '../protocol/rest-api.js';
import { classifyServerUrl } from '../protocol/webhooks.js';
import { unreadCheck } from '../session/api-facts.js';
import type { EventBody } from '../session/event.js';
import type { FactName } from '../session/facts.js';
import { API_FACTS, askApi, type ApiInput } from './ask-api.js';

export interface OnlineOptions {
  readonly hosts: ZoomHosts;
  /** Of a captured webhook, as they stand in it. */
  readonly serverUrls: readonly string[];
  readonly api: ApiInput;
  readonly endpoint: Pick<EndpointOptions, 'url' | 'secretToken' | 'validation'> | undefined;
  /** The one that a variable names. */
  readonly proxy: URL | undefined;
  readonly dial: DialOptions;
  /** Returns the event's number. */
  readonly emit: (body: EventBody) => number;
  readonly signal: AbortSignal;
  /** A check goes on for longer than anyone expects. */
  readonly onSlow: (what: string) => void;
}

const SLOW_MS = 10_000;

/** What a look at a host tells, beside its steps. */
const HOST_FACTS: readonly FactName[] = ['clock', 'address-family'];
const ENDPOINT_FACTS: readonly FactName[] = ['endpoint', 'webhook-answer', 'endpoint-guard'];

/** Rejects for nothing: a check that breaks is itself a fact, and the others go on. */
export async function askNetwork(options: OnlineOptions): Promise<void> {
  const { hosts, serverUrls, api, endpoint, dial, signal, emit } = options;
  const probe: ProbeOptions = { ...dial, emit, signal };
  const zoom = new URL('/', hosts.oauth);
  const others = [new URL('/', hosts.api), ...streamUrls(serverUrls, zoom)].filter(({ host }) => host !== zoom.host);
  // First one host alone: where it is reached, the way to the others is known, and where no name is resolved, looking
  // up more would only hold up everything, the output too: Node looks names up and writes on the same few threads.
  const way = await checked(zoom.host, ['proxy-route', ...HOST_FACTS], options, () => findWay(zoom, options, probe));
  if (signal.aborted) return;
  const { dial: reached, isNameless } = way ?? { dial, isNameless: false };
  const near = endpoint && isLoopback(endpoint.url.hostname) ? dial : reached;
  await Promise.all([
    ...(isNameless ? [] : others).map((url) => checked(url.host, HOST_FACTS, options, () => probeHost(url, probe))),
    reached &&
      checked("Zoom's API", API_FACTS, options, () =>
        askApi(new ZoomApi({ hosts, dial: reached, signal }), api, (checks) => checks.forEach(emit)),
      ),
    endpoint &&
      near &&
      checked('the webhook endpoint', ENDPOINT_FACTS, options, () =>
        askEndpoint({ ...endpoint, dial: near, emit, signal }),
      ),
  ]);
  if (!endpoint || near) return;
  const reason = 'the webhook endpoint was not asked: not even Zoom is reached';
  for (const each of ENDPOINT_FACTS) emit(unreadCheck(each, reason));
}

/** Says so where a check takes long or breaks; `gives` are the facts that are not there then. */
async function checked<T>(
  what: string,
  gives: readonly FactName[],
  { emit, onSlow }: OnlineOptions,
  run: () => Promise<T>,
): Promise<T | undefined> {
  const timer = setTimeout(() => onSlow(what), SLOW_MS);
  try {
    return await run();
  } catch (error) {
    for (const each of gives) emit(unreadCheck(each, `the check of ${what} itself failed: ${String(error)}`, true));
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

interface Way {
  /** How requests get to Zoom: by themselves, as a WebSocket would, or else through the proxy, or not at all. */
  readonly dial: DialOptions | undefined;
  /** Whether no name server answers. */
  readonly isNameless: boolean;
}

async function findWay(zoom: URL, { dial, proxy }: OnlineOptions, probe: ProbeOptions): Promise<Way> {
  const [failed, proxied] = await Promise.all([probeHost(zoom, probe), proxy && probeProxy(zoom, proxy, probe)]);
  const isNameless = failed?.name === 'dns' && /^(?:EAI_AGAIN|ETIMEDOUT)$/.test(String(failed.detail['code']));
  if (!failed) return { dial, isNameless };
  return { dial: proxy && proxied ? { ...dial, proxy } : undefined, isNameless };
}

/** Those that Zoom or this machine serves: another may be anyone's. Beside a stand-in for Zoom, this machine alone. */
function streamUrls(serverUrls: readonly string[], zoom: URL): URL[] {
  const allowed = isLoopback(zoom.hostname) ? ['loopback'] : ['loopback', 'zoom'];
  const urls = serverUrls.flatMap((text) => {
    const verdict = classifyServerUrl(text);
    return verdict.ok && allowed.includes(verdict.host) ? [verdict.url] : [];
  });
  return [...new Map(urls.map((url) => [url.host, url])).values()];
}
