/** The meeting is of a kind that can be streamed. */
import { DOCS } from '../protocol/docs.js';
import { told } from './questions/told.js';
import { defineRule } from './rule.js';

export const meetingUnfit = defineRule({
  id: 'meeting-unfit',
  section: 'Account settings',
  title: 'the meeting can be streamed',
  failureTitle: 'the meeting may not be one that can be streamed',
  why: 'End-to-end encryption, breakout rooms and practice sessions are not streamed as a plain meeting is.',
  docs: DOCS.rtmsTroubleshooting,
  subject: 'the kind of meeting',
  needs: [['check:answer', 'check:meeting']],
  check: (timeline) => told(timeline, 'meeting-unfit'),
});
