/** Where a proxy is set, something must make the WebSocket go through it: the variable alone does not. */
import { defineRule } from './rule.js';
import { factOf } from './shared/checks.js';
import { isAccepted } from './shared/connections.js';
import { DOCS } from './shared/docs.js';

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
    if (direct) return { status: 'pass', message: 'connected without one' };
    const route = timeline.check('proxy-route');
    if (route?.event.ok === true) {
      return {
        status: 'fail',
        certainty: 'certain',
        cause: 'only-way',
        message: `${factOf(route, 'host')} is reached through the proxy of ${names}, and not without it`,
        evidence: [{ event: route.number, note: `by ${factOf(route, 'proxy')}` }],
        fix: 'give the client an agent for the proxy (@zoom/rtms: setProxy), and try: rtms connect --proxy URL',
      };
    }
    return {
      status: 'warn',
      certainty: 'possible',
      message: `${names} is set; WebSocket and ws of Node take no notice of it`,
      evidence: [{ event: check.number }],
      fix: 'give the client an agent for the proxy (@zoom/rtms: setProxy), and try: rtms connect --proxy URL',
    };
  },
});
