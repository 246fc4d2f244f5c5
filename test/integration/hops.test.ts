import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { misfits } from '../support/json-schema.ts';
import { leftovers } from './support/outcome.ts';
import { OLD, openScene, type Scene } from './support/scene.ts';

const [MIDDLE, LAST] = ['v0.3.1', 'v0.4.2'];
const SHIPPED = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');

/** A server whose minors follow each other one by one. */
async function minors(options: Parameters<typeof openScene>[0] = {}) {
  const scene = await openScene({ versions: [OLD, MIDDLE, LAST], ...options });
  const profile = path.join(scene.directory, 'profile.yaml');
  const text = fs.readFileSync(SHIPPED, 'utf8');
  fs.writeFileSync(profile, text.replace('policy: semver-drop-in', 'policy: one-minor-at-a-time'));
  return { scene, words: ['--to', LAST, '--source', scene.releases, '--profile', profile] };
}

const generations = ({ prefix }: Scene) => fs.readdirSync(path.join(prefix, 'lib/sample/.refit-generations/sample'));

test('two hops as events, each committed by itself; the way back leads to the start, with its data', async () => {
  const { scene, words } = await minors();
  await using _scene = scene;
  const { exit, stdout } = await scene.refit(['upgrade', ...words, '--yes', '-o', 'ndjson']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(exit).toBe(0);
  for (const line of lines) expect(misfits('events', line)).toEqual([]);
  expect(lines.filter(({ type }) => type === 'hop.commit').map(({ to }) => to)).toEqual([MIDDLE, LAST]);
  const stops = lines.flatMap(({ type, title }, at) => (type === 'step.begin' && title === 'Stop sample' ? [at] : []));
  const unpacked = lines.findLastIndex(({ type, title }) => type === 'step.end' && /Unpack/.test(String(title)));
  expect(stops).toHaveLength(2);
  expect(unpacked).toBeLessThan(stops[0] ?? 0);
  expect(await scene.answers()).toBe(LAST);
  // The copy of before the first hop, and its archive; what the second kept went with its commit.
  expect(generations(scene).filter((name) => name.includes('-'))).toEqual([]);

  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(OLD);
});

test('stages typed one by one: after the first hop they begin again with the backup of the second', async () => {
  const { scene, words } = await minors();
  await using _scene = scene;
  expect(await scene.refit(['fetch', ...words, '--yes'])).toMatchObject({ exit: 0 });
  const stages = ['verify', 'backup', 'swap', 'migrate', 'verify-health'];
  for (const stage of stages) expect(await scene.refit([stage, '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(MIDDLE);
  const early = await scene.refit(['swap', '--yes']);
  expect(early).toMatchObject({ exit: 2, stderr: expect.stringContaining('backup comes first') });
  for (const stage of stages.slice(1)) expect(await scene.refit([stage, '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(LAST);
  expect(leftovers(scene)).toEqual([]);
});

test('a document of two hops is run as it was signed off, and is refused once a release on the way is another', async () => {
  const { scene, words } = await minors();
  await using _scene = scene;
  const file = path.join(scene.directory, 'plan.json');
  expect(await scene.refit(['plan', ...words, '--out', file])).toMatchObject({ exit: 0 });
  const document = JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly hops: readonly { readonly to: string }[] };
  expect(misfits('plan', document)).toEqual([]);
  expect(document.hops.map(({ to }) => to)).toEqual([MIDDLE, LAST]);

  const sums = path.join(scene.releases, MIDDLE, 'checksums.txt');
  const kept = fs.readFileSync(sums, 'utf8');
  fs.writeFileSync(sums, kept.replace(/^[0-9a-f]{8}/gm, '00000000'));
  const other = await scene.refit(['upgrade', '--plan', file, '--yes']);
  expect(other).toMatchObject({ exit: 4, stderr: expect.stringContaining(MIDDLE) });
  expect(await scene.answers()).toBe(OLD);

  fs.writeFileSync(sums, kept);
  expect(await scene.refit(['upgrade', '--plan', file, '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(LAST);
});

test('asked to go back in the second hop: to its start, and no further; the answer names it', async () => {
  const { scene, words } = await minors();
  await using _scene = scene;
  expect(await scene.refit(['fetch', ...words, '--yes'])).toMatchObject({ exit: 0 });
  for (const stage of ['verify', 'backup', 'swap', 'migrate', 'verify-health', 'backup', 'swap'])
    expect(await scene.refit([stage, '--yes'])).toMatchObject({ exit: 0 });
  const { exit, stdout } = await scene.refit(['rollback', '--yes', '-o', 'json']);
  expect(misfits('events', JSON.parse(stdout))).toEqual([]);
  expect({ exit, ...JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    standing: 'partial',
    hops: [
      { to: MIDDLE, committed: true },
      { to: LAST, committed: false },
    ],
    service: { version: MIDDLE, answers: true },
  });
  expect(leftovers(scene)).toEqual([]);
});
