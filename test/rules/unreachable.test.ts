/** What each error code of a failed step is explained as. */
import { describe, expect, it } from 'vitest';
import { runRules, type Finding } from '../../src/rules/rule.js';
import { unreachable } from '../../src/rules/unreachable.js';
import type { Facts, PhaseName } from '../../src/session/event.js';
import { Timeline } from '../../src/session/timeline.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'test', startedAt: '2026-11-23T22:14:00.000Z' } as const;

function judge(name: PhaseName, detail: Facts): Finding | undefined {
  const event = { t: 8, type: 'phase', name, socket: 'signaling', ms: 8, ok: false, detail } as const;
  return runRules([unreachable], new Timeline(HEADER, [event])).findings[0];
}

describe('an error code', () => {
  it.each<[PhaseName, string, RegExp, RegExp]>([
    ['dns', 'ENOTFOUND', /does not exist/, /letter by letter/],
    ['dns', 'EAI_AGAIN', /name server/, /try again/],
    ['tcp', 'ECONNREFUSED', /nothing listens/, /port/],
    ['tcp', 'ETIMEDOUT', /no answer in time/, /firewall|proxy/],
    ['tcp', 'ECONNRESET', /cut/, /another network/],
    ['tls', 'CERT_HAS_EXPIRED', /expired/, /clock/],
    ['tls', 'DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/, /--ca FILE/],
    ['tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority/, /--ca FILE/],
    ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID', /another host/, /server_urls/],
    ['tls', 'EPROTO', /TLS handshake/, /TLS 1\.2/],
  ])('%s %s', (step, code, seen, fix) => {
    const finding = judge(step, { code, message: 'as the system says' });
    expect(finding).toMatchObject({ status: 'fail', certainty: 'certain', cause: step });
    expect(finding?.message).toMatch(seen);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.evidence).toEqual([{ event: 1, note: `${code}: as the system says` }]);
  });

  it('that is not known is explained by its step', () => {
    expect(judge('tls', { code: 'EODD', message: 'odd' })?.fix).toMatch(/openssl/);
  });

  it('of a plain server on a TLS port is told by its text', () => {
    const finding = judge('tls', { code: 'EPROTO', message: 'SSL routines:ssl3_get_record:wrong version number' });
    expect(finding?.message).toMatch(/no TLS on this port/);
  });

  it('of an interruption is no finding', () => {
    expect(judge('tcp', { code: 'INTERRUPTED', message: 'interrupted' })).toBeUndefined();
  });
});
