/**
 * Asks the app's webhook endpoint what Zoom asks it, and what it should turn away: the URL validation, a signed event
 * of no meaning, the same unsigned, and the same as old as a replay. Never an event that announces a stream. The
 * answers are emitted as facts.
 */
import { randomBytes } from 'node:crypto';
import { signWebhook } from '../protocol/signature.js';
import { WEBHOOK_WINDOW_MS } from '../protocol/timing.js';
import type { EventBody, Facts, PhaseEvent } from '../session/event.js';
import { fact } from '../session/facts.js';
import type { DialOptions } from './dial.js';
import { exchange, type Exchange, type HttpAnswer } from './http.js';

export interface EndpointOptions {
  readonly url: URL;
  /** Without it nothing can be signed, and two questions are left out. */
  readonly secretToken: string | undefined;
  /** What is wrong with the body of an answer to the URL validation. */
  readonly validation: (answer: Uint8Array, plainToken: string) => Facts;
  readonly dial: DialOptions;
  /** Returns the event's number. */
  readonly emit: (body: EventBody) => number;
  readonly signal: AbortSignal;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
  /** Unix time in ms. */
  readonly unixNow?: () => number;
}

/** Far above any answer a webhook needs. */
const MOST_OF_A_BODY = 64 * 1024;
const MOST_SHOWN = 300;

/** Four requests at most, one after the other, so that none delays another. Never rejects. */
export async function askEndpoint(options: EndpointOptions): Promise<void> {
  const { emit, url, secretToken, validation, unixNow = Date.now } = options;
  const now = unixNow();
  const plainToken = randomBytes(16).toString('base64url');
  const challenge = { event: 'endpoint.url_validation', event_ts: now, payload: { plainToken } };
  const event = JSON.stringify({ event: 'endpoint.check', event_ts: now, payload: {} });

  const first = await deliver(JSON.stringify(challenge), options, ({ body }) =>
    validation(Buffer.from(body), plainToken),
  );
  emit(fact('endpoint', endpointFacts(url, first), isReached(first)));
  // Where nothing answers, three more silences say nothing more.
  if (!first.answer) return;
  if (secretToken !== undefined) await deliver(event, options);
  await guard('unsigned', event, {}, options);
  if (secretToken === undefined) return;
  await guard('stale', event, signed(event, now - 2 * WEBHOOK_WINDOW_MS, secretToken), options);
}

/** As Zoom would, and on record as a webhook with its answer; not where the connection failed before it. */
async function deliver(
  body: string,
  options: EndpointOptions,
  faultsOf: (answer: HttpAnswer) => Facts = () => ({}),
): Promise<Exchange> {
  const { emit, secretToken, unixNow = Date.now } = options;
  const headers = secretToken === undefined ? {} : signed(body, unixNow(), secretToken);
  const result = await post(body, headers, options);
  if (!isReached(result)) return result;
  const frame = emit({ type: 'webhook', headers: { ...JSON_BODY, ...headers }, body });
  const facts = answerFacts(result, faultsOf);
  const ok = Number(facts['status']) >= 200 && Number(facts['status']) < 300 && facts['cause'] === undefined;
  emit({ ...fact('webhook-answer', { ...facts, asker: 'rtms' }, ok), frame });
  return result;
}

/** What should be turned away; on record by its outcome alone. */
async function guard(
  what: 'unsigned' | 'stale',
  body: string,
  headers: Readonly<Record<string, string>>,
  options: EndpointOptions,
): Promise<void> {
  const { answer } = await post(body, headers, options);
  if (!answer) return;
  const { status } = answer;
  options.emit(fact('endpoint-guard', { what, status }, status >= 300));
}

const JSON_BODY = { 'content-type': 'application/json; charset=utf-8' };

function signed(body: string, time: number, secretToken: string): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(time / 1000));
  return { 'x-zm-request-timestamp': timestamp, 'x-zm-signature': signWebhook(body, timestamp, secretToken) };
}

function post(
  body: string,
  headers: Readonly<Record<string, string>>,
  { url, dial, signal, now = () => performance.now() }: EndpointOptions,
): Promise<Exchange> {
  const request = {
    method: 'POST',
    url,
    headers: { ...JSON_BODY, ...headers },
    body,
    mostBytes: MOST_OF_A_BODY,
  } as const;
  return exchange(request, { ...dial, signal, now, socket: `host:${url.host}` });
}

function answerFacts({ answer, phases }: Exchange, faultsOf: (answer: HttpAnswer) => Facts): Facts {
  if (!answer) {
    const { ms, detail } = phases.at(-1) ?? NO_PHASE;
    const cause = detail['code'] === 'ETIMEDOUT' ? 'no-answer' : 'unreachable';
    return { status: 0, ms, cause, ...picked(detail, ['code', 'message']) };
  }
  const { status, ms, headers, body } = answer;
  const cut = body.length > MOST_SHOWN ? `${body.slice(0, MOST_SHOWN)}…` : body;
  return {
    status,
    ms: Math.round(ms * 10) / 10,
    ...(headers.location !== undefined && { location: headers.location }),
    ...(cut !== '' && { body: cut }),
    ...(status === 200 && faultsOf(answer)),
  };
}

/** How far the connection came, its certificate, and who spoke. */
function endpointFacts(url: URL, { answer, phases }: Exchange): Facts {
  const tls = phases.find(({ name }) => name === 'tls')?.detail ?? {};
  const address = phases.find(({ name }) => name === 'tcp')?.detail['address'];
  const { name, ms, detail } = phases.at(-1) ?? NO_PHASE;
  return {
    host: url.host,
    step: name,
    ms,
    ...picked(tls, ['protocol', 'validDays', 'issuer', 'chain']),
    ...(address !== undefined && { address }),
    ...picked(detail, ['code', 'message']),
    ...(answer && isPage(answer) && { page: true }),
  };
}

/** By its body: PHP calls whatever it sends HTML. That of a redirect says no more than the redirect. */
const isPage = ({ status, body }: HttpAnswer): boolean =>
  (status < 300 || status >= 400) && /^\s*<(?:!doctype|html|!--)/i.test(body);

const isReached = ({ phases }: Exchange): boolean => phases.some(({ name }) => name === 'request');

const NO_PHASE: Pick<PhaseEvent, 'name' | 'ms' | 'detail'> = { name: 'dns', ms: 0, detail: {} };

const picked = (facts: Facts, names: readonly string[]): Facts =>
  Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]] as const])));
