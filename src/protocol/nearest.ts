/** Which of the known words was meant by an unknown one. */

/** How many letters may differ: one in four, and never more than this. */
const MOST_EDITS = 3;

/** The candidate with the fewest edits, if they are few enough for a slip; `formOf` is what is compared. */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  formOf: (word: string) => string = (text) => text.toLowerCase(),
): string | undefined {
  const form = formOf(word);
  let best = Math.min(MOST_EDITS, Math.floor(form.length / 4)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const edits = editsBetween(form, formOf(candidate), best);
    if (edits < best) [best, found] = [edits, candidate];
  }
  return found;
}

/** Letters put in, left out or replaced (Levenshtein); `enough` for that many or more. */
function editsBetween(from: string, to: string, enough: number): number {
  if (Math.abs(from.length - to.length) >= enough) return enough;
  const letters = Array.from(to);
  let row = [0, ...letters.map((_, index) => index + 1)];
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of letters.entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    if (Math.min(...next) >= enough) return enough;
    row = next;
  }
  return row.at(-1) ?? enough;
}
