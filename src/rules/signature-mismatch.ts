/** The handshake signature is the one that client id, ids and secret give. Judges what was recomputed with them. */
import { DOCS } from '../protocol/docs.js';
import { SIGNATURE_CAUSES } from '../protocol/signature-mistakes.js';
import type { CheckEvent } from '../session/event.js';
import type { Connection, Entry } from '../session/timeline.js';
import { count } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { isAccepted, newestConnections } from './shared/connections.js';

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
    const accepted = timeline.connections.filter(isAccepted);
    const settled = timeline.connections.filter((each) => accepted.includes(each) || !newest.includes(each));
    const wrong = checks.filter(({ event }) => !event.ok);
    const refused = wrong.findLast((check) => !isOf(settled, check));
    if (refused) return mismatch(refused, false);
    const lax = wrong.findLast((check) => isOf(accepted, check));
    if (lax) return mismatch(lax, true);
    return { status: 'pass', message: wrong.length === 0 ? 'recomputed, it matches' : 'the newest was accepted' };
  },
});

const isOf = (connections: readonly Connection[], { event }: Entry<CheckEvent>): boolean =>
  connections.some(({ handshake }) => handshake !== undefined && handshake.number === event.frame);

/** What Zoom takes is signed with the secret of the app: either the server is not Zoom's, or this secret not that one. */
const LAX = 'this server took it, and Zoom takes none but that of its app';

/** That it differs is certain even where nobody can tell why. */
function mismatch(check: Entry<CheckEvent>, wasAccepted: boolean): Verdict {
  const [cause = 'unknown', sent, expected = 'another', tried = '0'] = ['cause', 'sent', 'expected', 'tried'].map(
    (name) => factOf(check, name),
  );
  const recipes = count(Number(tried), 'recipe');
  const unknown = `this client id and secret give another; ${recipes} tried, none gives the one sent`;
  const seen = factOf(check, 'explanation') ?? unknown;
  return {
    status: wasAccepted ? 'warn' : 'fail',
    certainty: 'certain',
    cause,
    message: wasAccepted ? `${seen}; ${LAX}` : seen,
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
      'most likely it was made with another secret: take client id and secret of the app and version (development, ' +
        'production) that receives the webhook',
  };
}
