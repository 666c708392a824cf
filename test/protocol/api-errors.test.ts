import { describe, expect, it } from 'vitest';
import {
  ALREADY_STARTED,
  API_ERRORS,
  apiErrorsOf,
  DELIVERY_FAILURE,
  scopesIn,
  type ApiCall,
} from '../../src/protocol/api-errors.js';

const TOKEN_NAMES = ['invalid_client', 'unsupported_grant_type', 'invalid_request', 'invalid_grant'];

const codesOf = (call: ApiCall): (number | string)[] =>
  API_ERRORS.filter((row) => row.call === call).map(({ code }) => code);

describe('API_ERRORS', () => {
  it.each<[ApiCall, (number | string)[]]>([
    ['token', [...TOKEN_NAMES, 4702, 4704, 4705, 4706, 4709, 4717, 4733, 4734, 4735, 4738, 4740, 4741]],
    ['any', [4700, 4711, 104, 124, 200, 201, 1001]],
    ['app', [1401]],
    ['manifest', ['invalid_manifest', 1500]],
    ['subscription', [1002, 1003, 1300, 1500, 1601, 1602, 1701]],
    ['rtms', [2308, 2309, 2310, 2312, 3000, 3001, 13262, 13267, 13273, 13277]],
  ])('has every code of %s', (call, codes) => {
    expect(codesOf(call)).toEqual(codes);
  });

  it.each(API_ERRORS.map((row) => [row.code, row] as const))('%s can be acted on', (_, { meaning, action }) => {
    for (const text of [meaning, action]) expect(text).toMatch(/^[a-zD].*[^.!]$/);
  });

  it('says which are known from users alone', () => {
    const reported = API_ERRORS.filter((row) => row.reported).map(({ code }) => code);
    expect(reported).toEqual(['invalid_manifest', ...TOKEN_NAMES, 104, 200, 2309, 2312, 3000, 13267]);
  });
});

describe('apiErrorsOf', () => {
  it('puts the row of the call first', () => {
    const calls = (path?: string): ApiCall[] => apiErrorsOf(1500, path).map(({ call }) => call);
    expect(calls('/v2/marketplace/app/event_subscription')).toEqual(['subscription', 'manifest']);
    expect(calls('/v2/marketplace/apps/a/manifest')).toEqual(['manifest', 'subscription']);
    expect(calls()).toEqual(['manifest', 'subscription']);
  });

  it('takes a code as text', () => {
    expect(apiErrorsOf('2310')).toEqual(apiErrorsOf(2310));
    expect(apiErrorsOf('invalid_client')).toHaveLength(1);
  });

  it.each([undefined, 9999, ''])('has nothing for %s', (code) => expect(apiErrorsOf(code)).toEqual([]));
});

describe('scopesIn', () => {
  it.each([
    ['Invalid access token, does not contain scopes:[a:b:c, a:b:c:admin]', ['a:b:c', 'a:b:c:admin']],
    ['Invalid access token, does not contain scopes:[a:b:c].', ['a:b:c']],
    ['does not contain scopes:[]', []],
    ['Access token is expired.', []],
  ])('%j', (message, scopes) => expect(scopesIn(message)).toEqual(scopes));
});

it.each(['RTMS app has already started', 'already started', 'The app is already been started'])(
  '%j is no failure',
  (message) => expect(message).toMatch(ALREADY_STARTED),
);

it('DELIVERY_FAILURE has every failed_reason_type', () => {
  const rows = Object.values(DELIVERY_FAILURE);
  expect(rows.map(({ value }) => value)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  for (const { meaning, action } of rows) expect(`${meaning}; ${action}`).toMatch(/^[a-z].*[^.!]$/);
});
