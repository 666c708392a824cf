import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexdumpsIn, plainHex, type Dump } from '../../src/artefact/hex.js';
import { hexdump } from '../../src/report/hexdump.js';
import { installed } from '../helpers/installed.js';

const BYTES = Buffer.from('{"msg_type":1,"signature":"c0ee"}\n\xff\0', 'latin1');

const dumpsOf = (text: string): string[] =>
  hexdumpsIn(text, 9).map(({ bytes }) => Buffer.from(bytes).toString('latin1'));

const spaced = (bytes: Uint8Array, separator = ' ', prefix = ''): string =>
  Array.from(bytes, (byte) => prefix + byte.toString(16).padStart(2, '0')).join(separator);

/** What each form writes, and what reads it. */
const FORMS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'rtms, to read': (bytes) => hexdump(bytes, 'reading').join('\n'),
  'rtms, for xxd': (bytes) => hexdump(bytes, 'xxd').join('\n'),
  'hexdump -C': (bytes) => `${hexdump(bytes, 'reading').join('\n')}\n${bytes.length.toString(16).padStart(8, '0')}\n`,
  'in capitals': (bytes) =>
    hexdump(bytes, 'xxd')
      .join('\n')
      .replaceAll(/(?<=: .*)[a-f](?=.* {2})/g, (digit) => digit.toUpperCase()),
};

const PLAIN: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  digits: (bytes) => spaced(bytes, ''),
  'digits in lines': (bytes) => spaced(bytes, '').replaceAll(/.{60}/g, '$&\n'),
  capitals: (bytes) => spaced(bytes).toUpperCase(),
  colons: (bytes) => spaced(bytes, ':'),
  'C array': (bytes) => `{ ${spaced(bytes, ', ', '0x')} };`,
  'C string': (bytes) => `"${spaced(bytes, '', '\\x')}"`,
  'Node Buffer': (bytes) => `<Buffer ${spaced(bytes)}>`,
};

describe('hexdumps with offsets', () => {
  it.each(Object.entries(FORMS))('%s', (_, write) => expect(dumpsOf(write(BYTES))).toEqual([BYTES.toString('latin1')]));

  it.each(Object.entries(FORMS))('%s: any bytes', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        expect(dumpsOf(write(bytes))).toEqual([Buffer.from(bytes).toString('latin1')]);
      }),
    );
  });

  // Past 000000e0 and 00000e10, which are numbers of another kind too, up to the last rows of 8 KiB.
  it.each([224, 225, 240, 569, 3584, 3585, 8192].flatMap((size) => Object.keys(FORMS).map((form) => [size, form] as const)))(
    '%i bytes, %s: every one',
    (size, form) => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) % 256));
      expect(dumpsOf(FORMS[form]?.(bytes) ?? '')).toEqual([bytes.toString('latin1')]);
    },
  );

  it.skipIf(!installed('xxd'))('what xxd prints', () => {
    const dump = execFileSync('xxd', { input: BYTES, encoding: 'latin1' });
    expect(dumpsOf(dump)).toEqual([BYTES.toString('latin1')]);
  });

  it('offsets of four digits and the text behind a gap, as Wireshark copies them', () => {
    const dump = [
      '0000   7b 22 6d 73 67 5f 74 79 70 65 22 3a 31 2c 22 61   {"msg_type":1,"a',
      '0010   22 3a 22 62 65 22 7d                              ":"be"}',
    ];
    expect(dumpsOf(dump.join('\r\n'))).toEqual(['{"msg_type":1,"a":"be"}']);
  });

  it('words of the machine, as hexdump and od -x print them', () => {
    expect(dumpsOf('0000000 227b 3a61 7d31\n0000006\n')).toEqual(['{"a:1}']);
    expect(dumpsOf('0000000 227b 0061\n0000003\n')).toEqual(['{"a']);
  });

  it('offsets in octal, as od prints them', () => {
    const row = spaced(Buffer.from('0123456789abcdef'));
    expect(dumpsOf(`0000000 ${row}\n0000020 7b 7d\n0000022\n`)).toEqual(['0123456789abcdef{}']);
  });

  it('a star stands for rows like the last one', () => {
    const row = '30 30 30 30 30 30 30 30  30 30 30 30 30 30 30 30';
    expect(dumpsOf(`00000000  ${row}  |0000000000000000|\n*\n00000030  7b 7d\n00000032\n`)).toEqual([
      `${'0'.repeat(48)}{}`,
    ]);
    expect(dumpsOf(`00000000  ${row}  |0000000000000000|\n*\n00000030\n`)).toEqual(['0'.repeat(48)]);
  });

  it('a star that stands for gigabytes is left out, and said', () => {
    const [dump] = hexdumpsIn(`00000000  ${'30 '.repeat(16)}\n*\n7fffffff  7b 7d\n`, 9);
    expect(dump?.bytes.length).toBe(18);
    expect(dump?.notes).toEqual(['rows are missing in the dump']);
  });

  it.each([
    ['rows that are missing', '00000000: 7b22 7d\n00000020: 7d\n', ['rows are missing in the dump']],
    ['another beginning', '00000010: 7b7d\n', ['the dump begins at offset 16']],
  ])('says of %s', (_, text, notes) => expect(hexdumpsIn(text, 9)[0]?.notes).toEqual(notes));

  it('each of several among other text, with its place', () => {
    const text = `→ signaling text\n00000000: 7b7d  {}\n… 9 more\n← signaling\n00000000: 5b5d  []\n00000002: 31  1\n`;
    expect(dumpsOf(text)).toEqual(['{}', '[]1']);
    expect(hexdumpsIn(text, 9).map(({ start }) => text.slice(start, start + 14))).toEqual([
      '00000000: 7b7d',
      '00000000: 5b5d',
    ]);
    expect(hexdumpsIn(text, 1)).toHaveLength(1);
  });

  it.each([
    '',
    '*',
    '2026-11-23 22:14:07 DEBUG 7b7d',
    '0000 7b7d',
    '{"a":1}',
    'face to face',
    '00000000',
    '*\n00000000',
  ])('%j is none', (text) => expect(hexdumpsIn(text, 9)).toEqual([]));
});

describe('plain digits', () => {
  it.each(Object.entries(PLAIN))('%s', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        expect(Buffer.from(plainHex(write(bytes))?.bytes ?? '')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('says that a Buffer was printed in part', () => {
    expect(plainHex('<Buffer 7b 22 ... 137 more bytes>')?.notes).toEqual([
      'only a part was printed: ... 137 more bytes',
    ]);
  });

  it.each(['', '7b2', 'hello', '7b 7d x', '[]', '{"a":1}'])('%j is none', (text) =>
    expect(plainHex(text)).toBeUndefined(),
  );
});

const everyByte = (dump: Dump | undefined, text: string): string[] =>
  Array.from(dump?.bytes ?? [], (_, at) => text.slice(...(dump?.origin([at, at + 1]) ?? [0, 0])));

it('knows the digits of each byte', () => {
  const xxd = hexdump(BYTES, 'xxd').join('\n');
  expect(everyByte(hexdumpsIn(xxd, 9)[0], xxd)).toEqual(
    Array.from(BYTES, (byte) => byte.toString(16).padStart(2, '0')),
  );
  const array = '{ 0x7b, 0x0, 0x22 }';
  expect(everyByte(plainHex(array), array)).toEqual(['0x7b', '0x0', '0x22']);
  expect(everyByte(hexdumpsIn('0000000 227b 3a61\n', 9)[0], '0000000 227b 3a61\n')).toEqual([
    '227b',
    '227b',
    '3a61',
    '3a61',
  ]);
});
