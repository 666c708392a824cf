/** The server answers the opening handshake of WebSocket with 101. RTMS itself begins after that. */
import { lookup } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { HTTP_STATUS, type HttpStatus, type UpgradeAnswer } from '../protocol/http-status.js';
import type { PhaseEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { isInterrupted, isUnanswered, newestConnections } from './shared/connections.js';
import { shown } from './shared/words.js';

const OTHER: UpgradeAnswer = {
  cause: 'other-status',
  action: 'read the body of the answer; compare the URL with server_urls',
};
const SWITCHED: UpgradeAnswer = {
  cause: 'not-an-upgrade',
  action: 'connect to the WebSocket URL of server_urls; this address serves something else',
};
const SILENT: UpgradeAnswer = {
  cause: 'no-answer',
  action: 'check the port and the path of the URL; a proxy in between may not pass WebSocket',
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
    const connections = [...newestConnections(timeline), ...timeline.hosts];
    const upgrades = connections.flatMap(({ phases }) => phases.get('upgrade') ?? []);
    if (upgrades.length === 0) return undefined;
    const failed = upgrades.filter((phase) => !phase.event.ok && !isInterrupted(phase) && !isUnanswered(phase));
    return failed.length > 0 ? failed.map(verdict) : { status: 'pass', message: 'answered with 101' };
  },
});

function verdict({ number, event }: Entry<PhaseEvent>): Verdict {
  const { status, location, body, message } = event.detail;
  const { cause, action } = answerFor(event);
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
    message: `${event.socket.replace(/^host:/, '')}: ${seen}; 101 is expected`,
    evidence: [{ event: number, note: notes.filter((note) => note !== undefined).join('; ') }],
    fix: action,
  };
}

/** Answers that are not HTTP, or no RFC 6455 upgrade, come as errors of the parser or the library. */
const UNREADABLE = /^HPE_|sec-websocket|upgrade header|parse error/i;

function answerFor({ detail }: PhaseEvent): UpgradeAnswer {
  const { status } = detail;
  if (typeof status === 'number') return lookup<HttpStatus>(HTTP_STATUS, status)?.upgrade ?? OTHER;
  return [detail['code'], detail['message']].some((said) => UNREADABLE.test(String(said))) ? SWITCHED : SILENT;
}
