/**
 * Opens a connection step by step — DNS, TCP, proxy, TLS — and a WebSocket on it, and emits a phase event with the
 * time of each. It knows nothing of RTMS messages.
 */
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as netConnect, isIP, type Socket } from 'node:net';
import {
  connect as tlsConnect,
  rootCertificates,
  type ConnectionOptions,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { WebSocket } from 'ws';
import { errorCode, plainText } from '../errors.js';
import type { EventBody, Facts, PhaseName, SocketName } from '../session/event.js';

export interface DialOptions {
  /** Certificate authorities in PEM, beside the built-in ones. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Receives NSS key log lines: https://www.ietf.org/archive/id/draft-ietf-tls-keylogfile-05.html */
  readonly onKeylog?: (line: Buffer) => void;
  /** An HTTP proxy to tunnel through with CONNECT (RFC 9110 section 9.3.6). */
  readonly proxy?: URL;
  /** For all steps together, in ms. */
  readonly timeoutMs: number;
}

/** Where it leads, and who is told of every step. */
export interface Target extends DialOptions {
  readonly url: URL;
  readonly socket: SocketName;
  readonly emit: (body: EventBody) => void;
  /** Monotonic clock in ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

interface Dial extends Target {
  /** Runs before the upgrade, so that no early frame is missed. */
  readonly attach: (socket: WebSocket) => void;
}

/** RTMS names no limit; video and share frames are far below it. */
const MAX_PAYLOAD = 64 * 1024 * 1024;
const MOST_OF_A_BODY = 512;
const DAY_MS = 86_400_000;

/** The open socket, or undefined if a step failed: the last phase event then says which and why. */
export async function dial(options: Dial): Promise<WebSocket | undefined> {
  return dialWith(options, (stream, signal) => upgrade(stream, options, signal));
}

/** As `dial`, with an upgrade of the caller's own as the last step. */
export async function dialWith<T>(
  options: Target,
  upgrade: (stream: Socket, signal: AbortSignal) => Promise<Done<T>>,
): Promise<T | undefined> {
  const opened = await openStream(options);
  if (!opened) return undefined;
  const { stream, step, signal } = opened;
  return (await step('upgrade', () => upgrade(stream, signal))) ?? destroyed(stream);
}

/** A connection to the host of a URL, and how to take the steps that follow within the same time. */
export interface OpenStream {
  readonly stream: Socket;
  readonly step: Step;
  /** Aborted when the time is over, or the caller wants no more. */
  readonly signal: AbortSignal;
}

/** The steps up to the first byte of HTTP. Undefined if one failed: the last phase event says which and why. */
export async function openStream(options: Target): Promise<OpenStream | undefined> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  const step = stepper(options, deadline);
  const secure = /^(?:wss|https):$/.test(options.url.protocol);
  const target = endpoint(options.url, secure ? 443 : 80);
  const first = options.proxy ? endpoint(options.proxy, options.proxy.protocol === 'https:' ? 443 : 80) : target;

  const via: Facts = options.proxy ? { proxy: options.proxy.host } : {};
  const addresses = await step('dns', () => resolve(first.host, signal), via);
  if (!addresses) return undefined;
  const tcp = await step('tcp', () => connectTo(addresses, first, signal), via);
  if (!tcp) return undefined;
  let stream: Socket = tcp;
  if (options.proxy) {
    const { proxy } = options;
    const tunnel = await step('proxy', () => connectTunnel(tcp, proxy, target, trustOf(options), signal));
    if (!tunnel) return destroyed(tcp);
    stream = tunnel;
  }
  if (secure) {
    const tls = await step('tls', () => connectTls(stream, target.host, options, signal));
    if (!tls) return destroyed(stream);
    stream = tls;
  }
  return { stream, step, signal };
}

/** The value of a step and the facts worth recording of it. */
export interface Done<T> {
  readonly value: T;
  readonly detail: Facts;
}

/** A step that failed with facts of its own, such as an HTTP status. */
export class StepError extends Error {
  readonly detail: Facts;
  constructor(message: string, detail: Facts) {
    super(message);
    this.detail = detail;
  }
}

/** `facts` go into the phase event whether the step succeeds or not. */
type Step = <T>(name: PhaseName, run: () => Promise<Done<T>>, facts?: Facts) => Promise<T | undefined>;

function stepper({ emit, socket, now, signal, timeoutMs }: Target, deadline: AbortSignal): Step {
  return async (name, run, facts = {}) => {
    const start = now();
    const phase = (ok: boolean, detail: Facts): void =>
      emit({
        type: 'phase',
        name,
        socket,
        ms: Math.round((now() - start) * 10) / 10,
        ok,
        detail: { ...facts, ...detail },
      });
    try {
      const { value, detail } = await run();
      phase(true, detail);
      return value;
    } catch (error) {
      if (error instanceof StepError) phase(false, { ...error.detail, message: error.message });
      else if (signal.aborted) phase(false, { code: 'INTERRUPTED', message: 'interrupted' });
      else if (deadline.aborted) phase(false, { code: 'ETIMEDOUT', message: `no answer within ${timeoutMs / 1000} s` });
      else phase(false, { code: errorCode(error), message: plainText(error) });
      return undefined;
    }
  };
}

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function endpoint(url: URL, defaultPort: number): Endpoint {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || defaultPort };
}

async function resolve(host: string, signal: AbortSignal): Promise<Done<LookupAddress[]>> {
  const addresses = await orAborted(lookup(host, { all: true }), signal);
  return { value: addresses, detail: { host, address: addresses.map(({ address }) => address).join(', ') } };
}

/** A TCP connection to the first of the addresses that takes one. */
export async function connectTo(
  addresses: LookupAddress[],
  { host, port }: Endpoint,
  signal: AbortSignal,
): Promise<Done<Socket>> {
  const socket = netConnect({
    host,
    port,
    noDelay: true,
    autoSelectFamily: true,
    // The names are resolved already; this hands all of them to the race between IPv6 and IPv4 (RFC 8305).
    lookup: (_host, _options, callback) => callback(null, addresses),
  });
  try {
    await settled(socket, 'connect', signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { value: socket, detail: { address: socket.remoteAddress ?? '', port } };
}

async function connectTunnel(
  tcp: Socket,
  proxy: URL,
  target: Endpoint,
  trust: ConnectionOptions,
  signal: AbortSignal,
): Promise<Done<Socket>> {
  const secure = proxy.protocol === 'https:';
  const socket = secure ? tlsConnect({ ...trust, socket: tcp, servername: proxy.hostname }) : tcp;
  const authority = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(proxy.username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
    createConnection: () => socket,
    signal,
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('connect', resolve).once('response', resolve).once('error', reject).end();
  });
  const status = response.statusCode ?? 0;
  if (status !== 200) throw new StepError(`the proxy answered ${status} ${response.statusMessage ?? ''}`, { status });
  return { value: socket, detail: { proxy: proxy.host, status } };
}

/** Whom to believe: the built-in authorities and those given, or anyone. */
export function trustOf({ ca, insecure = false }: Pick<DialOptions, 'ca' | 'insecure'>): ConnectionOptions {
  return { rejectUnauthorized: !insecure, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) };
}

async function connectTls(
  stream: Socket,
  host: string,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Done<TLSSocket>> {
  const socket = tlsConnect({
    socket: stream,
    // RFC 6066 section 3 forbids addresses here.
    ...(isIP(host) === 0 && { servername: host }),
    host,
    ALPNProtocols: ['http/1.1'],
    ...trustOf(options),
    // Refused below, with the certificate at hand: who issued it names the proxy that stands in between.
    rejectUnauthorized: false,
  });
  if (options.onKeylog) socket.on('keylog', options.onKeylog);
  await settled(socket, 'secureConnect', signal);
  const facts: Facts = {
    protocol: socket.getProtocol() ?? '',
    verified: socket.authorized,
    ...certificateFacts(socket.getPeerCertificate(true)),
  };
  if (!socket.authorized && options.insecure !== true) {
    socket.destroy();
    const code = String(socket.authorizationError);
    throw new StepError(`the certificate issued by ${String(facts['issuer'])} is not accepted`, { code, ...facts });
  }
  return { value: socket, detail: facts };
}

/** `chain` counts the certificates that could be followed up to the authority; `authority` is the last of them. */
function certificateFacts(certificate: DetailedPeerCertificate): Facts {
  const until = Date.parse(certificate.valid_to);
  if (Number.isNaN(until)) return {};
  const chain = chainOf(certificate);
  const last = chain.at(-1) ?? certificate;
  return {
    validDays: Math.floor((until - Date.now()) / DAY_MS),
    issuer: nameIn(certificate.issuer),
    chain: chain.length,
    authority: nameIn(last.issuer),
    publicAuthority: isPublic(last),
  };
}

function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [certificate];
  for (let next = certificate.issuerCertificate; next && !chain.includes(next); next = next.issuerCertificate) {
    chain.push(next);
  }
  return chain;
}

function nameIn({ O: organisation, CN: name }: DetailedPeerCertificate['issuer']): string {
  const text: unknown = organisation ?? name;
  return typeof text === 'string' ? text : '';
}

/** Whether it is among the authorities that come with Node: one that a company adds for its proxy is not. */
const isPublic = ({ raw }: DetailedPeerCertificate): boolean =>
  rootCertificates.some((pem) => pem.replaceAll(/-----[^-]+-----|\s/g, '') === raw.toString('base64'));

/** The opening handshake of RFC 6455 section 4, over a stream that is connected already. */
async function upgrade(stream: Socket, { url, attach }: Dial, signal: AbortSignal): Promise<Done<WebSocket>> {
  const socket = new WebSocket(url, {
    createConnection: () => stream,
    // Zoom documents no extension; without one, the bytes shown are the bytes sent.
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD,
  });
  attach(socket);
  // `ws` throws for a socket that fails while nobody listens, as after an abort.
  socket.on('error', () => undefined);
  const refused = new Promise<IncomingMessage>((resolve) => {
    socket.once('unexpected-response', (_, response) => resolve(response));
  });
  try {
    const answer = await Promise.race([settled(socket, 'open', signal), refused]);
    if (answer) throw await refusal(answer, signal);
  } catch (error) {
    socket.terminate();
    throw error;
  }
  return { value: socket, detail: { status: 101 } };
}

/** The answer in place of an upgrade, as facts; of its body what comes in time. */
async function refusal(response: IncomingMessage, signal: AbortSignal): Promise<StepError> {
  return refusalOf(response, await readBody(response, MOST_OF_A_BODY, signal));
}

/** An HTTP answer in place of an upgrade. */
export function refusalOf(response: IncomingMessage, body: Buffer): StepError {
  const { statusCode: status = 0, statusMessage = '', headers } = response;
  const { location, server } = headers;
  return new StepError(`the server answered ${status} ${statusMessage}`.trimEnd(), {
    status,
    ...(location !== undefined && { location }),
    ...(typeof server === 'string' && { server }),
    body: body.toString('utf8').slice(0, MOST_OF_A_BODY),
  });
}

/** The body of an answer, up to so many bytes and some; of one that is cut off or too slow, what came. */
export async function readBody(response: IncomingMessage, most: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  signal.addEventListener('abort', () => response.destroy());
  try {
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk));
      size += Buffer.byteLength(chunk);
      if (size >= most) break;
    }
  } catch {
    // The status has come, and says more than the body.
  }
  return Buffer.concat(chunks);
}

/** Resolves on the event; rejects on `error`, on an end before it, and on abort. */
async function settled(emitter: Socket | WebSocket, event: string, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const closed = once(emitter, 'close', { signal: either }).then(() => {
    throw Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
  });
  try {
    await Promise.race([once(emitter, event, { signal: either }), closed]);
  } finally {
    done.abort();
    closed.catch(() => undefined);
  }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const done = new AbortController();
  const aborted = once(signal, 'abort', { signal: done.signal }).then(() => {
    throw new Error('aborted');
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    done.abort();
    aborted.catch(() => undefined);
  }
}

function destroyed(stream: Socket): undefined {
  stream.destroy();
  return undefined;
}
