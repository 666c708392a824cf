/**
 * Hands a webhook to the developer's own app, untouched, and emits what the app answers and how long it takes: once
 * when Zoom would give up, and once more if an answer comes all the same. Whether it would do is for the rules.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorCode, plainText } from '../errors.js';
import { DELIVERY } from '../protocol/timing.js';
import type { Facts } from '../session/event.js';
import { duration } from '../session/words.js';
import type { WebhookVerifier } from '../session/webhook-verifier.js';
import { trustOf, type DialOptions } from './dial.js';
import type { Answer, ReceiverOptions, WebhookRequest } from './receiver.js';

export interface ForwardOptions {
  /** The app. Where it has no query of its own, it gets that of the webhook. */
  readonly url: URL;
  readonly verifier: WebhookVerifier;
  readonly emit: ReceiverOptions['emit'];
  /** Whom to believe where the app is reached by https. */
  readonly trust?: Pick<DialOptions, 'ca' | 'insecure'>;
  /** How long the app may take, in ms: until it is told that it keeps silent, and until nobody listens any more. */
  readonly answerWithinMs?: number;
  readonly timeoutMs?: number;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
  /** Aborted where nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

/** More than three times what Zoom waits: long enough to tell how late an answer is. */
const TIMEOUT_MS = 10_000;
/** Far above any answer a webhook needs. */
const MOST_OF_A_BODY = 64 * 1024;
const MOST_SHOWN = 300;

/** Resolves to the app's answer, or undefined where none came; never rejects. */
export async function forwardWebhook(request: WebhookRequest, options: ForwardOptions): Promise<Answer | undefined> {
  const { now = () => performance.now(), timeoutMs = TIMEOUT_MS, emit, signal, url, trust = {} } = options;
  const { answerWithinMs = DELIVERY.answerWithinMs } = options;
  const start = now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const elapsed = (): number => Math.round((now() - start) * 10) / 10;
  const record = (status: number, facts: Facts): void => {
    const ok = status >= 200 && status < 300 && facts['cause'] === undefined;
    const ms = elapsed();
    emit({ type: 'check', rule: 'webhook-answer', ok, frame: request.number, facts: { status, ms, ...facts } });
  };
  const silent = (ms: number): void =>
    record(0, { cause: 'no-answer', message: `no answer within ${duration(ms)}` });
  const patience = setTimeout(() => silent(answerWithinMs), answerWithinMs);
  try {
    const answer = await post(request, url, trust, AbortSignal.any([deadline, ...(signal ? [signal] : [])]));
    record(answer.status, { ...shown(answer), ...validated(request, answer, options.verifier) });
    return answer;
  } catch (error) {
    // An app that had time left has done nothing wrong.
    if (signal?.aborted) emit({ type: 'note', text: `your app had not answered after ${duration(elapsed())}` });
    else if (deadline.aborted) silent(timeoutMs);
    else record(0, { cause: 'unreachable', code: errorCode(error), message: plainText(error) });
    return undefined;
  } finally {
    clearTimeout(patience);
  }
}

interface AppAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A connection of its own: one that was kept alive may be closed by the app at the same moment. */
async function post(
  request: WebhookRequest,
  url: URL,
  trust: Pick<DialOptions, 'ca' | 'insecure'>,
  signal: AbortSignal,
): Promise<AppAnswer> {
  const target = new URL(url);
  target.search ||= request.target.replace(/^[^?]*/, '');
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = endToEnd(request, url).flat();
    send(target, { method: 'POST', headers, agent: false, signal, ...trustOf(trust) }, resolve)
      .on('error', reject)
      .end(request.body);
  });
  const body = await beginning(response);
  const { location, 'content-type': type } = response.headers;
  const headers = { ...(location !== undefined && { location }), ...(type !== undefined && { 'content-type': type }) };
  return { status: response.statusCode ?? 0, headers, body };
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1; what `connection` names belongs to them. */
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|expect)$/i;

/** All headers that are meant for the app, as they came; `host` and `content-length` are those of this request. */
function endToEnd({ headers, body }: WebhookRequest, { host }: URL): [name: string, value: string][] {
  const named = headers
    .filter(([name]) => /^connection$/i.test(name))
    .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase()));
  const isMeant = ([name]: readonly [string, string]): boolean =>
    !HOP_BY_HOP.test(name) && !/^(?:host|content-length)$/i.test(name) && !named.includes(name.toLowerCase());
  const kept = headers.filter(isMeant).map(([name, value]): [string, string] => [name, value]);
  return [['host', host], ...kept, ['content-length', String(body.length)], ['connection', 'close']];
}

async function beginning(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(Buffer.from(chunk));
    size += chunks.at(-1)?.length ?? 0;
    if (size >= MOST_OF_A_BODY) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_OF_A_BODY);
}

function shown({ headers: { location }, body }: AppAnswer): Facts {
  const text = body.toString('utf8');
  const cut = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  return { ...(location !== undefined && { location }), ...(text !== '' && { body: cut }) };
}

/** What is wrong with the answer to a URL validation; of another status the body is no answer. */
function validated({ webhook }: WebhookRequest, { status, body }: AppAnswer, verifier: WebhookVerifier): Facts {
  const isAnswer = webhook.kind === 'url-validation' && status === 200;
  return isAnswer ? verifier.validation(body, webhook.plainToken ?? '') : {};
}
