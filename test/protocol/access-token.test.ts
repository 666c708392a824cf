import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAccessToken } from '../../src/protocol/access-token.js';

const jwt = (claims: unknown): string =>
  `eyJhbGciOiJIUzUxMiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

it.each<[string, unknown, object]>([
  [
    'every claim',
    { iss: 'zm:cid:abc', aid: 'account', uid: 'user', exp: 1_790_003_600 },
    { clientId: 'abc', accountId: 'account', userId: 'user', expiresAt: 1_790_003_600_000 },
  ],
  ['no claim it knows', { ver: 9 }, {}],
  ['claims of other types', { iss: 1, aid: null, uid: [], exp: 'soon' }, {}],
  ['another issuer', { iss: 'https://example.com' }, {}],
])('%s', (_, claims, read) => expect(readAccessToken(jwt(claims))).toEqual(read));

it.each(['', 'opaque', 'a.b.c', 'a.e30', jwt('text'), jwt([]), `${jwt({})}.more`])('%j is no JWT', (token) => {
  expect(readAccessToken(token)).toBeUndefined();
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readAccessToken(text)).not.toThrow();
    }),
  );
});
