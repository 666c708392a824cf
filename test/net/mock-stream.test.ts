/** What the scenarios make of a stream, as a client meets it. */
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEMO } from '../../src/net/demo.js';
import type { MockStream, StreamOptions } from '../../src/net/mock-stream.js';
import { decodeScenario, type Scenario } from '../../src/net/scenario.js';
import { clockAt } from '../../src/net/schedule.js';
import { startMockHost } from '../../src/net/server.js';
import {
  EVENT_TYPE,
  MESSAGE_TYPE,
  SESSION_STATE,
  STATUS_CODE,
  STOP_REASON,
  STREAM_STATE,
  ZCC_VOICE_EVENT_TYPE,
} from '../../src/protocol/codes.js';
import { DEFAULT_MEDIA_PARAMS, MEDIA, type MediaName } from '../../src/protocol/media.js';
import {
  clientReadyAck,
  dataHandshake,
  eventSubscription,
  signalingHandshake,
  streamCloseRequest,
} from '../../src/protocol/messages.js';
import { signHandshake } from '../../src/protocol/signature.js';
import { decodeWebhook, type Entity, type Product } from '../../src/protocol/webhooks.js';
import { readScenario } from '../../src/scenarios.js';
import type { EventBody } from '../../src/session/event.js';
import { open, type Client, type Json } from '../helpers/mock-client.js';

const ENTITIES: Readonly<Record<Product, Entity>> = {
  meeting: DEMO.entity,
  webinar: { field: 'webinar_uuid', value: 'b2C3d4E5f6G7h8I9j0KkLl==' },
  'video-sdk': { field: 'session_id', value: 'ZyXwVuTsRqPoNmLkJiHgFe==' },
  'contact-center': { field: 'engagement_id', value: 'abCDEfghIJklMNopQRstUV' },
  phone: { field: 'call_id', value: '7123456789012345678' },
};

interface Setting {
  readonly stream: MockStream;
  /** The whole server's address. */
  readonly base: string;
  readonly events: EventBody[];
  readonly verdicts: string[];
  readonly webhooks: Json[];
  /** Resolves when a moment has come. */
  readonly moment: (name: string) => Promise<void>;
  /** The next webhook. */
  readonly posted: () => Promise<ReturnType<typeof decodeWebhook>>;
  readonly identity: { readonly entity: Entity; readonly streamId: string; readonly signature: string };
}

/** A stream whose seconds last 20 ms. */
async function setting(
  scenario: Scenario,
  { product = 'meeting', ...options }: Partial<StreamOptions> & { readonly product?: Product } = {},
): Promise<Setting> {
  const [events, verdicts, webhooks]: [EventBody[], string[], Json[]] = [[], [], []];
  let wake: () => void = () => undefined;
  let onEvent: () => void = () => undefined;
  let read = 0;
  const server = await startMockHost();
  onTestFinished(() => server.close());
  const entity = ENTITIES[product];
  const { clientId, clientSecret, streamId } = DEMO;
  const stream = server.open({
    scenario,
    credentials: { clientId, clientSecret },
    stream: { product, entity, streamId },
    clock: clockAt(50),
    onEvent: (body) => {
      events.push(body);
      onEvent();
    },
    onVerdict: (what, why) => verdicts.push(why ? `${what}: ${why()}` : what),
    onWebhook: (body) => {
      webhooks.push(Object(body));
      wake();
    },
    ...options,
  });
  const posted = async () => {
    while (webhooks.length <= read) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    read += 1;
    return decodeWebhook(webhooks[read - 1]);
  };
  const moment = async (name: string): Promise<void> => {
    while (!momentsOf({ events }).includes(name)) {
      await new Promise<void>((resolve) => {
        onEvent = resolve;
      });
    }
  };
  const signature = signHandshake({ clientId, entityId: entity.value, streamId }, clientSecret);
  return {
    stream,
    base: server.url,
    events,
    verdicts,
    webhooks,
    moment,
    posted,
    identity: { entity, streamId, signature },
  };
}

async function knock({ stream, identity }: Setting, further: object = {}): Promise<Client> {
  const client = await open(stream.url);
  client.send({ ...signalingHandshake(identity), ...further });
  return client;
}

async function joined(on: Setting, further: object = {}): Promise<Client> {
  const client = await knock(on, further);
  expect(await client.take(MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  return client;
}

async function knockForMedia({ stream, identity }: Setting, name: MediaName, params?: object): Promise<Client> {
  const client = await open(stream.url.replace('signaling', name));
  const { bit: mediaType } = MEDIA[name];
  client.send({ ...dataHandshake({ ...identity, mediaType }), media_params: params ?? DEFAULT_MEDIA_PARAMS[name] });
  return client;
}

interface Streaming {
  readonly signaling: Client;
  readonly media: Client;
}

/** A client with media flowing. */
async function streaming(on: Setting, name: MediaName = 'audio', further: object = {}): Promise<Streaming> {
  const signaling = await joined(on, further);
  const media = await knockForMedia(on, name);
  expect(await media.take(MESSAGE_TYPE.DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
  signaling.send(clientReadyAck(on.identity.streamId));
  await media.take(MESSAGE_TYPE.MEDIA_DATA_AUDIO);
  return { signaling, media };
}

const scripted = (...script: object[]): Scenario => decodeScenario({ ...readScenario('ok'), script });
const keepAliveAnswered = async ({ signaling }: Streaming): Promise<void> => {
  await signaling.take(MESSAGE_TYPE.KEEP_ALIVE_REQ);
  await signaling.take(MESSAGE_TYPE.KEEP_ALIVE_REQ);
};

/** Resolves when a message of this type has come, or one that is no JSON. */
async function arrived({ came, socket }: Client, wanted: number | undefined): Promise<void> {
  while (!came.some(({ type }) => type === wanted)) {
    await new Promise((resolve) => socket.once('message', resolve));
  }
}

const { SIGNALING_HAND_SHAKE_RESP, EVENT_UPDATE, STREAM_STATE_UPDATE, SESSION_STATE_UPDATE } = MESSAGE_TYPE;

describe('refusals', () => {
  it.each(['refuse-each-status-3', 'refuse-for-now-45'])(
    '%s refuses even a right handshake, each time',
    async (name) => {
      const on = await setting(readScenario(name));
      const status = Number(name.split('-').at(-1));
      for (const _ of [1, 2]) {
        const client = await knock(on);
        expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: status });
        expect(await client.closed).toEqual({ code: 1000, reason: '' });
      }
      expect(on.verdicts[0]).toMatch(/^signaling: refused with status \d+ \(\w+\): the scenario has it so$/);
    },
  );

  it('silent-refusal says nothing', async () => {
    const client = await knock(await setting(readScenario('silent-refusal')));
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(client.came).toEqual([]);
  });

  it('never-answer says nothing and stays', async () => {
    const on = await setting(readScenario('never-answer'));
    const client = await knock(on);
    client.socket.ping();
    await new Promise((resolve) => client.socket.once('pong', resolve));
    expect(client.came).toEqual([]);
    expect(on.verdicts).toEqual(['signaling: left unanswered: the scenario has it so']);
  });

  it('duplicate-then-ok takes the third', async () => {
    const on = await setting(readScenario('duplicate-then-ok'));
    for (const _ of [1, 2]) {
      const { status_code: status } = await (await knock(on)).take(SIGNALING_HAND_SHAKE_RESP);
      expect(status).toBe(STATUS_CODE.DUPLICATE_SIGNAL_REQUEST.value);
    }
    await joined(on);
  });

  it('media-refused leaves signaling alone', async () => {
    const on = await setting(readScenario('media-refused-20'));
    const signaling = await joined(on);
    const media = await knockForMedia(on, 'audio');
    expect(await media.take(MESSAGE_TYPE.DATA_HAND_SHAKE_RESP)).toMatchObject({ status_code: 20 });
    expect(await media.closed).toEqual({ code: 1000, reason: '' });
    await signaling.take(MESSAGE_TYPE.KEEP_ALIVE_REQ);
  });

  it('no-media-url offers nothing', async () => {
    const client = await knock(await setting(readScenario('no-media-url')));
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ media_server: { server_urls: {} } });
  });

  it('are told in the close frame where that is asked, cut to what it holds', async () => {
    const tell = (why: () => string): string => `${why()} ${'é'.repeat(100)}`;
    const on = await setting(readScenario('ok'), { tell });
    const client = await open(on.stream.url);
    client.send({ ...signalingHandshake(on.identity), msg_type: 3 });
    const { code, reason } = await client.closed;
    expect(code).toBe(1000);
    expect(reason).toMatch(/^msg_type is 3, expected 1 \(SIGNALING_HAND_SHAKE_REQ\) é+…$/);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });
});

describe('frames', () => {
  it('answer-in-binary is binary in its answers alone', async () => {
    const { signaling, media } = await streaming(await setting(readScenario('answer-in-binary')));
    await signaling.take(STREAM_STATE_UPDATE);
    const binary = [...signaling.came, ...media.came].flatMap(({ type, opcode }) =>
      opcode === 'binary' ? [type] : [],
    );
    expect(binary).toEqual([SIGNALING_HAND_SHAKE_RESP.value, MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value]);
  });

  it('answer-split-in-fragments is one text frame without FIN and two continuations', async () => {
    const on = await setting(readScenario('answer-split-in-fragments'));
    const bytes = await rawAnswer(on);
    const opcodes: [fin: boolean, opcode: number][] = [];
    for (let at = 0; at < bytes.length;) {
      const [first = 0, second = 0] = bytes.subarray(at);
      const length = second === 126 ? bytes.readUInt16BE(at + 2) : second;
      opcodes.push([first >= 0x80, first & 0x0f]);
      at += (second === 126 ? 4 : 2) + length;
    }
    expect(opcodes).toEqual([
      [false, 1],
      [false, 0],
      [true, 0],
    ]);
  });

  it('keep-alive-binary asks in binary', async () => {
    const client = await joined(await setting(readScenario('keep-alive-binary')));
    await client.take(MESSAGE_TYPE.KEEP_ALIVE_REQ);
    expect(client.came.at(-1)).toMatchObject({ type: MESSAGE_TYPE.KEEP_ALIVE_REQ.value, opcode: 'binary' });
  });

  it('slow-network keeps the order', async () => {
    const { signaling } = await streaming(await setting(readScenario('slow-network')));
    await signaling.take(STREAM_STATE_UPDATE);
    const { KEEP_ALIVE_REQ } = MESSAGE_TYPE;
    const types = signaling.came.map(({ type }) => type).filter((type) => type !== KEEP_ALIVE_REQ.value);
    expect(types).toEqual([2, EVENT_UPDATE.value, SESSION_STATE_UPDATE.value, STREAM_STATE_UPDATE.value]);
  });

  it('slow-network says why before it closes', async () => {
    const on = await setting(readScenario('slow-network'));
    const client = await open(on.stream.url);
    client.send('{');
    await client.closed;
    expect(client.came.map(({ type }) => type)).toEqual([SIGNALING_HAND_SHAKE_RESP.value]);
  });

  it.each([
    ['unknown-message', 99],
    ['big-message', 99],
    ['malformed-json', undefined],
  ])('%s goes on every socket and harms none', async (name, type) => {
    const on = await setting(readScenario(name));
    const both = await streaming(on);
    for (const client of [both.signaling, both.media]) await arrived(client, type);
    await keepAliveAnswered(both);
    const { bytes = 0 } = both.media.came.find((one) => one.type === type) ?? {};
    expect(bytes > 2_000_000).toBe(name === 'big-message');
  });
});

describe('loss', () => {
  it.each([1001, 1006, 1011, 1013])('close-code-%i ends signaling so, and media with it', async (code) => {
    const on = await setting(readScenario(`close-code-${code}`));
    const { signaling, media } = await streaming(on);
    expect(await signaling.closed).toMatchObject({ code });
    await media.closed;
    expect(await on.posted()).toMatchObject({ kind: 'interrupted', streamId: DEMO.streamId });
    await streaming(on);
    expect(momentsOf(on)).toContain('recovered');
  });

  it('reset is one', async () => {
    const on = await setting(readScenario('reset'));
    const { signaling } = await streaming(on);
    const tcp: Socket = Reflect.get(signaling.socket, '_socket');
    const error = new Promise<Error>((resolve) => tcp.on('error', resolve));
    expect(await signaling.closed).toMatchObject({ code: 1006 });
    expect(await error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('media-drop is told on signaling, and mended there', async () => {
    const on = await setting(readScenario('media-drop'));
    const { signaling, media } = await streaming(on);
    expect(await media.closed).toMatchObject({ code: 1006 });
    await signaling.take(EVENT_UPDATE);
    expect(await signaling.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value },
    });
    await signaling.take(STREAM_STATE_UPDATE);
    expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({
      state: STREAM_STATE.INTERRUPTED.value,
      reason: 14,
    });
    const again = await knockForMedia(on, 'audio');
    await again.take(MESSAGE_TYPE.DATA_HAND_SHAKE_RESP);
    signaling.send(clientReadyAck(DEMO.streamId));
    await again.take(MESSAGE_TYPE.MEDIA_DATA_AUDIO);
    expect(momentsOf(on)).toContain('recovered');
    expect(on.webhooks).toEqual([]);
  });

  it('of a client that does not come back ends the stream, after the window', async () => {
    // So fast that answers come too late.
    const keepAlive = { intervalMs: 10_000, misses: 3, close: null };
    const on = await setting({ ...readScenario('signaling-drop'), keepAlive }, { clock: clockAt(1000) });
    await streaming(on);
    expect(await on.posted()).toMatchObject({ kind: 'interrupted' });
    expect(await on.posted()).toMatchObject({
      kind: 'stopped',
      stopReason: STOP_REASON.AWAIT_RECONNECTION_TIMEOUT.value,
    });
    await on.stream.over;
  });

  it('for unanswered keep-alives ends it with that reason', async () => {
    const on = await setting(readScenario('keep-alive-strict'), { clock: clockAt(200) });
    const client = await open(on.stream.url, { answers: false });
    client.send(signalingHandshake(on.identity));
    expect(await on.posted()).toMatchObject({ kind: 'interrupted' });
    expect(await on.posted()).toMatchObject({ kind: 'stopped', stopReason: STOP_REASON.KEEP_ALIVE_TIMEOUT.value });
  });

  it('before it was ever there: a delivered webhook that nobody follows', async () => {
    const on = await setting(readScenario('ok'), { clock: clockAt(1000) });
    on.stream.delivered();
    expect(await on.posted()).toMatchObject({ kind: 'stopped', stopReason: STOP_REASON.CONNECTION_TIMEOUT.value });
  });

  it('keep-alive-missed is silence, and a new connection is taken', async () => {
    const on = await setting(readScenario('keep-alive-missed'));
    const { signaling, media } = await streaming(on);
    await on.moment('silent');
    await streaming(on);
    expect([signaling, media].map(({ socket }) => socket.readyState)).toEqual([1, 1]);
    expect(on.webhooks).toEqual([]);
  });

  it('failover moves on to another URL', async () => {
    const on = await setting(readScenario('failover'));
    const before = on.stream.url;
    const { signaling, media } = await streaming(on);
    expect(await Promise.all([signaling.closed, media.closed])).toMatchObject([{ code: 1006 }, { code: 1006 }]);
    const { kind, streamId, serverUrls } = await on.posted();
    expect({ kind, streamId, urls: serverUrls.urls }).toEqual({
      kind: 'started',
      streamId: DEMO.streamId,
      urls: [`${on.base}/node-2/signaling`],
    });
    await expect(open(before)).rejects.toThrow('404');
    await streaming(on);
    expect(momentsOf(on)).toEqual(expect.arrayContaining(['failed over', 'old-url', 'recovered']));
  });
});

describe('webhooks', () => {
  it('duplicate-webhook is the same once more', async () => {
    const on = await setting(readScenario('duplicate-webhook'));
    await streaming(on);
    await on.posted();
    expect(on.webhooks).toEqual([on.stream.webhook]);
  });

  it('late-webhook is ten minutes old', async () => {
    const { stream } = await setting(readScenario('late-webhook'), { wallClock: () => 1_784_548_800_000 });
    expect(decodeWebhook(stream.webhook).eventTs).toBe(1_784_548_200_000);
  });
});

describe('states', () => {
  it('pause-resume stops media and lets it go on', async () => {
    const on = await setting(readScenario('pause-resume'));
    const { signaling, media } = await streaming(on);
    await signaling.take(SESSION_STATE_UPDATE);
    expect(await signaling.take(SESSION_STATE_UPDATE)).toMatchObject({ state: SESSION_STATE.PAUSED.value });
    const before = media.came.filter(({ type }) => type === MESSAGE_TYPE.MEDIA_DATA_AUDIO.value).length;
    expect(await signaling.take(SESSION_STATE_UPDATE)).toMatchObject({ state: SESSION_STATE.RESUMED.value });
    const during = media.came.filter(({ type }) => type === MESSAGE_TYPE.MEDIA_DATA_AUDIO.value).length - before;
    // 250 packets are due in the 5 s of the pause; a few may have been on their way.
    expect(during).toBeLessThan(50);
    await media.take(MESSAGE_TYPE.MEDIA_DATA_AUDIO);
  });

  it('media-silent and no-media send nothing more', async () => {
    const on = await setting(readScenario('media-silent'));
    const both = await streaming(on);
    await on.moment('muted');
    await keepAliveAnswered(both);
    const { length } = both.media.came;
    await keepAliveAnswered(both);
    const rest = both.media.came.slice(length).map(({ type }) => type);
    expect(rest.filter((type) => type === MESSAGE_TYPE.MEDIA_DATA_AUDIO.value)).toEqual([]);
  });

  it.each(Object.values(STOP_REASON).map(({ value }) => value))(
    'stop-reason-%i is told three times',
    async (reason) => {
      const on = await setting(readScenario(`stop-reason-${reason}`));
      const { signaling, media } = await streaming(on);
      await signaling.take(STREAM_STATE_UPDATE);
      for (const state of [STREAM_STATE.TERMINATING, STREAM_STATE.TERMINATED]) {
        expect(await signaling.take(STREAM_STATE_UPDATE)).toMatchObject({ state: state.value, reason });
      }
      await signaling.take(SESSION_STATE_UPDATE);
      expect(await signaling.take(SESSION_STATE_UPDATE)).toMatchObject({ state: 5, stop_reason: reason });
      expect(await on.posted()).toMatchObject({ kind: 'stopped', stopReason: reason });
      expect(await Promise.all([signaling.closed, media.closed])).toMatchObject([{ code: 1000 }, { code: 1000 }]);
    },
  );

  it('host-stop leaves the sockets to the client', async () => {
    const on = await setting(readScenario('host-stop'));
    const { signaling } = await streaming(on);
    await on.stream.over;
    await signaling.take(MESSAGE_TYPE.KEEP_ALIVE_REQ);
    expect(signaling.socket.readyState).toBe(signaling.socket.OPEN);
  });

  it('stream-close tells of its end by webhook', async () => {
    const on = await setting(readScenario('stream-close'));
    const { signaling } = await streaming(on);
    signaling.send(streamCloseRequest(DEMO.streamId));
    await signaling.closed;
    const reason = STOP_REASON.RECEIVER_REQUEST_CLOSE.value;
    expect(await on.posted()).toMatchObject({ kind: 'stopped', stopReason: reason });
  });
});

describe('audio from before', () => {
  const stampsOf = async (): Promise<{ stamps: number[]; first: number }> => {
    const on = await setting(readScenario('burst'), { clock: clockAt(1) });
    const signaling = await joined(on);
    const media = await knockForMedia(on, 'audio');
    await media.take(MESSAGE_TYPE.DATA_HAND_SHAKE_RESP);
    signaling.send(clientReadyAck(DEMO.streamId));
    const { event } = await signaling.take(EVENT_UPDATE);
    const stamps: number[] = [];
    for (let packet = 0; packet < 3001; packet += 1) {
      const { content } = await media.take(MESSAGE_TYPE.MEDIA_DATA_AUDIO);
      stamps.push(Number(Reflect.get(Object(content), 'timestamp')));
    }
    return { stamps, first: Number(Reflect.get(Object(event), 'timestamp')) };
  };

  it('comes at once with its old timestamps', async () => {
    const { stamps, first } = await stampsOf();
    expect((stamps[0] ?? 0) - first).toBeLessThan(-59_000);
    expect(new Set(stamps.map((stamp, at) => stamp - (stamps[0] ?? 0) - at * 20))).toEqual(new Set([0]));
  });

  it('does not where buffer_data is false', async () => {
    const on = await setting(readScenario('burst'), { clock: clockAt(1) });
    const { media } = await streaming(on, 'audio', { buffer_data: false });
    expect(media.came.length).toBeLessThan(100);
  });
});

describe('events', () => {
  it('come for what was subscribed to, and for nothing else', async () => {
    const on = await setting(readScenario('ok'));
    const signaling = await joined(on);
    signaling.send(eventSubscription([EVENT_TYPE.PARTICIPANT_LEAVE.value, EVENT_TYPE.ACTIVE_SPEAKER_CHANGE.value]));
    const types: unknown[] = [];
    for (let events = 0; events < 6; events += 1) {
      const { event } = await signaling.take(EVENT_UPDATE);
      types.push(Reflect.get(Object(event), 'event_type'));
    }
    // Speakers take turns of 4 s; the guest leaves after 14.
    expect(types).toEqual([2, 2, 2, 2, 4, 2]);
  });

  it.each(['contact-center', 'phone'] as const)("of %s are the product's own", async (product) => {
    const on = await setting(readScenario('ok'), { product });
    const signaling = await joined(on);
    const { CONSUMER_ANSWERED, USER_HOLD } = ZCC_VOICE_EVENT_TYPE;
    signaling.send(eventSubscription([CONSUMER_ANSWERED.value, USER_HOLD.value]));
    expect(await signaling.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: 8, event_ts: expect.any(Number), participant_info: { participant_mode: 'caller' } },
    });
    expect(await signaling.take(EVENT_UPDATE)).toMatchObject({
      event: { event_type: 12, participant_info: { participant_mode: 'callee' } },
    });
  });

  it('that do not exist are noted', async () => {
    const on = await setting(readScenario('ok'));
    const signaling = await joined(on);
    signaling.send(eventSubscription([77]));
    signaling.send(eventSubscription([EVENT_TYPE.PARTICIPANT_JOIN.value]));
    await signaling.take(EVENT_UPDATE);
    expect(on.verdicts).toEqual(['signaling: ignored event_type 77: this product has no such event']);
  });
});

describe('what is not as documented is told to the operator', () => {
  const { streamId } = DEMO;
  const people = '16778240 (Ada) or 16779264 (Bo) or 16780288 (Cy)';

  it.each<[object, { readonly value: number }, string]>([
    [
      { msg_type: MESSAGE_TYPE.SESSION_STATE_REQ.value },
      MESSAGE_TYPE.SESSION_STATE_RESP,
      `SESSION_STATE_REQ: rtms_session_id is missing, expected "mock-session-${streamId}"`,
    ],
    [
      { msg_type: MESSAGE_TYPE.STREAM_STATE_REQ.value, rtms_stream_id: 'another' },
      MESSAGE_TYPE.STREAM_STATE_RESP,
      `STREAM_STATE_REQ: rtms_stream_id is "another", expected "${streamId}"`,
    ],
    [
      { msg_type: MESSAGE_TYPE.STREAM_CLOSE_REQ.value },
      MESSAGE_TYPE.STREAM_CLOSE_RESP,
      'refused STREAM_CLOSE_REQ with status 2 (INVALID_RTMS_STREAM_ID): ' +
        `rtms_stream_id is missing, expected "${streamId}"`,
    ],
    [
      { msg_type: MESSAGE_TYPE.VIDEO_SUBSCRIPTION_REQ.value, user_id: 5, subscribe: true },
      MESSAGE_TYPE.VIDEO_SUBSCRIPTION_RESP,
      `refused VIDEO_SUBSCRIPTION_REQ with status 4 (INVALID_PAYLOAD): user_id is 5, expected ${people}`,
    ],
  ])('%j', async (message, answer, verdict) => {
    const on = await setting(readScenario('ok'));
    const signaling = await joined(on);
    signaling.send(message);
    await signaling.take(answer);
    expect(on.verdicts).toEqual([`signaling: ${verdict}`]);
    const facts = { moment: 'misfit', why: `signaling: ${verdict}` };
    expect(on.events).toContainEqual({ type: 'check', rule: 'scenario-moment', ok: true, facts });
  });

  it('where sources differ, and the client is let in', async () => {
    const on = await setting(readScenario('ok'));
    await joined(on);
    const media = await knockForMedia(on, 'audio', { audio: { content_type: 1, codec: 1 } });
    expect(await media.take(MESSAGE_TYPE.DATA_HAND_SHAKE_RESP)).toMatchObject({
      status_code: 0,
      media_params: { audio: { content_type: 2, codec: 1 } },
    });
    expect(on.verdicts[0]).toMatch(/^media:audio: codec is 1 \(L16\); .* yet older samples of Zoom send it, .* so the/);
    expect(momentsOf(on)).toContain('misfit');
  });
});

describe('products', () => {
  it.each(['meeting', 'webinar', 'video-sdk', 'contact-center', 'phone'] as const)(
    '%s offers its media',
    async (product) => {
      const on = await setting(readScenario('ok'), { product });
      const client = await knock(on);
      const { media_server: media } = await client.take(SIGNALING_HAND_SHAKE_RESP);
      const urls = Object.keys(Object(Reflect.get(Object(media), 'server_urls')));
      const ofCall = ['audio', 'transcript', 'all'];
      const all = ['audio', 'video', 'deskshare', 'transcript', 'chat', 'all'];
      expect(urls).toEqual(product === 'contact-center' || product === 'phone' ? ofCall : all);
    },
  );
});

it('tells several sockets of one name apart', async () => {
  const on = await setting(scripted({ on: 'fault', times: 'every', do: 'refuse', close: null }));
  await joined(on);
  const second = await knock(on);
  await second.take(SIGNALING_HAND_SHAKE_RESP);
  const upgrades = on.events.filter(({ type }) => type === 'phase');
  expect(upgrades.map((event) => Reflect.get(event, 'connection'))).toEqual([undefined, 2]);
  const frames = on.events.filter((event) => event.type === 'frame' && event.connection === 2);
  expect(frames).toHaveLength(2);
});

it('keeps media off the record where that is asked', async () => {
  const on = await setting(readScenario('ok'), { mediaEvents: false });
  await streaming(on);
  expect(on.events.some((event) => event.type === 'frame' && event.text?.includes('"msg_type":14'))).toBe(false);
});

const momentsOf = ({ events }: Pick<Setting, 'events'>): unknown[] =>
  events.flatMap((event) => (event.type === 'check' ? [event.facts['moment']] : []));

/** The bytes that follow on a handshake sent by hand, until they are quiet. */
async function rawAnswer({ stream, identity }: Setting): Promise<Buffer> {
  const { port, pathname } = new URL(stream.url);
  const payload = Buffer.from(JSON.stringify(signalingHandshake(identity)));
  const head = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  const tcp = connect(Number(port), '127.0.0.1');
  tcp.write([`GET ${pathname} HTTP/1.1`, 'Host: x', ...head, key, '', ''].join('\r\n'));
  await new Promise((resolve) => tcp.once('data', resolve));
  const length = Buffer.from([0x81, 0xfe, 0, 0, 0, 0, 0, 0]);
  length.writeUInt16BE(payload.length, 2);
  tcp.write(Buffer.concat([length, payload]));
  const chunks: Buffer[] = [];
  const whole = new Promise<void>((resolve) => {
    tcp.on('data', (chunk) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).includes('}}')) resolve();
    });
  });
  await whole;
  tcp.destroy();
  return Buffer.concat(chunks);
}
