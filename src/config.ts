/**
 * Where a value comes from: flag, environment, env file, in that order. The only reader of settings in process.env;
 * it never exports anything to it.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { errorCode, RtmsError } from './errors.js';
import { isQuoted, readText, unreadable, unwrapped } from './input.js';
import { isProduct, PRODUCTS } from './protocol/webhooks.js';
import type { CheckEvent } from './session/event.js';
import { fact } from './session/facts.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GlobalOptions {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly input?: boolean;
  readonly envFile?: string;
  readonly showSecrets?: boolean;
}

export interface CredentialOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientSecretFile?: string;
  readonly secretToken?: string;
  readonly secretTokenFile?: string;
  /** Decides which pair is looked for: that of an app, or that of the Video SDK. */
  readonly product?: string;
}

const SECRET_TOKEN = {
  label: 'Secret Token',
  names: ['ZOOM_SECRET_TOKEN', 'ZOOM_WEBHOOK_SECRET_TOKEN', 'ZM_SECRET_TOKEN'],
} as const;

/** Each credential: its flags, and for either pair its words and the variables the field uses, first one first. */
const CREDENTIALS = {
  clientId: {
    flag: '--client-id',
    secret: false,
    app: {
      label: 'client id',
      names: ['ZOOM_CLIENT_ID', 'ZM_RTMS_CLIENT', 'ZM_CLIENT_ID', 'ZOOM_APP_CLIENT_ID'],
    },
    'video-sdk': { label: 'SDK Key', names: ['ZOOM_VIDEO_SDK_KEY', 'ZM_RTMS_CLIENT'] },
  },
  clientSecret: {
    flag: '--client-secret-file',
    secret: true,
    app: {
      label: 'client secret',
      names: ['ZOOM_CLIENT_SECRET', 'ZM_RTMS_SECRET', 'ZM_CLIENT_SECRET', 'ZOOM_APP_CLIENT_SECRET'],
    },
    'video-sdk': { label: 'SDK Secret', names: ['ZOOM_VIDEO_SDK_SECRET', 'ZM_RTMS_SECRET'] },
  },
  secretToken: { flag: '--secret-token-file', secret: true, app: SECRET_TOKEN, 'video-sdk': SECRET_TOKEN },
} as const satisfies Readonly<Record<string, CredentialInfo & { readonly flag: string; readonly secret: boolean }>>;
export type CredentialName = keyof typeof CREDENTIALS;

type CredentialInfo = Readonly<Record<Pair, Kind>>;
export type Pair = 'app' | 'video-sdk';

interface Kind {
  readonly label: string;
  readonly names: readonly [string, ...string[]];
}

/** Only Server-to-Server apps have one. */
export const ACCOUNT_ID = 'ZOOM_ACCOUNT_ID';
const ACCESS_TOKEN = 'ZOOM_ACCESS_TOKEN';

/** The pair that signs for a product. */
export const pairOf = ({ product }: CredentialOptions): Pair =>
  isProduct(product) ? PRODUCTS[product].credential : 'app';
/** A credential of that pair, or of the one given. */
export const kindOf = (name: CredentialName, options: CredentialOptions, pair = pairOf(options)): Kind =>
  CREDENTIALS[name][pair];

/** The variables of either pair, to which a trap in an env file matters. */
const VARIABLES: ReadonlySet<string> = new Set([
  ...Object.values(CREDENTIALS).flatMap(({ app, 'video-sdk': videoSdk }) => [...app.names, ...videoSdk.names]),
  ACCOUNT_ID,
]);
export const isCredentialVariable = (name: string): boolean => VARIABLES.has(name);

export interface Credential {
  readonly value: string;
  /** Where it was found, as `ZOOM_CLIENT_ID from .env`. */
  readonly source: string;
  /** Other values found for it, by source. */
  readonly others: Readonly<Record<string, string>>;
  /** What is odd about it, for the rules. */
  readonly checks: readonly CheckEvent[];
}

/** The pair that signs a handshake, and the Secret Token where there is one. */
export interface Credentials {
  readonly clientId: Credential;
  readonly clientSecret: Credential;
  readonly secretToken: Credential | undefined;
}

type Found = Readonly<Record<'clientSecret' | 'secretToken', Credential | undefined>>;

/** Every value that must not be shown: the secrets in use, and those found beside them. */
export const secretsOf = ({ clientSecret, secretToken }: Found): string[] =>
  [clientSecret, secretToken].flatMap((secret) => (secret ? [secret.value, ...Object.values(secret.others)] : []));

/** What is odd about the credentials, for the rules. */
export const checksOf = (credentials: Partial<Credentials>): CheckEvent[] =>
  Object.values(credentials).flatMap((credential: Credential | undefined) => credential?.checks ?? []);

/** A value that was found, as it stands there. */
export interface Candidate {
  readonly source: string;
  readonly raw: string;
}

/** What a look for a credential found: every value, and the one to use if it is not blank. */
export interface LookUp {
  readonly candidates: readonly Candidate[];
  readonly credential: Credential | undefined;
}

/** How to give a credential. */
function hintFor(name: CredentialName, options: CredentialOptions): string {
  const { flag, secret } = CREDENTIALS[name];
  return `${kindOf(name, options).names[0]} in the environment or .env, or ${flag} ${secret ? 'FILE' : 'ID'}`;
}

/** An env file, and what it holds if it is there. */
export interface EnvFile {
  readonly path: string;
  readonly values: Environment;
  readonly text?: string;
  readonly isUtf16?: boolean;
}

/** Asks a person for a value. */
export type Ask = (question: { readonly message: string; readonly secret: boolean }) => Promise<string>;

/** The settings of one run, read once. Throws RtmsError (`input`) for an env file that cannot be read. */
export class Config {
  readonly env: Environment;
  readonly envFile: EnvFile;
  /** What the user should know about how credentials were given. */
  readonly warnings: string[] = [];
  readonly #found = new WeakMap<CredentialOptions, Map<CredentialName, Promise<LookUp>>>();

  constructor(options: GlobalOptions, env: Environment) {
    this.env = env;
    this.envFile = readEnvFile(options.envFile);
  }

  /** Undefined where no source has it. Rejects if a file that was named cannot be read, or the value is blank. */
  async credential(name: CredentialName, options: CredentialOptions): Promise<Credential | undefined> {
    const { candidates, credential } = await this.lookUp(name, options);
    const [used] = candidates;
    if (used && !credential)
      throw new RtmsError('usage', `${used.source} is empty`, [['give', hintFor(name, options)]]);
    return credential;
  }

  /**
   * Looked up once for the same options, however many ask: standard input can be read only once, and a warning is
   * enough once.
   */
  lookUp(name: CredentialName, options: CredentialOptions): Promise<LookUp> {
    const found = this.#found.get(options) ?? new Map<CredentialName, Promise<LookUp>>();
    const known = found.get(name) ?? this.#candidates(name, options).then(chosen);
    this.#found.set(options, found.set(name, known));
    return known;
  }

  async #candidates(name: CredentialName, options: CredentialOptions): Promise<Candidate[]> {
    const { flag, secret } = CREDENTIALS[name];
    if (secret && options[name] !== undefined) {
      this.warnings.push(`${flag.replace(/-file$/, '')} is visible in the process list; ${flag} FILE or - is not`);
    }
    return [...(await flagged(name, options)), ...this.named(kindOf(name, options).names)];
  }

  /** As `credential`, but asks where someone can answer; throws RtmsError (`usage`) where nobody can. */
  async require(name: CredentialName, options: CredentialOptions, ask: Ask | undefined): Promise<Credential> {
    const found = await this.credential(name, options);
    if (found) return found;
    const { label, names } = kindOf(name, options);
    const { secret } = CREDENTIALS[name];
    if (ask)
      return { value: unwrapped(await ask({ message: label, secret })), source: 'typed in', others: {}, checks: [] };
    throw new RtmsError('usage', `no ${label}`, [
      ['give', hintFor(name, options)],
      ['also read', names.slice(1).join(', ')],
      ['looked', this.looked(names)],
    ]);
  }

  /** The pair and the Secret Token, each as `require` and `credential` have them. */
  async requireAll(options: CredentialOptions, ask: Ask | undefined): Promise<Credentials> {
    const clientId = await this.require('clientId', options, ask);
    const clientSecret = await this.require('clientSecret', options, ask);
    return { clientId, clientSecret, secretToken: await this.credential('secretToken', options) };
  }

  /** An access token, or the answer it came in, from a file or a variable. Rejects if the file cannot be read. */
  async token(tokenFile: string | undefined): Promise<Candidate | undefined> {
    if (tokenFile === undefined) return this.named([ACCESS_TOKEN])[0];
    return { source: tokenFile, raw: await readText(tokenFile, '--token-file') };
  }

  /** Where variables were looked for, in words. */
  looked(names: readonly string[]): string {
    const { path, text, values } = this.envFile;
    const present = [...VARIABLES].filter((variable) => values[variable]);
    if (text === undefined) return `environment, ${path} (not there)`;
    const holds = present.length > 0 ? `has ${present.join(', ')} only` : `has none of ${names.length} names`;
    return `environment, ${path} (found, ${holds})`;
  }

  /** What variables hold, in the environment and in the env file; an empty one is as good as none. */
  named(names: readonly string[]): Candidate[] {
    return this.allNamed(names).filter(({ raw }) => raw !== '');
  }

  /** As `named`, the empty ones too. */
  allNamed(names: readonly string[]): Candidate[] {
    const places = [
      { place: 'the environment', values: this.env },
      { place: this.envFile.path, values: this.envFile.values },
    ];
    return places.flatMap(({ place, values }) =>
      names.flatMap((name) => {
        const raw = values[name];
        return raw === undefined ? [] : [{ source: `${name} from ${place}`, raw }];
      }),
    );
  }
}

/** Far above any env file. */
const MAX_ENV_BYTES = 1024 * 1024;
/** What a folder or an environment of Python is often named. */
const DEFAULT_ENV_FILE = '.env';

function readEnvFile(path = DEFAULT_ENV_FILE): EnvFile {
  try {
    const bytes = readStart(path, MAX_ENV_BYTES + 1);
    if (bytes.length > MAX_ENV_BYTES) {
      throw new RtmsError('input', `the env file ${path} is larger than ${MAX_ENV_BYTES / 1024 / 1024} MiB`, [
        ['give', '--env-file FILE with lines of NAME=value'],
      ]);
    }
    // What Windows editors save as Unicode.
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = bytes.toString(isUtf16 ? 'utf16le' : 'utf8');
    return { path, text, isUtf16, values: parseEnv(text.replace(/^\ufeff/, '')) };
  } catch (error) {
    if (error instanceof RtmsError) throw error;
    if (path === DEFAULT_ENV_FILE && ['ENOENT', 'EISDIR'].includes(errorCode(error))) return { path, values: {} };
    throw unreadable(path, error, '--env-file FILE');
  }
}

/** Up to so many bytes, of a device or a pipe too. */
function readStart(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read) read = readSync(file, bytes, length, most - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

async function flagged(name: CredentialName, options: CredentialOptions): Promise<Candidate[]> {
  const { flag } = CREDENTIALS[name];
  const value = options[name];
  const file = name === 'clientId' ? undefined : options[`${name}File`];
  return [
    ...(file === undefined ? [] : [{ source: `${flag} ${file}`, raw: stripLastNewline(await readText(file, flag)) }]),
    ...(value === undefined ? [] : [{ source: flag.replace(/-file$/, ''), raw: value }]),
  ];
}

/** Editors end a file with a newline; that one is no fault of the secret. */
const stripLastNewline = (text: string): string => text.replace(/\r?\n$/, '');

/** The first one is used, if there is anything in it. */
function chosen(candidates: readonly Candidate[]): LookUp {
  const [used] = candidates;
  const value = used && unwrapped(used.raw);
  if (!used || !value) return { candidates, credential: undefined };
  const differing = candidates.filter(({ raw }) => unwrapped(raw) !== value);
  const credential = {
    value,
    source: used.source,
    others: Object.fromEntries(differing.map(({ source, raw }) => [source, unwrapped(raw)])),
    checks: [...malformed(used), ...conflict(used, differing)],
  };
  return { candidates, credential };
}

const MALFORMATIONS: readonly (readonly [is: (raw: string) => boolean, problem: string])[] = [
  [isQuoted, 'quotes'],
  [(raw) => /[\r\n]/.test(raw.trim()), 'broken'],
  [(raw) => /[\r\n]/.test(raw), 'newline'],
  [(raw) => raw.startsWith('\ufeff'), 'bom'],
  [(raw) => raw !== raw.trim(), 'whitespace'],
];

/** What came along with a value, as a cause of `secret-malformed`. */
export const malformationOf = (raw: string): string | undefined => MALFORMATIONS.find(([is]) => is(raw))?.[1];

function malformed({ raw, source }: Candidate): CheckEvent[] {
  const problem = malformationOf(raw);
  return problem === undefined ? [] : [fact('secret-malformed', { name: source, problem }, false)];
}

function conflict(used: Candidate, differing: readonly Candidate[]): CheckEvent[] {
  if (differing.length === 0) return [];
  const names = differing.map(({ source }) => source).join(', ');
  return [fact('credentials-conflict', { names, used: used.source }, false)];
}
