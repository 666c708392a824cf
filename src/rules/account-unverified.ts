/** The account of the user who starts RTMS is in use and verified; it need not be a paid one, by staff of Zoom. */
import { DOCS } from '../protocol/docs.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

export const accountUnverified = defineRule({
  id: 'account-unverified',
  section: 'Account settings',
  title: 'the account is verified',
  failureTitle: 'the account is not verified',
  why: 'Staff of Zoom name a verified account as a condition, whether it is paid for or not.',
  docs: DOCS.verifiedAccount,
  needs: [['check:answer', 'check:user']],
  check: (timeline) => inactive(timeline) ?? told(timeline, 'account-unverified'),
});

function inactive(timeline: Timeline): Verdict | undefined {
  const user = timeline.check('user');
  const status = user && factOf(user, 'status');
  if (!user || status === undefined || status === 'active') return undefined;
  return {
    status: 'fail',
    certainty: 'certain',
    cause: 'inactive',
    message: `the user of the token is ${status}; active is expected`,
    evidence: [{ event: user.number }],
    fix: 'let an admin of the account activate the user, or test with another one',
  };
}
