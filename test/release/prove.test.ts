import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { prove } from '../../src/release/prove.ts';
import { SIGNATURE_MAX_BYTES } from '../../src/release/trust/read-small.ts';
import type { TrustPolicy } from '../../src/release/trust-policy.ts';
import { minisignPair } from './trust/support/minisign.ts';
import { POLICY, privateSigstore, WHO } from './trust/support/sigstore.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from './workshop.ts';

const NAME = 'app.tar.gz';
const BODY = Buffer.from('the archive');
const LIST = Buffer.from(`${sha256(BODY)}  ${NAME}\n${sha256('other')}  other.tar.gz\n`);
const sigstore = privateSigstore();
const stranger = privateSigstore('stranger');
const pair = minisignPair();

type Part = 'sigstore' | 'minisign';
type Wish = Partial<Record<Part, 'asset' | 'checksums'>> & { readonly checksums?: boolean };

/** A release in a folder: archive, list, and whatever a test adds. */
async function release(shop: Workshop, files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
  for (const [name, data] of Object.entries({ [NAME]: BODY, 'checksums.txt': LIST, ...files }))
    await shop.put(name, data);
  return await shop.put('root.json', JSON.stringify(sigstore.root));
}

const bundle = (data: Buffer, by = sigstore, options = {}): string => JSON.stringify(by.sign(data, options));

function policyOf({ checksums = true, ...over }: Wish, trustedRoot: string): TrustPolicy {
  return {
    checksums,
    ...(over.sigstore && { sigstore: { over: over.sigstore, signer: POLICY, trustedRoot } }),
    ...(over.minisign && { minisign: { over: over.minisign, key: pair.line } }),
  };
}

async function proven(shop: Workshop, wish: Wish, files: Readonly<Record<string, string | Buffer>> = {}) {
  const root = await release(shop, files);
  const list = { assets: [], base: `${pathToFileURL(shop.folder).href}/` };
  const policy = policyOf(wish, root);
  return (await prove(shop.host, join(shop.folder, NAME), list, { name: NAME, policy })).evidence;
}

describe('what the policy demands is proven, and kept as evidence', () => {
  test('digests alone, where it says no more', async () => {
    await using shop = await openWorkshop();
    const evidence = await proven(shop, {});
    expect(evidence).toMatchObject({ method: 'sha256', sha256: sha256(BODY), from: ['checksums.txt'] });
    expect(evidence.signatures).toBeUndefined();
  });

  test('a signature over the archive', async () => {
    await using shop = await openWorkshop();
    const { signatures, from } = await proven(shop, { sigstore: 'asset' }, { [`${NAME}.sigstore.json`]: bundle(BODY) });
    expect(from).toEqual(['checksums.txt']);
    expect(signatures).toEqual([
      {
        over: 'asset',
        sha256: sha256(BODY),
        proof: expect.objectContaining({
          method: 'sigstore',
          signer: `${WHO.workflow}@${WHO.ref}`,
          issuer: WHO.issuer,
          integratedTime: '2026-10-09T05:17:12.000Z',
        }),
      },
    ]);
  });

  test('a signature over the list, which then proves the archive', async () => {
    await using shop = await openWorkshop();
    const { signatures } = await proven(
      shop,
      { sigstore: 'checksums' },
      { 'checksums.txt.sigstore.json': bundle(LIST) },
    );
    expect(signatures).toMatchObject([{ over: 'checksums', sha256: sha256(LIST) }]);
  });

  test('a signature over the archive and no list', async () => {
    await using shop = await openWorkshop();
    const root = await release(shop, { [`${NAME}.minisig`]: pair.sign(BODY) });
    const base = `${pathToFileURL(shop.folder).href}/`;
    const policy = policyOf({ checksums: false, minisign: 'asset' }, root);
    const only = { assets: [NAME, `${NAME}.minisig`].map((name) => ({ name, url: base + name })) };
    const { evidence } = await prove(shop.host, join(shop.folder, NAME), only, { name: NAME, policy });
    expect(evidence).toMatchObject({ from: [], signatures: [{ over: 'asset', proof: { method: 'minisign' } }] });
  });

  test('both kinds, each over its own', async () => {
    await using shop = await openWorkshop();
    const files = { 'checksums.txt.bundle': bundle(LIST), [`${NAME}.minisig`]: pair.sign(BODY) };
    const { signatures } = await proven(shop, { sigstore: 'checksums', minisign: 'asset' }, files);
    expect(signatures?.map(({ over, proof }) => [over, proof.method])).toEqual([
      ['checksums', 'sigstore'],
      ['asset', 'minisign'],
    ]);
  });
});

const other = Buffer.from('another archive');
const otherRepository = { ...WHO, repository: 'https://github.com/acme/app-evil' };
const otherWorkflow = { ...WHO, workflow: `${WHO.workflow}.evil.yml` };

describe('refused with exit 6, never a warning', () => {
  test.each<[string, Wish, Record<string, string | Buffer>, string, RegExp]>([
    ['no signature over the archive', { sigstore: 'asset' }, {}, 'E_SIGNATURE_MISSING', /app\.tar\.gz\.sigstore\.json/],
    [
      'one over the archive, where one over the list is asked',
      { sigstore: 'checksums' },
      { [`${NAME}.sigstore.json`]: bundle(BODY) },
      'E_SIGNATURE_MISSING',
      /checksums\.txt\.sigstore/,
    ],
    ['no signature over the list', { minisign: 'checksums' }, {}, 'E_SIGNATURE_MISSING', /checksums\.txt\.minisig/],
    [
      'one of two that are asked',
      { sigstore: 'asset', minisign: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(BODY) },
      'E_SIGNATURE_MISSING',
      /minisign/,
    ],
    [
      'a bundle that is a web page',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: '<html>sign in</html>' },
      'E_SIGNATURE_UNREADABLE',
      /saw neither/,
    ],
    [
      'a bundle of an unknown format',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: '{"mediaType":"application/x"}' },
      'E_SIGNATURE_UNREADABLE',
      /media type/,
    ],
    [
      'a bundle without end',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: Buffer.alloc(SIGNATURE_MAX_BYTES + 1, '{') },
      'E_SIGNATURE_UNREADABLE',
      /a larger file/,
    ],
    [
      "a minisign signature under a bundle's name",
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: pair.sign(BODY) },
      'E_SIGNATURE_UNREADABLE',
      /a minisign signature/,
    ],
    [
      'the first that is there is broken, another is not',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: '{}', [`${NAME}.bundle`]: bundle(BODY) },
      'E_SIGNATURE_UNREADABLE',
      /mediaType/,
    ],
    [
      'the bundle of another archive',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(other) },
      'E_SIGNATURE_INVALID',
      /app\.tar\.gz/,
    ],
    [
      'the bundle of another list',
      { sigstore: 'checksums' },
      { 'checksums.txt.bundle': bundle(other) },
      'E_SIGNATURE_INVALID',
      /checksums\.txt/,
    ],
    [
      'the right words by another Sigstore',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(BODY, stranger) },
      'E_SIGNATURE_INVALID',
      /chain|set/,
    ],
    [
      'another repository',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(BODY, sigstore, { who: otherRepository }) },
      'E_SIGNER_MISMATCH',
      /check repository/,
    ],
    [
      'a workflow whose name begins alike',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(BODY, sigstore, { who: otherWorkflow }) },
      'E_SIGNER_MISMATCH',
      /check workflow/,
    ],
    [
      'a branch in place of a tag',
      { sigstore: 'asset' },
      { [`${NAME}.sigstore.json`]: bundle(BODY, sigstore, { who: { ...WHO, ref: 'refs/heads/main' } }) },
      'E_SIGNER_MISMATCH',
      /check ref/,
    ],
    [
      'another minisign key',
      { minisign: 'asset' },
      { [`${NAME}.minisig`]: minisignPair().sign(BODY) },
      'E_SIGNER_MISMATCH',
      /check key/,
    ],
    [
      'an archive that was changed',
      { sigstore: 'asset' },
      { [NAME]: other, [`${NAME}.sigstore.json`]: bundle(BODY) },
      'E_DIGEST_MISMATCH',
      /expected/,
    ],
    [
      'an archive that was changed, and no list asked for',
      { sigstore: 'asset', checksums: false },
      { [NAME]: other, [`${NAME}.sigstore.json`]: bundle(BODY) },
      'E_DIGEST_MISMATCH',
      /checksums\.txt/,
    ],
    [
      'a signed list that does not name it',
      { minisign: 'checksums' },
      {
        'checksums.txt': `${sha256('other')}  other.tar.gz\n`,
        [`${NAME}.sha256`]: sha256(BODY),
        'checksums.txt.minisig': pair.sign(Buffer.from(`${sha256('other')}  other.tar.gz\n`)),
      },
      'E_DIGEST_MISSING',
      /does not name it/,
    ],
    [
      'a signed list of a changed archive',
      { minisign: 'checksums' },
      { [NAME]: other, 'checksums.txt.minisig': pair.sign(LIST) },
      'E_DIGEST_MISMATCH',
      /checksums\.txt/,
    ],
  ])('%s', async (_title, wish, files, code, message) => {
    await using shop = await openWorkshop();
    const error = await refusalOf(() => proven(shop, wish, files));
    expect({ code: error.code, exit: exitOf(error) }).toEqual({ code, exit: 6 });
    expect(error.message).toMatch(message);
    expect(error.hint).toBeDefined();
  });

  test('no list, where a signature over it is asked', async () => {
    await using shop = await openWorkshop();
    const root = await release(shop);
    const policy = policyOf({ sigstore: 'checksums' }, root);
    const list = { assets: [] };
    const request = { name: NAME, pinned: sha256(BODY), policy };
    const error = await refusalOf(() => prove(shop.host, join(shop.folder, NAME), list, request));
    expect(error).toMatchObject({ code: 'E_DIGEST_MISSING', facts: { file: 'checksums.txt' } });
  });

  test('a trusted root that is not there', async () => {
    await using shop = await openWorkshop();
    await release(shop, { [`${NAME}.sigstore.json`]: bundle(BODY) });
    const list = { assets: [], base: `${pathToFileURL(shop.folder).href}/` };
    const policy = policyOf({ sigstore: 'asset' }, join(shop.folder, 'nowhere.json'));
    const error = await refusalOf(() => prove(shop.host, join(shop.folder, NAME), list, { name: NAME, policy }));
    expect(error.code).toBe('E_TRUST_UNREADABLE');
  });
});

test('any byte of the archive or of its bundle changed: refused', async () => {
  await using shop = await openWorkshop();
  const root = await release(shop, { [`${NAME}.sigstore.json`]: bundle(BODY) });
  const policy = policyOf({ sigstore: 'asset', checksums: false }, root);
  const path = join(shop.folder, NAME);
  const only = { assets: [{ name: `${NAME}.sigstore.json`, url: pathToFileURL(`${path}.sigstore.json`).href }] };
  const attempt = () => prove(shop.host, path, only, { name: NAME, policy });
  expect((await attempt()).evidence.from).toEqual([]);
  for (let at = 0; at < BODY.length; at += 1) {
    const changed = Buffer.from(BODY);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    expect(exitOf(await refusalOf(attempt))).toBe(6);
  }
  await writeFile(path, BODY);
  const signature = await readFile(`${path}.sigstore.json`);
  for (let at = 0; at < signature.length; at += 97) {
    const changed = Buffer.from(signature);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(`${path}.sigstore.json`, changed);
    expect(exitOf(await refusalOf(attempt))).toBe(6);
  }
});
