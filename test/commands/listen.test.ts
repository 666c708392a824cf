/** `rtms listen` as a user runs it: the built binary, webhooks over real connections, real files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DEMO } from '../../src/net/demo.js';
import { startMockServer } from '../../src/net/server.js';
import { answerUrlValidation, signWebhook } from '../../src/protocol/signature.js';
import { readScenario } from '../../src/scenarios.js';
import { parseRecording } from '../../src/session/jsonl.js';
import { temporaryFolder } from '../helpers/folder.js';
import { httpServer } from '../helpers/servers.js';
import { BIN, runRtms, type Run } from '../helpers/transcript.js';

// Each runs a process.
vi.setConfig({ testTimeout: 30_000 });

const SECRET_TOKEN = 'exampleSecretToken0004';
const TOKEN = { ZOOM_SECRET_TOKEN: SECRET_TOKEN };
const DEMO_PAIR = { ZOOM_CLIENT_ID: DEMO.clientId, ZOOM_CLIENT_SECRET: DEMO.clientSecret };
const PLAIN_TOKEN = 'qgg8vlvZRS6UYooatFL8Aw';

const Listening = v.looseObject({ facts: v.looseObject({ url: v.string() }) });
const Result = v.looseObject({
  type: v.literal('result'),
  schemaVersion: v.literal(1),
  ok: v.boolean(),
  exitCode: v.number(),
  findings: v.array(v.looseObject({ rule: v.string(), cause: v.optional(v.string()), status: v.string() })),
  ruledOut: v.array(v.looseObject({ rule: v.string() })),
  summary: v.looseObject({ webhooks: v.record(v.string(), v.number()) }),
  next: v.string(),
});

interface Listener {
  readonly url: string;
  /** What it has said so far. */
  readonly said: () => string;
  /** Resolves once it has said this. */
  readonly until: (words: string | RegExp) => Promise<void>;
  readonly interrupt: () => void;
  readonly ended: Promise<Run>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs it on a free port, until it listens. */
async function listen(
  args: readonly string[],
  { env = TOKEN, cwd = temporaryFolder() }: Options = {},
): Promise<Listener> {
  const child = spawn(process.execPath, [BIN, 'listen', '--port', '0', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  const heard = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const listener of heard) listener();
  });
  const until = (words: string | RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (typeof words === 'string' ? !stdout.includes(words) : !words.test(stdout)) return;
        heard.delete(look);
        resolve();
      };
      heard.add(look);
      look();
    });
  const stderr = text(child.stderr);
  const ended = once(child, 'close').then(async () => ({ stdout, stderr: await stderr, code: child.exitCode ?? -1 }));
  await Promise.race([until(/listening.*\n/), ended]);
  const [line = ''] = stdout.split('\n');
  const url = line.startsWith('{')
    ? v.parse(Listening, JSON.parse(line)).facts.url
    : (/http:\S+/.exec(line)?.[0] ?? 'http://not.listening');
  return { url, said: () => stdout, until, interrupt: () => void child.kill('SIGINT'), ended };
}

const webhook = (event: string, payload: object = {}, ts = Date.now()): string =>
  JSON.stringify({ event, event_ts: ts, payload });
const STARTED = webhook('meeting.rtms_started', {
  meeting_uuid: DEMO.entity.value,
  meeting_id: '81234567890',
  operator_id: 'exampleOperator01',
  rtms_stream_id: DEMO.streamId,
  server_urls: 'wss://rtms-iad1.zoom.us:443',
});
const BEGAN = webhook('meeting.started', { object: { uuid: DEMO.entity.value, id: '81234567890' } });
const VALIDATION = webhook('endpoint.url_validation', { plainToken: PLAIN_TOKEN });

async function post(url: string, body: string | Buffer, key: string | undefined = SECRET_TOKEN): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (key !== '') {
    headers['x-zm-request-timestamp'] = timestamp;
    headers['x-zm-signature'] = signWebhook(body, timestamp, key);
  }
  return fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
}

function resultOf({ stdout }: Run): v.InferOutput<typeof Result> {
  return v.parse(Result, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

const findings = (run: Run): string[] =>
  resultOf(run).findings.map(({ rule, cause, status }) => [rule, cause, status].filter(Boolean).join(' '));

/** What is found after these webhooks, the last of which is the one it leaves after. */
async function found(bodies: readonly string[], args: readonly string[] = []): Promise<string[]> {
  const { url, ended } = await listen(['--json', '--once', 'rtms_started', ...args]);
  for (const body of bodies) await post(url, body);
  const run = await ended;
  expect(run.stderr).toBe('');
  expect(run.code).toBe(findings(run).some((finding) => finding.endsWith('fail')) ? 1 : 0);
  return findings(run);
}

/** Times, ports, durations and so signatures differ from run to run. */
const normalise = (output: string): string =>
  output
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'HH:MM:SS.mmm')
    .replaceAll(/\b(localhost|127\.0\.0\.1):\d+/g, '$1:PORT')
    .replaceAll(/(ngrok http) \d+/g, '$1 PORT')
    .replaceAll(/\bv0=.….{4}/g, 'v0=s…sent')
    .replaceAll(/\d+(?:\.\d+)? (?:ms|s)\b/g, 'N ms');

describe('on the screen', () => {
  it('reads like the transcript', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, '.env'), `ZOOM_SECRET_TOKEN=${SECRET_TOKEN}\n`);
    const port = await httpServer((_, response) => response.writeHead(500).end('TypeError'));
    const args = ['--path', '/zoom', '--forward', `http://localhost:${port}/app`];
    const { url, until, interrupt, ended } = await listen(args, { env: {}, cwd });
    await post(url, VALIDATION);
    await until('webhook-validation');
    await post(url, STARTED);
    await until('webhook-refused');
    await post(url, STARTED, 'demo-secret-not-a-real-one-00001');
    await until('webhook-duplicate');
    interrupt();
    const { stdout, stderr, code } = await ended;
    expect([stderr, code]).toEqual(['', 1]);
    expect(stdout).not.toContain(SECRET_TOKEN);
    await expect(normalise(stdout)).toMatchFileSnapshot('../../fixtures/transcripts/listen.txt');
  });

  it('says what is missing without a Secret Token, and that nothing came', async () => {
    const { interrupt, ended } = await listen([], { env: {} });
    interrupt();
    const { stdout, code } = await ended;
    expect(code).toBe(0);
    await expect(normalise(stdout)).toMatchFileSnapshot('../../fixtures/transcripts/listen-nothing.txt');
  });

  it('ends quietly with the next webhook when the reader has gone away', async () => {
    const command = `"${process.execPath}" "${BIN}" listen --port 0 | head -n 1`;
    const child = spawn('sh', ['-c', command], { env: { PATH: process.env['PATH'] } });
    const stderr = text(child.stderr);
    const closed = once(child, 'close');
    const stdout = await new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
    expect(stdout).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\/\n$/);
    const url = stdout.replace('listening on ', '').trim();
    const isThere = (): Promise<boolean> => post(url, STARTED).then(Boolean, () => false);
    while (await isThere());
    await closed;
    expect(await stderr).toBe('');
  });
});

describe('a URL validation', () => {
  it('is answered', async () => {
    const { url, interrupt } = await listen(['--json']);
    expect(await (await post(url, VALIDATION, '')).json()).toEqual(answerUrlValidation(PLAIN_TOKEN, SECRET_TOKEN));
    interrupt();
  });

  it('is left to the app without a Secret Token', async () => {
    const port = await httpServer((_, response) => response.end('mine'));
    const { url, interrupt, ended } = await listen(['--json', '--forward', `http://localhost:${port}`], { env: {} });
    const response = await post(url, VALIDATION);
    expect([response.status, await response.text()]).toEqual([200, 'mine']);
    interrupt();
    expect(findings(await ended)).toEqual(['webhook-validation wrong-body fail']);
  });

  it('without a Secret Token and an app is a finding', async () => {
    const { url, interrupt, ended } = await listen(['--json'], { env: {} });
    expect((await post(url, VALIDATION)).status).toBe(503);
    interrupt();
    expect(findings(await ended)).toEqual(['webhook-validation no-token fail']);
  });
});

describe('what is found', () => {
  it('is nothing where all is well', async () => {
    expect(await found([VALIDATION, BEGAN, STARTED])).toEqual([]);
  });

  it('is the mistake in a signature', async () => {
    const env = { ...TOKEN, ...DEMO_PAIR };
    const { url, until, interrupt, ended } = await listen(['--json', '--once', 'meeting.rtms_started'], { env });
    await post(url, STARTED, DEMO.clientSecret);
    await until('webhook-answer');
    interrupt();
    expect(findings(await ended)).toEqual(['webhook-signature-mismatch wrong-key fail']);
  });

  it('is a sender that signs nothing', async () => {
    const { url, ended } = await listen(['--json', '--once', 'rtms_started']);
    await post(url, STARTED, '');
    expect(findings(await ended)).toEqual(['webhook-signature-mismatch unsigned warn']);
  });

  it.each<[string, RequestListener, string[]]>([
    ['takes it', (_, response) => response.end(), []],
    ['fails', (_, response) => response.writeHead(500).end(), ['webhook-refused server-error fail']],
    [
      'redirects',
      (_, response) => response.writeHead(301, { location: '/a' }).end(),
      ['webhook-refused redirect fail'],
    ],
    ['drops it', (_, response) => response.destroy(), ['webhook-refused unreachable fail']],
    ['never answers', () => undefined, ['webhook-slow no-answer fail']],
  ])('is what an app does that %s', async (_, app, expected) => {
    const port = await httpServer(app);
    expect(await found([STARTED], ['--forward', `http://localhost:${port}/`])).toEqual(expected);
  });

  it('is an app that keeps silent, while it does', async () => {
    const port = await httpServer(() => undefined);
    const { url, until, interrupt, ended } = await listen(['--forward', `http://localhost:${port}/`]);
    await post(url, STARTED);
    await until(/✖ certain {3}webhook-slow[^]*not\s+answered\s+by\s+your\s+app\s+within\s+3\s+s/);
    interrupt();
    expect((await ended).code).toBe(1);
  });

  it('is no fault of a stranger that failed the one who signs right', async () => {
    const { url, ended } = await listen(['--json', '--once', 'rtms_started']);
    await post(url, STARTED, 'of a stranger');
    await post(url, STARTED);
    expect(findings(await ended)).toEqual(expect.arrayContaining(['webhook-signature-mismatch unknown warn']));
    expect((await ended).code).toBe(0);
  });

  it('is a URL validation with nothing to validate', async () => {
    const { url, until, interrupt, ended } = await listen(['--json']);
    expect((await post(url, webhook('endpoint.url_validation'))).status).toBe(400);
    await until('webhook-answer');
    interrupt();
    expect(findings(await ended)).toEqual(['webhook-validation no-plain-token warn']);
  });

  it('is an app that is not there', async () => {
    expect(await found([STARTED], ['--forward', 'http://localhost:1/'])).toEqual(['webhook-refused unreachable fail']);
  });

  it('is a retry, not a failover notice', async () => {
    const stopped = webhook('meeting.rtms_stopped', { rtms_stream_id: 'a', stop_reason: 6 });
    expect(await found([stopped, stopped, STARTED])).toEqual(['webhook-duplicate retry warn']);
  });

  it('is a meeting without RTMS, after a while', async () => {
    const { url, until, interrupt, ended } = await listen(['--json', '--timeout', '100ms']);
    await post(url, BEGAN);
    await until('rtms-awaited');
    interrupt();
    expect(findings(await ended)).toEqual(['rtms-not-started fail']);
  });

  it('is what keeps RTMS from starting, once it did not start', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'answers.json'), '{"rtmsAnswers":1,"answers":{"start-method":"nothing"}}');
    const { url, until, interrupt, ended } = await listen(
      ['--json', '--timeout', '100ms', '--answers', 'answers.json', '--scopes', 'rtms:subscribe'],
      { cwd },
    );
    await post(url, BEGAN);
    await until('rtms-awaited');
    interrupt();
    expect(findings(await ended)).toEqual(
      expect.arrayContaining([
        'start-missing nobody fail',
        'scope-missing all fail',
        'scope-unknown invented fail',
        'rtms-not-started fail',
      ]),
    );
  });

  it('is nothing of the app as long as streams start', async () => {
    expect(await found([STARTED], ['--scopes', 'rtms:subscribe'])).toEqual([]);
  });
});

it('--save keeps each byte for byte, and --payload takes it', async () => {
  const cwd = temporaryFolder();
  const { url, ended } = await listen(['--json', '--save', 'hooks', '--once', 'rtms_started'], { cwd });
  const odd = Buffer.from([0x7b, 0xff, 0x7d]);
  await post(url, odd);
  await post(url, STARTED);
  await ended;
  const names = readdirSync(join(cwd, 'hooks')).toSorted();
  const bodies = names.filter((name) => name.endsWith('.json'));
  expect(names).toHaveLength(4);
  expect(bodies.map((name) => readFileSync(join(cwd, 'hooks', name)))).toEqual([odd, Buffer.from(STARTED)]);
  expect(names.map((name) => readFileSync(join(cwd, 'hooks', name), 'latin1')).join()).not.toMatch(/[0-9a-f]{64}/);
  const { stdout } = await runRtms(['sign', '--payload', join(cwd, 'hooks', bodies[1] ?? '')], { env: DEMO_PAIR });
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
});

it('--record is a recording, without signatures', async () => {
  const cwd = temporaryFolder();
  const { url, ended } = await listen(['--json', '--record', 's.rtms.jsonl', '--once', 'rtms_started'], { cwd });
  await post(url, STARTED);
  const { stdout } = await ended;
  const recorded = readFileSync(join(cwd, 's.rtms.jsonl'), 'utf8');
  const { header, events, problems } = parseRecording(recorded);
  expect(header.command).toBe('listen');
  expect(problems).toEqual([]);
  expect(events.map((event) => (event.type === 'check' ? event.rule : event.type))).toEqual([
    'listening',
    'webhook',
    'webhook-signature-mismatch',
    'webhook-answer',
  ]);
  expect(stdout.split('\n').slice(0, -2)).toEqual(recorded.split('\n').slice(1, -1));
  expect(recorded).not.toMatch(/[0-9a-f]{64}/);
});

describe('--connect', () => {
  const mock = async (scenario = 'ok') => {
    const server = await startMockServer({
      scenario: readScenario(scenario),
      credentials: { clientId: DEMO.clientId, clientSecret: DEMO.clientSecret },
      stream: { product: 'meeting', entity: DEMO.entity, streamId: DEMO.streamId },
    });
    onTestFinished(() => server.close());
    return server;
  };
  const env = { ...TOKEN, ...DEMO_PAIR };
  const args = ['--connect', '--media', 'transcript', '--dump', 'none'];

  it('opens the stream of a start, moves with it, and leaves when it stops', async () => {
    const [first, second] = [await mock(), await mock()];
    const { url, until, interrupt, ended } = await listen(args, { env });
    await post(url, JSON.stringify(first.webhook));
    await until('STREAM_STATE_UPDATE ACTIVE');
    await post(url, JSON.stringify({ ...second.webhook, event_ts: Date.now() + 1 }));
    await until(/STREAM_STATE_UPDATE ACTIVE[^]*signaling close 1000[^]*STREAM_STATE_UPDATE ACTIVE/);
    await post(url, JSON.stringify(first.webhook));
    await until('not connected again');
    await post(url, webhook('meeting.rtms_stopped', { rtms_stream_id: DEMO.streamId, stop_reason: 6 }));
    await until(/✔ .*keep-alive/);
    interrupt();
    const { stdout, code } = await ended;
    expect(code).toBe(0);
    expect(stdout).toContain('failover');
    expect(stdout.match(/signaling close 1000/g)).toHaveLength(2);
  });

  it('does nothing on the word of a wrong signature', async () => {
    const server = await mock();
    const { url, until, interrupt, ended } = await listen(args, { env });
    await post(url, JSON.stringify(server.webhook), 'another key');
    await until('not connected');
    interrupt();
    expect((await ended).stdout).not.toContain('signaling');
  });

  it('keeps to one stream at a time', async () => {
    const server = await mock();
    const { url, until, interrupt, ended } = await listen(args, { env });
    await post(url, JSON.stringify(server.webhook));
    await until('STREAM_STATE_UPDATE ACTIVE');
    await post(url, STARTED.replace(DEMO.streamId, 'another'));
    await until('another stream is open');
    interrupt();
    expect((await ended).stdout.match(/signaling close 1000/g)).toHaveLength(1);
  });

  it('explains what comes of it, and goes on listening', async () => {
    const server = await mock('silent-close');
    const wrong = { ...env, ZOOM_CLIENT_SECRET: 'another-secret-of-another-app' };
    const { url, until, ended } = await listen([...args, '--once', 'meeting.ended'], { env: wrong });
    await post(url, JSON.stringify(server.webhook));
    await until('closed without a reply');
    await post(url, webhook('meeting.ended'));
    expect((await ended).code).toBe(1);
  });

  it('ends with its stream after --once', async () => {
    const server = await mock();
    const { url, until, ended, interrupt } = await listen([...args, '--once', 'rtms_started'], { env });
    await post(url, JSON.stringify(server.webhook));
    await until('STREAM_STATE_UPDATE ACTIVE');
    interrupt();
    expect((await ended).code).toBe(0);
  });

  it('wants credentials', async () => {
    const { stdout, stderr, code } = await runRtms(['listen', '--connect', '--port', '0'], { env: TOKEN });
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(/^error: no client id\n {2}give /);
  });
});

it('--once says when no such event is known', async () => {
  const { interrupt, ended } = await listen(['--once', 'rtms_startd']);
  interrupt();
  expect((await ended).stderr).toBe('warning: no event named rtms_startd is known; rtms_started is\n');
});

describe('what it cannot start with', () => {
  it.each([
    [['--port', '65536'], 'a port is at most 65535'],
    [['--path', 'zoom'], '--path zoom is not a path'],
    [['--path', '/zoom?a'], '--path /zoom?a is not a path'],
    [['--forward', 'localhost:3000'], '--forward localhost:3000 is not an HTTP URL'],
    [['--host', '203.0.113.1'], 'this machine has no such address'],
    [['--timeout', 'soon'], '--timeout soon is not a duration'],
    [['--once', ''], '--once has no event to leave after'],
    [['--media', 'audio'], '--media is for the streams that --connect opens'],
    [['--dump', 'none'], '--dump is for the streams that --connect opens'],
    [['--proxy'], 'there is no app to hand them to'],
    [['--save', '/nowhere/hooks'], 'its folder does not exist'],
    [['--secret-token-file', 'nowhere'], 'there is no such file'],
  ])('%j', async (args, message) => {
    const { stdout, stderr, code } = await runRtms(['listen', ...args]);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^ {2}give /m);
  });

  it('a port in use, and leaves no record behind', async () => {
    const cwd = temporaryFolder();
    const port = await httpServer((_, response) => response.end());
    const args = ['listen', '--host', 'localhost', '--port', String(port), '--record', 's.rtms.jsonl'];
    const { stderr, code } = await runRtms(args, { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain('another program listens there already');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('itself as the app', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = v.parse(v.object({ port: v.number() }), server.address());
    await once(server.close(), 'close');
    const args = ['listen', '--port', String(port), '--forward', `http://localhost:${port}/`];
    const { stderr, code } = await runRtms(args);
    expect(code).toBe(2);
    expect(stderr).toContain('leads back to rtms listen itself');
  });
});
