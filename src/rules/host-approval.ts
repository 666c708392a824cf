/** The host of another account has let the app receive the meeting's content. */
import { DOCS } from '../protocol/docs.js';
import { told } from './questions/told.js';
import { defineRule } from './rule.js';

export const hostApproval = defineRule({
  id: 'host-approval',
  section: 'Account settings',
  title: 'the host has approved the app',
  failureTitle: 'the host has not approved the app',
  why: 'In a meeting of another account the host is asked; without a yes nothing starts, and no webhook tells so.',
  docs: DOCS.hostApproval,
  subject: "the host's approval",
  needs: ['check:answer'],
  check: (timeline) => told(timeline, 'host-approval'),
});
