import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMilliseconds } from '../../src/protocol/json.js';
import {
  classifyServerUrl,
  concernsSame,
  decodeWebhook,
  interruptedWebhook,
  PRODUCTS,
  relationTo,
  startedWebhook,
  stoppedWebhook,
  type Product,
  type Webhook,
} from '../../src/protocol/webhooks.js';

const FIXTURES = new URL('../../fixtures/webhooks/', import.meta.url);

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
}

const PRODUCT_NAMES = ['meeting', 'webinar', 'video-sdk', 'contact-center', 'phone'] as const satisfies Product[];

const IDS = {
  meeting: ['RE/HWbQ7QESDTyweZXDZtA==', '1d330e9ca9c04407bded276b30b64be7'],
  webinar: ['b2C3d4E5f6G7h8I9j0KkLl==', '11111111111111111111111111111111'],
  'video-sdk': ['ZyXwVuTsRqPoNmLkJiHgFe==', 'fedcba9876543210fedcba9876543210'],
  'contact-center': ['abCDEfghIJklMNopQRstUV', '00112233445566778899aabbccddeeff'],
  phone: ['7123456789012345678', '22222222222222222222222222222222'],
} as const satisfies Record<Product, readonly [string, string]>;

describe('the documented webhooks', () => {
  it('are all here', () => {
    const expected = PRODUCT_NAMES.flatMap((product) =>
      ['started', 'stopped', 'interrupted'].map((kind) => `${PRODUCTS[product].prefix}rtms_${kind}.json`),
    );
    expect(readdirSync(FIXTURES)).toEqual(expect.arrayContaining([...expected, 'meeting.rtms_started.nested.json']));
  });

  it.each(PRODUCT_NAMES)('of %s are read', (product) => {
    const { prefix, entityFields } = PRODUCTS[product];
    const [value, streamId] = IDS[product];
    const common = { product, beta: false, shape: 'flat', entity: { field: entityFields[0], value }, streamId };

    const url = `wss://rtms-${product === 'meeting' ? 'sjc1' : 'iad1'}.zoom.us:443`;
    expect(decodeWebhook(fixture(`${prefix}rtms_started`))).toMatchObject({
      ...common,
      event: `${prefix}rtms_started`,
      eventTs: 1784548800123,
      kind: 'started',
      serverUrls: { raw: url, form: 'string', urls: [url] },
    });

    const absent = { raw: undefined, form: 'absent', urls: [] };
    const stopped = decodeWebhook(fixture(`${prefix}rtms_stopped`));
    expect(stopped).toMatchObject({ ...common, kind: 'stopped', stopReason: 6, serverUrls: absent });
    const interrupted = decodeWebhook(fixture(`${prefix}rtms_interrupted`));
    expect(interrupted).toMatchObject({ ...common, kind: 'interrupted', serverUrls: absent });
    expect(interrupted).not.toHaveProperty('stopReason');
  });

  it('of the flat form tell where each field and id was', () => {
    const webhook = decodeWebhook(fixture('meeting.rtms_started'));
    expect(webhook.path).toEqual({
      event: '$.event',
      event_ts: '$.event_ts',
      meeting_uuid: '$.payload.meeting_uuid',
      rtms_stream_id: '$.payload.rtms_stream_id',
      server_urls: '$.payload.server_urls',
    });
    expect(webhook.ids).toEqual({
      '$.payload.account_id': 'exAccount01',
      '$.payload.meeting_id': '81234567890',
      '$.payload.meeting_uuid': 'RE/HWbQ7QESDTyweZXDZtA==',
      '$.payload.operator_id': 'exampleOperator01',
      '$.payload.rtms_stream_id': '1d330e9ca9c04407bded276b30b64be7',
    });
  });
});

describe('decodeWebhook', () => {
  const flat = fixture('meeting.rtms_started');
  const nested = fixture('meeting.rtms_started.nested');
  const inner = {
    meeting_uuid: 'RE/HWbQ7QESDTyweZXDZtA==',
    rtms_stream_id: '1d330e9ca9c04407bded276b30b64be7',
    server_urls: 'wss://rtms-sjc1.zoom.us:443',
  };

  it.each<[string, unknown, Webhook['kind'], Webhook['shape'], string]>([
    ['the whole body', flat, 'started', 'flat', '$.payload'],
    ['the whole body, nested', nested, 'started', 'nested', '$.payload.object'],
    ['the whole body in a relay', { payload: nested }, 'started', 'nested', '$.payload.payload.object'],
    ['only the payload', { payload: inner }, 'none', 'flat', '$.payload'],
    ['only the payload, nested', { object: inner }, 'none', 'nested', '$.object'],
    ['only payload.object', { payload: { object: inner } }, 'none', 'nested', '$.payload.object'],
    ['only the inner object', inner, 'none', 'inner', '$'],
  ])('finds the stream in %s', (_, value, kind, shape, at) => {
    const webhook = decodeWebhook(value);
    expect(webhook).toMatchObject({
      kind,
      shape,
      product: 'meeting',
      entity: { field: 'meeting_uuid', value: inner.meeting_uuid },
      streamId: inner.rtms_stream_id,
      serverUrls: { urls: [inner.server_urls] },
    });
    expect(webhook.path['rtms_stream_id']).toBe(`${at}.rtms_stream_id`);
    expect(webhook.raw).toBe(value);
  });

  it('takes a field of the payload before one of payload.object', () => {
    const { streamId, path } = decodeWebhook({ payload: { object: { rtms_stream_id: 'b' }, rtms_stream_id: 'a' } });
    expect([streamId, path['rtms_stream_id']]).toEqual(['a', '$.payload.rtms_stream_id']);
  });

  it.each<[string, Webhook['kind'], boolean, Product | undefined]>([
    ['meeting.rtms_started', 'started', false, 'meeting'],
    ['meeting.rtms.started', 'started', true, 'meeting'],
    ['webinar.rtms_stopped', 'stopped', false, 'webinar'],
    ['session.rtms.interrupted', 'interrupted', true, 'video-sdk'],
    ['contact_center.voice_rtms_started', 'started', false, 'contact-center'],
    ['phone.call_rtms_started', 'started', false, 'phone'],
    ['rtms.concurrency_limited', 'other-rtms', false, undefined],
    ['rtms.start_failed', 'other-rtms', false, undefined],
    ['meeting.rtms_concurrency_limited', 'other-rtms', false, 'meeting'],
    ['endpoint.url_validation', 'url-validation', false, undefined],
    ['meeting.started', 'not-rtms', false, 'meeting'],
    ['meeting.alarmsrtms_started', 'not-rtms', false, 'meeting'],
  ])('%s is %s', (event, kind, beta, product) => {
    const webhook = decodeWebhook({ event, payload: {} });
    expect([webhook.kind, webhook.beta, webhook.product]).toEqual([kind, beta, product]);
  });

  it.each<[string | undefined, object, Webhook['entity'], Product | undefined]>([
    [
      'webinar.rtms_started',
      { webinar_uuid: 'w', meeting_uuid: 'm' },
      { field: 'webinar_uuid', value: 'w' },
      'webinar',
    ],
    ['webinar.rtms_started', { meeting_uuid: 'm' }, { field: 'meeting_uuid', value: 'm' }, 'webinar'],
    ['contact_center.voice_rtms_started', { session_id: 's' }, { field: 'session_id', value: 's' }, 'contact-center'],
    ['phone.rtms_started', { engagement_id: 'e' }, { field: 'engagement_id', value: 'e' }, 'phone'],
    ['meeting.rtms_started', { meeting_uuid: '' }, undefined, 'meeting'],
    ['meeting.rtms_started', { meeting_uuid: 81234567890 }, undefined, 'meeting'],
    [undefined, { webinar_uuid: 'w' }, { field: 'webinar_uuid', value: 'w' }, 'webinar'],
    [undefined, { session_id: 's' }, { field: 'session_id', value: 's' }, 'video-sdk'],
    [undefined, { engagement_id: 'e' }, { field: 'engagement_id', value: 'e' }, 'contact-center'],
    [undefined, { call_id: 'c' }, { field: 'call_id', value: 'c' }, 'phone'],
    [undefined, { meeting_id: 'i' }, undefined, undefined],
  ])('the entity of %s with %j is %j', (event, payload, entity, product) => {
    const webhook = decodeWebhook({ event, payload });
    expect([webhook.entity, webhook.product]).toEqual([entity, product]);
  });

  it.each<[unknown, Webhook['serverUrls']['form'], string[]]>([
    ['wss://a', 'string', ['wss://a']],
    [' wss://a , rtmp://b,', 'list', ['wss://a', 'rtmp://b']],
    ['', 'string', []],
    [['wss://a', 7, 'wss://b,wss://c'], 'array', ['wss://a', 'wss://b', 'wss://c']],
    [{ signaling: 'wss://a', other: null }, 'object', ['wss://a']],
    [null, 'absent', []],
    [5, 'absent', []],
  ])('server_urls %j: %s', (raw, form, urls) => {
    const { serverUrls } = decodeWebhook({ payload: { server_urls: raw } });
    expect(serverUrls).toEqual({ raw: raw ?? undefined, form, urls });
  });

  it.each([
    [{ event_ts: 1784548800 }, { eventTs: 1784548800000 }],
    [{ event_ts: '1784548800123' }, { eventTs: 1784548800123 }],
    [{ payload: { stop_reason: '18' } }, { stopReason: 18 }],
    [{ payload: { plainToken: 'abc' } }, { plainToken: 'abc' }],
  ])('reads %j', (value, expected) => {
    expect(decodeWebhook(value)).toMatchObject(expected);
  });

  it.each([
    [{ event: 5, event_ts: 'soon', payload: { stop_reason: {}, rtms_stream_id: 7, plainToken: '' } }],
    [{ payload: [] }],
    [{}],
    [null],
    ['meeting.rtms_started'],
    [[{ event: 'meeting.rtms_started' }]],
  ])('has nothing for %j', (value) => {
    const { kind, serverUrls, path, raw, ids: _, beta: __, shape: ___, ...fields } = decodeWebhook(value);
    expect({ kind, serverUrls, path, raw, fields }).toEqual({
      kind: 'none',
      serverUrls: { raw: undefined, form: 'absent', urls: [] },
      path: {},
      raw: value,
      fields: {},
    });
  });

  it('collects ids of any depth, and only ids', () => {
    const payload = {
      meeting_id: 81234567890,
      sessionKey: 'k',
      paid: 'no id',
      valid: 'neither',
      is_original_host: true,
      id_field: { meeting_uuid: 'm' },
      legs: [{ channel_id: 'ch-1' }],
    };
    expect(decodeWebhook({ event: 'rtms.concurrency_limited', payload }).ids).toEqual({
      '$.payload.meeting_id': '81234567890',
      '$.payload.sessionKey': 'k',
      '$.payload.id_field.meeting_uuid': 'm',
      '$.payload.legs[0].channel_id': 'ch-1',
    });
  });

  it('does not follow endless nesting', () => {
    const deep = Array.from({ length: 50_000 }).reduce<object>((payload) => ({ payload }), { rtms_stream_id: 's' });
    expect(decodeWebhook(deep)).not.toHaveProperty('streamId');
  });

  it('never throws', () => {
    const keys = fc.constantFrom('payload', 'object', 'event', 'server_urls', 'call_id', 'stop_reason', '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6 }, fc.jsonValue(), fc.dictionary(keys, tie('tree'))),
    }));
    const readsAll = fc.property(tree, (value) => {
      expect(decodeWebhook(value).raw).toBe(value);
    });
    fc.assert(readsAll);
  });
});

describe('the builders', () => {
  const input = {
    product: 'meeting',
    entity: { field: 'meeting_uuid', value: 'm' },
    streamId: 's',
    eventTs: 1784548800123,
  } as const;

  it.each([
    [
      startedWebhook({ ...input, serverUrls: 'wss://a', fields: { operator_id: 'o' } }),
      '{"event":"meeting.rtms_started","event_ts":1784548800123,"payload":{"meeting_uuid":"m","operator_id":"o",' +
        '"rtms_stream_id":"s","server_urls":"wss://a"}}',
    ],
    [
      stoppedWebhook({ ...input, stopReason: 18 }),
      '{"event":"meeting.rtms_stopped","event_ts":1784548800123,"payload":{"meeting_uuid":"m","rtms_stream_id":"s",' +
        '"stop_reason":18}}',
    ],
    [
      interruptedWebhook({ ...input, product: 'contact-center', entity: { field: 'engagement_id', value: 'e' } }),
      '{"event":"contact_center.voice_rtms_interrupted","event_ts":1784548800123,"payload":{"engagement_id":"e",' +
        '"rtms_stream_id":"s"}}',
    ],
  ])('write the documented form', (built, documented) => {
    expect(JSON.stringify(built)).toBe(documented);
  });

  it.each(PRODUCT_NAMES)('and the decoder agree on %s', (product) => {
    const entity = { field: PRODUCTS[product].entityFields[0], value: 'x' };
    const webhook = decodeWebhook(startedWebhook({ ...input, product, entity, serverUrls: 'wss://a' }));
    expect(webhook).toMatchObject({ kind: 'started', shape: 'flat', product, entity, streamId: 's' });
  });
});

describe('toMilliseconds', () => {
  it.each([
    [1784548950, 1784548950000],
    [1784548950000, 1784548950000],
    [undefined, undefined],
  ])('%s: %s', (time, expected) => {
    expect(toMilliseconds(time)).toBe(expected);
  });
});

describe('classifyServerUrl', () => {
  it.each([
    ['wss://rtms-sjc1.zoom.us:443', 'zoom'],
    ['WSS://RTMS-SJC1.ZOOM.US', 'zoom'],
    ['wss://zoom.us', 'zoom'],
    ['wss://zoom.us./', 'zoom'],
    ['wss://rtms.zoomgov.com/x?y', 'zoom'],
    [' wss://rtms.zoom.us\n', 'zoom'],
    ['wss://user:pass@rtms.zoom.us', 'zoom'],
    ['wss://evilzoom.us', 'other'],
    ['wss://zoom.us.evil.test', 'other'],
    ['wss://zoom.us@evil.test', 'other'],
    ['wss://evil.test/.zoom.us', 'other'],
    ['wss://evil.test?.zoom.us', 'other'],
    ['wss://zoom.us-evil.test', 'other'],
    ['ws://192.168.0.7:8080', 'other'],
    ['ws://localhost:9092', 'loopback'],
    ['ws://app.localhost', 'loopback'],
    ['ws://127.0.0.1', 'loopback'],
    ['ws://127.255.0.9', 'loopback'],
    ['ws://127.1', 'loopback'],
    ['ws://[::1]:8081', 'loopback'],
    ['ws://0.0.0.0:9092', 'loopback'],
    ['ws://127.0.0.1.evil.test', 'other'],
    ['ws://notlocalhost', 'other'],
    ['ws://128.0.0.1', 'other'],
  ])('%j leads to %s', (text, host) => {
    expect(classifyServerUrl(text)).toMatchObject({ ok: true, host });
  });

  it.each([
    ['', 'empty', undefined],
    [' \n', 'empty', undefined],
    ['<server_urls>', 'placeholder', undefined],
    ['wss://{{host}}', 'placeholder', undefined],
    ['wss://your-host:443', 'placeholder', undefined],
    ['YOUR_SERVER_URL', 'placeholder', undefined],
    ['wss://rtms.example.com/', 'placeholder', undefined],
    ['wss://media-example.invalid:443', 'placeholder', undefined],
    ['wss://...', 'placeholder', undefined],
    ['https://rtms.zoom.us/x', 'not-websocket', 'wss://rtms.zoom.us/x'],
    ['http://rtms.zoom.us/x', 'not-websocket', 'wss://rtms.zoom.us/x'],
    ['http://localhost:9092/', 'not-websocket', 'ws://localhost:9092/'],
    ['rtmp://rtms.zoom.us', 'not-websocket', undefined],
    ['ws://rtms.zoom.us/', 'not-encrypted', 'wss://rtms.zoom.us/'],
    ['rtms.zoom.us:443', 'malformed', 'wss://rtms.zoom.us:443'],
    ['wss://a.zoom.us:443, wss://b.zoom.us', 'malformed', 'wss://a.zoom.us:443'],
    ['["wss://a.zoom.us"]', 'malformed', undefined],
    ['wss://a b', 'malformed', undefined],
    ['wss://a.zoom.us/#x', 'malformed', undefined],
  ])('%j is refused as %s', (text, cause, suggestion) => {
    const verdict = classifyServerUrl(text);
    expect(verdict).toMatchObject({ ok: false, cause, ...(suggestion !== undefined && { suggestion }) });
    expect('suggestion' in verdict).toBe(suggestion !== undefined);
  });

  it('does not repeat credentials in its message', () => {
    const verdict = classifyServerUrl('http://user:hunter2@rtms.zoom.us');
    expect(verdict).toHaveProperty('message', 'http:// is not a WebSocket URL');
  });

  it('never throws', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.string().map((rest) => `wss://${rest}`),
    );
    const judgesAll = fc.property(texts, (text) => {
      expect([true, false]).toContain(classifyServerUrl(text).ok);
    });
    fc.assert(judgesAll);
  });
});

describe('two webhooks of a stream', () => {
  const base = {
    product: 'meeting',
    entity: { field: 'meeting_uuid', value: IDS.meeting[0] },
    streamId: IDS.meeting[1],
    eventTs: 1_784_548_800_123,
    serverUrls: 'wss://rtms-iad1.zoom.us:443',
    fields: { operator_id: 'exampleOperator01' },
  } as const;
  const started = (changes: object = {}): Webhook => decodeWebhook(startedWebhook({ ...base, ...changes }));
  const stopped = decodeWebhook(stoppedWebhook({ ...base, stopReason: 6 }));
  const otherUser = { streamId: 'b', fields: { operator_id: 'exampleOperator02' } };
  const otherMeeting = { ...otherUser, entity: { field: 'meeting_uuid', value: 'other' } };

  it.each<[string, Webhook, Webhook, string | undefined]>([
    ['the same once more', started(), started(), 'retry'],
    ['the same stop once more', stopped, stopped, 'retry'],
    ['a newer URL', started(), started({ eventTs: base.eventTs + 1, serverUrls: 'wss://b.zoom.us' }), 'failover'],
    ['an older URL', started({ eventTs: base.eventTs + 1, serverUrls: 'wss://b.zoom.us' }), started(), undefined],
    ['the same URL, newer', started(), started({ eventTs: base.eventTs + 1 }), undefined],
    ['another URL, not newer', started(), started({ serverUrls: 'wss://b.zoom.us' }), undefined],
    ["another user's stream", started(), started(otherUser), 'second-user'],
    ['the same user again', started(), started({ streamId: 'b' }), undefined],
    ['a user nobody names', started(), started({ streamId: 'b', fields: {} }), undefined],
    ['another meeting', started(), started(otherMeeting), undefined],
    ['its end', started(), stopped, undefined],
    ['no webhook at all', decodeWebhook({}), decodeWebhook({}), undefined],
  ])('%s', (_, earlier, later, relation) => {
    expect(relationTo(earlier, later)).toBe(relation);
  });

  it.each([
    ['by its UUID', { uuid: IDS.meeting[0], id: 1 }, true],
    ['by its number', { uuid: 'x', id: 81_234_567_890 }, true],
    ['not by its host', { uuid: 'x', id: 1, host_id: 'exampleOperator01' }, false],
  ])('a meeting that began is known again %s', (_, object, same) => {
    const began = decodeWebhook({ event: 'meeting.started', payload: { account_id: 'exAccount01', object } });
    const fields = { operator_id: 'exampleOperator01', account_id: 'exAccount01', meeting_id: '81234567890' };
    expect(concernsSame(began, started({ fields }))).toBe(same);
  });
});
