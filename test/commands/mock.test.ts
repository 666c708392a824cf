/** `rtms mock` as a user runs it: the built binary, real sockets, an app of its own. */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { DEMO } from '../../src/net/demo.js';
import { MESSAGE_TYPE } from '../../src/protocol/codes.js';
import { clientReadyAck, dataHandshake, signalingHandshake } from '../../src/protocol/messages.js';
import { signHandshake } from '../../src/protocol/signature.js';
import { decodeWebhook, type Webhook } from '../../src/protocol/webhooks.js';
import { parseRecording } from '../../src/session/jsonl.js';
import { startApp } from '../helpers/app.js';
import { temporaryFile, temporaryFolder } from '../helpers/folder.js';
import { open, type Client } from '../helpers/mock-client.js';
import { Running } from '../helpers/running.js';
import { runRtms } from '../helpers/transcript.js';

// Each runs a process, some for seconds.
vi.setConfig({ testTimeout: 60_000 });

const { SIGNALING_HAND_SHAKE_RESP, DATA_HAND_SHAKE_RESP, MEDIA_DATA_AUDIO } = MESSAGE_TYPE;

interface Waiting {
  readonly running: Running;
  readonly webhook: Webhook;
}

/** The mock, with its payload written for a client. */
async function waiting(args: readonly string[] = [], env = {}): Promise<Waiting> {
  const path = join(temporaryFolder(), 'started.json');
  const running = new Running(['mock', '--write-payload', path, ...args], env);
  await running.said(args.includes('--json') ? /"note","label":"payload/ : /payload {6}.*for your client/);
  return { running, webhook: decodeWebhook(JSON.parse(readFileSync(path, 'utf8'))) };
}

const identityOf = ({ entity = DEMO.entity, streamId = '' }: Webhook, secret: string = DEMO.clientSecret) => ({
  entity,
  streamId,
  signature: signHandshake({ clientId: DEMO.clientId, entityId: entity.value, streamId }, secret),
});
const urlOf = ({ serverUrls }: Webhook): string => serverUrls.urls[0] ?? '';

async function knock(webhook: Webhook, further: object = {}, ca?: string): Promise<Client> {
  const client = await open(urlOf(webhook), ca === undefined ? {} : { ca });
  client.send({ ...signalingHandshake(identityOf(webhook)), ...further });
  return client;
}

/** A right client, until it has media. */
async function visit(webhook: Webhook): Promise<Client[]> {
  const signaling = await knock(webhook);
  await signaling.take(SIGNALING_HAND_SHAKE_RESP);
  const media = await open(urlOf(webhook).replace('signaling', 'audio'));
  media.send(dataHandshake({ ...identityOf(webhook), mediaType: 1 }));
  await media.take(DATA_HAND_SHAKE_RESP);
  signaling.send(clientReadyAck(webhook.streamId ?? ''));
  await media.take(MEDIA_DATA_AUDIO);
  return [media, signaling];
}

async function leave(clients: readonly Client[]): Promise<void> {
  for (const { socket, closed } of clients) {
    socket.close(1000);
    await closed;
  }
}

const Result = v.looseObject({
  type: v.literal('result'),
  schemaVersion: v.literal(1),
  exitCode: v.number(),
  sessions: v.array(v.looseObject({ session: v.number(), findings: v.array(v.looseObject({ rule: v.string() })) })),
});
const resultIn = (stdout: string) => v.parse(Result, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));

describe('for a client', () => {
  it('says where it is and what to give the client, and what happens', async () => {
    const { running, webhook } = await waiting();
    await leave(await visit(webhook));
    const { stdout, code } = await running.interrupt();
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}mock {9}ws:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toContain(`ZOOM_CLIENT_SECRET=${DEMO.clientSecret}`);
    expect(stdout).toContain('SIGNALING_HAND_SHAKE_RESP status 0 OK');
    expect(stdout).toMatch(/✔ .*audio \d+/);
    expect(stdout).not.toContain('MEDIA_DATA_AUDIO');
    expect(stdout).not.toContain(identityOf(webhook).signature);
  });

  it('says at once what is wrong with a message, by which rule, with the bytes and the fix', async () => {
    const { running, webhook } = await waiting(['--scenario', 'silent-close', '--tell']);
    const client = await open(urlOf(webhook));
    const json = Buffer.from(JSON.stringify(signalingHandshake(identityOf(webhook))));
    const head = Buffer.from([1, 0, 0, 0, json.length]);
    client.send(Buffer.concat([head, json]));
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([1000, expect.stringMatching(/^handshake-not-json: 5 bytes stand before the JSON/)]);
    const run = await running.interrupt();
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/✖ certain {3}handshake-not-json {6}5 bytes stand before the JSON/);
    expect(run.stdout).toMatch(/00000000 {2}01 00 00 00 .*\n +~~~~~~~~~~~~~~\n/);
    expect(run.stdout).toContain('send the JSON alone, as a text frame');
    expect(run.stdout).toContain('the mock says: signaling: refused with status 4 (INVALID_PAYLOAD)\n');
  });

  it('explains a signature by recomputing it, and tells the client nothing unless asked', async () => {
    const { running, webhook } = await waiting(['--scenario', 'silent-close']);
    const client = await knock(webhook, { signature: identityOf(webhook, DEMO.secretToken).signature });
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    const { stdout, code } = await running.interrupt();
    expect(code).toBe(1);
    expect(stdout).toMatch(/✖ certain {3}signature-mismatch/);
  });

  it('does not blame the client for what the scenario does', async () => {
    const { running, webhook } = await waiting(['--scenario', 'refuse-each-status-3']);
    await (
      await knock(webhook)
    ).closed;
    expect((await running.interrupt()).code).toBe(0);
  });

  it('takes the next client on once the stream is over', async () => {
    const { running, webhook } = await waiting(['--scenario', 'stop-reason-6', '--speed', '10']);
    const [, first] = await visit(webhook);
    await first?.closed;
    await running.said(/for the next client it begins anew/);
    await leave(await visit(webhook));
    expect((await running.interrupt()).code).toBe(0);
  });

  it('has the credentials it is given', async () => {
    const env = { ZOOM_CLIENT_ID: 'EXAMPLEclientId0000001', ZOOM_CLIENT_SECRET: 'exampleClientSecretAAAABBBBCCCC01' };
    const { running, webhook } = await waiting(['--duration', '2s'], env);
    const { entity = DEMO.entity, streamId = '' } = webhook;
    const parts = { clientId: env.ZOOM_CLIENT_ID, entityId: entity.value, streamId };
    const client = await knock(webhook, { signature: signHandshake(parts, env.ZOOM_CLIENT_SECRET) });
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
    const { stdout, code } = await running.ended();
    expect(code).toBe(0);
    expect(stdout).toContain('ZOOM_CLIENT_ID from the environment');
    expect(stdout).not.toContain(env.ZOOM_CLIENT_SECRET);
  });

  it.each([
    ['webinar', 'webinar_uuid'],
    ['video-sdk', 'session_id'],
    ['contact-center', 'engagement_id'],
    ['phone', 'call_id'],
  ])('plays a %s', async (product, field) => {
    const { running, webhook } = await waiting(['--product', product, '--duration', '2s']);
    expect(webhook).toMatchObject({ product, entity: { field } });
    const client = await knock(webhook);
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
    await running.ended();
  });

  it('listens on IPv6', async () => {
    const { running, webhook } = await waiting(['--host', '::1', '--duration', '2s']);
    expect(urlOf(webhook)).toMatch(/^ws:\/\/\[::1\]:\d+\/signaling$/);
    await (await knock(webhook)).take(SIGNALING_HAND_SHAKE_RESP);
    await running.ended();
  });

  it('offers wss:// with a certificate made on the spot', async () => {
    const folder = temporaryFolder();
    const { running, webhook } = await waiting(['--tls', folder, '--duration', '3s']);
    const ca = readFileSync(join(folder, 'ca.pem'), 'utf8');
    const client = await knock(webhook, {}, ca);
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 0 });
    expect((await running.ended()).stdout).toContain(`your client has to trust ${folder}/ca.pem`);
  });
});

describe('several streams', () => {
  it('run at once, each with its payload, its number and its recording', async () => {
    const folder = temporaryFolder();
    const [payload, record] = [join(folder, 'started.json'), join(folder, 's.rtms.jsonl')];
    const args = ['--sessions', '3', '--write-payload', payload, '--record', record];
    const running = new Running(['mock', ...args]);
    await running.said(/started-3\.json, for your client/);
    const webhooks = ['started.json', 'started-2.json', 'started-3.json'].map((name) =>
      decodeWebhook(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    );
    expect(new Set(webhooks.map(({ streamId }) => streamId)).size).toBe(3);
    const visits = await Promise.all(webhooks.map(visit));
    for (const clients of visits) await leave(clients);
    const { stdout, code } = await running.interrupt();
    expect(code).toBe(0);
    expect(stdout).toMatch(/→ \S+ #2 signaling/);
    const records = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    expect(records.toSorted()).toEqual(['s-2.rtms.jsonl', 's-3.rtms.jsonl', 's.rtms.jsonl']);
    for (const name of records) {
      const { header, events, problems } = parseRecording(readFileSync(join(folder, name), 'utf8'));
      expect([header.command, problems]).toEqual(['mock', []]);
      expect(events.some((event) => event.type === 'frame' && event.text?.includes('"msg_type":14'))).toBe(true);
    }
  });

  it('refuse the ids of another', async () => {
    const folder = temporaryFolder();
    const payload = join(folder, 'started.json');
    const running = new Running(['mock', '--sessions', '2', '--write-payload', payload]);
    await running.said(/started-2\.json, for your client/);
    const [one, two] = ['started.json', 'started-2.json'].map((name) =>
      decodeWebhook(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    );
    if (!one || !two) throw new Error('two payloads are expected');
    const client = await open(urlOf(one));
    client.send(signalingHandshake(identityOf(two)));
    expect(await client.take(SIGNALING_HAND_SHAKE_RESP)).toMatchObject({ status_code: 2 });
    const { stdout } = await running.interrupt();
    expect(stdout).toContain('handshake-id-mismatch');
  });
});

describe('the started webhook', () => {
  it.each([
    ['meeting', { operator_id: 'demoOperator01', meeting_id: '81234567890', is_original_host: true }],
    ['webinar', { operator_id: 'demoOperator01', webinar_id: '91234567890' }],
    ['video-sdk', { session_key: 'my-session-room' }],
    ['phone', { call_id: '7123456789012345678' }],
  ])('of a %s has the documented fields, flat', async (product, fields) => {
    const { stdout } = await runRtms(['mock', '--write-payload', '-', '--product', product, '--duration', '1ms']);
    expect(JSON.parse(stdout)).toMatchObject({ payload: fields });
  });
});

describe('for an app', () => {
  it('validates the URL, sends the webhooks, and ends with the stream', async () => {
    const app = await startApp();
    const args = ['--scenario', 'stop-reason-6', '--speed', '5', '--webhook', app.url];
    const { stdout, code } = await new Running(['mock', ...args]).ended();
    expect(code).toBe(0);
    expect(app.events.map(({ kind, stopReason }) => [kind, stopReason])).toEqual([
      ['started', undefined],
      ['stopped', 6],
    ]);
    expect(stdout).toContain('✔');
  });

  it('does not send events to a URL that is not valid, and says which key was used', async () => {
    const app = await startApp({ secretToken: DEMO.clientSecret });
    const { stdout, code } = await new Running(['mock', '--webhook', app.url]).ended();
    expect(code).toBe(1);
    expect(app.events).toEqual([]);
    expect(stdout).toMatch(/webhook-validation/);
    expect(stdout).toContain('the URL is not valid: Zoom would send nothing there');
    expect(stdout).toContain('client secret');
  });

  it('does not wait for an answer once it is interrupted', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const running = new Running(['mock', '--webhook', `http://127.0.0.1:${Object(silent.address()).port}/`]);
    const [asked] = await once(silent, 'connection');
    expect((await running.interrupt()).code).toBe(130);
    asked.destroy();
    silent.close();
  });

  it('says that events are refused, and comes again', async () => {
    const app = await startApp({ status: 500 });
    const args = ['--webhook', app.url, '--speed', '1000', '--duration', '3s'];
    const { stdout, code } = await new Running(['mock', ...args]).ended();
    expect(code).toBe(1);
    expect(stdout).toContain('webhook-refused');
    expect(stdout).toMatch(/no 200 within 3 s: again in \d+ ms, which Zoom does after 5 min/);
    expect(app.events.length).toBeGreaterThan(1);
  });

  it('judges a client in every scenario', async () => {
    const html = join(temporaryFolder(), 'report.html');
    const app = await startApp({ clientSecret: 'another-secret', speed: 50 });
    const args = ['--scenario', 'all', '--webhook', app.url, '--speed', '50', '--sessions', '20', '--html', html];
    const { stdout, code } = await new Running(['mock', ...args]).ended();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}ok {26}✖ failed {10}must shake hands on signaling without a fault/m);
    expect(stdout).toMatch(/\n✖ 107 scenarios: .*failed/);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
  });
});

describe('for a program', () => {
  it('prints JSON alone: the webhook, the events, the result', async () => {
    const { running, webhook } = await waiting(['--json']);
    await leave(await visit(webhook));
    const { stdout, stderr, code } = await running.interrupt();
    expect([stderr, code]).toEqual(['', 0]);
    const lines: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const types = new Set(lines.map((line) => Reflect.get(Object(line), 'type')));
    expect([...types]).toEqual(
      expect.arrayContaining(['note', 'webhook', 'phase', 'frame', 'check', 'close', 'result']),
    );
    expect(resultIn(stdout)).toMatchObject({ exitCode: 0, sessions: [{ session: 1, findings: [] }] });
  });

  it('lists the scenarios', async () => {
    const { stdout } = await runRtms(['mock', '--list', '--json']);
    const { scenarios } = v.parse(
      v.looseObject({ scenarios: v.array(v.looseObject({ name: v.string() })) }),
      JSON.parse(stdout),
    );
    expect(scenarios).toHaveLength(107);
    const { stdout: text } = await runRtms(['mock', '--list']);
    expect(text).toMatch(/^stop-reason-0 … stop-reason-26$/m);
    expect(text).toMatch(/^ {2}client {6}opens the lost media sockets again within 65 s/m);
  });

  it('writes the payload alone to standard output', async () => {
    const running = new Running(['mock', '--write-payload', '-', '--duration', '1s']);
    const { stdout } = await running.ended();
    expect(decodeWebhook(JSON.parse(stdout))).toMatchObject({ kind: 'started' });
  });
});

describe('plays', () => {
  it("the developer's own media", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.l16'), Buffer.alloc(640, 'ab'));
    const { running, webhook } = await waiting(['--media-dir', folder]);
    const signaling = await knock(webhook);
    await signaling.take(SIGNALING_HAND_SHAKE_RESP);
    const media = await open(urlOf(webhook).replace('signaling', 'audio'));
    media.send(dataHandshake({ ...identityOf(webhook), mediaType: 1 }));
    await media.take(DATA_HAND_SHAKE_RESP);
    signaling.send(clientReadyAck(webhook.streamId ?? ''));
    const { content } = await media.take(MEDIA_DATA_AUDIO);
    expect(Reflect.get(Object(content), 'data')).toBe(Buffer.alloc(640, 'ab').toString('base64'));
    expect((await running.interrupt()).stdout).toContain('1 sound');
  });

  it('a recording back', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const first = await waiting(['--record', record, '--scenario', 'stop-reason-6', '--speed', '5']);
    const [, signaling] = await visit(first.webhook);
    await signaling?.closed;
    await first.running.interrupt();

    const { running, webhook } = await waiting(['--replay', record, '--speed', '5']);
    const [media, again] = await visit(webhook);
    await again?.closed;
    expect(media?.came.filter(({ type }) => type === 14).length).toBeGreaterThan(10);
    const types = (client: Client | undefined): Set<unknown> => new Set(client?.came.map(({ type }) => type));
    expect(types(again)).toEqual(types(signaling));
    await running.interrupt();
  });
});

describe('does not start', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'an unknown scenario',
      ['--scenario', 'nonsense'],
      /no scenario is called nonsense\n {2}list them with rtms mock --list/,
    ],
    [
      'a family of variants',
      ['--scenario', 'stop-reason'],
      /no scenario is called stop-reason\n {2}give --scenario stop-reason-0\|/,
    ],
    ['a slip in the name', ['--scenario', 'silent-clos'], /no scenario is called silent-clos\n {2}give --scenario silent-close\n/],
    ['a file that is not there', ['--scenario', './none.json'], /cannot read \.\/none\.json: there is no such file/],
    ['a folder in place of a recording', ['--replay', '.'], /cannot read \.: it is a directory/],
    ['two things to play', ['--scenario', 'ok', '--replay', 'x'], /--scenario and --replay exclude each other/],
    ['a report of nothing', ['--html', 'x.html'], /--html is the report of a conformance run/],
    ['an endpoint that is none', ['--webhook', 'localhost'], /--webhook is not the URL of an HTTP endpoint/],
    ['a folder that is not there', ['--media-dir', 'none'], /cannot read the folder none: it does not exist/],
    ['no stream', ['--sessions', '0'], /at least 1 is expected/],
    ['a speed of nothing', ['--speed', '0'], /it is not a number above 0/],
  ])('with %s', async (_, args, message) => {
    const { stderr, code } = await runRtms(['mock', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('with a file that is no scenario', async () => {
    const file = temporaryFile('{"name":"mine"}', 'mine.json');
    const { stderr, code } = await runRtms(['mock', '--scenario', file]);
    expect(stderr).toContain('not a scenario: description: is missing; ');
    expect(code).toBe(2);
  });

  it('on a port that is taken', async () => {
    const { running, webhook } = await waiting();
    const { stderr, code } = await runRtms(['mock', '--port', new URL(urlOf(webhook)).port]);
    expect(stderr).toContain('another program listens there already');
    expect(code).toBe(3);
    await running.interrupt();
  });
});
