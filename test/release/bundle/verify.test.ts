import { expect, test } from 'vitest';
import { inspectBundle } from '../../../src/release/bundle/inspect.ts';
import { verifyBundle } from '../../../src/release/bundle/verify.ts';
import type { TrustRequest } from '../../../src/release/trust/trust.ts';
import { minisignPair } from '../trust/support/minisign.ts';
import { POLICY, privateSigstore, WHO } from '../trust/support/sigstore.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from '../workshop.ts';
import { ARCHIVE, bundleOf, FILES, indexOf, LIST, membersOf } from './made.ts';

const NOBODY: TrustRequest = { signatures: [] };
const sigstore = privateSigstore();
const pair = minisignPair();
const list = FILES[LIST] ?? Buffer.alloc(0);
const archive = FILES[ARCHIVE] ?? Buffer.alloc(0);
const signed = (data: Buffer) => Buffer.from(JSON.stringify(sigstore.sign(data, { form: 'v0.3' })));

async function put(shop: Workshop, more: Readonly<Record<string, Buffer>>, of = FILES): Promise<string> {
  const files = { ...of, ...more };
  const index = indexOf(files);
  const members = index.members.map((one) => (one.name === ARCHIVE ? { ...one, arch: 'amd64' as const } : one));
  return shop.put('a.refit.tar', bundleOf({ ...index, members }, ...membersOf(files)));
}

async function rootOf(shop: Workshop): Promise<TrustRequest> {
  return { signer: POLICY, trustedRoot: await shop.put('root.json', JSON.stringify(sigstore.root)), signatures: [] };
}

test("without a name: every byte, by the index and by the publisher's list", async () => {
  await using shop = await openWorkshop();
  const verified = await verifyBundle(shop.host, await put(shop, {}), NOBODY);
  expect(verified.members).toEqual([
    { name: ARCHIVE, size: 25, sha256: sha256(archive), by: ['index.json', 'checksums.txt'], proofs: [] },
    { name: LIST, size: list.length, sha256: sha256(list), by: ['index.json'], proofs: [] },
  ]);
});

test('the list signed, or the archive, by Sigstore or minisign: who, and that nothing stays', async () => {
  await using shop = await openWorkshop();
  const byList = await verifyBundle(
    shop.host,
    await put(shop, { [`${LIST}.sigstore.json`]: signed(list) }),
    await rootOf(shop),
  );
  expect(byList.members.find(({ name }) => name === ARCHIVE)?.proofs).toMatchObject([
    { method: 'sigstore', signature: 'checksums.txt.sigstore.json', repository: WHO.repository },
  ]);
  const minisig = { [`${ARCHIVE}.minisig`]: Buffer.from(pair.sign(archive)) };
  const own = await verifyBundle(shop.host, await put(shop, minisig), { minisignKey: pair.line, signatures: [] });
  expect(own.members.find(({ name }) => name === ARCHIVE)?.proofs).toMatchObject([
    { method: 'minisign', signature: 'app_linux_amd64.tar.gz.minisig' },
  ]);
  expect((await shop.host.files.list('/var/tmp')).filter((name) => name.startsWith('refit-look-'))).toEqual([]);
});

test.each<[string, Record<string, Buffer>, string]>([
  ['no signature', {}, 'E_SIGNATURE_MISSING'],
  ['a signature of another file', { [`${ARCHIVE}.sigstore.json`]: signed(list) }, 'E_SIGNATURE_INVALID'],
  ['one that is none', { [`${LIST}.sigstore.json`]: Buffer.from('{}') }, 'E_SIGNATURE_UNREADABLE'],
])('a signer is asked for and there is %s: refused', async (_what, more, code) => {
  await using shop = await openWorkshop();
  expect((await refusalOf(async () => verifyBundle(shop.host, await put(shop, more), await rootOf(shop)))).code).toBe(
    code,
  );
});

test('an archive that its list contradicts, though the index agrees', async () => {
  await using shop = await openWorkshop();
  const path = await put(shop, {}, { ...FILES, [ARCHIVE]: Buffer.from('another archive') });
  expect((await refusalOf(() => verifyBundle(shop.host, path, NOBODY))).code).toBe('E_DIGEST_MISMATCH');
});

test('inspected: what signatures say, judged by nobody', async () => {
  await using shop = await openWorkshop();
  const path = await put(shop, {
    [`${LIST}.sigstore.json`]: signed(list),
    [`${ARCHIVE}.minisig`]: Buffer.from(pair.sign(archive)),
    [`${ARCHIVE}.bundle`]: Buffer.from('nonsense'),
    'notes/v0.2.13.md': Buffer.from('notes'),
    'refit/refit_linux_arm64': Buffer.from('refit'),
  });
  const { releases, notes, refit, product } = await inspectBundle(shop.host.files, path);
  expect({ product, notes, refit }).toEqual({
    product: 'app',
    notes: ['v0.2.13'],
    refit: [{ name: 'refit/refit_linux_arm64', size: 5, arch: undefined }],
  });
  expect(releases).toMatchObject([
    {
      tag: 'v0.2.13',
      archives: [
        {
          name: 'app_linux_amd64.tar.gz',
          arch: 'amd64',
          claimedBy: ['checksums.txt'],
          signatures: [
            { signature: 'app_linux_amd64.tar.gz.bundle', signer: 'cannot be read' },
            {
              signature: 'app_linux_amd64.tar.gz.minisig',
              signer: expect.stringMatching(/^minisign key [0-9A-F]{16}$/),
            },
          ],
        },
      ],
      listSignatures: [{ signature: 'checksums.txt.sigstore.json', signer: `${WHO.workflow}@${WHO.ref}` }],
    },
  ]);
});
