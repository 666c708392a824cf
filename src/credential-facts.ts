/**
 * What there is of the credentials, where it was found, and what is odd about each value, as facts for a check-up.
 * What a command does with them is config.ts; no value is told.
 */
import {
  ACCOUNT_ID,
  kindOf,
  malformationOf,
  pairOf,
  type Candidate,
  type Config,
  type CredentialName,
  type CredentialOptions,
  type LookUp,
} from './config.js';
import { unwrapped } from './input.js';
import type { CheckEvent } from './session/event.js';
import { fact } from './session/facts.js';

type Found = Readonly<Record<CredentialName, LookUp>>;

const NAMES = ['clientId', 'clientSecret', 'secretToken'] as const satisfies CredentialName[];

/** Rejects if a file that was named cannot be read; a value that is missing or blank is a fact. */
export async function credentialChecks(config: Config, options: CredentialOptions): Promise<CheckEvent[]> {
  const found = {
    clientId: await config.lookUp('clientId', options),
    clientSecret: await config.lookUp('clientSecret', options),
    secretToken: await config.lookUp('secretToken', options),
  };
  return [
    ...NAMES.flatMap((name) => {
      const [used] = found[name].candidates;
      return used ? present(name, used, found, options) : absent(name, config, options);
    }),
    ...accountId(config, found.clientId),
  ];
}

function absent(name: CredentialName, config: Config, options: CredentialOptions): CheckEvent[] {
  const { label, names } = kindOf(name, options);
  const others = kindOf(name, options, pairOf(options) === 'app' ? 'video-sdk' : 'app').names;
  const [instead] = config.named(others.filter((variable) => !names.includes(variable)));
  const looked = { names: names.join(', '), looked: config.looked(names) };
  return [
    fact('credential', { name, label, ...looked, ...(instead && { instead: instead.source }) }, false),
    // Set to nothing, it is as good as none, but someone meant to set it.
    ...config.allNamed(names).map(({ source }) => oddity(source, 'empty')),
  ];
}

function present(name: CredentialName, used: Candidate, found: Found, options: CredentialOptions): CheckEvent[] {
  const { source } = used;
  const what = whatIsOdd(name, used, found, options);
  const conflicts = found[name].credential?.checks.filter(({ rule }) => rule === 'credentials-conflict') ?? [];
  return [
    fact('credential', { name, label: kindOf(name, options).label, source }),
    ...conflicts,
    what === undefined ? fact('secret-malformed', { name: source }) : oddity(source, what),
  ];
}

const oddity = (name: string, what: string): CheckEvent => fact('secret-malformed', { name, what }, false);

const PLACEHOLDER =
  /^<.*>$|\{\{|^x{3,}$|^(?:your|my)[-_ ]|^(?:change[-_]?me|todo|placeholder|example|secret)$|\.\.\.|…/i;
const ZERO_WIDTH = /[\u200b-\u200d\u2060\u00ad\ufeff]/;

/** What users have seen; Zoom promises no form. */
const USUAL: Readonly<Partial<Record<CredentialName, { readonly pattern: RegExp; readonly words: string }>>> = {
  clientId: { pattern: /^[\w-]{20,22}$/, words: 'letters, digits, _ and - alone, 20 to 22 of them,' },
  clientSecret: { pattern: /^[A-Za-z0-9]{32}$/, words: 'letters and digits alone, 32 of them,' },
};

/** What is wrong for every reader first, then what some take off, then what is only unusual. */
function whatIsOdd(
  name: CredentialName,
  { raw }: Candidate,
  { clientId, secretToken }: Found,
  options: CredentialOptions,
): string | undefined {
  const value = unwrapped(raw);
  if (value === '') return 'empty';
  if (PLACEHOLDER.test(value)) return 'placeholder';
  if (/^[“‘”’]/.test(raw.trim())) return 'typographic quotes around it';
  if (ZERO_WIDTH.test(value)) return 'zero-width characters in it';
  if (name === 'clientSecret' && value === clientId.credential?.value) return 'same as the client id';
  if (name === 'clientSecret' && value === secretToken.credential?.value) return 'same as the Secret Token';
  const usual = pairOf(options) === 'app' ? USUAL[name] : undefined;
  const isUnusual = usual !== undefined && !usual.pattern.test(value);
  const form = isUnusual ? `an unusual form: ${value.length} characters; ${usual.words} are usual` : undefined;
  return malformationOf(raw) ?? form;
}

/** Beside the pair in use, it hints at the kind of app. */
function accountId(config: Config, { candidates: [clientId] }: LookUp): CheckEvent[] {
  const [account] = config.named([ACCOUNT_ID]);
  if (!account || !clientId || placeOf(account) !== placeOf(clientId)) return [];
  return [fact('credential', { name: 'accountId', label: 'account id', source: account.source })];
}

/** `.env` of `ZOOM_CLIENT_ID from .env`. */
const placeOf = ({ source }: Candidate): string | undefined => / from (.*)$/.exec(source)?.[1];
