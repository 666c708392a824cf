/**
 * A certificate authority for this machine alone, and server certificates for its loopback names: the little of X.509
 * that takes, since Node makes none. It writes no files and trusts nothing. https://www.rfc-editor.org/rfc/rfc5280
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';

/** In PEM. */
export interface CertifiedKey {
  readonly key: string;
  readonly cert: string;
}

const AUTHORITY_NAME = 'rtms proxy on this machine';
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 365;
/** Apple refuses server certificates that are valid for longer than 825 days: https://support.apple.com/103769 */
const SERVER_DAYS = 90;
/** For a clock that is behind. */
const BACKDATED_MS = DAY_MS;

/** An authority that can vouch for loopback names and for nothing else, so that trusting it costs little. */
export function makeAuthority(now = Date.now()): CertifiedKey {
  const { privateKey, publicKey } = newKey();
  const name = commonName(AUTHORITY_NAME);
  const extensions = [
    extension(OID.basicConstraints, sequence(boolean(true), integer(Buffer.of(0))), 'critical'),
    extension(OID.keyUsage, bits(KEY_CERT_SIGN), 'critical'),
    extension(OID.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
    extension(OID.nameConstraints, sequence(tagged(0, ...LOOPBACK.map(({ tree }) => sequence(tree)))), 'critical'),
  ];
  const cert = certificate(
    { issuer: name, subject: name, publicKey, days: AUTHORITY_DAYS, extensions },
    privateKey,
    now,
  );
  return { key: pemOf(privateKey), cert };
}

/** A certificate for `localhost`, `127.0.0.1` and `::1` that the authority vouches for. */
export function makeServerCertificate(authority: CertifiedKey, now = Date.now()): CertifiedKey {
  const { privateKey, publicKey } = newKey();
  const issuer = new X509Certificate(authority.cert);
  const extensions = [
    extension(OID.basicConstraints, sequence(), 'critical'),
    extension(OID.keyUsage, bits(DIGITAL_SIGNATURE), 'critical'),
    extension(OID.extendedKeyUsage, sequence(OID.serverAuth)),
    extension(OID.subjectAltName, sequence(...LOOPBACK.map(({ name }) => name))),
    extension(OID.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
    extension(OID.authorityKeyIdentifier, sequence(primitive(0, keyIdentifier(issuer.publicKey)))),
  ];
  const cert = certificate(
    { issuer: commonName(AUTHORITY_NAME), subject: commonName('localhost'), publicKey, days: SERVER_DAYS, extensions },
    createPrivateKey(authority.key),
    now,
  );
  return { key: pemOf(privateKey), cert };
}

/** Whether both belong together, and the certificate is valid for some more days. */
export function isUsable({ key, cert }: CertifiedKey, days: number, now = Date.now()): boolean {
  try {
    const certificate = new X509Certificate(cert);
    return certificate.checkPrivateKey(createPrivateKey(key)) && Date.parse(certificate.validTo) > now + days * DAY_MS;
  } catch {
    return false;
  }
}

const newKey = (): { privateKey: KeyObject; publicKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pemOf = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** RFC 5280 section 4.2.1.2 leaves the method open; this is its first, over the whole key structure. */
const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(spkiOf(key)).digest();

interface Subject {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}

function certificate(
  { issuer, subject, publicKey, days, extensions }: Subject,
  signer: KeyObject,
  now: number,
): string {
  const algorithm = sequence(OID.ecdsaWithSha256);
  const body = sequence(
    tagged(0, integer(Buffer.of(VERSION_3))),
    integer(serialNumber()),
    algorithm,
    issuer,
    sequence(time(now - BACKDATED_MS), time(now + days * DAY_MS)),
    subject,
    spkiOf(publicKey),
    tagged(3, sequence(...extensions)),
  );
  const whole = sequence(body, algorithm, bitString(0, sign('sha256', body, signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const VERSION_3 = 2;

/** Positive, never zero, unlike any before: RFC 5280 section 4.1.2.2. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

// DER: https://www.itu.int/rec/T-REC-X.690

function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0));
const integer = (bytes: Buffer): Buffer => element(0x02, bytes);
const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes);
const bitString = (unused: number, bytes: Uint8Array): Buffer => element(0x03, Buffer.of(unused), bytes);
const tagged = (number: number, ...parts: readonly Uint8Array[]): Buffer => element(0xa0 | number, ...parts);
const primitive = (number: number, bytes: Uint8Array): Buffer => element(0x80 | number, bytes);

/** Named bits, without the zeros at the end, as DER wants them. */
const bits = ({ unused, byte }: { readonly unused: number; readonly byte: number }): Buffer =>
  bitString(unused, Buffer.of(byte));
const DIGITAL_SIGNATURE = { unused: 7, byte: 0x80 };
const KEY_CERT_SIGN = { unused: 2, byte: 0x04 };

/** Two digits of the year, which holds until 2049 (RFC 5280 section 4.1.2.5). */
const time = (unixMs: number): Buffer =>
  element(0x17, Buffer.from(`${new Date(unixMs).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));

const objectId = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

/** Object identifiers in the bytes they have in DER, each with its dotted form. */
const OID = {
  /** 2.5.4.3 */
  commonName: objectId('550403'),
  /** 1.2.840.10045.4.3.2 */
  ecdsaWithSha256: objectId('2a8648ce3d040302'),
  /** 1.3.6.1.5.5.7.3.1 */
  serverAuth: objectId('2b06010505070301'),
  /** 2.5.29.14 */
  subjectKeyIdentifier: objectId('551d0e'),
  /** 2.5.29.15 */
  keyUsage: objectId('551d0f'),
  /** 2.5.29.17 */
  subjectAltName: objectId('551d11'),
  /** 2.5.29.19 */
  basicConstraints: objectId('551d13'),
  /** 2.5.29.30 */
  nameConstraints: objectId('551d1e'),
  /** 2.5.29.35 */
  authorityKeyIdentifier: objectId('551d23'),
  /** 2.5.29.37 */
  extendedKeyUsage: objectId('551d25'),
} as const;

const commonName = (text: string): Buffer =>
  sequence(element(0x31, sequence(OID.commonName, element(0x0c, Buffer.from(text)))));

const extension = (id: Buffer, value: Buffer, critical?: 'critical'): Buffer =>
  sequence(id, ...(critical ? [boolean(true)] : []), octets(value));

const dnsName = (text: string): Buffer => primitive(2, Buffer.from(text));
const ipAddress = (...hex: readonly string[]): Buffer => primitive(7, Buffer.from(hex.join(''), 'hex'));

const IPV4 = '7f000001';
const IPV6 = '01'.padStart(32, '0');

/** The names of this machine to itself; `tree` is the name as a constraint, an address with its mask. */
const LOOPBACK: readonly { readonly name: Buffer; readonly tree: Buffer }[] = [
  { name: dnsName('localhost'), tree: dnsName('localhost') },
  { name: ipAddress(IPV4), tree: ipAddress(IPV4, 'f'.repeat(8)) },
  { name: ipAddress(IPV6), tree: ipAddress(IPV6, 'f'.repeat(32)) },
];
