/**
 * Replaces the URLs under `server_urls`, in a webhook or a handshake answer, in the bytes themselves: key order, white
 * space, number forms and all else stay as they came. Parsing and writing the JSON anew would lose them.
 */

/** The new URL for one; undefined leaves it. `key` is the medium it stands under, undefined where it has no key. */
export type Replace = (url: string, key: string | undefined) => string | undefined;

const KEY = 'server_urls';
const WEBSOCKET_URL = /^wss?:\/\//i;

/**
 * Takes strings, lists of URLs joined with commas, arrays and objects; only `ws:` and `wss:` URLs are asked for.
 * Where none is replaced, the very same bytes come back.
 */
export function replaceServerUrls(json: Buffer, replace: Replace): Buffer {
  // In Latin-1 one character is one byte, and all that structures JSON is ASCII.
  const text = json.toString('latin1');
  let result = '';
  let at = 0;
  for (const { start, token, keys } of stringValues(text)) {
    if (!keys.includes(KEY)) continue;
    const value = decoded(token);
    const key = keys.findLast((name) => name !== '');
    const replaced = value?.replace(/[^\s,]+/g, (url) => {
      return (WEBSOCKET_URL.test(url) ? replace(url, key === KEY ? undefined : key) : undefined) ?? url;
    });
    if (replaced === undefined || replaced === value) continue;
    result += text.slice(at, start) + encoded(replaced, token);
    at = start + token.length;
  }
  return at === 0 ? json : Buffer.from(result + text.slice(at), 'latin1');
}

interface StringValue {
  readonly start: number;
  /** As it stands there, quotes and escapes included. */
  readonly token: string;
  /** The keys it is under, outermost first; an array adds an empty one. */
  readonly keys: readonly string[];
}

/** Strings, and what structures JSON; all else between them does not matter here. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/gs;

function* stringValues(text: string): Generator<StringValue> {
  const keys: string[] = [];
  let held: StringValue | undefined;
  for (const { 0: token, index: start } of text.matchAll(TOKEN)) {
    if (token === ':') {
      keys[keys.length - 1] = decoded(held?.token ?? '') ?? '';
      held = undefined;
      continue;
    }
    // A string that no colon follows is a value.
    if (held) yield held;
    held = token.startsWith('"') ? { start, token, keys: [...keys] } : undefined;
    if (token === '{' || token === '[') keys.push('');
    else if (token === '}' || token === ']') keys.pop();
    else if (token === ',') keys[keys.length - 1] = '';
  }
}

function decoded(token: string): string | undefined {
  try {
    return String(JSON.parse(Buffer.from(token, 'latin1').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** As JSON, in the manner of what it replaces: some writers escape every slash. */
function encoded(text: string, like: string): string {
  const token = Buffer.from(JSON.stringify(text)).toString('latin1');
  return like.includes(String.raw`\/`) ? token.replaceAll('/', String.raw`\/`) : token;
}
