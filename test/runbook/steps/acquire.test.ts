import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { releaseTarget } from '../../../src/runbook/steps/download.ts';
import { voyage } from '../voyage.ts';
import { type BenchOptions, bench, planned } from '../workbench.ts';

async function scene(options: BenchOptions = {}) {
  const one = await bench({ started: false, ...options });
  const run = await voyage(one, (await planned(one)).plan);
  const downloads = path.join(one.store.releases, 'v0.2.13');
  return { one, run, downloads };
}

test('archives are fetched into a folder of ours, proven, and what was proven is kept as evidence', async () => {
  const { one, run, downloads } = await scene();
  await run.forward('prove');
  expect(fs.statSync(downloads).mode & 0o777).toBe(0o700);
  const { run: own } = await run.world();
  const evidence = JSON.parse(fs.readFileSync(path.join(own.paths.evidence, 'release.json'), 'utf8')) as object;
  expect(Object.keys(evidence).sort()).toEqual(fs.readdirSync(downloads).sort());
  for (const proof of Object.values(evidence))
    expect(proof).toMatchObject({ method: 'sha256', from: ['checksums.txt'] });
  await run.discard('download');
  expect(fs.existsSync(downloads)).toBe(false);
  expect(fs.readdirSync(one.store.cache)).toHaveLength(2);
});

test('what was proven and is given up moves into the cache, where the next attempt finds it; what was not stays', async () => {
  const { one, run, downloads } = await scene();
  await run.begin('prove');
  await run.revert('prove');
  await run.revert('download');
  expect(fs.readdirSync(downloads)).toHaveLength(2);
  await run.forward('prove');
  await run.revert('prove');
  await run.revert('download');
  expect(fs.readdirSync(downloads)).toEqual([]);
  expect(fs.readdirSync(one.store.cache)).toHaveLength(2);
  const target = releaseTarget(run.facts);
  const archives = target.archives.map((one) => ({ ...one, asset: { ...one.asset, url: 'file:///nowhere' } }));
  const again = await voyage(one, run.plan, { target: { ...target, archives } });
  await again.forward('prove');
  expect(fs.readdirSync(downloads)).toHaveLength(2);
});

test('digests that differ are refused, and every such file removed so that it is fetched anew', async () => {
  const { run, downloads } = await scene({ breaks: { 'v0.2.13': 'checksum' } });
  await run.forward('download');
  expect(fs.readdirSync(downloads)).toHaveLength(2);
  await expect(run.forward('prove')).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  expect(fs.readdirSync(downloads)).toEqual([]);
});

test('what changed between the proof and the unpacking is not unpacked', async () => {
  const { run, downloads, one } = await scene();
  await run.forward('prove');
  const [first = ''] = fs.readdirSync(downloads);
  fs.appendFileSync(path.join(downloads, first), 'more');
  await expect(run.forward('unpack')).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  await run.revert('unpack');
  expect(fs.readdirSync(one.sample.binDir).filter((name) => name.startsWith('.refit'))).toEqual([]);
});

test('a server for another processor is refused before it is run', async () => {
  const { run } = await scene({ breaks: { 'v0.2.13': 'noexec' } });
  await expect(run.forward('unpack')).rejects.toMatchObject({ code: 'E_ARCH_MISMATCH' });
});

test('a release that is not what its label says is refused', async () => {
  const { one, run } = await scene();
  if (run.facts.target.kind !== 'release') throw new Error('no release');
  const mislabelled = await voyage(one, run.plan, { target: { ...run.facts.target, tag: 'v0.2.14' } });
  await expect(mislabelled.forward('unpack')).rejects.toMatchObject({
    code: 'E_VERSION_MISMATCH',
    message: expect.stringMatching(/it says v0\.2\.13, expected v0\.2\.14$/),
  });
});
