/** The questions are well formed, each answer says what it is to say, and nobody is asked what is settled. */
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/rules/index.js';
import { openQuestions } from '../../../src/rules/questions/open.js';
import { UNKNOWN, type Question } from '../../../src/rules/questions/question.js';
import { answerEvent, choicesOf, QUESTIONS, questionOf } from '../../../src/rules/questions/questions.js';
import { SYMPTOM_NAMES, SYMPTOMS, type SymptomInfo } from '../../../src/rules/questions/symptoms.js';
import { runRules } from '../../../src/rules/rule.js';
import { manifestChecks } from '../../../src/session/app-facts.js';
import type { EventBody } from '../../../src/session/event.js';
import { fact } from '../../../src/session/facts.js';
import { Timeline } from '../../../src/session/timeline.js';
import { readSession } from '../sessions.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'doctor', startedAt: '' } as const;
const timelineOf = (events: readonly EventBody[]): Timeline =>
  new Timeline(
    HEADER,
    events.map((event, t) => ({ t, ...event })),
  );
const ids = RULES.map(({ id }) => id);
const questions = QUESTIONS.map(({ id }) => id);

describe('the ids', () => {
  it('are in kebab-case and unique', () => {
    expect(questions.filter((id) => !/^[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual([]);
    expect(new Set(questions).size).toBe(questions.length);
  });

  it.each(QUESTIONS)('of the answers to $id are too, and none means not knowing', ({ choices }) => {
    const values = choices.map(({ value }) => value);
    expect(values.filter((value) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(value))).toEqual([]);
    expect(new Set([...values, UNKNOWN.value]).size).toBe(values.length + 1);
  });

  it.each(QUESTIONS)('that $id names exist', ({ after }) => {
    const before = after && questionOf(after.question)?.choices.map(({ value }) => value);
    expect(before ?? []).toEqual(expect.arrayContaining([...(after?.values ?? [])]));
    expect(after === undefined || before !== undefined).toBe(true);
  });

  it.each(SYMPTOM_NAMES)('that %s names exist', (name) => {
    const { ask = [] }: SymptomInfo = SYMPTOMS[name];
    expect(ask.filter((id) => !questions.includes(id))).toEqual([]);
    expect(new Set(ask).size).toBe(ask.length);
  });
});

const said = QUESTIONS.flatMap((question) =>
  question.choices.flatMap(({ value, says = [] }) => says.map((each) => ({ question, value, ...each }))),
);

/** The answers that lead to a question, then the one to it. */
function leadingTo({ id, products, after }: Question, value: string): EventBody[] {
  const before = after ? [answerEvent(after.question, after.values[0] ?? '')] : [];
  return [fact('product-wanted', { product: products?.[0] ?? 'meeting' }), ...before, answerEvent(id, value)];
}

describe('an answer', () => {
  it.each(said)('$question.id $value speaks through $rule', ({ question, value, rule, verdict }) => {
    const { results } = runRules(RULES, timelineOf(leadingTo(question, value)));
    expect(ids).toContain(rule);
    expect(results).toContainEqual(expect.objectContaining({ rule, ...verdict }));
  });

  it.each(said)('$question.id $value is worded for people', ({ verdict }) => {
    for (const text of [verdict.message, ...(verdict.status === 'pass' ? [] : [verdict.fix])]) {
      expect(text).toMatch(/^(?:[a-z0-9*_]|Zoom|[A-Z]{2})/);
      expect(text).not.toMatch(/!|\b[Pp]lease\b|undefined|NaN|\[object/);
    }
  });

  it('is never certain', () => {
    const events = QUESTIONS.flatMap(({ id, choices }) => choices.slice(-1).map(({ value }) => answerEvent(id, value)));
    const { findings } = runRules(RULES, timelineOf(events));
    expect(findings.length).toBeGreaterThan(5);
    expect(findings.filter(({ certainty }) => certainty === 'certain')).toEqual([]);
  });

  it('that one does not know says nothing', () => {
    const { findings } = runRules(RULES, timelineOf(questions.map((id) => answerEvent(id, UNKNOWN.value))));
    expect(findings).toEqual([]);
  });

  it('replaces an earlier one', () => {
    const events = ['off', 'on'].map((value) => answerEvent('sharing-setting', value));
    const { results } = runRules(RULES, timelineOf(events));
    expect(results.find(({ rule }) => rule === 'setting-off')?.status).toBe('pass');
  });
});

const open = (timeline: Timeline): string[] =>
  openQuestions(timeline, runRules(RULES, timeline).results).map(({ id }) => id);
const openAfter = (...answers: readonly (readonly [question: string, answer: string])[]): string[] =>
  open(timelineOf(answers.map(([question, answer]) => answerEvent(question, answer))));
const openIn = (session: string, ...more: readonly EventBody[]): string[] => {
  const { header, events } = readSession(session);
  return open(new Timeline(header, [...events, ...more.map((event) => ({ t: events.at(-1)?.t ?? 0, ...event }))]));
};

describe('the open questions', () => {
  it('are all, where nothing is known: first what goes wrong', () => {
    expect(openAfter().slice(0, 3)).toEqual(['symptom', 'product', 'app-kind']);
    expect(openAfter()).toHaveLength(QUESTIONS.length);
  });

  it.each([
    ['silent-close', 'app-kind'],
    ['no-start-event', 'start-method'],
    ['no-webhooks', 'event-subscription'],
    ['medium-missing', 'scopes-page'],
    ['scope-not-offered', 'app-kind'],
    ['rest-refused', 'rest-answer'],
    ['owner-only', 'hosting-account'],
    ['duplicates', 'other-client'],
    ['setting-up', 'app-kind'],
  ])('of %s begin with %s', (symptom, first) => {
    expect(openAfter(['symptom', symptom], ['product', 'meeting'])[0]).toBe(first);
  });

  it('end, one answer at a time', () => {
    const timeline = timelineOf([]);
    let asked = 0;
    for (let [next] = open(timeline); next !== undefined; [next] = open(timeline)) {
      const [choice] = choicesOf(
        questionOf(next) ?? { id: '', section: 'Close', question: '', choices: [], settledBy: [] },
      );
      timeline.push({ t: asked, ...answerEvent(next, choice?.value ?? '') });
      asked += 1;
      expect(asked).toBeLessThanOrEqual(QUESTIONS.length);
    }
    expect(asked).toBeGreaterThan(3);
  });

  it('leave out those of other products', () => {
    const meeting = openAfter(['product', 'meeting'], ['symptom', 'unknown']);
    expect(meeting).toContain('auto-start-list');
    expect(meeting).not.toContain('queue-assignment');
    expect(openAfter(['product', 'contact-center'], ['symptom', 'unknown'])).toContain('queue-assignment');
    expect(openAfter(['product', 'video-sdk'], ['symptom', 'unknown'])).not.toContain('sharing-setting');
  });

  it('leave out what another answer makes pointless', () => {
    const start = (method: string): string[] => openAfter(['symptom', 'no-start-event'], ['start-method', method]);
    expect(start('auto-start')).toContain('auto-start-list');
    expect(start('auto-start')).not.toContain('rest-answer');
    expect(start('rest')).toContain('rest-answer');
    expect(start('rest')).not.toContain('auto-start-list');
    expect(start('unknown')).toEqual(expect.arrayContaining(['rest-answer', 'auto-start-list']));
  });

  it('leave out what a manifest tells', () => {
    const checks = manifestChecks({
      display_information: {},
      oauth_information: { usage: 'USER_OPERATION', scopes: [] },
      features: { event_subscription: { enable: true, events: [] } },
    });
    const left = open(timelineOf(checks));
    expect(left).not.toEqual(expect.arrayContaining(['app-kind']));
    expect(left.filter((id) => ['app-kind', 'scopes-page', 'event-subscription'].includes(id))).toEqual([]);
  });

  it('are none where a silent close is explained by what was recomputed', () => {
    expect(openIn('closed-without-reply.no-commas')).toEqual([]);
  });

  it('are none where an answer has explained it', () => {
    expect(openAfter(['product', 'meeting'], ['symptom', 'no-start-event'], ['start-method', 'nothing'])).toEqual([]);
    expect(openIn('closed-without-reply.closed', answerEvent('app-kind', 'server-to-server'))).toEqual([]);
  });

  it.each(['media-refused.ok', 'unreachable.tcp', 'upgrade-refused.not-found'])('are none beside %s', (session) => {
    expect(openIn(session)).toEqual([]);
  });

  it('are about the credentials where nothing else explains it', () => {
    expect(openIn('closed-without-reply.closed')).toEqual(['app-kind', 'credentials-version', 'other-client']);
    expect(openIn('signature-mismatch.unknown')).toEqual(['app-kind', 'credentials-version', 'other-client']);
  });

  it('are about the start where only ordinary webhooks came', () => {
    expect(openIn('webhook-not-rtms.other-event')[0]).toBe('start-method');
  });

  it('are about the scopes where a medium has no URL', () => {
    expect(openIn('media-url-missing.audio')).toEqual(['scopes-page', 'added-again']);
  });
});
