import type { KeyObject } from 'node:crypto';

/** NIST P-256: SEC 2, section 2.4.2. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
};
const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

/** Jacobian: x/z² and y/z³, so that adding needs no division. z = 0: the point at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

/**
 * ECDSA over P-256 where only the digest is known, not the file: Node hands OpenSSL files, never digests. Used for
 * `refit verify sha256:…` alone; wherever there are bytes, OpenSSL verifies. Nothing here is secret, so it may take its time.
 * FIPS 186-5, section 6.4.2. False for other keys.
 */
export function verifyDigest(digest: Buffer, key: KeyObject, signature: Buffer): boolean {
  const point = p256Point(key);
  const pair = signaturePair(signature);
  if (point === undefined || pair === undefined || digest.length !== 32) return false;
  const [r, s] = pair;
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const w = inverse(s, N);
  const { x, z } = sumOfProducts((number(digest) * w) % N, G, (r * w) % N, point);
  return z !== 0n && ((x * inverse((z * z) % P, P)) % P) % N === r;
}

/** OpenSSL made the key, so the point lies on the curve. */
function p256Point(key: KeyObject): Point | undefined {
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { x: number(Buffer.from(x, 'base64url')), y: number(Buffer.from(y, 'base64url')), z: 1n };
}

/** DER: a sequence of two integers, in its one canonical form. */
function signaturePair(der: Buffer): readonly [bigint, bigint] | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const first = integerAt(der, 2);
  const second = first === undefined ? undefined : integerAt(der, first.end);
  return first === undefined || second?.end !== der.length ? undefined : [first.value, second.value];
}

function integerAt(der: Buffer, at: number): { readonly value: bigint; readonly end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const [first = 0, second = 0] = bytes;
  const negative = first >= 0x80;
  const padded = length > 1 && first === 0 && second < 0x80;
  if (der[at] !== 0x02 || length === 0 || bytes.length !== length || negative || padded) return undefined;
  return { value: number(bytes), end: at + 2 + length };
}

/** Both products in one walk over the bits (Shamir). */
function sumOfProducts(a: bigint, p: Point, b: bigint, q: Point): Point {
  const both = add(p, q);
  let sum: Point = INFINITY;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = double(sum);
    const [inA, inB] = [(a >> bit) & 1n, (b >> bit) & 1n];
    if (inA === 1n && inB === 1n) sum = add(sum, both);
    else if (inA === 1n) sum = add(sum, p);
    else if (inB === 1n) sum = add(sum, q);
  }
  return sum;
}

/** https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-3.html, "dbl-2001-b". */
function double({ x, y, z }: Point): Point {
  const delta = (z * z) % P;
  const gamma = (y * y) % P;
  const beta = (x * gamma) % P;
  const alpha = (3n * (x - delta) * (x + delta)) % P;
  const x3 = modulo(alpha * alpha - 8n * beta, P);
  return {
    x: x3,
    y: modulo(alpha * (4n * beta - x3) - 8n * gamma * gamma, P),
    z: modulo((y + z) * (y + z) - gamma - delta, P),
  };
}

/** As there, "add-1998-cmo-2". */
function add(a: Point, b: Point): Point {
  if (a.z === 0n) return b;
  if (b.z === 0n) return a;
  const [aa, bb] = [(a.z * a.z) % P, (b.z * b.z) % P];
  const [u, s] = [(a.x * bb) % P, (((a.y * b.z) % P) * bb) % P];
  const h = modulo(b.x * aa - u, P);
  const r = modulo(((b.y * a.z) % P) * aa - s, P);
  if (h === 0n) return r === 0n ? double(a) : INFINITY;
  const hh = (h * h) % P;
  const hhh = (hh * h) % P;
  const v = (u * hh) % P;
  const x = modulo(r * r - hhh - 2n * v, P);
  return { x, y: modulo(r * (v - x) - s * hhh, P), z: (((h * a.z) % P) * b.z) % P };
}

/** By Euclid. */
function inverse(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [value, prime, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return modulo(x, prime);
}

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

const number = (bytes: Buffer): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`));
