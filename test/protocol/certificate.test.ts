import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isUsable, makeAuthority, makeServerCertificate } from '../../src/protocol/certificate.js';
import { temporaryFolder } from '../helpers/folder.js';
import { installed } from '../helpers/installed.js';
import { TLS } from '../helpers/servers.js';

const DAY_MS = 86_400_000;
const authority = makeAuthority();
const server = makeServerCertificate(authority);

describe('certificates made on the spot', () => {
  it('are an authority and a certificate it vouches for, each with its own key', () => {
    const [root, leaf] = [new X509Certificate(authority.cert), new X509Certificate(server.cert)];
    expect([root.ca, leaf.ca]).toEqual([true, false]);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(leaf.checkHost('localhost')).toBe('localhost');
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(server.key).not.toBe(authority.key);
  });

  it('have a serial number of their own each time', () => {
    const serials = [authority, server, makeServerCertificate(authority)].map(
      ({ cert }) => new X509Certificate(cert).serialNumber,
    );
    expect(new Set(serials).size).toBe(3);
  });

  it.each(['localhost', '127.0.0.1'])(
    'are accepted by TLS for %s from a client that has the authority',
    async (host) => {
      const tls = createServer(server, (socket) => socket.end('hello'));
      onTestFinished(() => void tls.close());
      await once(tls.listen(0, '127.0.0.1'), 'listening');
      const address = tls.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const client = connect({
        host: '127.0.0.1',
        port,
        ca: authority.cert,
        ...(host === 'localhost' && { servername: host }),
      });
      expect(String((await once(client, 'data'))[0])).toBe('hello');
      expect(client.authorized).toBe(true);
      client.destroy();
    },
  );

  describe.skipIf(!installed('openssl'))('as OpenSSL reads them', () => {
    const openssl = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
      return stdout + stderr;
    };
    const files = (): { ca: string; leaf: string } => {
      const folder = temporaryFolder();
      const [ca, leaf] = [join(folder, 'ca.pem'), join(folder, 'leaf.pem')];
      writeFileSync(ca, authority.cert);
      writeFileSync(leaf, server.cert);
      return { ca, leaf };
    };

    it.each([
      ['localhost', '-verify_hostname'],
      ['127.0.0.1', '-verify_ip'],
      ['::1', '-verify_ip'],
    ])('hold strictly, for a server named %s', (name, flag) => {
      const { ca, leaf } = files();
      expect(openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', ca, flag, name, leaf)).toBe(
        `${leaf}: OK\n`,
      );
    });

    it('say what they are for, and the authority for whom alone', () => {
      const { ca, leaf } = files();
      const [root, own] = [ca, leaf].map((file) => openssl('x509', '-in', file, '-noout', '-text'));
      expect(root).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
      expect(root).toMatch(/Key Usage: critical\s+Certificate Sign\n/);
      expect(root).toMatch(
        /Name Constraints: critical\s+Permitted:\s+DNS:localhost\s+IP:127\.0\.0\.1\/255\.255\.255\.255/,
      );
      expect(own).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
      expect(own).toMatch(/Key Usage: critical\s+Digital Signature\n/);
      expect(own).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication/);
    });
  });
});

describe('isUsable', () => {
  it.each<[string, boolean, () => boolean]>([
    ['a fresh authority', true, () => isUsable(authority, 30)],
    ['one that ends within the days', false, () => isUsable(makeAuthority(Date.now() - 350 * DAY_MS), 30)],
    ['a key of another certificate', false, () => isUsable({ key: server.key, cert: authority.cert }, 30)],
    ['a certificate that has expired', false, () => isUsable(TLS.expired, 0)],
    ['text', false, () => isUsable({ key: 'a', cert: 'b' }, 0)],
  ])('%s', (_, expected, usable) => {
    expect(usable()).toBe(expected);
  });
});
