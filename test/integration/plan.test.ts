import { expect, test } from 'vitest';
import { expectToFit } from '../support/json-schema.ts';
import { ARCH, NEW, OLD, openScene } from './support/scene.ts';
import { treeOf } from './support/tree.ts';

test('what only looks changes nothing, and makes no state', async () => {
  await using scene = await openScene();
  const { prefix, releases, refit } = scene;
  const source = ['--source', releases];
  const before = treeOf(prefix);
  const plan = await refit(['plan', '--to', 'v0.2.x', ...source]);
  expect(plan).toMatchObject({ exit: 0, stderr: '' });
  expect(plan.stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13 (asked for: v0.2.x)');
  expect(plan.stdout.split('\n').filter((line) => line.length > 80 && !line.includes(prefix))).toEqual([]);
  expect((await refit(['upgrade', '--dry-run', '--to', 'v0.2.x', ...source])).stdout).toBe(plan.stdout);
  const looks = [
    ['status'],
    ['doctor'],
    ['history'],
    ['install', '--dry-run', '--from-tarball', `${releases}/${NEW}/sample_linux_${ARCH}.tar.gz`],
  ];
  for (const words of looks) expect({ words, ...(await refit(words)) }).toMatchObject({ exit: 0, stderr: '' });
  expect(treeOf(prefix)).toEqual(before);
});

test('plan --exit-code says whether there is something to do; json says what', async () => {
  await using scene = await openScene();
  const plan = (...words: string[]) => scene.refit(['plan', '--exit-code', '--source', scene.releases, ...words]);
  expect(await plan('--to', 'latest')).toMatchObject({ exit: 100 });
  expect(await plan('--to', OLD)).toEqual({
    exit: 0,
    stdout: `sample is at ${OLD} already: nothing to do\n`,
    stderr: '',
  });
  const { exit, stdout } = await plan('--to', 'v0.2.x', '-o', 'json');
  expect(exit).toBe(100);
  expectToFit('plan', stdout);
  expect(JSON.parse(stdout)).toMatchObject({
    purpose: 'upgrade',
    from: OLD,
    to: NEW,
    asked: 'v0.2.x',
    source: scene.releases,
    stages: ['fetch', 'verify', 'backup', 'swap', 'migrate', 'verify-health'].map((stage) => ({ stage })),
    findings: expect.arrayContaining([expect.objectContaining({ code: 'low-space', severity: 'ok' })]),
  });
});
