/**
 * A look at a host without a word of RTMS: each step towards it with its time, either address family by itself, the way
 * through a proxy, and its clock. It sends no credential and judges nothing.
 */
import { isIP } from 'node:net';
import { errorCode } from '../errors.js';
import { isLoopback } from '../protocol/rest-api.js';
import type { EventBody, PhaseEvent, SocketName } from '../session/event.js';
import { fact } from '../session/facts.js';
import { connectTo, dial, type DialOptions } from './dial.js';
import { exchange } from './http.js';

export interface ProbeOptions extends DialOptions {
  readonly emit: (body: EventBody) => void;
  readonly signal: AbortSignal;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
  /** Unix time in ms: the clock that is compared. */
  readonly unixNow?: () => number;
}

const MOST_OF_A_PAGE = 1024;

const monotonic = (): number => performance.now();

/**
 * Steps up to the answer of HTTP, or up to the upgrade for `wss:`; nothing is sent on the WebSocket. Resolves to the
 * step that failed, if one did.
 */
export async function probeHost(url: URL, options: ProbeOptions): Promise<PhaseEvent | undefined> {
  const { now = monotonic, unixNow = Date.now } = options;
  const socket: SocketName = `host:${url.host}`;
  let families: Promise<void> | undefined;
  let last: PhaseEvent | undefined;
  const emit = (event: EventBody): void => {
    options.emit(event);
    if (event.type !== 'phase') return;
    last = event;
    // A server on this machine seldom listens on both families, and need not.
    const isTold = event.name === 'dns' && event.ok && !isLoopback(url.hostname);
    if (isTold) families = probeFamilies(url, addressesIn(event), options);
  };
  if (/^wss?:$/.test(url.protocol)) {
    (await dial({ ...options, emit, url, socket, now, attach: () => undefined }))?.terminate();
  } else {
    const request = { method: 'GET', url, mostBytes: MOST_OF_A_PAGE } as const;
    const { answer } = await exchange(request, { ...options, emit, socket, now });
    if (answer) emitClock(answer.headers.date, answer.ms, url.host, unixNow(), options.emit);
  }
  await families;
  return last?.ok ? undefined : last;
}

const addressesIn = ({ detail }: PhaseEvent): string[] => String(detail['address']).split(', ');

/** The header names a whole second, during which it was written somewhere between request and answer. */
function emitClock(
  date: string | undefined,
  ms: number,
  source: string,
  unixNow: number,
  emit: ProbeOptions['emit'],
): void {
  const theirs = Date.parse(date ?? '') + 500;
  if (Number.isNaN(theirs)) return;
  emit(fact('clock', { skewMs: Math.round(unixNow - ms / 2 - theirs), source }));
}

/** A connection to the first address of each family, where the host has both. */
async function probeFamilies(
  { hostname, port }: URL,
  addresses: readonly string[],
  options: ProbeOptions,
): Promise<void> {
  const { emit, signal, timeoutMs, now = monotonic } = options;
  const firsts = [4, 6].flatMap((family) => {
    const address = addresses.find((each) => isIP(each) === family);
    return address === undefined ? [] : [{ address, family }];
  });
  if (firsts.length < 2) return;
  await Promise.all(
    firsts.map(async ({ address, family }) => {
      const start = now();
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const code = await connectTo([{ address, family }], { host: hostname, port: Number(port) || 443 }, deadline)
        .then(({ value }) => void value.destroy())
        .catch((error: unknown) => (deadline.aborted ? 'ETIMEDOUT' : errorCode(error)));
      const facts = {
        host: hostname,
        family,
        address,
        ms: Math.round(now() - start),
        ...(code !== undefined && { code }),
      };
      emit(fact('address-family', facts, code === undefined));
    }),
  );
}

/** The same host through the proxy, which may be the only way out. Whether it answered. */
export async function probeProxy(url: URL, proxy: URL, options: ProbeOptions): Promise<boolean> {
  // Its steps lead to the proxy, and say nothing of the host.
  const { emit, now = monotonic, ...quiet } = options;
  const request = { method: 'GET', url, mostBytes: MOST_OF_A_PAGE } as const;
  const socket: SocketName = `host:${url.host}`;
  const { answer, phases } = await exchange(request, { ...quiet, proxy, socket, now });
  const last = phases.at(-1);
  const facts = { ...last?.detail, host: url.host, proxy: proxy.host, ...(last && { step: last.name }) };
  emit(fact('proxy-route', facts, answer !== undefined));
  return answer !== undefined;
}
