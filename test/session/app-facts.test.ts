/** What is read of manifests, lists of scopes and tokens, and where in them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestChecks, scopesChecks, tokenChecks } from '../../src/session/app-facts.js';
import type { CheckEvent } from '../../src/session/event.js';

const MANIFEST: unknown = JSON.parse(
  readFileSync(new URL('../../fixtures/manifests/meeting.json', import.meta.url), 'utf8'),
);

const named = (checks: readonly CheckEvent[], rule: string): CheckEvent['facts'][] =>
  checks.filter((check) => check.rule === rule).map(({ facts }) => facts);

describe('a manifest', () => {
  const checks = manifestChecks(MANIFEST, 'manifest');

  it('tells everything once, each with its place', () => {
    expect(named(checks, 'app-manifest')).toEqual([{ source: 'manifest', path: '$' }]);
    expect(named(checks, 'app-usage')).toEqual([
      { usage: 'user', source: 'manifest', path: '$.oauth_information.usage' },
    ]);
    expect(named(checks, 'app-scopes')).toEqual([{ source: 'manifest', count: 3, path: '$.oauth_information.scopes' }]);
    expect(named(checks, 'app-scope').at(-1)).toEqual({
      scope: 'user:read:user',
      source: 'manifest',
      optional: true,
      path: '$.oauth_information.scopes[2].scope',
    });
    expect(named(checks, 'app-events')).toMatchObject([{ enabled: true, count: 5 }]);
    expect(named(checks, 'app-event')[0]).toEqual({
      event: 'meeting.rtms_started',
      usage: 'user',
      source: 'manifest',
      path: '$.features.event_subscription.events[0].event_types[0]',
    });
    expect(named(checks, 'app-url').map(({ kind, which, path }) => `${kind} ${which} ${path}`)).toEqual([
      'redirect development $.oauth_information.development_redirect_uri',
      'redirect production $.oauth_information.production_redirect_uri',
      'allowed undefined $.oauth_information.oauth_allow_list[0]',
      'webhook development $.features.event_subscription.events[0].development_webhook_url',
      'webhook production $.features.event_subscription.events[0].production_webhook_url',
    ]);
    expect(named(checks, 'app-products')).toMatchObject([{ products: 'ZOOM_MEETING' }]);
    expect(named(checks, 'app-sdk')).toMatchObject([{ enabled: true, apis: 'startRTMS,stopRTMS' }]);
  });

  it('of the API is the same one step deeper', () => {
    const wrapped = manifestChecks({ manifest: MANIFEST }, 'manifest');
    const deeper = checks.filter(({ rule }) => rule !== 'app-manifest').map(({ facts }) => facts['path']);
    expect(wrapped.filter(({ rule }) => rule !== 'app-manifest').map(({ facts }) => facts['path'])).toEqual(
      deeper.map((path) => String(path).replace('$', '$.manifest')),
    );
    expect(wrapped.filter(({ rule }) => rule === 'app-manifest')).toMatchObject([
      { ok: true, facts: { source: 'manifest', path: '$.manifest' } },
    ]);
  });

  /** A manifest with nothing but what is given; as documented where that is nothing. */
  const manifest = (oauth: object = {}, features: object = {}, name = 'Example'): unknown => ({
    display_information: { display_name: name },
    oauth_information: { scopes: [{ scope: 'meeting:read:meeting_audio', optional: false }], ...oauth },
    features,
  });
  const home = { products: [], production_home_uri: 'https://app.example.com' };
  const ownScope = 'marketplace:read:list_event_subscriptions';

  it.each<[string, unknown, readonly string[]]>([
    ['an array', [], ['not-an-object $']],
    ['nothing', undefined, ['not-an-object $']],
    ['an empty object', {}, ['sections-missing $']],
    ['a section missing', { display_information: 1, oauth_information: {}, features: {} }, ['sections-missing $']],
    ['a long name', manifest({}, {}, 'x'.repeat(50)), ['name-too-long $.display_information.display_name']],
    ['a name just short enough', manifest({}, {}, 'x'.repeat(49)), []],
    ['another usage', manifest({ usage: 'user' }), ['usage-unknown $.oauth_information.usage']],
    [
      'only scopes to decline',
      manifest({ scopes: [{ scope: 'user:read:user', optional: true }] }),
      ['all-optional $.oauth_information.scopes'],
    ],
    ['no scope at all', manifest({ scopes: [] }), []],
    ["a scope of the app's own", manifest({ scopes: [ownScope] }), ['app-owned-scope $.oauth_information.scopes[0]']],
    [
      'a domain as text',
      manifest({}, { domain_allow_list: ['example.com'] }),
      ['domain-not-an-object $.features.domain_allow_list[0]'],
    ],
    ['a home without a product', manifest({}, home), ['surface-without-product $.features.production_home_uri']],
    ['no product and no home', manifest({}, { ...home, production_home_uri: '' }), []],
  ])('that is %s', (_, value, problems) => {
    const faults = manifestChecks(value, 'manifest').filter(({ rule, ok }) => rule === 'app-manifest' && !ok);
    expect(faults.map(({ facts }) => `${facts['problem']} ${facts['path']}`)).toEqual(problems);
  });

  it('without scopes and subscription has none, and it is off', () => {
    const bare = manifestChecks(manifest({ scopes: undefined }));
    expect(named(bare, 'app-scopes')).toMatchObject([{ count: 0 }]);
    expect(named(bare, 'app-events')).toMatchObject([{ enabled: false, count: 0 }]);
    expect(named(manifestChecks({}), 'app-scopes')).toEqual([]);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(manifestChecks(value, 'manifest')).not.toEqual([]);
      }),
    );
  });
});

describe('a list of scopes', () => {
  it.each<[string, string, readonly string[]]>([
    ['spaces', 'a:b:c d:e:f', ['a:b:c', 'd:e:f']],
    ['commas and line breaks', 'a:b:c,\nd:e:f\r\n', ['a:b:c', 'd:e:f']],
    ['bullets and quotes', '- `a:b:c`\n- "d:e:f";', ['a:b:c', 'd:e:f']],
    ['a JSON array', '["a:b:c", "d:e:f"]', ['a:b:c', 'd:e:f']],
    ['the scopes of a manifest', '[{"scope":"a:b:c","optional":true}]', ['a:b:c']],
    ['a saved token', '{"access_token":"…","scope":"a:b:c d:e:f"}', ['a:b:c', 'd:e:f']],
    ['an app of the API', '{"app_scopes":["a:b:c"]}', ['a:b:c']],
    ['a JSON string', '"a:b:c d:e:f"', ['a:b:c', 'd:e:f']],
    ['nothing', ' ', []],
  ])('with %s', (_, list, scopes) => {
    const checks = scopesChecks(list, 'scopes');
    expect(named(checks, 'app-scope').map(({ scope }) => scope)).toEqual(scopes);
    expect(named(checks, 'app-scopes')).toMatchObject([{ source: 'scopes', count: scopes.length }]);
  });

  it('is none where a JSON document has no list', () => {
    expect(scopesChecks('{"error":"invalid_client"}', 'scopes')).toEqual([]);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string(), (list) => {
        expect(scopesChecks(list, 'scopes')).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('an access token', () => {
  const now = 1_790_000_000_000;
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'zm:cid:ExampleClientId00000001', aid: 'account', uid: 'user', exp: 1_790_003_600 };
  const token = `${part({ alg: 'HS512' })}.${part(claims)}.c2lnbmF0dXJl`;
  const facts = {
    source: 'token',
    clientId: 'ExampleClientId00000001',
    accountId: 'account',
    userId: 'user',
    expiresInMs: 3_600_000,
    configured: 'mine',
  };

  it.each([
    ['by itself', `${token}\n`],
    ['as a header', `Bearer ${token}`],
    ['in an answer', JSON.stringify({ access_token: token })],
  ])('%s', (_, given) => {
    expect(tokenChecks(given, { now, configured: 'mine' })[0]).toMatchObject({ ok: true, facts });
  });

  it('in an answer with its scopes', () => {
    const checks = tokenChecks(JSON.stringify({ access_token: token, scope: 'a:b:c' }), { now, configured: undefined });
    expect(named(checks, 'app-scope')).toEqual([{ scope: 'a:b:c', optional: false, source: 'token', path: '$.scope' }]);
  });

  it.each(['opaque', 'a.b.c', '{}', '', `${part('text')}.${part('text')}.x`])('that is none: %j', (given) => {
    expect(tokenChecks(given, { now, configured: undefined })).toEqual([
      { type: 'check', rule: 'token', ok: false, facts: { source: 'token' } },
    ]);
  });

  it('that the endpoint did not give', () => {
    const refusal = '{"reason":"Invalid client_id or client_secret","error":"invalid_client"}';
    expect(tokenChecks(refusal, { now, configured: 'mine' })).toMatchObject([
      { rule: 'rest-answer', ok: false, facts: { error: 'invalid_client', path: '/oauth/token' } },
    ]);
  });

  it('is in no fact', () => {
    expect(JSON.stringify(tokenChecks(token, { now, configured: 'mine' }))).not.toContain(token.slice(0, 12));
  });
});
