import { expect, test } from 'vitest';
import { recordsOf } from './support/journal.ts';
import { expectNew, look } from './support/outcome.ts';
import { NEW, OLD, openScene, REFIT, run, type Scene } from './support/scene.ts';

/** In a shell that gives refit's own exit status, whatever reads it. */
function piped(scene: Scene, plumbing: string): ReturnType<typeof run> {
  const words = ['upgrade', '--yes', '--to', NEW, '--source', scene.releases, '--prefix', scene.prefix];
  const script = `"$0" "$@" ${plumbing}; exit "\${PIPESTATUS[0]}"`;
  return run(['bash', '-c', script, process.execPath, REFIT, ...words], { env: scene.environment });
}

test.each([
  ['whose reader has gone', '2>&1 | head -c 0'],
  ['on a full disk', '> /dev/full 2> /dev/full'],
  ['that are closed', '>&- 2>&-'],
])('the upgrade succeeds, and says so by its exit status, with outputs %s', async (_what, plumbing) => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  expect(await piped(scene, plumbing)).toMatchObject({ exit: 0 });
  expect(recordsOf(scene).at(-1)).toBe('run.end committed');
  await expectNew(scene, before);
});
