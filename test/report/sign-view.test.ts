/** How a signature and the verdict on one read, at several widths. Whole outputs stand in fixtures/transcripts/. */
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { comparisonLines, signedLines, verdictLines, type Verification } from '../../src/report/sign-view.js';
import { describeHandshake, describeWebhook } from '../../src/report/signed.js';

const SECRET = 'demo-secret-not-a-real-one-00001';
const SIGNED = describeHandshake({
  clientId: { value: '3UVtLa_3TUa4lDu4V7lowA', source: 'ZOOM_CLIENT_ID from .env' },
  clientSecret: { value: SECRET, source: 'ZOOM_CLIENT_SECRET from .env' },
  entity: { field: 'meeting_uuid', value: 'RE/HWbQ7QESDTyweZXDZtA==' },
  streamId: '1d330e9ca9c04407bded276b30b64be7',
});
const OPTIONS = { chalk: new Chalk({ level: 0 }), columns: 100, detail: true, showSignatures: false };
const GIVEN = 'c0ee30d4fe80a366456e92442666d5878ad1f9f06aac9a6697e8fcb60916f5fc';
const MISTAKE = {
  cause: 'no-delimiter',
  causes: ['no-delimiter'],
  certainty: 'certain',
  explanation: 'yours is the same three parts without the commas',
  fix: 'join with commas',
} as const;
const WRONG: Verification = { given: GIVEN, match: false, tried: 15, mistake: MISTAKE };
const RIGHT: Verification = { given: SIGNED.value, match: true, tried: 0 };

/** The lines from the one with this label up to the next label. */
function section(lines: readonly string[], label: string): readonly string[] {
  const start = lines.findIndex((line) => line.startsWith(`  ${label} `));
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith('   '));
  return lines.slice(start, start + 1 + length);
}

describe('the message', () => {
  it('has a caret under each comma', () => {
    const [text = '', carets = ''] = section(signedLines(SIGNED, OPTIONS), 'message');
    const commas = [...text.matchAll(/,/g)].map(({ index }) => index);
    expect([...carets.matchAll(/\^/g)].map(({ index }) => index)).toEqual(commas);
    expect(carets).toMatch(/ 80 bytes$/);
    expect(carets).toHaveLength(text.length);
  });

  it.each([80, 60, 40, 17, 1])('breaks at %i columns, the carets with it', (columns) => {
    const lines = section(signedLines(SIGNED, { ...OPTIONS, columns }), 'message').map((line) => line.slice(17));
    const texts = lines.filter((line) => !/^[ ^]|^80 bytes/.test(line));
    expect(texts.join('')).toBe(SIGNED.message.join(''));
    const underCommas = lines.flatMap((line, index) =>
      [...line.matchAll(/\^/g)].map(({ index: column }) => lines[index - 1]?.charAt(column)),
    );
    expect(underCommas).toEqual([',', ',']);
    expect(lines.at(-1)).toMatch(/80 bytes$/);
  });
});

it('keeps every line within 80 columns', () => {
  const widths = verdictLines(SIGNED, WRONG, { ...OPTIONS, columns: 80 }).map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
});

describe('a result', () => {
  it('is the signature alone without detail, and the last line with it', () => {
    expect(signedLines(SIGNED, { ...OPTIONS, detail: false })).toEqual([SIGNED.value]);
    expect(signedLines(SIGNED, OPTIONS).at(-1)).toBe(SIGNED.value);
  });
});

describe('a comparison', () => {
  it.each([
    ['wrong', WRONG],
    ['right', RIGHT],
  ])('of a %s value shows neither signature nor secret in full', (_, verification) => {
    const text = verdictLines(SIGNED, verification, OPTIONS).join('\n');
    expect(text).toContain('fe51…5636');
    expect(text).not.toContain(SIGNED.value);
    expect(text).not.toContain(GIVEN);
    expect(text).not.toContain(SECRET);
  });

  it('shows both signatures when asked', () => {
    const text = verdictLines(SIGNED, WRONG, { ...OPTIONS, showSignatures: true }).join('\n');
    expect(text).toContain(SIGNED.value);
    expect(text).toContain(GIVEN);
    expect(text).not.toContain(SECRET);
  });

  it('keeps v0= out of the mask', () => {
    const secretToken = { value: 'exampleSecretToken0004', source: 'ZOOM_SECRET_TOKEN' };
    const signed = describeWebhook({ body: Buffer.from('{}'), file: 'b', timestamp: '1784548800', secretToken });
    const lines = comparisonLines(signed, { given: `v0=${GIVEN}`, match: false, tried: 1 }, OPTIONS);
    expect(section([...lines, ''], 'yours')[0]).toMatch(/ v0=c0ee…f5fc$/);
  });

  it('says when the length is wrong', () => {
    const lines = comparisonLines(SIGNED, { given: GIVEN.slice(0, 40), match: false, tried: 1 }, OPTIONS);
    expect(lines.at(-1)).toMatch(/40 characters; 64 expected$/);
  });

  it('paints its headline green or red', () => {
    const options = { ...OPTIONS, chalk: new Chalk({ level: 1 }) };
    expect(verdictLines(SIGNED, RIGHT, options)[0]).toContain('\u001b[32m✔ the signature Zoom expects\u001b[39m');
    expect(verdictLines(SIGNED, WRONG, options)[0]).toContain('\u001b[31m✖ not the signature Zoom expects\u001b[39m');
  });
});

describe('a verdict', () => {
  it('is certain about a recomputed mistake', () => {
    expect(verdictLines(SIGNED, WRONG, { ...OPTIONS, detail: false })).toEqual([
      '✖ not the signature Zoom expects',
      '  certain: yours is the same three parts without the commas.',
      '  fix      join with commas',
      '           rtms sign --snippet java   prints it for your language',
    ]);
  });

  it('claims no more than likely where nothing gives the value', () => {
    const lines = verdictLines(SIGNED, { given: GIVEN, match: false, tried: 47_410 }, { ...OPTIONS, detail: false });
    expect(lines[1]).toBe('  tried 47,410 recipes with this client secret; none gives your value.');
    expect(lines[2]).toMatch(/^ {2}likely: /);
    expect(lines.join('\n')).not.toContain('certain');
  });

  it('lets no control character of a payload through', () => {
    const mistake = { ...MISTAKE, explanation: 'yours is $.\u001b[2J_id' };
    const lines = verdictLines(SIGNED, { ...WRONG, mistake }, OPTIONS);
    expect(lines.join('\n')).not.toContain('\u001b');
  });
});
