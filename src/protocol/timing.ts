/** How long Zoom waits and how often it asks, in ms: every span of time that more than one place has to know. */

/**
 * From the started event to the connection, by Zoom's staff:
 * https://devforum.zoom.us/t/realtime-websocket-events-catchup/144332
 */
export const CONNECT_WINDOW_MS = 60_000;

/** Between two keep-alives on one socket. https://developers.zoom.us/docs/rtms/event-reference/universal-events/ */
export const KEEP_ALIVE_INTERVAL_MS = 10_000;

/** As Zoom's mock server asks, and some report. https://github.com/zoom/rtms-mock-server-sample */
export const SLOWER_KEEP_ALIVE_MS = 30_000;

/** So many keep-alives unanswered in a row interrupt the connection (same page). */
export const KEEP_ALIVE_LIMIT = 3;

/**
 * After these many ms the server has given the connection up:
 * https://developers.zoom.us/docs/rtms/meetings/failover-reconnection/
 */
export const RECONNECT_WINDOW_MS = { signaling: 60_000, media: 65_000 } as const;

/** The window for media before March 2026, which some sources still give. https://github.com/zoom/rtms-samples */
export const FORMER_MEDIA_WINDOW_MS = 30_000;

/** Three keep-alives and some: silence this long means that the peer is gone (same page). */
export const SILENCE_MS = 65_000;

/** https://github.com/zoom/rtms-samples `rtms_api/reconnection_and_chaos_mode_js`: 3 s doubling to a cap of 30 s. */
export const BACKOFF_MS: readonly number[] = [3000, 6000, 12_000, 24_000, 30_000];

/**
 * Zoom may not have noticed yet that the old socket died:
 * https://github.com/zoom/rtms-samples `library/javascript/rtmsManager`.
 */
export const DUPLICATE_MS: readonly number[] = [1500, 3000, 6000];

/** Two clocks in good order differ by less than this. */
export const CLOCK_TOLERANCE_MS = 5_000;

/**
 * How Zoom delivers, in ms: how long it awaits an answer, when it repeats what was not answered (counted from the first
 * delivery), how often it validates the URL, and after how many failed validations in a row it stops delivering.
 * https://developers.zoom.us/blog/webhook-delays https://developers.zoom.us/docs/api/webhooks/
 */
export const DELIVERY = {
  answerWithinMs: 3000,
  retriesAfterMs: [5 * 60_000, 25 * 60_000, 85 * 60_000],
  validatesEveryMs: 72 * 3_600_000,
  failedValidations: 6,
} as const;

/**
 * How far `x-zm-request-timestamp` may be from now, in ms, either way. Zoom's documents fix no number; its samples do:
 * https://github.com/zoom/rtms-samples `library/javascript/webhookManager/zoomWebhookSignature.js`
 */
export const WEBHOOK_WINDOW_MS = 300_000;
