/** `rtms proxy`: stands between the developer's own client and Zoom, passes all on, shows and judges what passes. */
import { Config, type GlobalOptions } from '../config.js';
import type { ExitCode } from '../errors.js';
import { conclude, type LiveOptions } from '../live-session.js';
import { startProxy, type Proxy, type TurnedAway } from '../net/proxy.js';
import { writePrivately } from '../private-file.js';
import { readMessageText } from '../protocol/framing.js';
import { replaceServerUrls } from '../protocol/server-urls.js';
import { decodeWebhook } from '../protocol/webhooks.js';
import { ProxiedStreams } from '../proxied-streams.js';
import { receiveWebhooks } from '../proxied-webhooks.js';
import { readProxyPlan, type Payload, type ProxyPlan, type ProxyPlanOptions } from '../proxy-plan.js';
import { trustLines, TURNED_AWAY } from '../report/door-view.js';
import { labelledLine, MAX_BYTES, payloadText, type Dump } from '../report/session-view.js';
import { printable } from '../report/text.js';
import { quoted } from '../rerun.js';
import { aborted, Terminal } from '../terminal.js';
import { openTlsFolder, type TlsFiles } from '../tls-folder.js';

export interface ProxyOptions extends GlobalOptions, LiveOptions, ProxyPlanOptions {
  readonly port: number;
  readonly tls?: string | true;
  readonly record?: string;
}

/** Runs the command. Throws RtmsError for what keeps it from starting. */
export async function proxy(options: ProxyOptions): Promise<ExitCode> {
  const terminal = new Terminal(options, process.env);
  const config = new Config(options, process.env);
  try {
    const plan = await readProxyPlan(options, config);
    for (const warning of config.warnings) terminal.err.line(`warning: ${warning}`);
    return await run(options, plan, terminal);
  } finally {
    await terminal.flush();
  }
}

/** What `rtms listen --proxy` is given: the port is that of the webhooks. */
export interface ListenThroughOptions extends Omit<ProxyOptions, 'timeout' | 'dump' | 'maxBytes'> {
  readonly dump?: Dump;
  readonly maxBytes?: number;
}

/** `rtms listen --proxy`, under the name that says more. */
export function listenThrough({ port, dump = 'text', maxBytes = MAX_BYTES, ...options }: ListenThroughOptions): Promise<ExitCode> {
  return proxy({ ...options, dump, maxBytes, listen: port, port: 0, timeout: '10s' });
}

async function run(options: ProxyOptions, plan: ProxyPlan, terminal: Terminal): Promise<ExitCode> {
  const folder = options.tls === true ? undefined : options.tls;
  const tls = options.tls === undefined ? undefined : await openTlsFolder(folder);
  const proxy = await startProxy({
    port: options.port,
    ...(tls && { tls: tls.server }),
    onTurnedAway: doorkeeper(tls, terminal),
  });
  try {
    return await serve(options, plan, terminal, proxy, tls);
  } finally {
    await proxy.close();
  }
}

async function serve(
  options: ProxyOptions,
  plan: ProxyPlan,
  terminal: Terminal,
  proxy: Proxy,
  tls: TlsFiles | undefined,
): Promise<ExitCode> {
  const { wayIn, ca } = plan;
  // A payload on standard output is alone there.
  const screen = options.writePayload === '-' ? terminal.err : terminal.out;
  const dial = {
    timeoutMs: plan.timeoutMs,
    insecure: options.insecure === true,
    ...(ca !== undefined && { ca }),
    ...(plan.proxy && { proxy: plan.proxy }),
  };
  const { record: recordPath, allowHost = [] } = options;
  const end = terminal.until(plan.durationMs, screen);
  const streams = new ProxiedStreams(
    { ...plan, options, terminal, screen, proxy, recordPath, allowHost, dial, receives: 'app' in wayIn },
    'app' in wayIn ? undefined : wayIn.webhook.product,
  );
  const receiver =
    'app' in wayIn ? await receiveWebhooks(wayIn, plan, streams) : await handOut(wayIn, options, streams, terminal);
  try {
    const trust = tls ? trustLines(quoted(tls.ca)) : [];
    for (const [label, text] of tls?.fresh ? trust : trust.slice(0, 1)) streams.say(label, text);
    await streams.record();
    streams.say('waiting', `for ${'app' in wayIn ? 'a webhook' : 'your client'}; Ctrl-C ends`);
    await aborted(end);
  } finally {
    await receiver?.close();
  }
  await proxy.close();
  return conclude(await streams.close(), { options, terminal, screen });
}

/** Leads the stream of a captured webhook through the proxy, and writes the webhook that says so. */
async function handOut(
  { webhook, text, json }: Payload,
  { writePayload }: ProxyOptions,
  streams: ProxiedStreams,
  terminal: Terminal,
): Promise<undefined> {
  streams.say('payload', payloadText(webhook, Date.now()));
  const stream = streams.take({ type: 'webhook', headers: {}, body: text }, webhook, true);
  const led = replaceServerUrls(json, (url) => stream.urlFor(url));
  const [url = ''] = decodeWebhook(readMessageText(led).value).serverUrls.urls;
  streams.say('server_urls', url);
  if (writePayload === '-') {
    terminal.out.line(led.toString('utf8'));
  } else if (writePayload !== undefined) {
    await writePrivately(writePayload, led, '--write-payload FILE');
    streams.say('written', `${writePayload}, for your client in place of the webhook it was made from`);
  }
}

/** Says once what keeps clients outside, and how to let them in. */
function doorkeeper(tls: TlsFiles | undefined, terminal: Terminal): (reason: TurnedAway) => void {
  const told = new Set<string>();
  const once = (text: string): void => {
    if (!told.has(text)) terminal.err.line(text);
    told.add(text);
  };
  return (reason) => {
    once(`! ${TURNED_AWAY[reason.kind]}${reason.kind === 'path' ? `: ${printable(reason.path)}` : ''}`);
    const distrusts = reason.kind === 'untrusted' || reason.kind === 'left-in-tls';
    const trust = tls && distrusts ? trustLines(quoted(tls.ca)) : [];
    if (trust.length > 0) once(trust.map((line) => labelledLine(...line)).join('\n'));
  };
}
