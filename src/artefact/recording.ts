/** A recording, read line by line in bounded memory: its events, and where in the file stands what they hold. */
import { unescaped, type Derived } from '../protocol/escapes.js';
import { readMessageText } from '../protocol/framing.js';
import { beginningAt, through, type Range } from '../protocol/origin.js';
import type { SessionEvent, SessionHeader } from '../session/event.js';
import { fact } from '../session/facts.js';
import { readEvent, readHeader } from '../session/jsonl.js';
import { MediaFlow } from '../session/media-flow.js';
import { readFrame } from '../session/message.js';
import { base64In } from './base64.js';
import { hasPath, rangeOfPath, rangeOfString } from './json-path.js';
import { rangeInDocument, type Pointer } from './place.js';

/** Whether a file is a recording, by its first bytes. */
export const isRecording = (start: Uint8Array): boolean =>
  /^(?:\xef\xbb\xbf)?\s*\{\s*"rtms"\s*:/.test(Buffer.from(start.subarray(0, 64)).toString('latin1'));

/** Lines are kept to be shown, up to so much of them; longer ones are media. */
const MOST_KEPT = 8 * 1024 * 1024;
const LONGEST_KEPT = 64 * 1024;
const MOST_PROBLEMS = 20;

/** One line of the file, counted from 1; `bytes` where it was kept. */
export interface Line {
  readonly number: number;
  readonly bytes?: Uint8Array;
}

export class RecordingReader {
  readonly header: SessionHeader;
  /** What could not be read, in words. */
  readonly problems: string[] = [];
  /** How many events were read. */
  events = 0;
  readonly #kept = new Map<number, Uint8Array>();
  /** Lines without an event, so many in all behind so many events. */
  readonly #gaps: { readonly events: number; lines: number }[] = [];
  #keptBytes = 0;
  #line = 1;
  #count = 0;
  #lastT = 0;

  /** Throws an Error with a readable message if the first line is not the header of a recording. */
  constructor(firstLine: Uint8Array) {
    this.header = readHeader(textOf(firstLine).replace(/^\ufeff/, ''));
  }

  /**
   * The event on the next line, or what says that it could not be read; undefined for an empty line. `isWhole` is false
   * for a line that has no end, which is where the recording ends.
   */
  take(line: Uint8Array, isWhole: boolean): SessionEvent | undefined {
    this.#line += 1;
    const text = textOf(line);
    const event = readEvent(text);
    if (event) return this.#keep(event, line);
    if (text.trim() === '') return this.#skip();
    this.#problem(isWhole ? 'is not an event and was left out' : 'is cut off and was left out');
    if (!isWhole) return this.#skip();
    this.#count += 1;
    return { t: this.#lastT, ...fact('gap', { line: this.#line }, false) };
  }

  /** The line of an event by its number. */
  lineOf(event: number): Line {
    const bytes = this.#kept.get(event);
    const skipped = this.#gaps.findLast(({ events }) => events < event)?.lines ?? 0;
    // The header is line 1.
    return { number: 1 + skipped + event, ...(bytes && { bytes }) };
  }

  #keep(event: SessionEvent, line: Uint8Array): SessionEvent {
    this.events += 1;
    this.#count += 1;
    this.#lastT = event.t;
    if (this.#keptBytes + line.length <= MOST_KEPT && isWorthKeeping(event, line)) {
      this.#kept.set(this.#count, Uint8Array.from(line));
      this.#keptBytes += line.length;
    }
    return event;
  }

  #skip(): undefined {
    const last = this.#gaps.at(-1);
    if (last?.events === this.#count) last.lines += 1;
    else this.#gaps.push({ events: this.#count, lines: (last?.lines ?? 0) + 1 });
  }

  #problem(what: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(`line ${this.#line} ${what}`);
  }
}

/** What no finding points into is the bulk of it. */
function isWorthKeeping(event: SessionEvent, line: Uint8Array): boolean {
  if (line.length > LONGEST_KEPT) return false;
  return event.type !== 'frame' || event.dir === 'out' || !MediaFlow.isMedia(readFrame(event).message);
}

/** What a finding points at in a line; the whole line where nothing closer is told. */
export function placeInLine(line: Uint8Array, pointer: Pointer): { readonly range: Range; readonly isThere: boolean } {
  const { path, bytes } = pointer;
  const derived = documentIn(line);
  if (path?.startsWith('$.headers.')) return { range: rangeOfPath(line, path), isThere: hasPath(line, path) };
  if (!derived || (path === undefined && !bytes)) return { range: [0, line.length], isThere: true };
  const { bytes: document, origin } = derived;
  const reading = readMessageText(document);
  const range = origin(rangeInDocument({ document, reading }, pointer));
  return { range, isThere: path === undefined || hasPath(Buffer.from(reading.text ?? ''), path) };
}

/** The payload of a frame or the body of a webhook, with its place in the line. */
function documentIn(line: Uint8Array): Derived | undefined {
  for (const path of ['$.text', '$.body']) {
    const range = rangeOfString(line, path);
    if (!range) continue;
    const { bytes, origin } = unescaped(line.subarray(...range));
    return { bytes, origin: through(beginningAt(range[0]), origin) };
  }
  const range = rangeOfString(line, '$.base64');
  const decoded = range && base64In(Buffer.from(line.subarray(...range)).toString('latin1'));
  return range && decoded && { bytes: decoded.bytes, origin: through(beginningAt(range[0]), decoded.origin) };
}

const textOf = (line: Uint8Array): string => Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
