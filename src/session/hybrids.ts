/**
 * Two handshakes, one that fails and one that is known to be good: wherein they differ, and every mixture of the two.
 * It sends none and knows no outcome.
 */
import { readMessageText, type MessageText } from '../protocol/framing.js';
import { isObject } from '../protocol/json.js';
import { maskInPlace } from './redact.js';

/** What goes out, and how. */
export interface SentHandshake {
  readonly bytes: Uint8Array;
  readonly opcode: 'text' | 'binary';
  /** After the WebSocket was open. */
  readonly delayMs: number;
}

/** One thing that can be taken over from the good handshake by itself. */
export interface Difference {
  readonly kind: 'opcode' | 'framing' | 'field' | 'order' | 'spelling' | 'timing';
  /** The name of the field, or the kind in words. */
  readonly name: string;
  /** As it is in the one that fails, and in the good one: shortened, for people. */
  readonly from: string;
  readonly to: string;
}

/** Longer values are cut. */
const MOST_SHOWN = 80;
const PLAIN = 'one JSON text, nothing around it';
const ABSENT = 'not there';

/** Every difference: with all of them mended, the failing handshake is the good one, byte for byte. */
export function differencesOf(failing: SentHandshake, good: SentHandshake): Difference[] {
  const [own, right] = [formOf(failing.bytes), formOf(good.bytes)];
  const faults = own.faults.map(({ message }) => message).join('; ');
  const candidates: readonly Difference[] = [
    { kind: 'opcode', name: 'opcode', from: failing.opcode, to: good.opcode },
    { kind: 'framing', name: 'framing', from: faults || PLAIN, to: PLAIN },
    // Where no JSON was found there is nothing in it to compare.
    ...(own.text === undefined ? [] : differencesInside(own, right)),
    { kind: 'timing', name: 'delay before it', from: `${failing.delayMs} ms`, to: `${good.delayMs} ms` },
  ];
  return candidates
    .filter(({ from, to }) => from !== to)
    .map((each) => ({ ...each, from: shown(each, each.from), to: shown(each, each.to) }));
}

function differencesInside(own: Form, right: Form): Difference[] {
  const names = new Set([...Object.keys(right.fields), ...Object.keys(own.fields)]);
  return [
    ...[...names].map((name): Difference => {
      return { kind: 'field', name, from: valueIn(own.fields, name), to: valueIn(right.fields, name) };
    }),
    {
      kind: 'order',
      name: 'order of the fields',
      from: orderOf(own.fields, right.fields),
      to: orderOf(right.fields, own.fields),
    },
    { kind: 'spelling', name: 'white space and escapes', from: own.spelling.name, to: right.spelling.name },
  ];
}

const orderOf = (fields: Fields, other: Fields): string =>
  Object.keys(fields)
    .filter((name) => Object.hasOwn(other, name))
    .join(', ');

const valueIn = (fields: Fields, name: string): string =>
  Object.hasOwn(fields, name) ? (JSON.stringify(fields[name]) ?? '') : ABSENT;

/** A signature that is cut or misspelt has not the form by which it would be hidden later. */
function shown({ kind, name }: Difference, text: string): string {
  const isSecret = kind === 'field' && /sig|hmac|token|auth|secret/i.test(name) && text !== ABSENT;
  const safe = isSecret ? text.replace(/[^"]{13,}/, maskInPlace) : text;
  return safe.length > MOST_SHOWN ? `${safe.slice(0, MOST_SHOWN)}…` : safe;
}

/**
 * The failing handshake with some of its differences mended. What is wrapped in a broken framing, or written in no
 * known way, cannot be changed inside it: then that is mended too, and `mended` says so.
 */
export function hybridOf(
  failing: SentHandshake,
  good: SentHandshake,
  wanted: readonly Difference[],
): { readonly handshake: SentHandshake; readonly mended: readonly Difference[] } {
  const inside = wanted.some(({ kind }) => INSIDE.includes(kind));
  const needed = (kind: Kind): boolean =>
    inside && (kind === 'framing' || (kind === 'spelling' && formOf(failing.bytes).spelling.write === undefined));
  const mended = differencesOf(failing, good).filter(
    ({ kind, name }) => needed(kind) || wanted.some((each) => each.kind === kind && each.name === name),
  );
  const from = (kind: Kind): SentHandshake => (mended.some((each) => each.kind === kind) ? good : failing);
  const { opcode } = from('opcode');
  const { delayMs } = from('timing');
  return { handshake: { bytes: bytesOf(failing, good, mended), opcode, delayMs }, mended };
}

type Kind = Difference['kind'];
const INSIDE: readonly Kind[] = ['field', 'order', 'spelling'];

function bytesOf(failing: SentHandshake, good: SentHandshake, mended: readonly Difference[]): Uint8Array {
  const [own, right] = [formOf(failing.bytes), formOf(good.bytes)];
  const has = (kind: Kind): boolean => mended.some((each) => each.kind === kind);
  if (!INSIDE.some(has)) {
    if (!has('framing')) return failing.bytes;
    return own.text === undefined ? good.bytes : Buffer.from(own.text);
  }
  const names = mended.flatMap(({ kind, name }) => (kind === 'field' ? [name] : []));
  const merged = withFields(own.fields, right.fields, names);
  const fields = has('order') ? inOrderOf(right.fields, merged) : merged;
  const { write = JSON.stringify } = has('spelling') ? right.spelling : own.spelling;
  return Buffer.from(write(fields));
}

type Fields = Readonly<Record<string, unknown>>;

/** The named fields as `right` has them, each in its place; those it does not have are left out. */
function withFields(own: Fields, right: Fields, names: readonly string[]): Fields {
  const entries = Object.entries(own)
    .filter(([name]) => !names.includes(name) || Object.hasOwn(right, name))
    .map(([name, value]): [string, unknown] => [name, names.includes(name) ? right[name] : value]);
  const order = Object.keys(right);
  for (const name of names.filter((each) => Object.hasOwn(right, each) && !Object.hasOwn(own, each))) {
    const before = order.slice(0, order.indexOf(name));
    const place = entries.findLastIndex(([each]) => before.includes(each)) + 1;
    entries.splice(place, 0, [name, right[name]]);
  }
  return Object.fromEntries(entries);
}

const inOrderOf = (right: Fields, fields: Fields): Fields =>
  Object.fromEntries(
    [...Object.keys(right).filter((name) => Object.hasOwn(fields, name)), ...Object.keys(fields)].map((name) => [
      name,
      fields[name],
    ]),
  );

interface Form extends MessageText {
  readonly fields: Fields;
  readonly spelling: Spelling;
}

function formOf(bytes: Uint8Array): Form {
  const reading = readMessageText(bytes);
  const fields = isObject(reading.value) ? reading.value : {};
  return { ...reading, fields, spelling: spellingOf(reading.text ?? '', fields) };
}

/** How JSON was written. `write` is missing where it is in no known way. */
interface Spelling {
  readonly name: string;
  readonly write?: (fields: Fields) => string;
}

const indented = (indent: number | string): Spelling => ({
  name: `indented by ${typeof indent === 'string' ? 'tabs' : indent}`,
  write: (fields) => JSON.stringify(fields, undefined, indent),
});

/** The ways of the common libraries: JavaScript, pretty printers, Python. */
const SPELLINGS: readonly Spelling[] = [
  { name: 'compact', write: (fields) => JSON.stringify(fields) },
  indented(2),
  indented(4),
  indented('\t'),
  {
    name: 'a space after each comma and colon',
    write: (fields) =>
      JSON.stringify(fields, undefined, 1)
        .replaceAll(/([{[])\n\s*/g, '$1')
        .replaceAll(/\n\s*([}\]])/g, '$1')
        .replaceAll(/,\n\s*/g, ', '),
  },
];

function spellingOf(text: string, fields: Fields): Spelling {
  const known = SPELLINGS.find(({ write }) => write?.(fields) === text.trim());
  const { write } = known ?? {};
  if (!known || !write) return { name: 'as it is' };
  const [before = '', after = ''] = text.split(text.trim());
  if (before === '' && after === '') return known;
  return { name: `${known.name}, white space around it`, write: (each) => `${before}${write(each)}${after}` };
}
