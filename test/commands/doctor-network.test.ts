/**
 * What `rtms doctor` finds out by itself, as the built binary says it: against a stand-in for Zoom's API, an endpoint
 * and the mock server, all on this machine, and the transcripts in fixtures/transcripts/doctor-*.txt.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { isObject } from '../../src/protocol/json.js';
import { answerUrlValidation, verifyWebhook } from '../../src/protocol/signature.js';
import { temporaryFolder } from '../helpers/folder.js';
import { httpServer, webSocketServer } from '../helpers/servers.js';
import { expectTranscript, runRtms } from '../helpers/transcript.js';
import {
  ACCOUNT_ID,
  answer,
  APP_ID,
  fakeZoomApi,
  logsOf,
  PAIR,
  USER_TOKEN,
  type FakeOptions,
} from '../helpers/zoom-api.js';

// Each runs a process.
vi.setConfig({ testTimeout: 30_000 });

const SECRET_TOKEN = 'exampleSecretToken000001';
const CREDENTIALS = { ZOOM_CLIENT_ID: PAIR.clientId, ZOOM_CLIENT_SECRET: PAIR.clientSecret };
const SECRETS = [PAIR.clientSecret, SECRET_TOKEN, USER_TOKEN];
/** Nothing listens there. */
const NOBODY = 'http://localhost:9';

const fixture = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

/** The started webhook of a meeting, with the stream's server on this machine. */
async function started(more: object = {}): Promise<string> {
  const webhook: unknown = JSON.parse(fixture('webhooks/meeting.rtms_started.json'));
  const { payload } = isObject(webhook) ? webhook : {};
  const server = await webSocketServer(() => undefined);
  return JSON.stringify({ ...Object(webhook), payload: { ...Object(payload), server_urls: server, ...more } });
}

/** What differs from run to run: versions, ports, times, chance. */
const normalise = (output: string): string =>
  output
    .replaceAll(/Node \d+\.\d+\.\d+/g, 'Node x.y.z')
    .replaceAll(/(localhost|127\.0\.0\.1|::1):\d+/g, '$1:PORT')
    .replaceAll(/\d+(?:\.\d+)? ms\b/g, 'N ms')
    .replaceAll(/\d+ days left/g, 'N days left')
    // How long times and ports are decides where lines break.
    .replaceAll(/^ {2}(?:ruled out .*(?:\n {16}\S.*)*|\d [✖!] .*(?:\n {40}\S.*)*)/gm, (lines) =>
      lines.replaceAll(/\n +/g, ' '),
    )
    .replaceAll(/"(plainToken|encryptedToken)":"[^"]*"/g, '"$1":"…"');

interface Run {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly fake?: FakeOptions;
}

type Case = readonly [name: string, what: string, run: () => Run | Promise<Run>];

const transcripts = (cases: readonly Case[]): void => {
  it.each(cases)('%s: %s', async (name, _, prepare) => {
    const { args = [], env = {}, files = {}, fake = {} } = await prepare();
    const { url } = await fakeZoomApi(fake);
    const cwd = temporaryFolder();
    for (const [file, content] of Object.entries(files)) writeFileSync(join(cwd, file), content);
    const options = { env: { ZOOM_HOST: url, ...env }, cwd, normalise };
    const { stdout, stderr } = await expectTranscript(`doctor-${name}`, ['doctor', ...args], options);
    for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
  });
};

const APP = ['--app-id', APP_ID, '--token-file', 'token.txt'];
const TOKEN = { 'token.txt': USER_TOKEN };
const LOG = `/v2/marketplace/apps/${APP_ID}/webhook_logs`;
const OTHERS = answer(200, 'webhook-logs.other-events');

describe('what Zoom tells', () => {
  transcripts([
    ['online-nothing', 'nothing is configured', () => ({})],
    [
      'online-right',
      'a General app, all of it right',
      async () => ({
        args: [...APP, '--payload', 'started.json'],
        env: CREDENTIALS,
        files: { ...TOKEN, 'started.json': await started() },
      }),
    ],
    [
      'online-pair',
      'a pair that Zoom does not know',
      () => ({ env: { ...CREDENTIALS, ZOOM_CLIENT_SECRET: 'anotherClientSecretAAAABBBBCCC02' } }),
    ],
    [
      'online-s2s',
      'the pair of a Server-to-Server app, and a meeting',
      async () => ({
        args: ['--payload', 'started.json'],
        env: CREDENTIALS,
        files: { 'started.json': await started({ account_id: ACCOUNT_ID }) },
        fake: { app: 's2s' },
      }),
    ],
    [
      'online-account',
      'an account id, and an app that is not Server-to-Server',
      () => ({ args: ['--account-id', ACCOUNT_ID], env: CREDENTIALS }),
    ],
    [
      'online-scopes',
      'a token that lacks scopes',
      () => ({ args: APP, env: CREDENTIALS, files: TOKEN, fake: { userScopes: ['user:read:user'] } }),
    ],
    [
      'online-undelivered',
      'a log with deliveries that failed',
      () => ({
        args: ['--app-id', APP_ID],
        env: { ZOOM_ACCESS_TOKEN: USER_TOKEN },
        fake: { answers: { [LOG]: [answer(200, 'webhook-logs.failed')] } },
      }),
    ],
    [
      'online-never-sent',
      'a log without the started event',
      () => ({
        args: APP,
        files: TOKEN,
        fake: { answers: { [LOG]: [logsOf(OTHERS, 'meeting.rtms_started'), OTHERS] } },
      }),
    ],
    ['online-no-network', 'no way to Zoom', () => ({ env: { ...CREDENTIALS, ZOOM_HOST: NOBODY } })],
    ['online-host', 'a host that is not of Zoom', () => ({ env: { ZOOM_HOST: 'zoom.example.com' } })],
    ['offline', 'nothing is asked', () => ({ args: ['--offline'], env: CREDENTIALS })],
  ]);

  it('is told as JSON too', async () => {
    const { url } = await fakeZoomApi();
    const { stdout, stderr, code } = await runRtms(['doctor', '--json'], { env: { ZOOM_HOST: url, ...CREDENTIALS } });
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, ok: true, summary: { fail: 0, crash: 0 } });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

interface Posted {
  readonly event: string;
  readonly plainToken: string;
  /** Signed with the Secret Token, a while ago at most. */
  readonly signed: boolean;
}

/** A right one, except where `spoil` has a status for what is posted. */
async function endpoint(spoil: (posted: Posted) => number | undefined = () => undefined): Promise<Run> {
  const port = await httpServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const value: unknown = JSON.parse(body);
    const { event, payload } = isObject(value) ? value : {};
    const header = (name: string): string => String(request.headers[name]);
    const timestamp = header('x-zm-request-timestamp');
    const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
    const signed = isFresh && verifyWebhook(header('x-zm-signature'), Buffer.from(body), timestamp, SECRET_TOKEN);
    const plainToken = String(isObject(payload) && payload['plainToken']);
    const isChallenge = event === 'endpoint.url_validation';
    const status = spoil({ event: String(event), plainToken, signed }) ?? (isChallenge || signed ? 200 : 401);
    response.writeHead(status, status === 301 ? { location: '/elsewhere' } : {});
    response.end(isChallenge ? JSON.stringify(answerUrlValidation(plainToken, SECRET_TOKEN)) : '');
  }

  const env = { ...CREDENTIALS, ZOOM_SECRET_TOKEN: SECRET_TOKEN };
  return { args: ['--webhook-url', `http://localhost:${port}/webhook`], env };
}

const unlessChallenge =
  (status: number) =>
  ({ event }: Posted): number | undefined =>
    event === 'endpoint.url_validation' ? undefined : status;

describe('what the endpoint answers', () => {
  transcripts([
    ['endpoint-right', 'as Zoom wants it', () => endpoint()],
    ['endpoint-unguarded', 'it takes anything', () => endpoint(unlessChallenge(200))],
    ['endpoint-refuses', 'it refuses what is signed', () => endpoint(unlessChallenge(401))],
    ['endpoint-redirect', 'it leads elsewhere', () => endpoint(() => 301)],
    [
      'endpoint-other-token',
      'it has another Secret Token',
      async () => {
        const { env, ...run } = await endpoint();
        return { ...run, env: { ...env, ZOOM_SECRET_TOKEN: 'exampleSecretToken000002' } };
      },
    ],
    [
      'endpoint-absent',
      'nothing',
      () => ({ args: ['--webhook-url', `${NOBODY}/webhook`], env: { ZOOM_SECRET_TOKEN: SECRET_TOKEN } }),
    ],
    ['endpoint-url', 'no URL', () => ({ args: ['--webhook-url', 'app.example.com/webhook'] })],
  ]);
});

const MINE = { 'mine.json': fixture('frames/handshake.no-delimiter.json') };

describe('what a server makes of a handshake', () => {
  transcripts([
    ['live-mock', 'ours', () => ({ args: ['--live', '--mock', '--media', 'audio'] })],
    ['live-mine', 'one that fails', () => ({ args: ['--live', '--mock', '--handshake', 'mine.json'], files: MINE })],
    ['live-payload', 'without a webhook', () => ({ args: ['--live'], env: CREDENTIALS })],
    ['bisect', 'one that fails', () => ({ args: ['--bisect', '--mock', '--handshake', 'mine.json'], files: MINE })],
    [
      'bisect-accepted',
      'one that is right',
      () => ({
        args: ['--bisect', '--mock', '--handshake', 'mine.json'],
        files: { 'mine.json': fixture('frames/handshake.json') },
      }),
    ],
    ['bisect-no-handshake', 'none', () => ({ args: ['--bisect', '--mock'] })],
    ['bisect-no-server', 'no server', () => ({ args: ['--bisect', '--handshake', 'mine.json'], files: MINE })],
    ['mock-alone', 'nothing is sent', () => ({ args: ['--mock'] })],
    ['offline-live', 'and nothing may be asked', () => ({ args: ['--offline', '--live'] })],
  ]);
});
