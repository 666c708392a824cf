/** The handshake signature is the one that client id, ids and secret give. Judges what was recomputed with them. */
import { SIGNATURE_CAUSES } from '../protocol/signature-mistakes.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { isAccepted, newestConnections } from './shared/connections.js';
import { DOCS } from './shared/docs.js';

export const signatureMismatch = defineRule({
  id: 'signature-mismatch',
  section: 'Handshake',
  title: 'the handshake signature is the one this secret gives',
  failureTitle: 'the handshake signature is not the one this secret gives',
  why: 'A wrong signature is the most reported reason for a socket that closes with 1000 and says nothing.',
  docs: DOCS.workWithStreams,
  causes: SIGNATURE_CAUSES,
  subject: 'the signature',
  needs: ['check:signature-mismatch'],
  check: (timeline) => {
    const checks = checksFor(timeline, 'signature-mismatch');
    if (checks.length === 0) return undefined;
    const newest = newestConnections(timeline);
    const settled = timeline.connections.filter((each) => isAccepted(each) || !newest.includes(each));
    const past = settled.map(({ handshake }) => handshake?.number);
    const wrong = checks.findLast(({ event }) => !event.ok && !past.includes(event.frame));
    if (wrong) return mismatch(wrong);
    const message = checks.every(({ event }) => event.ok) ? 'recomputed, it matches' : 'the server accepted it';
    return { status: 'pass', message };
  },
});

/** That it differs is certain even where nobody can tell why. */
function mismatch(check: Entry<CheckEvent>): Verdict {
  const [cause = 'unknown', sent, expected = 'another', tried = '0'] = ['cause', 'sent', 'expected', 'tried'].map(
    (name) => factOf(check, name),
  );
  const unknown = `none of ${Number(tried).toLocaleString('en-US')} recipes gives it`;
  return {
    status: 'fail',
    certainty: 'certain',
    cause,
    message: factOf(check, 'explanation') ?? unknown,
    evidence: [
      {
        ...(check.event.frame !== undefined && { event: check.event.frame }),
        path: '$.signature',
        ...(sent !== undefined && { note: `sent ${sent}` }),
      },
      {
        event: check.number,
        note: `expected ${expected}: HMAC-SHA256 of client_id,id,rtms_stream_id, keyed with the client secret`,
      },
    ],
    fix:
      factOf(check, 'fix') ??
      'take client id and secret of the app and version (development, production) that receives the webhook',
  };
}
