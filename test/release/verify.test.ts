import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import type { Claim } from '../../src/release/release.ts';
import { CHECKSUMS_ALONE } from '../../src/release/trust-policy.ts';
import { verify, verifyAgain } from '../../src/release/verify.ts';
import { openWorkshop, refusalOf, sha256 } from './workshop.ts';

const BODY = 'the release';
const GOOD = sha256(BODY);
const BAD = sha256('another');

describe('verify', () => {
  test('keeps what proved it, by whom and when', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('a.tar.gz', BODY);
    const claims: readonly Claim[] = [
      { from: 'checksums.txt', sha256: GOOD },
      { from: 'a.tar.gz.sha256', sha256: GOOD },
    ];
    const { evidence, ...rest } = await verify(shop.host, path, claims);
    expect(rest).toEqual({ path });
    expect(evidence).toEqual({
      method: 'sha256',
      sha256: GOOD,
      size: BODY.length,
      from: ['checksums.txt', 'a.tar.gz.sha256'],
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  test.each<[string, readonly Claim[], string, string]>([
    ['no claim', [], 'E_DIGEST_MISSING', '--sha256 HEX'],
    ['a wrong one', [{ from: 'checksums.txt', sha256: BAD }], 'E_DIGEST_MISMATCH', 'fetch again'],
    [
      'two that contradict each other, one of them right',
      [
        { from: 'checksums.txt', sha256: GOOD },
        { from: 'a.tar.gz.sha256', sha256: BAD },
      ],
      'E_DIGEST_MISMATCH',
      'ask the publisher',
    ],
    [
      'a pin that contradicts the list',
      [
        { from: '--sha256', sha256: GOOD },
        { from: 'checksums.txt', sha256: BAD },
      ],
      'E_DIGEST_MISMATCH',
      'ask the publisher',
    ],
  ])('refuses %s', async (_, claims, code, hint) => {
    await using shop = await openWorkshop();
    const path = await shop.put('a.tar.gz', BODY);
    const error = await refusalOf(() => verify(shop.host, path, claims));
    expect(error.code).toBe(code);
    expect(exitOf(error)).toBe(6);
    expect(error.hint).toContain(hint);
  });

  test('says file, seen and expected', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('a.tar.gz', BODY);
    const error = await refusalOf(() => verify(shop.host, path, [{ from: 'checksums.txt', sha256: BAD }]));
    expect(error.message).toBe(`Cannot verify a.tar.gz: saw SHA-256 ${GOOD}, expected ${BAD} by checksums.txt`);
    expect(error.facts).toEqual({ file: 'a.tar.gz', expected: BAD, seen: GOOD, size: BODY.length });
  });

  test('names a page in place of the file', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('a.tar.gz', '<!DOCTYPE html><html>sign in</html>');
    const error = await refusalOf(() => verify(shop.host, path, [{ from: 'checksums.txt', sha256: GOOD }]));
    expect(error.message).toContain('it looks like an HTML page');
  });
});

test('verifyAgain holds a file to its earlier evidence', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('a.tar.gz', BODY);
  const { evidence } = await verify(shop.host, path, [{ from: '--sha256', sha256: GOOD }]);
  expect((await verifyAgain(shop.host.files, path, evidence, CHECKSUMS_ALONE)).evidence).toEqual(evidence);
  await writeFile(path, 'another');
  expect((await refusalOf(() => verifyAgain(shop.host.files, path, evidence, CHECKSUMS_ALONE))).code).toBe(
    'E_DIGEST_MISMATCH',
  );
});

test('verifyAgain asks for what the policy of the plan demands', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('a.tar.gz', BODY);
  const { evidence } = await verify(shop.host, path, [{ from: '--sha256', sha256: GOOD }]);
  const policy = { checksums: true, minisign: { over: 'asset', key: '' } } as const;
  expect((await refusalOf(() => verifyAgain(shop.host.files, path, evidence, policy))).code).toBe(
    'E_SIGNATURE_MISSING',
  );
});
