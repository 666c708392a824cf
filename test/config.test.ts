import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Config } from '../src/config.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const nowhere = (): string => temporaryFile('');
const config = (env: Record<string, string> = {}, envFile = ''): Config =>
  new Config({ envFile: temporaryFile(envFile) }, env);

describe('a credential comes from', () => {
  it('the flag before the environment before the env file', async () => {
    const all = config({ ZOOM_CLIENT_ID: 'environment' }, 'ZOOM_CLIENT_ID=file');
    expect(await all.credential('clientId', { clientId: 'flag' })).toMatchObject({
      value: 'flag',
      source: '--client-id',
    });
    expect((await all.credential('clientId', {}))?.source).toBe('ZOOM_CLIENT_ID from the environment');
    const fileOnly = config({}, 'ZOOM_CLIENT_ID=file');
    expect(await fileOnly.credential('clientId', {})).toMatchObject({ value: 'file' });
  });

  it.each([
    ['ZOOM_CLIENT_SECRET', 'clientSecret'],
    ['ZM_RTMS_SECRET', 'clientSecret'],
    ['ZM_CLIENT_SECRET', 'clientSecret'],
    ['ZOOM_APP_CLIENT_SECRET', 'clientSecret'],
    ['ZM_RTMS_CLIENT', 'clientId'],
    ['ZOOM_WEBHOOK_SECRET_TOKEN', 'secretToken'],
  ] as const)('%s', async (variable, name) => {
    expect(await config({ [variable]: 'value' }).credential(name, {})).toMatchObject({ value: 'value', checks: [] });
  });

  it('a file, whose last newline is not part of it', async () => {
    const credential = await config().credential('clientSecret', { clientSecretFile: temporaryFile('secret\n') });
    expect(credential).toMatchObject({ value: 'secret', checks: [] });
  });

  it('nowhere', async () => {
    expect(await config().credential('clientId', {})).toBeUndefined();
  });

  it('a flag that others can read, with a warning', async () => {
    const exposed = config();
    await exposed.credential('clientSecret', { clientSecret: 'secret' });
    expect(exposed.warnings).toEqual([expect.stringContaining('visible in the process list')]);
    expect(exposed.warnings.join('')).not.toContain('secret"');
  });
});

it('looks a credential up once, however many ask', async () => {
  const exposed = config();
  const options = { clientSecret: 'secret' };
  const first = await exposed.credential('clientSecret', options);
  expect(await exposed.require('clientSecret', options, undefined)).toBe(first);
  expect(exposed.warnings).toHaveLength(1);
});

describe('what is odd about a value', () => {
  it.each([
    ['"secret-value"', 'quotes'],
    ["'secret-value'", 'quotes'],
    ['secret-value\n', 'newline'],
    [' secret-value', 'whitespace'],
    ['\ufeffsecret-value', 'bom'],
  ])('%j', async (raw, problem) => {
    const credential = await config({ ZOOM_CLIENT_SECRET: raw }).credential('clientSecret', {});
    expect(credential).toMatchObject({
      value: 'secret-value',
      checks: [{ rule: 'secret-malformed', facts: { problem } }],
    });
  });

  it('a line break inside it is kept, and said', async () => {
    const credential = await config({ ZOOM_CLIENT_SECRET: 'two\nlines' }).credential('clientSecret', {});
    expect(credential).toMatchObject({ value: 'two\nlines', checks: [{ facts: { problem: 'broken' } }] });
  });

  it.each(['   ', '""', "' '", '\n'])('nothing at all (%j) is refused: a key that is empty signs too', async (raw) => {
    const blank = config({ ZOOM_CLIENT_SECRET: raw }).credential('clientSecret', {});
    await expect(blank).rejects.toMatchObject({
      message: 'ZOOM_CLIENT_SECRET from the environment is empty',
      exitCode: 2,
    });
  });

  it('two sources that disagree', async () => {
    const credential = await config({ ZOOM_CLIENT_SECRET: 'one', ZM_RTMS_SECRET: 'two' }).credential(
      'clientSecret',
      {},
    );
    expect(credential).toMatchObject({
      value: 'one',
      checks: [{ rule: 'credentials-conflict', facts: { names: 'ZM_RTMS_SECRET from the environment' } }],
    });
    expect(JSON.stringify(credential?.checks)).not.toMatch(/"(?:one|two)"/);
  });

  it('not two sources that agree', async () => {
    const credential = await config({ ZOOM_CLIENT_ID: 'same', ZM_RTMS_CLIENT: 'same' }).credential('clientId', {});
    expect(credential?.checks).toEqual([]);
  });
});

describe('a missing credential', () => {
  it('is asked for where someone can answer', async () => {
    const asked = await config().require('clientSecret', {}, (question) =>
      Promise.resolve(question.secret ? 'typed' : ''),
    );
    expect(asked).toMatchObject({ value: 'typed', source: 'typed in' });
  });

  it('is otherwise an error naming the flag, the variables and where it looked', async () => {
    const missing = config({}, 'ZOOM_CLIENT_ID=x').require('clientSecret', {}, undefined);
    await expect(missing).rejects.toMatchObject({
      message: 'no client secret',
      category: 'usage',
      hints: [
        ['give', expect.stringMatching(/ZOOM_CLIENT_SECRET.*--client-secret-file FILE/)],
        ['also read', expect.stringContaining('ZM_RTMS_SECRET')],
        ['looked', expect.stringContaining('has ZOOM_CLIENT_ID only')],
      ],
    });
  });

  it('an env file that was named must be there', () => {
    expect(() => new Config({ envFile: join(temporaryFolder(), 'gone') }, {})).toThrow(
      'there is no such file',
    );
    expect(new Config({ envFile: nowhere() }, {}).envFile.text).toBeDefined();
  });

  it.each([
    ['/dev/zero', 'larger than 1 MiB'],
    ['/dev', 'it is a directory'],
  ])('%s is no env file', (path, reason) => {
    expect(() => new Config({ envFile: path }, {})).toThrow(reason);
  });
});
