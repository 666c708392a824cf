/** Who may import whom. Reads the import lines of src/ and fails on a breach. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { RULES } from '../src/rules/index.js';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

const LAYERS = ['protocol', 'session', 'artefact', 'rules', 'reference', 'net', 'report'];
const NETWORK = ['node:http', 'node:https', 'node:net', 'node:tls', 'node:dns', 'node:dns/promises'];

/** What each folder, or file of src/ itself, may import: folders, files, packages, `type:` for types only. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol', 'node:crypto', 'valibot'],
  session: ['session', 'protocol', 'valibot'],
  artefact: ['artefact', 'session', 'protocol'],
  rules: ['rules', 'session', 'protocol'],
  reference: ['reference', 'rules', 'session', 'protocol'],
  net: [
    'net',
    'session',
    'protocol',
    'errors',
    'ws',
    'valibot',
    ...NETWORK,
    'node:crypto',
    'node:events',
    'node:timers/promises',
  ],
  report: ['report', 'protocol', 'session', 'rules', 'type:reference', 'type:linter', 'type:chalk'],
  commands: [
    ...LAYERS,
    'answers-file',
    'config',
    'conformance',
    'conversation',
    'credential-facts',
    'environment',
    'errors',
    'evidence',
    'examine',
    'files',
    'follower',
    'input',
    'lead',
    'linter',
    'listen-screen',
    'live-session',
    'mock-input',
    'mock-plan',
    'plan',
    'played-session',
    'private-file',
    'proxied-streams',
    'proxied-webhooks',
    'proxy-plan',
    'record-file',
    'rerun',
    'scenarios',
    'stand-in',
    'terminal',
    'tls-folder',
    'version',
    'webhook-folder',
  ],
  cli: ['errors', 'version', 'commander', 'type:commands', 'type:config', 'import:commands', 'import:report-error'],
  index: ['protocol', 'session', 'rules'],
  'answers-file': ['errors', 'input', 'protocol', 'record-file', 'rules', 'valibot', 'node:fs/promises'],
  config: ['errors', 'input', 'protocol', 'session', 'node:fs', 'node:util'],
  'credential-facts': ['config', 'input', 'session'],
  conversation: ['net', 'plan', 'protocol', 'session'],
  'env-file': [],
  environment: ['config', 'env-file', 'protocol', 'session', 'node:child_process', 'node:fs', 'node:path'],
  evidence: [
    'answers-file',
    'config',
    'credential-facts',
    'environment',
    'errors',
    'input',
    'protocol',
    'rules',
    'saved',
    'session',
    'version',
  ],
  lead: ['type:evidence', 'rerun', 'rules', 'type:session'],
  follower: ['conversation', 'net', 'plan', 'protocol', 'session'],
  'live-session': [
    'type:config',
      'errors',
      'news',
    'protocol',
    'type:record-file',
    'report',
    'rules',
    'session',
    'type:terminal',
  ],
  examine: [
    'examine',
    'config',
    'conversation',
    'errors',
    'input',
    'net',
    'plan',
    'protocol',
    'saved',
    'scenarios',
    'session',
    'stand-in',
    'type:terminal',
    'node:timers/promises',
  ],
  news: ['type:rules'],
  plan: ['config', 'errors', 'input', 'net', 'protocol', 'terminal'],
  files: ['errors', 'input', 'node:fs/promises', 'node:path'],
  input: ['errors', 'protocol', 'session', 'node:fs/promises'],
  linter: ['artefact', 'protocol', 'rules', 'session'],
  'private-file': ['record-file', 'node:fs/promises'],
  'proxied-streams': [
    'config',
    'conversation',
    'errors',
    'live-session',
    'net',
    'protocol',
    'record-file',
    'session',
    'version',
  ],
  'proxied-webhooks': ['net', 'protocol', 'type:proxied-streams', 'type:proxy-plan', 'session'],
  'proxy-plan': ['config', 'conversation', 'errors', 'input', 'plan', 'protocol', 'rerun', 'type:session'],
  'stand-in': ['conversation', 'net', 'plan', 'protocol'],
  conformance: ['net', 'played-session', 'rules', 'terminal'],
  'mock-plan': ['config', 'errors', 'input', 'mock-input', 'net', 'plan', 'protocol', 'scenarios'],
  'mock-input': ['errors', 'input', 'net', 'session', 'node:fs/promises', 'node:path'],
  'played-session': [
    'errors',
    'live-session',
    'net',
    'protocol',
    'record-file',
    'rules',
    'session',
    'version',
    'node:timers/promises',
  ],
  'record-file': ['errors', 'writer', 'session', 'node:fs/promises'],
  rerun: [],
  'report-error': ['errors', 'report', 'terminal'],
  saved: ['artefact', 'errors', 'files', 'input', 'protocol', 'rerun', 'session'],
  scenarios: ['errors', 'input', 'net', 'protocol', 'node:fs', 'node:url'],
  terminal: ['errors', 'writer', 'chalk', 'node:tty', 'import:ora', 'import:inquirer'],
  'listen-screen': ['news', 'report', 'rules', 'session', 'type:terminal'],
  'tls-folder': ['private-file', 'protocol', 'record-file', 'node:fs/promises', 'node:os', 'node:path'],
  version: ['node:fs'],
  'webhook-folder': ['errors', 'net', 'record-file', 'node:fs/promises', 'node:path'],
  writer: ['node:fs', 'node:util'],
  errors: [],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly specifier: string;
}

const IMPORT = /^(?:import|export) (type )?[^;]*?from '([^']+)';|\bimport\('([^']+)'\)|^import '([^']+)';/gms;

function importsOf(file: string): Import[] {
  // Template literals go first: some hold code of other programs.
  const text = readFileSync(join(SRC, file), 'utf8').replaceAll(/`[^`]*`/g, '``');
  const from = area(join(SRC, file));
  return [...text.matchAll(IMPORT)].map(([, type, fixed, dynamic, bare]) => {
    const name = fixed ?? dynamic ?? bare ?? '';
    const target = name.startsWith('.') ? area(resolve(SRC, dirname(file), name)) : name;
    const prefix = type ? 'type:' : dynamic ? 'import:' : '';
    return { file, from, specifier: `${prefix}${target}` };
  });
}

/** `rules` for src/rules/x.ts, `config` for src/config.ts. */
function area(path: string): string {
  return (relative(SRC, path).split('/')[0] ?? '').replace(/\.[jt]s$/, '');
}

function isAllowed({ from, specifier }: Import): boolean {
  const allowed = ALLOWED[from] ?? [];
  return allowed.includes(specifier) || allowed.includes(specifier.replace(/^(?:type|import):/, ''));
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

it('every import keeps to its layer', () => {
  const imports = files.flatMap(importsOf);
  const breaches = imports.filter((entry) => !isAllowed(entry));
  expect(imports.length).toBeGreaterThan(files.length);
  expect(breaches.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
});

it('no command imports another', () => {
  const commands = files.filter((file) => file.startsWith('commands/')).flatMap(importsOf);
  expect(commands.filter(({ specifier }) => specifier === 'commands')).toEqual([]);
});

it('every file of rules/ itself is a rule of that name; what rules share lies in folders', () => {
  const names = files.flatMap((file) => /^rules\/([^/]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(names.toSorted()).toEqual(['index', 'rule', ...RULES.map(({ id }) => id)].toSorted());
});
