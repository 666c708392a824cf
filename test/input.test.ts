import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseDuration, readJson, readText } from '../src/input.js';
import { temporaryFile } from './helpers/folder.js';

describe('readJson', () => {
  it('keeps the bytes', async () => {
    const bytes = Buffer.from('{ "event" : "meeting.rtms_started" }\n');
    expect(await readJson(temporaryFile(bytes), '--payload')).toEqual({
      bytes,
      text: bytes.toString('utf8'),
      value: { event: 'meeting.rtms_started' },
      repairs: [],
    });
  });

  it.each([
    ['--payload', '--payload the request body exactly as it was received'],
    ['--manifest', '--manifest one JSON document, whole'],
  ])('says what %s takes', async (flag, give) => {
    await expect(readJson(temporaryFile('{"a":'), flag)).rejects.toMatchObject({
      hints: expect.arrayContaining([['give', give]]),
    });
  });

  it('takes typographic quotes and says where', async () => {
    const { value, repairs } = await readJson(temporaryFile('{\n  “event”: “x”}'), '--payload');
    expect(value).toEqual({ event: 'x' });
    expect(repairs).toEqual([expect.stringMatching(/line 2, column 3: typographic quote “ \(U\+201C\)/)]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /is empty/],
    ['no JSON', 'hello', /is not JSON: line 1, column 1/],
    ['cut off', '{"event":"meeting.rtms_started","payl', /is not JSON: .*breaks off after 37 bytes/],
    ['binary', new Uint8Array([0, 1, 2, 0xff]), /is not JSON/],
    ['more than a mebibyte', Buffer.alloc(1024 * 1024 + 1, 0x20), /is larger than 1 MiB/],
  ])('refuses %s', async (_, content, message) => {
    const refusal = readJson(temporaryFile(content), '--payload');
    await expect(refusal).rejects.toMatchObject({ category: 'input', message: expect.stringMatching(message) });
  });

  it.each([
    ['/nowhere', 'there is no such file'],
    [tmpdir(), 'it is a directory'],
  ])('cannot read %s', async (path, reason) => {
    await expect(readJson(path, '--payload')).rejects.toThrow(`cannot read ${path}: ${reason}`);
  });

  it('lets no control character of a file through', async () => {
    const error: unknown = await readJson(temporaryFile('x\u001b[2Jy'), '--payload').catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error)).not.toContain('\\u001b');
  });
});

describe('an error holds no secret', () => {
  const SECRET = 'madeUpSecretAAAABBBBCCCCDDDD0001';
  const thrownBy = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing',
      (error: unknown) => JSON.stringify([String(error), error]),
    );

  it.each([
    ['a file with the secret alone', SECRET],
    ['an env file', `ZOOM_CLIENT_SECRET=${SECRET}\nZOOM_CLIENT_ID=a\n`],
    ['an env file with a brace in it', `ZM_RTMS_SECRET=${SECRET} # {\n`],
    ['the SDK pair', `ZOOM_VIDEO_SDK_SECRET="${SECRET}" {`],
    ['JSON that is broken', `{"clientSecret": "${SECRET}", x}`],
  ])('where %s is given as --payload', async (_, content) => {
    const shown = await thrownBy(readJson(temporaryFile(content), '--payload'));
    expect(shown).toContain('RtmsError');
    expect(shown).not.toContain(SECRET);
  });

  it.each(['--client-secret-file', '--secret-token-file', '--token-file'])(
    'where it is given to %s in place of a file',
    async (flag) => {
      const shown = await thrownBy(readText(SECRET, flag));
      expect(shown).toContain(`cannot read the file of ${flag}: there is no such file`);
      expect(shown).not.toContain(SECRET);
    },
  );
});

it.each([
  ['[]', 'holds an array; a JSON object is expected'],
  ['null', 'holds null; a JSON object is expected'],
  ['"x"', 'holds a string; a JSON object is expected'],
  ['POST /hook HTTP/1.1\r\nhost: x\r\n\r\n{}', 'begins with HTTP headers; the body alone is expected'],
])('readJson says what %j is', async (content, words) => {
  await expect(readJson(temporaryFile(content), '--payload')).rejects.toThrow(words);
});

it('readJson takes UTF-16, and has it as text', async () => {
  const { text, repairs } = await readJson(temporaryFile(Buffer.from('{"event":"x"}', 'utf16le')), '--payload');
  expect(text).toBe('{"event":"x"}');
  expect(repairs).toEqual([expect.stringContaining('UTF-16')]);
});

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5', 1500],
  ])('%s', (text, ms) => expect(parseDuration(text, '--duration')).toBe(ms));

  it.each(['', '600h', '0', '-1s', 's', '30 s', '1d', 'NaN'])('refuses %j', (text) => {
    expect(() => parseDuration(text, '--duration')).toThrow('is not a duration');
  });
});
