import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Interrupted } from '../../../../src/engine/step.ts';
import { archiveFile, listPath } from '../../../../src/runbook/backups/names.ts';
import { pruneGenerations } from '../../../../src/runbook/generations.ts';
import { newUlid, ulidTime } from '../../../../src/runbook/store/ulid.ts';
import { dieAfter, Killed, realHost } from '../../../data/workbench.ts';
import { effectsIn, type Voyage, voyage } from '../../../runbook/voyage.ts';
import { bench, kindsOf, planned } from '../../../runbook/workbench.ts';

/** A run that has committed, but for what it does after that. */
async function committed(archive: 'zstd' | 'gzip' = 'zstd') {
  const one = await bench();
  const run = await voyage(one, (await planned(one, { archive })).plan);
  await run.forward('archive');
  return { one, run };
}

const there = ({ facts }: Voyage): readonly string[] => fs.readdirSync(facts.generations).sort();
const pin = async (run: Voyage) => (await run.world()).run.paths.archive;

test.each(['zstd', 'gzip'] as const)(
  '%s: nothing before the commit; then the archive, its list, and its pin',
  async (archive) => {
    const { run } = await committed(archive);
    expect(there(run)).toEqual([run.id]);
    await run.discard('archive');
    const file = archiveFile(run.facts.generations, run.id, archive);
    expect(there(run).map((name) => `${run.facts.generations}/${name}`)).toEqual(
      [`${run.facts.generations}/${run.id}`, file.path, listPath(file)].sort(),
    );
    const record = JSON.parse(fs.readFileSync(await pin(run), 'utf8')) as object;
    expect(record).toMatchObject({ run: run.id, version: 'v0.2.9', ...(await digestOf(file.path)) });
    const { digests, ...list } = JSON.parse(fs.readFileSync(listPath(file), 'utf8')) as {
      digests: Record<string, string>;
    };
    expect(list).toEqual(record);
    const [binary = '', sha256 = ''] = Object.entries(digests).find(([name]) => name.startsWith('binaries/')) ?? [];
    expect((await digestOf(`${run.facts.generations}/${run.id}/${binary}`)).sha256).toBe(sha256);
    expect(Object.keys(digests).some((name) => name.startsWith('tree/') && name.endsWith('sample.db'))).toBe(true);
  },
);

async function digestOf(path: string) {
  const { size, sha256 } = await realHost().files.digest(path);
  return { bytes: size, sha256 };
}

test('without --archive it is no step', async () => {
  const one = await bench({ started: false });
  const kinds = async (archive: 'zstd' | undefined) => kindsOf((await planned(one, { archive })).plan);
  expect((await kinds('zstd')).at(-1)).toBe('archive');
  expect(await kinds(undefined)).not.toContain('archive');
});

test('killed after any effect, the next worker makes it; made, it is not made again', async () => {
  const { run } = await committed();
  const all = await effectsIn(async (effects) => run.discard('archive', { effects }));
  expect(all).toBeGreaterThan(6);
  const path = await pin(run);
  for (let count = 0; count < all; count += 1) {
    fs.rmSync(path, { force: true });
    await expect(run.discard('archive', { effects: dieAfter(count) })).rejects.toThrow(Killed);
    await run.discard('archive');
    expect(there(run)).toHaveLength(3);
    const { sha256 } = JSON.parse(fs.readFileSync(path, 'utf8')) as { sha256: string };
    expect(sha256).toBe((await digestOf(archiveFile(run.facts.generations, run.id, 'zstd').path)).sha256);
  }
  const { mtimeMs } = fs.statSync(path);
  expect(await effectsIn(async (effects) => run.discard('archive', { effects }))).toBe(0);
  expect(fs.statSync(path).mtimeMs).toBe(mtimeMs);
}, 120_000);

test('a person who wants to stop is told what is left, and nothing half is', async () => {
  const { run } = await committed();
  const stop = AbortSignal.abort(new Interrupted('signal'));
  await expect(run.discard('archive', { stop })).rejects.toMatchObject({
    code: 'E_DECLINED',
    hint: expect.stringContaining(`refit backup export ${run.id}`),
  });
  expect(there(run)).toEqual([run.id]);
  const shutdown = AbortSignal.abort(new Interrupted('shutdown'));
  await expect(run.discard('archive', { stop: shutdown })).rejects.toBeInstanceOf(Interrupted);
  expect(there(run)).toEqual([run.id]);
});

test('generations and archives go each in their time; what killed calls left goes at once', async () => {
  const { run } = await committed();
  await run.discard('archive');
  const now = ulidTime(run.id);
  const day = 86_400_000;
  const old = (days: number) => newUlid({ now: () => new Date(now - days * day), random: (n) => 'a'.repeat(2 * n) });
  const [week, month, months] = [old(9), old(25), old(70)];
  const { generations } = run.facts;
  for (const id of [week, month, months]) {
    fs.mkdirSync(`${generations}/${id}`);
    for (const name of ['', '.json', '.part']) fs.writeFileSync(`${generations}/${id}.tar.zst${name}`, '');
    fs.mkdirSync(`${generations}/${id}.verify`);
  }
  fs.writeFileSync(`${generations}/notes.txt`, 'of a person');
  const world = await run.world();
  const keeping = (keep: number) => ({
    ...world,
    facts: { ...world.facts, options: { ...world.facts.options, keep } },
  });
  await pruneGenerations(keeping(1));
  const mine = [run.id, `${run.id}.tar.zst`, `${run.id}.tar.zst.json`];
  const archives = [week, month, months].flatMap((id) => [`${id}.tar.zst`, `${id}.tar.zst.json`]);
  // Among the newest five, whatever its age.
  expect(there(run)).toEqual([...mine, ...archives, 'notes.txt'].sort());
  for (let days = 1; days <= 3; days += 1) fs.writeFileSync(`${generations}/${old(days)}.tar.zst`, '');
  await pruneGenerations(keeping(1));
  expect(there(run).filter((name) => name.startsWith(months))).toEqual([]);
  expect(there(run).filter((name) => name.startsWith(month))).toHaveLength(2);
});
