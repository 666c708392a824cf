/** What a check-up tells of the credentials; no value is told. */
import { describe, expect, it } from 'vitest';
import { Config } from '../src/config.js';
import { credentialChecks } from '../src/credential-facts.js';
import { temporaryFile } from './helpers/folder.js';

const config = (env: Record<string, string> = {}, envFile = ''): Config =>
  new Config({ envFile: temporaryFile(envFile) }, env);

describe('a check-up of the credentials', () => {
  const ID = 'ExampleClientId0000001';
  const SECRET = 'exampleSecretAAAABBBBCCCCDDDD001';
  const whole = { ZOOM_CLIENT_ID: ID, ZOOM_CLIENT_SECRET: SECRET };
  const checked = async (env: Record<string, string>, envFile = '', product = 'meeting'): Promise<string[]> => {
    const checks = await credentialChecks(config(env, envFile), { product });
    expect(JSON.stringify(checks)).not.toContain(SECRET);
    return checks
      .filter(({ ok }) => !ok)
      .map(({ rule, facts: { problem, label, names } }) => `${rule}: ${problem ?? label ?? names}`);
  };
  const TOKEN = 'credential: Secret Token';

  it('tells what is there and from where', async () => {
    const checks = await credentialChecks(config(whole), {});
    expect(checks.filter(({ rule, ok }) => rule === 'credential' && ok).map(({ facts }) => facts)).toEqual([
      { name: 'clientId', label: 'client id', source: 'ZOOM_CLIENT_ID from the environment' },
      { name: 'clientSecret', label: 'client secret', source: 'ZOOM_CLIENT_SECRET from the environment' },
    ]);
  });

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['nothing', {}, ['credential: client id', 'credential: client secret', TOKEN]],
    ['the whole pair', whole, [TOKEN]],
    [
      'an empty secret',
      { ...whole, ZOOM_CLIENT_SECRET: '' },
      ['credential: client secret', 'secret-malformed: empty', TOKEN],
    ],
    ['a blank secret', { ...whole, ZOOM_CLIENT_SECRET: '  ' }, ['secret-malformed: empty', TOKEN]],
    ['a sample', { ...whole, ZOOM_CLIENT_SECRET: 'your_client_secret' }, ['secret-malformed: placeholder', TOKEN]],
    ['another sample', { ...whole, ZOOM_CLIENT_ID: '<client id>' }, ['secret-malformed: placeholder', TOKEN]],
    [
      'typographic quotes',
      { ...whole, ZOOM_CLIENT_SECRET: `“${SECRET}”` },
      ['secret-malformed: typographic-quotes', TOKEN],
    ],
    ['plain quotes', { ...whole, ZOOM_CLIENT_SECRET: `"${SECRET}"` }, ['secret-malformed: quotes', TOKEN]],
    [
      'a zero-width space',
      { ...whole, ZOOM_CLIENT_SECRET: `${SECRET.slice(0, 9)}\u200b${SECRET.slice(9)}` },
      ['secret-malformed: zero-width', TOKEN],
    ],
    [
      'a byte order mark',
      { ...whole, ZOOM_CLIENT_SECRET: `\ufeff${SECRET}` },
      ['secret-malformed: bom', TOKEN],
    ],
    ['the id as secret', { ...whole, ZOOM_CLIENT_SECRET: ID }, ['secret-malformed: same-as-id', TOKEN]],
    ['the token as secret', { ...whole, ZOOM_SECRET_TOKEN: SECRET }, ['secret-malformed: same-as-token']],
    [
      'a short secret',
      { ...whole, ZOOM_CLIENT_SECRET: 'abc' },
      ['secret-malformed: shape', TOKEN],
    ],
    [
      'two ids',
      { ...whole, ZM_RTMS_CLIENT: 'AnotherClientId0000001' },
      ['credentials-conflict: ZM_RTMS_CLIENT from the environment', TOKEN],
    ],
  ])('finds %s', async (_, env, found) => {
    expect(await checked(env)).toEqual(found);
  });

  it('finds a file that differs from the environment', async () => {
    const [conflict] = await checked(whole, `ZOOM_CLIENT_ID=AnotherClientId0000001`);
    expect(conflict).toMatch(/^credentials-conflict: ZOOM_CLIENT_ID from /);
  });

  it('looks for the pair of the product, and tells of the other', async () => {
    const videoSdk = { ZOOM_VIDEO_SDK_KEY: 'key', ZOOM_VIDEO_SDK_SECRET: 'hidden' };
    expect(await checked(videoSdk, '', 'video-sdk')).toEqual([TOKEN]);
    const absent = await credentialChecks(config(whole), { product: 'video-sdk' });
    expect(absent.find(({ facts }) => facts['name'] === 'clientId')?.facts).toMatchObject({
      label: 'SDK Key',
      names: 'ZOOM_VIDEO_SDK_KEY, ZM_RTMS_CLIENT',
      instead: 'ZOOM_CLIENT_ID from the environment',
    });
    const other = await credentialChecks(config(videoSdk), {});
    expect(other[0]?.facts).toMatchObject({ instead: 'ZOOM_VIDEO_SDK_KEY from the environment' });
  });

  it('tells of an account id beside the pair, and of none elsewhere', async () => {
    const labels = async (env: Record<string, string>, file: string): Promise<unknown[]> =>
      (await credentialChecks(config(env, file), {})).map(({ facts }) => facts['label']);
    expect(await labels({ ...whole, ZOOM_ACCOUNT_ID: 'x' }, '')).toContain('account id');
    expect(await labels(whole, 'ZOOM_ACCOUNT_ID=x')).not.toContain('account id');
  });

  it('takes a blank value for none, where that is no error', async () => {
    const blank = config({ ZOOM_CLIENT_SECRET: ' ' });
    expect((await blank.lookUp('clientSecret', {})).credential).toBeUndefined();
    await expect(blank.credential('clientSecret', {})).rejects.toMatchObject({ exitCode: 2 });
  });
});
