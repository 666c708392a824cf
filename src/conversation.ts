/** One conversation with an RTMS server from a plan: the client, the checks on what it sends, and when it stops. */
import { RtmsClient, type ClientOptions } from './net/client.js';
import { readMessageText } from './protocol/framing.js';
import { signHandshake } from './protocol/signature.js';
import { isObject } from './protocol/json.js';
import { classifyServerUrl } from './protocol/webhooks.js';
import type { Plan } from './plan.js';
import type { EventBody } from './session/event.js';
import type { SessionLog } from './session/log.js';
import { checkSignature, idsOfFrame, judgeSignature, signatureInputs } from './session/signature-check.js';

export interface ConversationOptions {
  readonly buffer: boolean;
  readonly protocolVersion: number;
  readonly signalingOnly?: boolean;
  readonly reconnect?: boolean;
  readonly endStream?: boolean;
  readonly insecure?: boolean;
  readonly allowHost?: readonly string[];
}

/**
 * Runs until the stream ends, cannot be had, the plan's time is over or `signal` is aborted; then every socket is
 * closed. All that happens goes into the log. Nothing happens where the webhook lacks what a connection needs.
 */
export async function converse(
  plan: Plan,
  options: ConversationOptions,
  log: Pick<SessionLog, 'emit'>,
  signal: AbortSignal,
  onKeylog?: (line: Buffer) => void,
): Promise<void> {
  const { entity, streamId, ids } = plan.webhook;
  if (!entity || streamId === undefined || plan.url === undefined) return;
  const own = plan.handshake && readMessageText(plan.handshake.bytes).value;
  const inputs =
    plan.credentials && signatureInputs({ entity, streamId, ids: { ...ids, ...idsOfFrame(own) } }, plan.credentials);
  // Now, while nothing waits: explaining a wrong signature would delay the first answer.
  if (inputs && plan.handshake) judgeSignature(signatureIn(own), inputs);
  const emit = (body: EventBody): void => {
    const number = log.emit(body);
    if (body.type !== 'frame' || !inputs) return;
    for (const check of checkSignature(body, number, inputs)) log.emit(check);
  };
  const clientOptions: ClientOptions = {
    url: plan.url,
    entity,
    streamId,
    signature: inputs
      ? signHandshake({ clientId: inputs.clientId, entityId: entity.value, streamId }, inputs.clientSecret)
      : signatureIn(own),
    media: plan.media,
    protocolVersion: options.protocolVersion,
    bufferData: options.buffer,
    events: plan.events,
    ...(plan.handshake && { handshake: plan.handshake }),
    signalingOnly: options.signalingOnly === true,
    reconnect: options.reconnect === true,
    endStream: options.endStream === true,
    dial: {
      timeoutMs: plan.timeoutMs,
      insecure: options.insecure === true,
      ...(plan.ca !== undefined && { ca: plan.ca }),
      ...(plan.proxy && { proxy: plan.proxy }),
      ...(onKeylog && { onKeylog }),
    },
    allowed: (target) => allowedUrl(target, options.allowHost ?? [], emit),
    emit,
    now: () => performance.now(),
    replyTimeoutMs: plan.timeoutMs,
  };
  await runUntil(new RtmsClient(clientOptions), plan.durationMs, signal);
}

async function runUntil(client: RtmsClient, durationMs: number | undefined, signal: AbortSignal): Promise<void> {
  const stop = (): void => void client.stop();
  const timer = durationMs === undefined ? undefined : setTimeout(stop, durationMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  await client.run();
  await client.stop();
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
}

/** Without a secret, the media handshake can only repeat the signature of the developer's own. */
function signatureIn(handshake: unknown): string {
  const signature = isObject(handshake) ? handshake['signature'] : undefined;
  return typeof signature === 'string' ? signature : '';
}

/** `RTMS.example.test:8443` as a URL has it: lower case, without the port. */
const hostnameOf = (host: string): string => (URL.canParse(`wss://${host}`) ? new URL(`wss://${host}`).hostname : host);

/** The URL, if the signature may go there. A refusal is a fact for the rules. */
export function allowedUrl(
  target: string,
  allowed: readonly string[],
  emit: (body: EventBody) => void,
): URL | undefined {
  const verdict = classifyServerUrl(target);
  if (verdict.ok && (verdict.host !== 'other' || allowed.map(hostnameOf).includes(verdict.url.hostname)))
    return verdict.url;
  const facts = verdict.ok
    ? { url: target, cause: 'host-not-allowed', host: verdict.url.hostname }
    : { url: target, cause: verdict.cause, message: verdict.message };
  emit({ type: 'check', rule: 'server-url-invalid', ok: false, facts });
  return undefined;
}

/** The webhook as a mock would have posted it: now, with its own address. Everything else stays. */
export function readdressed(body: string, serverUrl: string, now: number): string {
  const replacements: Readonly<Record<string, unknown>> = { event_ts: now, server_urls: serverUrl };
  return JSON.stringify(readMessageText(Buffer.from(body)).value, (key, value: unknown) =>
    Object.hasOwn(replacements, key) ? replacements[key] : value,
  );
}
