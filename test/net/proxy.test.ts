/** The proxy between real sockets: what goes in at one side comes out at the other. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DEMO } from '../../src/net/demo.js';
import { RtmsClient } from '../../src/net/client.js';
import type { DialOptions } from '../../src/net/dial.js';
import { startProxy, type Opened, type Proxy, type ProxyOptions, type SessionOptions } from '../../src/net/proxy.js';
import { startMockServer } from '../../src/net/server.js';
import { buildFrame, closePayload, OPCODE, type Sender } from '../../src/protocol/frame.js';
import { signHandshake } from '../../src/protocol/signature.js';
import { readScenario } from '../../src/scenarios.js';
import type { CloseEvent, EventBody, FrameEvent, PhaseEvent } from '../../src/session/event.js';
import { httpServer, tcpServer, TLS, upgradingServer, webSocketServer } from '../helpers/servers.js';
import { Inbox, rawClient, type RawClient } from '../helpers/raw-socket.js';

// Some pass megabytes.
vi.setConfig({ testTimeout: 30_000 });

interface Passage {
  readonly proxy: Proxy;
  /** Leads through the proxy to the URL given. */
  readonly url: string;
  readonly events: EventBody[];
  /** Events of another client on the same stream. */
  readonly others: EventBody[];
  readonly opened: Opened;
  /** Resolves with the first event that fits. */
  readonly seen: <E extends EventBody>(fits: (event: EventBody) => event is E) => Promise<E>;
  readonly frames: () => FrameEvent[];
}

interface Setting {
  readonly dial?: Partial<DialOptions>;
  readonly proxy?: ProxyOptions;
  readonly replyTimeoutMs?: number;
  readonly allowed?: (url: string) => URL | undefined;
}

async function through(target: string, setting: Setting = {}): Promise<Passage> {
  const proxy = await startProxy(setting.proxy ?? {});
  onTestFinished(() => proxy.close());
  const [events, others]: [EventBody[], EventBody[]] = [[], []];
  const listeners: ((event: EventBody) => void)[] = [];
  const options = (into: EventBody[]): SessionOptions => ({
    dial: { timeoutMs: 5000, ...setting.dial },
    allowed: setting.allowed ?? ((url) => new URL(url)),
    emit: (event) => {
      into.push(event);
      for (const listener of listeners) listener(event);
    },
    now: () => performance.now(),
    replyTimeoutMs: setting.replyTimeoutMs ?? 5000,
    another: () => proxy.open('stream', options(others)),
  });
  const opened = proxy.open('stream', options(events));
  return {
    proxy,
    url: opened.urlFor('signaling', target),
    events,
    others,
    opened,
    frames: () => events.filter((event) => event.type === 'frame'),
    seen: (fits) =>
      new Promise((resolve) => {
        const listener = (event: EventBody): void => {
          if (fits(event)) resolve(event);
        };
        listeners.push(listener);
        for (const event of events) listener(event);
      }),
  };
}

const isClose = (event: EventBody): event is CloseEvent => event.type === 'close';
const isFailure = (event: EventBody): event is PhaseEvent => event.type === 'phase' && !event.ok;

interface Pair {
  readonly passage: Passage;
  readonly client: RawClient;
  /** The other end, as the server holds it. */
  readonly server: Socket;
  readonly inbox: Inbox;
}

/** Raw sockets on both sides of the proxy. */
async function pair(setting: Setting = {}, early = Buffer.alloc(0)): Promise<Pair> {
  const upgraded = deferred<Socket>();
  const port = await upgradingServer((socket) => upgraded.resolve(socket));
  const passage = await through(`ws://localhost:${port}/signaling`, setting);
  const client = await rawClient(passage.url, [], early);
  const server = await upgraded.promise;
  onTestFinished(() => void server.destroy());
  return { passage, client, server, inbox: new Inbox(server) };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** A promise and what resolves it. */
function deferred<T>(): Deferred<T> {
  const resolvers: ((value: T) => void)[] = [];
  const promise = new Promise<T>((resolve) => resolvers.push(resolve));
  return { promise, resolve: (value) => resolvers[0]?.(value) };
}

/** Numbers that look like chance and are the same every time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state;
  }
}

/** Frames of all kinds and sizes as one side might send them: whole, in fragments with pings in between, empty. */
function traffic(sender: Sender, count: number, seed: number): Buffer[] {
  const random = numbers(seed);
  const next = (below: number): number => random.next().value % below;
  const bytes = (size: number): Buffer => Buffer.alloc(size, String(next(1e9)));
  const frame = (opcode: number, size: number, fin = true): Buffer => {
    const built = buildFrame(sender, opcode, bytes(size));
    if (!fin) built[0] = opcode;
    return built;
  };
  return Array.from({ length: count }, (_, index) => {
    const opcode = index % 2 === 0 ? OPCODE.text : OPCODE.binary;
    const size = [next(125), next(2000), next(70_000), 0][index % 4] ?? 0;
    if (index % 10 === 3) return frame(index % 20 === 3 ? OPCODE.ping : OPCODE.pong, next(126));
    if (index % 10 !== 7) return frame(opcode, size);
    return Buffer.concat([
      frame(opcode, size, false),
      frame(OPCODE.ping, 4),
      frame(OPCODE.continuation, 0, false),
      frame(OPCODE.continuation, next(500)),
    ]);
  });
}

describe('every byte passes as it is', () => {
  it('in thousands of frames both ways, and each is told once', async () => {
    const { client, server, inbox, passage } = await pair();
    const [up, down] = [traffic('client', 3000, 1), traffic('server', 3000, 2)];
    const [upBytes, downBytes] = [Buffer.concat(up), Buffer.concat(down)];
    for (const frame of up) client.socket.write(frame);
    for (const frame of down) server.write(frame);
    const [atServer, atClient] = await Promise.all([inbox.take(upBytes.length), client.inbox.take(downBytes.length)]);
    expect(atServer.equals(upBytes)).toBe(true);
    expect(atClient.equals(downBytes)).toBe(true);
    // A fragmented one comes with a ping in between.
    expect(passage.frames()).toHaveLength(2 * 3000 + 2 * 300);
  });

  it('when the client speaks before it was answered', async () => {
    const early = Buffer.concat(traffic('client', 20, 3));
    const { inbox } = await pair({}, early);
    expect((await inbox.take(early.length)).equals(early)).toBe(true);
  });

  it('when the server speaks right behind its answer', async () => {
    const early = buildFrame('server', OPCODE.text, Buffer.from('{"msg_type":12}'));
    const port = await upgradingServer((socket) => {
      socket.write(early);
      onTestFinished(() => void socket.destroy());
    });
    const { url } = await through(`ws://localhost:${port}`);
    const { inbox } = await rawClient(url);
    expect((await inbox.take(early.length)).equals(early)).toBe(true);
  });

  it('when it is no WebSocket at all, which is told once', async () => {
    const { client, inbox, passage } = await pair();
    const json = Buffer.from('{"msg_type":1,"protocol_version":1}');
    client.socket.write(json);
    expect((await inbox.take(json.length)).equals(json)).toBe(true);
    client.socket.write(json);
    expect((await inbox.take(json.length)).equals(json)).toBe(true);
    expect(passage.events.filter(({ type }) => type === 'error')).toHaveLength(1);
    expect(passage.events.find(({ type }) => type === 'error')).toMatchObject({
      code: 'WS_ERR_UNEXPECTED_RSV_1',
      message: expect.stringContaining('your client'),
    });
  });

  it('when a frame breaks off', async () => {
    const { client, inbox } = await pair();
    const half = buildFrame('client', OPCODE.text, Buffer.alloc(200)).subarray(0, 100);
    client.socket.end(half);
    expect((await inbox.rest()).equals(half)).toBe(true);
  });
});

const dataFrame = (sender: Sender, text: string): Buffer => buildFrame(sender, OPCODE.text, Buffer.from(text));
const closeFrame = (sender: Sender, payload: Buffer): Buffer => buildFrame(sender, OPCODE.close, payload);
const REASON = Buffer.concat([closePayload(4001), Buffer.from('bye ☃')]);

describe('the end', () => {
  it.each<[string, Buffer, { code: number; reason: string }]>([
    ['code and reason', REASON, { code: 4001, reason: 'bye ☃' }],
    ['a code alone', closePayload(1000), { code: 1000, reason: '' }],
    ['nothing', Buffer.alloc(0), { code: 1005, reason: '' }],
  ])('comes from either side with %s', async (_, payload, told) => {
    for (const first of ['client', 'server'] as const) {
      const { client, server, inbox, passage } = await pair();
      const ends = { client: { socket: client.socket, inbox: client.inbox }, server: { socket: server, inbox } };
      const second = first === 'client' ? 'server' : 'client';
      ends[first].socket.write(closeFrame(first, payload));
      const size = closeFrame(first, payload).length;
      expect((await ends[second].inbox.take(size)).length).toBe(size);
      const answer = closeFrame(second, payload);
      ends[second].socket.end(answer);
      ends[first].socket.end();
      expect((await ends[first].inbox.rest()).equals(answer)).toBe(true);
      const by = first === 'client' ? 'self' : 'peer';
      expect(await passage.seen(isClose)).toMatchObject({ ...told, by, clean: true });
    }
  });

  it('may be half: what the client says after the close frame of the server still arrives', async () => {
    const { client, server, inbox, passage } = await pair();
    const [goodbye, last, answer] = [
      closeFrame('server', closePayload(1000)),
      dataFrame('client', '{"msg_type":21}'),
      closeFrame('client', closePayload(1001)),
    ];
    server.write(goodbye);
    await client.inbox.take(goodbye.length);
    client.socket.write(Buffer.concat([last, answer]));
    const both = await inbox.take(last.length + answer.length);
    expect(both.equals(Buffer.concat([last, answer]))).toBe(true);
    expect(await passage.seen(isClose)).toMatchObject({ code: 1000, by: 'peer', clean: true });
  });

  it('of one direction leaves the other open', async () => {
    const { client, server, inbox } = await pair();
    client.socket.end();
    await inbox.ended;
    const late = dataFrame('server', '{"msg_type":8,"state":4}');
    server.write(late);
    expect((await client.inbox.take(late.length)).equals(late)).toBe(true);
    server.end();
    await client.inbox.ended;
  });

  it.each(['client', 'server'] as const)('by a reset of the %s resets the other side', async (side) => {
    const { client, server, passage } = await pair();
    const [resetting, other] = side === 'client' ? [client.socket, server] : [server, client.socket];
    const last = side === 'server' ? dataFrame('server', '{"msg_type":12}') : Buffer.alloc(0);
    const error = once(other, 'error');
    if (last.length > 0) {
      resetting.write(last);
      await client.inbox.take(last.length);
    }
    resetting.resetAndDestroy();
    expect(await error).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await passage.seen(isClose)).toEqual({
      type: 'close',
      socket: 'signaling',
      code: 1006,
      reason: '',
      by: side === 'client' ? 'self' : 'peer',
      clean: false,
    });
  });

  it('by Ctrl-C sends 1001 both ways, behind whole frames only', async () => {
    const { client, server, inbox, passage } = await pair();
    const frame = dataFrame('server', '{"msg_type":12}');
    server.write(Buffer.concat([frame, frame.subarray(0, 5)]));
    await client.inbox.take(frame.length);
    const closed = passage.proxy.close();
    const atServer = await inbox.rest();
    const atClient = await client.inbox.rest();
    server.end();
    client.socket.end();
    await closed;
    expect(atClient.equals(closeFrame('server', closePayload(1001)))).toBe(true);
    expect(atServer).toHaveLength(8);
    expect(passage.events.at(-1)).toMatchObject({ type: 'close', code: 1001, by: 'self' });
  });
});

describe('with a library on both sides', () => {
  /** A client of the library, open. */
  async function library(url: string): Promise<WebSocket> {
    const client = new WebSocket(url);
    onTestFinished(() => client.terminate());
    client.on('error', () => undefined);
    await once(client, 'open');
    return client;
  }

  it('pings travel end to end', async () => {
    const pinged = deferred<string>();
    const target = await webSocketServer((socket) => socket.on('ping', (data) => pinged.resolve(data.toString())));
    const { url } = await through(target);
    const client = await library(url);
    const pong = once(client, 'pong');
    client.ping('hello');
    expect(await pinged.promise).toBe('hello');
    expect(String((await pong)[0])).toBe('hello');
  });

  it.each<[string, (socket: WebSocket) => void, [number, string]]>([
    ['4000 and a reason', (socket) => socket.close(4000, 'why'), [4000, 'why']],
    ['nothing', (socket) => socket.close(), [1005, '']],
    ['a drop', (socket) => socket.terminate(), [1006, '']],
  ])('each sees how the other closes: %s', async (_, end, expected) => {
    const accepted: WebSocket[] = [];
    const { url } = await through(await webSocketServer((socket) => accepted.push(socket)));
    for (const byServer of [true, false]) {
      const client = await library(url);
      const server = accepted.at(-1);
      if (!server) throw new Error('no socket');
      const [ending, other] = byServer ? [server, client] : [client, server];
      const closed = once(other, 'close');
      end(ending);
      const [code, reason]: unknown[] = await closed;
      expect([code, String(reason)]).toEqual(expected);
    }
  });
});

describe('a slow reader', () => {
  it.each(['client', 'server'] as const)(
    'on the side of the %s holds the other up, and gets all in the end',
    async (slow) => {
      const { client, server, inbox, passage } = await pair();
      const sender: Sender = slow === 'client' ? 'server' : 'client';
      const [from, to] = slow === 'client' ? [server, client.socket] : [client.socket, server];
      const frame = buildFrame(sender, OPCODE.binary, Buffer.alloc(64 * 1024));
      const total = 1024;
      to.pause();
      let written = 0;
      /** Writes until the way is blocked for good: nothing moves over many turns of the loop. */
      for (let idle = 0; written < total && idle < 2000; idle += 1) {
        if (!from.writableNeedDrain) {
          from.write(frame);
          written += 1;
          idle = 0;
        }
        await new Promise(setImmediate);
      }
      const inTransit = passage.frames().length;
      expect(written).toBeLessThan(total);
      to.resume();
      for (; written < total; written += 1) if (!from.write(frame)) await once(from, 'drain');
      const all = await (slow === 'client' ? client.inbox : inbox).take(total * frame.length);
      expect(all.length).toBe(total * frame.length);
      // What the kernel holds on its two sockets, and little more.
      expect(inTransit).toBeLessThan(400);
    },
  );
});

describe('the upgrade', () => {
  it('passes headers on, but those of the address and of extensions', async () => {
    const asked = deferred<IncomingMessage>();
    const port = await httpServer((request, response) => {
      asked.resolve(request);
      response.writeHead(404).end();
    });
    const { url } = await through(`ws://localhost:${port}/signaling?region=fra`);
    await rawClient(`${url}?x=1`, [
      'User-Agent: mine/1.0',
      `Origin: http://${new URL(url).host}`,
      'Sec-WebSocket-Protocol: rtms, other',
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
      'Cookie: a=b',
      'X-Odd: é',
    ]);
    const { rawHeaders, url: path } = await asked.promise;
    expect(path).toBe('/signaling?region=fra&x=1');
    const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    expect(headers).toEqual([
      `Host: localhost:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      'User-Agent: mine/1.0',
      `Origin: http://localhost:${port}`,
      'Sec-WebSocket-Protocol: rtms, other',
      'Cookie: a=b',
      `X-Odd: ${Buffer.from('é').toString('latin1')}`,
    ]);
  });

  it('keeps the Origin of a browser', async () => {
    const asked = deferred<string | undefined>();
    const port = await httpServer(({ headers }, response) => {
      asked.resolve(headers.origin);
      response.end();
    });
    const { url } = await through(`ws://localhost:${port}`);
    await rawClient(url, ['Origin: https://app.example.test']);
    expect(await asked.promise).toBe('https://app.example.test');
  });

  it('gives the answer of the server, sub-protocol and all', async () => {
    const { client } = await pair();
    expect(client.answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(client.answer).toContain('sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  it('gives a refusal as it came, body and all', async () => {
    const port = await httpServer((_, response) => {
      response.writeHead(404, 'Gone Fishing', { 'X-Why': 'expired', 'Transfer-Encoding': 'chunked' });
      response.end('no such stream');
    });
    const { url, seen } = await through(`ws://localhost:${port}`);
    const { answer, inbox } = await rawClient(url);
    expect(answer).toMatch(/^HTTP\/1\.1 404 Gone Fishing\r\n/);
    expect(answer).toContain('X-Why: expired');
    expect(String(await inbox.rest())).toBe('no such stream');
    expect(await seen(isFailure)).toMatchObject({ name: 'upgrade', detail: { status: 404, body: 'no such stream' } });
  });

  const tls = async (): Promise<string> => webSocketServer(() => undefined, TLS.good);
  it.each<[string, () => Promise<string>, number, RegExp]>([
    ['that nobody listens for', async () => 'ws://127.0.0.1:1', 502, /tcp failed: ECONNREFUSED/],
    ['whose certificate is not known', tls, 502, /tls failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    [
      'that gets no answer',
      async () => `ws://localhost:${await tcpServer(() => undefined)}`,
      504,
      /upgrade failed: ETIMEDOUT/,
    ],
    [
      'that is cut',
      async () => `ws://localhost:${await tcpServer((socket) => socket.destroy())}`,
      502,
      /upgrade failed: ECONNRESET/,
    ],
  ])('%s is answered with what happened', async (_, target, status, words) => {
    const { url, seen } = await through(await target(), { dial: { timeoutMs: 300 } });
    const { answer, inbox } = await rawClient(url);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(String(await inbox.rest())).toMatch(words);
    expect(await seen(isFailure)).toMatchObject({ ok: false });
  });

  it('to a host that is not allowed goes nowhere', async () => {
    const { url, events } = await through('ws://localhost:1', { allowed: () => undefined });
    const { answer } = await rawClient(url);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(events).toEqual([]);
  });

  it('at a path that is none of ours is told, and answered 404', async () => {
    const reasons: unknown[] = [];
    const { url } = await through('ws://localhost:1', { proxy: { onTurnedAway: (reason) => reasons.push(reason) } });
    const { answer } = await rawClient(new URL('/signaling', url).href);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(reasons).toEqual([{ kind: 'path', path: '/signaling' }]);
  });

  it('is given up when the client leaves', async () => {
    const asked = deferred<Socket>();
    const port = await tcpServer((socket) => asked.resolve(socket));
    const { url, seen } = await through(`ws://localhost:${port}`);
    const client = new WebSocket(url);
    client.on('error', () => undefined);
    const upstream = await asked.promise;
    const closed = once(upstream.resume(), 'close');
    client.terminate();
    await closed;
    expect(await seen(isFailure)).toMatchObject({ name: 'upgrade', detail: { code: 'INTERRUPTED' } });
  });

  it('is not cut when the time for it is over', async () => {
    const { client, server } = await pair({ dial: { timeoutMs: 100 } });
    await new Promise((resolve) => AbortSignal.timeout(150).addEventListener('abort', resolve));
    const frame = dataFrame('server', '{}');
    server.write(frame);
    expect((await client.inbox.take(frame.length)).equals(frame)).toBe(true);
  });
});

describe('media URLs', () => {
  const ANSWER =
    '{ "media_server":{"server_urls":{"audio":"wss:\\/\\/a.zoom.us\\/x","all":"ws://b:1"}},"status_code":0 ,"msg_type":2 }';

  /** What the client gets for a message of the server, which comes in these fragments. */
  async function passed(sent: readonly Buffer[]): Promise<{ opcode: number; text: string; passage: Passage }> {
    const { client, server, passage } = await pair();
    server.write(Buffer.concat([...sent, closeFrame('server', closePayload(1000))]));
    server.end();
    const bytes = await client.inbox.rest();
    const opcode = bytes.readUInt8(0);
    const start = bytes.readUInt8(1) < 126 ? 2 : 4;
    return { opcode, text: bytes.subarray(start, -4).toString(), passage };
  }

  it.each<[string, number]>([
    ['text', OPCODE.text],
    ['binary', OPCODE.binary],
  ])('of a %s answer lead through the proxy; every other byte stays', async (_, opcode) => {
    const { opcode: got, text, passage } = await passed([buildFrame('server', opcode, Buffer.from(ANSWER))]);
    const root = passage.url.replace('/signaling', '');
    expect(got).toBe(0x80 | opcode);
    expect(text).toBe(
      ANSWER.replace('wss:\\/\\/a.zoom.us\\/x', `${root}/audio`.replaceAll('/', '\\/')).replace(
        'ws://b:1',
        `${root}/all`,
      ),
    );
    // On record is what Zoom said.
    expect(passage.frames()[0]?.text).toBe(ANSWER);
  });

  it('of an answer in fragments are found too', async () => {
    const [first, second] = [Buffer.from(ANSWER.slice(0, 50)), Buffer.from(ANSWER.slice(50))];
    const head = buildFrame('server', OPCODE.text, first);
    head[0] = OPCODE.text;
    const { text, passage } = await passed([head, buildFrame('server', OPCODE.continuation, second)]);
    expect(text).toContain(`"all":"${passage.url.replace('/signaling', '')}/all"`);
  });

  it('of one string lead to everything', async () => {
    const one = '{"msg_type":2,"media_server":{"server_urls":"wss://a.zoom.us"}}';
    const { text, passage } = await passed([dataFrame('server', one)]);
    expect(text).toBe(one.replace('wss://a.zoom.us', passage.url.replace('/signaling', '/all')));
  });

  it('of any other message stay', async () => {
    const other = ANSWER.replace('"msg_type":2', '"msg_type":6');
    const { text } = await passed([dataFrame('server', other)]);
    expect(text).toBe(other);
  });
});

describe('a session', () => {
  const { clientId, clientSecret, entity, streamId } = DEMO;
  const STREAM = { product: 'meeting', entity, streamId } as const;
  const parts = { clientId, entityId: entity.value, streamId };

  /** Our own client through the proxy, until it has media; its events and those of the proxy. */
  async function conversation(): Promise<{ own: EventBody[]; passage: Passage }> {
    const mock = await startMockServer({
      scenario: readScenario('ok'),
      credentials: { clientId, clientSecret },
      stream: STREAM,
    });
    onTestFinished(() => mock.close());
    const passage = await through(mock.url);
    const own: EventBody[] = [];
    const client: RtmsClient = new RtmsClient({
      url: passage.url,
      entity,
      streamId,
      signature: signHandshake(parts, clientSecret),
      media: ['audio'],
      protocolVersion: 1,
      bufferData: true,
      events: [2],
      signalingOnly: false,
      reconnect: false,
      endStream: false,
      dial: { timeoutMs: 5000 },
      allowed: (url) => new URL(url),
      emit: (event) => {
        own.push(event);
        if (event.type === 'phase' && event.name === 'first-media') void client.stop();
      },
      now: () => performance.now(),
      replyTimeoutMs: 5000,
    });
    await client.run();
    await client.stop();
    await passage.seen((event): event is CloseEvent => isClose(event) && event.socket === 'signaling');
    return { own, passage };
  }

  it('is told as a client of our own would tell it', async () => {
    const { own, passage } = await conversation();
    const told = (events: readonly EventBody[], socket: string): unknown[] =>
      events.flatMap((event): unknown[] => {
        if (!('socket' in event) || event.socket !== socket) return [];
        if (event.type === 'phase') return [[event.name, event.ok]];
        // The clocks of media differ, and how many frames came before the end.
        if (event.type === 'frame')
          return /"msg_type":(?:2|14),/.test(event.text ?? '') ? [] : [[event.dir, event.text]];
        return [event];
      });
    for (const socket of ['signaling', 'media:audio']) {
      expect(told(passage.events, socket)).toEqual(told(own, socket));
    }
  });

  it('of a second client is another one', async () => {
    const target = await webSocketServer(() => undefined);
    const { url, events, others } = await through(target);
    const [first, second] = [await rawClient(url), await rawClient(url)];
    first.socket.write(dataFrame('client', '{"msg_type":1}'));
    second.socket.write(dataFrame('client', '{"msg_type":1,"n":2}'));
    const texts = (list: readonly EventBody[]): unknown[] =>
      list.flatMap((event) => (event.type === 'frame' ? [event.text] : []));
    await expect.poll(() => texts(events)).toEqual(['{"msg_type":1}']);
    await expect.poll(() => texts(others)).toEqual(['{"msg_type":1,"n":2}']);
  });

  it('goes on while a socket is open, and tells the end of one before it begins again', async () => {
    const { url, events, others, opened } = await through(await webSocketServer(() => undefined));
    const target = await webSocketServer(() => undefined);
    await rawClient(opened.urlFor('media:audio', target));
    const first = await rawClient(url);
    first.socket.write(closeFrame('client', closePayload(1000)));
    await first.inbox.take(4);
    await rawClient(url);
    expect(others).toEqual([]);
    const order = events.flatMap((event) => ('socket' in event && event.socket === 'signaling' ? [event] : []));
    const opening = ['dns', 'tcp', 'upgrade'];
    const names = order.map((event) => (event.type === 'phase' ? event.name : event.type));
    expect(names).toEqual([...opening, 'close', ...opening]);
  });

  it('is over with its last socket; who comes then begins another', async () => {
    const { url, others, seen } = await through(await webSocketServer((socket) => socket.close()));
    const first = await rawClient(url);
    await first.inbox.take(2);
    first.socket.end(closeFrame('client', closePayload(1000)));
    await seen(isClose);
    await once(first.socket, 'close');
    await expect
      .poll(async () => {
        await rawClient(url);
        return others.length;
      })
      .toBeGreaterThan(0);
  });

  it('says when a handshake gets no answer', async () => {
    const { client, passage } = await pair({ replyTimeoutMs: 20 });
    client.socket.write(dataFrame('client', '{"msg_type":1}'));
    expect(await passage.seen(isFailure)).toMatchObject({ name: 'reply', socket: 'signaling', ok: false });
  });
});

describe('over TLS', () => {
  const proxy = (reasons: unknown[]): ProxyOptions => ({
    tls: TLS.good,
    onTurnedAway: (reason) => reasons.push(reason),
  });

  it('a client that trusts the certificate gets through', async () => {
    const { url } = await through(await webSocketServer((socket) => socket.send('hello')), { proxy: proxy([]) });
    expect(url).toMatch(/^wss:/);
    const client = new WebSocket(url, { ca: TLS.ca });
    expect(String((await once(client, 'message'))[0])).toBe('hello');
    client.terminate();
  });

  it('one that does not is told of', async () => {
    const reasons: unknown[] = [];
    const { url } = await through('ws://localhost:1', { proxy: proxy(reasons) });
    await once(new WebSocket(url), 'error');
    await expect.poll(() => reasons).toEqual([{ kind: 'left-in-tls' }]);
  });

  it.each<[string, (url: string) => string, boolean, string]>([
    ['TLS where there is none', (url) => url.replace('ws:', 'wss:'), false, 'tls-unexpected'],
    ['no TLS where there is', (url) => url.replace('wss:', 'ws:'), true, 'tls-expected'],
  ])('one that speaks %s is told of', async (_, change, secure, kind) => {
    const reasons: unknown[] = [];
    const onTurnedAway = (reason: unknown): unknown => reasons.push(reason);
    const { url } = await through('ws://localhost:1', {
      proxy: secure ? proxy(reasons) : { onTurnedAway },
    });
    await once(new WebSocket(change(url)), 'error');
    await expect.poll(() => reasons).toEqual([{ kind }]);
  });
});
