/**
 * The webhook events an RTMS app meets, by name: those of streams, those about RTMS as a whole, older names, and
 * events of other features that are taken for them. It reads no webhook; webhooks.ts does.
 */
import { STOP_REASON } from './codes.js';
import { CONNECT_WINDOW_MS, DELIVERY, RECONNECT_WINDOW_MS } from './timing.js';
import { isProduct, PRODUCTS, type Product, type ProductInfo } from './webhooks.js';

/**
 * `stream`: of one stream. `account`: about RTMS, not about one stream. `endpoint`: about the URL itself. `older`: of
 * the beta or an earlier release. `other`: of another feature, taken for RTMS.
 */
export type WebhookEventKind = 'stream' | 'account' | 'endpoint' | 'older' | 'other';

export interface WebhookEventInfo {
  readonly name: string;
  readonly kind: WebhookEventKind;
  /** Of an event of one stream, whose. */
  readonly product?: Product;
  readonly meaning: string;
  readonly action: string;
  /** Known from samples or users, not from Zoom's documents. */
  readonly reported?: true;
}

/** What becomes of a stream. */
export type StreamEvent = 'started' | 'stopped' | 'interrupted';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** What follows `rtms_` in the names of a stream's events, and what each asks for. */
const STREAM_EVENTS: Readonly<Record<StreamEvent, { meaning: string; action: string }>> = {
  started: {
    meaning: 'a stream is ready',
    action: `answer 200 at once, then connect to server_urls within ${CONNECT_WINDOW_MS / SECOND_MS} s`,
  },
  stopped: {
    meaning: 'the stream is over; stop_reason says why',
    action: 'look the reason up: rtms explain stop REASON',
  },
  interrupted: {
    meaning: 'Zoom lost contact with the app on signaling',
    action: `reconnect both sockets to the URL you have, within ${RECONNECT_WINDOW_MS.signaling / SECOND_MS} s`,
  },
};

function streamEvents(product: Product, prefix: string = PRODUCTS[product].prefix): WebhookEventInfo[] {
  return Object.entries(STREAM_EVENTS).map(([suffix, { meaning, action }]) => ({
    name: `${prefix}rtms_${suffix}`,
    kind: 'stream',
    product,
    meaning: `${PRODUCTS[product].label}: ${meaning}`,
    action,
    ...(product === 'phone' && { reported: true }),
  }));
}

/** In place of `phone.`, by a sample for Zoom Phone. */
const PHONE_CALL_PREFIX = `${PRODUCTS.phone.prefix}call_`;

/** How Zoom tells that streams are about to be, or are, as many as the plan allows. */
export const CONCURRENCY_EVENTS = { near: 'rtms.concurrency_near_limit', reached: 'rtms.concurrency_limited' } as const;

const START = 'start RTMS (auto-start, the REST call, or startRTMS() in the client), then wait for';

/** Of a product's own life, with what RTMS has in its place. */
function ordinary({ prefix }: ProductInfo, what: string): WebhookEventInfo[] {
  return [
    {
      name: `${prefix}started`,
      kind: 'other',
      meaning: `the ${what} began; it proves that webhooks arrive, and starts no stream`,
      action: `${START} ${prefix}rtms_started`,
    },
    {
      name: `${prefix}ended`,
      kind: 'other',
      meaning: `the ${what} is over; the end of its stream is an event of its own`,
      action: `wait for ${prefix}rtms_stopped; its stop_reason ${STOP_REASON.MEETING_ENDED.value} says MEETING_ENDED`,
    },
  ];
}

const LIVE_STREAMING = 'RTMP live streaming to another platform, a different product';

/** https://developers.zoom.us/docs/api/rtms/events/ and https://developers.zoom.us/docs/api/webhooks */
export const WEBHOOK_EVENTS: readonly WebhookEventInfo[] = [
  ...Object.keys(PRODUCTS).filter(isProduct).flatMap((product) => streamEvents(product)),
  ...streamEvents('phone', PHONE_CALL_PREFIX),

  {
    name: CONCURRENCY_EVENTS.near,
    kind: 'account',
    meaning: 'about 80 % of the streams the plan allows are running',
    action: 'end idle streams, or raise the limit with the Developer Pack',
  },
  {
    name: CONCURRENCY_EVENTS.reached,
    kind: 'account',
    meaning: 'the limit of concurrent streams is reached: no new one starts',
    action: 'end idle streams, or raise the limit with the Developer Pack',
  },
  {
    name: 'rtms.request_status',
    kind: 'account',
    meaning: 'the status of a request; added in October 2026, its fields are not published',
    action: 'keep the whole body and read it',
  },
  {
    name: 'rtms.start_failed',
    kind: 'account',
    meaning: "a stream could not be started; only the name is known, from Zoom's samples",
    action: 'keep the whole body and read it; look for reason, error_message or message',
    reported: true,
  },
  {
    name: 'endpoint.url_validation',
    kind: 'endpoint',
    meaning: `Zoom asks for proof of the Secret Token, at first and every ${DELIVERY.validatesEveryMs / HOUR_MS} h`,
    action:
      `answer plainToken and encryptedToken within ${DELIVERY.answerWithinMs / SECOND_MS} s, for good: ` +
      'rtms sign challenge PLAIN_TOKEN',
  },

  ...Object.keys(STREAM_EVENTS).map(
    (suffix): WebhookEventInfo => ({
      name: `${PRODUCTS.meeting.prefix}rtms.${suffix}`,
      kind: 'older',
      meaning: 'the name of the beta, with a dot',
      action: `use ${PRODUCTS.meeting.prefix}rtms_${suffix}`,
    }),
  ),
  {
    name: `${PRODUCTS.meeting.prefix}rtms_concurrency_limited`,
    kind: 'older',
    meaning: `the older name of ${CONCURRENCY_EVENTS.reached}`,
    action: `use ${CONCURRENCY_EVENTS.reached}`,
  },

  ...ordinary(PRODUCTS.meeting, 'meeting'),
  ...ordinary(PRODUCTS.webinar, 'webinar'),
  ...ordinary(PRODUCTS['video-sdk'], 'session'),
  ...['started', 'stopped'].map(
    (suffix): WebhookEventInfo => ({
      name: `meeting.live_streaming_${suffix}`,
      kind: 'other',
      meaning: LIVE_STREAMING,
      action: `${START} ${PRODUCTS.meeting.prefix}rtms_started`,
    }),
  ),
  {
    name: 'meeting.participant_joined',
    kind: 'other',
    meaning: 'someone joined the meeting, told by webhook; RTMS tells it on signaling',
    action: 'subscribe to PARTICIPANT_JOIN: rtms explain event PARTICIPANT_JOIN',
  },
  {
    name: 'recording.transcript_completed',
    kind: 'other',
    meaning: 'the transcript of a cloud recording is ready, after the meeting; RTMS sends its own while it runs',
    action: 'ask for the transcript medium: rtms explain MEDIA_DATA_TRANSCRIPT',
  },
];

/** Every name of an event of a product's streams, the documented one first. */
export const streamEventNames = (product: Product, event: StreamEvent): string[] =>
  WEBHOOK_EVENTS.filter(({ product: whose, name }) => whose === product && name.endsWith(`rtms_${event}`)).map(
    ({ name }) => name,
  );

/** Whose stream an event is about. */
export const productOfEvent = (event: string): Product | undefined =>
  WEBHOOK_EVENTS.find(({ name }) => name === event)?.product;
