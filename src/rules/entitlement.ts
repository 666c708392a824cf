/** The account that owns the app has RTMS: no API tells, so a person must, or the code of a refused start. */
import { DOCS } from '../protocol/docs.js';
import type { Timeline } from '../session/timeline.js';
import { answerTo } from './questions/answers.js';
import { told } from './questions/told.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

export const entitlement = defineRule({
  id: 'entitlement',
  section: 'Account settings',
  title: 'the account has RTMS',
  failureTitle: 'the account has no RTMS',
  why: 'RTMS takes Developer Pack credits of the account that owns the app; without them it just does not start.',
  docs: DOCS.rtmsTroubleshooting,
  subject: 'the Developer Pack',
  needs: [['check:answer', 'check:user']],
  check: (timeline) => notEnabled(timeline) ?? told(timeline, 'entitlement') ?? basicPlan(timeline),
});

/** As a REST call that starts RTMS is refused without credits, and for an App ID that is not enabled. */
const NOT_ENTITLED = '2310';
const PAID: readonly (string | undefined)[] = ['active', 'trial'];

/** Refused though it is paid for: several such apps began to work once staff of Zoom had enabled them. */
function notEnabled(timeline: Timeline): Verdict | undefined {
  const pack = answerTo(timeline, 'developer-pack');
  const refusal = refusedByRest(timeline);
  if (!pack || !refusal || !PAID.includes(pack.value)) return undefined;
  return {
    status: 'fail',
    certainty: 'possible',
    cause: 'app-not-enabled',
    message: `refused with ${NOT_ENTITLED} though there are credits; Zoom may have to enable the App ID`,
    evidence: [pack.evidence, refusal],
    fix: 'post the App ID in the RTMS category of the developer forum: https://devforum.zoom.us',
  };
}

/** `type` of a user without a licence: https://developers.zoom.us/docs/api/users/ */
const BASIC = '1';

/** The troubleshooting page excludes Basic accounts; staff of Zoom have said that a free host will do. */
function basicPlan(timeline: Timeline): Verdict | undefined {
  const user = timeline.check('user');
  if (!user || factOf(user, 'plan') !== BASIC) return undefined;
  return {
    status: 'warn',
    certainty: 'possible',
    cause: 'basic-plan',
    message: "the user of the token has a Basic plan; Zoom's sources disagree whether that will do",
    evidence: [{ event: user.number }],
    fix: 'try once as a licensed user of the account that owns the Developer Pack',
  };
}

function refusedByRest(timeline: Timeline): Evidence | undefined {
  const seen = checksFor(timeline, 'rest-answer').find((check) => factOf(check, 'code') === NOT_ENTITLED);
  const answer = answerTo(timeline, 'rest-answer');
  return seen ? { event: seen.number } : answer?.value === NOT_ENTITLED ? answer.evidence : undefined;
}
