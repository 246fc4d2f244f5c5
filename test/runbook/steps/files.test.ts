import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pruneGenerations } from '../../../src/runbook/generations.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { dieAfter, listing } from '../../data/workbench.ts';
import { effectsIn, killed, voyage } from '../voyage.ts';
import { type Bench, bench, planned } from '../workbench.ts';

const NEW = 'v0.2.13';

/** Everything a release consists of, and the configuration beside it. */
const installed = ({ sample }: Bench) =>
  ['bin', 'share', 'etc'].flatMap((name) => listing(path.join(sample.prefix, name)));
/** Without times: a restored file is a new one, in a folder that was written to. */
const contents = (one: Bench) => installed(one).map((line) => line.replace(/\|\d+\.\d+\|/, '|'));
const versionIn = (file: string) => /v0\.2\.\d+/.exec(fs.readFileSync(file, 'utf8'))?.[0];
const staging = ({ sample }: Bench) =>
  (fs.readdirSync(sample.prefix, { recursive: true }) as string[]).filter((name) => /\.refit-0/.test(name));

test('what is staged is verified, dressed like what it replaces, and beside it; nothing live changes', async () => {
  const one = await bench({ started: false });
  const before = contents(one);
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('unpack');
  const folder = path.join(one.sample.binDir, `.refit-${run.id}`);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  expect(versionIn(path.join(folder, 'sample'))).toBe(NEW);
  expect(fs.statSync(path.join(folder, 'sample')).mode).toBe(fs.statSync(one.sample.binary).mode);
  await run.recheck('unpack');
  await run.revert('unpack');
  expect(contents(one)).toEqual(before);
  expect(staging(one)).toEqual([]);
});

test('what somebody changed since it was verified is not installed', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.forward('stop');
  const staged = path.join(one.sample.binDir, `.refit-${run.id}`, 'sample');
  fs.appendFileSync(staged, '\n# altered');
  await expect(run.recheck('unpack')).rejects.toMatchObject({
    code: 'E_WORLD_CHANGED',
    message: expect.stringContaining(staged),
  });
  fs.rmSync(staged);
  await expect(run.recheck('unpack')).rejects.toMatchObject({
    code: 'E_WORLD_CHANGED',
    message: expect.stringContaining('saw nothing'),
  });
  await expect(run.begin('swap-files')).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
});

test('a swap that was begun uses what is staged, so its absence then is no change of the world', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.forward('swap-files');
  await run.recheck('unpack');
  expect(versionIn(one.sample.binary)).toBe(NEW);
  expect(versionIn(`${one.sample.binary}.old`)).toBe('v0.2.9');
});

test('what an earlier upgrade kept beside the binary is there again after a failed one', async () => {
  const one = await bench({ started: false });
  fs.writeFileSync(`${one.sample.binary}.old`, 'of the upgrade before', { mode: 0o711 });
  const before = contents(one);
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.forward('swap-files');
  expect(versionIn(`${one.sample.binary}.old`)).toBe('v0.2.9');
  await run.revert('swap-files');
  expect(contents(one)).toEqual(before);
});

test('killed anywhere in the swap: called again it is wholly new, reverted it is wholly old, and nothing is left beside it', async () => {
  const one = await bench({ started: false });
  const before = contents(one);
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.begin('swap-files');
  const targets = run.facts.files.map(({ target }) => target);
  const [asset = ''] = targets.filter((target) => target.includes('-agent-'));
  const count = await effectsIn((effects) => run.change('swap-files', effects));
  expect(count).toBeGreaterThan(targets.length);
  await run.revert('swap-files');
  expect(contents(one)).toEqual(before);

  for (let n = 0; n < count; n += 2) {
    const again = await voyage(one, run.plan, { data: [] });
    await again.begin('swap-files');
    await killed(again.change('swap-files', dieAfter(n)));
    if (n % 4 === 0) {
      await again.change('swap-files');
      expect([one.sample.binary, asset].map(versionIn)).toEqual([NEW, NEW]);
    }
    const undoing = await effectsIn(async (effects) => {
      await killed(again.revert('swap-files', dieAfter(n % 5)));
      await again.revert('swap-files', effects);
    });
    expect(undoing).toBeGreaterThan(0);
    expect(contents(one)).toEqual(before);
    expect(staging(one)).toEqual([]);
  }
}, 120_000);

test('a generation knows whose it is, and its list of files is pinned in the journal', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('copy-live');
  const root = `${run.facts.generations}/${run.id}`;
  expect(fs.statSync(root).mode & 0o777).toBe(0o700);
  expect(fs.readFileSync(`${root}/run`, 'utf8')).toBe(`${run.id}\n`);
  const output = run.records.findLast((record) => record.type === 'step.end');
  expect(output).toMatchObject({ output: { generation: root, filesSha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  await run.revert('copy-live');
  expect(fs.existsSync(root)).toBe(false);
});

test('a generation is kept while the count or the window says so; what failed runs displaced does not push it out', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('copy-live');
  const { generations } = run.facts;
  const day = 86_400_000;
  const now = one.workshop.host.clock.now().getTime();
  const ago = (days: number) => newUlid({ now: () => new Date(now - days * day), random: () => '00'.repeat(10) });
  const names = [
    ago(30),
    ago(20),
    ago(15),
    ago(10),
    `${ago(10)}-displaced`,
    `${ago(9)}-displaced`,
    `${ago(8.5)}-displaced`,
    ago(6),
    `${ago(1)}-displaced`,
    'a-persons-own',
  ];
  for (const name of names) fs.mkdirSync(path.join(generations, name, 'tree'), { recursive: true });
  await pruneGenerations(await run.world());
  // Three newest with a copy of their own: this run's, of 6 and of 10 days ago.
  expect(fs.readdirSync(generations).sort()).toEqual(
    [ago(10), `${ago(10)}-displaced`, ago(6), `${ago(1)}-displaced`, run.id, 'a-persons-own'].sort(),
  );

  // The one a rollback goes back to stays, however old it is.
  const target = { kind: 'generation', version: 'v0.2.9', root: `${generations}/${ago(10)}`, run: ago(10) } as const;
  const world = await run.world();
  await pruneGenerations({
    ...world,
    facts: { ...world.facts, target, options: { ...world.facts.options, keep: 0, keepDays: 0 } },
  });
  expect(fs.readdirSync(generations).sort()).toEqual([ago(10), `${ago(10)}-displaced`, run.id, 'a-persons-own'].sort());
});

test('the window: a marker, a hold and a reserve before the stop; all of it gone afterwards, however often it is asked for', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.begin('arm-window');
  const { run: own, hold } = await run.world();
  for (let n = 0; n < 6; n++) {
    await run.change('arm-window', dieAfter(n)).catch(() => undefined);
    await run.change('arm-window');
    expect([fs.existsSync(hold.marker), fs.statSync(own.paths.reserve).size]).toEqual([true, 2 ** 20]);
    await expect(one.found.rooms.service.start('sample', undefined)).rejects.toMatchObject({ code: 'E_SERVICE_START' });
    await run.revert('arm-window', dieAfter(n)).catch(() => undefined);
    await run.revert('arm-window');
    expect([fs.existsSync(hold.marker), fs.existsSync(own.paths.reserve)]).toEqual([false, false]);
  }
  await run.change('arm-window');
  await run.discard('arm-window');
  expect([fs.existsSync(hold.marker), fs.existsSync(own.paths.reserve)]).toEqual([false, false]);
});
