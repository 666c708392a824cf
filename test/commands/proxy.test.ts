/** `rtms proxy` as a user runs it: the built binary between real sockets, with clients and servers of the tests. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DEMO } from '../../src/net/demo.js';
import { startMockServer } from '../../src/net/server.js';
import { signHandshake, signWebhook, verifyWebhook } from '../../src/protocol/signature.js';
import { readScenario } from '../../src/scenarios.js';
import { parseRecording } from '../../src/session/jsonl.js';
import { temporaryFile, temporaryFolder } from '../helpers/folder.js';
import { Running } from '../helpers/running.js';
import { httpServer, webSocketServer } from '../helpers/servers.js';
import { runRtms } from '../helpers/transcript.js';

// Each runs a process, some for seconds.
vi.setConfig({ testTimeout: 30_000 });

const { clientId, clientSecret, entity, streamId } = DEMO;
const CREDENTIALS = { ZOOM_CLIENT_ID: clientId, ZOOM_CLIENT_SECRET: clientSecret };
const SIGNATURE = signHandshake({ clientId, entityId: entity.value, streamId }, clientSecret);
const HANDSHAKE = { msg_type: 1, protocol_version: 1, meeting_uuid: entity.value, rtms_stream_id: streamId };
const SECRETS = /demo-secret-not-a-real-one-00001|fe5132f8eec85ea914d3|exampleSecretToken0004/;

const Started = v.object({ payload: v.object({ server_urls: v.string() }) });

/** The body of a started webhook that names this server, posted just now. */
const started = (serverUrl: string): string =>
  JSON.stringify({
    event: 'meeting.rtms_started',
    event_ts: Date.now(),
    payload: { meeting_uuid: entity.value, rtms_stream_id: streamId, server_urls: serverUrl },
  });

const serverUrlIn = (json: string): string => v.parse(Started, JSON.parse(json)).payload.server_urls;

/** A server that does as the scenario says; resolves to its signaling URL. */
async function mock(scenario = 'ok'): Promise<string> {
  const stream = { product: 'meeting', entity, streamId } as const;
  const server = await startMockServer({
    scenario: readScenario(scenario),
    credentials: { clientId, clientSecret },
    stream,
  });
  onTestFinished(() => server.close());
  return server.url;
}

interface Led {
  readonly running: Running;
  /** The signaling URL that the client is given. */
  readonly url: string;
  readonly written: string;
}

/** The proxy in front of this server. */
async function leading(target: string, args: readonly string[] = [], env = {}): Promise<Led> {
  const payload = temporaryFile(started(target));
  const written = join(temporaryFolder(), 'mine.json');
  const running = new Running(['proxy', '--payload', payload, '--write-payload', written, ...args], {
    ...CREDENTIALS,
    ...env,
  });
  await running.said(/written/);
  return { running, url: serverUrlIn(readFileSync(written, 'utf8')), written };
}

/** Connects and sends the handshake; resolves to the open socket. */
async function client(url: string, handshake: object = { ...HANDSHAKE, signature: SIGNATURE }): Promise<WebSocket> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify(handshake));
  return socket;
}

const Result = v.looseObject({
  type: v.literal('result'),
  schemaVersion: v.literal(1),
  exitCode: v.number(),
  sessions: v.array(
    v.looseObject({ session: v.number(), findings: v.array(v.looseObject({ rule: v.string() })), next: v.string() }),
  ),
});

const lastLine = (stdout: string): v.InferOutput<typeof Result> =>
  v.parse(Result, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));

describe('with a payload', () => {
  it('writes one that leads through it, shows what passes, and records it', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const { running, url, written } = await leading(await mock(), ['--record', record]);
    expect(url).toMatch(new RegExp(`^ws://127\\.0\\.0\\.1:\\d+/${streamId}/signaling$`));
    expect(statSync(written).mode & 0o777).toBe(0o600);
    const socket = await client(url);
    const [answer] = await once(socket, 'message');
    expect(String(answer)).toContain(url.replace('/signaling', '/audio'));
    await running.said(/SIGNALING_HAND_SHAKE_RESP/);
    const closed = once(socket, 'close');
    const { stdout, stderr, code } = await running.interrupt();
    expect((await closed)[0]).toBe(1001);
    expect([code, stderr]).toEqual([0, '']);
    for (const words of ['upgrade', 'SIGNALING_HAND_SHAKE_REQ', 'close 1001', '✔']) expect(stdout).toContain(words);
    const text = readFileSync(record, 'utf8');
    const { header, events, problems } = parseRecording(text);
    expect(header).toMatchObject({ command: 'proxy', product: 'meeting' });
    expect(problems).toEqual([]);
    expect(events.map((event) => (event.type === 'phase' ? event.name : event.type))).toEqual(
      'note webhook dns tcp upgrade handshake frame check frame reply close'.split(' '),
    );
    expect(statSync(record).mode & 0o777).toBe(0o600);
    expect(text + stdout).not.toMatch(SECRETS);
  });

  it('keeps every byte of it but the URL, and writes it to standard output alone where asked to', async () => {
    const target = await mock();
    const ids = `"meeting_uuid":"${entity.value}","rtms_stream_id":"${streamId}"`;
    const json = `\n{ "payload" :{"n":1.0,"server_urls":"${target}","x":"\\u00e9",${ids}},\t"event":"meeting.rtms_started" }\r\n`;
    const running = new Running(['proxy', '--payload', temporaryFile(json), '--write-payload', '-']);
    await running.said(/meeting\.rtms_started" \}/);
    const { stdout, stderr, code } = await running.interrupt();
    const url = serverUrlIn(stdout);
    expect(stdout).toBe(`${json.replace(target, url)}\n`);
    expect(stderr).toContain(url);
    expect(stderr).toContain('no client connected');
    expect(code).toBe(0);
  });

  it('explains the end of each client as it comes, and exits by the worst', async () => {
    const { running, url } = await leading(await mock('silent-close'));
    await once(await client(url, { ...HANDSHAKE, signature: 'ab'.repeat(32) }), 'close');
    await running.said(/✖ certain {3}signature-mismatch[\s\S]*let your client connect again\n\n✖/);
    const right = await client(url);
    await once(right, 'message');
    right.close(1000);
    await once(right, 'close');
    await running.said(/✔ #2/);
    const { code } = await running.interrupt();
    expect(code).toBe(1);
  });

  it('tells of a fault while the client still runs', async () => {
    const keepAlives = [1, 2, 3].map((timestamp) => JSON.stringify({ msg_type: 12, timestamp }));
    const target = await webSocketServer((socket) => {
      socket.on('message', () => {
        socket.send('{"msg_type":2,"status_code":0,"media_server":{"server_urls":{}}}');
        for (const keepAlive of keepAlives) socket.send(keepAlive, { binary: true });
      });
    });
    const { running, url } = await leading(target);
    await client(url);
    await running.said(/• ✖ certain {3}keep-alive-unanswered/);
    const { stdout, code } = await running.interrupt();
    expect(stdout).toContain('they come in binary frames');
    expect(code).toBe(1);
  });

  it('tells of a wrong signature while the server keeps silent', async () => {
    const { running, url } = await leading(await webSocketServer(() => undefined));
    const message = `${clientId}${entity.value}${streamId}`;
    const signature = createHmac('sha256', clientSecret).update(message).digest('hex');
    await client(url, { ...HANDSHAKE, signature });
    await running.said(/• ✖ certain {3}signature-mismatch .*without the commas/);
    expect((await running.interrupt()).code).toBe(1);
  });

  it('prints JSON alone under --json: events, findings and reports of each session, then the result', async () => {
    const { running, url } = await leading(await mock('refuse'), ['--json']);
    await once(await client(url, { ...HANDSHAKE, signature: 'no' }), 'close');
    await running.said(/"type":"report"/);
    const { stdout, stderr, code } = await running.interrupt();
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(
      lines.slice(0, -1).every((line) => v.is(v.looseObject({ type: v.string(), session: v.literal(1) }), line)),
    ).toBe(true);
    const { exitCode, sessions } = lastLine(stdout);
    expect([exitCode, sessions.map(({ session }) => session)]).toEqual([1, [1]]);
    expect(sessions[0]?.findings.map(({ rule }) => rule)).toContain('handshake-refused');
  });

  it('has a recording for every client, and says which is which', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const { running, url } = await leading(await mock(), ['--record', record]);
    const first = await client(url);
    await once(first, 'message');
    const second = await client(url);
    await once(second, 'message');
    await running.said(/#2 signaling text/);
    expect(running.stdout).toContain('another client has this socket of the stream already: session 1');
    await running.interrupt();
    for (const path of [record, record.replace('s.', 's-2.')]) {
      const { events } = parseRecording(readFileSync(path, 'utf8'));
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['webhook', 'frame', 'close']));
    }
  });

  it('tells a client that the server is not there, and exits 3', async () => {
    const { running, url } = await leading('ws://127.0.0.1:1/signaling', ['--json']);
    const [error] = await once(new WebSocket(url), 'error');
    expect(String(error)).toContain('502');
    await running.said(/"type":"report"/);
    const { stdout, code } = await running.interrupt();
    expect(code).toBe(3);
    expect(lastLine(stdout).sessions[0]?.findings.map(({ rule }) => rule)).toEqual(['unreachable']);
  });

  it('stops when the time is over', async () => {
    const run = await runRtms([
      'proxy',
      '--payload',
      temporaryFile(started('ws://localhost:1')),
      '--duration',
      '100ms',
    ]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/server_urls +ws:\/\/127\.0\.0\.1:\d+[\s\S]*no client connected/);
  });
});

describe('with --tls', () => {
  it('offers wss:// to a client that trusts the authority, and says how to', async () => {
    const folder = join(temporaryFolder(), 'tls');
    const { running, url } = await leading(await mock(), ['--tls', folder]);
    await running.said(/NODE_EXTRA_CA_CERTS/);
    expect(url).toMatch(/^wss:/);
    const socket = new WebSocket(url, { ca: readFileSync(join(folder, 'ca.pem')) });
    await once(socket, 'open');
    socket.close();
    await running.interrupt();
    const again = new Running(['proxy', '--payload', temporaryFile(started(await mock())), '--tls', folder]);
    await again.said(/trust/);
    expect(again.stdout).not.toContain('NODE_EXTRA_CA_CERTS');
    await again.interrupt();
  });

  it('says what to install where when a client refuses the certificate', async () => {
    const { running, url } = await leading(await mock(), ['--tls', temporaryFolder(), '--json']);
    await once(new WebSocket(url), 'error');
    await running.said(/does not trust the authority/);
    await running.interrupt();
    for (const words of ['keytool', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) expect(running.stderr).toContain(words);
  });
});

const TOKEN = 'exampleSecretToken0004';

interface Posted {
  readonly body: string;
  readonly signature: string;
}

/** The developer's app: keeps what it is handed, answers 200. */
async function app(): Promise<{ url: string; next: () => Promise<Posted> }> {
  const waiting: ((posted: Posted) => void)[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    const body = await text(request);
    waiting.shift()?.({ body, signature: String(request.headers['x-zm-signature'] ?? '') });
  };
  const port = await httpServer((request, response) => {
    response.end();
    void take(request);
  });
  return { url: `http://localhost:${port}/hook`, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

describe('with --listen', () => {
  const stopped = JSON.stringify({
    event: 'meeting.rtms_stopped',
    event_ts: 1,
    payload: { meeting_uuid: entity.value, rtms_stream_id: streamId, stop_reason: 18 },
  });

  async function listening(
    env: Readonly<Record<string, string>>,
    args = ['proxy', '--listen', '0'],
  ): Promise<{ running: Running; post: (body: string) => Promise<Posted>; url: string }> {
    const { url: appUrl, next } = await app();
    const running = new Running([...args, '--forward', appUrl], { ...CREDENTIALS, ...env });
    const [, url = ''] = await running.said(/(http:\/\/127\.0\.0\.1:\d+\/)/);
    const post = async (body: string): Promise<Posted> => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const headers = { 'x-zm-request-timestamp': timestamp, 'x-zm-signature': signWebhook(body, timestamp, TOKEN) };
      const handed = next();
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
      const posted = await handed;
      return {
        ...posted,
        signature: `${posted.signature} ${verifyWebhook(posted.signature, posted.body, timestamp, TOKEN)}`,
      };
    };
    return { running, post, url };
  }

  it('hands the webhook on with its own URL, signed anew, and hears of the end', async () => {
    const target = await mock();
    const { running, post } = await listening({ ZOOM_SECRET_TOKEN: TOKEN });
    const { body, signature } = await post(started(target));
    const url = serverUrlIn(body);
    expect(signature).toMatch(/^v0=[0-9a-f]{64} true$/);
    expect(url).not.toBe(target);
    const socket = await client(url);
    await once(socket, 'message');
    socket.close(1000);
    await running.said(/✔/);
    expect((await post(stopped)).body).toBe(stopped);
    await running.said(/stream-stopped/);
    const { stdout, stderr, code } = await running.interrupt();
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).not.toMatch(SECRETS);
  });

  it('is what rtms listen --proxy does', async () => {
    const { running, post } = await listening({ ZOOM_SECRET_TOKEN: TOKEN }, ['listen', '--proxy', '--port', '0']);
    const { body, signature } = await post(started(await mock()));
    expect(signature).toMatch(/ true$/);
    await once(await client(serverUrlIn(body)), 'message');
    await running.said(/SIGNALING_HAND_SHAKE_RESP/);
    expect((await running.interrupt()).code).toBe(0);
  });

  it('takes a client that follows a failover notice for the same one', async () => {
    const { running, post } = await listening({ ZOOM_SECRET_TOKEN: TOKEN });
    const older = await client(serverUrlIn((await post(started(await mock()))).body));
    await once(older, 'message');
    const newer = await client(serverUrlIn((await post(started(await mock()))).body));
    await once(newer, 'message');
    await running.said(/goes on at another signaling URL/);
    const { stdout, code } = await running.interrupt();
    expect(stdout).not.toMatch(/another client|duplicate-connection|#2/);
    expect(code).toBe(0);
  });

  it('finds no retry where a later client is told what came before', async () => {
    const { running, post } = await listening({ ZOOM_SECRET_TOKEN: TOKEN });
    const url = serverUrlIn((await post(started(await mock()))).body);
    for (const session of ['✔', '✔ #2']) {
      const socket = await client(url);
      await once(socket, 'message');
      socket.close(1000);
      await running.said(new RegExp(session));
    }
    const { stdout, code } = await running.interrupt();
    expect(stdout).not.toContain('webhook-duplicate');
    expect(code).toBe(0);
  });

  it('holds no stranger against the client, and says nothing twice', async () => {
    const { running, post, url } = await listening({ ZOOM_SECRET_TOKEN: TOKEN });
    const body = started(await mock());
    const socket = await client(serverUrlIn((await post(body)).body));
    await once(socket, 'message');
    socket.close(1000);
    await running.said(/✔/);
    const headers = { 'x-zm-request-timestamp': '1784548800', 'x-zm-signature': `v0=${'ab'.repeat(32)}` };
    await fetch(url, { method: 'POST', headers, body });
    await running.said(/x-zm-signature is wrong/);
    const { stdout, code } = await running.interrupt();
    expect(stdout).toMatch(/as\s+another\s+webhook\s+has\s+it/);
    expect(stdout.match(/^✔ /gm)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it('hands on what is signed wrong as it came, and leads nobody there', async () => {
    const { running, post } = await listening({ ZOOM_SECRET_TOKEN: 'another token' });
    const body = started(await mock());
    expect((await post(body)).body).toBe(body);
    await running.said(/x-zm-signature is wrong, so this may be from anyone/);
    expect((await running.interrupt()).code).toBe(1);
  });

  it('says what the app will see where there is no Secret Token', async () => {
    const { running, post } = await listening({});
    const { signature } = await post(started(await mock()));
    expect(signature).toMatch(/ false$/);
    await running.said(/without the Secret Token \(ZOOM_SECRET_TOKEN\)[\s\S]*will refuse/);
    expect((await running.interrupt()).code).toBe(0);
  });
});

describe('what cannot be meant', () => {
  const payload = (): string => temporaryFile(started('ws://localhost:1'));
  const taken = async (): Promise<string> => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    return String(typeof address === 'object' && address ? address.port : 0);
  };

  it.each<[string, () => string[] | Promise<string[]>, number, RegExp]>([
    ['nothing', () => [], 2, /no way in\n {2}give .*--payload FILE.*\n {2}or .*--listen PORT/],
    ['both ways in', () => ['--payload', payload(), '--listen', '0'], 2, /--payload and --listen exclude each other/],
    ['--listen without an app', () => ['--listen', '0'], 2, /--forward http/],
    ['--forward alone', () => ['--payload', payload(), '--forward', 'http://x'], 2, /--listen PORT/],
    ['an app that is none', () => ['--listen', '0', '--forward', 'localhost:3000'], 2, /is not an HTTP URL/],
    [
      'itself as the app',
      () => ['--listen', '4040', '--forward', 'http://localhost:4040/'],
      2,
      /leads back to the proxy/,
    ],
    [
      'a path that is none',
      () => ['--listen', '0', '--forward', 'http://x', '--path', 'x'],
      2,
      /--path x is not a path/,
    ],
    [
      'a payload to write for --listen',
      () => ['--listen', '0', '--forward', 'http://x', '--write-payload', 'x'],
      2,
      /--forward URL/,
    ],
    [
      'JSON and the payload on one stream',
      () => ['--payload', payload(), '--write-payload', '-', '--json'],
      2,
      /both write/,
    ],
    [
      'a payload without URLs',
      () => ['--payload', temporaryFile('{"event":"meeting.started","payload":{}}')],
      2,
      /has no server_urls[\s\S]*rtms connect --payload/,
    ],
    [
      'a placeholder',
      () => ['--payload', temporaryFile(started('wss://<server>'))],
      2,
      /lead nowhere: the URL is a placeholder/,
    ],
    [
      'another host',
      () => ['--payload', temporaryFile(started('wss://evil.test'))],
      2,
      /leads to evil\.test[\s\S]*--allow-host evil\.test/,
    ],
    [
      'a folder that is not there',
      () => ['--payload', payload(), '--write-payload', '/no/such/mine.json'],
      2,
      /cannot write .*its folder does not exist/,
    ],
    [
      'a recording that exists',
      () => ['--payload', payload(), '--record', temporaryFile('')],
      2,
      /cannot record to .*exists already/,
    ],
    [
      'a recording that exists, with webhooks to come',
      () => ['--listen', '0', '--forward', 'http://x', '--record', temporaryFile('')],
      2,
      /cannot record to .*exists already/,
    ],
    [
      'a port in use',
      async () => ['--payload', payload(), '--port', await taken()],
      3,
      /another program listens there/,
    ],
  ])('%s', async (_, args, exit, words) => {
    const { stdout, stderr, code } = await runRtms(['proxy', ...(await args())]);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^error: .*\n {2}give /);
    expect(code).toBe(exit);
    expect(stdout).not.toContain('error');
  });

  it('the webhook it is made from as the file to write', async () => {
    const path = payload();
    const before = readFileSync(path);
    const { stderr, code } = await runRtms(['proxy', '--payload', path, '--write-payload', path]);
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      'error: --write-payload would overwrite the webhook it is made from',
    ]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('leaves no recording behind where it could not start', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    await runRtms(['proxy', '--payload', payload(), '--write-payload', '/no/such/mine.json', '--record', record]);
    expect(existsSync(record)).toBe(false);
  });
});
