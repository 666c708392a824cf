/** Every socket gets through DNS, proxy, TCP and TLS to an answer. What the server answers is another rule. */
import { CLOSE_CODE } from '../protocol/codes.js';
import type { PhaseEvent } from '../session/event.js';
import type { Connection, Entry } from '../session/timeline.js';
import { isInterrupted, isUnanswered, newestConnections } from './connections.js';
import { DOCS } from './docs.js';
import { defineRule, type Verdict } from './rule.js';
import { duration } from '../session/words.js';

type Step = 'dns' | 'proxy' | 'tcp' | 'tls' | 'upgrade';

const STEPS: Readonly<Record<Step, { readonly seen: string; readonly fix: string }>> = {
  dns: {
    seen: 'the host name has no address',
    fix: 'look the name up by hand (nslookup HOST); check DNS, VPN and the URL',
  },
  proxy: {
    seen: 'the proxy opened no tunnel',
    fix: 'check host, port and password of the proxy; it must allow CONNECT to port 443',
  },
  tcp: { seen: 'no connection to the address', fix: 'let a firewall pass outgoing TCP to *.zoom.us, port 443' },
  tls: {
    seen: 'no TLS session',
    fix: 'see what stands in between: openssl s_client -connect HOST:443 -servername HOST',
  },
  upgrade: {
    seen: 'connected, and no answer to the WebSocket upgrade',
    fix: 'check the port and the path of the URL; a proxy in between may not pass WebSocket',
  },
};

/**
 * What an error code adds to its step. Of certificates:
 * https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 */
const CODES: Readonly<Record<string, { readonly seen: string; readonly fix: string }>> = {
  ENOTFOUND: { seen: 'the host name does not exist', fix: 'compare the host with server_urls letter by letter' },
  EAI_AGAIN: { seen: 'the name server does not answer', fix: 'check the network and its name server, then try again' },
  ECONNREFUSED: {
    seen: 'nothing listens there',
    fix: 'check host and port against server_urls; a stream that is over is served no more',
  },
  ETIMEDOUT: {
    seen: 'no answer in time',
    fix: 'let firewall and proxy pass outgoing TCP to *.zoom.us, port 443, or use --proxy URL',
  },
  ECONNRESET: { seen: 'the connection was cut', fix: 'try another network: a firewall or proxy in between cuts it' },
  EHOSTUNREACH: { seen: 'no route to the host', fix: 'check network, VPN and routing' },
  ENETUNREACH: { seen: 'no route to the network', fix: 'check network, VPN and whether IPv6 works' },
  CERT_HAS_EXPIRED: {
    seen: 'the certificate has expired',
    fix: 'check the clock of this machine; then who serves this certificate',
  },
  CERT_NOT_YET_VALID: { seen: 'the certificate is not valid yet', fix: 'set the clock of this machine' },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    seen: 'the certificate is self-signed',
    fix: 'for a server of your own give --ca FILE; for Zoom find the proxy that breaks TLS',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    seen: 'the chain has a self-signed certificate',
    fix: 'a proxy inspects TLS: give its authority with --ca FILE, and NODE_EXTRA_CA_CERTS in your app',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    seen: 'the certificate cannot be traced to a known authority',
    fix: 'give the authority with --ca FILE; a proxy that inspects TLS is the usual reason',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    seen: 'the authority of the certificate is not known here',
    fix: 'give the authority with --ca FILE; update the CA bundle of the system',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    seen: 'the certificate is for another host',
    fix: 'use the host name of server_urls, not an address or alias',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    seen: 'the server speaks no TLS on this port',
    fix: 'use ws:// for a plain server of your own; check the port',
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: { seen: 'no TLS version in common', fix: 'allow TLS 1.2 or newer' },
  EPROTO: { seen: 'the TLS handshake failed', fix: 'check the port, and that TLS 1.2 or newer is allowed' },
};

export const unreachable = defineRule({
  id: 'unreachable',
  section: 'Network',
  title: 'the server is reachable',
  failureTitle: 'the server is not reachable',
  why: 'Without a connection nothing of RTMS was tried yet.',
  docs: DOCS.troubleshooting,
  subject: 'the network',
  incomplete: true,
  needs: ['phase'],
  check: (timeline) => {
    const failed = newestConnections(timeline).flatMap((connection) => {
      const phase = connection.failedPhase;
      const step = phase && stepOf(phase);
      return phase && step && !isInterrupted(phase) ? [verdict(phase, step)] : [];
    });
    if (failed.length > 0) return failed;
    // A connection that breaks off was reachable, and may still have been cut by something in between.
    if (timeline.signaling?.close?.event.code === CLOSE_CODE.ABNORMAL_CLOSURE.value) return undefined;
    const upgraded = timeline.signaling && upgradeTime(timeline.signaling);
    return upgraded === undefined ? undefined : { status: 'pass', message: `upgraded in ${duration(upgraded)}` };
  },
});

/** The step that failed. An upgrade that was answered, if not as it should be, shows that the server is reachable. */
function stepOf(phase: Entry<PhaseEvent>): Step | undefined {
  const { name, detail } = phase.event;
  // With a proxy, the first steps lead to it and not to Zoom.
  if (detail['proxy'] !== undefined && (name === 'dns' || name === 'tcp')) return 'proxy';
  if (name === 'upgrade' && !isUnanswered(phase)) return undefined;
  return Object.keys(STEPS).find((step): step is Step => step === name);
}

/** Steps whose words fit whatever the code is. */
const OWN_WORDS: readonly Step[] = ['upgrade', 'proxy'];

function verdict({ number, event }: Entry<PhaseEvent>, step: Step): Verdict {
  const { socket, detail } = event;
  const code = codeOf(event);
  const { seen, fix } = (OWN_WORDS.includes(step) ? undefined : CODES[code]) ?? STEPS[step];
  const host = typeof detail['host'] === 'string' ? ` of ${detail['host']}` : '';
  return {
    status: 'fail',
    certainty: 'certain',
    cause: step,
    message: `${socket}: ${step}${host} failed after ${duration(event.ms)}: ${seen}`,
    evidence: [{ event: number, note: [code, detail['message']].filter(Boolean).join(': ') }],
    fix,
  };
}

/** Node reports a plain server on a TLS port under one code or the other; the text tells. */
function codeOf({ detail }: PhaseEvent): string {
  if (/wrong version number/i.test(String(detail['message']))) return 'ERR_SSL_WRONG_VERSION_NUMBER';
  return String(detail['code'] ?? detail['status'] ?? '');
}

/** All steps up to the upgrade, in ms; undefined if it was not reached. */
function upgradeTime({ phases }: Connection): number | undefined {
  if (phases.get('upgrade')?.event.ok !== true) return undefined;
  const steps = ['dns', 'proxy', 'tcp', 'tls', 'upgrade'] as const;
  return steps.reduce((sum, name) => sum + (phases.get(name)?.event.ms ?? 0), 0);
}
