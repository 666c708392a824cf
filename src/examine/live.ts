/**
 * What a check-up tries on a server: the handshake once, as `connect` does it, or mixtures of one that fails and one
 * that is known to be good. All that comes of it goes out as events.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { converse } from '../conversation.js';
import { tryHandshake } from '../net/trial.js';
import type { Plan } from '../plan.js';
import { signalingHandshake } from '../protocol/messages.js';
import { signHandshake } from '../protocol/signature.js';
import { classifyServerUrl } from '../protocol/webhooks.js';
import { unreadCheck } from '../session/api-facts.js';
import type { CheckEvent, EventBody, PhaseName } from '../session/event.js';
import type { SentHandshake } from '../session/hybrids.js';
import { bisectHandshake, type BisectOptions } from './bisect.js';

/** How long media may take to come, once the handshake is answered. */
const LISTEN_MS = 5000;

const isStep = (body: EventBody, name: PhaseName): boolean => body.type === 'phase' && body.name === name && body.ok;

/** Shakes hands, takes some media where they are wanted by name, and leaves. */
export async function shakeHands(
  plan: Plan,
  withMedia: boolean,
  emit: (body: EventBody) => number,
  signal: AbortSignal,
): Promise<void> {
  const enough = new AbortController();
  const ends = AbortSignal.any([signal, enough.signal]);
  let silent = withMedia ? plan.media.length : 0;
  const watched = (body: EventBody): number => {
    const number = emit(body);
    if (isStep(body, 'first-media')) silent -= 1;
    if (isStep(body, 'reply') || isStep(body, 'first-media')) {
      void pause(silent > 0 ? LISTEN_MS : 0, ends).then(() => enough.abort());
    }
    return number;
  };
  const options = { buffer: true, protocolVersion: 1, signalingOnly: !withMedia };
  await converse(plan, options, { emit: watched }, ends);
}

export interface BisectionOptions extends Pick<BisectOptions, 'server' | 'onAttempt' | 'signal'> {
  /** How long after the WebSocket is open the failing handshake is sent. */
  readonly delayMs: number;
  /** Between two attempts. */
  readonly pauseMs: number;
}

/** Facts for `handshake-difference`; why there are none, where the plan lacks what it takes. */
export async function bisectLive(
  { webhook, url: target, credentials, handshake, ca, proxy, timeoutMs }: Plan,
  { delayMs, pauseMs, ...options }: BisectionOptions,
): Promise<CheckEvent[]> {
  const { entity, streamId } = webhook;
  if (!handshake || !credentials || !entity || streamId === undefined || target === undefined) {
    return [unreadCheck('handshake-bisected', 'a pair, and a webhook with its ids and its URL, are needed')];
  }
  const verdict = classifyServerUrl(target);
  if (!verdict.ok || verdict.host === 'other') {
    return [unreadCheck('handshake-bisected', 'the signature goes to Zoom and to this machine only')];
  }
  const { clientId, clientSecret } = credentials;
  const parts = { clientId: clientId.value, entityId: entity.value, streamId };
  const fields = signalingHandshake({ entity, streamId, signature: signHandshake(parts, clientSecret.value) });
  const good: SentHandshake = { bytes: Buffer.from(JSON.stringify(fields)), opcode: 'text', delayMs: 0 };
  const dial = { timeoutMs, ...(ca !== undefined && { ca }), ...(proxy && { proxy }) };
  const { signal } = options;
  return bisectHandshake({ ...handshake, delayMs }, good, {
    ...options,
    attempt: (each) => tryHandshake(each, { url: verdict.url, dial, replyTimeoutMs: timeoutMs, signal }),
    pause: () => pause(pauseMs, signal),
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
