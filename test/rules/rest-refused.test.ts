/** What is said of a refused call, beside that it was refused. */
import { expect, it } from 'vitest';
import { restRefused } from '../../src/rules/rest-refused.js';
import { runRules, type Finding } from '../../src/rules/rule.js';
import { restAnswerOf } from '../../src/session/rest-answer.js';
import { Timeline } from '../../src/session/timeline.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'test', startedAt: '2026-11-23T22:14:00.000Z' } as const;

function judge(body: object, path = '/v2/live_meetings/81234567890/rtms_app/status'): Finding | undefined {
  const answer = restAnswerOf(body, { status: 400, path });
  return runRules([restRefused], new Timeline(HEADER, answer ? [{ t: 0, ...answer }] : [])).results[0];
}

it('names the scopes the message names', () => {
  const message = 'Invalid access token, does not contain scopes:[a:update:b, a:update:b:admin].';
  expect(judge({ code: 4711, message })?.fix).toMatch(/^add a:update:b or a:update:b:admin to the app/);
});

it('keeps code, status, path and message as evidence', () => {
  const finding = judge({ code: 2310, message: 'Failed to perform RTMS app operation.' });
  expect(finding).toMatchObject({ status: 'fail', certainty: 'certain', cause: '2310' });
  expect(finding?.evidence[0]?.note).toBe(
    '/v2/live_meetings/81234567890/rtms_app/status, HTTP 400, "Failed to perform RTMS app operation."',
  );
});

it('says what users alone report', () => {
  const { message } = judge({ code: 2312, message: '' }) ?? {};
  expect(message).toBe('refused with 2312, by reports: participant_user_id is wrong');
});

it('goes by the path where a code has several meanings', () => {
  const of = (path: string) => judge({ code: 1500, message: '' }, path)?.message;
  expect(of('/v2/marketplace/app/event_subscription')).toMatch(/not a legal one/);
  expect(of('/v2/marketplace/apps/a/manifest')).toMatch(/cannot be exported/);
});

it.each(['RTMS app has already started.', 'The stream is already active'])('%j is no failure', (message) => {
  expect(judge({ code: 99999, message })?.status).toBe('pass');
});

it('is skipped without an answer', () => expect(judge({})?.status).toBe('skip'));
