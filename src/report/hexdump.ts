/** Bytes → hexdump lines: one form to read, one that `xxd -r` turns back into bytes. */

const ROW = 16;

/** `reading`: two groups of eight and the ASCII between bars. `xxd`: exactly what `xxd` prints. */
export type HexdumpStyle = 'reading' | 'xxd';

/** Lines of 16 bytes; `offset` is that of the first byte. */
export function hexdump(bytes: Uint8Array, style: HexdumpStyle, offset = 0): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    lines.push(STYLES[style](bytes.subarray(at, at + ROW), hexOffset(offset + at)));
  }
  return lines;
}

/** Rows shown of a range; the first is where the eye is wanted. */
const MOST_MARKED_ROWS = 2;
const OFFSET_COLUMNS = 10;

/** The rows that hold a range of bytes, each with its share of the range underlined. */
export function markedHexdump(bytes: Uint8Array, [start, end]: readonly [start: number, end: number]): string[] {
  const first = start - (start % ROW);
  const count = Math.min(MOST_MARKED_ROWS, Math.max(1, Math.ceil((end - first) / ROW)));
  const rows = hexdump(bytes.subarray(first, first + count * ROW), 'reading', first);
  return rows.flatMap((row, index) => {
    const from = Math.max(0, start - first - index * ROW);
    const to = Math.min(ROW, Math.max(from + 1, end - first - index * ROW));
    const [left, right] = [columnOf(from), columnOf(to - 1) + 2];
    return [row, `${' '.repeat(left)}${'~'.repeat(right - left)}`].map((line) => `      ${line}`);
  });
}

/** Where a byte of a row stands in the form to read. */
const columnOf = (at: number): number => OFFSET_COLUMNS + at * 3 + (at < ROW / 2 ? 0 : 1);

/** An offset as eight hexadecimal digits. */
export const hexOffset = (offset: number): string => offset.toString(16).padStart(8, '0');

const STYLES: Readonly<Record<HexdumpStyle, (row: Uint8Array, offset: string) => string>> = {
  reading: (row, offset) => {
    const [left, right] = [row.subarray(0, ROW / 2), row.subarray(ROW / 2)].map((half) =>
      Array.from(half, hexByte)
        .join(' ')
        .padEnd((ROW / 2) * 3 - 1),
    );
    return `${offset}  ${left}  ${right}  |${ascii(row)}|`;
  },
  xxd: (row, offset) => {
    const pairs =
      Buffer.from(row)
        .toString('hex')
        .match(/.{1,4}/g) ?? [];
    return `${offset}: ${pairs.join(' ').padEnd((ROW / 2) * 5 - 1)}  ${ascii(row)}`;
  },
};

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

const ascii = (row: Uint8Array): string =>
  Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
