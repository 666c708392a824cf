/** Each snippet against its reviewed text, and run wherever its interpreter is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signHandshake } from '../../src/protocol/signature.js';
import { snippet, SNIPPET_LANGUAGES } from '../../src/report/snippets.js';
import type { SnippetLanguage } from '../../src/report/snippets.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTITY_FIELDS = ['meeting_uuid', 'webinar_uuid', 'session_id', 'engagement_id', 'call_id'];

const EXTENSIONS: Readonly<Record<SnippetLanguage, string>> = {
  js: 'mjs',
  ts: 'mts',
  python: 'py',
  java: 'java',
  kotlin: 'kt',
  go: 'go',
  csharp: 'cs',
  php: 'php',
  ruby: 'rb',
  rust: 'rs',
  bash: 'sh',
};

describe.each(SNIPPET_LANGUAGES)('%s', (language) => {
  it('is the reviewed text', () => {
    const golden = join(ROOT, 'fixtures/snippets', `${language}.${EXTENSIONS[language]}`);
    expect(snippet(language, 'meeting_uuid')).toBe(readFileSync(golden, 'utf8'));
  });

  it.each(ENTITY_FIELDS)('speaks of %s and of no other entity', (field) => {
    const text = snippet(language, field);
    const others = ENTITY_FIELDS.filter((other) => other !== field);
    expect(text).toContain(`<${field}> <rtms_stream_id>`);
    expect(others.filter((other) => text.includes(other))).toEqual([]);
    expect(field === 'meeting_uuid' || !text.includes('meetingUuid')).toBe(true);
  });
});

/** How to build and run one. `file` is the snippet, `folder` a temporary one; all are absolute paths. */
interface Runner {
  readonly language: SnippetLanguage;
  /** Must be on the PATH. */
  readonly needs: string;
  readonly file: string;
  readonly build?: (folder: string) => readonly string[];
  readonly run: (folder: string) => readonly string[];
}

const RUNNERS: readonly Runner[] = [
  { language: 'js', needs: 'node', file: 'sign.mjs', run: (folder) => ['node', join(folder, 'sign.mjs')] },
  {
    language: 'ts',
    needs: 'node',
    file: 'sign.mts',
    build: (folder) =>
      ['node', join(ROOT, 'node_modules/typescript/bin/tsc'), join(folder, 'sign.mts')].concat(
        ['--ignoreConfig', '--strict', '--noUncheckedIndexedAccess', '--noPropertyAccessFromIndexSignature'],
        ['--target', 'es2022', '--module', 'nodenext', '--outDir', folder],
        ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')],
      ),
    run: (folder) => ['node', join(folder, 'sign.mjs')],
  },
  { language: 'python', needs: 'python3', file: 'sign.py', run: (folder) => ['python3', join(folder, 'sign.py')] },
  { language: 'bash', needs: 'bash', file: 'sign.sh', run: (folder) => ['bash', join(folder, 'sign.sh')] },
  { language: 'php', needs: 'php', file: 'sign.php', run: (folder) => ['php', join(folder, 'sign.php')] },
  { language: 'ruby', needs: 'ruby', file: 'sign.rb', run: (folder) => ['ruby', join(folder, 'sign.rb')] },
  {
    language: 'java',
    needs: 'javac',
    file: 'Sign.java',
    build: (folder) => ['javac', '-encoding', 'UTF-8', '-d', folder, join(folder, 'Sign.java')],
    run: (folder) => ['java', '-cp', folder, 'Sign'],
  },
  {
    language: 'go',
    needs: 'go',
    file: 'sign.go',
    build: (folder) => ['go', 'build', '-o', join(folder, 'sign'), join(folder, 'sign.go')],
    run: (folder) => [join(folder, 'sign')],
  },
];

const installed = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

/** With RTMS_ALL_INTERPRETERS=1 a missing interpreter is a failure. */
const RUNS = RUNNERS.map((runner) => {
  const skip = process.env['RTMS_ALL_INTERPRETERS'] !== '1' && !installed(runner.needs);
  return { ...runner, skip, why: skip ? ` (skipped: ${runner.needs} is not installed)` : '' };
});

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(command: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
  const [program = '', ...args] = command;
  const { ZOOM_CLIENT_ID: _id, ZOOM_CLIENT_SECRET: _secret, ...inherited } = process.env;
  // The JVM decodes its arguments by the locale.
  return spawnSync(program, args, { encoding: 'utf8', env: { ...inherited, LC_ALL: 'C.UTF-8', ...env } });
}

const VECTORS = [
  {
    what: 'a meeting, leading zeros in the digest',
    parts: {
      clientId: 'EXAMPLEclientId0000001',
      entityId: 'a1B2c3D4e5F6/g7H+8i9Jw==',
      streamId: '0123456789abcdef0123456789abcdef',
    },
    secret: 'exampleClientSecretAAAABBBBCCCC01',
    signature: '000367afb79bc327aec7ccb76f65e1c7d799eed8832f9f673709dc19cdcf519d',
  },
  {
    what: 'a Video SDK session',
    parts: {
      clientId: 'EXAMPLEsdkKey000000001',
      entityId: 'ZyXwVuTsRqPoNmLkJiHgFe==',
      streamId: 'fedcba9876543210fedcba9876543210',
    },
    secret: 'exampleSdkSecretDDDDEEEEFFFF0002',
    signature: '711b9b7b81fdc982a65f642627ceb78087213ef5fbe424638619eb4874f52427',
  },
  {
    what: 'a Contact Center engagement',
    parts: {
      clientId: 'EXAMPLEzccClientId0003',
      entityId: 'abCDEfghIJklMNopQRstUV',
      streamId: '00112233445566778899aabbccddeeff',
    },
    secret: 'exampleZccSecretGGGGHHHHIIII0003',
    signature: 'e11568aa73be4c098f889c2cc333d9c075a996a89281c339b566ff5dcb7f472a',
  },
  {
    what: 'non-ASCII and shell characters',
    parts: { clientId: 'é $HOME', entityId: '会議/🎧+\'"\\==', streamId: '%s*`id`' },
    secret: 'schlüssel $PATH \\n%d',
  },
];
const ENV = { ZOOM_CLIENT_ID: 'EXAMPLEclientId0000001', ZOOM_CLIENT_SECRET: 'exampleClientSecretAAAABBBBCCCC01' };

describe.each(RUNS)('$language, run$why', ({ language, file, build, run, skip }) => {
  const folder = mkdtempSync(join(tmpdir(), `rtms-snippet-${language}-`));
  const sign = (args: readonly string[], env: Readonly<Record<string, string>>): Outcome =>
    execute([...run(folder), ...args], env);

  beforeAll(() => {
    writeFileSync(join(folder, file), snippet(language, 'meeting_uuid'));
    if (skip || !build) return;
    const { status, stdout, stderr } = execute(build(folder));
    if (status !== 0) throw new Error(`${language} does not build: ${stdout}${stderr}`);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(skip).each(VECTORS)(
    'signs $what',
    ({ parts, secret, signature = signHandshake(parts, secret) }) => {
      const env = { ZOOM_CLIENT_ID: parts.clientId, ZOOM_CLIENT_SECRET: secret };
      expect(sign([parts.entityId, parts.streamId], env)).toMatchObject({
        status: 0,
        stdout: `${signature}\n`,
        stderr: '',
      });
    },
    30_000,
  );

  it.skipIf(skip).each([
    ['without the client id', ['uuid', 'stream'], { ...ENV, ZOOM_CLIENT_ID: '' }, 'ZOOM_CLIENT_ID is not set'],
    ['without the secret', ['uuid', 'stream'], { ZOOM_CLIENT_ID: 'id' }, 'ZOOM_CLIENT_SECRET is not set'],
    ['without the stream id', ['uuid'], ENV, '<meeting_uuid> <rtms_stream_id>'],
    ['without any argument', [], ENV, '<meeting_uuid> <rtms_stream_id>'],
  ])(
    'ends with 1 %s',
    (_, args, env, says) => {
      const { status, stdout, stderr } = sign(args, env);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain(says);
    },
    30_000,
  );
});
