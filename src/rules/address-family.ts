/** Both families of addresses get through: with one broken, some clients wait for it before they try the other. */
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

/** At once and everywhere: this machine has none of the family, and clients take the other without delay. */
const ABSENT: readonly (string | undefined)[] = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'EAFNOSUPPORT'];

export const addressFamily = defineRule({
  id: 'address-family',
  section: 'Network',
  title: 'IPv4 and IPv6 both get through',
  failureTitle: 'one of IPv4 and IPv6 does not get through',
  why: 'A client that tries the broken family first seems to hang, now and then, before it connects.',
  docs: DOCS.happyEyeballs,
  needs: ['check:address-family'],
  check: (timeline) => {
    const tried = checksFor(timeline, 'address-family');
    const through = tried.filter(({ event }) => event.ok);
    const broken = tried.filter((check) => !check.event.ok && !ABSENT.includes(factOf(check, 'code')));
    const verdicts = broken.flatMap((check) => {
      const other = through.find((each) => factOf(each, 'host') === factOf(check, 'host'));
      return other ? [verdict(check, other)] : [];
    });
    if (verdicts.length > 0) return verdicts;
    const names = through.map((check) => `${factOf(check, 'host')} by ${nameOf(check)}`);
    return names.length > 0 ? { status: 'pass', message: names.join(', ') } : undefined;
  },
});

const nameOf = (check: Entry<CheckEvent>): string => `IPv${factOf(check, 'family')}`;

function verdict(check: Entry<CheckEvent>, other: Entry<CheckEvent>): Verdict {
  const [host, code = '', address = ''] = ['host', 'code', 'address'].map((name) => factOf(check, name));
  const after = duration(Number(factOf(check, 'ms')));
  return {
    status: 'warn',
    certainty: 'likely',
    cause: nameOf(check).toLowerCase(),
    message: `${host}: no connection by ${nameOf(check)} (${code} after ${after}); ${nameOf(other)} gets through`,
    evidence: [{ event: check.number, note: address }],
    fix: `mend ${nameOf(check)} of this network, or let the client prefer ${nameOf(other)} (node --dns-result-order)`,
  };
}
