/** The env file, which has secrets, is not kept by git. */
import { DOCS } from '../protocol/docs.js';
import { defineRule } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';

export const envFileTracked = defineRule({
  id: 'env-file-tracked',
  section: 'Environment',
  title: 'git does not keep the env file',
  failureTitle: 'git keeps the env file',
  why: 'Whoever has the repository, or once had it, has the secrets.',
  docs: DOCS.gitTracking,
  needs: ['check:env-file-tracked'],
  check: (timeline) =>
    checksFor(timeline, 'env-file-tracked').map((check) => {
      const file = factOf(check, 'file') ?? '.env';
      if (check.event.ok) return { status: 'pass', message: `git does not keep ${file}` };
      return {
        status: 'warn',
        certainty: 'certain',
        message: `git tracks ${file}, and with it the secrets in it`,
        evidence: [{ event: check.number }],
        fix: `git rm --cached ${file}, add it to .gitignore; if it was ever committed, make new secrets in the Marketplace`,
      };
    }),
});
