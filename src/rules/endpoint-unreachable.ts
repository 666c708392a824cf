/** The app's endpoint can be reached as Zoom reaches it: by a public name, over TLS, and it is the app that answers. */
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

/** Certificates are renewed a month before they end; what has less left was not. */
const LEAST_DAYS = 14;

type Endpoint = Entry<CheckEvent>;

interface Fault {
  readonly cause: string;
  readonly status: 'warn' | 'fail';
  readonly is: (endpoint: Endpoint) => boolean;
  /** After the host. */
  readonly seen: (endpoint: Endpoint) => string;
  readonly fix: string;
}

const failedAt =
  (step: string, code = /(?:)/) =>
  (endpoint: Endpoint): boolean =>
    !endpoint.event.ok && factOf(endpoint, 'step') === step && code.test(factOf(endpoint, 'code') ?? '');

/** The first that fits is meant. What is seen from here, Zoom sees too unless something treats the two differently. */
const FAULTS: readonly Fault[] = [
  {
    cause: 'dns',
    status: 'fail',
    is: failedAt('dns'),
    seen: () => 'the name has no address',
    fix: 'start the tunnel, and compare the host letter by letter with the one it prints',
  },
  {
    cause: 'tcp',
    status: 'fail',
    is: failedAt('tcp'),
    seen: (endpoint) => `no connection (${factOf(endpoint, 'code')})`,
    fix: 'start the app or the tunnel; let a firewall pass incoming TCP to this port from anywhere',
  },
  {
    cause: 'chain-incomplete',
    status: 'fail',
    is: (endpoint) => failedAt('tls', /UNABLE_TO_VERIFY_LEAF_SIGNATURE/)(endpoint) && factOf(endpoint, 'chain') === '1',
    seen: (endpoint) => `it sends its own certificate alone; the one of ${factOf(endpoint, 'issuer')} is missing`,
    fix: 'serve the whole chain (fullchain.pem, not cert.pem); browsers fill the gap, Zoom does not',
  },
  {
    cause: 'certificate-expired',
    status: 'fail',
    is: failedAt('tls', /CERT_HAS_EXPIRED/),
    seen: () => 'the certificate has expired',
    fix: 'renew the certificate, and see why it was not renewed by itself',
  },
  {
    cause: 'certificate-name',
    status: 'fail',
    is: failedAt('tls', /ERR_TLS_CERT_ALTNAME_INVALID/),
    seen: () => 'the certificate is for another name',
    fix: 'serve a certificate for this very name; for sub.example.com, one for example.com does not do',
  },
  {
    cause: 'no-tls',
    status: 'fail',
    is: (endpoint) => failedAt('tls')(endpoint) && /wrong version number/i.test(factOf(endpoint, 'message') ?? ''),
    seen: () => 'this port speaks no TLS',
    fix: 'let the tunnel or the web server in front of the app speak https, and give its URL',
  },
  {
    cause: 'tls',
    status: 'fail',
    is: failedAt('tls'),
    seen: (endpoint) => `no TLS session (${[factOf(endpoint, 'code'), factOf(endpoint, 'message')].join(': ')})`,
    fix: 'serve TLS 1.2 or newer with a certificate for this name from a public authority',
  },
  {
    cause: 'proxy',
    status: 'warn',
    is: failedAt('proxy'),
    seen: () => 'the proxy of this network lets nobody through to it, so that nothing is known of it',
    fix: 'try from another network',
  },
  {
    cause: 'private-address',
    status: 'fail',
    is: (endpoint) => isPrivate(factOf(endpoint, 'address') ?? '') && !isLocal(factOf(endpoint, 'host') ?? ''),
    seen: (endpoint) => `the name leads to ${factOf(endpoint, 'address')}, an address of this network alone`,
    fix: 'let the public name lead to a public address, or use a tunnel',
  },
  {
    cause: 'page',
    status: 'fail',
    is: (endpoint) => factOf(endpoint, 'page') === 'true',
    seen: () => 'a page of HTML answers the webhook, as a tunnel or a web server sends it in place of the app',
    fix: 'check that the app runs behind the tunnel, that the port is its own and the path that of the handler',
  },
  {
    cause: 'certificate-expiring',
    status: 'warn',
    is: (endpoint) => Number(factOf(endpoint, 'validDays')) < LEAST_DAYS,
    seen: (endpoint) => `the certificate is valid for ${factOf(endpoint, 'validDays')} more days`,
    fix: 'renew it, and see why it was not renewed by itself',
  },
];

/** RFC 1918, RFC 4193, and addresses that lead back to the machine or its link. */
const PRIVATE = /^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|^(?:::1$|f[cd]|fe80:)/i;
const isPrivate = (address: string): boolean => PRIVATE.test(address.replace(/^::ffff:/i, ''));
/** Named as what it is; that Zoom cannot reach it is another rule. */
const isLocal = (host: string): boolean => /^(?:localhost|\[|[\d.]+(?::|$))/i.test(host);

export const endpointUnreachable = defineRule({
  id: 'endpoint-unreachable',
  section: 'Events and webhook',
  title: 'the webhook endpoint can be reached',
  failureTitle: 'the webhook endpoint cannot be reached, or not for long',
  why: 'Zoom gives up on an endpoint that it cannot reach six times in a row, and repeats no event after 85 minutes.',
  docs: DOCS.webhooks,
  subject: 'an endpoint that cannot be reached',
  needs: ['check:endpoint'],
  check: (timeline) => {
    const endpoint = timeline.check('endpoint');
    if (!endpoint) return undefined;
    const fault = FAULTS.find(({ is }) => is(endpoint));
    // Connected, and then no answer: what that is, is told of the URL validation.
    if (!fault && factOf(endpoint, 'code') !== undefined) return undefined;
    return fault ? verdict(fault, endpoint) : { status: 'pass', message: passed(endpoint) };
  },
});

function verdict({ cause, status, seen, fix }: Fault, endpoint: Endpoint): Verdict {
  const [host, address, message] = ['host', 'address', 'message'].map((name) => factOf(endpoint, name) ?? '');
  return {
    status,
    certainty: status === 'fail' ? 'likely' : 'certain',
    cause,
    message: `${host}, from here: ${seen(endpoint)}`,
    evidence: [{ event: endpoint.number, note: [address, message].filter(Boolean).join(': ') || 'asked from here' }],
    fix,
  };
}

function passed(endpoint: Endpoint): string {
  const days = factOf(endpoint, 'validDays');
  return [factOf(endpoint, 'host'), ...(days === undefined ? [] : [`certificate valid ${days} days`])].join(', ');
}
