import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { factsOf } from '../../../src/runbook/facts.ts';
import { restoreData } from '../../../src/runbook/steps/restore-data.ts';
import { dieAfter } from '../../data/workbench.ts';
import { effectsIn, killed, type Voyage, voyage } from '../voyage.ts';
import { type Bench, bench, planned } from '../workbench.ts';

/** Without a release to unpack: only the data's way is gone. */
const BARE = { files: [], database: undefined };

/** What the product keeps, by name and content; our own folders left out, and what a look at a stopped server's database leaves beside it. */
function data({ sample }: Bench): Record<string, string> {
  const files = fs
    .readdirSync(sample.state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/.refit-') && !file.endsWith('-shm'))
    .filter((file) => !file.endsWith('-wal') || fs.statSync(file).size > 0);
  return Object.fromEntries(
    paths.sort().map((file) => [path.relative(sample.state, file), fs.readFileSync(file, 'base64')]),
  );
}

const ours = ({ sample }: Bench) =>
  (fs.readdirSync(sample.state, { recursive: true }) as string[]).filter((name) => /\.refit-0/.test(name));

/** What a new version may do to it. */
function rewrite({ sample }: Bench): void {
  fs.appendFileSync(sample.database, 'migrated');
  fs.writeFileSync(`${sample.database}-wal`, 'new log');
  fs.writeFileSync(sample.secrets, 'SAMPLE_JWT_SECRET=other\n');
  fs.writeFileSync(path.join(sample.stacks, 'web/compose.yaml'), 'services: {}\n');
  fs.writeFileSync(path.join(sample.data, 'brought.txt'), 'by the new version');
}

test('nothing is put back of a copy that never became whole: the new version has not run', async () => {
  const one = await bench({ started: false });
  const before = data(one);
  const run = await voyage(one, (await planned(one)).plan, BARE);
  await run.begin('copy-data');
  for (const n of [0, 3, 6]) {
    await killed(run.change('copy-data', dieAfter(n)));
    await run.revert('copy-data');
    expect(data(one)).toEqual(before);
  }
});

test('what the new version wrote goes aside, also what a log holds, and what was comes back; what a container wrote stays', async () => {
  const one = await bench({ started: false });
  const before = data(one);
  const run = await voyage(one, (await planned(one)).plan, BARE);
  await run.forward('copy-data');
  rewrite(one);
  fs.appendFileSync(one.sample.containerFile, 'written meanwhile\n');
  await run.revert('copy-data');
  const after = data(one);
  const container = path.relative(one.sample.state, one.sample.containerFile);
  expect(Buffer.from(after[container] ?? '', 'base64').toString()).toContain('written meanwhile');
  expect({ ...after, [container]: '' }).toEqual({ ...before, [container]: '' });
  const displaced = path.join(run.facts.generations, `${run.id}-displaced`, one.sample.data);
  expect(fs.readFileSync(path.join(displaced, 'brought.txt'), 'utf8')).toBe('by the new version');
});

test('what is written after the hot copy is copied before the stop, and only what comes later after it', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, BARE);
  await run.forward('hot-copy');
  fs.writeFileSync(path.join(one.sample.data, 'early.txt'), 'before the window was armed');
  await run.forward('stop');
  fs.writeFileSync(path.join(one.sample.data, 'late.txt'), 'after it');
  await run.begin('copy-data');
  expect(await run.change('copy-data')).toMatchObject({
    refreshed: { bytes: expect.any(Number), files: expect.any(Number), passes: 2 },
    // And the index of the database's log, which is mapped: nobody can say whether it has changed.
    again: { bytes: 'after it'.length + 32_768, files: 2 },
  });
  const { generation } = await run.world();
  const kept = (name: string) => fs.readFileSync(`${generation.root}/tree${one.sample.data}/${name}`, 'utf8');
  expect([kept('early.txt'), kept('late.txt')]).toEqual(['before the window was armed', 'after it']);
});

/** A rollback's run, up to its putting back: the generation of an upgrade, and what was written since. */
async function rollback(): Promise<{
  readonly one: Bench;
  readonly run: Voyage;
  readonly old: Record<string, string>;
  readonly now: Record<string, string>;
}> {
  const one = await bench({ started: false });
  const old = data(one);
  const { plan } = await planned(one);
  const first = await voyage(one, plan, BARE);
  await first.forward('copy-data');
  rewrite(one);
  const root = `${first.facts.generations}/${first.id}`;
  const run = await voyage(
    one,
    { ...plan, purpose: 'rollback' },
    { ...factsOf(plan), ...BARE, target: { kind: 'generation', version: 'v0.2.9', root, run: first.id } },
  );
  await run.begin('restore-data');
  return { one, run, old, now: data(one) };
}

test('a rollback puts the data of then live, and its way back the data of now; both are callable again', async () => {
  const { one, run, old, now } = await rollback();
  await run.change('restore-data');
  expect(data(one)).toEqual(old);
  await run.change('restore-data');
  expect(data(one)).toEqual(old);
  await run.revert('restore-data');
  await run.revert('copy-data');
  expect(data(one)).toEqual(now);
  expect(ours(one)).toEqual([]);
});

test('a rollback believes of its own copy only what the journal pins', async () => {
  const { run } = await rollback();
  const world = await run.world();
  const { generation, data } = world;
  const seen: unknown[] = [];
  const putBack: typeof data.putBack = (items, from, options) => {
    seen.push(options.copied);
    return data.putBack(items, from, options);
  };
  await restoreData.change({ ...world, data: { ...data, putBack } }, null, null, new AbortController().signal);
  const manifest = fs.readFileSync(`${generation.root}/manifest.json`);
  const manifestSha256 = createHash('sha256').update(manifest).digest('hex');
  expect(seen).toEqual([{ generation, manifestSha256, tick: expect.stringMatching(/^\d+\.\d{9}$/) }]);
});

test('a rollback killed anywhere while it puts the data back can go on or turn back: never a mixture of both', async () => {
  const { one, run, old, now } = await rollback();
  const count = await effectsIn((effects) => run.change('restore-data', effects));
  expect(count).toBeGreaterThan(10);
  await run.revert('restore-data');
  await run.revert('copy-data');
  for (let n = 0; n < count; n += 3) {
    await killed(run.change('restore-data', dieAfter(n)));
    if (n % 2 === 0) {
      await run.change('restore-data');
      expect(data(one)).toEqual(old);
    }
    await run.revert('restore-data');
    await run.revert('copy-data');
    expect([n, data(one)]).toEqual([n, now]);
  }
  expect(fs.readdirSync(one.sample.data).filter((name) => name.startsWith('.refit-'))).toEqual([]);
}, 120_000);

test('a rollback proves the copies before the window, by the digests of the journal', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one);
  const first = await voyage(one, plan, BARE);
  await first.forward('copy-data');
  const root = `${first.facts.generations}/${first.id}`;
  const outputs = first.records.flatMap((record) =>
    record.type === 'step.end' && typeof record.output === 'object' ? [record.output] : [],
  );
  const pins = Object.assign({}, ...outputs) as { filesSha256: string; manifestSha256: string };
  const going = (target: Partial<typeof pins>) =>
    voyage(
      one,
      { ...plan, purpose: 'rollback' },
      {
        ...factsOf(plan),
        ...BARE,
        target: { kind: 'generation', version: 'v0.2.9', root, run: first.id, ...pins, ...target },
      },
    );

  await (await going({})).forward('prove-generation');
  await expect((await going({ filesSha256: '0'.repeat(64) })).forward('prove-generation')).rejects.toMatchObject({
    code: 'E_DIGEST_MISMATCH',
    message: expect.stringContaining('binaries.json'),
  });
  await expect((await going({ manifestSha256: '0'.repeat(64) })).forward('prove-generation')).rejects.toMatchObject({
    code: 'E_DIGEST_MISMATCH',
  });
  fs.appendFileSync(path.join(root, 'tree', one.sample.secrets), 'tampered');
  await expect((await going({})).forward('prove-generation')).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});
