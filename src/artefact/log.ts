/** The frames a log, a console or a forum post holds, each with its line. Texts have one character a byte. */
import { unescaped, type Derived } from '../protocol/escapes.js';
import { readMessageText, type MessageText } from '../protocol/framing.js';
import { beginningAt, through, type Origin } from '../protocol/origin.js';
import { kindOf, type DocumentKind } from './artefact.js';
import { readLiteral, type Literal } from './literal.js';

export interface LoggedFrame {
  readonly kind: DocumentKind;
  readonly document: Uint8Array;
  readonly reading: MessageText;
  readonly origin: Origin;
  readonly start: number;
  readonly end: number;
  /** How it was written, in words; undefined where it stands as it was sent. */
  readonly notation: string | undefined;
}

/** A search looks at each character so often, and no more: a text made to be slow is not searched to its end. */
const MOST_LOOKS = 10;
/** More frames tell no more; a log of hours has the same fault in all of them. */
export const MOST_FRAMES = 1000;

/** Where a frame can begin: an object, the bytes of one in Python, the fields of one behind the name of its class. */
const CANDIDATE = /\{|\b[bB](?=["'])|(?<=\w)[([](?=\w{1,100}=)/g;
/** What every frame and every webhook has. */
const HINT = /msg_type|event/g;

export function framesIn(text: string): LoggedFrame[] {
  const frames: LoggedFrame[] = [];
  let looks = MOST_LOOKS * text.length;
  let hint = -1;
  let at = 0;
  while (looks > 0 && frames.length < MOST_FRAMES) {
    CANDIDATE.lastIndex = at;
    const start = CANDIDATE.exec(text)?.index;
    if (start === undefined) break;
    if (hint < start) {
      HINT.lastIndex = start;
      hint = HINT.exec(text)?.index ?? text.length;
    }
    if (hint === text.length) break;
    const { frame, end } = readAt(text, start, hint);
    if (frame) frames.push(frame);
    looks -= Math.max(1, end - start);
    at = frame || end < hint ? Math.max(end, start + 1) : start + 1;
  }
  return frames;
}

/** What was looked at, and the frame in it. */
interface Look {
  readonly end: number;
  readonly frame?: LoggedFrame | undefined;
}

/** `hint` is where the next name stands that only a frame has. */
function readAt(text: string, start: number, hint: number): Look {
  if (text.charAt(start).toLowerCase() === 'b') return bytesLiteral(text, start, hint);
  const { literal, end } = readLiteral(text, start);
  if (!literal) return repaired(text, start, end);
  if (hint > end) return { end };
  const { json: bytes, origin, notation } = literal;
  return { end, frame: frame({ bytes, origin }, start, end, NOTATIONS[notation]) };
}

const NOTATIONS: Readonly<Record<Literal['notation'], string | undefined>> = {
  json: undefined,
  python: 'read as a Python dict',
  javascript: 'read as a JavaScript object',
  java: 'read as a Java map: what is a number and what is text is guessed',
  ruby: 'read as a Ruby hash',
};

const LONGEST_BYTES = 256 * 1024;

/** `b'…'`: the bytes themselves, whatever stands in front of the JSON in them. */
function bytesLiteral(text: string, start: number, hint: number): Look {
  const quote = text.charAt(start + 1);
  const limit = Math.min(text.length, start + LONGEST_BYTES);
  let end = start + 2;
  while (end < limit && text.charAt(end) !== quote) end += text.charAt(end) === '\\' ? 2 : 1;
  if (hint > end || text.charAt(end) !== quote || !text.slice(start, end).includes('{')) return { end };
  const content = unescaped(Buffer.from(text.slice(start + 2, end), 'latin1'), { hexIsByte: true });
  const origin = through(beginningAt(start + 2), content.origin);
  return { end: end + 1, frame: frame({ bytes: content.bytes, origin }, start, end + 1, 'read as Python bytes') };
}

/** Escaped quotes, or typographic ones, which the log or the way here has put in. */
const ALTERED = /\{[\s\xa0\xc2]*(?:\\+"|\xe2\x80[\x9c-\x9f]|\xc2[\xab\xbb])/y;
const LONGEST_ALTERED = 64 * 1024;

function repaired(text: string, start: number, looked: number): Look {
  ALTERED.lastIndex = start;
  if (!ALTERED.test(text)) return { end: looked };
  const end = closingBrace(text, start);
  if (end === undefined) return { end: start + LONGEST_ALTERED };
  const { text: json, origin, faults } = readMessageText(Buffer.from(text.slice(start, end), 'latin1'));
  if (json === undefined) return { end };
  const isEscaped = faults.some(({ cause }) => cause === 'double-encoded');
  const derived = { bytes: Buffer.from(json), origin: through(beginningAt(start), origin) };
  const notation = isEscaped ? 'its quotes were escaped there' : 'its quotes were typographic there';
  return { end, frame: frame(derived, start, end, notation) };
}

/** Counts braces, also those in strings: enough for what is short. */
function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < Math.min(text.length, start + LONGEST_ALTERED); at += 1) {
    const character = text.charAt(at);
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** Undefined for an object that is no frame. */
function frame({ bytes, origin }: Derived, start: number, end: number, notation?: string): LoggedFrame | undefined {
  const reading = readMessageText(bytes);
  const kind = kindOf(reading.value);
  return kind && { kind, document: bytes, reading, origin, start, end, notation };
}

const LONGEST_LEAD = 40;

/** Says where something was found, as `taken from line 3, after "Sent message:"`; to be asked in order. */
export function finder(text: string): (start: number) => string {
  let line = 1;
  let counted = 0;
  return (start) => {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < start; at = text.indexOf('\n', counted)) {
      line += 1;
      counted = at + 1;
    }
    const from = Math.max(counted, start - LONGEST_LEAD);
    // A word that is cut could be a part of a secret, which nobody would know by it.
    const whole = from === counted ? text.slice(from, start) : text.slice(from, start).replace(/^\S*/, '');
    // In a log of JSON lines, the text of the field it stands in.
    const before = whole.split(/[{"'`\\]/).at(-1) ?? '';
    // Neither times nor arrows tell one line from another.
    const words = before.split(/\s+/).filter((word) => /^\W*[A-Za-z]/.test(word));
    const lead = Buffer.from(words.slice(-3).join(' '), 'latin1').toString();
    return `taken from line ${line}${lead === '' ? '' : `, after ${JSON.stringify(lead)}`}`;
  };
}
