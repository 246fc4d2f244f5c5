import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { peek } from '../../src/runbook/peek.ts';
import { visit } from '../fixtures/scene.ts';
import { type Bench, bench } from './workbench.ts';

const look = ({ workshop, found }: Bench) => peek(workshop, found.profile, found.installation);

/** A workshop that also tells which directories were made through it. Other tests make their own in the same place. */
function watched({ workshop }: Bench): { readonly workshop: Bench['workshop']; readonly made: readonly string[] } {
  const made: string[] = [];
  const { files } = workshop.host;
  const makeDirectory: typeof files.makeDirectory = (path, options) => {
    made.push(path);
    return files.makeDirectory(path, options);
  };
  return { workshop: { ...workshop, host: { ...workshop.host, files: { ...files, makeDirectory } } }, made };
}

function change({ sample }: Bench, sql: string): void {
  const database = new DatabaseSync(sample.database);
  database.exec(sql);
  database.close();
}

test('settings, agents and jobs are read from a copy, and the copy goes', async () => {
  const one = await bench({
    started: false,
    agents: [
      { name: 'a', arch: 'arm64' },
      { name: 'b', arch: 'amd64' },
      { name: 'c', status: 'revoked', arch: 'arm64' },
    ],
  });
  change(
    one,
    "INSERT OR REPLACE INTO settings (key, value) VALUES ('agent.upgrade_mode', 'staged'); INSERT INTO backup_runs (job_name, status, started_at) VALUES ('nightly', 'running', '')",
  );
  const { workshop, made } = watched(one);
  const seen = await look({ ...one, workshop });
  expect(seen).toMatchObject({ agentMode: 'staged', runningJobs: ['backup-running'] });
  expect([...(seen?.agentArches ?? [])].sort()).toEqual(['amd64', 'arm64']);
  expect(made).toEqual([expect.stringMatching(/^\/(?:run|var\/tmp)\/refit-peek-/)]);
  expect(made.filter((path) => fs.existsSync(path))).toEqual([]);
});

test('a server on which no mode was ever set has the default', async () => {
  expect(await look(await bench({ started: false }))).toMatchObject({
    agentMode: 'manual',
    agentArches: [],
    runningJobs: [],
  });
});

test('tables and columns that an older release does not have mean that there is none of it', async () => {
  const one = await bench({ started: false });
  change(one, 'DROP TABLE backup_runs; DROP TABLE settings; DROP TABLE agents; CREATE TABLE agents (id TEXT)');
  const { schema, ...rest } = (await look(one)) ?? {};
  expect(rest).toEqual({ agentMode: 'manual', agentArches: [], runningJobs: [] });
  expect(schema?.at(-1)).toMatch(/^033_/);
});

test('of a database that is written all the time something whole is seen, or nothing; the server never notices', async () => {
  const one = await bench();
  let stop = false;
  const writing = (async () => {
    for (let n = 0; !stop; n++) expect(await visit(one.sample, `visit ${n}`)).toBeLessThan(300);
  })();
  onTestFinished(() => {
    stop = true;
  });
  const before = fs.readdirSync(one.sample.data).sort();
  for (let n = 0; n < 8; n++) expect([undefined, 'manual']).toContain((await look(one))?.agentMode);
  stop = true;
  await writing;
  expect(fs.readdirSync(one.sample.data).sort()).toEqual(before);
});

test.each<[string, (file: string) => void]>([
  [
    'garbage',
    (file) => fs.writeFileSync(file, 'no database at all, but long enough to be read as a header'.repeat(100)),
  ],
  ['a copy torn in the middle', (file) => fs.writeFileSync(file, mangled(fs.readFileSync(file)))],
  ['a file that is gone', (file) => fs.rmSync(file)],
  [
    'a folder',
    (file) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
])('%s is not checked', async (_name, damage) => {
  const one = await bench({ started: false });
  damage(one.sample.database);
  const { workshop, made } = watched(one);
  expect(await look({ ...one, workshop })).toBeUndefined();
  expect(made.filter((path) => fs.existsSync(path))).toEqual([]);
});

/** Pages of later and of earlier, as a copy of a file that is being written has them. */
function mangled(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  for (let page = 4096; page + 4096 <= copy.length; page += 8192) copy.fill(0x5a, page, page + 4096);
  return copy;
}

test('a product without a database has nothing to look at', async () => {
  const { workshop, found } = await bench({ started: false });
  const { installation } = found;
  const without = { ...installation, data: { ...installation.data, databases: [] } };
  expect(await peek(workshop, found.profile, without)).toBeUndefined();
});
