/** What Zoom sends gets to the app. */
import { DOCS } from '../protocol/docs.js';
import { told } from './questions/told.js';
import { defineRule } from './rule.js';

export const webhookNotReceived = defineRule({
  id: 'webhook-not-received',
  section: 'Events and webhook',
  title: 'webhooks reach the app',
  failureTitle: 'webhooks do not reach the app',
  why: 'A URL that is not validated, moved or down gets nothing, and what was not repeated is lost.',
  docs: DOCS.webhooks,
  needs: ['check:answer'],
  check: (timeline) => told(timeline, 'webhook-not-received'),
});
