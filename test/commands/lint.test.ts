/** `rtms lint` as the built binary says it, against the transcripts in fixtures/transcripts/lint-*.txt. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { expectTranscript, runRtms } from '../helpers/transcript.js';

const fixture = (path: string): Buffer => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url));
const frame = (name: string): Buffer => fixture(`frames/${name}`);

const SECRET = 'demo-secret-not-a-real-one-00001';
const SECRET_TOKEN = 'exampleSecretToken0004';
const ENV = `ZOOM_CLIENT_ID=3UVtLa_3TUa4lDu4V7lowA\nZOOM_CLIENT_SECRET=${SECRET}\nZOOM_SECRET_TOKEN=${SECRET_TOKEN}\n`;
const STARTED = fixture('webhooks/meeting.rtms_started.json');
const MINE = frame('handshake.no-delimiter.json');
const RECORDING = fixture('sessions/closed-without-reply.no-commas.jsonl').toString();
const REQUEST = `POST /webhook HTTP/1.1\r\nHost: example.test\r\nx-zm-request-timestamp: 1784548800\r\nx-zm-signature: v0=${'0'.repeat(64)}\r\n\r\n${STARTED.toString()}`;

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  /** Beside .env. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly input?: string | Uint8Array;
}

function folder(files: Case['files'] = {}): string {
  const path = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

const transcripts = (cases: readonly Case[]): void => {
  it.each(cases)('$name', async ({ name, args, files, ...options }) => {
    const { stdout, stderr } = await expectTranscript(`lint-${name}`, ['lint', ...args], {
      cwd: folder({ '.env': ENV, ...files }),
      ...options,
    });
    expect(stdout + stderr).not.toMatch(/[0-9a-f]{64}/i);
    for (const secret of [SECRET, SECRET_TOKEN]) expect(stdout + stderr).not.toContain(secret);
  });
};

describe('one file', () => {
  transcripts([
    { name: 'handshake', args: ['mine.json'], files: { 'mine.json': MINE } },
    { name: 'right', args: ['mine.json'], files: { 'mine.json': frame('handshake.json') } },
    { name: 'hexdump', args: ['packet.hex'], files: { 'packet.hex': frame('handshake.binary-prefix.xxd.hex') } },
    { name: 'base64', args: ['packet.b64'], files: { 'packet.b64': frame('handshake.binary-prefix.b64') } },
    { name: 'raw-from-stdin', args: ['-'], input: frame('handshake.binary-prefix.bin') },
    { name: 'java-map', args: ['app.log'], files: { 'app.log': frame('handshake.java.log') } },
    { name: 'python', args: ['app.log'], files: { 'app.log': frame('handshake.python.log') } },
    { name: 'escaped', args: ['app.log'], files: { 'app.log': frame('session.escaped.log') } },
    {
      name: 'typographic',
      args: ['--as', 'webhook', 'started.json'],
      files: { 'started.json': STARTED.toString().replaceAll('"', '”') },
    },
    { name: 'webhook-with-headers', args: ['hook.http'], files: { 'hook.http': REQUEST } },
    {
      name: 'manifest',
      args: ['app.json'],
      files: {
        'app.json': fixture('manifests/meeting.json').toString().replace('meeting.rtms_started', 'meeting.started'),
      },
    },
    { name: 'api-answer', args: ['answer.json'], files: { 'answer.json': '{"code":2310,"message":"No permission."}' } },
    { name: 'recording', args: ['s.rtms.jsonl'], files: { 's.rtms.jsonl': RECORDING } },
  ]);
});

describe('several', () => {
  const files = { 'started.json': STARTED, 'mine.json': MINE };
  transcripts([
    { name: 'with-webhook', args: ['started.json', 'mine.json'], files },
    {
      name: 'folder',
      args: ['captures'],
      files: {
        'captures/a/mine.json': MINE,
        'captures/started.json': STARTED,
        'captures/client.js': `send(${MINE.toString()})`,
        'captures/node_modules/x/mine.json': MINE,
      },
    },
    { name: 'quiet', args: ['-q', 'started.json', 'mine.json'], files },
    { name: 'verbose', args: ['-v', 'started.json'], files },
    { name: 'json', args: ['--json', 'started.json', 'mine.json'], files },
    {
      name: 'github',
      args: ['--github', 'mine.json', 'packet.bin', 'nope.json'],
      files: { ...files, 'packet.bin': frame('handshake.binary-prefix.bin') },
    },
    { name: 'one-missing', args: ['nope.json', 'started.json'], files },
    { name: 'one-missing-one-wrong', args: ['-q', 'nope.json', 'mine.json'], files },
    {
      name: 'unchecked',
      args: ['mine.json', 'hook.http'],
      files: { 'mine.json': frame('handshake.json'), 'hook.http': REQUEST, '.env': '' },
    },
  ]);
});

describe('bad input', () => {
  transcripts([
    { name: 'empty', args: ['mine.json'], files: { 'mine.json': '' } },
    { name: 'missing', args: ['mine.json'] },
    { name: 'binary', args: ['junk.bin'], files: { 'junk.bin': Buffer.from([0, 1, 2, 0xff, 0xfe, 0]) } },
    {
      name: 'binary-as-handshake',
      args: ['--as', 'handshake', 'junk.bin'],
      files: { 'junk.bin': Buffer.from([0, 1, 2, 0xff, 0xfe, 0]) },
    },
    { name: 'text', args: ['notes.txt'], files: { 'notes.txt': 'buy milk\n' } },
    { name: 'other-json', args: ['package.json'], files: { 'package.json': '{"name":"x","version":"1.0.0"}' } },
    { name: 'empty-folder', args: ['captures'], files: { 'captures/notes.txt': 'buy milk\n' } },
    { name: 'too-large', args: ['app.log'], files: { 'app.log': Buffer.alloc(5 * 1024 * 1024, 'x\n') } },
    { name: 'unknown-kind', args: ['--as', 'frame', 'mine.json'], files: { 'mine.json': MINE } },
    { name: 'two-encodings', args: ['--hex', '--base64', 'mine.json'], files: { 'mine.json': MINE } },
    { name: 'two-outputs', args: ['--json', '--github', 'mine.json'], files: { 'mine.json': MINE } },
    { name: 'recording-hex', args: ['--as', 'recording', '--hex', 's.rtms.jsonl'] },
    { name: 'stdin-twice', args: ['-', '--client-secret-file', '-'], input: MINE },
    { name: 'no-hex', args: ['--hex', 'mine.json'], files: { 'mine.json': MINE } },
    { name: 'recording-cut', args: ['s.rtms.jsonl'], files: { 's.rtms.jsonl': RECORDING.slice(0, -40) } },
    {
      name: 'recording-newer',
      args: ['s.rtms.jsonl'],
      files: { 's.rtms.jsonl': RECORDING.replace('"rtms":1', '"rtms":2') },
    },
    { name: 'recording-without-events', args: ['s.rtms.jsonl'], files: { 's.rtms.jsonl': RECORDING.split('\n')[0] ?? '' } },
    { name: 'no-recording', args: ['--as', 'recording', 'mine.json'], files: { 'mine.json': MINE } },
    { name: 'nothing', args: [] },
  ]);

  it('a recording of any size is read line by line', async () => {
    const note = `${JSON.stringify({ t: 500, type: 'note', text: 'x'.repeat(1000) })}\n`;
    const cwd = folder({ 's.rtms.jsonl': RECORDING + note.repeat(30_000) });
    const { stdout, code } = await runRtms(['lint', 's.rtms.jsonl'], { cwd });
    expect(stdout).toContain('recording, 30,010 events');
    expect(code).toBe(1);
  });
});
