/** The manifest has the form in which Zoom takes it. */
import { DOCS } from '../protocol/docs.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { defineRule } from './rule.js';
import { evidenceOf } from './shared/app.js';
import { checksFor, factOf } from './shared/checks.js';

interface Fault {
  readonly status: 'warn' | 'fail';
  readonly seen: string;
  readonly fix: string;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'not-an-object': {
    status: 'fail',
    seen: 'the manifest is no JSON object',
    fix: 'export it again: the app, Manifest, Download',
  },
  'sections-missing': {
    status: 'fail',
    seen: 'the manifest lacks $; all three sections are expected',
    fix: 'export it again, or add the section as the schema has it',
  },
  'usage-unknown': {
    status: 'fail',
    seen: 'usage is neither USER_OPERATION nor ADMIN_MANAGEMENT',
    fix: 'set it to USER_OPERATION: RTMS of meetings and webinars takes a user-managed app',
  },
  'all-optional': {
    status: 'fail',
    seen: 'every scope is optional; at least one must not be',
    fix: 'set "optional": false for the media scopes',
  },
  'app-owned-scope': {
    status: 'warn',
    seen: "$ is given to the app's own token by itself; it does not belong in a manifest",
    fix: 'remove it',
  },
  'name-too-long': {
    status: 'fail',
    seen: 'display_name has 50 characters or more; fewer are expected',
    fix: 'shorten it',
  },
  'domain-not-an-object': {
    status: 'fail',
    seen: 'a domain is not an object',
    fix: 'write it as { "domain": "app.example.com", "explanation": "…" }',
  },
  'surface-without-product': {
    status: 'fail',
    seen: 'products is empty; then neither a home URI nor a list of domains may be set',
    fix: 'add "ZOOM_MEETING" to products, or remove the home URIs and domain_allow_list',
  },
};

/** Which of the two ways in it is for, nobody can see. */
const FORM_OF_API = 'in the form of the API; for an upload in the portal, give the object in "manifest" alone';
const isWrapped = (check: Entry<CheckEvent>): boolean => factOf(check, 'path') === '$.manifest';

export const manifestMalformed = defineRule({
  id: 'manifest-malformed',
  section: 'App and scopes',
  title: 'the manifest has the form Zoom takes',
  failureTitle: 'the manifest does not have the form Zoom takes',
  why: "The portal and the API take two forms of one manifest, and Zoom's validator lets faults of both pass.",
  docs: DOCS.manifests,
  needs: ['check:app-manifest'],
  check: (timeline) => {
    const all = checksFor(timeline, 'app-manifest');
    const faults = all.filter(({ event }) => !event.ok);
    const form = all.some(isWrapped) ? FORM_OF_API : 'all three sections';
    if (faults.length === 0) return { status: 'pass', message: form };
    return faults.flatMap((check) => {
      const cause = factOf(check, 'problem') ?? '';
      const fault = FAULTS[cause];
      if (!fault) return [];
      const { status, fix } = fault;
      const message = fault.seen.replace('$', factOf(check, 'sections') ?? factOf(check, 'scope') ?? '');
      return [{ status, certainty: 'certain', cause, message, evidence: [evidenceOf(check)], fix }];
    });
  },
});
