/**
 * Where the bytes of a derived text (decoded, unescaped, repaired) stand in what it was derived from. With it, what is
 * found behind any number of decodings is shown at its place in the file it came from.
 */

/** A range of bytes, end exclusive. */
export type Range = readonly [start: number, end: number];

/** From a range of the derived bytes to the range they came from. */
export type Origin = (range: Range) => Range;

export const unchanged: Origin = (range) => range;

/** The derived bytes are a part of the others, beginning at `offset`. */
export const beginningAt =
  (offset: number): Origin =>
  ([start, end]) => [start + offset, end + offset];

/** What was derived with `inner` from what was derived with `outer`. */
export const through =
  (outer: Origin, inner: Origin): Origin =>
  (range) =>
    outer(inner(range));

/** An origin that is worked out when it is first asked. */
export function lazily(make: () => Origin): Origin {
  let origin: Origin | undefined;
  return (range) => (origin ??= make())(range);
}

/** The derived text piece by piece, in order: each a number of bytes and the range they stand for. */
export class Pieces {
  readonly #starts: number[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  #length = 0;

  /** Of equal lengths, each byte stands for one byte; else every byte of the piece for the whole range. */
  add(length: number, from: number, to: number): void {
    if (length === 0) return;
    const last = this.#starts.length - 1;
    const lastLength = this.#length - (this.#starts[last] ?? 0);
    if (length === to - from && this.#to[last] === from && this.#from[last] === from - lastLength) {
      this.#to[last] = to;
    } else {
      this.#starts.push(this.#length);
      this.#from.push(from);
      this.#to.push(to);
    }
    this.#length += length;
  }

  readonly origin: Origin = ([start, end]) => {
    const [from] = this.#source(start);
    const [, to] = end > start ? this.#source(end - 1) : [0, from];
    return [from, Math.max(from, to)];
  };

  /** What one derived byte stands for; nothing, at the end, for one behind the last. */
  #source(offset: number): Range {
    const index = this.#indexOf(offset);
    const from = this.#from[index] ?? 0;
    const to = this.#to[index] ?? 0;
    if (offset >= this.#length) return [to, to];
    const start = this.#starts[index] ?? 0;
    const next = this.#starts[index + 1] ?? this.#length;
    return to - from === next - start ? [from + offset - start, from + offset - start + 1] : [from, to];
  }

  /** The last piece that begins at or before the offset. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where the UTF-8 bytes of a text stand in another encoding of it; a last character may be cut there. */
export function recoded(text: string, size: (character: string) => number, [start, limit]: Range): Origin {
  const pieces = new Pieces();
  let at = start;
  for (const character of text) {
    const end = Math.min(at + size(character), limit);
    pieces.add(Buffer.byteLength(character), at, end);
    at = end;
  }
  return pieces.origin;
}
