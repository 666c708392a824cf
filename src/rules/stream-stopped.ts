/** The stream ended as someone wished, by Zoom's own word. What ended without a word is another rule. */
import { lookup, STOP_REASON, type StopKind, type StopReasonCode } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import type { Ending, Timeline } from '../session/timeline.js';
import { count, duration } from '../session/words.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { ownEndings } from './shared/endings.js';
import { kebab } from './shared/words.js';

const IS_FAULT: Readonly<Record<StopKind, boolean>> = { wanted: false, ended: false, failure: true, policy: true };

const PATHS: Readonly<Record<Ending['source'], string>> = {
  'stream-state': '$.reason',
  'session-state': '$.stop_reason',
  webhook: '$.payload.stop_reason',
  'close-response': '$.msg_type',
};

const { CONNECTION_TIMEOUT, SIGNAL_CONNECTION_INTERRUPTED, AUTHENTICATION_FAILURE, KEEP_ALIVE_TIMEOUT } = STOP_REASON;

/** What the session itself shows about a reason. */
const TRACES: Readonly<Record<number, (timeline: Timeline) => Evidence[]>> = {
  [CONNECTION_TIMEOUT.value]: timeToConnect,
  [SIGNAL_CONNECTION_INTERRUPTED.value]: keepAlives,
  [AUTHENTICATION_FAILURE.value]: signature,
  [KEEP_ALIVE_TIMEOUT.value]: keepAlives,
};

export const streamStopped = defineRule({
  id: 'stream-stopped',
  section: 'Close',
  title: 'the stream ended as someone wished',
  failureTitle: 'the stream was stopped',
  why: 'The stop reason is the only place where Zoom says why a stream ended; the close code does not.',
  docs: DOCS.failover,
  needs: [],
  check: (timeline) => {
    const endings = ownEndings(timeline);
    if (endings.length === 0) return undefined;
    const told = endings.flatMap(({ reason, ...ending }) => (reason === undefined ? [] : [{ ...ending, reason }]));
    const fault = told.find(({ reason }) => isFault(reason)) ?? told[0];
    return fault ? verdict(fault, timeline) : { status: 'pass', message: 'the stream ended; no reason was given' };
  },
});

const reasonOf = (reason: number) => lookup<StopReasonCode>(STOP_REASON, reason);

function isFault(reason: number): boolean {
  const code = reasonOf(reason);
  return !code || IS_FAULT[code.kind];
}

function verdict({ number, source, reason }: Ending & { readonly reason: number }, timeline: Timeline): Verdict {
  const code = reasonOf(reason);
  const nested = timeline.webhooks.find((webhook) => webhook.number === number)?.webhook.path['stop_reason'];
  const evidence = [{ event: number, path: nested ?? PATHS[source] }, ...(TRACES[reason]?.(timeline) ?? [])];
  if (!code) {
    return {
      status: 'warn',
      certainty: 'certain',
      cause: 'unknown-reason',
      message: `the stream was stopped with reason ${reason}, which is not documented`,
      evidence,
      fix: `compare it with the newest list of RTMS_STOP_REASON: ${DOCS.dataTypes}`,
    };
  }
  const message = `${code.meaning} (${code.name}, ${reason})`;
  if (!IS_FAULT[code.kind]) return { status: 'pass', message, evidence };
  return {
    // A consent that was withdrawn is no fault, but an order.
    status: reason === STOP_REASON.STREAM_REVOKED.value ? 'warn' : 'fail',
    certainty: 'certain',
    cause: kebab(code.name),
    message: `the stream was stopped: ${message}`,
    evidence,
    fix: code.action,
  };
}

function timeToConnect(timeline: Timeline): Evidence[] {
  const eventTs = timeline.started?.webhook.eventTs;
  const first = timeline.connections.find(({ socket }) => socket === 'signaling');
  if (!first) return [{ note: 'no connection is on record' }];
  const age = eventTs === undefined ? Number.NaN : timeline.wallClock(first.begin) - eventTs;
  if (!(age >= 0)) return [];
  const handshake = first.handshake ? { event: first.handshake.number } : {};
  return [{ ...handshake, note: `the app began to connect ${duration(age)} after event_ts` }];
}

function keepAlives({ connections }: Timeline): Evidence[] {
  return connections
    .filter(({ keepAlive }) => keepAlive.asked > 0)
    .map(({ socket, keepAlive: { asked, answered, unanswered } }) => ({
      ...(unanswered[0] && { event: unanswered[0].number }),
      note: `${socket}: ${answered} of ${count(asked, 'keep-alive')} answered`,
    }));
}

function signature(timeline: Timeline): Evidence[] {
  const check = timeline.check('signature-mismatch');
  if (!check) return [];
  const note = check.event.ok ? 'the signature is what this secret gives, so Zoom checks with another' : 'it differs';
  return [{ event: check.number, note: `recomputed: ${note}` }];
}
