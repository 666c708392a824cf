/** What is installed for the user is the app and version whose pair signs. */
import { DOCS } from '../protocol/docs.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

export const installMismatch = defineRule({
  id: 'install-mismatch',
  section: 'App and scopes',
  title: 'the installed app is the one whose pair signs',
  failureTitle: 'another app or version is installed than the one whose pair signs',
  why: 'Development and Production have pairs of their own, and Development reaches only the account that owns the app.',
  docs: DOCS.betaTest,
  needs: [['check:answer', 'check:user']],
  check: (timeline) => otherAccount(timeline) ?? told(timeline, 'install-mismatch'),
});

/** A user outside the account that owns the app can have it by a beta URL or once it is published. */
function otherAccount(timeline: Timeline): Verdict | undefined {
  const [user, app] = [timeline.check('user'), timeline.check('app')];
  const [own, owner] = user ? ['accountId', 'appAccountId'].map((name) => factOf(user, name)) : [];
  if (!user || own === undefined || owner === undefined || own === owner || app?.event.facts['published'] === true) {
    return undefined;
  }
  const published = app ? 'which is not published' : 'which may not be published';
  return {
    status: 'warn',
    certainty: app ? 'likely' : 'possible',
    cause: 'other-account',
    message: `the user of the token is of another account than the app, ${published}`,
    evidence: [{ event: user.number, note: `user ${own}, app ${owner}` }],
    fix: 'test as a user of the account that owns the app, or give the tester a beta authorization URL',
  };
}
