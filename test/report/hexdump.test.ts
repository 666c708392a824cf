import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexdump, markedHexdump } from '../../src/report/hexdump.js';
import { installed } from '../helpers/installed.js';

const BYTES = Buffer.from('{"msg_type":14,"content":{"user_');

describe('hexdump', () => {
  it('reading form', () => {
    expect(hexdump(BYTES.subarray(0, 20), 'reading')).toEqual([
      '00000000  7b 22 6d 73 67 5f 74 79  70 65 22 3a 31 34 2c 22  |{"msg_type":14,"|',
      '00000010  63 6f 6e 74                                       |cont|',
    ]);
  });

  it('xxd form', () => {
    expect(hexdump(BYTES.subarray(0, 21), 'xxd')).toEqual([
      '00000000: 7b22 6d73 675f 7479 7065 223a 3134 2c22  {"msg_type":14,"',
      '00000010: 636f 6e74 65                             conte',
    ]);
  });

  it('starts at the given offset', () => {
    expect(hexdump(Buffer.from([0xff]), 'xxd', 0x1a0)[0]).toMatch(/^000001a0: ff /);
  });

  it('shows what is not printable ASCII as dots', () => {
    expect(hexdump(Buffer.from([0x1b, 0x5b, 0x7f, 0x80, 0x41]), 'reading')[0]).toMatch(/\|\.\[\.\.A\|$/);
  });

  it('is nothing for no bytes', () => {
    expect(hexdump(new Uint8Array(), 'xxd')).toEqual([]);
  });

  it('never reveals a control character', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexdump(bytes, 'reading').join('')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it.skipIf(!installed('xxd'))('is what xxd prints, and xxd -r turns it back', () => {
    const bytes = Buffer.from(Array.from({ length: 301 }, (_, index) => (index * 7) % 256));
    const dump = `${hexdump(bytes, 'xxd').join('\n')}\n`;
    expect(dump).toBe(execFileSync('xxd', { input: bytes, encoding: 'utf8' }));
    expect(execFileSync('xxd', ['-r'], { input: dump })).toEqual(bytes);
  });
});

describe('markedHexdump', () => {
  const PREFIXED = Buffer.concat([Buffer.from('01000000e6', 'hex'), Buffer.from('{"msg_type":1,"meeting_uuid":"x"}')]);
  it('underlines the bytes at fault in their row', () => {
    expect(markedHexdump(PREFIXED, [0, 5])).toEqual([
      '      00000000  01 00 00 00 e6 7b 22 6d  73 67 5f 74 79 70 65 22  |.....{"msg_type"|',
      '                ~~~~~~~~~~~~~~',
    ]);
  });

  it('goes on in the next row, and shows no more than two', () => {
    expect(markedHexdump(PREFIXED, [14, 38])).toEqual([
      '      00000000  01 00 00 00 e6 7b 22 6d  73 67 5f 74 79 70 65 22  |.....{"msg_type"|',
      '                                                           ~~~~~',
      '      00000010  3a 31 2c 22 6d 65 65 74  69 6e 67 5f 75 75 69 64  |:1,"meeting_uuid|',
      '                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
    ]);
  });

  it('marks the place of nothing', () => {
    expect(markedHexdump(PREFIXED, [37, 37])[1]).toBe('                               ~~');
  });
});
