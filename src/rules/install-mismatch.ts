/** What is installed for the user is the app and version whose pair signs. */
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';
import { told } from './told.js';

export const installMismatch = defineRule({
  id: 'install-mismatch',
  section: 'App and scopes',
  title: 'the installed app is the one whose pair signs',
  failureTitle: 'another app or version is installed than the one whose pair signs',
  why: 'Development and Production have pairs of their own, and Development reaches only the account that owns the app.',
  docs: DOCS.betaTest,
  needs: ['check:answer'],
  check: (timeline) => told(timeline, 'install-mismatch'),
});
