/** One handshake on a signaling socket of its own: what the server makes of it, and then the end. Judges nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { isAcceptance, type Message } from '../protocol/messages.js';
import type { CloseEvent } from '../session/event.js';
import type { SentHandshake } from '../session/hybrids.js';
import { dial, type DialOptions } from './dial.js';
import { RtmsSocket } from './socket.js';

export interface TrialOptions {
  readonly url: URL;
  readonly dial: DialOptions;
  /** How long the answer to the handshake may take, in ms. */
  readonly replyTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** What came of it; `unreachable` is nothing that the handshake could be the reason of. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly status: number | undefined }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'unreachable'; readonly step: string };

const REPLY = MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value;

/** Never rejects. The socket is closed when it resolves. */
export async function tryHandshake(
  { bytes, opcode, delayMs }: SentHandshake,
  { url, dial: dialOptions, replyTimeoutMs, signal }: TrialOptions,
): Promise<Outcome> {
  let socket: RtmsSocket | undefined;
  let step = 'dns';
  const opened = await dial({
    ...dialOptions,
    url,
    socket: 'signaling',
    now: () => performance.now(),
    signal,
    emit: (event) => {
      if (event.type === 'phase') step = event.name;
    },
    attach: (raw) => {
      socket = new RtmsSocket('signaling', raw, ignore);
    },
  });
  if (!opened || !socket) return { kind: 'unreachable', step };
  await wait(delayMs, signal);
  const reply = socket.next([REPLY]);
  socket.send(bytes, opcode);
  const done = new AbortController();
  const timedOut = wait(replyTimeoutMs, AbortSignal.any([signal, done.signal]));
  const outcome = outcomeOf(await Promise.race([reply, socket.closed, timedOut]));
  done.abort();
  await socket.close();
  return outcome;
}

const ignore = (): void => undefined;

function outcomeOf(end: Message | CloseEvent | void): Outcome {
  if (end === undefined) return { kind: 'unanswered' };
  if ('type' in end) return { kind: 'closed', code: end.code, reason: end.reason };
  if (isAcceptance(end)) return { kind: 'accepted' };
  return { kind: 'refused', status: 'status_code' in end ? end.status_code : undefined };
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
