/** Small pieces every report is made of: times, sizes, counts, columns, safe text. */

/** How ids, hosts and masked values are shortened: the first and last four characters. */
export const shortId = (id: string): string => (id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id);

/** `187 B`, `31.9 kB`: decimal units, as network rates are given. */
export const size = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`);

/** Local time of day with milliseconds: `22:14:07.512`. */
export function clock(unixMs: number): string {
  const date = new Date(unixMs);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => digits(n, 2));
  return `${hours}:${minutes}:${seconds}.${digits(date.getMilliseconds(), 3)}`;
}

const digits = (n: number, width: number): string => String(n).padStart(width, '0');

const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Control and format characters made visible, so that received text cannot steer the terminal. */
export const printable = (text: string): string =>
  text.replace(CONTROL, (character) => {
    const simple = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return simple ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });

/** Breaks text at spaces into lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A label and its text, wrapped, the following lines indented under the first. */
export function labelled(label: string, text: string, { indent = 2, column = 16, columns = 100 } = {}): string[] {
  const lines = text.split('\n').flatMap((line) => wrap(printable(line), Math.max(20, columns - column)));
  return lines.map((line, index) =>
    (index === 0 ? `${' '.repeat(indent)}${label}`.padEnd(column) : ' '.repeat(column)).concat(line),
  );
}
