import { describe, expect, it } from 'vitest';
import { MEDIA } from '../../src/protocol/media.js';
import {
  isClassicScope,
  nearestScope,
  scopeFor,
  scopeInfo,
  SCOPES,
  scopesOf,
  type Medium,
} from '../../src/protocol/scopes.js';
import type { Product } from '../../src/protocol/webhooks.js';

describe('the scope of a medium', () => {
  it.each<[Product, Medium, number, string | undefined]>([
    ['meeting', 'audio', 1, 'meeting:read:meeting_audio'],
    ['meeting', 'video', 2, 'meeting:read:meeting_video'],
    ['meeting', 'share', 4, 'meeting:read:meeting_screenshare'],
    ['meeting', 'transcript', 8, 'meeting:read:meeting_transcript'],
    ['meeting', 'chat', 16, 'meeting:read:meeting_chat'],
    ['webinar', 'audio', 1, 'webinar:read:webinar_audio'],
    ['webinar', 'share', 4, 'webinar:read:webinar_screenshare'],
    ['contact-center', 'audio', 1, 'contact_center:read:zcc_voice_audio'],
    ['contact-center', 'transcript', 8, 'contact_center:read:zcc_voice_transcript'],
    ['contact-center', 'video', 2, undefined],
    ['phone', 'audio', 1, 'phone:read:rtms_session'],
    ['phone', 'transcript', 8, 'phone:read:rtms_session'],
    ['video-sdk', 'audio', 1, undefined],
  ])('%s %s, media_type %i', (product, medium, bit, name) => {
    expect(scopeFor(product, medium)?.name).toBe(name);
    expect(MEDIA[medium].bit).toBe(bit);
  });

  it('is only expected where no source has it', () => {
    const unsure = Object.entries(SCOPES).filter(([, { confidence }]) => confidence === 'expected');
    expect(unsure.map(([name]) => name)).toEqual(['webinar:read:webinar_screenshare']);
  });
});

describe('a name', () => {
  it.each([
    ['meeting:read:meeting_audio', 'media', 'user'],
    ['contact_center:read:zcc_voice_audio:admin', 'media', 'admin'],
    ['rtms:read:rtms_started:admin', 'event', 'admin'],
    ['rtms:read', 'event', 'user'],
    ['meeting:update:participant_rtms_app_status:admin', 'control', 'admin'],
    ['marketplace:read:list_apps:admin', 'helper', 'admin'],
    ['cloud_recording:read:meeting_transcript', 'look-alike', 'user'],
    ['meeting:rtms:read', 'invented', 'user'],
  ])('%s is known', (name, kind, level) => expect(scopeInfo(name)).toMatchObject({ name, kind, level }));

  it.each([
    'meeting:read:meeting_audio:admin',
    'marketplace:read:list_apps',
    'meeting:read:list_meetings',
    'toString',
    '',
  ])('%j is not', (name) => expect(scopeInfo(name)).toBeUndefined());
});

it('what to hold instead exists', () => {
  const named = Object.values(SCOPES).flatMap(({ instead = [] }) => instead);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !['media', 'event', 'control'].includes(scopeInfo(name)?.kind ?? ''))).toEqual([]);
});

it('the scopes of a kind are the granular ones, at the level there is', () => {
  expect(scopesOf('control', 'meeting').map(({ name }) => name)).toEqual(['meeting:update:participant_rtms_app_status']);
  expect(scopesOf('control', 'contact-center').map(({ name }) => name)).toEqual([
    'contact_center:update:engagement_rtms_app_status',
  ]);
  expect(scopesOf('control', 'video-sdk')).toEqual([]);
});

it.each([
  ['meeting:read', true],
  ['meeting:write:admin', true],
  ['recording:read:master', true],
  ['contact_center_rtms:write:admin', true],
  ['meeting:read:meeting', false],
  ['zoomapp:inmeeting', false],
  ['imchat:bot', false],
])('%s classic: %s', (name, classic) => expect(isClassicScope(name)).toBe(classic));

describe('an unknown name is meant as', () => {
  it.each([
    ['meeting:read:meeting_transcripts', 'meeting:read:meeting_transcript'],
    ['meeting:read:audio', 'meeting:read:meeting_audio'],
    ['meeting:audio:read', 'meeting:read:meeting_audio'],
    ['meeting:read:meeting-audio', 'meeting:read:meeting_audio'],
    ['meeting:read:meeting_audio:admin', 'meeting:read:meeting_audio'],
    ['meeting:read:meeting_screen_share', 'meeting:read:meeting_screenshare'],
    ['Meeting:Read:Meeting_Chat', 'meeting:read:meeting_chat'],
    ['rtms:read:started', 'rtms:read:rtms_started'],
    ['rtms:read:rtms_start:admin', 'rtms:read:rtms_started:admin'],
    ['contact_center:read:zcc_audio', undefined],
    ['contact_center:read:audio_zcc_voice', 'contact_center:read:zcc_voice_audio'],
    ['meeting:update:rtms_app_status', undefined],
  ])('%s: %s', (name, meant) => expect(nearestScope(name)).toBe(meant));

  /** Scopes that exist and have nothing to do with RTMS. https://developers.zoom.us/docs/integrations/oauth-scopes-granular/ */
  it.each([
    'cloud_recording:read:list_recording_files',
    'cloud_recording:read:list_user_recordings:admin',
    'contact_center:read:list_engagements:admin',
    'meeting:delete:meeting',
    'meeting:read:chat_message',
    'meeting:read:invitation',
    'meeting:read:list_meetings',
    'meeting:read:list_past_participants:admin',
    'meeting:read:list_registrants',
    'meeting:read:participant:admin',
    'meeting:read:past_meeting',
    'meeting:read:poll',
    'meeting:read:summary',
    'meeting:update:in_meeting_controls',
    'meeting:update:live_meeting_chat_message',
    'meeting:update:meeting',
    'meeting:write:meeting',
    'meeting:write:meeting:admin',
    'meeting:write:open_app',
    'meeting:write:registrant',
    'phone:read:list_call_logs',
    'team_chat:read:list_user_messages',
    'user:read',
    'user:read:settings',
    'webinar:read:list_webinars',
    'webinar:read:webinar',
    'webinar:read:webinar_registrant:admin',
    'webinar:write:webinar',
    'zoomapp:inmeeting',
    'zoomapp:inwebinar',
  ])('nothing: %s', (name) => expect(nearestScope(name)).toBeUndefined());
});
