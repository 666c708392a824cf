/** The account of the user who starts RTMS is verified; it need not be a paid one, by staff of Zoom. */
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';
import { told } from './told.js';

export const accountUnverified = defineRule({
  id: 'account-unverified',
  section: 'Account settings',
  title: 'the account is verified',
  failureTitle: 'the account is not verified',
  why: 'Staff of Zoom name a verified account as a condition, whether it is paid for or not.',
  docs: DOCS.verifiedAccount,
  needs: ['check:answer'],
  check: (timeline) => told(timeline, 'account-unverified'),
});
