/**
 * One HTTP request on a connection of its own, which dial.ts opens step by step. Node's `fetch` cannot do this: it
 * tells no step and no certificate, and passes no proxy unless undici is a dependency. Follows no redirect.
 */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { PhaseEvent } from '../session/event.js';
import { openStream, type Done, type Target } from './dial.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How much of the answer's body is read. */
  readonly mostBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From the first byte of the request to the last of the answer that was read. */
  readonly ms: number;
}

export interface Exchange {
  /** Undefined if a step failed, which is the last of the phases. */
  readonly answer: HttpAnswer | undefined;
  readonly phases: readonly PhaseEvent[];
}

/** Who is told of every step; nobody need be. */
export type ExchangeTarget = Omit<Target, 'url' | 'emit'> & Partial<Pick<Target, 'emit'>>;

/** Sends the request once. Never rejects; all steps share the target's time. */
export async function exchange(request: HttpRequest, target: ExchangeTarget): Promise<Exchange> {
  const phases: PhaseEvent[] = [];
  const opened = await openStream({
    ...target,
    url: request.url,
    emit: (event) => {
      if (event.type === 'phase') phases.push(event);
      target.emit?.(event);
    },
  });
  const answer = await opened?.step('request', () => ask(opened.stream, request, target.now, opened.signal));
  opened?.stream.destroy();
  return { answer, phases };
}

async function ask(
  stream: Socket,
  { method, url, headers = {}, body = '', mostBytes }: HttpRequest,
  now: () => number,
  signal: AbortSignal,
): Promise<Done<HttpAnswer>> {
  const start = now();
  const request = httpRequest({
    method,
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'user-agent': 'rtms',
      ...headers,
      ...(method === 'POST' && { 'content-length': Buffer.byteLength(body) }),
    },
    createConnection: () => stream,
    signal,
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject).end(body);
  });
  const text = await readBody(response, mostBytes);
  const status = response.statusCode ?? 0;
  return { value: { status, headers: response.headers, body: text, ms: now() - start }, detail: { status } };
}

async function readBody(response: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}
