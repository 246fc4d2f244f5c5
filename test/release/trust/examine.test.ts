import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { examine, type Hash } from '../../../src/release/trust/examine.ts';
import type { Artifact } from '../../../src/release/trust/trust.ts';
import { openWorkshop } from '../workshop.ts';
import { bits, oid, sequence } from './support/der.ts';

const DATA = Buffer.from('what was released');
const sha256 = createHash('sha256').update(DATA).digest('hex');
const digest: Artifact = { kind: 'digest', sha256 };

async function signed(artifact: 'file' | 'digest', key: KeyObject, signature: Buffer, hash: Hash): Promise<boolean> {
  await using shop = await openWorkshop();
  const file: Artifact = { kind: 'file', path: await shop.put('app.tar.gz', DATA) };
  return (await examine(shop.host.files, artifact === 'file' ? file : digest, { key, signature, hash })).signed;
}

// A file is for OpenSSL, which knows every curve; what we have for a digest alone knows one.
describe.each<[curve: string, Hash, ofDigest: boolean]>([
  ['prime256v1', 'sha256', true],
  ['prime256v1', 'sha384', false],
  ['secp384r1', 'sha256', false],
  ['secp384r1', 'sha384', false],
  ['secp521r1', 'sha512', false],
])('%s with %s', (namedCurve, hash, ofDigest) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const signature = sign(hash, DATA, privateKey);

  test('proves the file', async () => {
    expect(await signed('file', publicKey, signature, hash)).toBe(true);
  });

  test(`proves its SHA-256 alone: ${ofDigest}`, async () => {
    expect(await signed('digest', publicKey, signature, hash)).toBe(ofDigest);
  });
});

test.each(['file', 'digest'] as const)(
  'a signature by SHA-256 that claims another hash proves no %s',
  async (artifact) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect(await signed(artifact, publicKey, sign('sha256', DATA, privateKey), 'sha384')).toBe(false);
  },
);

/** OpenSSL makes a key of it, and throws at each use. */
const atInfinity = createPublicKey({
  key: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bits(Buffer.of(0))),
  format: 'der',
  type: 'spki',
});

test.each(['file', 'digest'] as const)('the point at infinity as key proves no %s', async (artifact) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  expect(await signed(artifact, atInfinity, sign('sha256', DATA, privateKey), 'sha256')).toBe(false);
});
