/** The places a credential can come from agree on it. */
import { DOCS } from '../protocol/docs.js';
import { SDK_PACKAGE } from '../protocol/sdk.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry, Timeline } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

export const credentialsConflict = defineRule({
  id: 'credentials-conflict',
  section: 'Credentials',
  title: 'each credential has one value',
  failureTitle: 'two sources give different values for a credential',
  why: "Zoom's SDK lets ZM_RTMS_CLIENT and ZM_RTMS_SECRET override what the code passes, so the other value signs.",
  docs: DOCS.sdk,
  needs: ['check:credentials-conflict'],
  check: (timeline) => {
    const conflicts = checksFor(timeline, 'credentials-conflict').filter(({ event }) => !event.ok);
    return conflicts.length > 0 ? conflicts.map((check) => verdict(check, timeline)) : undefined;
  },
});

/** What the SDK reads before anything the code passes. */
const OVERRIDE = /^ZM_RTMS_/;
/** `ZOOM_CLIENT_ID` of `ZOOM_CLIENT_ID from .env`. */
const variableOf = (source: string): string => source.split(' ')[0] ?? '';

function verdict(check: Entry<CheckEvent>, timeline: Timeline): Verdict {
  const used = factOf(check, 'used') ?? 'the first';
  const names = (factOf(check, 'names') ?? '').split(', ').filter((name) => name !== '' && name !== used);
  const overriding = OVERRIDE.test(used) ? undefined : names.find((name) => OVERRIDE.test(name));
  const message = `${used} is used; ${names.join(' and ') || 'another source'} has another value`;
  const evidence = [{ event: check.number }];
  const runtime = timeline.check('runtime');
  // Where only a session was recorded, nothing says that the SDK is used at all.
  if (overriding !== undefined && runtime) {
    const hasSdk = factOf(runtime, 'sdk') !== undefined;
    return {
      status: 'fail',
      certainty: hasSdk ? 'certain' : 'likely',
      cause: 'sdk-override',
      message: `${message}; ${SDK_PACKAGE} signs with ${variableOf(overriding)}, whatever the code passes`,
      evidence,
      fix: `remove ${variableOf(overriding)}, or give it the value of ${variableOf(used)}`,
    };
  }
  const elsewhere = names.every((name) => variableOf(name) === variableOf(used));
  return {
    status: 'warn',
    certainty: 'certain',
    cause: elsewhere ? 'other-place' : 'other-name',
    message,
    evidence,
    fix: elsewhere
      ? 'restart the process that has the old value, or remove the variable from one of the two'
      : 'keep the pair of the app that receives the webhook, and remove the other',
  };
}
