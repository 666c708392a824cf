import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_TYPE, type MessageTypeCode } from '../../src/protocol/codes.js';
import { DEFAULT_MEDIA_PARAMS } from '../../src/protocol/media.js';
import * as messages from '../../src/protocol/messages.js';
import { decodeMessage, messageName } from '../../src/protocol/messages.js';
import type { Product } from '../../src/protocol/webhooks.js';

const STREAM = '0123456789abcdef0123456789abcdef';
const SIGNATURE = '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d';
const AUDIO = { audio: { content_type: 2, sample_rate: 1, channel: 1, codec: 1, data_opt: 1, send_rate: 20 } };
const handshake = {
  entity: { field: 'meeting_uuid', value: 'a1B2c3D4e5F6/g7H+8i9Jw==' },
  streamId: STREAM,
  signature: SIGNATURE,
} as const;
const silence = { data: new Uint8Array(4), timestamp: 1784548801250 };

/** The documented examples, as text: the order of the fields counts too. */
const DOCUMENTED: readonly (readonly [string, object, string])[] = [
  [
    '1',
    messages.signalingHandshake({ ...handshake, bufferData: true }),
    '{"msg_type":1,"protocol_version":1,"sequence":1,"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==",' +
      `"rtms_stream_id":"${STREAM}","signature":"${SIGNATURE}","buffer_data":true}`,
  ],
  [
    '2',
    messages.signalingHandshakeResponse({ serverUrls: { audio: 'wss://a/audio', all: 'wss://a/all' } }),
    '{"msg_type":2,"protocol_version":1,"sequence":1,"status_code":0,"reason":"",' +
      '"media_server":{"server_urls":{"audio":"wss://a/audio","all":"wss://a/all"}}}',
  ],
  [
    '2, refused',
    messages.signalingHandshakeResponse({ statusCode: 3, reason: 'invalid signature' }),
    '{"msg_type":2,"protocol_version":1,"sequence":1,"status_code":3,"reason":"invalid signature"}',
  ],
  [
    '3',
    messages.dataHandshake({ ...handshake, mediaType: 1, mediaParams: DEFAULT_MEDIA_PARAMS.audio }),
    '{"msg_type":3,"protocol_version":1,"sequence":1,"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==",' +
      `"rtms_stream_id":"${STREAM}","signature":"${SIGNATURE}","media_type":1,"payload_encryption":false,` +
      '"media_params":{"audio":{"content_type":2,"sample_rate":1,"channel":1,"codec":1,"data_opt":1,"send_rate":20}}}',
  ],
  [
    '4',
    messages.dataHandshakeResponse({ mediaParams: AUDIO }),
    '{"msg_type":4,"protocol_version":1,"sequence":1,"status_code":0,"reason":"","payload_encrypted":false,' +
      '"media_params":{"audio":{"content_type":2,"sample_rate":1,"channel":1,"codec":1,"data_opt":1,"send_rate":20}}}',
  ],
  [
    '4, refused',
    messages.dataHandshakeResponse({ statusCode: 16, reason: 'duplicate media data connection' }),
    '{"msg_type":4,"protocol_version":1,"sequence":1,"status_code":16,"reason":"duplicate media data connection"}',
  ],
  [
    '5',
    messages.eventSubscription([2, 3]),
    '{"msg_type":5,"events":[{"event_type":2,"subscribe":true},{"event_type":3,"subscribe":true}]}',
  ],
  [
    '6',
    messages.eventUpdate(2, 1784548802000, { user_id: 16778240, user_name: 'Ada' }),
    '{"msg_type":6,"event":{"event_type":2,"timestamp":1784548802000,"user_id":16778240,"user_name":"Ada"}}',
  ],
  ['7', messages.clientReadyAck(STREAM), `{"msg_type":7,"rtms_stream_id":"${STREAM}"}`],
  ['8', messages.streamStateUpdate(1, 1784548801300), '{"msg_type":8,"state":1,"timestamp":1784548801300}'],
  [
    '8, with a reason',
    messages.streamStateUpdate(4, 1784552400000, 6),
    '{"msg_type":8,"state":4,"reason":6,"timestamp":1784552400000}',
  ],
  [
    '9',
    messages.sessionStateUpdate('sess-1', 5, 1784552400000, 6),
    '{"msg_type":9,"rtms_session_id":"sess-1","state":5,"stop_reason":6,"timestamp":1784552400000}',
  ],
  ['10', messages.sessionStateRequest('sess-1'), '{"msg_type":10,"rtms_session_id":"sess-1"}'],
  [
    '11',
    messages.sessionStateResponse('sess-1', 2, 1784548950000),
    '{"msg_type":11,"rtms_session_id":"sess-1","state":2,"timestamp":1784548950000}',
  ],
  ['12', messages.keepAliveRequest(1784548810000), '{"msg_type":12,"timestamp":1784548810000}'],
  ['13', messages.keepAliveResponse(1784548810000), '{"msg_type":13,"timestamp":1784548810000}'],
  ['13, without a timestamp to echo', messages.keepAliveResponse(undefined), '{"msg_type":13}'],
  [
    '14, mixed',
    messages.mediaData(14, { ...silence, userId: 0 }),
    '{"msg_type":14,"content":{"user_id":0,"data":"AAAAAA==","length":4,"timestamp":1784548801250}}',
  ],
  [
    '14, of a call',
    messages.mediaData(14, { ...silence, channelId: 'ch-1' }),
    '{"msg_type":14,"content":{"channel_id":"ch-1","data":"AAAAAA==","length":4,"timestamp":1784548801250}}',
  ],
  [
    '15',
    messages.mediaData(15, { data: Buffer.from('ffd8ff', 'hex'), timestamp: 1, userId: 16778240, userName: 'Ada' }),
    '{"msg_type":15,"content":{"user_id":16778240,"user_name":"Ada","data":"/9j/","length":3,"timestamp":1}}',
  ],
  [
    '17',
    messages.transcriptData({
      text: 'Hello everyone.',
      userId: 16778240,
      userName: 'Ada',
      timestamp: 1784548805000,
      startTime: 1784548803200,
      endTime: 1784548804900,
      language: 9,
    }),
    '{"msg_type":17,"content":{"user_id":16778240,"user_name":"Ada","timestamp":1784548805000,' +
      '"start_time":1784548803200,"end_time":1784548804900,"language":9,"data":"Hello everyone."}}',
  ],
  [
    '18',
    messages.chatData({
      messageId: 'm-1',
      operation: 1,
      session: { type: 1, id: 'c-1' },
      sender: { user_id: 16778240, user_name: 'Ada' },
      text: 'hi',
      timestamp: 1784548806000,
    }),
    '{"msg_type":18,"content":{"message_id":"m-1","operation_type":1,"chat_session":{"type":1,"id":"c-1"},' +
      '"sender":{"user_id":16778240,"user_name":"Ada"},"data":"hi","timestamp":1784548806000}}',
  ],
  ['19', messages.streamStateRequest(STREAM), `{"msg_type":19,"rtms_stream_id":"${STREAM}"}`],
  [
    '20',
    messages.streamStateResponse(STREAM, 1, 1784548950000),
    `{"msg_type":20,"rtms_stream_id":"${STREAM}","state":1,"timestamp":1784548950000}`,
  ],
  ['21', messages.streamCloseRequest(STREAM), `{"msg_type":21,"rtms_stream_id":"${STREAM}"}`],
  [
    '22',
    messages.streamCloseResponse(STREAM, 1784552300000),
    `{"msg_type":22,"rtms_stream_id":"${STREAM}","status_code":0,"reason":"OK","timestamp":1784552300000}`,
  ],
  [
    '28',
    messages.videoSubscriptionRequest(16778240, true, 1784548960000),
    '{"msg_type":28,"user_id":16778240,"subscribe":true,"timestamp":1784548960000}',
  ],
  [
    '29',
    messages.videoSubscriptionResponse(16778240, 1784548960050),
    '{"msg_type":29,"user_id":16778240,"status_code":0,"reason":"","timestamp":1784548960050}',
  ],
];

describe('the builders', () => {
  it.each(DOCUMENTED)('write %s as documented', (_, built, documented) => {
    expect(JSON.stringify(built)).toBe(documented);
  });

  it('take the key of the entity, and another version', () => {
    const entity = { field: 'call_id', value: '7123456789012345678' } as const;
    expect(messages.signalingHandshake({ ...handshake, entity, protocolVersion: 2, sequence: 5 })).toEqual({
      msg_type: 1,
      protocol_version: 2,
      sequence: 5,
      call_id: '7123456789012345678',
      rtms_stream_id: STREAM,
      signature: SIGNATURE,
    });
  });
});

describe('decodeMessage', () => {
  it.each(DOCUMENTED)('reads every field of %s', (_, __, documented) => {
    const value: unknown = JSON.parse(documented);
    expect(decodeMessage(value)).toEqual({ ...Object(value), raw: value });
  });

  it.each([
    ['a stop reason under its other name', { msg_type: 9, state: 5, reason: 6 }, { state: 5, stop_reason: 6 }],
    ['both, the documented one first', { msg_type: 9, stop_reason: 6, reason: 7 }, { stop_reason: 6 }],
    ['seconds', { msg_type: 20, timestamp: 1784548950 }, { timestamp: 1784548950000 }],
    ['milliseconds', { msg_type: 20, timestamp: 1784548950000 }, { timestamp: 1784548950000 }],
    ['encryption of an answer', { msg_type: 4, payload_encryption: true }, { payload_encrypted: true }],
    ['encryption of a request', { msg_type: 3, payload_encrypted: false }, { payload_encryption: false }],
    ['a keep-alive as it is', { msg_type: 12, timestamp: 1784548950 }, { timestamp: 1784548950 }],
    [
      'participants by number or string, without the rest',
      { msg_type: 6, event: { event_type: 3, participants: [{ user_id: '16778240' }, 7, { user_id: 1 }] } },
      { event: { event_type: 3, participants: [{ user_id: 16778240 }, { user_id: 1 }] } },
    ],
    [
      'the misspelt participant and the time of Contact Center',
      { msg_type: 6, event: { event_type: 8, event_ts: 5, paticipant_info: { display_name: 'Ada', queue_id: 1 } } },
      { event: { event_type: 8, timestamp: 5, participant_info: { display_name: 'Ada' } } },
    ],
    ['a user id that is no number as absent', { msg_type: 28, user_id: 'Ada' }, {}],
    ['an event without its object', { msg_type: 6 }, { event: {} }],
    [
      'bare data with its fields beside it',
      { msg_type: 14, content: 'AAAAAA==', user_id: 1, user_name: 'Ada', timestamp: 9 },
      { content: { data: 'AAAAAA==', user_id: 1, user_name: 'Ada', timestamp: 9 } },
    ],
    ['media without content', { msg_type: 15 }, { content: {} }],
    [
      'chat data that is JSON, as text',
      { msg_type: 18, content: { timestamp: 1, data: '{"text":"hi"}' } },
      { content: { timestamp: 1, data: '{"text":"hi"}' } },
    ],
    [
      'any form of URLs',
      { msg_type: 2, media_server: { server_urls: 'wss://one', srtp_keys: { audio: '00' } } },
      { media_server: { server_urls: 'wss://one' } },
    ],
    ['a refusal without a status', { msg_type: 2, reason: 'Invalid signature' }, { reason: 'Invalid signature' }],
    ['fields of another type as absent', { msg_type: 8, state: '1', reason: null, timestamp: {} }, {}],
    ['fields that are new', { msg_type: 7, rtms_stream_id: 's', tomorrow: 1 }, { rtms_stream_id: 's' }],
    ['audio metadata', { msg_type: 23, content: { lid: 9 } }, {}],
  ])('reads %s', (_, value, fields) => {
    const decoded = decodeMessage(value);
    expect(decoded).toStrictEqual({ msg_type: value.msg_type, ...fields, raw: value });
    expect(decoded.raw).toBe(value);
  });

  it.each([
    ['no object', 'KEEP_ALIVE_REQ', {}],
    ['null', null, {}],
    ['an array', [{ msg_type: 12 }], {}],
    ['no msg_type', { timestamp: 1 }, {}],
    ['a name in place of the number', { msg_type: 'KEEP_ALIVE_REQ' }, {}],
    ['a number in quotes', { msg_type: '12' }, {}],
    ['a type that is new', { msg_type: 99, x: 1 }, { unknownType: 99 }],
    ['the type 0', { msg_type: 0 }, { unknownType: 0 }],
  ])('has no fields for %s', (_, value, fields) => {
    expect(decodeMessage(value)).toStrictEqual({ msg_type: undefined, ...fields, raw: value });
  });

  it('narrows by msg_type', () => {
    const decoded = decodeMessage({ msg_type: 12, timestamp: 5 });
    const timestamp = decoded.msg_type === MESSAGE_TYPE.KEEP_ALIVE_REQ.value ? decoded.timestamp : undefined;
    expect(timestamp).toBe(5);
  });

  it('never throws, whatever the fields hold', () => {
    const fields = fc.dictionary(
      fc.constantFrom('content', 'event', 'events', 'participants', 'media_server', 'state', 'data', '__proto__'),
      fc.jsonValue(),
    );
    const readsAll = fc.property(fc.integer({ min: -1, max: 31 }), fields, (msgType, rest) => {
      const value = { ...rest, msg_type: msgType };
      expect(decodeMessage(value).raw).toBe(value);
    });
    fc.assert(readsAll);
  });
});

it('CLIENT_MESSAGES has whatever a client sends beside its handshakes', () => {
  const handshakes: readonly number[] = [1, 3];
  const sent = Object.values<MessageTypeCode>(MESSAGE_TYPE).filter(({ dir }) => dir === 'out');
  const later = sent.map(({ value }) => value).filter((value) => !handshakes.includes(value));
  expect(messages.CLIENT_MESSAGES.map(({ msg_type }) => msg_type).toSorted((a, b) => a - b)).toEqual(later);
});

describe('messageName', () => {
  it.each<[unknown, Product | undefined, string]>([
    [{ msg_type: 12 }, undefined, 'KEEP_ALIVE_REQ'],
    [{ msg_type: 24 }, undefined, 'META_DATA_VIDEO'],
    [{ msg_type: 0 }, undefined, 'UNDEFINED'],
    [{ msg_type: 99 }, undefined, 'unknown (99)'],
    [{ msg_type: '12' }, undefined, ''],
    ['text', undefined, ''],
    [undefined, undefined, ''],
    [{ msg_type: 6, event: { event_type: 2 } }, 'contact-center', 'EVENT_UPDATE ACTIVE_SPEAKER_CHANGE'],
    [{ msg_type: 6, event: { event_type: 8 } }, 'meeting', 'EVENT_UPDATE PARTICIPANT_VIDEO_ON'],
    [{ msg_type: 6, event: { event_type: 8 } }, undefined, 'EVENT_UPDATE PARTICIPANT_VIDEO_ON'],
    [{ msg_type: 6, event: { event_type: 8 } }, 'contact-center', 'EVENT_UPDATE CONSUMER_ANSWERED'],
    [{ msg_type: 6, event: { event_type: 8, participant_info: {} } }, undefined, 'EVENT_UPDATE CONSUMER_ANSWERED'],
    [{ msg_type: 6, event: { event_type: 33 } }, 'contact-center', 'EVENT_UPDATE unknown (33)'],
    [{ msg_type: 6 }, 'meeting', 'EVENT_UPDATE unknown'],
  ])('%j of %s: %s', (value, product, name) => {
    expect(messageName(value, product)).toBe(name);
  });
});
