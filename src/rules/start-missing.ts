/** Something starts RTMS: auto-start, a REST call that is taken, or the client. */
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';
import { told } from './told.js';

export const startMissing = defineRule({
  id: 'start-missing',
  section: 'Account settings',
  title: 'something starts RTMS',
  failureTitle: 'nothing starts RTMS',
  why: 'A meeting alone starts no stream, and a REST call that is accepted has not started one yet.',
  docs: DOCS.hostSettings,
  needs: ['check:answer'],
  check: (timeline) =>
    timeline.webhooks.some(({ webhook }) => webhook.kind === 'started') ? undefined : told(timeline, 'start-missing'),
});
