import { request } from 'node:http';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { MockStream, StreamOptions } from '../../src/net/mock-stream.js';
import { decodeScenario, type Scenario, type Step } from '../../src/net/scenario.js';
import { clockAt } from '../../src/net/schedule.js';
import { startMockHost, type MockHost, type MockHostOptions } from '../../src/net/server.js';
import {
  EVENT_TYPE,
  MESSAGE_TYPE,
  SESSION_STATE,
  STATUS_CODE,
  STOP_REASON,
  STREAM_STATE,
} from '../../src/protocol/codes.js';
import { DEFAULT_MEDIA_PARAMS, MEDIA, type MediaName } from '../../src/protocol/media.js';
import {
  clientReadyAck,
  dataHandshake,
  eventSubscription,
  keepAliveResponse,
  sessionStateRequest,
  signalingHandshake,
  streamCloseRequest,
  streamStateRequest,
  videoSubscriptionRequest,
} from '../../src/protocol/messages.js';
import { decodeWebhook } from '../../src/protocol/webhooks.js';
import type { EventBody } from '../../src/session/event.js';
import { open, type Client, type Json } from '../helpers/mock-client.js';
import { TLS } from '../helpers/servers.js';

// The vectors of https://developers.zoom.us/docs/rtms/meetings/work-with-streams/ worked out with openssl; all made up.
const MEETING = {
  credentials: { clientId: 'EXAMPLEclientId0000001', clientSecret: 'exampleClientSecretAAAABBBBCCCC01' },
  stream: {
    product: 'meeting',
    entity: { field: 'meeting_uuid', value: 'a1B2c3D4e5F6/g7H+8i9Jw==' },
    streamId: '0123456789abcdef0123456789abcdef',
  },
  signature: '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d',
} as const;
const VIDEO_SDK = {
  credentials: { clientId: 'EXAMPLEsdkKey000000001', clientSecret: 'exampleSdkSecretDDDDEEEEFFFF0002' },
  stream: {
    product: 'video-sdk',
    entity: { field: 'session_id', value: 'ZyXwVuTsRqPoNmLkJiHgFe==' },
    streamId: 'fedcba9876543210fedcba9876543210',
  },
  signature: '711b9b7b81fdc982a65f642627ceb78087213ef5fbe424638619eb4874f52427',
} as const;
const CONTACT_CENTER = {
  credentials: { clientId: 'EXAMPLEzccClientId0003', clientSecret: 'exampleZccSecretGGGGHHHHIIII0003' },
  stream: {
    product: 'contact-center',
    entity: { field: 'engagement_id', value: 'abCDEfghIJklMNopQRstUV' },
    streamId: '00112233445566778899aabbccddeeff',
  },
  signature: 'e11568aa73be4c098f889c2cc333d9c075a996a89281c339b566ff5dcb7f472a',
} as const;
type Vector = typeof MEETING | typeof VIDEO_SDK | typeof CONTACT_CENTER;

const NO_DELIMITER = '166478efafc094b026f541c73413f04f552e1ef2b6e5a3cf9dc0fa6e2576756c';

const scenario = (name: string, change: Partial<Scenario> = {}): Scenario => {
  const url = new URL(`../../fixtures/scenarios/${name}.json`, import.meta.url);
  return { ...decodeScenario(JSON.parse(readFileSync(url, 'utf8'))), ...change };
};

/** The same with a script of its own. */
const scripted = (name: string, ...script: object[]): Scenario =>
  decodeScenario({ ...scenario(name), script: script satisfies Partial<Step>[] });

/** A clock whose seconds last 20 ms. */
const fast = (): Partial<StreamOptions> => ({ clock: clockAt(50) });

interface Mock extends Omit<MockHost, 'url'> {
  readonly stream: MockStream;
  /** The signaling URL. */
  readonly url: string;
  readonly events: EventBody[];
  readonly verdicts: string[];
  /** The server's own word that a first socket has ended; the client knows it earlier. */
  readonly firstClose: Promise<EventBody>;
}

/** A stream alone on a server. */
async function mock(
  options: Partial<StreamOptions> = {},
  vector: Vector = MEETING,
  where: MockHostOptions = {},
): Promise<Mock> {
  const events: EventBody[] = [];
  const verdicts: string[] = [];
  let onClose: (body: EventBody) => void = () => undefined;
  const firstClose = new Promise<EventBody>((resolve) => {
    onClose = resolve;
  });
  const server = await startMockHost(where);
  const stream = server.open({
    scenario: scenario('ok'),
    credentials: vector.credentials,
    stream: vector.stream,
    onEvent: (body) => {
      events.push(body);
      if (body.type === 'close') onClose(body);
    },
    onVerdict: (what, why) => verdicts.push(why ? `${what}: ${why()}` : what),
    ...options,
  });
  onTestFinished(() => server.close());
  return { ...server, stream, url: stream.url, events, verdicts, firstClose };
}

const { SIGNALING_HAND_SHAKE_RESP, DATA_HAND_SHAKE_RESP, KEEP_ALIVE_REQ } = MESSAGE_TYPE;
const { EVENT_UPDATE, STREAM_STATE_UPDATE, SESSION_STATE_UPDATE } = MESSAGE_TYPE;
const DATA: Readonly<Record<Exclude<MediaName, 'all'>, { readonly value: number }>> = {
  audio: MESSAGE_TYPE.MEDIA_DATA_AUDIO,
  video: MESSAGE_TYPE.MEDIA_DATA_VIDEO,
  share: MESSAGE_TYPE.MEDIA_DATA_SHARE,
  transcript: MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT,
  chat: MESSAGE_TYPE.MEDIA_DATA_CHAT,
};

const hello = ({ stream, signature }: Vector = MEETING): Json =>
  signalingHandshake({ entity: stream.entity, streamId: stream.streamId, signature });

const mediaHello = (name: MediaName, params: object = DEFAULT_MEDIA_PARAMS[name]): Json => {
  const { stream, signature } = MEETING;
  const { bit: mediaType } = MEDIA[name];
  const { entity, streamId } = stream;
  return { ...dataHandshake({ entity, streamId, signature, mediaType }), media_params: params };
};

async function joined(server: Mock, options: { answers?: boolean } = {}): Promise<Client> {
  const client = await open(server.url, options);
  client.send(hello());
  await client.take(SIGNALING_HAND_SHAKE_RESP);
  return client;
}

async function mediaJoined(server: Mock, name: MediaName, params?: object, answers = true): Promise<Client> {
  const client = await open(server.url.replace('signaling', name), { answers });
  client.send(mediaHello(name, params));
  expect(await client.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: STATUS_CODE.OK.value });
  return client;
}

const ready = clientReadyAck(MEETING.stream.streamId);

describe('a session as documented', () => {
  it('goes from the webhook to media and to the end', async () => {
    const server = await mock();
    const webhook = decodeWebhook(server.stream.webhook);
    expect(webhook).toMatchObject({ kind: 'started', ...MEETING.stream, serverUrls: { urls: [server.url] } });

    const signaling = await open(server.url);
    signaling.send({ ...hello(), sequence: 7 });
    const reply = await signaling.take(SIGNALING_HAND_SHAKE_RESP);
    const base = `ws://127.0.0.1:${server.port}`;
    expect(reply).toEqual({
      msg_type: 2,
      protocol_version: 1,
      sequence: 7,
      status_code: 0,
      reason: '',
      media_server: {
        server_urls: {
          audio: `${base}/audio`,
          video: `${base}/video`,
          deskshare: `${base}/share`,
          transcript: `${base}/transcript`,
          chat: `${base}/chat`,
          all: `${base}/all`,
        },
      },
    });

    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    const { FIRST_PACKET_TIMESTAMP } = EVENT_TYPE;
    expect(await signaling.take(EVENT_UPDATE)).toMatchObject({ event: { event_type: FIRST_PACKET_TIMESTAMP.value } });
    expect(await signaling.take(SESSION_STATE_UPDATE)).toMatchObject({ state: SESSION_STATE.STARTED.value });
    expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({ state: STREAM_STATE.ACTIVE.value });

    const stamps = [];
    for (let packet = 0; packet < 3; packet += 1) {
      const { content } = await audio.take(DATA.audio);
      expect(content).toMatchObject({ user_id: 0, length: 640 });
      stamps.push(Number(Reflect.get(Object(content), 'timestamp')));
    }
    const [first = 0] = stamps;
    expect(stamps).toEqual([first, first + 20, first + 40]);

    signaling.send(streamCloseRequest(MEETING.stream.streamId));
    expect(await signaling.take(MESSAGE_TYPE.STREAM_CLOSE_RESP)).toMatchObject({ status_code: 0, reason: 'OK' });
    const why = STOP_REASON.RECEIVER_REQUEST_CLOSE.value;
    for (const { value } of [STREAM_STATE.TERMINATING, STREAM_STATE.TERMINATED]) {
      expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({ state: value, reason: why });
    }
    const { value: stopped } = SESSION_STATE.STOPPED;
    expect(await signaling.take(SESSION_STATE_UPDATE)).toMatchObject({ state: stopped, stop_reason: why });
    expect(await Promise.all([audio.closed, signaling.closed])).toEqual([
      { code: 1000, reason: '' },
      { code: 1000, reason: '' },
    ]);

    const late = await open(server.url);
    late.send(hello());
    const { status_code: status } = await late.take(SIGNALING_HAND_SHAKE_RESP);
    expect(status).toBe(STATUS_CODE.INVALID_RTMS_STREAM_ID.value);
    expect(server.verdicts).toEqual(['signaling: refused with status 2 (INVALID_RTMS_STREAM_ID): the stream is over']);
  });

  it.each([
    ['a Video SDK session', VIDEO_SDK],
    ['a Contact Center engagement', CONTACT_CENTER],
  ])('accepts %s', async (_, vector) => {
    const client = await open((await mock({}, vector)).url);
    client.send(hello(vector));
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  });

  it('accepts the other key a product is known to use', async () => {
    const entity = { field: 'webinar_uuid', value: MEETING.stream.entity.value } as const;
    const client = await open((await mock({ stream: { ...MEETING.stream, product: 'webinar', entity } })).url);
    client.send(hello());
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  });

  it('offers what the scenario offers', async () => {
    const server = await mock({ scenario: scenario('ok', { offer: ['transcript', 'all'] }) });
    const client = await open(server.url);
    client.send(hello());
    const { media_server: media } = await client.take(SIGNALING_HAND_SHAKE_RESP);
    expect(Object.keys(Object(Reflect.get(Object(media), 'server_urls')))).toEqual(['transcript', 'all']);
    const all = await open(server.url.replace('signaling', 'all'));
    all.send(mediaHello('all'));
    expect(await all.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ media_params: DEFAULT_MEDIA_PARAMS.transcript });
  });

  it('speaks TLS', async () => {
    const server = await mock({}, MEETING, { host: 'localhost', tls: TLS.good });
    expect(server.url).toMatch(/^wss:\/\/localhost:\d+\/signaling$/);
    const client = await open(server.url, { ca: TLS.ca });
    client.send(hello());
    const { media_server: media } = await client.take(SIGNALING_HAND_SHAKE_RESP);
    expect(JSON.stringify(media)).toContain(`"audio":"wss://localhost:${server.port}/audio"`);
  });

  it('reads text and binary frames alike', async () => {
    const client = await open((await mock()).url);
    client.send(Buffer.from(JSON.stringify(hello())));
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  });

  it("shows what it saw and did in the client's view", async () => {
    const server = await mock();
    const client = await joined(server);
    client.socket.ping('?');
    await new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.close(1000, 'bye');
    await server.firstClose;
    expect(server.events.map((event) => [event.type, 'dir' in event ? `${event.dir} ${event.opcode}` : ''])).toEqual([
      ['check', ''],
      ['phase', ''],
      ['frame', 'out text'],
      ['check', ''],
      ['frame', 'in text'],
      ['check', ''],
      ['frame', 'out ping'],
      ['frame', 'in pong'],
      ['close', ''],
    ]);
    expect(await server.firstClose).toEqual({
      type: 'close',
      socket: 'signaling',
      code: 1000,
      reason: 'bye',
      by: 'self',
      clean: true,
    });
  });
});

/** A handshake without one of its fields, or with another value in it. */
const faulty = (of: Json, change: Json): string => JSON.stringify({ ...of, ...change });

describe('a signaling handshake is refused', () => {
  const LENGTH = Buffer.from([0, 0, 0, 237]);
  const { INVALID_PAYLOAD, INVALID_MESSAGE_TYPE, INVALID_RTMS_STREAM_ID, INVALID_SIGNATURE } = STATUS_CODE;

  it.each([
    ['no JSON', 'hello', INVALID_PAYLOAD, /not a JSON object/],
    ['a prefix', Buffer.concat([LENGTH, Buffer.from(faulty(hello(), {}))]), INVALID_PAYLOAD, /4 bytes stand/],
    ['nothing', '', INVALID_PAYLOAD, /empty/],
    ['another message', faulty(hello(), { msg_type: 3 }), INVALID_MESSAGE_TYPE, /msg_type is 3, expected 1/],
    ['msg_type as text', faulty(hello(), { msg_type: '1' }), INVALID_MESSAGE_TYPE, /msg_type is "1", expected 1/],
    ['no signature', faulty(hello(), { signature: undefined }), INVALID_PAYLOAD, /signature is missing, expected/],
    ['a number as id', faulty(hello(), { meeting_uuid: 912345 }), INVALID_PAYLOAD, /meeting_uuid is 912345/],
    ['no entity', faulty(hello(), { meeting_uuid: undefined }), INVALID_PAYLOAD, /meeting_uuid is missing/],
    ['another version', faulty(hello(), { protocol_version: 2 }), INVALID_PAYLOAD, /protocol_version is 2, expected 1/],
    ['another stream', faulty(hello(), { rtms_stream_id: 'f00' }), INVALID_RTMS_STREAM_ID, /rtms_stream_id is "f00"/],
    ['another meeting', faulty(hello(), { meeting_uuid: 'x==' }), INVALID_PAYLOAD, /meeting_uuid is "x=="/],
    ['no commas', faulty(hello(), { signature: NO_DELIMITER }), INVALID_SIGNATURE, /1664…756c, expected 0003…519d: \S/],
  ])('with %s', async (_, handshake, { value }, why) => {
    const server = await mock();
    const client = await open(server.url);
    client.send(handshake);
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: value, reason: /./ });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(server.verdicts).toEqual([expect.stringMatching(why)]);
    expect(server.verdicts.join()).not.toContain(MEETING.credentials.clientSecret);
    expect(server.verdicts.join()).not.toContain(MEETING.signature);
  });

  it('while another connection of the stream is open, and not after it', async () => {
    const server = await mock({ scenario: scripted('ok', { on: 'fault', times: 'every', do: 'refuse', close: null }) });
    const first = await joined(server);
    const second = await open(server.url);
    second.send(hello());
    expect(await second.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({
      status_code: STATUS_CODE.DUPLICATE_SIGNAL_REQUEST.value,
      reason: 'duplicate signal request',
    });
    first.socket.terminate();
    await server.firstClose;
    const third = await open(server.url);
    third.send(hello());
    expect(await third.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  });

  it('where the scenario forces it', async () => {
    const status = STATUS_CODE.INTERNAL_EXCEPTION.value;
    const refuse = { on: 'handshake', do: 'refuse', status, reason: 'try later' };
    const client = await open((await mock({ scenario: scripted('refuse', refuse) })).url);
    client.send(hello());
    const { status_code: given, reason } = await client.take(SIGNALING_HAND_SHAKE_RESP);
    expect([given, reason]).toEqual([STATUS_CODE.INTERNAL_EXCEPTION.value, 'try later']);
  });

  it('without what it says afterwards being heard', async () => {
    const server = await mock({ scenario: scenario('silent-close') });
    const client = await open(server.url);
    client.send('{}');
    client.send(hello());
    client.send(ready);
    await client.closed;
    expect(client.came).toEqual([]);
  });
});

describe('a media handshake is refused', () => {
  const of = mediaHello('audio');
  const asking = (audio: object): string => faulty(of, { media_params: { audio } });

  it.each([
    ['no JSON', 'audio', STATUS_CODE.INVALID_PAYLOAD],
    ['a signaling handshake', JSON.stringify(hello()), STATUS_CODE.INVALID_MESSAGE_TYPE],
    ['a wrong signature', faulty(of, { signature: NO_DELIMITER }), STATUS_CODE.INVALID_SIGNATURE],
    ['no media_type', faulty(of, { media_type: undefined }), STATUS_CODE.INVALID_MEDIA_TYPE],
    ['a media_type in words', faulty(of, { media_type: 'audio' }), STATUS_CODE.INVALID_MEDIA_TYPE],
    ['the media_type of another URL', faulty(of, { media_type: 2 }), STATUS_CODE.MEDIA_TYPE_INVALID_VALUE],
    ['several media types', faulty(of, { media_type: 9 }), STATUS_CODE.MEDIA_TYPE_INVALID_VALUE],
    ['media_params that are no object', faulty(of, { media_params: [] }), STATUS_CODE.INVALID_MEDIA_PARAMS],
    ['hertz as sample_rate', asking({ sample_rate: 16_000 }), STATUS_CODE.INVALID_MEDIA_AUDIO_SAMPLE_RATE],
    ['a send_rate between the steps', asking({ send_rate: 30 }), STATUS_CODE.INVALID_MEDIA_AUDIO_SEND_RATE],
  ])('with %s', async (_, handshake, { value }) => {
    const server = await mock();
    const client = await open(server.url.replace('signaling', 'audio'));
    client.send(handshake);
    expect(await client.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: value, reason: /./ });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });

  it.each([
    ['audio', STATUS_CODE.MEDIA_TYPE_AUDIO_NOT_SUPPORT],
    ['video', STATUS_CODE.MEDIA_TYPE_VIDEO_NOT_SUPPORT],
    ['share', STATUS_CODE.MEDIA_TYPE_DESKSHARE_NOT_SUPPORT],
    ['transcript', STATUS_CODE.MEDIA_TYPE_TRANSCRIPT_NOT_SUPPORT],
    ['chat', STATUS_CODE.MEDIA_TYPE_CHAT_NOT_SUPPORT],
    ['all', STATUS_CODE.MEDIA_TYPE_INVALID_VALUE],
  ] as const)('for %s where that is not offered', async (name, { value }) => {
    const server = await mock({ scenario: scenario('ok', { offer: [] }) });
    const client = await open(server.url.replace('signaling', name));
    client.send(mediaHello(name));
    expect(await client.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: value });
  });

  it.each([
    ['audio', 'audio', STATUS_CODE.DUPLICATE_MEDIA_DATA_CONNECTION],
    ['audio', 'all', STATUS_CODE.DUPLICATE_MEDIA_DATA_CONNECTION],
    ['all', 'audio', STATUS_CODE.MEDIA_DATA_ALL_CONNECTION_EXIST],
    ['all', 'all', STATUS_CODE.DUPLICATE_MEDIA_DATA_CONNECTION],
  ] as const)('where %s is open and %s is asked for', async (first, second, { value }) => {
    const server = await mock();
    await mediaJoined(server, first);
    const client = await open(server.url.replace('signaling', second));
    client.send(mediaHello(second));
    expect(await client.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: value });
  });

  it('where the scenario forces it', async () => {
    const refuse = { on: 'media-handshake', do: 'refuse', status: STATUS_CODE.INTERNAL_EXCEPTION.value };
    const server = await mock({ scenario: scripted('ok', refuse) });
    await joined(server);
    const client = await open(server.url.replace('signaling', 'audio'));
    client.send(mediaHello('audio'));
    expect(await client.take(DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: 45, reason: 'internal exception' });
  });
});

describe('media', () => {
  it.each(['audio', 'video', 'share', 'transcript', 'chat'] as const)('%s flows on its own socket', async (name) => {
    const server = await mock(fast());
    const signaling = await joined(server);
    const media = await mediaJoined(server, name);
    signaling.send(ready);
    expect(await media.take(DATA[name])).toHaveProperty('content.data');
  });

  it('comes all on one socket', async () => {
    const server = await mock(fast());
    const signaling = await joined(server);
    const media = await mediaJoined(server, 'all');
    signaling.send(ready);
    for (const type of Object.values(DATA)) expect(await media.take(type)).toHaveProperty('content');
  });

  it('does not flow before CLIENT_READY_ACK, nor for one that is wrong', async () => {
    const server = await mock();
    const signaling = await joined(server);
    signaling.send(ready);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(clientReadyAck('another'));
    audio.send(ready);
    signaling.send(streamStateRequest(MEETING.stream.streamId));
    expect(await signaling.take(MESSAGE_TYPE.STREAM_STATE_RESP)).toMatchObject({ state: STREAM_STATE.INACTIVE.value });
    expect(audio.came.map(({ type }) => type)).toEqual([DATA_HAND_SHAKE_RESP.value]);
    expect(server.verdicts).toEqual(
      expect.arrayContaining([
        'signaling: ignored CLIENT_READY_ACK: no media handshake was accepted before it',
        'signaling: ignored CLIENT_READY_ACK: rtms_stream_id is not that of the stream',
        'media:audio: ignored CLIENT_READY_ACK: it does not belong here',
      ]),
    );
  });

  it('starts on a second socket with a second CLIENT_READY_ACK, and states are told once', async () => {
    const server = await mock();
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    await audio.take(DATA.audio);
    const video = await mediaJoined(server, 'video');
    signaling.send(ready);
    await video.take(DATA.video);
    const told = [STREAM_STATE_UPDATE.value, SESSION_STATE_UPDATE.value, EVENT_UPDATE.value];
    expect(signaling.came.filter(({ type }) => told.some((one) => one === type))).toHaveLength(told.length);
  });

  it('has the parameters in force in the answer, and says what it replaced', async () => {
    const server = await mock();
    const audio = await open(server.url.replace('signaling', 'audio'));
    audio.send(mediaHello('audio', { audio: { codec: 3, sample_rate: 1, channel: 1, send_rate: 20 } }));
    const { media_params: params } = await audio.take(DATA_HAND_SHAKE_RESP);
    expect(params).toMatchObject({ audio: { codec: 1, sample_rate: 1, channel: 1, send_rate: 20 } });
    expect(server.verdicts).toEqual([expect.stringContaining('the mock does not make G722; it sends L16')]);
  });

  it('shows a chosen participant after VIDEO_SUBSCRIPTION_REQ', async () => {
    const server = await mock();
    const signaling = await joined(server);
    const video = await mediaJoined(server, 'video', { video: { data_opt: 4, fps: 5, codec: 5 } });
    const statuses = [];
    for (const userId of [16_779_264, 16_779_264, 1]) {
      signaling.send(videoSubscriptionRequest(userId, true, 1));
      statuses.push((await signaling.take(MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP))['status_code']);
    }
    expect(statuses).toEqual([0, STATUS_CODE.DUPLICATE_VIDEO_SUBSCRIPTION.value, STATUS_CODE.INVALID_PAYLOAD.value]);
    signaling.send(ready);
    expect(await video.take(DATA.video)).toMatchObject({ content: { user_name: 'Bo' } });
  });
});

describe('on signaling', () => {
  it('answers questions and subscriptions', async () => {
    const server = await mock();
    const client = await joined(server);
    client.send(sessionStateRequest('any'));
    expect(await client.take(MESSAGE_TYPE.SESSION_STATE_RESP)).toMatchObject({ state: SESSION_STATE.INITIALIZE.value });
    const { ACTIVE_SPEAKER_CHANGE, PARTICIPANT_JOIN, PARTICIPANT_LEAVE } = EVENT_TYPE;
    client.send(eventSubscription([ACTIVE_SPEAKER_CHANGE.value], false));
    client.send(eventSubscription([PARTICIPANT_LEAVE.value, PARTICIPANT_JOIN.value, ACTIVE_SPEAKER_CHANGE.value]));
    expect(await client.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: PARTICIPANT_JOIN.value, participants: [{ user_name: 'Ada' }, { user_name: 'Bo' }] },
    });
    expect(await client.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: ACTIVE_SPEAKER_CHANGE.value, user_name: 'Ada' },
    });
  });

  it('does not end another stream', async () => {
    const client = await joined(await mock());
    client.send(streamCloseRequest('another'));
    const { status_code: given } = await client.take(MESSAGE_TYPE.STREAM_CLOSE_RESP);
    expect(given).toBe(STATUS_CODE.INVALID_RTMS_STREAM_ID.value);
    client.send(streamStateRequest(MEETING.stream.streamId));
    expect(await client.take(MESSAGE_TYPE.STREAM_STATE_RESP)).toMatchObject({ state: STREAM_STATE.INACTIVE.value });
  });

  const MISFITS = ['{"msg_type":5,"events":7}', '{"msg_type":99}', '{"msg_type":1}', '{"msg_type":28,"user_id":{}}'];

  it.each(['{', '[]', ...MISFITS])('lives on after %s', async (garbage) => {
    const client = await joined(await mock());
    client.send(garbage);
    client.send(streamStateRequest(MEETING.stream.streamId));
    expect(await client.take(MESSAGE_TYPE.STREAM_STATE_RESP)).toHaveProperty('state');
  });

  it('takes media down with it', async () => {
    const server = await mock();
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.socket.terminate();
    expect(await audio.closed).toEqual({ code: 1000, reason: '' });
  });
});

describe('keep-alive', () => {
  const impatient = (close = { code: 1000, reason: '' }): Scenario =>
    scenario('keep-alive-strict', { keepAlive: { intervalMs: 40, misses: 3, close } });

  it('goes on while it is answered, on either kind of socket', async () => {
    const server = await mock({ scenario: impatient() });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    for (let asked = 0; asked < 6; asked += 1) {
      expect(await signaling.take(KEEP_ALIVE_REQ)).toHaveProperty('timestamp');
      expect(await audio.take(KEEP_ALIVE_REQ)).toHaveProperty('timestamp');
    }
    expect([signaling.socket.readyState, audio.socket.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  });

  it.each([
    { code: 1000, reason: '' },
    { code: 1011, reason: 'no keep-alive' },
    { code: 1006, reason: '' },
  ])('closes signaling with $code after three misses', async (close) => {
    const server = await mock({ scenario: impatient(close) });
    const client = await joined(server, { answers: false });
    expect(await client.closed).toEqual(close);
    expect(client.came.filter(({ type }) => type === KEEP_ALIVE_REQ.value)).toHaveLength(3);
    expect(server.verdicts).toEqual(['signaling: 3 keep-alives in a row found no answer on this socket']);
  });

  it('closes one media socket, says so on signaling, and takes it back', async () => {
    const server = await mock({ scenario: impatient() });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio', undefined, false);
    const video = await mediaJoined(server, 'video');
    expect(await audio.closed).toEqual({ code: 1000, reason: '' });
    expect(await signaling.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value },
    });
    expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({
      state: STREAM_STATE.INTERRUPTED.value,
      reason: STOP_REASON.DATA_CONNECTION_INTERRUPTED.value,
    });
    expect(video.socket.readyState).toBe(WebSocket.OPEN);
    const again = await mediaJoined(server, 'audio');
    signaling.send(ready);
    expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({ state: STREAM_STATE.ACTIVE.value });
    await again.take(DATA.audio);
  });

  it('never ends a socket where the scenario says so', async () => {
    const server = await mock({ scenario: scenario('ok', { keepAlive: { intervalMs: 5, misses: 1, close: null } }) });
    const client = await joined(server, { answers: false });
    for (let asked = 0; asked < 4; asked += 1) await client.take(KEEP_ALIVE_REQ);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    expect(server.verdicts).toHaveLength(1);
  });

  it('is no answer on the wrong socket', async () => {
    const server = await mock({ scenario: impatient() });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio', undefined, false);
    audio.socket.on('message', () => signaling.send(keepAliveResponse(1)));
    expect(await audio.closed).toMatchObject({ code: 1000 });
  });
});

describe('the scenario', () => {
  it('silent-close says nothing of a fault', async () => {
    const server = await mock({ scenario: scenario('silent-close') });
    const client = await open(server.url);
    client.send(faulty(hello(), { signature: NO_DELIMITER }));
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(client.came).toEqual([]);
    expect(await server.firstClose).toMatchObject({ code: 1000, reason: '', by: 'peer', clean: true });
    const socketEvents = server.events.filter(({ type }) => type === 'frame' || type === 'close');
    expect(socketEvents.map(({ type }) => type)).toEqual(['frame', 'close']);
    expect(server.verdicts).toHaveLength(1);
  });

  const kind = ['silent-close', 'refuse', 'binary-frames', 'keep-alive-strict'];

  it.each(kind)('%s serves a right client', async (name) => {
    const server = await mock({ scenario: scenario(name) });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    expect(await audio.take(DATA.audio)).toHaveProperty('content.data');
  });

  it('refuse answers, then closes', async () => {
    const client = await open((await mock({ scenario: scenario('refuse') })).url);
    client.send(faulty(hello(), { signature: NO_DELIMITER }));
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 3, reason: 'invalid signature' });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });

  it('no-media is ready and sends none', async () => {
    const keepAlive = { intervalMs: 25, misses: 3, close: null };
    const server = await mock({ scenario: scenario('no-media', { keepAlive }) });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({ state: STREAM_STATE.ACTIVE.value });
    // Audio would have come every 20 ms.
    await audio.take(KEEP_ALIVE_REQ);
    await audio.take(KEEP_ALIVE_REQ);
    expect(audio.came.filter(({ type }) => type === DATA.audio.value)).toEqual([]);
    expect(signaling.came.some(({ type }) => type === EVENT_UPDATE.value)).toBe(false);
  });

  it('binary-frames has no other', async () => {
    const server = await mock({ scenario: scenario('binary-frames') });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    await audio.take(DATA.audio);
    await signaling.take(STREAM_STATE_UPDATE);
    expect(new Set([...signaling.came, ...audio.came].map(({ opcode }) => opcode))).toEqual(new Set(['binary']));
  });
});

describe('garbage', () => {
  const atOnce = scenario('refuse');

  it.each(['signaling', 'audio'])("on %s gets the scenario's reaction", async (path) => {
    const server = await mock({ scenario: atOnce });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.json(), fc.constant('{"msg_type":1')), async (garbage) => {
        const client = await open(server.url.replace('signaling', path));
        client.send(garbage);
        expect(await client.closed).toEqual({ code: 1000, reason: '' });
        expect(client.came).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });

  const needed = Object.keys(hello()).filter((field) => field !== 'sequence');

  it.each(needed)('in %s is refused, whatever its type', async (field) => {
    const server = await mock({ scenario: atOnce });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        fc.pre(value !== hello()[field]);
        const client = await open(server.url);
        client.send(faulty(hello(), { [field]: value }));
        const { status_code: given } = await client.take(SIGNALING_HAND_SHAKE_RESP);
        expect(given).not.toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('of two megabytes ends one connection and no other', async () => {
    const server = await mock();
    const other = await joined(server);
    const client = await open(server.url);
    client.send(Buffer.alloc(2 * 1024 * 1024, '{'));
    expect(await client.closed).toMatchObject({ code: 1009 });
    other.send(streamStateRequest(MEETING.stream.streamId));
    await other.take(MESSAGE_TYPE.STREAM_STATE_RESP);
    expect(server.events.filter(({ type }) => type === 'error')).toHaveLength(1);
    expect(server.events.filter(({ type }) => type === 'close')).toMatchObject([{ code: 1009, by: 'peer', clean: true }]);
  });

  it('below WebSocket ends one connection and no other', async () => {
    const server = await mock();
    const other = await joined(server);
    const upgrade = ['GET /signaling HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'];
    const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''];
    const tcp = connect(server.port, '127.0.0.1').on('error', () => undefined);
    tcp.write([...upgrade, ...key].join('\r\n'));
    await new Promise((resolve) => tcp.once('data', resolve));
    tcp.write(Buffer.from('ffffffffffffffff', 'hex'));
    expect(await server.firstClose).toMatchObject({ by: 'peer' });
    tcp.destroy();
    other.send(streamStateRequest(MEETING.stream.streamId));
    await other.take(MESSAGE_TYPE.STREAM_STATE_RESP);
  });
});

describe('over plain HTTP', () => {
  it.each([
    ['/', 200],
    ['/signaling', 426],
    ['/audio?x=1', 426],
    ['/nothing', 404],
  ])('%s gives %i', async (path, expected) => {
    expect(await status(await mock(), path)).toBe(expected);
  });

  it.each(['/', '/nothing', '/signaling/', '//'])('an upgrade of %s gives 404', async (path) => {
    const { port } = await mock();
    await expect(open(`ws://127.0.0.1:${port}${path}`)).rejects.toThrow('Unexpected server response: 404');
  });
});

describe('close', () => {
  it('ends every connection and frees the port', async () => {
    const server = await mock();
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'audio');
    signaling.send(ready);
    await audio.take(DATA.audio);
    const silent = await open(server.url);
    const tcp = connect(server.port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => tcp.once('connect', resolve));
    const tcpClosed = new Promise((resolve) => tcp.once('close', resolve));
    await server.close();
    const ends = await Promise.all([signaling.closed, audio.closed, silent.closed, tcpClosed]);
    expect(ends.slice(0, 3)).toEqual([1, 2, 3].map(() => ({ code: 1006, reason: '' })));
    await expect(open(server.url)).rejects.toThrow('ECONNREFUSED');
  });

  it('leaves no timer', async () => {
    let pending = 0;
    const server = await mock({
      clock: clockAt(1, (run, ms) => {
        pending += 1;
        const handle = setTimeout(() => {
          pending -= 1;
          run();
        }, ms);
        return () => {
          pending -= 1;
          clearTimeout(handle);
        };
      }),
    });
    const signaling = await joined(server);
    const audio = await mediaJoined(server, 'all');
    signaling.send(ready);
    await audio.take(DATA.audio);
    expect(pending).toBeGreaterThan(0);
    await server.close();
    expect(pending).toBe(0);
  });

  it('may be called twice', async () => {
    const server = await mock();
    await server.close();
    await expect(server.close()).resolves.toBeUndefined();
  });
});

it('says that a port is taken', async () => {
  const { port } = await mock();
  await expect(startMockHost({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: `);
});

async function status({ port }: Pick<MockHost, 'port'>, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
