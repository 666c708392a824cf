/** Zoom's REST API and token endpoint took what they were asked. What comes of it, a webhook says. */
import { ALREADY_STARTED, API_CALLS, apiErrorsOf, scopesIn, type ApiError } from '../protocol/api-errors.js';
import { lookup } from '../protocol/codes.js';
import { HTTP_STATUS, type HttpStatus } from '../protocol/http-status.js';
import type { CheckEvent } from '../session/event.js';
import type { Entry } from '../session/timeline.js';
import { told } from './questions/told.js';
import { defineRule, type Verdict } from './rule.js';
import { checksFor, factOf } from './shared/checks.js';
import { kebab, shown } from './shared/words.js';

export const restRefused = defineRule({
  id: 'rest-refused',
  section: 'Account settings',
  title: 'the REST API took the call',
  failureTitle: 'the REST API refused the call',
  why: 'A start that was refused brings no webhook; its code says what is in the way: app, host, plan or settings.',
  docs: API_CALLS.rtms.docs,
  subject: 'a refused REST call',
  needs: [['check:rest-answer', 'check:answer']],
  check: (timeline) => {
    const answers = checksFor(timeline, 'rest-answer');
    return answers.length > 0 ? onceEach(answers.map(judge)) : told(timeline, 'rest-refused');
  },
});

/** What several calls were answered is one thing to mend, seen several times. */
function onceEach(verdicts: readonly Verdict[]): Verdict[] {
  const firsts = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const first = firsts.get(verdict.message);
    const evidence = [first, verdict].flatMap((each) => (each && 'evidence' in each ? (each.evidence ?? []) : []));
    firsts.set(verdict.message, { ...verdict, ...(evidence.length > 0 && { evidence }) });
  }
  return [...firsts.values()];
}

function judge(answer: Entry<CheckEvent>): Verdict {
  const { number, event } = answer;
  const message = factOf(answer, 'message') ?? '';
  const status = factOf(answer, 'status');
  if (event.ok) return { status: 'pass', message: `accepted with ${status ?? 'success'}` };
  if (ALREADY_STARTED.test(message)) return { status: 'pass', message: 'the stream had started already' };
  const notes = [factOf(answer, 'path'), status && `HTTP ${status}`, message && shown(message)];
  const evidence = [{ event: number, note: notes.filter((note) => note).join(', ') }];
  if (factOf(answer, 'foreign') === 'true') return { ...FOREIGN, evidence };
  return {
    status: 'fail',
    certainty: 'certain',
    evidence,
    ...refusal(answer, message),
  };
}

const FOREIGN = {
  status: 'warn',
  certainty: 'likely',
  cause: 'foreign',
  message: "what answers is not Zoom's API, which answers in JSON",
  fix: 'try from another network: a login page, a filter or a proxy in between answers in its place',
} as const;

type Refusal = Pick<Extract<Verdict, { status: 'warn' | 'fail' }>, 'cause' | 'message' | 'fix'>;

/** Some answers have their name in the message, beside a code that repeats the status. */
const NAME = /\b[a-z]+_[a-z_]+\b/;

function refusal(answer: Entry<CheckEvent>, message: string): Refusal {
  const code = factOf(answer, 'code') ?? factOf(answer, 'error');
  const path = factOf(answer, 'path');
  const [known] = [...apiErrorsOf(code, path), ...apiErrorsOf(NAME.exec(message)?.[0], path)];
  if (known) return refusedWithKnown(known, scopesIn(message));
  const status = factOf(answer, 'status');
  // Where there is nothing more to say, the code repeats the status.
  const repeated = lookup<HttpStatus>(HTTP_STATUS, Number(code));
  const http = repeated ?? lookup<HttpStatus>(HTTP_STATUS, Number(status));
  const fix = http?.rest ?? 'go by the message of the answer';
  if (code !== undefined && !repeated) {
    return { cause: 'unknown-code', message: `refused with ${shown(code)}, which is not documented`, fix };
  }
  if (!http) return { cause: 'unknown-status', message: `refused with HTTP ${status ?? 'status unknown'}`, fix };
  return { cause: `http-${http.value}`, message: `refused with HTTP ${http.value}: ${http.meaning}`, fix };
}

/** Any of the scopes would do. */
function refusedWithKnown({ code, meaning, action, reported }: ApiError, scopes: readonly string[]): Refusal {
  return {
    cause: kebab(String(code)),
    message: `refused with ${code}${reported ? ', by reports' : ''}: ${meaning}`,
    fix: scopes.length > 0 ? `add ${scopes.join(' or ')} to the app, and get a new token after that` : action,
  };
}
