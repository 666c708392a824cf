/**
 * HTTP statuses where an RTMS app meets them: as the answer to the upgrade of a WebSocket, of Zoom's REST API, and of
 * the app's own webhook endpoint. https://www.rfc-editor.org/rfc/rfc9110#section-15
 */
import type { Code, CodeTable } from './codes.js';

/** Why an upgrade is answered so, and what to do. */
export interface UpgradeAnswer {
  readonly cause: string;
  readonly action: string;
}

export interface HttpStatus extends Code {
  /** Where 101 is expected. */
  readonly upgrade?: UpgradeAnswer;
  /** What to do about it as the answer of the REST API, where no error code says more. */
  readonly rest?: string;
}

const REDIRECT: UpgradeAnswer = {
  cause: 'redirect',
  action: 'use the URL of server_urls itself; RTMS redirects nobody, so something else answered',
};
const UNAVAILABLE: UpgradeAnswer = {
  cause: 'unavailable',
  action: 'try again in some seconds; if it stays, start a new stream for a new URL',
};
const FORBIDDEN: UpgradeAnswer = {
  cause: 'forbidden',
  action: 'look for a proxy or gateway in between: RTMS checks credentials in the handshake message, not in HTTP',
};
const LATER = 'try again with growing delays';

/** Named as registered: https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml */
export const HTTP_STATUS = {
  SWITCHING_PROTOCOLS: { value: 101, meaning: 'the WebSocket is open; RTMS itself begins after it' },
  OK: { value: 200, meaning: 'done' },
  NO_CONTENT: { value: 204, meaning: 'done, with nothing to say' },
  MOVED_PERMANENTLY: { value: 301, meaning: 'it is at another URL', upgrade: REDIRECT },
  FOUND: { value: 302, meaning: 'it is at another URL for now', upgrade: REDIRECT },
  TEMPORARY_REDIRECT: { value: 307, meaning: 'it is at another URL for now', upgrade: REDIRECT },
  PERMANENT_REDIRECT: { value: 308, meaning: 'it is at another URL', upgrade: REDIRECT },
  BAD_REQUEST: {
    value: 400,
    meaning: 'the request is not a legal one',
    upgrade: {
      cause: 'bad-request',
      action: 'check that the URL is whole, path and query too, and that no proxy removes the Upgrade header',
    },
    rest: 'read code and message of the answer',
  },
  UNAUTHORIZED: {
    value: 401,
    meaning: 'credentials are missing or not accepted',
    upgrade: FORBIDDEN,
    rest: 'send Authorization: Bearer with an access token that has not expired (they live an hour)',
  },
  FORBIDDEN: {
    value: 403,
    meaning: 'the request is not allowed',
    upgrade: FORBIDDEN,
    rest: 'read code and message of the answer; compare the scopes of the token',
  },
  NOT_FOUND: {
    value: 404,
    meaning: 'nothing is there',
    upgrade: {
      cause: 'not-found',
      action: 'take the URL of the newest rtms_started: this one is cut, mistyped or expired',
    },
    rest: 'compare method and path with the documented ones; give the meeting number, or encode a UUID twice',
  },
  METHOD_NOT_ALLOWED: {
    value: 405,
    meaning: 'there is something, but not for this method',
    rest: 'use the documented method: PATCH for the RTMS status of a meeting',
  },
  PROXY_AUTHENTICATION_REQUIRED: { value: 407, meaning: 'a proxy wants credentials', upgrade: FORBIDDEN },
  UPGRADE_REQUIRED: {
    value: 426,
    meaning: 'another protocol is expected',
    upgrade: {
      cause: 'upgrade-required',
      action: 'use a WebSocket client (RFC 6455, version 13); a proxy may have removed its headers',
    },
  },
  TOO_MANY_REQUESTS: {
    value: 429,
    meaning: 'too many requests in this time',
    upgrade: {
      cause: 'too-many-requests',
      action: 'wait, then connect once per stream, with growing delays between attempts',
    },
    rest: 'wait, then call less often: Zoom may disable an app that keeps failing',
  },
  INTERNAL_SERVER_ERROR: { value: 500, meaning: 'the server met an error', rest: LATER },
  BAD_GATEWAY: { value: 502, meaning: 'a gateway got a bad answer', upgrade: UNAVAILABLE, rest: LATER },
  SERVICE_UNAVAILABLE: { value: 503, meaning: 'the server is not ready', upgrade: UNAVAILABLE, rest: LATER },
  GATEWAY_TIMEOUT: { value: 504, meaning: 'a gateway got no answer', upgrade: UNAVAILABLE, rest: LATER },
} as const satisfies CodeTable<HttpStatus>;

/**
 * What becomes of a webhook whose endpoint answers so; undefined where nothing is documented.
 * https://developers.zoom.us/docs/api/webhooks
 */
export function deliveryAfter(status: number): 'delivered' | 'sent again' | 'given up' | undefined {
  if (status === HTTP_STATUS.OK.value || status === HTTP_STATUS.NO_CONTENT.value) return 'delivered';
  if (status < HTTP_STATUS.MOVED_PERMANENTLY.value) return undefined;
  return status < HTTP_STATUS.INTERNAL_SERVER_ERROR.value ? 'given up' : 'sent again';
}
