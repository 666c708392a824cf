/**
 * What a `check` event can state, by its `rule`: the vocabulary between those who establish facts (credentials, files,
 * answers, measurements) and the rules that judge them. The words say what it is and, in parentheses, what supplies it.
 */
import type { CheckEvent, Facts, SessionEvent } from './event.js';

export const FACTS = {
  // Judged where the secrets or the sockets were. `ok` is the judgement.
  'secret-malformed': 'a secret',
  'credentials-conflict': 'credentials from two sources',
  'signature-mismatch': 'a handshake and credentials (--handshake, ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET)',
  'signature-shape': 'a handshake (--handshake)',
  'server-url-invalid': 'a server URL (--payload)',
  'webhook-signature-mismatch': 'a webhook with its headers and the Secret Token (ZOOM_SECRET_TOKEN)',

  // What is wanted.
  /** `product`: a Product. */
  'product-wanted': 'a product (--product)',
  /** `media`: MediaName values joined by commas. */
  'media-wanted': 'the wanted media (--media)',

  // Surroundings.
  /**
   * One a credential: `name` (a CredentialName, or `accountId`), `label`, `source` where it is there (`ok`); where it
   * is not, `names` and `looked`, and `instead`, a variable of another product's pair.
   */
  credential: 'credentials',
  /** One an odd line of the env file: `file`, `line`, `name`, `problem`; one with `ok` for a file without. */
  'env-file': 'an env file (.env, --env-file)',
  /** `file`: an env file was found; `ok` unless git keeps it. */
  'env-file-tracked': 'an env file in a git repository',
  /** `node`, `platform`, `arch`, `glibc`; `sdk`, the version of @zoom/rtms, and `sdkFrom`, the file that says so. */
  runtime: 'the runtime',
  /** `names` of the proxy variables that are set. */
  proxy: 'a proxy variable (HTTPS_PROXY)',
  /**
   * Zoom gave a token to the pair, or did not (`ok`): `grant`, `clientId`, `expected` unless it was a try, `status`,
   * `error`.
   */
  'token-grant': "Zoom's answer to the pair",
  /** `source`, `expiresInMs`, `clientId`, `accountId`, `configured` (the client id in use). */
  token: 'an access token (--token-file)',
  /** `skewMs`: how far this clock is ahead; `source`. */
  clock: 'another clock to compare with',
  /** A connection to a host by one family of addresses alone: `host`, `family` (4, 6), `address`, `ms`, `code`. */
  'address-family': 'a host with both IPv4 and IPv6 addresses',
  /** A host through the proxy that a variable names: `host`, `proxy`, the last `step`, `code`, `message`. */
  'proxy-route': 'a proxy variable (HTTPS_PROXY)',

  // The app, from whichever source tells: `source` is `manifest`, `scopes`, `token` or `api`; `path` its JSON path there.
  /** One a fault of the manifest's form: `source`, `problem`, `path`, and what it names; one with `ok` for none. */
  'app-manifest': 'a manifest (--manifest)',
  /** `usage`: `user` or `admin`; `source`, `path`. */
  'app-usage': "the app's management type (--manifest, --app-id)",
  /** The list of scopes was read, empty or not: `source`, `count`, `path`. */
  'app-scopes': "the app's scopes (--manifest, --scopes)",
  /** One a scope: `scope`, `source`, `optional`, `path`. */
  'app-scope': "the app's scopes (--manifest, --scopes)",
  /** The event subscription was read: `enabled`, `count`, `source`, `path`. */
  'app-events': "the app's event subscription (--manifest)",
  /** One an event subscribed to: `event`, `usage` (`user` or `admin`), `source`, `path`. */
  'app-event': "the app's event subscription (--manifest)",
  /**
   * `url`, `kind` (`webhook`, `redirect`, `allowed`), `which` (`development`, `production`, `subscribed`, `given`),
   * `source`, `path`.
   */
  'app-url': "the app's URLs (--manifest)",
  /** `products`: those the app shows itself in, as `ZOOM_MEETING`, joined by commas; `source`, `path`. */
  'app-products': "the app's products (--manifest)",
  /** The Zoom Apps SDK: `enabled`, `apis` joined by commas, `source`, `path`. */
  'app-sdk': "the app's SDK APIs (--manifest)",
  /** What the API tells of the app beside that: `type`, `published`, `source`. */
  app: 'the app as Zoom has it (--app-id)',
  /** `kind`: `server-to-server` where the pair got a token for its account; `source`. */
  'app-kind': 'the kind of the app (--account-id)',
  /** The log of deliveries of `event` was read: `days`, `count`, `others` and `otherEvent` beside it, `source`. */
  'webhook-log': "the app's webhook log (--app-id)",
  /** One a kind of outcome in it (`ok`): `event`, `status`, `reason`, `count`, `endpoint` and `time` of the newest. */
  'webhook-delivery': "the app's webhook log (--app-id)",
  /** `plan` (1 Basic, 2 Licensed), `status`, `verified`, `accountId`, `appAccountId`, `clientVersion`, `source`. */
  user: 'the user of an access token (--token-file)',
  /** The meeting of the payload: `status`, `encryption`, `source`. */
  meeting: 'the meeting as Zoom has it (--payload, --token-file)',
  /** The facts named `gives` could not be established: the `reason`, and `crashed` where that is a fault of rtms. */
  unread: 'a check that could not be carried out',

  /** A line of a recording that could not be read: `line`. What it told is missing among the events. */
  gap: 'a recording with a line that could not be read',

  // What a person said: `question`, `answer`, both ids of rules/questions/questions.ts.
  answer: 'your answers (--ask)',

  // What happened around the sockets.
  /** A moment of the mock's scenario: `moment`, as `ready` or the `as` of a step; `why` of a `misfit`. */
  'scenario-moment': 'a scenario of the mock server (rtms mock --scenario)',
  /** Where webhooks are received: `url`, `host`, `port`, `path`, `secretToken` (its source), `forward`, `save`. */
  listening: 'an endpoint that listens (rtms listen)',
  /**
   * The answer to the webhook in `frame`: `status` (0 for none), `ms`, `location`, `body`, `by` (`rtms` where not the
   * app answered), `asker` (`rtms` where not Zoom asked); of a wrong one `cause`, with `code` and `message` where none
   * came (`no-answer`, `unreachable`), with `explanation` and `fix` where the answer to a URL validation was
   * recomputed.
   */
  'webhook-answer': 'the answer of a webhook endpoint',
  /**
   * How far a connection to the app's endpoint came (`ok`: to an answer or the wait for one): `host`, `address`, the
   * last `step` and its `ms`, of TLS `protocol`, `validDays`, `issuer`, `chain`; `code`, `message`; `page` where HTML
   * answers.
   */
  endpoint: 'a webhook endpoint (--webhook-url)',
  /** What the endpoint should turn away (`ok`: it did): `what` (`unsigned`, `stale`), `status`. */
  'endpoint-guard': 'a webhook endpoint (--webhook-url)',
  /** The time after the meeting, webinar or session began in `frame` ran out without its started event: `ms`. */
  'rtms-awaited': 'a wait for rtms_started (rtms listen)',
  /** An answer of Zoom's REST API: `status`, `code`, `error`, `message`, `path`; `foreign` where it is not Zoom's. */
  'rest-answer': 'an answer of the REST API',
  /**
   * What came of mixing a failing with a good handshake: `ok` where the difference was found, else `cause` (`accepted`,
   * `neither`, `unreachable`, `interrupted`); `failing` and `good` in words, `attempts`, `minimal`, `server` (`live`,
   * `mock`).
   */
  'handshake-bisected': 'a failing handshake and a server (--bisect)',
  /** One a difference that decides: `kind`, `name`, `from`, `to`. */
  'handshake-differs': 'a failing handshake and a server (--bisect)',
  /** A close that was told, not seen: `code`, `afterMs`, `framesIn`, each left out where it was not told. */
  'close-reported': 'a reported close (--close-code, --after, --frames-in)',
} as const;

export type FactName = keyof typeof FACTS;

/** A kind of event, or one fact among the checks, such as `check:app-scopes`; of a list one is enough. */
export type Need = Single | readonly Single[];
type Single = SessionEvent['type'] | `check:${FactName}`;

const KINDS: Readonly<Record<SessionEvent['type'], string>> = {
  webhook: 'a webhook (--payload)',
  phase: 'a connection (--session)',
  frame: 'a frame (--handshake, --session)',
  close: 'a close (--session)',
  error: 'an error (--session)',
  check: 'a check',
  note: 'a note',
};

const WORDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(KINDS),
  ...Object.entries(FACTS).map(([name, words]) => [`check:${name}`, words] as const),
]);

/** What it is, and what supplies it. */
export const needWords = (need: Need): string =>
  [...new Set([need].flat().map((each) => WORDS.get(each) ?? each))].join(' or ');

/** What supplies it alone: flags, variables or a command; none where nobody can give it. */
export const supplyOf = (need: Need): string[] =>
  [need].flat().flatMap((each) => /\((.*)\)$/.exec(WORDS.get(each) ?? '')?.[1]?.split(', ') ?? []);

/** Whether it is among what was seen. */
export const isMet = (need: Need, seen: ReadonlySet<string>): boolean => [need].flat().some((each) => seen.has(each));

/** A fact as the event that states it. */
export const fact = (rule: FactName, facts: Facts, ok = true): CheckEvent => ({ type: 'check', rule, ok, facts });
