/**
 * An object as a log writes it (JSON, a Python dict, a JavaScript object, a Java map, a Ruby hash) → the JSON it stands
 * for, each part with its place. Texts have one character a byte.
 */
import { unescaped } from '../protocol/escapes.js';
import { Pieces, type Origin } from '../protocol/origin.js';

export interface Literal {
  /** Offset behind it. */
  readonly end: number;
  /** The same as JSON, and where each byte of that stands. */
  readonly json: Uint8Array;
  readonly origin: Origin;
  readonly notation: 'json' | 'python' | 'javascript' | 'java' | 'ruby';
}

const DEEPEST = 32;
const SPACE = /[ \t\r\n]*/y;
const KEY = /:?[A-Za-z_$][\w$.-]{0,100}/y;
const SEPARATOR = /[ \t]*(?:=>|[:=])[ \t\r\n]*/y;
const STRING_PREFIX = /[buUrfBRF]{1,2}(?=["'])/y;
/** JavaScript and Python: up to what ends the value. */
const BARE = /[^,{}[\]()\r\n"'`]{1,4096}/y;
/** Java: a comma ends the value only where another member follows. */
const JAVA_VALUE = /(?:[^,{}[\]()\r\n]|,(?! ?[\w$.-]{1,100}=)){0,4096}/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ...['true', 'True'].map((word) => [word, 'true'] as const),
  ...['false', 'False'].map((word) => [word, 'false'] as const),
  ...['null', 'None', 'nil', 'undefined'].map((word) => [word, 'null'] as const),
]);
/** Fields that hold text even where it has digits only; of the others a number is guessed. */
const TEXT_FIELD = /(?:id|uuid|key|token|signature|name|data|reason|urls?)$/i;

const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** What stands at an opening bracket, if it is an object; `end` is how far it was looked at. */
export function readLiteral(text: string, start: number): { readonly end: number; readonly literal?: Literal } {
  const reader = new LiteralReader(text, start);
  const isObject = reader.object(0);
  return { end: reader.at, ...(isObject && { literal: reader.result() }) };
}

class LiteralReader {
  at: number;
  readonly #text: string;
  readonly #start: number;
  readonly #json: string[] = [];
  readonly #pieces = new Pieces();
  readonly #seen = new Set<Literal['notation']>();

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
    this.at = start;
  }

  result(): Literal {
    const notations = ['java', 'ruby', 'javascript', 'python'] as const;
    const notation = notations.find((each) => this.#seen.has(each)) ?? 'json';
    const { at: end } = this;
    // What is JSON already stays as it is, white space and all.
    if (notation === 'json') {
      const json = Buffer.from(this.#text.slice(this.#start, end), 'latin1');
      return { end, json, origin: ([from, to]) => [from + this.#start, to + this.#start], notation };
    }
    return { end, json: Buffer.from(this.#json.join(''), 'latin1'), origin: this.#pieces.origin, notation };
  }

  /** `{…}`, or `(…)` and `[…]` behind the name of a class. */
  object(depth: number): boolean {
    return this.#list('{}', depth, () => this.#member(depth));
  }

  #array(depth: number, java: RegExp | undefined): boolean {
    return this.#list('[]', depth, () => this.#value(depth, '', java));
  }

  /** Between brackets of any kind, which become those of `json`. */
  #list(json: '{}' | '[]', depth: number, item: () => boolean): boolean {
    const closer = CLOSERS[this.#text.charAt(this.at)];
    if (closer === undefined || depth > DEEPEST) return false;
    this.#copy(json.charAt(0));
    for (let isFirst = true; ; isFirst = false) {
      this.#match(SPACE);
      const comma = this.at;
      if (!isFirst && this.#text.charAt(comma) === ',') {
        this.at += 1;
        this.#match(SPACE);
      }
      if (this.#text.charAt(this.at) === closer) {
        // JSON has no comma behind the last one.
        if (this.at > comma) this.#seen.add('javascript');
        this.#copy(json.charAt(1));
        return true;
      }
      if (!isFirst && this.at === comma) return false;
      if (!isFirst) this.#write(',', comma, comma + 1);
      if (!item()) return false;
    }
  }

  #member(depth: number): boolean {
    const key = this.#key();
    const start = this.at;
    const separator = key === undefined ? '' : this.#match(SEPARATOR);
    if (key === undefined || separator === '') return false;
    const sign = separator.trim();
    if (sign === '=') this.#seen.add('java');
    if (sign === '=>') this.#seen.add('ruby');
    this.#write(':', start, this.at);
    return this.#value(depth, key, sign === '=' ? JAVA_VALUE : undefined);
  }

  /** Its name where that stands without quotes; undefined for no key. */
  #key(): string | undefined {
    const start = this.at;
    const key = this.#match(KEY);
    if (key === '') return this.#string() ? '' : undefined;
    this.#seen.add('javascript');
    this.#write(JSON.stringify(key.replace(':', '')), start, this.at);
    return key;
  }

  /** `java` is what a value in a Java map matches: its strings have no quotes. */
  #value(depth: number, key: string, java: RegExp | undefined): boolean {
    const character = this.#text.charAt(this.at);
    if (character === '{') return this.object(depth + 1);
    if (character === '[' || character === '(') return this.#array(depth + 1, java && BARE);
    if (java === undefined && this.#string()) return true;
    const start = this.at;
    const bare = this.#match(java ?? BARE).trimEnd();
    if (bare === '' && java === undefined) return false;
    this.#write(this.#guess(bare, key, java !== undefined), start, start + bare.length);
    return true;
  }

  /** A word without quotes as JSON. */
  #guess(word: string, key: string, isJava: boolean): string {
    const constant = CONSTANTS.get(word);
    if (constant !== undefined) {
      if (word === 'True' || word === 'False' || word === 'None') this.#seen.add('python');
      else if (constant !== word) this.#seen.add('javascript');
      return constant;
    }
    if (NUMBER.test(word) && !(isJava && TEXT_FIELD.test(key))) return word;
    if (!isJava) this.#seen.add('javascript');
    return JSON.stringify(word);
  }

  #string(): boolean {
    const start = this.at;
    const prefix = this.#match(STRING_PREFIX);
    const quote = this.#text.charAt(this.at);
    if (quote !== '"' && quote !== "'" && quote !== '`') return false;
    const open = this.at;
    const end = this.#endOfString(open + 1, quote);
    if (end < 0) return false;
    const content = this.#text.slice(open + 1, end);
    if (quote === '"' && prefix === '' && isJsonString(content)) {
      this.#write('"', open, open + 1);
      this.#write(content, open + 1, end);
      this.#write('"', end, end + 1);
    } else {
      this.#seen.add(quote === "'" || prefix !== '' ? 'python' : 'javascript');
      const { bytes } = unescaped(Buffer.from(content, 'latin1'));
      this.#write(JSON.stringify(Buffer.from(bytes).toString('latin1')), start, end + 1);
    }
    this.at = end + 1;
    return true;
  }

  #endOfString(from: number, quote: string): number {
    for (let at = from; at < this.#text.length; at += 1) {
      const character = this.#text.charAt(at);
      if (character === quote) return at;
      if (character === '\\') at += 1;
      this.at = at;
    }
    return -1;
  }

  /** One character for one. */
  #copy(json: string): void {
    this.#write(json, this.at, this.at + 1);
    this.at += 1;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  #write(json: string, from: number, to: number): void {
    this.#json.push(json);
    this.#pieces.add(json.length, from, to);
  }
}

const JSON_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-f]{4})/gi;

/** What stands between two quotes is right as it is. */
const isJsonString = (content: string): boolean =>
  !/[^ -\uffff]/.test(content) && !content.replaceAll(JSON_ESCAPE, '').includes('\\');
