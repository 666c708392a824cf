/** `rtms doctor` as the built binary says it, against the transcripts in fixtures/transcripts/doctor-*.txt. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { expectTranscript, runRtms } from '../helpers/transcript.js';

// Each runs a process.
vi.setConfig({ testTimeout: 30_000 });

const fixture = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

const SECRET = 'demo-secret-not-a-real-one-00001';
const TOKEN = ['{"alg":"HS512"}', '{"iss":"zm:cid:AnotherClientId000001","exp":1}', 'made up']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
const PAIR = `ZOOM_CLIENT_ID=3UVtLa_3TUa4lDu4V7lowA\nZOOM_CLIENT_SECRET=${SECRET}\n`;
const SECRET_TOKEN = 'ZOOM_SECRET_TOKEN=exampleSecretToken0004\n';
const SIGNED_BODY =
  '{"event":"meeting.rtms_started","event_ts":1784548800123,"payload":{"meeting_uuid":"a1B2c3D4e5F6/g7H+8i9Jw==",' +
  '"operator_id":"exampleOperator01","rtms_stream_id":"0123456789abcdef0123456789abcdef",' +
  '"server_urls":"wss://rtms-iad1.zoom.us:443"}}';
const FILES: Readonly<Record<string, string>> = {
  'started.json': fixture('webhooks/meeting.rtms_started.json'),
  'mine.json': fixture('frames/handshake.no-delimiter.json'),
  'right.json': fixture('frames/handshake.json'),
  's.rtms.jsonl': fixture('sessions/closed-without-reply.closed.jsonl'),
  'good.rtms.jsonl': fixture('sessions/keep-alive-unanswered.ok.jsonl'),
  'app.json': fixture('manifests/meeting.json'),
  'dump.hex': fixture('frames/handshake.binary-prefix.xxd.hex'),
  'app.log': fixture('frames/handshake.java.log'),
  'request.http': [
    'POST /webhook HTTP/1.1',
    'x-zm-request-timestamp: 1784548800',
    'x-zm-signature: v0=388fd2bd89a026859d343d36f246b252e0c5313bef0431de9137c27805093bce',
    '',
    SIGNED_BODY,
  ].join('\r\n'),
  'token.txt': TOKEN,
  'answers.json': '{"rtmsAnswers":1,"answers":{"app-kind":"server-to-server","symptom":"silent-close"}}',
};

/** A folder with these files beside the usual ones; an empty text leaves one out. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = temporaryFolder();
  for (const [name, content] of Object.entries({ ...FILES, ...files })) {
    if (content !== '') writeFileSync(join(path, name), content);
  }
  return path;
}

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** What differs from machine to machine, and from one list of rules to the next. */
const normalise = (text: string): string =>
  text.replaceAll(/Node \d+\.\d+\.\d+/g, 'Node x.y.z').replaceAll(/\d+ skipped/g, 'n skipped');

const transcripts = (cases: readonly Case[]): void => {
  it.each(cases)('$name', async ({ name, args, files = {}, ...options }) => {
    const run = { ...options, normalise, cwd: folder(files) };
    const { stdout, stderr } = await expectTranscript(`doctor-${name}`, ['doctor', '--offline', ...args], run);
    for (const secret of [SECRET, TOKEN]) expect(stdout + stderr).not.toContain(secret);
  });
};

const closed = ['--close-code', '1000', '--after', '1.8s', '--frames-in', '0'];
const mine = ['--payload', 'started.json', '--handshake', 'mine.json'];

describe('a check-up', () => {
  transcripts([
    { name: 'nothing', args: [] },
    { name: 'nothing-ask', args: ['--ask', '--product', 'meeting'] },
    { name: 'nothing-verbose', args: ['--verbose'] },
    { name: 'quiet', args: ['--quiet'] },
    { name: 'close', args: closed },
    { name: 'close-late', args: ['--close-code', '1000', '--after', '35s', '--frames-in', '0'] },
    { name: 'close-alone', args: ['--close-code', '1000'] },
    { name: 'close-1006', args: ['--close-code', '1006', '--after', '2m'] },
    { name: 'close-answered', args: ['--close-code', '1000', '--after', '0s', '--frames-in', '1'] },
    { name: 'close-undocumented', args: ['--close-code', '4500', '--after', '1.8s', '--frames-in', '0'] },
    { name: 'symptom', args: ['--answers', '-'], input: '{"rtmsAnswers":1,"answers":{"symptom":"silent-close"}}', files: { '.env': PAIR } },
    { name: 'unsigned', args: ['--handshake', 'right.json', '--no-ask'] },
    { name: 'close-handshake', args: [...closed, ...mine] },
    { name: 'close-signature', args: [...closed, ...mine], files: { '.env': PAIR } },
    { name: 'close-right', args: [...closed, '--payload', 'started.json', '--handshake', 'right.json'], files: { '.env': PAIR } },
    { name: 'handshake-dump', args: ['--handshake', 'dump.hex', '--no-ask'] },
    { name: 'handshake-log', args: ['--handshake', 'app.log', '--no-ask'] },
    { name: 'payload-signed', args: ['--payload', 'request.http', '--no-ask'], files: { '.env': SECRET_TOKEN } },
    { name: 'session', args: ['--session', 's.rtms.jsonl'] },
    { name: 'session-good', args: ['--session', 'good.rtms.jsonl', '--no-ask'] },
    { name: 'manifest', args: ['--manifest', 'app.json', '--media', 'audio,video'] },
    { name: 'scopes', args: ['--scopes', 'rtms:subscribe meeting:read:meeting_audio', '--media', 'audio'] },
    { name: 'scopes-stdin', args: ['--scopes', '-', '--media', 'audio'], input: 'meeting:read:meeting_audio\n' },
    { name: 'token', args: ['--token-file', 'token.txt'], files: { '.env': PAIR } },
    { name: 'env-traps', args: [], files: { '.env': `ZOOM_CLIENT_ID="3UVtLa_3TUa4lDu4V7lowA"\nZOOM_CLIENT_SECRET=${SECRET}#x\r\n` } },
    { name: 'override', args: [], files: { '.env': PAIR }, env: { ZM_RTMS_CLIENT: 'AnotherClientId0000001' } },
    { name: 'answers', args: ['--answers', 'answers.json', '--product', 'meeting'] },
  ]);
});

describe('what cannot be judged', () => {
  transcripts([
    { name: 'session-and-close', args: ['--session', 's.rtms.jsonl', '--close-code', '1000'] },
    { name: 'after-alone', args: ['--after', '2s'] },
    { name: 'close-code', args: ['--close-code', '99'] },
    { name: 'after-wrong', args: ['--close-code', '1000', '--after', 'soon'] },
    { name: 'frames-wrong', args: ['--close-code', '1000', '--frames-in', 'none'] },
    { name: 'product', args: ['--product', 'meetings'] },
    { name: 'media', args: ['--media', 'sound'] },
    { name: 'scopes-nothing', args: ['--scopes', 'none.txt'] },
    { name: 'manifest-missing', args: ['--manifest', 'none.json'] },
    { name: 'session-not', args: ['--session', 'started.json'] },
    { name: 'session-newer', args: ['--session', '-'], input: '{"rtms":2}\n' },
    { name: 'session-cut', args: ['--session', '-'], input: fixture('sessions/closed-without-reply.closed.jsonl').slice(0, -40) },
    { name: 'answers-unknown', args: ['--answers', '-'], input: '{"rtmsAnswers":1,"answers":{"app-kynd":"other"}}' },
    { name: 'swapped-handshake', args: ['--handshake', 'started.json'] },
    { name: 'swapped-payload', args: ['--payload', 'mine.json'] },
    { name: 'session-empty', args: ['--session', '-'], input: fixture('sessions/closed-without-reply.closed.jsonl').split('\n', 1).join('') },
    { name: 'handshake-other', args: ['--handshake', '-'], input: '{"msg_type":7,"rtms_stream_id":"1d33"}' },
    { name: 'answers-unwritable', args: ['--no-ask', '--save-answers', 'no/such/folder.json'] },
    { name: 'option-without-value', args: ['--close-code'] },
    { name: 'stdin-twice', args: ['--payload', '-', '--handshake', '-'] },
  ]);
});

const Finding = v.looseObject({ rule: v.string(), status: v.string(), certainty: v.optional(v.string()) });
const Report = v.strictObject({
  schemaVersion: v.literal(1),
  ok: v.boolean(),
  summary: v.strictObject({
    pass: v.number(),
    warn: v.number(),
    fail: v.number(),
    skip: v.number(),
    ask: v.number(),
    crash: v.number(),
  }),
  findings: v.array(Finding),
  ruledOut: v.array(v.looseObject({ rule: v.string(), subject: v.string(), message: v.string() })),
  next: v.string(),
});

async function report(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const { stdout, code } = await runRtms(['doctor', '--offline', ...args, '--json'], { cwd: folder(files) });
  return { ...v.parse(Report, JSON.parse(stdout)), code };
}

describe('--json', () => {
  it('is one document, questions among the findings', async () => {
    const { ok, code, findings, summary, next } = await report(['--product', 'meeting']);
    expect({ ok, code }).toEqual({ ok: false, code: 1 });
    expect(findings[0]).toMatchObject({ rule: 'credentials-missing', status: 'fail', certainty: 'certain' });
    expect(findings.filter(({ status }) => status === 'ask')).toHaveLength(summary.ask);
    expect(next).toMatch(/^fix 1, then: rtms doctor --offline --product meeting/);
  });

  it('asks nothing with --no-ask', async () => {
    const { summary, findings } = await report(['--no-ask']);
    expect(summary.ask).toBe(0);
    expect(findings.filter(({ status }) => status === 'ask')).toEqual([]);
  });

  it('has a certain cause alone, the symptom last', async () => {
    const { findings, code } = await report([...closed, ...mine, '--no-ask'], { '.env': PAIR });
    expect(code).toBe(1);
    expect(findings.map(({ rule, status }) => `${rule} ${status}`)).toEqual([
      'signature-mismatch fail',
      'handshake-field-missing warn',
      'closed-without-reply fail',
    ]);
  });
});

describe('--save-answers', () => {
  it('keeps the answers that were given', async () => {
    const cwd = folder({});
    await runRtms(['doctor', '--offline', '--answers', 'answers.json', '--save-answers', 'kept.json'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'kept.json'), 'utf8'))).toEqual(JSON.parse(FILES['answers.json'] ?? ''));
  });
});
