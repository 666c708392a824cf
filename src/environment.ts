/**
 * What surrounds the developer's program, as facts: the traps of its env file and whether git keeps that, the runtime
 * and the version of Zoom's SDK, proxy variables. No value of the env file is told.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config, Environment, EnvFile } from './config.js';
import { isCredentialVariable } from './config.js';
import { envTraps } from './env-file.js';
import { isObject } from './protocol/json.js';
import { SDK_PACKAGE } from './protocol/sdk.js';
import type { CheckEvent, Facts } from './session/event.js';
import { fact } from './session/facts.js';

/** `cwd` is the folder of the developer's program. */
export async function environmentChecks(config: Config, cwd = process.cwd()): Promise<CheckEvent[]> {
  return [
    ...envFileChecks(config.envFile),
    ...(await trackingChecks(config.envFile)),
    fact('runtime', { ...runtime(), ...sdkIn(cwd) }),
    proxyCheck(config.env),
  ];
}

function envFileChecks({ path, text, isUtf16 }: EnvFile): CheckEvent[] {
  if (text === undefined) return [];
  const traps = envTraps(text, isCredentialVariable, isUtf16);
  return traps.length > 0
    ? traps.map((trap) => fact('env-file', { file: path, ...trap }, false))
    : [fact('env-file', { file: path })];
}

/** Long enough for a large repository on a slow disk. */
const GIT_TIMEOUT_MS = 2000;

/** Nothing where there is no file, no git, or no repository around it. */
async function trackingChecks({ path, text }: EnvFile): Promise<CheckEvent[]> {
  if (text === undefined) return [];
  const listed = await git(['ls-files', '--', basename(path)], dirname(resolve(path)));
  return listed === undefined ? [] : [fact('env-file-tracked', { file: path }, listed.trim() === '')];
}

function git(args: readonly string[], cwd: string): Promise<string | undefined> {
  return new Promise((done) => {
    execFile('git', args, { cwd, timeout: GIT_TIMEOUT_MS }, (error, stdout) => done(error ? undefined : stdout));
  });
}

function runtime(): Facts {
  const { glibcVersionRuntime: glibc } = headerOf(process.report?.getReport());
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    ...(typeof glibc === 'string' && { glibc }),
  };
}

const headerOf = (report: unknown): Readonly<Record<string, unknown>> =>
  isObject(report) && isObject(report['header']) ? report['header'] : {};

/** The SDK as it is installed, or else as it is asked for, in this folder or one above it. */
function sdkIn(folder: string): Facts {
  const installed = stringAt(join(folder, 'node_modules', SDK_PACKAGE, 'package.json'), ['version']);
  if (installed !== undefined) return { sdk: installed, sdkFrom: `node_modules/${SDK_PACKAGE}` };
  const manifest = join(folder, 'package.json');
  const asked = ['dependencies', 'devDependencies'].map((key) => stringAt(manifest, [key, SDK_PACKAGE]));
  const range = asked.find((each) => each !== undefined);
  if (range !== undefined) return { sdk: range, sdkFrom: 'package.json' };
  return dirname(folder) === folder ? {} : sdkIn(dirname(folder));
}

function stringAt(path: string, keys: readonly string[]): string | undefined {
  const found = keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), parsed(read(path)));
  return typeof found === 'string' ? found : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/** By name only: the URL can hold a password. */
function proxyCheck(env: Environment): CheckEvent {
  const names = PROXIES.filter((name) => env[name]);
  return fact('proxy', names.length > 0 ? { names: names.join(', ') } : {});
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
