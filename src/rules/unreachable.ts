/** Every socket gets through DNS, proxy, TCP and TLS to an answer. What the server answers is another rule. */
import { CLOSE_CODE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import type { PhaseEvent, SocketName } from '../session/event.js';
import type { Connection, Entry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { isInterrupted, isUnanswered, newestConnections } from './shared/connections.js';

type Step = 'dns' | 'proxy' | 'tcp' | 'tls' | 'request' | 'upgrade';

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
  request: {
    seen: 'connected, and no answer to an HTTP request',
    fix: 'try another network: a firewall or proxy in between lets the connection begin and nothing through',
  },
  upgrade: {
    seen: 'connected, and no answer to the WebSocket upgrade',
    fix: 'check the port and the path of the URL; a proxy in between may not pass WebSocket',
  },
};

interface CodeWords {
  readonly seen: string;
  readonly fix: string;
  /** For a host that serves no stream. */
  readonly atHost?: string;
}

/**
 * What an error code adds to its step. Of certificates:
 * https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 */
const CODES: Readonly<Record<string, CodeWords>> = {
  ENOTFOUND: {
    seen: 'the host name does not exist',
    fix: 'look the name up by hand (nslookup HOST), and compare it with server_urls letter by letter',
  },
  EAI_AGAIN: { seen: 'the name server does not answer', fix: 'check the network and its name server, then try again' },
  ECONNREFUSED: {
    seen: 'nothing listens there',
    fix: 'check host and port against server_urls; a stream that is over is served no more',
    atHost: 'see where the name leads (nslookup HOST): a filter may send it to an address where nothing is',
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
    const failed = newestConnections(timeline).flatMap(failureOf);
    const verdicts = [...failed.map((failure) => verdict(failure)), ...ofHosts(timeline.hosts.flatMap(failureOf))];
    if (verdicts.length > 0) return verdicts;
    // A connection that breaks off was reachable, and may still have been cut by something in between.
    if (timeline.signaling?.close?.event.code === CLOSE_CODE.ABNORMAL_CLOSURE.value) return undefined;
    const upgraded = timeline.signaling && timeTo('upgrade', timeline.signaling);
    const reached = timeline.hosts.flatMap((host) => {
      const ms = timeTo('upgrade', host) ?? timeTo('request', host);
      return ms === undefined ? [] : [`${nameOf(host.socket)} in ${duration(ms)}`];
    });
    const message = [...(upgraded === undefined ? [] : [`upgraded in ${duration(upgraded)}`]), ...reached].join(', ');
    return message === '' ? undefined : { status: 'pass', message };
  },
});

interface Failure {
  readonly phase: Entry<PhaseEvent>;
  readonly step: Step;
}

function failureOf({ failedPhase: phase }: Connection): Failure[] {
  const step = phase && stepOf(phase);
  return phase && step && !isInterrupted(phase) ? [{ phase, step }] : [];
}

/** Hosts that fail in the same way have one reason: without a network, that is said once. */
function ofHosts(failures: readonly Failure[]): Verdict[] {
  const kind = ({ phase, step }: Failure): string => `${step} ${codeOf(phase.event)}`;
  const firsts = failures.filter((failure) => failures.find((each) => kind(each) === kind(failure)) === failure);
  return firsts.map((first) =>
    verdict(
      first,
      failures.filter((each) => each !== first && kind(each) === kind(first)),
    ),
  );
}

/** A host as it is, another socket by its name. */
const nameOf = (socket: SocketName): string => socket.replace(/^host:/, '');

/** The step that failed. An upgrade that was answered, if not as it should be, shows that the server is reachable. */
function stepOf(phase: Entry<PhaseEvent>): Step | undefined {
  const { name, detail } = phase.event;
  // With a proxy, the first steps lead to it and not to Zoom.
  if (detail['proxy'] !== undefined && (name === 'dns' || name === 'tcp')) return 'proxy';
  if (name === 'upgrade' && !isUnanswered(phase)) return undefined;
  return Object.keys(STEPS).find((step): step is Step => step === name);
}

/** Steps whose words fit whatever the code is. */
const OWN_WORDS: readonly Step[] = ['request', 'upgrade', 'proxy'];

/** `others` are further hosts that fail alike. */
function verdict({ phase, step }: Failure, others: readonly Failure[] = []): Verdict {
  const phases = [phase, ...others.map((other) => other.phase)];
  const { socket, detail, ms } = phase.event;
  const code = codeOf(phase.event);
  // A name server that is not there is asked until the time is over.
  const known = CODES[step === 'dns' && code === 'ETIMEDOUT' ? 'EAI_AGAIN' : code];
  const words: CodeWords = (OWN_WORDS.includes(step) ? undefined : known) ?? STEPS[step];
  const isHost = socket.startsWith('host:');
  const issuer = typeof detail['issuer'] === 'string' ? `; it was issued by ${detail['issuer']}` : '';
  const host = typeof detail['host'] === 'string' ? ` of ${detail['host']}` : '';
  const what = isHost
    ? `${step} of ${phases.map(({ event }) => nameOf(event.socket)).join(' and ')}`
    : `${socket}: ${step}${host}`;
  return {
    status: 'fail',
    certainty: 'certain',
    cause: step,
    message: `${what} failed after ${duration(ms)}: ${words.seen}${issuer}`,
    evidence: phases.map(({ number, event }) => ({
      event: number,
      note: [code, event.detail['message']].filter(Boolean).join(': '),
    })),
    fix: isHost ? (words.atHost ?? words.fix) : words.fix,
  };
}

/** Node reports a plain server on a TLS port under one code or the other; the text tells. */
function codeOf({ detail }: PhaseEvent): string {
  if (/wrong version number/i.test(String(detail['message']))) return 'ERR_SSL_WRONG_VERSION_NUMBER';
  return String(detail['code'] ?? detail['status'] ?? '');
}

/** All steps up to this one, in ms; undefined if it was not taken. */
function timeTo(last: 'request' | 'upgrade', { phases }: Connection): number | undefined {
  if (phases.get(last)?.event.ok !== true) return undefined;
  const steps = ['dns', 'proxy', 'tcp', 'tls', last] as const;
  return steps.reduce((sum, name) => sum + (phases.get(name)?.event.ms ?? 0), 0);
}
