import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTlsFolder } from '../src/tls-folder.js';
import { temporaryFile, temporaryFolder } from './helpers/folder.js';

it('makes an authority and a certificate, which only the owner may read', async () => {
  const folder = join(temporaryFolder(), 'tls');
  const { ca, server, fresh } = await openTlsFolder(folder);
  expect(fresh).toBe(true);
  expect(ca).toBe(join(folder, 'ca.pem'));
  expect(readdirSync(folder).toSorted()).toEqual(['ca.key', 'ca.pem', 'server.key', 'server.pem']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(folder, 'server.pem'), 'utf8')).toBe(server.cert);
});

it('keeps the authority, so that it has to be trusted once', async () => {
  const folder = temporaryFolder();
  const first = await openTlsFolder(folder);
  const authority = readFileSync(first.ca, 'utf8');
  const second = await openTlsFolder(folder);
  expect([readFileSync(second.ca, 'utf8'), second.fresh]).toEqual([authority, false]);
  expect(new X509Certificate(second.server.cert).checkIssued(new X509Certificate(authority))).toBe(true);
});

it('makes one anew where what is there is of no use', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ca.key'), 'cut off');
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN');
  expect((await openTlsFolder(folder)).fresh).toBe(true);
});

it('says in words why it cannot', async () => {
  await expect(openTlsFolder(join(temporaryFile(''), 'tls'))).rejects.toMatchObject({ category: 'usage' });
});
