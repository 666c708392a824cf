/** The stream ended as someone wished, by Zoom's own word. What ended without a word is another rule. */
import { lookup, STOP_REASON, type StopKind, type StopReasonCode } from '../protocol/codes.js';
import type { Ending } from '../session/timeline.js';
import { DOCS } from './docs.js';
import { ownEndings } from './endings.js';
import { defineRule, type Verdict } from './rule.js';
import { kebab } from './words.js';

const IS_FAULT: Readonly<Record<StopKind, boolean>> = { wanted: false, ended: false, failure: true, policy: true };

const PATHS: Readonly<Record<Ending['source'], string>> = {
  'stream-state': '$.reason',
  'session-state': '$.stop_reason',
  webhook: '$.payload.stop_reason',
  'close-response': '$.msg_type',
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
    return fault ? verdict(fault) : { status: 'pass', message: 'the stream ended; no reason was given' };
  },
});

const reasonOf = (reason: number) => lookup<StopReasonCode>(STOP_REASON, reason);

function isFault(reason: number): boolean {
  const code = reasonOf(reason);
  return !code || IS_FAULT[code.kind];
}

function verdict({ number, source, reason }: Ending & { readonly reason: number }): Verdict {
  const code = reasonOf(reason);
  const evidence = [{ event: number, path: PATHS[source] }];
  if (!code) {
    return {
      status: 'warn',
      certainty: 'certain',
      cause: 'unknown-reason',
      message: `the stream was stopped with reason ${reason}, which is not documented`,
      evidence,
      fix: 'compare it with the newest list of RTMS_STOP_REASON: https://developers.zoom.us/docs/rtms/data-types/',
    };
  }
  const message = `${code.meaning} (${code.name}, ${reason})`;
  if (!IS_FAULT[code.kind]) return { status: 'pass', message, evidence };
  return {
    status: 'fail',
    certainty: 'certain',
    cause: kebab(code.name),
    message: `the stream was stopped: ${message}`,
    evidence,
    fix: code.action,
  };
}
