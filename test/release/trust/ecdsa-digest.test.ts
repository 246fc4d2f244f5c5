import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyDigest } from '../../../src/release/trust/ecdsa-digest.ts';
import { ecKey, spki } from './support/authority.ts';
import { bits, integer, octets, oid, sequence, tlv } from './support/der.ts';

const { publicKey, privateKey } = ecKey();
const DATA = Buffer.from('what was released');
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
const hex = (value: bigint): string => value.toString(16);
const bytesOf = (value: bigint): Buffer => Buffer.from(hex(value).padStart(64, '0'), 'hex');
const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

const flipped = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, 31), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]);

/** As INTEGER in DER: without the zeros in front. */
const int = (value: bigint): Buffer =>
  integer(Buffer.from(`${hex(value).length % 2 === 1 ? '0' : ''}${hex(value)}`, 'hex'));
const signature = (r: bigint, s: bigint): Buffer => sequence(int(r), int(s));

/** A signature that holds, as its two numbers of 32 bytes. */
const raw = sign('sha256', DATA, { key: privateKey, dsaEncoding: 'ieee-p1363' });
const [r, s] = [number(raw.subarray(0, 32)), number(raw.subarray(32))];

const digestHolds = (key: KeyObject, made: Buffer): boolean => verifyDigest(sha256(DATA), key, made);
const fileHolds = (key: KeyObject, made: Buffer): boolean => verify('sha256', DATA, key, made);

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
  const made = signature(r, s);
  expect(verifyDigest(sha256(DATA), publicKey, made)).toBe(true);
  expect(verifyDigest(sha256(Buffer.from('another')), publicKey, made)).toBe(false);
  expect(verifyDigest(sha256(DATA), ecKey().publicKey, made)).toBe(false);
});

test('both values of s that fit, as for OpenSSL', () => {
  for (const made of [signature(r, s), signature(r, N - s)]) {
    expect([digestHolds(publicKey, made), fileHolds(publicKey, made)]).toEqual([true, true]);
  }
});

// Of a signature that holds: only its form, or a number beyond the order, is what is wrong.
test.each([
  ['zeros', signature(0n, 0n)],
  ['r of zero', signature(0n, s)],
  ['s of zero', signature(r, 0n)],
  ['r of the order', signature(N, s)],
  ['s of the order', signature(r, N)],
  ['r and the order', signature(r + N, s)],
  ['s and the order', signature(r, s + N)],
  ['an r of kilobytes', signature(r + (N << 16_000n), s)],
  ['nothing', Buffer.alloc(0)],
  ['no DER', Buffer.alloc(70)],
  ['the numbers without DER', raw],
  ['one integer', sequence(int(r))],
  ['three integers', sequence(int(r), int(s), int(1n))],
  ['bytes behind it', Buffer.concat([signature(r, s), Buffer.of(0)])],
  ['bytes missing', signature(r, s).subarray(0, -1)],
  ['a set', tlv(0x31, int(r), int(s))],
  ['strings of bytes', sequence(octets(bytesOf(r)), octets(bytesOf(s)))],
  ['a negative integer', sequence(tlv(2, Buffer.concat([Buffer.of(0x80), bytesOf(r)])), int(s))],
  ['an integer with a zero too many', sequence(tlv(2, Buffer.alloc(2), bytesOf(r)), int(s))],
  ['an empty integer', sequence(tlv(2), int(s))],
  ['a length in the long form', Buffer.concat([Buffer.of(0x30, 0x81), signature(r, s).subarray(1)])],
  ['no length', Buffer.concat([Buffer.of(0x30, 0x80), signature(r, s).subarray(2), Buffer.alloc(2)])],
])('%s is no signature, for OpenSSL neither', (_, made) => {
  expect([digestHolds(publicKey, made), fileHolds(publicKey, made)]).toEqual([false, false]);
});

const point = spki(publicKey).subarray(-65);
const EC = oid('1.2.840.10045.2.1');
const keyAt = (at: Buffer, curve = oid('1.2.840.10045.3.1.7')): KeyObject =>
  createPublicKey({ key: sequence(sequence(EC, curve), bits(at)), format: 'der', type: 'spki' });
const [x, y] = [point.subarray(1, 33), point.subarray(33)];
const odd = (y.at(-1) ?? 0) & 1;

test.each([
  ['short', Buffer.concat([Buffer.of(2 + odd), x])],
  ['in the hybrid form', Buffer.concat([Buffer.of(6 + odd), x, y])],
])('a key whose point is written %s', (_, at) => {
  expect(digestHolds(keyAt(at), signature(r, s))).toBe(true);
});

test.each([
  ['off the curve', Buffer.concat([Buffer.of(4), x, flipped(y)])],
  ['with a coordinate beyond the field', Buffer.concat([Buffer.of(4), bytesOf(P), y])],
  ['cut', point.subarray(0, 64)],
  ['of the other sign', Buffer.concat([Buffer.of(7 - odd), x, y])],
  ['of nothing', Buffer.alloc(0)],
])('a point %s never becomes a key', (_, at) => {
  expect(() => keyAt(at)).toThrow('Failed to read asymmetric key');
});

/** P-256 but for its base point: a base point of one's own choice makes a private key for anybody's public one. */
const ownBase = sequence(
  int(1n),
  sequence(oid('1.2.840.10045.1.1'), int(P)),
  sequence(
    octets(bytesOf(P - 3n)),
    octets(bytesOf(0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn)),
  ),
  octets(point),
  int(N),
  int(1n),
);

test.each([
  ['on P-384', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey],
  ['on the curve of Bitcoin', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey],
  ['on a curve with a base point of its own', keyAt(point, ownBase)],
  ['of Ed25519', generateKeyPairSync('ed25519').publicKey],
  ['of RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
])('a key %s is not for it', (_, key) => {
  expect(digestHolds(key, signature(r, s))).toBe(false);
});
