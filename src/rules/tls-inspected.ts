/** Nothing stands in between that ends TLS and begins it anew: Zoom's certificates are from a public authority. */
import { DOCS } from '../protocol/docs.js';
import { classifyServerUrl } from '../protocol/webhooks.js';
import type { Facts, PhaseEvent } from '../session/event.js';
import type { Connection, Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { newestConnections } from './shared/connections.js';

export const tlsInspected = defineRule({
  id: 'tls-inspected',
  section: 'Network',
  title: "the certificate is Zoom's own",
  failureTitle: 'something in between opens TLS',
  why: 'A proxy that inspects TLS is trusted by this machine and not by every client, and may not pass WebSocket.',
  docs: DOCS.troubleshooting,
  subject: 'a proxy that inspects TLS',
  needs: ['phase'],
  check: (timeline) => {
    const certificates = [...newestConnections(timeline), ...timeline.hosts].flatMap(certificateOf);
    const inspected = certificates.filter(({ isPublic }) => !isPublic);
    const [first] = inspected;
    if (first) return verdict(first, inspected);
    return certificates.length > 0 ? { status: 'pass', message: certificates.map(wordsOf).join('; ') } : undefined;
  },
});

interface Certificate {
  readonly host: string;
  readonly number: number;
  readonly isPublic: boolean;
  /** Of its phase: `authority`, `issuer`, `protocol`, `validDays`. */
  readonly detail: Facts;
}

/** What a host of Zoom showed; none where the record does not say who vouches for it. */
function certificateOf({ phases }: Connection): Certificate[] {
  const [host, tls] = [hostIn(phases.get('dns')), phases.get('tls')];
  if (!tls?.event.ok || !isZoom(host)) return [];
  const { number, event } = tls;
  const { publicAuthority: isPublic } = event.detail;
  return typeof isPublic === 'boolean' ? [{ host, number, isPublic, detail: event.detail }] : [];
}

const wordsOf = ({ host, detail: { protocol, authority, validDays } }: Certificate): string =>
  `${host}: ${String(protocol).replace('TLSv', 'TLS ')}, under ${String(authority)}, valid ${String(validDays)} days`;

function verdict({ detail }: Certificate, inspected: readonly Certificate[]): Verdict {
  const hosts = inspected.map(({ host }) => host).join(' and ');
  return {
    status: 'warn',
    certainty: 'likely',
    message: `${hosts}: the certificate is from ${String(detail['authority'])}, which is no public authority`,
    evidence: inspected.map((each) => ({ event: each.number, note: `issued by ${String(each.detail['issuer'])}` })),
    fix: 'give its authority to your client too (NODE_EXTRA_CA_CERTS=FILE), or let the proxy pass *.zoom.us unopened',
  };
}

const hostIn = (dns: Entry<PhaseEvent> | undefined): string => String(dns?.event.detail['host'] ?? '');

function isZoom(host: string): boolean {
  const verdict = classifyServerUrl(`wss://${host}`);
  return verdict.ok && verdict.host === 'zoom';
}
