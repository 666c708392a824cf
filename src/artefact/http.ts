/** An HTTP message as text → its headers and its body, byte for byte. Texts have one character a byte. */
import type { Range } from '../protocol/origin.js';

export interface HttpMessage {
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, Header>;
  /** Where the body stands in the text. */
  readonly body: Range;
  /** Of an answer. */
  readonly status: number | undefined;
}

interface Header {
  readonly value: string;
  /** The whole line, without its end. */
  readonly range: Range;
}

const START_LINE = /(?:[A-Z]{3,10} \S+ HTTP\/\d(?:\.\d)?|HTTP\/\d(?:\.\d)? (\d{3})[^\r\n]*)\r?\n/y;
const HEADER = /([\w!#$%&'*+.^`|~-]{1,100}):([^\r\n]*)\r?\n/y;
const EMPTY_LINE = /\r?\n/y;
/** Headers without a start line are told by their names from any other text with colons. */
const USUAL = /^(?:x-zm-|content-|host$|user-agent$|authorization$|clientid$|accept)/;

/** Undefined where the text does not begin with headers, an empty line and a body behind them. */
export function readHttp(text: string): HttpMessage | undefined {
  const start = match(START_LINE, text, 0);
  let at = start?.[0].length ?? 0;
  const headers = new Map<string, Header>();
  for (;;) {
    const found = match(HEADER, text, at);
    if (!found) break;
    const [line, name = '', value = ''] = found;
    headers.set(name.toLowerCase(), { value: value.trim(), range: [at, at + line.trimEnd().length] });
    at += line.length;
  }
  const end = match(EMPTY_LINE, text, at);
  const isUsual = start !== undefined || [...headers.keys()].some((name) => USUAL.test(name));
  if (!end || !isUsual || at + end[0].length === text.length) return undefined;
  const status = start?.[1] === undefined ? undefined : Number(start[1]);
  return { headers, body: bodyOf(text, at + end[0].length, headers), status };
}

/** As long as its header says, where no more than white space follows it. */
function bodyOf(text: string, start: number, headers: HttpMessage['headers']): Range {
  const stated = headers.get('content-length')?.value ?? '';
  const end = start + Number(stated);
  const holds = /^\d{1,9}$/.test(stated) && end <= text.length && text.slice(end).trim() === '';
  return [start, holds ? end : text.length];
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
