import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import type { Json } from '../../../src/release/trust/strict-json.ts';
import { openWorkshop } from '../workshop.ts';
import { refusedPut } from './support/bench.ts';
import { at, edit } from './support/edit.ts';
import { privateSigstore } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const sigstore = privateSigstore();
const bundle = sigstore.sign(ARTIFACT);

test('the pinned root is the one that docs/decisions names, to the byte', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const pinned = fs.readFileSync(path.join(root, 'src/release/trust/public-good.json'));
  const sha256 = createHash('sha256').update(pinned).digest('hex');
  expect(fs.readFileSync(path.join(root, 'docs/decisions/0009-pinned-trust.md'), 'utf8')).toContain(sha256);
});

const change = (where: string, to: (old: Json) => Json | undefined): Json => edit(sigstore.root, where, to);
const none = (): undefined => undefined;

test.each<[string, Json | Buffer]>([
  ['of another type', change('mediaType', () => 'text/plain')],
  ['of no type', change('mediaType', none)],
  ['without authorities', change('certificateAuthorities', () => [])],
  ['without logs', change('tlogs', none)],
  ['with a log valid since ever', change('tlogs.0.publicKey.validFor.start', none)],
  ['with an authority valid since ever', change('certificateAuthorities.0.validFor', none)],
  ['with a damaged key', change('tlogs.0.publicKey.rawBytes', () => 'AAAA')],
  ['with a damaged certificate', change('certificateAuthorities.0.certChain.certificates.0.rawBytes', () => 'AAAA')],
  ['with an authority without certificates', change('certificateAuthorities.0.certChain', none)],
  ['with null for a log', change('tlogs', () => [null])],
  ['that is a list', []],
  ['that is a bundle', bundle],
  ['with a key twice', Buffer.from(JSON.stringify(sigstore.root).replace('{', '{"tlogs":[],'))],
  ['that is cut', Buffer.from(JSON.stringify(sigstore.root).slice(0, -5))],
  ['that is empty', Buffer.alloc(0)],
  ['that is huge', Buffer.alloc(1024 * 1024 + 1, 0x20)],
])('a root %s is refused', async (_, root) => {
  await using shop = await openWorkshop();
  const refusal = await refusedPut(shop, { artifact: ARTIFACT, bundle, root });
  expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code: 'E_TRUST_UNREADABLE', exit: 6 });
  expect(refusal.facts['file']).toBe(`${shop.folder}/root.json`);
});

test('a log that was retired before vouches for nothing', async () => {
  await using shop = await openWorkshop();
  const root = change('tlogs.0.publicKey.validFor.end', () => '2025-01-01T00:00:00Z');
  const refusal = await refusedPut(shop, { artifact: ARTIFACT, bundle, root });
  expect(refusal.facts['check']).toBe('set');
});

test('an authority that was retired before vouches for nobody', async () => {
  await using shop = await openWorkshop();
  const root = change('certificateAuthorities.0.validFor.end', () => '2025-01-01T00:00:00Z');
  const refusal = await refusedPut(shop, { artifact: ARTIFACT, bundle, root });
  expect(refusal.facts['check']).toBe('chain');
});

test('where a root has a certificate log, a certificate must be in it', async () => {
  await using shop = await openWorkshop();
  const root = change('ctlogs', () => [at(sigstore.root, 'tlogs.0')]);
  const refusal = await refusedPut(shop, { artifact: ARTIFACT, bundle, root });
  expect(refusal.facts['check']).toBe('sct');
});
