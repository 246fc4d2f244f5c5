import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../../src/release/trust/certificate-claims.ts';
import { requireSigner } from '../../../src/release/trust/policy.ts';
import { doesNotHold } from '../../../src/release/trust/refusals.ts';
import { oid, utf8 } from './support/der.ts';
import { sharedVectors } from './support/vectors.ts';

const about = { artifact: { kind: 'file', path: '/a' }, signature: '/a.bundle' } as const;
const refuse = (seen: string) => doesNotHold('chain', about, { seen, expected: 'another' });
const FULCIO = '1.3.6.1.4.1.57264.1';
type Oids = NonNullable<Parameters<typeof claimsOf>[0]['oids']>;

const extension = (number: number | string, value: Buffer): Oids[number] => ({
  oid: { id: (typeof number === 'string' ? number : `${FULCIO}.${number}`).split('.').map(Number) },
  value,
});
const named = (bytes: Buffer): Oids[number] => extension('2.5.29.17', bytes);

describe('an extension', () => {
  const deprecated = extension(5, Buffer.from('a/b'));
  const current = extension(12, utf8('https://github.com/a/b'));

  test.each<[string, Oids]>([
    ['current', [current]],
    ['current, behind the deprecated', [extension(5, Buffer.from('c/d')), current]],
    ['current, before the deprecated', [current, extension(5, Buffer.from('c/d'))]],
    ['deprecated', [deprecated]],
  ])('%s', (_, oids) => {
    expect(claimsOf({ oids }, refuse).repository).toBe('https://github.com/a/b');
  });

  test('of more than 255 bytes', () => {
    const long = `https://github.com/${'a'.repeat(300)}/b`;
    expect(claimsOf({ oids: [extension(12, utf8(long))] }, refuse).repository).toBe(long);
  });

  test.each([
    ['raw where DER must be', Buffer.from('https://github.com/a/b')],
    ['of another type', Buffer.from([0x13, 1, 0x61])],
    ['with a length too long', Buffer.from([0x0c, 2, 0x61])],
    ['with bytes behind it', Buffer.from([0x0c, 1, 0x61, 0x62])],
    ['with a length of five bytes', Buffer.from([0x0c, 0x85, 0, 0, 0, 0, 1, 0x61])],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is refused', (_, value) => {
    expect(() => claimsOf({ oids: [extension(12, value)] }, refuse)).toThrow(`${FULCIO}.12`);
  });
});

test('a name is the one in the certificate, byte for byte', () => {
  const bytes = Buffer.from('https://github.com/acme/app');
  const subjectAlternativeName = bytes.toString();
  expect(claimsOf({ subjectAlternativeName, oids: [named(bytes)] }, refuse).identity).toBe(subjectAlternativeName);
  // Read as ASCII, which has seven bits, it is the same.
  const other = Buffer.from(bytes);
  other[24] = 0xe1;
  expect(other.toString('ascii')).toBe(subjectAlternativeName);
  expect(() => claimsOf({ subjectAlternativeName, oids: [named(other)] }, refuse)).toThrow('not ASCII');
});

const vectors = sharedVectors();

describe.skipIf(vectors === undefined)('real certificates', () => {
  const allowed = {
    kind: 'workflow',
    issuer: 'https://token.actions.githubusercontent.com',
    repository: 'https://github.com/Bilbycast/bilbycast-edge',
    ref: 'refs/tags/v*',
    workflow: 'https://github.com/Bilbycast/bilbycast-edge/.github/workflows/nightly-release.yml',
  } as const;

  test.each([
    ['fulcio-edge-v0.114.0.pem', undefined],
    ['fulcio-synthetic-v1-only.pem', undefined],
    ['fulcio-synthetic-conflict-v1-first.pem', 'E_SIGNER_MISMATCH'],
  ])('%s', (file, code) => {
    const certificate = new X509Certificate(fs.readFileSync(path.join(vectors ?? '', 'certs', file)));
    const oids = [1, 5, 6, 8, 12, 14].flatMap((number) => extensionIn(certificate.raw, number));
    const subjectAlternativeName = certificate.subjectAltName?.replace(/^URI:/, '') ?? '';
    const all = [...oids, named(Buffer.from(subjectAlternativeName))];
    const claims = claimsOf({ oids: all, subjectAlternativeName }, refuse);
    const act = () => requireSigner(allowed, claims, about);
    if (code === undefined) expect(act).not.toThrow();
    else expect(act).toThrow(expect.objectContaining({ code }));
  });
});

/** By its bytes: Node reads no extensions. Each value here is shorter than 128 bytes. */
function extensionIn(der: Buffer, number: number): Oids {
  const name = oid(`${FULCIO}.${number}`);
  const at = der.indexOf(name) + name.length;
  if (at < name.length) return [];
  expect(der[at]).toBe(0x04);
  return [extension(number, der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0)))];
}
