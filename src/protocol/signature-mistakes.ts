/**
 * Names the mistake behind a wrong signature by making it: every known mistake alone, then every two of them
 * together, until one gives the same value. It judges values only, never the frame or header that carried them.
 */
import { createHash, createHmac } from 'node:crypto';
import type { SignatureParts } from './signature.js';

/** What can be wrong with a handshake signature; `unknown` when no recipe gives the value. */
export const SIGNATURE_CAUSES = {
  'no-delimiter': 'the parts joined without commas',
  'wrong-delimiter': 'the parts joined by something other than a comma alone',
  'wrong-order': 'the parts in another order',
  'part-missing': 'one of the parts left out',
  'altered-id': 'an id decoded, encoded, trimmed or in another case',
  'wrong-id': 'another id of the payload in place of the right one',
  'stray-whitespace': 'a space, a line break or a quote in a part or in the key',
  'wrong-key': 'another key: the client id, the Secret Token, another secret',
  'key-decoded': 'the secret decoded as hex or Base64 before it was used',
  'wrong-encoding': 'Base64, upper case or cut hex in place of lower-case hex',
  'wrong-algorithm': 'another hash than HMAC-SHA256',
  unknown: 'none of the mistakes that were tried gives it',
} as const;
export type SignatureCause = keyof typeof SIGNATURE_CAUSES;

/** What can be wrong with an `x-zm-signature` or an `encryptedToken`. */
export type WebhookCause =
  | 'no-delimiter'
  | 'wrong-delimiter'
  | 'part-missing'
  | 'wrong-timestamp'
  | 'altered-body'
  | 'stray-whitespace'
  | 'wrong-key'
  | 'key-decoded'
  | 'wrong-encoding'
  | 'wrong-algorithm';

/** One mistake, or two made together, that gives the value in question. Certain, since it was recomputed. */
export interface Mistake<Cause extends string = SignatureCause> {
  /** The first of `causes`, the more fundamental one. */
  readonly cause: Cause;
  readonly causes: readonly [Cause] | readonly [Cause, Cause];
  readonly certainty: 'certain';
  /** As `yours is the same three parts without the commas`. Names what was used, never its value. */
  readonly explanation: string;
  readonly fix: string;
}

/** `tried` counts the distinct values compared, the right one left out. No `mistake`: none of them is the value. */
export interface Recognition<Cause extends string = SignatureCause> {
  readonly mistake?: Mistake<Cause>;
  readonly tried: number;
}

export interface HandshakeSignatureInput {
  /** The value in question. */
  readonly given: string;
  readonly parts: SignatureParts;
  /** Name of the entity id in the webhook, such as `meeting_uuid`. */
  readonly entityField: string;
  readonly clientSecret: string;
  /** The webhook Secret Token. */
  readonly secretToken?: string;
  /** Other ids of the payload: field name → value. */
  readonly otherIds?: Readonly<Record<string, string>>;
  /** Other client ids at hand: where they come from → value. */
  readonly otherClientIds?: Readonly<Record<string, string>>;
  /** Other secrets at hand: where they come from, such as a variable's name → value. */
  readonly otherSecrets?: Readonly<Record<string, string>>;
}

export interface WebhookSignatureInput {
  /** The value in question, `v0=` included. */
  readonly given: string;
  /** The request body as received. */
  readonly body: Uint8Array | string;
  /** Header `x-zm-request-timestamp`, Unix seconds. */
  readonly timestamp: string;
  readonly secretToken: string;
  readonly clientSecret?: string;
  /** `event_ts` of the body, milliseconds. */
  readonly eventTs?: number | string;
}

export interface ChallengeInput {
  /** The `encryptedToken` in question. */
  readonly given: string;
  readonly plainToken: string;
  readonly secretToken: string;
  readonly clientSecret?: string;
}

/** Which mistake turns the right handshake signature into the given one. The right one has none: `tried` is 0. */
export function recogniseHandshakeSignature(input: HandshakeSignatureInput): Recognition {
  const { given, parts, clientSecret, secretToken } = input;
  const fields = { clientId: 'client_id', entityId: input.entityField, streamId: 'rtms_stream_id' };
  const formula = `message = client_id + "," + ${fields.entityId} + "," + rtms_stream_id`;
  const ids = Object.fromEntries(PARTS.map((part) => [fields[part], parts[part]]));
  const otherIds = { ...ids, ...input.otherIds };

  return recognise<HandshakeRecipe, SignatureCause>({
    given,
    subject: 'the same three parts',
    right: { ...parts, order: PARTS, join: (values) => values.join(','), finish: same, ...SIGNING, key: clientSecret },
    message: (recipe) =>
      recipe.finish(
        recipe.join(
          recipe.order.map((part) => recipe[part]),
          recipe.order.map((part) => fields[part]),
        ),
      ),
    inputs: [
      { fix: formula, variants: ORDERS.map((order) => orderVariant(order, fields)) },
      { fix: formula, variants: DELIMITERS },
      partAxis('client_id', parts.clientId, { ...otherIds, ...input.otherClientIds }, (clientId) => ({ clientId })),
      partAxis(fields.entityId, parts.entityId, otherIds, (entityId) => ({ entityId })),
      partAxis('rtms_stream_id', parts.streamId, otherIds, (streamId) => ({ streamId })),
      {
        fix: formula,
        variants: [
          ...MESSAGE_CHANGES.map(([cause, how, finish]) => ({ cause, how, change: { finish } })),
          ...strays('the message', (finish) => ({ finish })),
        ],
      },
      keyAxis('the client secret', clientSecret, { 'the Secret Token': secretToken, ...ids, ...input.otherSecrets }),
      {
        // The readme of an early fork of Zoom's mock server: https://github.com/zoom/rtms-mock-server-sample
        fix: `${formula}; key = the client secret`,
        variants: secretToken === undefined ? [] : [tokenFormula(fields.entityId, secretToken)],
      },
      algorithmAxis('the client secret'),
    ],
    outputs: [ENCODING_AXIS, wrappingAxis('', given.length)],
  });
}

/** Which mistake turns the right `x-zm-signature` into the given one. The right one has none: `tried` is 0. */
export function recogniseWebhookSignature(input: WebhookSignatureInput): Recognition<WebhookCause> {
  const { given, body, timestamp, secretToken, clientSecret, eventTs } = input;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString();

  return recognise<WebhookRecipe, WebhookCause>({
    given,
    subject: 'the same timestamp and body',
    right: { timestamp, body, head: (time) => `v0:${time}:`, ...SIGNING, key: secretToken, wrap: (hex) => `v0=${hex}` },
    message: (recipe) => Buffer.concat([Buffer.from(recipe.head(recipe.timestamp)), Buffer.from(recipe.body)]),
    inputs: [
      { fix: 'message = "v0:" + x-zm-request-timestamp + ":" + body', variants: HEADS },
      {
        fix: 'use the header x-zm-request-timestamp as it came, in seconds',
        variants: timestamps(timestamp, eventTs).map(([how, value]) => ({
          cause: 'wrong-timestamp',
          how,
          change: { timestamp: value },
        })),
      },
      {
        fix: 'sign the bytes of the body as they came, before any parser',
        variants: [
          // Before the rewritten forms: a newline that an editor added is the smaller difference.
          ...strays('the body', (put) => ({ body: put(text) })),
          ...BODY_CHANGES.map(([how, alter]) => ({
            cause: 'altered-body' as const,
            how: `with the body ${how}`,
            change: { body: alter(text) },
          })),
        ],
      },
      keyAxis('the Secret Token', secretToken, { 'the client secret': clientSecret }),
      algorithmAxis('the Secret Token'),
    ],
    outputs: [ENCODING_AXIS, wrappingAxis('v0=', given.length)],
  });
}

/** Which mistake turns the right `encryptedToken` into the given one. The right one has none: `tried` is 0. */
export function recogniseChallenge(input: ChallengeInput): Recognition<WebhookCause> {
  const { given, plainToken, secretToken, clientSecret } = input;

  return recognise<ChallengeRecipe, WebhookCause>({
    given,
    subject: 'the same plainToken',
    right: { plainToken, ...SIGNING, key: secretToken },
    message: (recipe) => recipe.plainToken,
    inputs: [
      {
        fix: 'message = plainToken, exactly as received',
        variants: strays('plainToken', (put) => ({ plainToken: put(plainToken) })),
      },
      keyAxis('the Secret Token', secretToken, { 'the client secret': clientSecret }),
      algorithmAxis('the Secret Token'),
    ],
    outputs: [ENCODING_AXIS, wrappingAxis('', given.length)],
  });
}

/* The engine */

type Bytes = string | Uint8Array;

/** The steps every signature has after its message is made. */
interface Recipe {
  readonly key: Bytes;
  readonly digest: (message: Bytes, key: Bytes) => Buffer;
  readonly encode: (digest: Buffer) => string;
  readonly wrap: (text: string) => string;
}

/** One way to go wrong: `how` follows the subject of the sentence, `change` is what it makes of the right recipe. */
interface Variant<R, Cause> {
  readonly cause: Cause;
  readonly how: string;
  readonly change: Partial<R>;
}

/** Ways to go wrong in one step, which therefore exclude each other, and what puts that step right. */
interface Axis<R, Cause> {
  readonly fix: string;
  readonly variants: readonly Variant<R, Cause>[];
}

interface Search<R extends Recipe, Cause extends string> {
  readonly given: string;
  readonly subject: string;
  readonly right: R;
  readonly message: (recipe: R) => Bytes;
  /** Steps up to the digest, the more fundamental first. */
  readonly inputs: readonly Axis<R, Cause>[];
  /** Steps after the digest, which need no new one. */
  readonly outputs: readonly Axis<R, Cause>[];
}

function recognise<R extends Recipe, Cause extends string>(search: Search<R, Cause>): Recognition<Cause> {
  const { given, subject, right, message } = search;
  const digestOf = (recipe: R) => recipe.digest(message(recipe), recipe.key);
  const valueOf = (recipe: R, digest: Buffer) => recipe.wrap(recipe.encode(digest));

  const rightDigest = digestOf(right);
  const rightValue = valueOf(right, rightDigest);
  if (given === rightValue) return { tried: 0 };

  const axes = [
    ...search.inputs.map((axis) => ({ ...axis, digests: true })),
    ...search.outputs.map((axis) => ({ ...axis, digests: false })),
  ];
  const singles = axes
    .flatMap((axis) =>
      axis.variants.map((variant) => {
        const recipe = { ...right, ...variant.change };
        return { axis, variant, recipe, digest: axis.digests ? digestOf(recipe) : rightDigest };
      }),
    )
    // A change that leaves the digest alone, such as lower-casing what is lower case, would only double the pairs.
    .filter(({ axis, digest }) => !axis.digests || !digest.equals(rightDigest));
  type Single = (typeof singles)[number];

  function* candidates(): Generator<readonly [value: string, first: Single, second?: Single]> {
    for (const single of singles) yield [valueOf(single.recipe, single.digest), single];
    for (const [index, first] of singles.entries()) {
      for (const second of singles.slice(index + 1)) {
        if (first.axis === second.axis) continue;
        const recipe = { ...first.recipe, ...second.variant.change };
        yield [valueOf(recipe, second.axis.digests ? digestOf(recipe) : first.digest), first, second];
      }
    }
  }

  const values = new Set([rightValue]);
  for (const [value, first, second] of candidates()) {
    values.add(value);
    if (value !== given) continue;
    const causes = second ? ([first.variant.cause, second.variant.cause] as const) : ([first.variant.cause] as const);
    const hows = [first, second].flatMap((single) => single?.variant.how ?? []);
    const fixes = [first, second].flatMap((single) => single?.axis.fix ?? []);
    const mistake: Mistake<Cause> = {
      cause: first.variant.cause,
      causes,
      certainty: 'certain',
      explanation: `yours is ${subject} ${hows.join(' and ')}`,
      fix: [...new Set(fixes)].join('; '),
    };
    return { mistake, tried: values.size - 1 };
  }
  return { tried: values.size - 1 };
}

/* Mistakes any value can have */

const same = (text: string): string => text;
const whereItCan =
  (change: (text: string) => string) =>
  (text: string): string => {
    try {
      return change(text);
    } catch {
      return text;
    }
  };
/** A lone surrogate cannot be encoded, a stray % not decoded. */
const urlEncoded = whereItCan(encodeURIComponent);
const urlDecoded = whereItCan(decodeURIComponent);

const hmac =
  (name: string): Recipe['digest'] =>
  (message, key) =>
    createHmac(name, key).update(message).digest();
const hmacSha256 = hmac('sha256');
const hash = (name: string, ...chunks: readonly Bytes[]): Buffer =>
  chunks.reduce((state, chunk) => state.update(chunk), createHash(name)).digest();

const SIGNING = {
  digest: hmacSha256,
  encode: (digest: Buffer) => digest.toString('hex'),
  wrap: same,
};

const STRAYS: readonly (readonly [what: string, put: (text: string) => string])[] = [
  ['a space before', (text) => ` ${text}`],
  ['a space after', (text) => `${text} `],
  ['spaces around', (text) => ` ${text} `],
  ['a newline before', (text) => `\n${text}`],
  ['a newline after', (text) => `${text}\n`],
  ['two newlines after', (text) => `${text}\n\n`],
  ['a carriage return after', (text) => `${text}\r`],
  ['CR LF after', (text) => `${text}\r\n`],
  ['a literal \\n after', (text) => `${text}\\n`],
  ['a tab before', (text) => `\t${text}`],
  ['a tab after', (text) => `${text}\t`],
  ['a NUL after', (text) => `${text}\0`],
  ['a byte order mark before', (text) => `\u{feff}${text}`],
  ['a no-break space before', (text) => `\u{a0}${text}`],
  ['a no-break space after', (text) => `${text}\u{a0}`],
  ['a zero-width space before', (text) => `\u{200b}${text}`],
  ['a zero-width space after', (text) => `${text}\u{200b}`],
  ['double quotes around', (text) => `"${text}"`],
  ['single quotes around', (text) => `'${text}'`],
  ['typographic quotes around', (text) => `“${text}”`],
  ['backticks around', (text) => `\`${text}\``],
  ['angle brackets around', (text) => `<${text}>`],
  ['square brackets around', (text) => `[${text}]`],
  ['braces around', (text) => `{${text}}`],
  ['a double quote before', (text) => `"${text}`],
  ['a double quote after', (text) => `${text}"`],
  ['a single quote after', (text) => `${text}'`],
  ['a semicolon after', (text) => `${text};`],
];

const QUOTED = /^\s*(["'])(.*)\1\s*$/s;

/** Characters that crept in around one value, or were taken off it though they belong to it. */
function strays<R>(
  what: string,
  change: (put: (text: string) => string) => Partial<R>,
): readonly Variant<R, 'stray-whitespace'>[] {
  const cause = 'stray-whitespace';
  return [
    ...STRAYS.map(([stray, put]) => ({ cause, how: `with ${stray} ${what}`, change: change(put) }) as const),
    { cause, how: `with the whitespace around ${what} taken off`, change: change((text) => text.trim()) },
    { cause, how: `with the quotes around ${what} taken off`, change: change((text) => text.replace(QUOTED, '$2')) },
  ];
}

/** `others` are values that could have been taken for the key; an absent one is left out. */
function keyAxis(
  own: string,
  key: string,
  others: Readonly<Record<string, string | undefined>>,
): Axis<Recipe, 'wrong-key' | 'key-decoded' | 'stray-whitespace'> {
  return {
    fix: `key = ${own} of this app, its characters as UTF-8`,
    variants: [
      ...Object.entries(others).flatMap(([name, value]) =>
        value === undefined ? [] : wrongKey(`with ${name} as the key`, value),
      ),
      ...WRONG_KEYS.map(([how, value]) => wrongKey(how, value)),
      ...strays(own, (put) => ({ key: put(key) })),
      ...KEY_CHANGES.map(([cause, how, alter]) => ({ cause, how: `with ${own} ${how}`, change: { key: alter(key) } })),
    ],
  };
}

function wrongKey(how: string, key: string): Variant<Recipe, 'wrong-key'> {
  return { cause: 'wrong-key', how, change: { key } };
}

const WRONG_KEYS: readonly (readonly [how: string, key: string])[] = [
  ['with an empty key', ''],
  ['with the word undefined as the key', 'undefined'],
  ['with the word null as the key', 'null'],
  ['with the word None as the key', 'None'],
];

const KEY_CHANGES: readonly (readonly ['wrong-key' | 'key-decoded', how: string, alter: (key: string) => Bytes])[] = [
  ['key-decoded', 'decoded from hex', (key) => (/^(?:[\da-f]{2})+$/i.test(key) ? Buffer.from(key, 'hex') : key)],
  // Node reads both alphabets of Base64; PHP and Python skip what is not in theirs.
  ['key-decoded', 'decoded from Base64', (key) => Buffer.from(key, 'base64')],
  ['key-decoded', 'decoded from Base64, - and _ skipped', (key) => Buffer.from(key.replaceAll(/[-_]/g, ''), 'base64')],
  ['key-decoded', 'written in hex', (key) => Buffer.from(key).toString('hex')],
  ['key-decoded', 'written in Base64', (key) => Buffer.from(key).toString('base64')],
  ['key-decoded', 'as UTF-16', (key) => Buffer.from(key, 'utf16le')],
  ['key-decoded', 'URL-encoded', urlEncoded],
  ['key-decoded', 'URL-decoded', urlDecoded],
  ['wrong-key', 'hashed with SHA-256 first', (key) => hash('sha256', key)],
  ['wrong-key', 'hashed with SHA-256 first, in hex', (key) => hash('sha256', key).toString('hex')],
  ['wrong-key', 'in lower case', (key) => key.toLowerCase()],
  ['wrong-key', 'in upper case', (key) => key.toUpperCase()],
  ['wrong-key', 'cut: its first character is lost', (key) => key.slice(1)],
  ['wrong-key', 'cut: its last character is lost', (key) => key.slice(0, -1)],
];

function algorithmAxis(own: string): Axis<Recipe, 'wrong-algorithm'> {
  return {
    fix: `HMAC-SHA256 of the message, with ${own} as the key`,
    variants: ALGORITHMS.map(([how, digest]) => ({ cause: 'wrong-algorithm', how, change: { digest } })),
  };
}

const ALGORITHMS: readonly (readonly [how: string, digest: Recipe['digest']])[] = [
  ['under HMAC-SHA1', hmac('sha1')],
  ['under HMAC-SHA512', hmac('sha512')],
  ['under HMAC-SHA384', hmac('sha384')],
  ['under HMAC-SHA224', hmac('sha224')],
  ['under HMAC-MD5', hmac('md5')],
  ['under SHA-256 without a key', (message) => hash('sha256', message)],
  ['under SHA-256 of key + message, no HMAC', (message, key) => hash('sha256', key, message)],
  ['under SHA-256 of message + key, no HMAC', (message, key) => hash('sha256', message, key)],
  ['under SHA-1 without a key', (message) => hash('sha1', message)],
  ['under SHA-512 without a key', (message) => hash('sha512', message)],
  ['under MD5 without a key', (message) => hash('md5', message)],
  ['with key and message swapped', (message, key) => hmacSha256(key, message)],
  ['with the message hashed first', (message, key) => hmacSha256(hash('sha256', message), key)],
  ['with the hex of the hashed message', (message, key) => hmacSha256(hash('sha256', message).toString('hex'), key)],
];

const asNumber = (digest: Buffer): bigint => BigInt(`0x${digest.toString('hex')}`);
const hexBytes = (digest: Buffer): readonly string[] =>
  Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'));

const unpadded = (byte: string): string => byte.replace(/^0/, '');
const signExtended = (byte: string): string => (/^[89a-f]/.test(byte) ? `ffffff${byte}` : byte);
/** Java's Integer.toHexString of a byte. */
const toHexString = (byte: string): string => unpadded(signExtended(byte));

const ENCODINGS: readonly (readonly [how: string, encode: Recipe['encode']])[] = [
  ['in upper-case hex', (digest) => digest.toString('hex').toUpperCase()],
  ['in Base64', (digest) => digest.toString('base64')],
  ['in Base64 with a line break', (digest) => `${digest.toString('base64')}\n`],
  ['in Base64 without padding', (digest) => digest.toString('base64').replace(/=+$/, '')],
  ['in URL-encoded Base64', (digest) => urlEncoded(digest.toString('base64'))],
  ['in base64url', (digest) => digest.toString('base64url')],
  ['in base64url with padding', (digest) => digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_')],
  ['in hex, its leading zeros dropped', (digest) => asNumber(digest).toString(16)],
  ['in hex as a signed number', (digest) => BigInt.asIntN(digest.length * 8, asNumber(digest)).toString(16)],
  ['as a decimal number', (digest) => asNumber(digest).toString()],
  ['in hex, each byte without its leading zero', (digest) => hexBytes(digest).map(unpadded).join('')],
  ['in hex of signed bytes', (digest) => hexBytes(digest).map(signExtended).join('')],
  ['in hex of signed bytes, leading zeros dropped', (digest) => hexBytes(digest).map(toHexString).join('')],
  ['in hex with colons', (digest) => hexBytes(digest).join(':')],
  ['in hex with spaces', (digest) => hexBytes(digest).join(' ')],
  ['in hex with hyphens', (digest) => hexBytes(digest).join('-')],
  // BitConverter.ToString of .NET.
  ['in upper-case hex with hyphens', (digest) => hexBytes(digest).join('-').toUpperCase()],
  ['in Base64 of the hex text', (digest) => Buffer.from(digest.toString('hex')).toString('base64')],
  ['in hex of the hex text', (digest) => Buffer.from(digest.toString('hex')).toString('hex')],
  ['in hex of the Base64 text', (digest) => Buffer.from(digest.toString('base64')).toString('hex')],
];

const ENCODING_AXIS: Axis<Recipe, 'wrong-encoding'> = {
  fix: 'write the digest as lower-case hex, all 64 characters',
  variants: ENCODINGS.map(([how, encode]) => ({ cause: 'wrong-encoding', how, change: { encode } })),
};

const PREFIXES = ['v0=', 'v0:', 'sha256=', '0x', 'HMAC-SHA256 ', 'Bearer '];

/** A shorter piece could be met by chance: hex of signed bytes spends eight characters on seven bits. */
const SHORTEST_CUT = 32;

/** What stands around the digest, where `own` and nothing else should stand before it. */
function wrappingAxis(own: string, length: number): Axis<Recipe, 'wrong-encoding' | 'stray-whitespace'> {
  const cause = 'wrong-encoding';
  const cuts: readonly Variant<Recipe, 'wrong-encoding'>[] = [
    { cause, how: 'cut short at the end', change: { wrap: (text) => `${own}${text}`.slice(0, length) } },
    { cause, how: 'cut short at the start', change: { wrap: (text) => `${own}${text}`.slice(-length) } },
  ];
  return {
    fix: own === '' ? 'give the hex alone' : `give ${own} and the hex`,
    variants: [
      ...PREFIXES.filter((prefix) => prefix !== own).map(
        (prefix) =>
          ({
            cause,
            how: `with ${prefix.trim()} before it`,
            change: { wrap: (text: string) => `${prefix}${text}` },
          }) as const,
      ),
      ...(own === '' ? [] : [{ cause, how: `without ${own}`, change: { wrap: same } } as const]),
      ...strays<Recipe>('the value', (put) => ({ wrap: (text) => put(`${own}${text}`) })),
      ...(length < own.length + SHORTEST_CUT ? [] : cuts),
    ],
  };
}

/* Mistakes of the handshake */

const PARTS = ['clientId', 'entityId', 'streamId'] as const;
type Part = (typeof PARTS)[number];

interface HandshakeRecipe extends Recipe, SignatureParts {
  readonly order: readonly Part[];
  readonly join: (values: readonly string[], names: readonly string[]) => string;
  readonly finish: (message: string) => Bytes;
}

/** Every selection of the parts, of any length, in any order. */
function arrangements(parts: readonly Part[]): readonly (readonly Part[])[] {
  return parts.flatMap((part) => [
    [part],
    ...arrangements(parts.filter((other) => other !== part)).map((rest) => [part, ...rest]),
  ]);
}

const ORDERS = arrangements(PARTS).filter((order) => order.join() !== PARTS.join());

function orderVariant(
  order: readonly Part[],
  fields: Readonly<Record<Part, string>>,
): Variant<HandshakeRecipe, 'wrong-order' | 'part-missing'> {
  const kept = order.map((part) => fields[part]).join(', ');
  const missing = PARTS.filter((part) => !order.includes(part))
    .map((part) => fields[part])
    .join(' and ');
  return missing === ''
    ? { cause: 'wrong-order', how: `in the order ${kept}`, change: { order } }
    : { cause: 'part-missing', how: `with ${missing} left out (${kept})`, change: { order } };
}

const DELIMITER_WORDS: readonly (readonly [how: string, delimiter: string])[] = [
  ['with colons in place of the commas', ':'],
  ['with double colons in place of the commas', '::'],
  ['with semicolons in place of the commas', ';'],
  ['with dots in place of the commas', '.'],
  ['with bars in place of the commas', '|'],
  ['with double bars in place of the commas', '||'],
  ['with hyphens in place of the commas', '-'],
  ['with underscores in place of the commas', '_'],
  ['with ampersands in place of the commas', '&'],
  ['with plus signs in place of the commas', '+'],
  ['with slashes in place of the commas', '/'],
  ['with backslashes in place of the commas', '\\'],
  ['with equals signs in place of the commas', '='],
  ['with hash signs in place of the commas', '#'],
  ['with at signs in place of the commas', '@'],
  ['with tildes in place of the commas', '~'],
  ['with asterisks in place of the commas', '*'],
  ['with spaces in place of the commas', ' '],
  ['with tabs in place of the commas', '\t'],
  ['with newlines in place of the commas', '\n'],
  ['with CR LF in place of the commas', '\r\n'],
  ['with literal \\n in place of the commas', '\\n'],
  ['with NUL in place of the commas', '\0'],
  ['with %2C in place of the commas', '%2C'],
  ['with a space after each comma', ', '],
  ['with a space before each comma', ' ,'],
  ['with spaces around each comma', ' , '],
  ['with a newline after each comma', ',\n'],
  ['with each comma doubled', ',,'],
  ['with a plus sign and spaces in place of the commas', ' + '],
];

const JOINS: readonly (readonly [how: string, join: HandshakeRecipe['join']])[] = [
  ...DELIMITER_WORDS.map(([how, delimiter]) => [how, (values: readonly string[]) => values.join(delimiter)] as const),
  ['without the first comma', ([first = '', ...others]) => first + others.join(',')],
  ['without the last comma', (values) => values.slice(0, -1).join(',') + values.slice(-1).join('')],
  ['with a comma after the last', (values) => `${values.join(',')},`],
  ['with a comma before the first', (values) => `,${values.join(',')}`],
  ['as a query string', (values, names) => values.map((value, index) => `${names[index] ?? ''}=${value}`).join('&')],
];

const DELIMITERS: readonly Variant<HandshakeRecipe, 'no-delimiter' | 'wrong-delimiter'>[] = [
  { cause: 'no-delimiter', how: 'without the commas', change: { join: (values) => values.join('') } },
  ...JOINS.map(([how, join]) => ({ cause: 'wrong-delimiter', how, change: { join } }) as const),
];

/** Ways to spoil one id. `others` could have been taken for it: name → value. */
function partAxis<R>(
  field: string,
  id: string,
  others: Readonly<Record<string, string>>,
  change: (id: string) => Partial<R>,
): Axis<R, 'wrong-id' | 'part-missing' | 'altered-id' | 'stray-whitespace'> {
  const inPlace = <Cause extends string>(cause: Cause, what: string, value: string): Variant<R, Cause> => ({
    cause,
    how: `with ${what} in place of ${field}`,
    change: change(value),
  });
  return {
    fix: `use ${field} exactly as received`,
    variants: [
      ...Object.entries(others).map(([name, value]) => inPlace('wrong-id', name, value)),
      ...ABSENT_IDS.map(([what, value]) => inPlace('part-missing', what, value)),
      ...strays(field, (put) => change(put(id))),
      ...ID_CHANGES.map(
        ([how, alter]) => ({ cause: 'altered-id', how: `with ${field} ${how}`, change: change(alter(id)) }) as const,
      ),
    ],
  };
}

/** What languages print for a value that is not there. */
const ABSENT_IDS: readonly (readonly [what: string, value: string])[] = [
  ['nothing', ''],
  ['the word undefined', 'undefined'],
  ['the word null', 'null'],
  ['the word None', 'None'],
  ['the word nil', 'nil'],
];

const trimPadding = (id: string): string => id.replace(/=+$/, '');
const toUrlAlphabet = (id: string): string => id.replaceAll('+', '-').replaceAll('/', '_');

const ID_CHANGES: readonly (readonly [how: string, alter: (id: string) => string])[] = [
  ['URL-encoded', urlEncoded],
  ['URL-encoded twice', (id) => urlEncoded(urlEncoded(id))],
  // Python's quote() leaves the slash.
  ['URL-encoded except for /', (id) => urlEncoded(id).replaceAll('%2F', '/')],
  // HttpUtility.UrlEncode of .NET.
  ['URL-encoded in lower case', (id) => urlEncoded(id).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['URL-decoded', urlDecoded],
  ['URL-decoded as a form, + turned into a space', (id) => urlDecoded(id.replaceAll('+', ' '))],
  ['with %20 in place of +', (id) => id.replaceAll('+', '%20')],
  ['in base64url', toUrlAlphabet],
  ['in base64url without padding', (id) => trimPadding(toUrlAlphabet(id))],
  ['turned from base64url into Base64', (id) => id.replaceAll('-', '+').replaceAll('_', '/')],
  ['without its = padding', trimPadding],
  ['with == added', (id) => `${id}==`],
  ['with one = of two', (id) => id.replace(/==$/, '=')],
  ['in lower case', (id) => id.toLowerCase()],
  ['in upper case', (id) => id.toUpperCase()],
  ['JSON-escaped: \\/ in place of /', (id) => id.replaceAll('/', '\\/')],
  // Gson and Go's encoding/json escape for HTML, System.Text.Json the plus sign.
  ['JSON-escaped: \\u003d in place of =', (id) => id.replaceAll('=', '\\u003d')],
  ['JSON-escaped: \\u002B in place of +', (id) => id.replaceAll('+', '\\u002B')],
  ['decoded from Base64 to hex', (id) => Buffer.from(id, 'base64').toString('hex')],
  ['decoded from Base64 to a UUID', (id) => dashed(Buffer.from(id, 'base64').toString('hex'))],
  ['decoded from Base64 to text', (id) => Buffer.from(id, 'base64').toString()],
  ['encoded in Base64 once more', (id) => Buffer.from(id).toString('base64')],
  ['written in hex', (id) => Buffer.from(id).toString('hex')],
  ['with the hyphens of a UUID', dashed],
  ['without its hyphens', (id) => id.replaceAll('-', '')],
  ['without its slashes', (id) => id.replaceAll('/', '')],
  ['without its leading zeros', (id) => id.replace(/^0+/, '')],
  ['cut at its first slash', (id) => id.replace(/\/.*$/s, '')],
  ['cut: its first character is lost', (id) => id.slice(1)],
  ['cut: its last character is lost', (id) => id.slice(0, -1)],
];

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const MESSAGE_CHANGES: readonly (readonly [
  cause: 'altered-id' | 'wrong-encoding',
  how: string,
  finish: HandshakeRecipe['finish'],
])[] = [
  ['altered-id', 'with the message in lower case', (text) => text.toLowerCase()],
  ['altered-id', 'with the message in upper case', (text) => text.toUpperCase()],
  ['altered-id', 'with the message URL-encoded', urlEncoded],
  ['wrong-encoding', 'with the message as Base64', (text) => Buffer.from(text).toString('base64')],
  ['wrong-encoding', 'with the message as hex', (text) => Buffer.from(text).toString('hex')],
  ['wrong-encoding', 'with the message as UTF-16', (text) => Buffer.from(text, 'utf16le')],
  ['wrong-encoding', 'with the message as Latin-1', (text) => Buffer.from(text, 'latin1')],
];

function tokenFormula(entityField: string, secretToken: string): Variant<HandshakeRecipe, 'wrong-key'> {
  return {
    cause: 'wrong-key',
    how: `with client_id left out, no comma, with the Secret Token as the key (${entityField}, rtms_stream_id)`,
    change: { order: ['entityId', 'streamId'], join: (values) => values.join(''), key: secretToken },
  };
}

/* Mistakes of the webhook */

interface WebhookRecipe extends Recipe {
  readonly timestamp: string;
  readonly body: Bytes;
  readonly head: (timestamp: string) => string;
}

interface ChallengeRecipe extends Recipe {
  readonly plainToken: string;
}

const HEADS: readonly Variant<WebhookRecipe, 'part-missing' | 'no-delimiter' | 'wrong-delimiter'>[] = [
  { cause: 'part-missing', how: 'without v0: at the start', change: { head: (time) => `${time}:` } },
  { cause: 'part-missing', how: 'without the timestamp', change: { head: () => 'v0:' } },
  { cause: 'part-missing', how: 'without v0: and the timestamp', change: { head: () => '' } },
  { cause: 'no-delimiter', how: 'without the colons', change: { head: (time) => `v0${time}` } },
  { cause: 'no-delimiter', how: 'without v0: and the colons', change: { head: (time) => time } },
  { cause: 'wrong-delimiter', how: 'with dots in place of the colons', change: { head: (time) => `v0.${time}.` } },
  { cause: 'wrong-delimiter', how: 'with commas in place of the colons', change: { head: (time) => `v0,${time},` } },
  { cause: 'wrong-delimiter', how: 'with = in place of the first colon', change: { head: (time) => `v0=${time}:` } },
];

function timestamps(header: string, eventTs: number | string | undefined): readonly (readonly [how: string, string])[] {
  const event = eventTs === undefined ? [] : [String(eventTs)];
  return [
    ...event.map((ms) => ['with event_ts in place of the timestamp header', ms] as const),
    ...event.map((ms) => ['with event_ts in seconds in place of the timestamp header', ms.slice(0, -3)] as const),
    ['with the timestamp header in milliseconds', `${header}000`],
    ['with nothing in place of the timestamp header', ''],
    ['with the word undefined in place of the timestamp header', 'undefined'],
    ['with the word None in place of the timestamp header', 'None'],
  ];
}

const BODY_CHANGES: readonly (readonly [how: string, alter: (body: string) => string])[] = [
  ['parsed and written anew, compact', (body) => rewritten(body)],
  ['parsed and written anew, a space after each comma and colon, as Python does', spaced],
  ['parsed and written anew by Python, non-ASCII escaped', (body) => asciiOnly(spaced(body))],
  ['parsed and written anew, non-ASCII escaped', (body) => asciiOnly(rewritten(body))],
  ['parsed and written anew, / escaped as PHP does', (body) => asciiOnly(rewritten(body).replaceAll('/', '\\/'))],
  ['parsed and written anew, = escaped as Gson does', (body) => rewritten(body).replaceAll('=', '\\u003d')],
  ['parsed and written anew, indented by 2', (body) => rewritten(body, 2)],
  ['parsed and written anew, indented by 4', (body) => rewritten(body, 4)],
  ['parsed and written anew, indented by a tab', (body) => rewritten(body, '\t')],
  ['read as Latin-1', (body) => Buffer.from(body).toString('latin1')],
  ['with its line ends turned into LF', (body) => body.replaceAll('\r\n', '\n')],
  ['without any whitespace', (body) => body.replaceAll(/\s+/g, '')],
  ['left out', () => ''],
  ['turned into [object Object]', () => '[object Object]'],
];

function rewritten(body: string, indent?: number | string): string {
  return whereItCan((json) => JSON.stringify(JSON.parse(json), null, indent))(body);
}

/** As Python's json.dumps. Strings hold no raw line breaks, so those found are the layout's. */
function spaced(body: string): string {
  return rewritten(body, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '');
}

function asciiOnly(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
