import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { WebhookRequest } from '../src/net/receiver.js';
import { decodeWebhook } from '../src/protocol/webhooks.js';
import { headerRedactor, maskInPlace } from '../src/session/redact.js';
import { WebhookFolder } from '../src/webhook-folder.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

const NOON = Date.UTC(2026, 6, 20, 12, 0, 0, 123);
const SIGNATURE = `v0=${'3cf6'.repeat(16)}`;

function open(
  path: string,
  showSignatures = false,
  onFailure: (reason: string) => void = () => {},
): Promise<WebhookFolder> {
  return WebhookFolder.open(path, headerRedactor({ showSignatures }), onFailure);
}

function request(body: string | Buffer, value: unknown = {}): WebhookRequest {
  const headers = [
    ['X-Zm-Signature', SIGNATURE],
    ['x-ODD', 'Zo\u00eb'],
  ] as const;
  const webhook = decodeWebhook(value);
  return { number: 1, target: '/hook?a', headers, body: Buffer.from(body), webhook, verified: undefined };
}

const STARTED = { event: 'meeting.rtms_started', payload: { rtms_stream_id: 'a/../b' } };

describe('WebhookFolder', () => {
  it('keeps body and headers under a name that sorts by time and says what it is', async () => {
    const folder = join(temporaryFolder(), 'hooks');
    const hooks = await open(folder);
    const bytes = Buffer.from([0x7b, 0xff, 0x0a, 0x7d]);
    await hooks.save(request(bytes, STARTED), NOON);
    await hooks.save(request('{}'), NOON + 1);
    const names = [
      '2026-07-20T12-00-00.123Z_0001_meeting.rtms_started_a-..-b',
      '2026-07-20T12-00-00.124Z_0002_no-event',
    ];
    expect(readdirSync(folder).toSorted()).toEqual(names.flatMap((name) => [`${name}.headers`, `${name}.json`]));
    expect(readFileSync(join(folder, `${names[0]}.json`)).equals(bytes)).toBe(true);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('resolves to the path that --payload takes', async () => {
    const path = await (await open(temporaryFolder())).save(request('{"a":1}'), NOON);
    expect(readFileSync(path ?? '', 'utf8')).toBe('{"a":1}');
  });

  it.each([
    [false, maskInPlace(SIGNATURE)],
    [true, SIGNATURE],
  ])('keeps the head as it came, the signature only where it is to be shown: %s', async (shown, signature) => {
    const path = await (await open(temporaryFolder(), shown)).save(request('{}'), NOON);
    const head = readFileSync((path ?? '').replace(/json$/, 'headers'), 'latin1');
    expect(head).toBe(`POST /hook?a HTTP/1.1\r\nX-Zm-Signature: ${signature}\r\nx-ODD: Zo\u00eb\r\n\r\n`);
  });

  it('never overwrites, not even what another run wrote in the same millisecond', async () => {
    const folder = temporaryFolder();
    const [one, two] = [await open(folder), await open(folder)];
    const paths = await Promise.all([one, two, one, two].map((hooks) => hooks.save(request('{}'), NOON)));
    expect(new Set(paths).size).toBe(4);
    expect(readdirSync(folder)).toHaveLength(8);
  });

  it.each([
    ['a file', () => temporaryFile('x'), 'there is a file where a folder is needed'],
    ['below a folder that is not there', () => '/nowhere/hooks', 'its folder does not exist'],
  ])('cannot be %s', async (_, path, reason) => {
    await expect(open(path())).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(reason) });
  });

  it('says once that it cannot write', async () => {
    const folder = temporaryFolder();
    const onFailure = vi.fn<(reason: string) => void>();
    const hooks = await open(join(folder, 'hooks'), false, onFailure);
    rmSync(join(folder, 'hooks'), { recursive: true });
    expect(await hooks.save(request('{}'), NOON)).toBeUndefined();
    expect(await hooks.save(request('{}'), NOON)).toBeUndefined();
    expect(onFailure).toHaveBeenCalledExactlyOnceWith('its folder does not exist');
    expect(hooks.failure).toBe('its folder does not exist');
  });
});
