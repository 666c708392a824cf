import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64In } from '../../src/artefact/base64.js';

const decode = (text: string): Buffer | undefined => {
  const decoded = base64In(text);
  return decoded && Buffer.from(decoded.bytes);
};

const FORMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  plain: (bytes) => bytes.toString('base64'),
  'URL-safe, without padding': (bytes) => bytes.toString('base64url'),
  'in lines': (bytes) => `${bytes.toString('base64').replaceAll(/.{12}/g, '$&\r\n')}\n`,
  'in quotes': (bytes) => ` "${bytes.toString('base64')}"\n`,
};

describe('base64In', () => {
  it.each(Object.entries(FORMS))('%s', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 40 }), (bytes) => {
        expect(decode(write(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('knows the digits of each byte', () => {
    const text = ' eyJh\nIjox\nfQ==\n';
    const { origin } = base64In(text) ?? {};
    expect([0, 3, 6].map((at) => text.slice(...(origin?.([at, at + 1]) ?? [0, 0])))).toEqual(['eyJh', 'Ijox', 'fQ==']);
  });

  it.each(['', 'e', 'eyJhI', '====', '{"a":1}', 'eyJh!', 'ey=Jh'])('%j is none', (text) => {
    expect(base64In(text)).toBeUndefined();
  });
});
