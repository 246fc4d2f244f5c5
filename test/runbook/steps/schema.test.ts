import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { STEPS } from '../../../src/runbook/steps/registry.ts';
import { voyage } from '../voyage.ts';
import { type Bench, bench, planned } from '../workbench.ts';

function change({ sample }: Bench, sql: string): void {
  const database = new DatabaseSync(sample.database);
  database.exec(sql);
  database.close();
}

const folders = (directory: string) => (fs.existsSync(directory) ? fs.readdirSync(directory) : []);

test('what each release knows is learned on empty databases; nothing about it is hard-coded', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.begin('learn-schema');
  const { old, new: now } = (await run.change('learn-schema')) as { readonly old: string[]; readonly new: string[] };
  expect(old.at(-1)).toMatch(/^033_/);
  expect(now.at(-1)).toMatch(/^035_/);
  expect(now.slice(0, old.length)).toEqual(old);
  await run.change('learn-schema');
  await run.revert('learn-schema');
  expect(folders((await run.world()).run.paths.scratch)).toEqual([]);
});

test('a release whose migration fails on an empty database is refused before anything is touched', async () => {
  const one = await bench({ started: false, breaks: { 'v0.2.13': 'migration-empty' } });
  const run = await voyage(one, (await planned(one)).plan);
  await run.begin('learn-schema');
  await expect(run.change('learn-schema')).rejects.toMatchObject({
    code: 'E_COMMAND_FAILED',
    message: expect.stringMatching(/^Cannot learn the schema of the new release: "db migrate" saw exit 1: /),
  });
});

test.each([
  ['bytes', { freeBytes: 300_000 }, /saw 293 KiB free at \S+\/scratch\/new, expected/],
  ['inodes', { freeInodes: 0 }, /saw no inode free at /],
])('a migration that fails where no %s are left is not blamed on the release', async (_name, left, saw) => {
  const one = await bench({ started: false, breaks: { 'v0.2.13': 'migration-empty' } });
  const run = await voyage(one, (await planned(one)).plan);
  await run.begin('learn-schema');
  const world = await run.world();
  const { files } = world.host;
  const full = { ...files, space: async (path: string) => ({ ...(await files.space(path)), ...left }) };
  const step = STEPS.get('learn-schema');
  await expect(
    step?.change({ ...world, host: { ...world.host, files: full } }, null, null, new AbortController().signal),
  ).rejects.toMatchObject({
    code: 'E_NO_SPACE',
    message: expect.stringMatching(saw),
    hint: expect.stringContaining('df -h'),
  });
});

test('a sound database passes, and nothing of its copy stays', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.begin('snapshot');
  expect(await run.change('snapshot')).toMatchObject({ quickCheck: 'ok' });
  expect(folders((await run.world()).run.paths.scratch)).not.toContain('before');
});

test('a database that a newer release wrote is not run on', async () => {
  const one = await bench({ started: false });
  change(one, "INSERT INTO schema_migrations (version) VALUES ('099_from_the_future.sql')");
  const run = await voyage(one, (await planned(one)).plan);
  await run.begin('snapshot');
  await expect(run.change('snapshot')).rejects.toMatchObject({
    code: 'E_DOWNGRADE',
    message: expect.stringContaining('saw 099_from_the_future.sql applied'),
  });
});

test('the migration is rehearsed on a copy of the data, which stays as it is; the copy goes', async () => {
  const one = await bench();
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.begin('rehearse');
  const rehearsed = await run.change('rehearse');
  const added = ['034_backup_needs_review.sql', '035_backup_review_acked.sql'];
  expect(rehearsed).toMatchObject({ added, ms: expect.any(Number) });
  const { before, after } = rehearsed as { readonly before: number; readonly after: number };
  expect(after).toBe(before + 2);
  const database = new DatabaseSync(one.sample.database, { readOnly: true });
  expect(database.prepare('SELECT count(*) AS n FROM schema_migrations').get()).toEqual({ n: before });
  database.close();
  expect(folders((await run.world()).run.paths.scratch)).not.toContain('rehearsal');
});

test('a migration that fails on the data that is there is met in its rehearsal', async () => {
  const one = await bench({ breaks: { 'v0.2.13': 'migration' } });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.begin('rehearse');
  await expect(run.change('rehearse')).rejects.toMatchObject({
    code: 'E_MIGRATION_FAILED',
    message: expect.stringMatching(/^Cannot migrate a copy of the data to v0\.2\.13: "db migrate" saw exit 1: /),
    hint: expect.stringContaining('The service was not touched'),
  });
});

test('a damaged database is met before the window', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.begin('snapshot');
  const whole = fs.readFileSync(one.sample.database);
  whole.fill(0x5a, 4096, Math.min(whole.length, 65_536));
  fs.writeFileSync(one.sample.database, whole);
  await expect(run.change('snapshot')).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
});

test('a start that left the schema as it was is no migration', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  await run.forward('swap-files');
  const world = await run.world();
  expect(world.outputOf('learn-schema')).toBeDefined();
  // As if it had answered: prepared, begun and changed without a start.
  const step = STEPS.get('prove-schema');
  await expect(step?.change(world, null, null, new AbortController().signal)).rejects.toMatchObject({
    code: 'E_MIGRATION_FAILED',
    message: expect.stringMatching(/saw 034_\S+, 035_\S+ missing, expected all of \d+$/),
  });
});
