/**
 * Where a value comes from: flag, environment, env file, in that order. The only reader of settings in process.env;
 * it never exports anything to it.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { errorCode, RtmsError } from './errors.js';
import { isQuoted, readText, unwrapped } from './input.js';
import type { CheckEvent } from './session/event.js';

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
}

/** Each credential: its words, its flags, and the variables the field uses for it, first one first. */
const CREDENTIALS = {
  clientId: {
    label: 'client id',
    flag: '--client-id',
    secret: false,
    names: ['ZOOM_CLIENT_ID', 'ZM_RTMS_CLIENT', 'ZM_CLIENT_ID', 'ZOOM_APP_CLIENT_ID'],
  },
  clientSecret: {
    label: 'client secret',
    flag: '--client-secret-file',
    secret: true,
    names: ['ZOOM_CLIENT_SECRET', 'ZM_RTMS_SECRET', 'ZM_CLIENT_SECRET', 'ZOOM_APP_CLIENT_SECRET'],
  },
  secretToken: {
    label: 'Secret Token',
    flag: '--secret-token-file',
    secret: true,
    names: ['ZOOM_SECRET_TOKEN', 'ZOOM_WEBHOOK_SECRET_TOKEN', 'ZM_SECRET_TOKEN'],
  },
} as const;
export type CredentialName = keyof typeof CREDENTIALS;

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
export const checksOf = (credentials: Credentials): CheckEvent[] =>
  Object.values(credentials).flatMap((credential: Credential | undefined) => credential?.checks ?? []);

interface Candidate {
  readonly source: string;
  readonly raw: string;
}

/** How to give a credential. */
function hintFor(name: CredentialName): string {
  const { names, flag, secret } = CREDENTIALS[name];
  return `${names[0]} in the environment or .env, or ${flag} ${secret ? 'FILE' : 'ID'}`;
}

/** Asks a person for a value. */
export type Ask = (question: { readonly message: string; readonly secret: boolean }) => Promise<string>;

/** The settings of one run, read once. Throws RtmsError (`input`) for an env file that cannot be read. */
export class Config {
  readonly env: Environment;
  /** The env file's path, and what it holds if it is there. */
  readonly envFile: { readonly path: string; readonly values: Environment; readonly found: boolean };
  /** What the user should know about how credentials were given. */
  readonly warnings: string[] = [];
  readonly #found = new WeakMap<CredentialOptions, Map<CredentialName, Promise<Credential | undefined>>>();

  constructor(options: GlobalOptions, env: Environment) {
    this.env = env;
    this.envFile = readEnvFile(options.envFile);
  }

  /**
   * Undefined where no source has it. Rejects if a file that was named cannot be read. Looked up once for the same
   * options, however many ask: standard input can be read only once, and a warning is enough once.
   */
  credential(name: CredentialName, options: CredentialOptions): Promise<Credential | undefined> {
    const found = this.#found.get(options) ?? new Map<CredentialName, Promise<Credential | undefined>>();
    const known = found.get(name) ?? this.#lookUp(name, options);
    this.#found.set(options, found.set(name, known));
    return known;
  }

  async #lookUp(name: CredentialName, options: CredentialOptions): Promise<Credential | undefined> {
    const candidates = [...(await flagged(name, options)), ...this.#named(CREDENTIALS[name].names)];
    const [used] = candidates;
    if (!used) return undefined;
    if (CREDENTIALS[name].secret && options[name] !== undefined) {
      const { flag } = CREDENTIALS[name];
      this.warnings.push(`${flag.replace(/-file$/, '')} is visible in the process list; ${flag} FILE or - is not`);
    }
    const value = unwrapped(used.raw);
    if (value === '') throw new RtmsError('usage', `${used.source} is empty`, [['give', hintFor(name)]]);
    const differing = candidates.filter(({ raw }) => unwrapped(raw) !== value);
    return {
      value,
      source: used.source,
      others: Object.fromEntries(differing.map(({ source, raw }) => [source, unwrapped(raw)])),
      checks: [...malformed(used), ...conflict(used, differing)],
    };
  }

  /** As `credential`, but asks where someone can answer; throws RtmsError (`usage`) where nobody can. */
  async require(name: CredentialName, options: CredentialOptions, ask: Ask | undefined): Promise<Credential> {
    const found = await this.credential(name, options);
    if (found) return found;
    const { label, names, secret } = CREDENTIALS[name];
    if (ask)
      return { value: unwrapped(await ask({ message: label, secret })), source: 'typed in', others: {}, checks: [] };
    throw new RtmsError('usage', `no ${label}`, [
      ['give', hintFor(name)],
      ['also read', names.slice(1).join(', ')],
      ['looked', this.#looked(name)],
    ]);
  }

  /** The pair and the Secret Token, each as `require` and `credential` have them. */
  async requireAll(options: CredentialOptions, ask: Ask | undefined): Promise<Credentials> {
    const clientId = await this.require('clientId', options, ask);
    const clientSecret = await this.require('clientSecret', options, ask);
    return { clientId, clientSecret, secretToken: await this.credential('secretToken', options) };
  }

  #looked(name: CredentialName): string {
    const { path, found, values } = this.envFile;
    const present = Object.values(CREDENTIALS)
      .flatMap(({ names }) => names)
      .filter((variable) => values[variable]);
    if (!found) return `environment, ${path} (not there)`;
    const holds =
      present.length > 0 ? `has ${present.join(', ')} only` : `has none of ${CREDENTIALS[name].names.length} names`;
    return `environment, ${path} (found, ${holds})`;
  }

  #named(names: readonly string[]): Candidate[] {
    const places = [
      { place: 'the environment', values: this.env },
      { place: this.envFile.path, values: this.envFile.values },
    ];
    return places.flatMap(({ place, values }) =>
      names.flatMap((name) => {
        const raw = values[name];
        return raw ? [{ source: `${name} from ${place}`, raw }] : [];
      }),
    );
  }
}

function readEnvFile(path = '.env'): Config['envFile'] {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    return { path, values: parseEnv(text), found: true };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && path === '.env') return { path, values: {}, found: false };
    throw new RtmsError('input', `cannot read the env file ${path}: ${errorCode(error)}`, [
      ['give', '--env-file FILE'],
    ]);
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

const MALFORMATIONS: readonly (readonly [is: (raw: string) => boolean, what: string])[] = [
  [isQuoted, 'quotes around it'],
  [(raw) => /[\r\n]/.test(raw.trim()), 'a line break inside it'],
  [(raw) => /[\r\n]/.test(raw), 'a line break at its end'],
  [(raw) => raw.startsWith('\ufeff'), 'a byte order mark before it'],
  [(raw) => raw !== raw.trim(), 'white space around it'],
];

function malformed({ raw, source }: Candidate): CheckEvent[] {
  const found = MALFORMATIONS.find(([is]) => is(raw));
  return found ? [{ type: 'check', rule: 'secret-malformed', ok: false, facts: { name: source, what: found[1] } }] : [];
}

function conflict(used: Candidate, differing: readonly Candidate[]): CheckEvent[] {
  if (differing.length === 0) return [];
  const names = differing.map(({ source }) => source).join(', ');
  return [{ type: 'check', rule: 'credentials-conflict', ok: false, facts: { names, used: used.source } }];
}
