/** Where a proxy is set, something must make the WebSocket go through it: the variable alone does not. */
import { DOCS } from '../protocol/docs.js';
import { HTTP_STATUS } from '../protocol/http-status.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';
import { isAccepted } from './shared/connections.js';

const FIX = 'give the client an agent for the proxy (@zoom/rtms: setProxy), and try: rtms connect --proxy URL';

export const proxyIgnored = defineRule({
  id: 'proxy-ignored',
  section: 'Environment',
  title: 'no proxy variable is set',
  failureTitle: 'a proxy variable is set, which WebSocket clients ignore',
  why: 'Where the network lets nothing out but the proxy, a client that ignores it never gets a connection.',
  docs: DOCS.proxyAgent,
  needs: ['check:proxy'],
  check: (timeline) => {
    const check = timeline.check('proxy');
    const names = check && factOf(check, 'names');
    if (!check || names === undefined) return { status: 'pass', message: 'no proxy variable is set' };
    const through = [
      ...timeline.hosts.filter(({ failedPhase }) => failedPhase === undefined),
      ...timeline.connections.filter(isAccepted),
    ];
    const direct = through.some(({ phases }) => phases.has('tcp') && !phases.has('proxy'));
    if (direct) return { status: 'skip', message: `${names} is set, and the connection came about without a proxy` };
    const route = timeline.check('proxy-route');
    if (route?.event.ok === false) return shut(route, names);
    if (route) {
      return {
        status: 'fail',
        certainty: 'certain',
        cause: 'only-way',
        message: `${factOf(route, 'host')} is reached through the proxy of ${names}, and not without it`,
        evidence: [{ event: route.number, note: `by ${factOf(route, 'proxy')}` }],
        fix: FIX,
      };
    }
    return {
      status: 'warn',
      certainty: 'possible',
      message: `${names} is set; WebSocket and ws of Node take no notice of it`,
      evidence: [{ event: check.number }],
      fix: FIX,
    };
  },
});

/** Neither way leads out: then the proxy itself is to be looked at first. */
function shut(route: Entry<CheckEvent>, names: string): Verdict {
  const [host, proxy, status, code, message] = ['host', 'proxy', 'status', 'code', 'message'].map(
    (name) => factOf(route, name) ?? '',
  );
  return {
    status: 'warn',
    certainty: 'certain',
    cause: 'shut',
    message: `${host} is not reached through the proxy of ${names} either: ${message}`,
    evidence: [{ event: route.number, note: ['by', proxy, code].filter(Boolean).join(' ') }],
    fix:
      Number(status) === HTTP_STATUS.PROXY_AUTHENTICATION_REQUIRED.value
        ? 'put user and password into the variable: http://USER:PASSWORD@HOST:PORT'
        : `compare host and port of ${names}; the proxy must allow CONNECT to port 443`,
  };
}
