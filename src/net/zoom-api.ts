/**
 * A client of Zoom's REST API that can only read: GET, and the request for a token that costs no user anything. It
 * neither judges an answer nor keeps a token.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { ErrorAnswer, Token, TOKEN_PATH, type Grant, type Read, type ZoomHosts } from '../protocol/rest-api.js';
import { textRedactor } from '../session/redact.js';
import type { DialOptions } from './dial.js';
import { exchange, type HttpAnswer, type HttpRequest } from './http.js';

export interface ZoomApiOptions {
  readonly hosts: ZoomHosts;
  readonly dial: DialOptions;
  readonly signal: AbortSignal;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
  /** Unix time in ms. */
  readonly unixNow?: () => number;
  /** Resolves after so many ms, or at once when aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** An answer that is not the wanted one, without any secret. */
export interface Refusal {
  readonly path: string;
  /** 0 where no answer came; `code` is then the system's. */
  readonly status: number;
  readonly code?: number | string;
  /** Of the token endpoint. */
  readonly error?: string;
  readonly message: string;
  /** The answer has not the form of Zoom's: something in between may have given it. */
  readonly foreign?: true;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Pair {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Far above any of these answers. */
const MOST_OF_A_BODY = 1024 * 1024;
/** Before the second attempt where the answer names no time, and the most that is waited for one. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 5000;

/** No method rejects. */
export class ZoomApi {
  readonly #options: ZoomApiOptions;

  constructor(options: ZoomApiOptions) {
    this.#options = options;
  }

  /** A token of the pair's own. */
  async token(grant: Grant, { clientId, clientSecret }: Pair): Promise<Answer<Token>> {
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const request: HttpRequest = {
      method: 'POST',
      url: new URL(TOKEN_PATH, this.#options.hosts.oauth),
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(grant).toString(),
      mostBytes: MOST_OF_A_BODY,
    };
    return this.#ask(request, Token, [clientSecret, basic]);
  }

  /** `values` fill in the path; those it has no place for go into the query. */
  async read<T>(
    { path, answer }: Read<T>,
    token: string,
    values: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const used = Object.keys(values).filter((key) => path.includes(`{${key}}`));
    const filled = used.reduce<string>(
      (result, key) => result.replace(`{${key}}`, encodeURIComponent(values[key] ?? '')),
      path,
    );
    const { api } = this.#options.hosts;
    const url = new URL(`${api.pathname}${filled}`, api);
    url.search = new URLSearchParams(Object.entries(values).filter(([key]) => !used.includes(key))).toString();
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    return this.#ask({ method: 'GET', url, headers, mostBytes: MOST_OF_A_BODY }, answer, [token]);
  }

  async #ask<T>(
    request: HttpRequest,
    schema: v.GenericSchema<unknown, T>,
    secrets: readonly string[],
  ): Promise<Answer<T>> {
    const path = request.url.pathname;
    const sent = await this.#send(request);
    if (sent.failed) return { ok: false, refusal: { path, status: 0, ...sent.failed } };
    const { answer } = sent;
    const hide = textRedactor({ secrets });
    const body = parsed(answer.body);
    const result = v.safeParse(schema, body);
    if (answer.status === 200 && result.success) return { ok: true, value: result.output };
    const said = v.safeParse(ErrorAnswer, body);
    const { code, error, message, reason } = said.success ? said.output : UNSAID;
    const text = message ?? reason;
    const isSaid = [code, error, text].some((part) => part !== undefined);
    return {
      ok: false,
      refusal: {
        path,
        status: answer.status,
        ...(code !== undefined && { code }),
        ...(error !== undefined && { error: hide(error) }),
        ...(isSaid ? { message: hide(text ?? '') } : FOREIGN),
      },
    };
  }

  /** Once more after a while where that is likely to help. */
  async #send(request: HttpRequest): Promise<Sent> {
    const { signal, wait = waited, unixNow = Date.now } = this.#options;
    const first = await this.#sendOnce(request);
    const delay = first.failed ? undefined : retryDelay(first.answer, unixNow());
    if (delay === undefined) return first;
    await wait(delay, signal);
    return this.#sendOnce(request);
  }

  async #sendOnce(request: HttpRequest): Promise<Sent> {
    const { dial, signal, now = () => performance.now() } = this.#options;
    const { answer, phases } = await exchange(request, { ...dial, signal, now, socket: `host:${request.url.host}` });
    const { code = '', message = '' } = phases.at(-1)?.detail ?? {};
    return answer ? { answer } : { failed: { code: String(code), message: String(message) } };
  }
}

type Sent =
  | { readonly answer: HttpAnswer; readonly failed?: never }
  | { readonly failed: { readonly code: string; readonly message: string } };

const FOREIGN = { message: 'the answer is not the documented JSON', foreign: true } as const;

const UNSAID: v.InferOutput<typeof ErrorAnswer> = {
  code: undefined,
  message: undefined,
  error: undefined,
  reason: undefined,
};

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Undefined where a second attempt is no use, or would have to wait too long. */
function retryDelay({ status, headers }: HttpAnswer, unixNow: number): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const asked = headers['retry-after'];
  if (asked === undefined) return RETRY_MS;
  // RFC 9110 section 10.2.3: seconds or a date; Zoom's is a date in ISO form.
  const delay = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - unixNow;
  return delay <= LONGEST_RETRY_MS ? Math.max(0, delay) : undefined;
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
