/** The server answers the opening handshake of WebSocket with 101. RTMS itself begins after that. */
import type { PhaseEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { isInterrupted, isUnanswered, newestConnections } from './connections.js';
import { DOCS } from './docs.js';
import { defineRule, type Verdict } from './rule.js';
import { shown } from './words.js';

interface Answer {
  readonly cause: string;
  readonly fix: string;
}

const REDIRECT: Answer = {
  cause: 'redirect',
  fix: 'use the URL of server_urls itself; RTMS redirects nobody, so something else answered',
};
const SERVER: Answer = {
  cause: 'unavailable',
  fix: 'try again in some seconds; if it stays, start a new stream for a new URL',
};
const CREDENTIALS: Answer = {
  cause: 'forbidden',
  fix: 'look for a proxy or gateway in between: RTMS checks credentials in the handshake message, not in HTTP',
};

/** HTTP status → what it says here. https://www.rfc-editor.org/rfc/rfc9110#section-15 */
const ANSWERS: Readonly<Record<number, Answer>> = {
  301: REDIRECT,
  302: REDIRECT,
  307: REDIRECT,
  308: REDIRECT,
  400: {
    cause: 'bad-request',
    fix: 'check that the URL is whole, path and query too, and that no proxy removes the Upgrade header',
  },
  401: CREDENTIALS,
  403: CREDENTIALS,
  404: { cause: 'not-found', fix: 'take the URL of the newest rtms_started: this one is cut, mistyped or expired' },
  407: CREDENTIALS,
  426: {
    cause: 'upgrade-required',
    fix: 'use a WebSocket client (RFC 6455, version 13); a proxy may have removed its headers',
  },
  429: { cause: 'too-many-requests', fix: 'wait, then connect once per stream, with growing delays between attempts' },
  502: SERVER,
  503: SERVER,
  504: SERVER,
};
const OTHER: Answer = { cause: 'other-status', fix: 'read the body of the answer; compare the URL with server_urls' };
const SWITCHED: Answer = {
  cause: 'not-an-upgrade',
  fix: 'connect to the WebSocket URL of server_urls; this address serves something else',
};
const SILENT: Answer = {
  cause: 'no-answer',
  fix: 'check the port and the path of the URL; a proxy in between may not pass WebSocket',
};

export const upgradeRefused = defineRule({
  id: 'upgrade-refused',
  section: 'Network',
  title: 'the server speaks WebSocket at this URL',
  failureTitle: 'the server refused the WebSocket upgrade',
  why: 'An HTTP answer other than 101 comes from a proxy, a wrong path, or a server that is no longer there.',
  docs: DOCS.webSocket,
  needs: ['phase'],
  check: (timeline) => {
    const upgrades = newestConnections(timeline).flatMap(({ phases }) => phases.get('upgrade') ?? []);
    if (upgrades.length === 0) return undefined;
    const failed = upgrades.filter((phase) => !phase.event.ok && !isInterrupted(phase) && !isUnanswered(phase));
    return failed.length > 0 ? failed.map(verdict) : { status: 'pass', message: 'answered with 101' };
  },
});

function verdict({ number, event }: Entry<PhaseEvent>): Verdict {
  const { status, location, body, message } = event.detail;
  const { cause, fix } = answerFor(event);
  const answered = typeof status === 'number' ? `the server answered ${status}` : 'no HTTP answer came';
  const seen = cause === SWITCHED.cause ? 'the answer is no WebSocket upgrade' : answered;
  const notes = [
    message,
    location === undefined ? undefined : `location ${shown(location)}`,
    body === undefined || body === '' ? undefined : `body ${shown(body)}`,
  ];
  return {
    status: 'fail',
    certainty: 'certain',
    cause,
    message: `${event.socket}: ${seen}; 101 is expected`,
    evidence: [{ event: number, note: notes.filter((note) => note !== undefined).join('; ') }],
    fix,
  };
}

/** Answers that are not HTTP, or no RFC 6455 upgrade, come as errors of the parser or the library. */
const UNREADABLE = /^HPE_|sec-websocket|upgrade header|parse error/i;

function answerFor({ detail }: PhaseEvent): Answer {
  const { status } = detail;
  if (typeof status === 'number') return ANSWERS[status] ?? OTHER;
  return [detail['code'], detail['message']].some((said) => UNREADABLE.test(String(said))) ? SWITCHED : SILENT;
}
