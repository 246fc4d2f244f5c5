import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { signedManifest } from '../../../src/release/manifest/signed-manifest.ts';
import type { TrustPolicy } from '../../../src/release/trust-policy.ts';
import { minisignPair } from '../trust/support/minisign.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from '../workshop.ts';
import { bytesOf, HOSTS, MANIFEST } from './made.ts';

const pair = minisignPair();
const DATA = bytesOf(MANIFEST);
const policy: TrustPolicy = { checksums: true, minisign: { over: 'manifest', key: pair.line } };

function read(shop: Workshop, wanted: TrustPolicy = policy) {
  const list = { assets: [], base: `${pathToFileURL(shop.folder).href}/` };
  return signedManifest(shop.host, list, { file: 'manifest.json', hosts: HOSTS, policy: wanted });
}

test('proven, then read; what it proved is kept', async () => {
  await using shop = await openWorkshop();
  await shop.put('manifest.json', DATA);
  await shop.put('manifest.json.minisig', pair.sign(DATA));
  const { manifest, sha256: digest, signatures } = await read(shop);
  expect(manifest.sequence).toBe(74);
  expect(digest).toBe(sha256(DATA));
  expect(signatures).toMatchObject([{ over: 'manifest', sha256: digest, proof: { method: 'minisign' } }]);
});

test('its bytes are proven before anything is read from them: what is no JSON is refused for its signature', async () => {
  await using shop = await openWorkshop();
  await shop.put('manifest.json', '{"sequence":1,"sequence":2');
  await shop.put('manifest.json.minisig', pair.sign(DATA));
  expect((await refusalOf(() => read(shop))).code).toBe('E_SIGNATURE_INVALID');
});

test('the same values in other bytes are not what was signed', async () => {
  await using shop = await openWorkshop();
  await shop.put('manifest.json', DATA.subarray(0, -1));
  await shop.put('manifest.json.minisig', pair.sign(DATA));
  expect((await refusalOf(() => read(shop))).code).toBe('E_SIGNATURE_INVALID');
});

test('signed, and no manifest', async () => {
  await using shop = await openWorkshop();
  const text = Buffer.from('[]');
  await shop.put('manifest.json', text);
  await shop.put('manifest.json.minisig', pair.sign(text));
  expect((await refusalOf(() => read(shop))).code).toBe('E_MANIFEST_INVALID');
});

test('no signature, no manifest, nobody who must have signed', async () => {
  await using shop = await openWorkshop();
  expect((await refusalOf(() => read(shop))).code).toBe('E_DIGEST_MISSING');
  await shop.put('manifest.json', DATA);
  expect((await refusalOf(() => read(shop))).code).toBe('E_SIGNATURE_MISSING');
  const nobody = { checksums: true };
  expect((await refusalOf(() => read(shop, nobody))).message).toContain('nobody who must have signed it');
});

test('larger than a manifest may be', async () => {
  await using shop = await openWorkshop();
  await shop.put('manifest.json', Buffer.alloc(1024 * 1024 + 1, 0x20));
  expect((await refusalOf(() => read(shop))).code).toBe('E_TOO_LARGE');
});
