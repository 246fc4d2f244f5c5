import { expect, test } from 'vitest';
import { requireClaimed, signaturesOf } from '../../../src/release/bundle/claimed.ts';
import { proofNames } from '../../../src/release/bundle/sidecars.ts';
import { refusalOf, sha256 } from '../workshop.ts';

const NAME = 'app_linux_amd64.tar.gz';
const DIGEST = sha256('body');
const beside = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));

test('what the publisher says, from both places', () => {
  const files = beside({ 'checksums.txt': `${DIGEST}  ${NAME}\n`, [`${NAME}.sha256`]: DIGEST });
  expect(requireClaimed(NAME, DIGEST, files).map(({ from }) => from)).toEqual(['checksums.txt', `${NAME}.sha256`]);
});

test('a signature alone is for the host that installs to judge', () => {
  const files = beside({ [`${NAME}.minisig`]: 'untrusted comment: x' });
  expect(requireClaimed(NAME, DIGEST, files)).toEqual([]);
  expect(signaturesOf(NAME, files)).toEqual([`${NAME}.minisig`]);
});

test.each([
  [{}, 'E_DIGEST_MISSING'],
  [{ 'checksums.txt': `${DIGEST}  another.tar.gz\n` }, 'E_DIGEST_MISSING'],
  [{ 'checksums.txt': `${'0'.repeat(64)}  ${NAME}\n` }, 'E_DIGEST_MISMATCH'],
  [{ 'checksums.txt': `${DIGEST}  ${NAME}\n`, [`${NAME}.sha256`]: '0'.repeat(64) }, 'E_DIGEST_MISMATCH'],
  [{ 'checksums.txt': 'nonsense' }, 'E_CHECKSUMS_INVALID'],
])('%j is %s', async (files, code) => {
  expect((await refusalOf(() => requireClaimed(NAME, DIGEST, beside(files)))).code).toBe(code);
});

test('every name that may prove an archive, each once', () => {
  const names = proofNames([NAME]);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      'checksums.txt',
      'checksums.txt.sigstore.json',
      'manifest.json',
      'manifest.sig.bundle',
      `${NAME}.sigstore.json`,
      `${NAME}.minisig`,
      'app_linux_amd64.tar.sig.bundle',
    ]),
  );
});
