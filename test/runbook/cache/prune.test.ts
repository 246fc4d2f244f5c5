import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/engine/plan.ts';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { listCache } from '../../../src/runbook/cache/list.ts';
import { type CachePruneWish, planCachePrune, pruneCache } from '../../../src/runbook/cache/prune.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { cachePath, runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, done, textOf } from '../records.ts';

const ASSET = 'dockmesh_linux_amd64.tar.gz';
const real = realHost();
const base = compile('upgrade', await dockmeshFacts());
const name = (second: number) => newUlid({ now: () => new Date(second * 1000), random: () => '00'.repeat(10) });
/** A digest that can be told from others. */
const sha = (letter: string) => letter.repeat(64);
const ENDS = {
  committed: [
    { type: 'hop.commit', hop: 0 },
    { type: 'run.end', outcome: 'committed' },
  ],
  restored: [
    { type: 'run.turn', reason: 'failure' },
    { type: 'run.end', outcome: 'restored' },
  ],
  open: [],
} as const satisfies Readonly<Record<string, readonly JournalRecord[]>>;

/** A host whose clock is `later` milliseconds ahead, and a cache of the files that are named. */
function scene({ later = 0, files = {} }: { later?: number; files?: Readonly<Record<string, number>> }) {
  const stateDirectory = scratch();
  const cache = cachePath(stateDirectory);
  fs.mkdirSync(cache, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) fs.writeFileSync(path.join(cache, file), Buffer.alloc(bytes));
  const clock = { ...real.clock, now: () => new Date(Date.now() + later) };
  const workshop = { host: { ...real, clock }, stateDirectory };
  let runs = 0;
  return {
    workshop,
    cache,
    /** A run of an installation, after those before; what it proved, and how it ended. */
    run(installation: string, plan: Partial<Plan>, proven: string | undefined, end: keyof typeof ENDS) {
      runs += 1;
      const whole = { ...base, installation, ...plan };
      const { directory, journal } = runPaths(storePaths(stateDirectory, installation), name(runs));
      fs.mkdirSync(directory, { recursive: true });
      const steps = proven === undefined ? [] : done(whole, 'prove', { [ASSET]: { sha256: proven, size: 1 } });
      fs.writeFileSync(journal, textOf([begin(whole, name(runs)), ...steps, ...ENDS[end]]));
    },
    async pruned(wish: CachePruneWish) {
      const doomed = await planCachePrune(workshop, wish);
      await pruneCache(workshop, doomed);
      return doomed.map(({ sha256 }) => sha256[0]).sort();
    },
    left: () => fs.readdirSync(cache).map((each) => each[0]),
  };
}

test('what is listed: digest, size, where it is from, what holds it', async () => {
  const { workshop, run } = scene({ files: { [sha('a')]: 10, [sha('b')]: 20, [sha('c')]: 30, 'not-ours': 5 } });
  run('one', { from: 'v1.0.0', to: 'v1.1.0' }, sha('a'), 'committed');
  run('two', { from: 'v1.0.0', to: 'v1.1.0' }, sha('a'), 'restored');
  run('two', { from: 'v1.0.0', to: 'v1.2.0' }, sha('b'), 'open');
  const listed = new Map((await listCache(workshop)).map((each) => [each.sha256[0], each]));
  const product = base.product;
  expect([...listed.keys()].sort()).toEqual(['a', 'b', 'c']);
  expect(listed.get('a')).toMatchObject({
    bytes: 10,
    from: [
      { installation: 'one', product, version: 'v1.1.0', asset: ASSET },
      { installation: 'two', product, version: 'v1.1.0', asset: ASSET },
    ],
    heldBy: [{ installation: 'one', as: 'live' }],
  });
  expect(listed.get('b')).toMatchObject({ heldBy: [{ installation: 'two', as: 'open' }] });
  expect(listed.get('c')).toMatchObject({ bytes: 30, from: [], heldBy: [] });
});

test('without a rule all goes that nothing holds: not the live release, not the one before, not an open run’s', async () => {
  const { run, pruned, left } = scene({
    files: { [sha('a')]: 1, [sha('b')]: 1, [sha('c')]: 1, [sha('d')]: 1, [sha('e')]: 1, 'not-ours': 1 },
  });
  run('one', { from: 'v1.0.0', to: 'v1.1.0' }, sha('a'), 'committed');
  run('one', { from: 'v1.1.0', to: 'v1.2.0' }, sha('b'), 'committed');
  run('one', { from: 'v1.2.0', to: 'v1.3.0' }, sha('c'), 'committed');
  run('two', { from: 'v1.0.0', to: 'v1.4.0' }, sha('d'), 'open');
  expect(await pruned({})).toEqual(['a', 'e']);
  expect(left()).toEqual(['b', 'c', 'd', 'n']);
});

test('after a rollback the version that runs is held, by the run that installed it, and the one that was left', async () => {
  const { run, pruned } = scene({ files: { [sha('a')]: 1, [sha('b')]: 1, [sha('c')]: 1 } });
  run('one', { from: 'v0.9.0', to: 'v1.0.0' }, sha('c'), 'committed');
  run('one', { from: 'v1.0.0', to: 'v1.1.0' }, sha('a'), 'committed');
  run('one', { from: 'v1.1.0', to: 'v1.2.0' }, sha('b'), 'committed');
  run('one', { from: 'v1.2.0', to: 'v1.1.0' }, undefined, 'committed');
  expect(await pruned({})).toEqual(['c']);
});

test('by age: from when it was last used', async () => {
  const files = { [sha('a')]: 1 };
  expect(await scene({ files, later: 3_600_000 }).pruned({ olderThanMs: 7_200_000 })).toEqual([]);
  expect(await scene({ files, later: 3_600_000 }).pruned({ olderThanMs: 1_800_000 })).toEqual(['a']);
});

test('by size: the longest unused first, and no more than it takes; what is held counts, and stays', async () => {
  const { run, pruned, cache, left } = scene({ files: { [sha('a')]: 100 } });
  for (const letter of ['b', 'c', 'd']) {
    // So that one is older than the other.
    await real.clock.sleep(20);
    fs.writeFileSync(path.join(cache, sha(letter)), Buffer.alloc(100));
  }
  run('one', { from: 'v1.0.0', to: 'v1.1.0' }, sha('a'), 'committed');
  expect(await pruned({ maxBytes: 400 })).toEqual([]);
  expect(await pruned({ maxBytes: 250 })).toEqual(['b', 'c']);
  expect(await pruned({ maxBytes: 0 })).toEqual(['d']);
  expect(left()).toEqual(['a']);
});

test('a journal that cannot be read may hold anything: nothing goes', async () => {
  const { workshop, run, left } = scene({ files: { [sha('a')]: 1 } });
  run('one', { from: 'v1.0.0', to: 'v1.1.0' }, sha('b'), 'committed');
  const { journal } = runPaths(storePaths(workshop.stateDirectory, 'one'), name(1));
  fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('v1.1.0', 'v9.9.9'));
  await expect(planCachePrune(workshop, {})).rejects.toMatchObject({ code: 'E_JOURNAL_CORRUPT' });
  expect(left()).toEqual(['a']);
});

test('there may be no cache yet', async () => {
  expect(await listCache({ host: real, stateDirectory: scratch() })).toEqual([]);
});
