/** What is told of a folder, its env file and its repository; no value of the file is. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Config } from '../src/config.js';
import { environmentChecks } from '../src/environment.js';
import type { CheckEvent } from '../src/session/event.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const named = (checks: readonly CheckEvent[], rule: string): CheckEvent[] =>
  checks.filter((check) => check.rule === rule);

async function checked(folder: string, env: Record<string, string> = {}): Promise<CheckEvent[]> {
  return environmentChecks(new Config({ envFile: join(folder, '.env') }, env), folder);
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries({ '.env': '', ...files })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe('the env file', () => {
  it('has its traps, without a value', async () => {
    const folder = folderWith({ '.env': 'COLOR=#fff\nZOOM_CLIENT_SECRET=secret#value\nZOOM_VIDEO_SDK_KEY=a$b\n' });
    const checks = named(await checked(folder), 'env-file');
    expect(checks).toMatchObject([
      { ok: false, facts: { line: 2, name: 'ZOOM_CLIENT_SECRET', problem: 'hash' } },
      { ok: false, facts: { line: 3, name: 'ZOOM_VIDEO_SDK_KEY', problem: 'dollar' } },
    ]);
    expect(JSON.stringify(checks)).not.toMatch(/secret#|value|a\$b/);
  });

  it('without traps is told once', async () => {
    expect(named(await checked(folderWith({ '.env': 'ZOOM_CLIENT_ID=abc\n' })), 'env-file')).toMatchObject([
      { ok: true },
    ]);
  });

  it('of UTF-16 is read, and others read nothing of it', async () => {
    const path = temporaryFile(Buffer.from('\ufeffZOOM_CLIENT_ID=a\r\nOTHER=b\r\n', 'utf16le'));
    const config = new Config({ envFile: path }, {});
    expect(config.envFile.values).toEqual({ ZOOM_CLIENT_ID: 'a', OTHER: 'b' });
    const found = named(await environmentChecks(config, temporaryFolder()), 'env-file');
    expect(found).toMatchObject([{ ok: false, facts: { name: 'ZOOM_CLIENT_ID', problem: 'utf-16' } }]);
  });

  it('that is not there is not told of', async () => {
    const config = new Config({}, {});
    expect(config.envFile.text).toBeUndefined();
    expect(named(await environmentChecks(config, temporaryFolder()), 'env-file')).toEqual([]);
  });
});

describe.runIf(spawnSync('git', ['--version']).status === 0)('git', () => {
  const git = (folder: string, ...args: string[]): void => {
    execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
  };

  it.each([
    ['keeps the env file', ['.env'], false],
    ['does not', ['other'], true],
  ])('%s', async (_, added, ok) => {
    const folder = folderWith({ other: '' });
    git(folder, 'init');
    git(folder, 'add', ...added);
    expect(named(await checked(folder), 'env-file-tracked')).toMatchObject([{ ok }]);
  });

  it('has nothing to say outside a repository', async () => {
    expect(named(await checked(folderWith({})), 'env-file-tracked')).toEqual([]);
  });
});

describe('the runtime', () => {
  it('is this one', async () => {
    const [runtime] = named(await checked(folderWith({})), 'runtime');
    expect(runtime?.facts).toMatchObject({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
    });
  });

  it.each<[string, Record<string, string>, object]>([
    [
      'installed',
      {
        'node_modules/@zoom/rtms/package.json': '{"version":"1.0.2"}',
        'package.json': '{"dependencies":{"@zoom/rtms":"^1.0.0"}}',
      },
      { sdk: '1.0.2', sdkFrom: 'node_modules/@zoom/rtms' },
    ],
    [
      'asked for',
      { 'package.json': '{"dependencies":{"@zoom/rtms":"^1.0.0"}}' },
      { sdk: '^1.0.0', sdkFrom: 'package.json' },
    ],
    ['asked for while developing', { 'package.json': '{"devDependencies":{"@zoom/rtms":"1.1.0"}}' }, { sdk: '1.1.0' }],
  ])('has the SDK as %s', async (_, files, facts) => {
    expect(named(await checked(folderWith(files)), 'runtime')[0]?.facts).toMatchObject(facts);
  });

  it('has the SDK of a folder above', async () => {
    const folder = folderWith({ 'package.json': '{"dependencies":{"@zoom/rtms":"1.1.0"}}', 'src/deep/x': '' });
    const checks = await environmentChecks(new Config({}, {}), join(folder, 'src', 'deep'));
    expect(named(checks, 'runtime')[0]?.facts).toMatchObject({ sdk: '1.1.0' });
  });

  it.each(['{', '[]', '{"dependencies":{"@zoom/rtms":1}}'])('has no SDK by %j', async (content) => {
    const [runtime] = named(await checked(folderWith({ 'package.json': content })), 'runtime');
    expect(runtime?.facts).not.toHaveProperty('sdk');
  });
});

describe('a proxy', () => {
  it('is told by the name of its variable', async () => {
    const env = { HTTPS_PROXY: 'http://user:password@proxy.example.com:8080', NO_PROXY: 'x' };
    const checks = named(await checked(folderWith({}), env), 'proxy');
    expect(checks).toEqual([{ type: 'check', rule: 'proxy', ok: true, facts: { names: 'HTTPS_PROXY' } }]);
  });

  it('that is not set is told too', async () => {
    expect(named(await checked(folderWith({})), 'proxy')).toMatchObject([{ facts: {} }]);
  });
});
