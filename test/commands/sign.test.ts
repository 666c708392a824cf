/** `rtms sign` as the built binary says it, against the transcripts in fixtures/transcripts/sign-*.txt. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { expectTranscript, runRtms } from '../helpers/transcript.js';

const fixture = (path: string): Buffer => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));

const SECRET = 'demo-secret-not-a-real-one-00001';
const SECRET_TOKEN = 'exampleSecretToken0004';
const SIGNATURE = 'fe5132f8eec85ea914d37341fb05f925bce3478d4e29ba8d01f46bd8ac855636';
const WITHOUT_COMMAS = 'c0ee30d4fe80a366456e92442666d5878ad1f9f06aac9a6697e8fcb60916f5fc';
const OF_ANOTHER_APP = 'aec4b92a061602d098fb0896d986c869e2b1b8fd3cb963cae90494b48ab99e50';

const STARTED = fixture('webhooks/meeting.rtms_started.json').toString();
const HANDSHAKE = fixture('frames/handshake.json');
const BODY = '{ "event":"meeting.rtms_started", "event_ts":1784548800123 }';
const BODY_SIGNATURE = 'v0=355acb7bb76e2efcbbcd7447ee4bf1832c1a4f5094c676a61a96f371718deb62';
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  '.env': `ZOOM_CLIENT_ID=3UVtLa_3TUa4lDu4V7lowA\nZOOM_CLIENT_SECRET=${SECRET}\nZOOM_SECRET_TOKEN=${SECRET_TOKEN}\n`,
  'started.json': STARTED,
  'mine.json': HANDSHAKE,
  'body.json': BODY,
};

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  /** Beside or in place of FILES. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A folder with FILES and those of the case. */
function folder(files: Case['files']): string {
  const path = temporaryFolder();
  for (const [name, content] of Object.entries({ ...FILES, ...files })) writeFileSync(join(path, name), content);
  return path;
}

const transcripts = (cases: readonly Case[]): void => {
  it.each(cases)('$name', async ({ name, args, files, ...options }) => {
    const run = { ...options, cwd: folder(files) };
    const { stdout, stderr } = await expectTranscript(`sign-${name}`, ['sign', ...args], run);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout + stderr).not.toContain(SECRET_TOKEN);
  });
};

const payload = ['--payload', 'started.json'];
const verify = (value: string, ...more: string[]): string[] => [...payload, '--verify', value, ...more];

describe('sign', () => {
  transcripts([
    { name: 'piped', args: payload },
    { name: 'explain', args: [...payload, '--explain'] },
    { name: 'json', args: [...payload, '--json'] },
    { name: 'from-stdin', args: ['--payload', '-'], input: STARTED },
    { name: 'ids', args: ['--session-id', 'ZyXwVuTsRqPoNmLkJiHgFe==', '--stream-id', 'fedcba9876543210', '--json'] },
    { name: 'odd-ids', args: ['--meeting-uuid', '81234567890', '--stream-id', 'fedcba\t98765', '--explain'] },
    { name: 'snippet', args: ['--snippet', 'js', '--call-id', 'a'], files: { '.env': '' } },
    { name: 'snippet-json', args: ['--snippet', 'bash', '--json'], files: { '.env': '' } },
  ]);
});

describe('sign --verify', () => {
  transcripts([
    { name: 'match', args: verify(SIGNATURE) },
    { name: 'match-explain', args: verify(SIGNATURE, '--explain') },
    { name: 'match-json', args: verify(SIGNATURE, '--json') },
    { name: 'match-stdin', args: verify('-'), input: `${SIGNATURE}\n` },
    { name: 'match-quoted', args: verify(` "${SIGNATURE}"`) },
    { name: 'mismatch', args: verify(WITHOUT_COMMAS) },
    { name: 'mismatch-quiet', args: verify(WITHOUT_COMMAS, '--quiet') },
    { name: 'mismatch-json', args: verify(WITHOUT_COMMAS, '--json') },
    { name: 'mismatch-shown', args: verify(WITHOUT_COMMAS, '--show-secrets') },
    { name: 'mismatch-short', args: verify(WITHOUT_COMMAS.slice(0, 40)) },
    { name: 'unexplained', args: verify(OF_ANOTHER_APP) },
    { name: 'unexplained-json', args: verify(OF_ANOTHER_APP, '--json') },
    { name: 'masked', args: verify('c0ee…f5fc') },
    { name: 'empty', args: verify(' ') },
  ]);
});

describe('sign --handshake', () => {
  const handshake = ['--handshake', 'mine.json'];
  const wrong = { 'mine.json': fixture('frames/handshake.no-delimiter.json') };
  const media = { 'mine.json': HANDSHAKE.toString().replace('"msg_type":1', '"msg_type":3,"media_type":32') };
  const json = HANDSHAKE.subarray(0, -1);
  const prefixed = { 'mine.json': Buffer.concat([Buffer.of(1, 0, 0, 0, json.length), json]) };
  transcripts([
    { name: 'handshake', args: [...payload, ...handshake] },
    { name: 'handshake-json', args: [...payload, ...handshake, '--json'] },
    { name: 'handshake-alone', args: handshake },
    { name: 'handshake-mismatch', args: [...payload, ...handshake], files: wrong },
    { name: 'handshake-mismatch-json', args: [...payload, ...handshake, '--json'], files: wrong },
    { name: 'handshake-binary-prefix', args: [...payload, ...handshake], files: prefixed },
    { name: 'handshake-media', args: [...payload, ...handshake], files: media },
    { name: 'handshake-no-ids', args: handshake, files: { 'mine.json': '{"msg_type":1}' } },
    { name: 'handshake-other-stream', args: ['--meeting-uuid', 'a', '--stream-id', 'b', ...handshake] },
  ]);
});

describe('sign webhook', () => {
  const edited = { 'body.json': `${BODY}\n` };
  const webhook = ['webhook', '--body', 'body.json', '--timestamp', '1784548800'];
  transcripts([
    { name: 'webhook', args: webhook },
    { name: 'webhook-explain', args: [...webhook, '--explain'] },
    { name: 'webhook-json', args: [...webhook, '--json'] },
    { name: 'webhook-match', args: [...webhook, '--verify', BODY_SIGNATURE] },
    { name: 'webhook-newline', args: [...webhook, '--verify', BODY_SIGNATURE], files: edited },
    { name: 'webhook-newline-json', args: [...webhook, '--verify', BODY_SIGNATURE, '--json'], files: edited },
    { name: 'webhook-no-timestamp', args: ['webhook', '--body', 'body.json', '--verify', BODY_SIGNATURE] },
    { name: 'webhook-timestamp', args: ['webhook', '--body', 'body.json', '--timestamp', '2026-07-20'] },
  ]);

  it('signs for the current second unless told otherwise, and says so', async () => {
    const { stdout, stderr, code } = await runRtms(['sign', 'webhook', '--body', 'body.json'], { cwd: folder({}) });
    expect(stdout).toMatch(/^v0=[0-9a-f]{64}\n$/);
    expect(stderr).toMatch(/^no --timestamp: signed for now, x-zm-request-timestamp: \d{10}\n$/);
    expect(code).toBe(0);
  });
});

describe('sign challenge', () => {
  const challenge = ['challenge', 'qgg8vlvZRS6UYooatFL8Aw'];
  transcripts([
    { name: 'challenge', args: challenge },
    { name: 'challenge-json', args: [...challenge, '--json'] },
    { name: 'challenge-base64', args: [...challenge, '--verify', 'vQW2VjyT8U5JB5dvROpBy1x3NJKOdOiUsONGcCFYyfg='] },
  ]);
});

describe('what cannot be signed', () => {
  transcripts([
    { name: 'nothing', args: [] },
    { name: 'empty-id', args: ['--meeting-uuid', '', '--stream-id', 'b'] },
    { name: 'no-stream-id', args: ['--meeting-uuid', 'a'] },
    { name: 'two-entities', args: ['--meeting-uuid', 'a', '--call-id', 'b'] },
    { name: 'payload-and-id', args: [...payload, '--stream-id', 'b'] },
    { name: 'two-questions', args: [...payload, '--verify', 'a', '--handshake', 'mine.json'] },
    { name: 'stdin-twice', args: ['--payload', '-', '--verify', '-'] },
    { name: 'language', args: ['--snippet', 'cobol'] },
    { name: 'payload-missing', args: ['--payload', 'none.json'] },
    { name: 'payload-empty', args: ['--payload', '-'], input: '' },
    { name: 'payload-no-json', args: ['--payload', '-'], input: 'rtms_started' },
    { name: 'payload-cut', args: ['--payload', '-'], input: STARTED.slice(0, 90) },
    { name: 'payload-typographic', args: ['--payload', '-'], input: STARTED.replaceAll(/"(.*?)"/g, '“$1”') },
    {
      name: 'payload-other-product',
      args: ['--payload', '-'],
      input: STARTED.replace('meeting_uuid', 'session_id'),
    },
    { name: 'payload-other-event', args: ['--payload', '-'], input: '{"event":"meeting.started","payload":{}}' },
    { name: 'no-credentials', args: payload, files: { '.env': '' } },
    { name: 'no-secret', args: payload, files: { '.env': 'ZOOM_CLIENT_ID=3UVtLa_3TUa4lDu4V7lowA\n' } },
    { name: 'no-token', args: ['challenge', 'a'], files: { '.env': '' } },
  ]);
});

describe('credentials', () => {
  transcripts([
    { name: 'secret-quoted', args: payload, env: { ZOOM_CLIENT_SECRET: `"${SECRET}"` } },
    { name: 'secret-newline', args: payload, env: { ZOOM_CLIENT_SECRET: `${SECRET}\n` } },
    { name: 'secret-conflict', args: payload, env: { ZM_RTMS_SECRET: 'another-secret-of-another-app' } },
    { name: 'secret-flag', args: [...payload, '--client-secret', SECRET] },
    { name: 'secret-stdin', args: [...payload, '--client-secret-file', '-', '--explain'], input: `${SECRET}\n` },
  ]);

  it.each([
    [true, { FORCE_COLOR: '1' }, []],
    [true, {}, ['--color']],
    [true, { NO_COLOR: '1' }, ['--color']],
    [false, { FORCE_COLOR: '1' }, ['--no-color']],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, []],
    [false, { TERM: 'xterm-256color' }, []],
  ])('colour: %s for %j %j', async (coloured, env, flags) => {
    const { stdout } = await runRtms(['sign', ...payload, '--explain', ...flags], { env, cwd: folder({}) });
    expect(stdout.includes('\u001b[2m')).toBe(coloured);
  });
});
