/** Zoom knows the pair: it gives a token for it. Which kind of app the pair is of is another rule. */
import { apiErrorsOf, OTHER_GRANT } from '../protocol/api-errors.js';
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

/** What says that id and secret do not belong together, and nothing else. */
const NO_PAIR: readonly string[] = ['invalid_client', '4702', '4704'];

export const credentialsRefused = defineRule({
  id: 'credentials-refused',
  section: 'Credentials',
  title: 'Zoom gives the pair a token',
  failureTitle: 'Zoom gives the pair no token',
  why: 'With a secret that is not of the client id, every signature is wrong, however it is made.',
  docs: DOCS.oauth,
  subject: 'the pair of client id and secret',
  needs: ['check:token-grant'],
  check: (timeline) => {
    const grants = checksFor(timeline, 'token-grant');
    // The app's own grant comes first and takes no account id that could be wrong.
    const refused = grants.find((grant) => !grant.event.ok && factOf(grant, 'expected') === 'true');
    const given = grants.find(({ event }) => event.ok);
    if (refused && !(given && isOtherGrant(refused))) return verdict(refused);
    return given && { status: 'pass', message: `Zoom gave it a token (${factOf(given, 'grant')})` };
  },
});

/** Of the two grants, a Server-to-Server app need take but the one for its account. */
const isOtherGrant = (refused: Entry<CheckEvent>): boolean =>
  factOf(refused, 'grant') === 'client_credentials' && OTHER_GRANT.includes(errorOf(refused));

const errorOf = (refused: Entry<CheckEvent>): string => factOf(refused, 'error') ?? factOf(refused, 'code') ?? '';

function verdict(refused: Entry<CheckEvent>): Verdict {
  const error = errorOf(refused);
  const [known] = apiErrorsOf(error, '/oauth/token');
  const noPair = NO_PAIR.includes(error);
  const said = [error, factOf(refused, 'message')].filter(Boolean).join(': ');
  const what = `Zoom gives the pair (${factOf(refused, 'clientId')}) no token by ${factOf(refused, 'grant')}`;
  const evidence = [{ event: refused.number, note: `HTTP ${factOf(refused, 'status')}, ${said}` }];
  if (isOtherGrant(refused)) {
    const message = `${what}, which General apps take; it may be the pair of a Server-to-Server app`;
    const fix = 'give the id of its account too, and that is tried: --account-id ID';
    return { status: 'warn', certainty: 'possible', cause: 'other-grant', message, evidence, fix };
  }
  return {
    ...(noPair ? { status: 'fail', certainty: 'certain' } : { status: 'warn', certainty: 'likely' }),
    cause: noPair ? 'no-pair' : 'no-token',
    message: `${what}: ${known?.meaning ?? said}`,
    evidence,
    fix: known?.action ?? 'read the answer; compare id and secret with those in the Marketplace',
  };
}
