/** Whatever the bytes: the linter neither throws nor hangs, and every place it reports lies inside the input. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DocumentKind } from '../src/artefact/artefact.js';
import { readArtefacts, whyNothing, type Encoding, type ReadOptions } from '../src/artefact/read.js';
import { Source } from '../src/artefact/source.js';
import { Linter, type Judgement, type Spot } from '../src/linter.js';
import { annotation } from '../src/report/github.js';
import { lintLines } from '../src/report/lint-view.js';

const known = (value: string) => ({ value, others: {} });
const view = { chalk: new Chalk({ level: 0 }), columns: 80, quiet: false, verbose: false };

/** Everything that is done with a file. Returns what was found, for a check that anything was. */
function check(bytes: Uint8Array, options: ReadOptions = {}): readonly Judgement[] {
  const source = new Source(bytes);
  const linter = new Linter({
    tool: 'rtms 0',
    redact: { secrets: ['demo-secret-not-a-real-one-00001'] },
    credentials: {
      clientId: known('3UVtLa_3TUa4lDu4V7lowA'),
      clientSecret: known('demo-secret-not-a-real-one-00001'),
      secretToken: undefined,
    },
    webhookSecrets: { secretToken: 'exampleSecretToken0004' },
  });
  const artefacts = readArtefacts(source, options);
  if (artefacts.length === 0) expect(whyNothing(source, options)).toMatch(/^(?:is|holds) /);
  const judgements = linter.lint([{ name: 'file', source, artefacts }]);
  const findings = judgements.flatMap((judgement) => judgement.findings);
  expect(findings.filter(({ finding }) => finding.status === 'crash')).toEqual([]);
  const { endLine, endColumn } = source.place([bytes.length, bytes.length]);
  for (const spot of findings.flatMap(({ spots }) => spots)) {
    if (spot) expectInside(spot, { offset: bytes.length, line: endLine, column: endColumn });
  }
  for (const { kind, size, findings } of judgements) {
    for (const { bytes: range } of findings.flatMap(({ finding }) => finding.evidence)) {
      if (range) expect([kind, Math.max(...range) <= size]).toEqual([kind, true]);
    }
  }
  for (const quiet of [true, false]) lintLines(judgements, { ...view, quiet });
  findings.map(annotation);
  return judgements;
}

interface End {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

function expectInside({ location }: Spot, end: End): void {
  if ('offset' in location) {
    expect(location.offset + location.length).toBeLessThanOrEqual(end.offset);
    return;
  }
  expect(Math.min(location.line, location.column)).toBeGreaterThanOrEqual(1);
  expect(location.line < end.line || (location.line === end.line && location.column <= end.column)).toBe(true);
  expect(location.endLine < end.line || location.endColumn <= end.column).toBe(true);
}

const kinds: readonly (DocumentKind | undefined)[] = [
  undefined,
  undefined,
  'handshake',
  'message',
  'webhook',
  'manifest',
];
const encodings: readonly (Encoding | undefined)[] = [undefined, undefined, undefined, 'hex', 'base64', 'raw'];
const options: fc.Arbitrary<ReadOptions> = fc
  .record({ kind: fc.constantFrom(...kinds), encoding: fc.constantFrom(...encodings), search: fc.boolean() })
  .map(({ kind, encoding, search }) => ({ ...(kind && { kind }), ...(encoding && { encoding }), search }));

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const samples = ['frames', 'webhooks', 'manifests'].flatMap((folder) =>
  readdirSync(FIXTURES + folder).map((name) => readFileSync(`${FIXTURES}${folder}/${name}`)),
);

/** A real file with some of it cut, doubled or overwritten. */
const damaged = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), fc.uint8Array({ maxLength: 6 })), {
      maxLength: 4,
    }),
  )
  .map(([sample, edits]) =>
    edits.reduce<Buffer>((bytes, [where, cut, put]) => {
      const at = Math.floor(where * bytes.length);
      return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
    }, sample),
  );

const CHARACTERS = Array.from('{}[]":,= \n\0\'“”\u00a0\\13');
const WORDS = [
  '\\"',
  '\r\n',
  "b'",
  '0x7b',
  '7b22',
  '*\n',
  'eyJh',
  '"msg_type"',
  'msg_type',
  'signature',
  '"event"',
  'payload',
];
const LINES = ['00000000: 7b22  {"\n', 'POST / HTTP/1.1\r\n', 'Host: x\r\n'];
const token = fc.constantFrom(...CHARACTERS, ...WORDS, ...LINES);
const pieced = fc.array(token, { maxLength: 40 }).map((tokens) => Buffer.from(tokens.join('')));

it.each<[string, fc.Arbitrary<Uint8Array>, number]>([
  ['bytes', fc.uint8Array({ maxLength: 300 }), 300],
  ['text', fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)), 200],
  ['pieces of what is looked for', pieced, 600],
  ['damaged files', damaged, 600],
])('any %s', { timeout: 60_000 }, (_, bytes, numRuns) => {
  fc.assert(
    fc.property(bytes, options, (content, how) => {
      expect(() => check(content, how)).not.toThrow();
    }),
    { numRuns },
  );
});

const MEBIBYTE = 1024 * 1024;
const HANDSHAKE = readFileSync(`${FIXTURES}frames/handshake.no-delimiter.json`, 'utf8').trim();

/** What a mebibyte of is slow where anything looks at each character more than a few times. */
const PATTERNS: Readonly<Record<string, string>> = {
  braces: '{',
  quotes: '"',
  backslashes: '\\',
  'hex digits': '0123456789abcdef',
  'equals signs': '=',
  'escaped quotes': '\\"',
  'opened objects': '{"a":',
  'typographic objects': '{“msg_type”:1,“a”:“',
  'Java maps': '{a={msg_type=x',
  'Python bytes': "msg_type b'",
  'rows of dumps': '00000000: 7b7d  {}\n*\n',
  'non-breaking spaces': '\u00a0',
  'messages in lines': `${HANDSHAKE}\n`,
  'messages in one line': `x ${HANDSHAKE} `,
};

it.each(Object.entries(PATTERNS))('a mebibyte of %s', { timeout: 60_000 }, (_, pattern) => {
  expect(() => check(Buffer.alloc(MEBIBYTE, pattern))).not.toThrow();
  expect(check(Buffer.alloc(MEBIBYTE, pattern), { kind: 'handshake' }).length).toBeGreaterThan(0);
});

it('a mebibyte of depth', { timeout: 60_000 }, () => {
  const deep = '['.repeat(MEBIBYTE / 2) + ']'.repeat(MEBIBYTE / 2);
  expect(check(Buffer.from(`{"msg_type":1,"meeting_uuid":${deep}}`))).toHaveLength(1);
  expect(check(Buffer.from(`{"msg_type":${'{"a":'.repeat(MEBIBYTE / 8)}1${'}'.repeat(MEBIBYTE / 8)}}`))).toHaveLength(
    1,
  );
});
