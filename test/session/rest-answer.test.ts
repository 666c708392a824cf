import { describe, expect, it } from 'vitest';
import { restAnswerOf } from '../../src/session/rest-answer.js';

const factsOf = (value: unknown, exchange = {}) => restAnswerOf(value, exchange)?.facts;

describe('restAnswerOf', () => {
  it.each([
    [{ code: 2310, message: 'Failed' }, { code: 2310, message: 'Failed' }],
    [{ code: '2310', message: 'Failed' }, { code: 2310, message: 'Failed' }],
    [{ status: 400, code: 2310, message: 'Failed' }, { status: 400, code: 2310, message: 'Failed' }],
    [
      { reason: 'Invalid client_id or client_secret', error: 'invalid_client' },
      { error: 'invalid_client', message: 'Invalid client_id or client_secret' },
    ],
    [{ error: 'invalid_grant', error_description: 'used' }, { error: 'invalid_grant', message: 'used' }],
  ])('reads %j', (value, facts) => expect(factsOf(value)).toEqual(facts));

  it('keeps what was known of the exchange', () => {
    const path = '/v2/live_meetings/81234567890/rtms_app/status';
    expect(restAnswerOf({ code: 2308, message: 'Not allowed' }, { status: 403, path })).toEqual({
      type: 'check',
      rule: 'rest-answer',
      ok: false,
      facts: { status: 403, code: 2308, message: 'Not allowed', path },
    });
  });

  it.each([
    undefined,
    null,
    'a text',
    [],
    {},
    { code: 2310 },
    { message: 'Failed' },
    { code: 1.5, message: 'Failed' },
    { error: 'invalid_client' },
    { msg_type: 2, status_code: 3, reason: 'invalid signature', code: 1, message: '' },
    { event: 'meeting.rtms_started', code: 1, message: '' },
    { access_token: 'a', scope: 'b' },
  ])('leaves %j alone', (value) => expect(restAnswerOf(value)).toBeUndefined());
});
