/** The URL to connect to is one that can be connected to, and leads where a signature may go. */
import { DOCS } from '../protocol/docs.js';
import { classifyServerUrl, type ServerUrls } from '../protocol/webhooks.js';
import type { Timeline } from '../session/timeline.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { factOf } from './shared/checks.js';

const FIXES: Readonly<Record<string, string>> = {
  placeholder: 'take server_urls of a real rtms_started webhook: the one here stands for it in an example',
  'not-websocket': 'take server_urls as it came: it begins with wss://',
  'not-encrypted': 'use wss:// in place of ws://',
  malformed: 'take server_urls as one string, split it at commas, trim each part, use the first wss:// URL',
  empty: 'take server_urls of an rtms_started webhook; the other webhooks have none',
  'host-not-allowed': 'use the server_urls Zoom sent, or allow the host with --allow-host HOST if it is yours',
};

export const serverUrlInvalid = defineRule({
  id: 'server-url-invalid',
  section: 'Payload',
  title: 'the server URL is one to connect to',
  failureTitle: 'the server URL cannot be connected to',
  why: 'server_urls is one string that can hold several URLs; the signature goes to whoever it names.',
  docs: DOCS.rtmsWebhooks,
  needs: ['webhook'],
  check: (timeline) => refused(timeline) ?? received(timeline),
});

/** A URL that the client would not open. */
function refused(timeline: Timeline): Verdict | undefined {
  const check = timeline.check('server-url-invalid');
  if (!check || check.event.ok) return undefined;
  const cause = factOf(check, 'cause') ?? 'malformed';
  const host = factOf(check, 'host');
  const seen =
    cause === 'host-not-allowed'
      ? `${host ?? 'the host'} is not one of Zoom's; *.zoom.us or *.zoomgov.com is expected`
      : (factOf(check, 'message') ?? 'the URL cannot be used');
  const { suggestion } = suggestionFor(factOf(check, 'url') ?? '');
  return invalid(cause, seen, suggestion, [{ event: check.number }]);
}

function received(timeline: Timeline): Verdict | undefined {
  const { started } = timeline;
  const given = timeline.check('server-url-invalid');
  if (given?.event.ok) return { status: 'pass', message: `${factOf(given, 'source')} was used in its place` };
  if (!started || started.webhook.serverUrls.form === 'absent') return undefined;
  const { serverUrls, path } = started.webhook;
  const evidence = [{ event: started.number, path: path['server_urls'] ?? '$.payload.server_urls' }];
  const verdicts = (serverUrls.urls.length > 0 ? serverUrls.urls : ['']).map((url) => classifyServerUrl(url));
  const [first] = verdicts;
  if (first && !first.ok && verdicts.every(({ ok }) => !ok)) {
    return invalid(first.cause, first.message, first.suggestion, evidence);
  }
  return oddForm(serverUrls, evidence) ?? { status: 'pass', message: 'a WebSocket URL' };
}

function oddForm({ form }: ServerUrls, evidence: readonly Evidence[]): Verdict | undefined {
  if (form !== 'array' && form !== 'object') return undefined;
  return {
    status: 'warn',
    certainty: 'certain',
    cause: form,
    message: `server_urls is an ${form}; Zoom documents one string, with commas where it holds several URLs`,
    evidence,
    fix: 'check what changed the body on its way; code that reads the string will fail on this one',
  };
}

function invalid(
  cause: string,
  message: string,
  suggestion: string | undefined,
  evidence: readonly Evidence[],
): Verdict {
  const fix = suggestion === undefined ? (FIXES[cause] ?? DOCS.rtmsWebhooks) : `use ${suggestion}`;
  return { status: 'fail', certainty: 'certain', cause, message, evidence, fix };
}

function suggestionFor(url: string): { readonly suggestion?: string } {
  const verdict = classifyServerUrl(url);
  return verdict.ok ? {} : verdict;
}
