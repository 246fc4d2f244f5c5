import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { factsOf } from '../../src/runbook/facts.ts';
import { planInstall } from '../../src/runbook/plan-install.ts';
import { tarballRelease } from '../../src/runbook/tarball.ts';
import { tarGz, tarMember } from '../release/tarball.ts';
import { minisignPair } from '../release/trust/support/minisign.ts';
import { builtin } from './facts.ts';
import { type Bench, bench, planned, workshopAt } from './workbench.ts';

const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';
let one: Promise<Bench> | undefined;
const shared = (): Promise<Bench> => {
  one ??= bench({ shared: true });
  return one;
};

const leftovers = () => fs.readdirSync('/var/tmp').filter((name) => name.startsWith('refit-look-'));
const named = ({ releases }: Bench, tag = 'v0.2.13') => path.join(releases, tag, `sample_linux_${ARCH}.tar.gz`);

test('which version a tarball is, its binary says', async () => {
  const it = await shared();
  const before = leftovers();
  const chosen = await tarballRelease(it.workshop, { ...it.wish, tarball: named(it) }, it.found.profile, 'sample');
  expect(chosen).toMatchObject({ tag: 'v0.2.13', describe: named(it) });
  expect(chosen.archive(ARCH)?.asset.name).toBe(`sample_linux_${ARCH}.tar.gz`);
  expect(chosen.archive(ARCH === 'amd64' ? 'arm64' : 'amd64')).toBeUndefined();
  expect(leftovers()).toEqual(before);
});

test('it upgrades what is installed', async () => {
  const it = await shared();
  const { plan, source } = await planned(it, { tarball: named(it), source: undefined });
  expect(plan).toMatchObject({ purpose: 'upgrade', from: 'v0.2.9', to: 'v0.2.13' });
  expect(source).toBe(named(it));
  // A tarball holds its own architecture alone.
  expect(new Set(factsOf(plan).files.map(({ arch }) => arch))).toEqual(new Set([ARCH]));
});

test('nothing is run that was not proven', async () => {
  const it = await shared();
  await expect(
    tarballRelease(it.workshop, { ...it.wish, tarball: named(it), sha256: '0'.repeat(64) }, it.found.profile, 'sample'),
  ).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  const lonely = path.join((await bench({ shared: true })).directory, 'lonely.tar.gz');
  fs.copyFileSync(named(it), lonely);
  await expect(
    tarballRelease(it.workshop, { ...it.wish, tarball: lonely }, it.found.profile, 'sample'),
  ).rejects.toMatchObject({
    code: 'E_DIGEST_MISSING',
  });
});

test('nothing of it is run, unpacked or left before the signature that the profile demands', async () => {
  const it = await shared();
  const before = leftovers();
  const marker = path.join(it.directory, 'was-run');
  const file = path.join(it.directory, 'signed.tar.gz');
  const script = `#!/bin/sh\ntouch ${marker}\necho 'sample v0.2.13 (commit abc, built now)'\n`;
  const bytes = tarGz(tarMember({ name: 'sample' }, script));
  fs.writeFileSync(file, bytes);
  fs.writeFileSync(`${file}.sha256`, createHash('sha256').update(bytes).digest('hex'));
  const pair = minisignPair();
  const { profile } = it.found;
  const trust = { checksums: true, minisign: { over: 'asset', public_key: pair.line } } as const;
  const strict = { ...profile, release: { ...profile.release, trust } };
  const look = () => tarballRelease(it.workshop, { ...it.wish, tarball: file }, strict, 'sample');

  await expect(look()).rejects.toMatchObject({ code: 'E_SIGNATURE_MISSING' });
  fs.writeFileSync(`${file}.minisig`, minisignPair().sign(bytes));
  await expect(look()).rejects.toMatchObject({ code: 'E_SIGNER_MISMATCH' });
  expect(fs.existsSync(marker)).toBe(false);
  expect(leftovers()).toEqual(before);
  fs.writeFileSync(`${file}.minisig`, pair.sign(bytes));
  expect(await look()).toMatchObject({ tag: 'v0.2.13', proven: { signatures: [{ over: 'asset' }] } });
  expect(fs.existsSync(marker)).toBe(true);
});

test.each([
  ['that leads out of the folder of downloads', 'v1/../../../../etc', 'E_VERSION_UNPARSABLE'],
  ['that is none', 'vNext', 'E_VERSION_UNPARSABLE'],
])('a version %s', async (_name, version, code) => {
  const it = await shared();
  const before = leftovers();
  const file = path.join(it.directory, `made-${createHash('sha256').update(version).digest('hex').slice(0, 8)}.tar.gz`);
  const script = `#!/bin/sh\necho 'sample ${version} (commit abc, built now)'\n`;
  const bytes = tarGz(tarMember({ name: 'sample' }, script));
  fs.writeFileSync(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await expect(
    tarballRelease(it.workshop, { ...it.wish, tarball: file, sha256 }, it.found.profile, 'sample'),
  ).rejects.toMatchObject({ code });
  expect(leftovers()).toEqual(before);
});

test('an installation takes what can be placed without a configuration, and checks the host', async () => {
  const it = await shared();
  const { service: _, ...rest } = await builtin('dockmesh');
  const profile = {
    ...(await builtin('sample')),
    service: { ...(await builtin('dockmesh')).service, unit: 'sample.service' },
  };
  expect(rest.product).toBe('dockmesh');
  const workshop = { ...(await workshopAt(it.workshop.stateDirectory)), profiles: async () => [profile] };
  const { plan, checks } = await planInstall(workshop, { ...it.wish, product: 'sample', tarball: named(it) });
  expect(plan).toMatchObject({ purpose: 'install', from: 'none', to: 'v0.2.13' });
  expect(factsOf(plan).files.map(({ target }) => target)).toEqual([
    '/usr/local/bin/sample',
    '/usr/local/bin/samplectl',
  ]);
  expect(checks.map(({ code }) => code)).toEqual(['files', 'low-space']);
});

test('an installation of nobody knows what', async () => {
  const it = await shared();
  await expect(planInstall(it.workshop, { ...it.wish, tarball: named(it) })).rejects.toMatchObject({
    code: 'E_INSTALLATION_UNKNOWN',
    hint: expect.stringContaining('--product'),
  });
  await expect(planInstall(it.workshop, { ...it.wish, product: 'nginx' })).rejects.toMatchObject({
    code: 'E_PROFILE_MISSING',
  });
});
