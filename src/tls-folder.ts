/** The folder with the proxy's certificate authority: made once, so that trusting it once is enough. */
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { writePrivately } from './private-file.js';
import { isUsable, makeAuthority, makeServerCertificate, type CertifiedKey } from './protocol/certificate.js';
import { refusal } from './record-file.js';

const FLAG = '--tls DIR';
const FOLDER_OF_OWNER = 0o700;
/** An authority that ends sooner is made anew, lest it end in the middle of someone's work. */
const DAYS_LEFT = 7;

export interface TlsFiles {
  /** For one run. */
  readonly server: CertifiedKey;
  /** Path of the authority's certificate, which clients are to trust. */
  readonly ca: string;
  /** Whether it is new, and thus trusted nowhere yet. */
  readonly fresh: boolean;
}

/** `.rtms` in the home folder unless another is given. Throws RtmsError (`disk`, `usage`). */
export async function openTlsFolder(folder = join(homedir(), '.rtms')): Promise<TlsFiles> {
  // Clients run elsewhere.
  const file = (name: string): string => resolve(folder, name);
  await mkdir(folder, { recursive: true, mode: FOLDER_OF_OWNER }).catch((error: unknown) => {
    throw refusal(`cannot make ${folder}`, FLAG, error);
  });
  const known = await readPair(file('ca.key'), file('ca.pem'));
  const authority = known ?? makeAuthority();
  const server = makeServerCertificate(authority);
  if (!known) {
    await writePrivately(file('ca.key'), authority.key, FLAG);
    await writePrivately(file('ca.pem'), authority.cert, FLAG);
  }
  await writePrivately(file('server.key'), server.key, FLAG);
  await writePrivately(file('server.pem'), server.cert, FLAG);
  return { server, ca: file('ca.pem'), fresh: !known };
}

/** What is not there, or is of no use any more, is made anew. */
async function readPair(keyFile: string, certFile: string): Promise<CertifiedKey | undefined> {
  const [key = '', cert = ''] = await Promise.all(
    [keyFile, certFile].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const pair = { key, cert };
  return isUsable(pair, DAYS_LEFT) ? pair : undefined;
}
