/** A JSON path, as findings have it (`$.payload.meeting_uuid`), → its bytes in a JSON text. Judges nothing. */
import type { Range } from '../protocol/origin.js';

/**
 * The member a path names: a short one with its key and value, of an object or array the key alone. Where a part of
 * the path is not there, what should hold it. Of a text that is no JSON, as far as it goes.
 */
export function rangeOfPath(json: Uint8Array, path: string): Range {
  const found = follow(json, path);
  const { start, keyEnd, value } = found.at(-1) ?? { start: 0, keyEnd: 1, value: 0 };
  return isOpening(json[value]) ? [start, keyEnd] : [start, endOfValue(json, value)];
}

/** The string a path names, without its quotes; undefined where there is none. */
export function rangeOfString(json: Uint8Array, path: string): Range | undefined {
  const { value } = follow(json, path).at(-1) ?? { value: 0 };
  return hasPath(json, path) && json[value] === QUOTE ? [value + 1, endOfString(json, value) - 1] : undefined;
}

/** Whether all of a path is there. */
export function hasPath(json: Uint8Array, path: string): boolean {
  return follow(json, path).reduce((length, { step }) => length + step, '$'.length) === path.length;
}

/** The way along a path, as far as it goes; the root first. */
function follow(json: Uint8Array, path: string): Found[] {
  const root = skipSpace(json, 0);
  const found: Found[] = [{ step: 0, start: root, keyEnd: root + 1, value: root }];
  let rest = path.replace(/^\$/, '');
  while (rest !== '') {
    const { value } = found.at(-1) ?? { value: root };
    const next = json[value] === OPENING_BRACE ? memberOf(json, value, rest) : itemOf(json, value, rest);
    if (!next) break;
    found.push(next);
    rest = rest.slice(next.step);
  }
  return found;
}

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

const isOpening = (byte: number | undefined): boolean => byte === OPENING_BRACE || byte === OPENING_BRACKET;
const isClosing = (byte: number | undefined): boolean => byte === 0x7d || byte === 0x5d;

interface Found {
  /** How much of the path it takes. */
  readonly step: number;
  readonly start: number;
  readonly keyEnd: number;
  readonly value: number;
}

/** Keys can hold dots: the longest that fits is meant, and of equal ones the last, which is the one that counts. */
function memberOf(json: Uint8Array, object: number, path: string): Found | undefined {
  let best: Found | undefined;
  let at = skipSpace(json, object + 1);
  while (json[at] === QUOTE) {
    const keyEnd = endOfValue(json, at);
    const value = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const name = `.${keyOf(json.subarray(at, keyEnd), path.length)}`;
    const isNamed = path.startsWith(name) && /^(?:[.[]|$)/.test(path.slice(name.length));
    if (isNamed && name.length >= (best?.step ?? 0)) best = { step: name.length, start: at, keyEnd, value };
    at = nextItem(json, value);
  }
  return best;
}

function itemOf(json: Uint8Array, array: number, path: string): Found | undefined {
  const [step, index] = /^\[(\d+)\]/.exec(path) ?? [];
  if (step === undefined || json[array] !== OPENING_BRACKET) return undefined;
  let at = skipSpace(json, array + 1);
  for (let count = Number(index); count > 0 && at < json.length && !isClosing(json[at]); count -= 1) {
    at = nextItem(json, at);
  }
  if (at >= json.length || isClosing(json[at])) return undefined;
  return { step: step.length, start: at, keyEnd: at + 1, value: at };
}

/** A key as text; of one far longer than what is looked for, nothing. */
function keyOf(quoted: Uint8Array, longest: number): string {
  if (quoted.length > 6 * longest + 2) return '';
  try {
    return String(JSON.parse(Buffer.from(quoted).toString()));
  } catch {
    return '';
  }
}

/** Where the item behind the one at `at` begins, or what closes them. */
function nextItem(json: Uint8Array, at: number): number {
  const end = skipSpace(json, endOfValue(json, at));
  return json[end] === COMMA ? skipSpace(json, end + 1) : end;
}

/** Follows strings and brackets; a number or a word ends where anything else begins. */
function endOfValue(json: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      if (depth === 0) return at;
      at -= 1;
    } else if (isOpening(byte)) depth += 1;
    else if (isClosing(byte)) {
      depth -= 1;
      if (depth <= 0) return depth === 0 ? at + 1 : at;
    } else if (depth === 0 && (byte === COMMA || isSpace(byte))) return at;
  }
  return json.length;
}

function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at + 1;
  }
  return json.length;
}

function skipSpace(json: Uint8Array, start: number): number {
  let at = start;
  while (isSpace(json[at])) at += 1;
  return at;
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
