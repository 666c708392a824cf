/** The user has granted what the app asks for now. */
import { DOCS } from '../protocol/docs.js';
import { scopeInfo } from '../protocol/scopes.js';
import type { Timeline } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { sameScope, scopeLists, scopesHeld } from './shared/app.js';

export const installOutdated = defineRule({
  id: 'install-outdated',
  section: 'App and scopes',
  title: 'the app was added again after its last change',
  failureTitle: 'the app was not added again after its last change',
  why: 'A new scope or event changes no install and no token that is there; both keep what they were given.',
  docs: DOCS.oauth,
  needs: [['check:answer', 'check:app-scope']],
  check: (timeline) => notGranted(timeline) ?? told(timeline, 'install-outdated'),
});

/** Media the app asks for and a user's token lacks. */
function notGranted(timeline: Timeline): Verdict | undefined {
  const granted = scopeLists(timeline).find(({ source, whose }) => source === 'token' && whose === 'app')?.scopes;
  if (!granted || granted.length === 0) return undefined;
  const asked = scopesHeld(timeline).filter(({ source, name }) => source !== 'token' && scopeInfo(name)?.kind === 'media');
  const missing = asked.filter(({ name }) => !granted.some((scope) => sameScope(scope.name, name)));
  if (missing.length === 0) return undefined;
  return {
    status: 'fail',
    certainty: 'likely',
    cause: 'not-granted',
    message: `the app asks for ${missing.map(({ name }) => name).join(', ')}, and the token was granted without`,
    evidence: missing.map(({ evidence }) => evidence),
    fix: 'add the app again as the test user (Local Test, Add app now, Allow), then get a new token',
  };
}
