import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { RtmsClient, type ClientOptions } from '../../src/net/client.js';
import { EVENT_TYPE, MESSAGE_TYPE, STATUS_CODE, STREAM_STATE } from '../../src/protocol/codes.js';
import {
  dataHandshakeResponse,
  eventUpdate,
  keepAliveRequest,
  mediaData,
  signalingHandshakeResponse,
  streamCloseResponse,
  streamStateUpdate,
} from '../../src/protocol/messages.js';
import type { CloseEvent, EventBody, FrameEvent, PhaseEvent } from '../../src/session/event.js';
import { readFrame } from '../../src/session/message.js';
import { webSocketServer } from '../helpers/servers.js';

const ENTITY = { field: 'meeting_uuid', value: 'a1B2c3D4e5F6/g7H+8i9Jw==' } as const;
const STREAM_ID = '0123456789abcdef0123456789abcdef';
const SIGNATURE = '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d';
const AUDIO = mediaData(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, { userId: 0, data: Buffer.alloc(4), timestamp: 1 });

/** What Zoom does in a test: one function for each message it gets. */
interface Script {
  /** Every message of the client, with the name of the socket's path. */
  readonly on: (
    say: (message: object, opcode?: 'text' | 'binary') => void,
    type: number,
    socket: WebSocket,
    path: string,
  ) => void;
  readonly onOpen?: (socket: WebSocket, path: string) => void;
}

async function zoom({ on, onOpen }: Script): Promise<string> {
  return webSocketServer((socket, path) => {
    onOpen?.(socket, path);
    socket.on('message', (data: Buffer) => {
      const say = (message: object, opcode = 'text'): void => {
        socket.send(JSON.stringify(message), { binary: opcode === 'binary' });
      };
      const value: unknown = JSON.parse(data.toString());
      on(say, Number(Reflect.get(Object(value), 'msg_type')), socket, path);
    });
  });
}

/** Accepts everything; audio and transcript on a socket each. */
function accepting(url: () => string, then: Partial<Record<number, Script['on']>> = {}): Script['on'] {
  return (say, type, socket, path) => {
    if (type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value) {
      say(signalingHandshakeResponse({ serverUrls: { audio: `${url()}/audio`, transcript: `${url()}/transcript` } }));
    }
    if (type === MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value) say(dataHandshakeResponse({}));
    then[type]?.(say, type, socket, path);
  };
}

interface Run {
  readonly client: RtmsClient;
  readonly events: EventBody[];
  /** Delays the client waited for before connecting again, in ms. */
  readonly delays: number[];
  /** `signaling 1`, `media:audio 3`: what the client sent, in order. */
  readonly sent: () => string[];
  readonly closes: () => CloseEvent[];
  readonly phases: () => string[];
  /** Resolves with the first event that fits. */
  readonly seen: <E extends EventBody>(fits: (event: EventBody) => event is E) => Promise<E>;
}

const REPLY_TIMEOUT_MS = 777;

function start(url: string, options: Partial<ClientOptions> = {}, replyTimesOut = false): Run {
  const events: EventBody[] = [];
  const delays: number[] = [];
  const listeners: ((event: EventBody) => void)[] = [];
  let clock = 0;
  const client = new RtmsClient({
    url,
    entity: ENTITY,
    streamId: STREAM_ID,
    signature: SIGNATURE,
    media: ['audio', 'transcript'],
    protocolVersion: 1,
    bufferData: true,
    events: [],
    signalingOnly: false,
    reconnect: false,
    endStream: false,
    dial: { timeoutMs: 5000 },
    allowed: (target) => new URL(target),
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener(event);
    },
    now: () => clock,
    replyTimeoutMs: REPLY_TIMEOUT_MS,
    wait: async (ms, signal) => {
      if (ms === REPLY_TIMEOUT_MS && !replyTimesOut) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      } else if (ms !== REPLY_TIMEOUT_MS) {
        delays.push(ms);
        clock += ms;
      }
    },
    ...options,
  });
  const frames = (): FrameEvent[] => events.filter((event) => event.type === 'frame');
  return {
    client,
    events,
    delays,
    sent: () =>
      frames()
        .filter(({ dir }) => dir === 'out')
        .map((frame) => `${frame.socket} ${readFrame(frame).message.msg_type}`),
    closes: () => events.filter((event) => event.type === 'close'),
    phases: () =>
      events.filter((event) => event.type === 'phase').map(({ socket, name, ok }) => `${socket} ${name} ${ok}`),
    seen: (fits) => new Promise((resolve) => listeners.push((event) => fits(event) && resolve(event))),
  };
}

const isFirstMedia = (event: EventBody): event is PhaseEvent => event.type === 'phase' && event.name === 'first-media';
const isReady = (event: EventBody): event is PhaseEvent => event.type === 'phase' && event.name === 'ready';
const isIncoming =
  (type: number) =>
  (event: EventBody): event is FrameEvent =>
    event.type === 'frame' && event.dir === 'in' && readFrame(event).message.msg_type === type;
const isOutgoing =
  (type: number) =>
  (event: EventBody): event is FrameEvent =>
    event.type === 'frame' && event.dir === 'out' && readFrame(event).message.msg_type === type;

describe('a session', () => {
  it.each(['text', 'binary'] as const)('goes through its steps in order, with answers in %s frames', async (opcode) => {
    let audio: ((message: object) => void) | undefined;
    const url: string = await zoom({
      on: (say, type, socket, path) => {
        const answer = (message: object): void => say(message, opcode);
        accepting(() => url, {
          [MESSAGE_TYPE.CLIENT_READY_ACK.value]: () => audio?.(AUDIO),
        })(answer, type, socket, path);
        if (path === '/audio') audio = answer;
      },
    });
    const { client, sent, phases, closes, seen } = start(url, { media: ['audio'], events: [2, 3] });
    void client.run();
    await seen(isFirstMedia);
    await client.stop();
    expect(sent()).toEqual(['signaling 1', 'signaling 5', 'media:audio 3', 'signaling 7']);
    expect(phases().filter((phase) => !/dns|tcp|upgrade/.test(phase))).toEqual([
      'signaling handshake true',
      'signaling reply true',
      'media:audio handshake true',
      'media:audio reply true',
      'media:audio ready true',
      'media:audio first-media true',
    ]);
    expect(closes()).toMatchObject([
      { socket: 'media:audio', code: 1000, by: 'self', clean: true },
      { socket: 'signaling', code: 1000, by: 'self', clean: true },
    ]);
  });

  it('answers a keep-alive on the socket it came on, with its timestamp', async () => {
    const url: string = await zoom({
      on: accepting(() => url, {
        [MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value]: (say) => say(keepAliveRequest(1784548810000)),
        [MESSAGE_TYPE.CLIENT_READY_ACK.value]: (say) => say(keepAliveRequest(1784548820000), 'binary'),
      }),
    });
    const { client, events, seen } = start(url, { media: ['audio'] });
    void client.run();
    await seen(isReady);
    await seen(isOutgoing(MESSAGE_TYPE.KEEP_ALIVE_RESP.value));
    await client.stop();
    const answers = events.filter(isOutgoing(MESSAGE_TYPE.KEEP_ALIVE_RESP.value));
    expect(answers.map(({ socket, opcode, text }) => [socket, opcode, text])).toEqual([
      ['media:audio', 'text', '{"msg_type":13,"timestamp":1784548810000}'],
      ['signaling', 'text', '{"msg_type":13,"timestamp":1784548820000}'],
    ]);
  });

  it('opens the one URL for everything where that is wanted and offered', async () => {
    const url: string = await zoom({
      on: (say, type) => {
        if (type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value) {
          say(signalingHandshakeResponse({ serverUrls: { audio: `${url}/audio`, all: `${url}/all` } }));
        }
        if (type === MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value) say(dataHandshakeResponse({}));
      },
    });
    const { client, sent, events, seen } = start(url, { media: ['all'] });
    void client.run();
    await seen(isReady);
    await client.stop();
    expect(sent()).toEqual(['signaling 1', 'media:all 3', 'signaling 7']);
    const [handshake] = events.filter(isOutgoing(MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value));
    expect(handshake?.text).toContain('"media_type":32');
  });

  it('sends a foreign handshake byte for byte, with its opcode', async () => {
    const bytes = Buffer.from('01000000027b7d', 'hex');
    let client: RtmsClient | undefined;
    const received = await new Promise((resolve) => {
      void webSocketServer((socket) => {
        socket.on('message', (data: Buffer, isBinary) => resolve([data, isBinary]));
      }).then((url) => {
        ({ client } = start(url, { handshake: { bytes, opcode: 'binary' } }));
        return client.run();
      });
    });
    expect(received).toEqual([bytes, true]);
    await client?.stop();
  });

  it('asks Zoom to end the stream on the way out, if told to', async () => {
    const url: string = await zoom({
      on: accepting(() => url, {
        [MESSAGE_TYPE.STREAM_CLOSE_REQ.value]: (say) => say(streamCloseResponse(STREAM_ID, 1)),
      }),
    });
    const { client, sent, seen } = start(url, { media: ['audio'], endStream: true });
    const end = client.run();
    await seen(isReady);
    await client.stop();
    expect(sent().at(-1)).toBe('signaling 21');
    expect(await end).toEqual({ kind: 'stopped' });
  });

  it('takes a message of 16 MiB', async () => {
    const data = Buffer.alloc(12 * 1024 * 1024);
    const big = mediaData(MESSAGE_TYPE.MEDIA_DATA_VIDEO.value, { userId: 1, data, timestamp: 1 });
    const url: string = await zoom({
      on: accepting(() => url, { [MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value]: (say) => say(big) }),
    });
    const { client, seen } = start(url, { media: ['audio'] });
    void client.run();
    const frame = await seen(isIncoming(MESSAGE_TYPE.MEDIA_DATA_VIDEO.value));
    await client.stop();
    expect(frame.bytes).toBeGreaterThan(16 * 1024 * 1024);
  });
});

describe('a session that fails', () => {
  it.each([
    [
      'refused',
      (say: (message: object) => void) =>
        say(signalingHandshakeResponse({ statusCode: STATUS_CODE.INVALID_SIGNATURE.value, reason: 'no' })),
      { kind: 'refused', status: 3 },
    ],
    [
      'refused without a status',
      (say: (message: object) => void) => say({ msg_type: 2, reason: 'Invalid signature' }),
      { kind: 'refused' },
    ],
    ['closed without a reply', (_: unknown, socket: WebSocket) => socket.close(1000), { kind: 'silent-close' }],
    ['dropped', (_: unknown, socket: WebSocket) => socket.terminate(), { kind: 'silent-close' }],
  ])('%s: it ends, and is not tried again', async (_, behave, end) => {
    const url = await zoom({ on: (say, _type, socket) => behave(say, socket) });
    const { client, delays } = start(url, { reconnect: true });
    expect(await client.run()).toMatchObject(end);
    expect(delays).toEqual([]);
  });

  it('unanswered: the reply phase says so', async () => {
    const url = await zoom({ on: () => undefined });
    const { client, phases, closes } = start(url, {}, true);
    expect(await client.run()).toEqual({ kind: 'unanswered' });
    expect(phases().at(-1)).toBe('signaling reply false');
    expect(closes()).toMatchObject([{ code: 1000, by: 'self' }]);
  });

  it('unreachable', async () => {
    const { client, phases } = start('ws://127.0.0.1:1');
    expect(await client.run()).toEqual({ kind: 'unreachable' });
    expect(phases().at(-1)).toBe('signaling tcp false');
  });

  it('with every media socket refused: it ends rather than wait for nothing', async () => {
    const url: string = await zoom({
      on: (say, type) => {
        if (type === MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value)
          say(signalingHandshakeResponse({ serverUrls: { audio: url } }));
        else say(dataHandshakeResponse({ statusCode: STATUS_CODE.INVALID_MEDIA_AUDIO_PARAMS.value, reason: 'no' }));
      },
    });
    const { client, sent } = start(url);
    expect(await client.run()).toEqual({ kind: 'finished' });
    expect(sent()).toEqual(['signaling 1', 'media:audio 3']);
  });

  it('at a media host the signature may not go to', async () => {
    const url: string = await zoom({
      on: (say) => say(signalingHandshakeResponse({ serverUrls: { audio: 'wss://evil.test' } })),
    });
    const { client, sent } = start(url, { allowed: (target) => (target === url ? new URL(target) : undefined) });
    await client.run();
    expect(sent()).toEqual(['signaling 1']);
  });

  it('stopped while it connects', async () => {
    const { client } = start('ws://127.0.0.1:1', { allowed: (target) => (void client.stop(), new URL(target)) });
    expect(await client.run()).toEqual({ kind: 'stopped' });
  });
});

describe('reconnection', () => {
  it('waits 1.5, 3 and 6 s after a duplicate, then gives up', async () => {
    const duplicate = { statusCode: STATUS_CODE.DUPLICATE_SIGNAL_REQUEST.value, reason: 'duplicate signal request' };
    const url = await zoom({ on: (say) => say(signalingHandshakeResponse({ ...duplicate, serverUrls: {} })) });
    const { client, delays } = start(url, { reconnect: true });
    expect(await client.run()).toEqual({ kind: 'refused', status: 8 });
    expect(delays).toEqual([1500, 3000, 6000]);
  });

  it('backs off from 3 s after a loss, and stops when the window is over', async () => {
    let connections = 0;
    const url: string = await zoom({
      onOpen: (socket) => {
        connections += 1;
        if (connections > 1) socket.terminate();
      },
      on: (say, _, socket) => {
        say(signalingHandshakeResponse({ serverUrls: { audio: url } }));
        setImmediate(() => socket.terminate());
      },
    });
    const { client, delays } = start(url, { reconnect: true, signalingOnly: true });
    await client.run();
    expect(delays[0]).toBe(3000);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(60_000);
  });

  it('does nothing after the server said that the stream is over', async () => {
    const url: string = await zoom({
      on: (say, _, socket) => {
        say(signalingHandshakeResponse({ serverUrls: { audio: url } }));
        say(streamStateUpdate(STREAM_STATE.TERMINATED.value, 1, 6));
        socket.close(1000);
      },
    });
    const { client, delays } = start(url, { reconnect: true, signalingOnly: true });
    expect(await client.run()).toEqual({ kind: 'finished' });
    expect(delays).toEqual([]);
  });

  it('opens a lost media socket again, and that one alone', async () => {
    let lost = false;
    const url: string = await zoom({
      on: accepting(() => url, {
        [MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value]: (_, __, socket, path) => {
          if (path !== '/audio' || lost) return;
          lost = true;
          socket.terminate();
        },
      }),
    });
    const { client, sent, delays, seen } = start(url, { reconnect: true });
    void client.run();
    await seen(
      (event): event is PhaseEvent => isReady(event) && event.socket === 'media:audio' && lost && delays.length > 0,
    );
    await client.stop();
    expect(delays).toEqual([3000]);
    expect(sent().filter((line) => line === 'media:audio 3')).toHaveLength(2);
    expect(sent().filter((line) => line === 'signaling 1')).toHaveLength(1);
    expect(sent().filter((line) => line === 'media:transcript 3')).toHaveLength(1);
  });

  it('drops the media socket that the server reports as lost', async () => {
    const interrupted = eventUpdate(EVENT_TYPE.MEDIA_CONNECTION_INTERRUPTED.value, 1);
    const url: string = await zoom({
      on: accepting(() => url, { [MESSAGE_TYPE.CLIENT_READY_ACK.value]: (say) => say(interrupted) }),
    });
    const { client, delays, seen } = start(url, { reconnect: true, media: ['audio'] });
    void client.run();
    await seen((event): event is PhaseEvent => isReady(event) && delays.length > 0);
    await client.stop();
    expect(delays[0]).toBe(3000);
  });

  it('backs off from a server that accepts and closes at once', async () => {
    const url: string = await zoom({
      on: (say, _, socket) => {
        say(signalingHandshakeResponse({ serverUrls: { audio: url } }));
        setImmediate(() => socket.close(1000));
      },
    });
    const { client, delays } = start(url, { reconnect: true, signalingOnly: true });
    expect(await client.run()).toEqual({ kind: 'lost' });
    expect(delays).toEqual([3000, 6000, 12_000, 24_000]);
  });

  it('is not tried unless asked for', async () => {
    const url: string = await zoom({
      on: (say, _, socket) => {
        say(signalingHandshakeResponse({ serverUrls: { audio: url } }));
        setImmediate(() => socket.terminate());
      },
    });
    const { client, delays } = start(url, { signalingOnly: true });
    expect(await client.run()).toEqual({ kind: 'lost' });
    expect(delays).toEqual([]);
  });
});
