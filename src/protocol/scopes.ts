/**
 * The OAuth scopes RTMS turns on: those that grant media, events and control, those that only look like it, and those
 * people made up. What an app holds or lacks is not judged here.
 */
import { DOCS } from './docs.js';
import type { MediaName } from './media.js';
import { nearest } from './nearest.js';
import { CONCURRENCY_EVENTS } from './webhook-events.js';
import type { Product } from './webhooks.js';

export type Medium = Exclude<MediaName, 'all'>;

/**
 * `media`: grants a medium of a stream. `event`: grants a webhook. `control`: grants start and stop by REST.
 * `helper`: grants a look at the app or its user. `look-alike`: exists, but grants nothing of RTMS. `invented`: told
 * of in guides and forums, and in no list of Zoom's.
 */
export type ScopeKind = 'media' | 'event' | 'control' | 'helper' | 'look-alike' | 'invented';

/** `documented` by Zoom; `reported` by its staff, samples or others who use it; `expected` from its siblings alone. */
export type ScopeConfidence = 'documented' | 'reported' | 'expected';

interface ScopeRow {
  readonly kind: ScopeKind;
  /** What it grants, or what it is in place of. */
  readonly meaning: string;
  readonly products?: readonly Product[];
  readonly media?: readonly Medium[];
  /** Webhooks it grants, by what follows the product's prefix; with a dot, the whole name. */
  readonly events?: readonly string[];
  /** The REST call it grants. */
  readonly endpoint?: string;
  /** Whether there is one with `:admin` too, for admin-managed and Server-to-Server apps, or only that. */
  readonly admin?: 'too' | 'only';
  /** Of the older scopes that go by resource and access alone. */
  readonly classic?: true;
  /** What to hold instead. */
  readonly instead?: readonly [string, ...string[]];
  readonly confidence: ScopeConfidence;
  readonly docs: string;
}

const ADD_CONTACT_CENTER = 'https://developers.zoom.us/docs/rtms/contact-center/add-features/';
const SKILLS = 'https://github.com/zoom/skills/tree/main/skills/rtms';
const PHONE = 'https://developers.zoom.us/docs/rtms/phone';
const MEETINGS_API = 'https://developers.zoom.us/docs/api/meetings/';
const CONTACT_CENTER_API = 'https://developers.zoom.us/docs/api/contact-center/';
const PHONE_API = 'https://developers.zoom.us/changelog/phone/november-09-2026/';
const USERS_API = 'https://developers.zoom.us/docs/api/users/';

const meetingMedium = (medium: Medium, what: string): ScopeRow => ({
  kind: 'media',
  meaning: `${what} of a meeting`,
  products: ['meeting'],
  media: [medium],
  confidence: 'documented',
  docs: DOCS.addFeatures,
});
const webinarMedium = (medium: Medium, what: string): ScopeRow => ({
  kind: 'media',
  meaning: `${what} of a webinar`,
  products: ['webinar'],
  media: [medium],
  confidence: 'documented',
  docs: SKILLS,
});
const event = (meaning: string, ...events: readonly string[]): ScopeRow => ({
  kind: 'event',
  meaning,
  products: ['meeting', 'webinar'],
  events,
  admin: 'too',
  confidence: 'documented',
  docs: DOCS.rtmsWebhooks,
});
const helper = (endpoint: string, docs: string, more: Partial<ScopeRow> = {}): ScopeRow => ({
  kind: 'helper',
  meaning: `reads ${endpoint}`,
  endpoint: `GET ${endpoint}`,
  admin: 'too',
  confidence: 'documented',
  docs,
  ...more,
});
const livestream = (meaning: string): ScopeRow => ({
  kind: 'look-alike',
  meaning: `${meaning} of a live stream (RTMP), which is another product`,
  products: ['meeting'],
  instead: ['meeting:read:meeting_audio'],
  admin: 'too',
  confidence: 'documented',
  docs: DOCS.granularScopes,
});
const invented = (...instead: readonly [string, ...string[]]): ScopeRow => ({
  kind: 'invented',
  meaning: 'not a scope of Zoom, though guides name it',
  instead,
  confidence: 'reported',
  docs: DOCS.addFeatures,
});

const MEETING_MEDIA = [
  'meeting:read:meeting_audio',
  'meeting:read:meeting_video',
  'meeting:read:meeting_screenshare',
  'meeting:read:meeting_transcript',
  'meeting:read:meeting_chat',
] as const;
const STARTED_AND_STOPPED = ['rtms:read:rtms_started', 'rtms:read:rtms_stopped'] as const;

/** Without `:admin`, which `scopeInfo` understands. The Video SDK has no scopes. */
export const SCOPES: Readonly<Record<string, ScopeRow>> = {
  'meeting:read:meeting_audio': meetingMedium('audio', 'the audio'),
  'meeting:read:meeting_video': meetingMedium('video', 'the video'),
  'meeting:read:meeting_screenshare': meetingMedium('share', 'the screen share'),
  'meeting:read:meeting_transcript': meetingMedium('transcript', 'the transcript'),
  'meeting:read:meeting_chat': meetingMedium('chat', 'the chat'),
  'webinar:read:webinar_audio': webinarMedium('audio', 'the audio'),
  'webinar:read:webinar_video': webinarMedium('video', 'the video'),
  'webinar:read:webinar_screenshare': {
    ...webinarMedium('share', 'the screen share'),
    // No source has it; it is what the siblings let one expect.
    confidence: 'expected',
  },
  'webinar:read:webinar_transcript': webinarMedium('transcript', 'the transcript'),
  'webinar:read:webinar_chat': webinarMedium('chat', 'the chat'),
  'contact_center:read:zcc_voice_audio': {
    kind: 'media',
    meaning: 'the audio of a Contact Center voice engagement',
    products: ['contact-center'],
    media: ['audio'],
    admin: 'too',
    confidence: 'documented',
    docs: ADD_CONTACT_CENTER,
  },
  'contact_center:read:zcc_voice_transcript': {
    kind: 'media',
    meaning: 'the transcript of a Contact Center voice engagement',
    products: ['contact-center'],
    media: ['transcript'],
    admin: 'too',
    confidence: 'reported',
    docs: ADD_CONTACT_CENTER,
  },
  'phone:read:rtms_session': {
    kind: 'media',
    meaning: 'audio and transcript of a call',
    products: ['phone'],
    media: ['audio', 'transcript'],
    confidence: 'reported',
    docs: PHONE,
  },

  'rtms:read:rtms_started': event('the webhook of a started stream', 'rtms_started'),
  'rtms:read:rtms_stopped': event('the webhook of a stopped stream', 'rtms_stopped'),
  'rtms:read:rtms_interrupted': event('the webhook of an interrupted stream', 'rtms_interrupted'),
  'rtms:read:rtms_concurrency_limited': event('the webhook that no more streams can start', CONCURRENCY_EVENTS.reached),
  'rtms:read:rtms_concurrency_near_limit': event(
    'the webhook that soon no more streams can start',
    CONCURRENCY_EVENTS.near,
  ),
  'rtms:read': {
    ...event(
      'every RTMS webhook of meetings and webinars',
      'rtms_started',
      'rtms_stopped',
      'rtms_interrupted',
      ...Object.values(CONCURRENCY_EVENTS),
    ),
    classic: true,
  },

  'meeting:update:participant_rtms_app_status': {
    kind: 'control',
    meaning: 'starts and stops RTMS in a meeting or webinar',
    products: ['meeting', 'webinar'],
    endpoint: 'PATCH /live_meetings/{meetingId}/rtms_app/status',
    admin: 'too',
    confidence: 'documented',
    docs: MEETINGS_API,
  },
  'meeting:write': {
    kind: 'control',
    meaning: 'creates and changes meetings, and starts and stops RTMS in them',
    products: ['meeting', 'webinar'],
    endpoint: 'PATCH /live_meetings/{meetingId}/rtms_app/status',
    admin: 'too',
    classic: true,
    confidence: 'documented',
    docs: MEETINGS_API,
  },
  'contact_center:update:engagement_rtms_app_status': {
    kind: 'control',
    meaning: 'starts and stops RTMS in a Contact Center engagement',
    products: ['contact-center'],
    endpoint: 'PUT /contact_center/{engagementId}/rtms_app/status',
    admin: 'too',
    confidence: 'documented',
    docs: CONTACT_CENTER_API,
  },
  'contact_center_rtms:write': {
    kind: 'control',
    meaning: 'starts and stops RTMS in a Contact Center engagement',
    products: ['contact-center'],
    endpoint: 'PUT /contact_center/{engagementId}/rtms_app/status',
    admin: 'only',
    classic: true,
    confidence: 'reported',
    docs: CONTACT_CENTER_API,
  },
  'phone:write:rtms_session': {
    kind: 'control',
    meaning: 'starts and stops RTMS in a call',
    products: ['phone'],
    endpoint: 'PATCH /phone/calls/{callId}/rtms_app/status',
    confidence: 'reported',
    docs: PHONE_API,
  },

  'user:read:user': helper('/users/{userId}', USERS_API),
  'user:read:list_permissions': helper('/users/{userId}/permissions', USERS_API),
  'meeting:read:meeting': helper('/meetings/{meetingId}', MEETINGS_API),
  'marketplace:read:app': helper('/marketplace/apps/{appId}', DOCS.marketplaceApi),
  'marketplace_app:read': helper('/marketplace/apps/{appId}/webhook_logs', DOCS.marketplaceApi, { classic: true }),
  'marketplace:read:list_api_logs': helper('/marketplace/apps/{appId}/api_call_logs', DOCS.marketplaceApi, {
    admin: 'only',
  }),
  'marketplace:read:list_apps': helper('/marketplace/apps', DOCS.marketplaceApi, { admin: 'only' }),
  'marketplace:read:list_event_subscriptions': {
    kind: 'helper',
    meaning: "reads the app's event subscriptions; the app's own token has it by itself",
    endpoint: 'GET /marketplace/app/event_subscription',
    confidence: 'documented',
    docs: DOCS.webhooks,
  },

  'cloud_recording:read:meeting_transcript': {
    kind: 'look-alike',
    meaning: 'the transcript of a cloud recording, once it is made',
    products: ['meeting'],
    media: ['transcript'],
    instead: ['meeting:read:meeting_transcript'],
    admin: 'too',
    confidence: 'documented',
    docs: DOCS.granularScopes,
  },
  'meeting:read:livestream': livestream('the settings'),
  'meeting:update:livestream': livestream('the settings'),
  'meeting:update:livestream_status': livestream('start and stop'),

  'rtms:subscribe': invented(...STARTED_AND_STOPPED),
  'rtms:write': invented('meeting:update:participant_rtms_app_status'),
  'rtms:read:meeting': invented(...MEETING_MEDIA),
  'meeting:rtms:read': invented(...MEETING_MEDIA),
  'meeting:read:rtms': invented(...MEETING_MEDIA),
  'webinar:read:rtms': invented('webinar:read:webinar_audio', 'webinar:read:webinar_transcript'),
};

export interface ScopeInfo extends ScopeRow {
  /** As it is to be written, `:admin` included. */
  readonly name: string;
  /** Whose apps may hold it: user-managed, or admin-managed and Server-to-Server. */
  readonly level: 'user' | 'admin';
}

const ADMIN = ':admin';

/** Whether only admin-managed and Server-to-Server apps may hold it. */
export const isAdminScope = (name: string): boolean => name.endsWith(ADMIN);

/** Without the level at its end. */
export const bareScope = (name: string): string => (isAdminScope(name) ? name.slice(0, -ADMIN.length) : name);

/** What is known of a scope by its exact name. */
export function scopeInfo(name: string): ScopeInfo | undefined {
  const base = bareScope(name);
  const row = Object.hasOwn(SCOPES, base) ? SCOPES[base] : undefined;
  const level = base === name ? 'user' : 'admin';
  if (!row || (level === 'admin' ? row.admin === undefined : row.admin === 'only')) return undefined;
  return { name, level, ...row };
}

/** The scope that grants a medium. None where the product needs none (Video SDK) or has no such medium. */
export function scopeFor(product: Product, medium: Medium): ScopeInfo | undefined {
  return scopesOf('media', product).find(({ media = [] }) => media.includes(medium));
}

/** The granular scopes of a kind for a product, at the user's level unless there is none. */
export function scopesOf(kind: ScopeKind, product: Product): ScopeInfo[] {
  return Object.keys(SCOPES).flatMap((name) => {
    const info = scopeInfo(name) ?? scopeInfo(`${name}${ADMIN}`);
    return info?.kind === kind && !info.classic && info.products?.includes(product) === true ? [info] : [];
  });
}

/** By resource and access alone, as `meeting:read` or `user:write:admin`. */
export const isClassicScope = (name: string): boolean => /^\w+:(?:read|write)(?::admin|:master)?$/.test(name);

/** Scopes worth proposing: they exist, they are about RTMS, and today's apps can hold them. */
const PROPOSED = Object.entries(SCOPES).flatMap(([name, { kind, classic = false }]) =>
  ['media', 'event', 'control'].includes(kind) && !classic ? [name] : [],
);

/** The RTMS scope that was meant by an unknown name: another order of the same words, one left out, or a slip. */
export function nearestScope(name: string): string | undefined {
  const meant = nearest(bareScope(name), PROPOSED, wordsOf);
  const admin = meant !== undefined && isAdminScope(name) ? scopeInfo(`${meant}${ADMIN}`)?.name : undefined;
  return admin ?? meant;
}

/** Each word once, in alphabetical order: `meeting:read:meeting_audio` and `meeting:audio:read` have the same. */
function wordsOf(name: string): string {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return [...new Set(words)].toSorted().join(' ');
}
