/** Base64 → bytes: plain or URL-safe, in one line or many, with its padding or without. */
import type { Derived } from '../protocol/escapes.js';
import { Pieces } from '../protocol/origin.js';

const SPACE = /\s/;

/** A text that is Base64 and nothing else. `text` has one character a byte. */
export function base64In(text: string): Derived | undefined {
  const trimmed = text.trim();
  const isQuoted = /^["'`]/.test(trimmed);
  const body = isQuoted ? trimmed.slice(1, -1) : trimmed;
  if (!/^[\w+/\s-]+={0,2}$/.test(body)) return undefined;
  const begin = text.length - text.trimStart().length + (isQuoted ? 1 : 0);
  const pieces = new Pieces();
  let digits = 0;
  let from = 0;
  for (let at = 0; at < body.length; at += 1) {
    const character = body.charAt(at);
    if (character === '=') break;
    if (SPACE.test(character)) continue;
    if (digits % 4 === 0) from = begin + at;
    digits += 1;
    // Four digits are three bytes; the last two or three are one or two.
    if (digits % 4 === 0) pieces.add(3, from, begin + at + 1);
  }
  const rest = digits % 4;
  if (digits < 4 || rest === 1) return undefined;
  if (rest > 0) pieces.add(rest - 1, from, begin + body.length);
  return { bytes: Buffer.from(body, 'base64'), origin: pieces.origin };
}
