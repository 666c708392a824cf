/** The access token is in force, and of the app whose id is in use. Zoom documents no claim: all are hints. */
import { DOCS } from '../protocol/docs.js';
import { duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { scopeLists } from './shared/app.js';
import { factOf } from './shared/checks.js';

/** Without its list of scopes a token can be that of an app which only starts the streams. */
const POSSIBLE = { status: 'warn', certainty: 'possible' } as const;
const LIKELY = { status: 'fail', certainty: 'likely' } as const;

export const tokenUnusable = defineRule({
  id: 'token-unusable',
  section: 'Credentials',
  title: 'the access token is in force',
  failureTitle: 'the access token is of no use',
  why: 'A token lasts an hour and is of one app; with another, the REST call that starts RTMS is refused.',
  docs: DOCS.accessToken,
  subject: 'the access token',
  needs: ['check:token'],
  check: (timeline) => {
    const check = timeline.check('token');
    if (!check) return undefined;
    const [clientId, configured] = [factOf(check, 'clientId'), factOf(check, 'configured')];
    const expiresInMs = Number(factOf(check, 'expiresInMs'));
    const evidence = [{ event: check.number }];
    if (!check.event.ok) {
      const message = 'the access token is no JWT; today all of Zoom are, though nothing promises it';
      const fix = 'give the access_token as it came from the token endpoint: not the refresh token, not cut';
      return { status: 'warn', certainty: 'possible', cause: 'not-a-jwt', message, evidence, fix };
    }
    const isOther = clientId !== undefined && configured !== undefined && clientId !== configured;
    const whose = scopeLists(timeline).find(({ source }) => source === 'token')?.whose;
    // A second app that only starts the streams is in good order.
    if (isOther && whose !== 'control') {
      const message = `the token was made with client id ${clientId}; ${configured} is in use`;
      const fix = "get a token with the pair in use; to start streams alone, a Server-to-Server app's will do";
      const weight = whose === undefined ? POSSIBLE : LIKELY;
      return { ...weight, cause: 'other-app', message, evidence, fix };
    }
    if (expiresInMs <= 0) {
      const message = `the token expired ${duration(-expiresInMs)} ago`;
      return {
        status: 'fail',
        certainty: 'likely',
        cause: 'expired',
        message,
        evidence,
        fix: 'get a new access token',
      };
    }
    const left = Number.isNaN(expiresInMs) ? 'it does not say for how long' : `${duration(expiresInMs)} left`;
    return { status: 'pass', message: left };
  },
});
