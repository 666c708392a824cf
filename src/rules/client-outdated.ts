/** The Zoom clients of host and starting user are new enough. */
import { DOCS } from '../protocol/docs.js';
import { told } from './questions/told.js';
import { defineRule } from './rule.js';

export const clientOutdated = defineRule({
  id: 'client-outdated',
  section: 'Account settings',
  title: 'the Zoom clients are new enough',
  failureTitle: 'a Zoom client is too old',
  why: 'An older client does not know the calls that start RTMS, or never shows the prompt for it.',
  docs: DOCS.appsSdk,
  needs: [['check:answer', 'check:user']],
  check: (timeline) => told(timeline, 'client-outdated'),
});
