/** The settings that let an app receive content, and start by itself, are on. They are in no API. */
import { DOCS } from '../protocol/docs.js';
import { told } from './questions/told.js';
import { defineRule } from './rule.js';

export const settingOff = defineRule({
  id: 'setting-off',
  section: 'Account settings',
  title: 'the settings let RTMS start',
  failureTitle: 'a setting keeps RTMS from starting',
  why: 'Auto-start and sharing are switches in the web portal, per account, group and user, that no API shows.',
  docs: DOCS.hostSettings,
  subject: 'the settings',
  needs: ['check:answer'],
  check: (timeline) => told(timeline, 'setting-off'),
});
