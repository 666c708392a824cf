/** The endpoint turns away what Zoom did not sign, or signed long ago. */
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

const KINDS: Readonly<Record<string, { readonly words: string; readonly fix: string }>> = {
  unsigned: {
    words: 'an event without a signature',
    fix: 'verify x-zm-signature over the body as it came, and answer 401 where it differs: rtms sign webhook --help',
  },
  stale: {
    words: 'an event signed ten minutes ago',
    fix: 'turn away an x-zm-request-timestamp more than five minutes off, so that nobody can send an old event again',
  },
};

export const endpointUnguarded = defineRule({
  id: 'endpoint-unguarded',
  section: 'Events and webhook',
  title: 'the endpoint turns away what Zoom did not sign',
  failureTitle: 'the endpoint takes what Zoom did not sign',
  why: 'Whoever knows the URL can make the app connect, and sign, to a server of their own.',
  docs: DOCS.webhooks,
  needs: ['check:endpoint-guard'],
  check: (timeline) => {
    const guards = checksFor(timeline, 'endpoint-guard');
    const open = guards.filter(({ event }) => !event.ok);
    if (open.length > 0) return open.map(verdict);
    const answers = guards.map((guard) => `${factOf(guard, 'what')}: ${factOf(guard, 'status')}`);
    return { status: 'pass', message: answers.join(', ') };
  },
});

function verdict(guard: Entry<CheckEvent>): Verdict {
  const [what = '', status] = ['what', 'status'].map((name) => factOf(guard, name));
  const { words = what, fix = '' } = KINDS[what] ?? {};
  return {
    status: 'warn',
    certainty: 'certain',
    cause: what,
    message: `${words} was answered with ${status}; 401 is expected`,
    evidence: [{ event: guard.number }],
    fix,
  };
}
