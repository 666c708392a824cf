/** Something starts RTMS: auto-start, a REST call that is taken, or the client. */
import { DOCS } from '../protocol/docs.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';
import { figuresOf } from './shared/figures.js';

export const startMissing = defineRule({
  id: 'start-missing',
  section: 'Account settings',
  title: 'something starts RTMS',
  failureTitle: 'nothing starts RTMS',
  why: 'A meeting alone starts no stream, and a REST call that is accepted has not started one yet.',
  docs: DOCS.hostSettings,
  needs: [['check:answer', 'check:meeting', 'webhook']],
  check: (timeline) =>
    timeline.webhooks.some(({ webhook }) => webhook.kind === 'started')
      ? undefined
      : (startFailed(timeline) ?? notRunning(timeline) ?? told(timeline, 'start-missing')),
});

/** Only the name is known, from Zoom's samples; what the payload says is told where it is there. */
const FAILED = 'rtms.start_failed';
const REASONS = ['reason', 'error_message', 'message', 'error_code'];

function startFailed({ webhooks }: Timeline): Verdict | undefined {
  const failed = webhooks.findLast(({ webhook }) => webhook.event === FAILED);
  if (!failed) return undefined;
  const { words, evidence } = figuresOf(failed, REASONS);
  const fix = 'check the plan, the limit and the rights of the user who starts it: rtms doctor --ask';
  return {
    status: 'fail',
    certainty: 'certain',
    cause: 'start-failed',
    message: `${FAILED} came: Zoom could not start a stream${words}`,
    evidence,
    fix,
  };
}

function notRunning(timeline: Timeline): Verdict | undefined {
  const meeting = timeline.check('meeting');
  const status = meeting && factOf(meeting, 'status');
  if (!meeting || status === undefined || status === 'started') return undefined;
  return {
    status: 'warn',
    certainty: 'likely',
    cause: 'not-running',
    message: `the meeting is ${status}; RTMS starts in one that is running`,
    evidence: [{ event: meeting.number }],
    fix: 'start the meeting, then start RTMS',
  };
}
