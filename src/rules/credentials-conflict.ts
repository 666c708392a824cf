/** The places a credential can come from agree on it. */
import { checksFor, factOf } from './checks.js';
import { DOCS } from './docs.js';
import { defineRule } from './rule.js';

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
    if (conflicts.length === 0) return undefined;
    return conflicts.map((check) => {
      const used = factOf(check, 'used') ?? 'the first';
      const names = (factOf(check, 'names') ?? '').split(', ').filter((name) => name !== '' && name !== used);
      return {
        status: 'warn',
        certainty: 'certain',
        message: `${used} is used; ${names.join(' and ') || 'another source'} has another value`,
        evidence: [{ event: check.number }],
        fix: 'keep the pair of the app that receives the webhook, and remove the other',
      };
    });
  },
});
