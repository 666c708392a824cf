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
    ...config.allNamed(names).map(({ source }) => oddity(source, { problem: 'empty' })),
  ];
}

function present(name: CredentialName, used: Candidate, found: Found, options: CredentialOptions): CheckEvent[] {
  const { source } = used;
  const odd = whatIsOdd(name, used, found, options);
  const conflicts = found[name].credential?.checks.filter(({ rule }) => rule === 'credentials-conflict') ?? [];
  return [
    fact('credential', { name, label: kindOf(name, options).label, source }),
    ...conflicts,
    odd === undefined ? fact('secret-malformed', { name: source }) : oddity(source, odd),
  ];
}

/** A cause of `secret-malformed`; of a form that is only unusual, what is. */
interface Oddity {
  readonly problem: string;
  readonly form?: string;
}

const oddity = (name: string, { problem, form }: Oddity): CheckEvent =>
  fact('secret-malformed', { name, problem, ...(form !== undefined && { form }) }, false);

const PLACEHOLDER =
  /^<.*>$|\{\{|^x{3,}$|^(?:your|my)[-_ ]|^(?:change[-_]?me|todo|placeholder|example|secret)$|\.\.\.|…/i;
const ZERO_WIDTH = /[\u200b-\u200d\u2060\u00ad\ufeff]/;

/** What users have seen; Zoom promises no form. */
const USUAL: Readonly<Partial<Record<CredentialName, { readonly lengths: readonly number[]; readonly words: string }>>> = {
  clientId: { lengths: [20, 21, 22], words: '20 to 22' },
  clientSecret: { lengths: [32], words: '32' },
};

/** What is wrong for every reader first, then what some take off, then what is only unusual. */
function whatIsOdd(
  name: CredentialName,
  { raw }: Candidate,
  { clientId, secretToken }: Found,
  options: CredentialOptions,
): Oddity | undefined {
  const value = unwrapped(raw);
  if (value === '') return { problem: 'empty' };
  if (PLACEHOLDER.test(value)) return { problem: 'placeholder' };
  if (/^[“‘”’]/.test(raw.trim())) return { problem: 'typographic-quotes' };
  if (ZERO_WIDTH.test(value)) return { problem: 'zero-width' };
  if (name === 'clientSecret' && value === clientId.credential?.value) return { problem: 'same-as-id' };
  if (name === 'clientSecret' && value === secretToken.credential?.value) return { problem: 'same-as-token' };
  const problem = malformationOf(raw);
  if (problem !== undefined) return { problem };
  const form = pairOf(options) === 'app' ? unusualForm(name, value) : undefined;
  return form === undefined ? undefined : { problem: 'shape', form };
}

function unusualForm(name: CredentialName, value: string): string | undefined {
  const usual = USUAL[name];
  if (!usual) return undefined;
  if (!usual.lengths.includes(value.length)) return `${value.length} characters; ${usual.words} are usual`;
  const [odd] = value.match(/[^\w-]/) ?? [];
  return odd === undefined ? undefined : `${JSON.stringify(odd)} in it; letters, digits, _ and - alone are usual`;
}

/** Beside the pair in use, it hints at the kind of app. */
function accountId(config: Config, { candidates: [clientId] }: LookUp): CheckEvent[] {
  const [account] = config.named([ACCOUNT_ID]);
  if (!account || !clientId || placeOf(account) !== placeOf(clientId)) return [];
  return [fact('credential', { name: 'accountId', label: 'account id', source: account.source })];
}

/** `.env` of `ZOOM_CLIENT_ID from .env`. */
const placeOf = ({ source }: Candidate): string | undefined => / from (.*)$/.exec(source)?.[1];
