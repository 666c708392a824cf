/** Something starts RTMS: auto-start, a REST call that is taken, or the client. */
import { DOCS } from '../protocol/docs.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

export const startMissing = defineRule({
  id: 'start-missing',
  section: 'Account settings',
  title: 'something starts RTMS',
  failureTitle: 'nothing starts RTMS',
  why: 'A meeting alone starts no stream, and a REST call that is accepted has not started one yet.',
  docs: DOCS.hostSettings,
  needs: [['check:answer', 'check:meeting']],
  check: (timeline) =>
    timeline.webhooks.some(({ webhook }) => webhook.kind === 'started')
      ? undefined
      : (notRunning(timeline) ?? told(timeline, 'start-missing')),
});

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
