import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyDigest } from '../../../src/release/trust/ecdsa-digest.ts';
import { ecKey } from './support/authority.ts';
import { integer, sequence } from './support/der.ts';

const { publicKey, privateKey } = ecKey();
const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const baseKey = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex').toString('base64url'),
    y: Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex').toString('base64url'),
  },
  format: 'jwk',
});
const signature = (r: bigint, s: bigint): Buffer => sequence(integer(bytesOf(r)), integer(bytesOf(s)));

test('says of every signature what OpenSSL says', () => {
  const change = fc.option(fc.tuple(fc.nat(80), fc.integer({ min: 1, max: 255 })));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), change, (data, damage) => {
      const made = sign('sha256', data, privateKey);
      if (damage !== null) made.writeUInt8((made[damage[0] % made.length] ?? 0) ^ damage[1], damage[0] % made.length);
      expect(verifyDigest(sha256(data), publicKey, made)).toBe(verify('sha256', data, publicKey, made));
    }),
    { numRuns: 60 },
  );
});

test('another digest, another key', () => {
  const made = sign('sha256', Buffer.from('a'), privateKey);
  expect(verifyDigest(sha256(Buffer.from('a')), publicKey, made)).toBe(true);
  expect(verifyDigest(sha256(Buffer.from('b')), publicKey, made)).toBe(false);
  expect(verifyDigest(sha256(Buffer.from('a')), ecKey().publicKey, made)).toBe(false);
});

test.each([
  ['zeros', signature(0n, 0n)],
  ['r of zero', signature(0n, 1n)],
  ['s of zero', signature(1n, 0n)],
  ['r of the order', signature(N, 1n)],
  ['s of the order', signature(1n, N)],
  ['nothing', Buffer.alloc(0)],
  ['no DER', Buffer.alloc(70)],
  ['one integer', sequence(Buffer.from([2, 1, 1]))],
  ['bytes behind it', Buffer.concat([signature(1n, 1n), Buffer.from([0])])],
  ['a negative integer', sequence(Buffer.from([2, 1, 0x80]), Buffer.from([2, 1, 1]))],
  ['an integer with a zero too many', sequence(Buffer.from([2, 2, 0, 1]), Buffer.from([2, 1, 1]))],
])('%s is no signature', (_, made) => {
  expect(verifyDigest(sha256(Buffer.from('a')), publicKey, made)).toBe(false);
});

test.each([
  ['the base point itself', 1n],
  ['its opposite', N - 1n],
])('a key that is %s', (_, secret) => {
  const { x = '', y = '' } = baseKey.export({ format: 'jwk' });
  const opposite = bytesOf(P - BigInt(`0x${Buffer.from(y, 'base64url').toString('hex')}`)).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x, y: secret === 1n ? y : opposite, d: bytesOf(secret).toString('base64url') };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  for (const data of ['a', 'b', 'c']) {
    const made = sign('sha256', Buffer.from(data), key);
    expect(verifyDigest(sha256(Buffer.from(data)), createPublicKey(key), made)).toBe(true);
    expect(verifyDigest(sha256(Buffer.from(`${data}!`)), createPublicKey(key), made)).toBe(false);
  }
});

test('other keys are not for it', () => {
  const large = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const edwards = generateKeyPairSync('ed25519');
  for (const key of [large.publicKey, edwards.publicKey]) {
    expect(verifyDigest(sha256(Buffer.from('a')), key, signature(1n, 1n))).toBe(false);
  }
});
