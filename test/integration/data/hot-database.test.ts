import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { DataItem } from '../../../src/data/data.ts';
import { gnuData } from '../../../src/data/gnu-data.ts';
import type { Sqlite } from '../../../src/host/sqlite.ts';
import { listing, realHost, scratch } from '../../data/workbench.ts';

const host = realHost();
const ROUNDS = 20;

/** Two connections that write all the time, checkpoint often, and close last on TERM, as a server does. */
const SERVER = `const { DatabaseSync } = require('node:sqlite');
  const fs = require('node:fs');
  const [path, mode, bytes] = process.argv.slice(1);
  const databases = [0, 1].map(() => new DatabaseSync(path, { timeout: 20000 }));
  databases[0].exec('PRAGMA journal_mode=' + mode + '; CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, name)');
  for (const database of databases) database.exec('PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=10');
  let n = 0;
  const write = () => {
    n += 1;
    databases[n % 2].exec("INSERT INTO t(name) VALUES (hex(randomblob(" + bytes + "))); UPDATE t SET name = hex(randomblob(500)) WHERE id % 50 = " + n % 50);
    fs.appendFileSync(path + '.log', n + '\\n');
  };
  for (let row = 0; row < 200; row += 1) write();
  console.log('ready');
  setInterval(write, 1);
  process.on('SIGTERM', () => {
    // A server that waits for readers here waits for us, as long as its own busy timeout says.
    databases[0].exec('PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)');
    for (const database of databases) database.close();
    process.exit();
  });`;

async function serve(path: string, mode: string, bytes = 600) {
  const server = spawn(process.execPath, ['-e', SERVER, path, mode, String(bytes)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  await once(server.stdout, 'data');
  return async (signal: NodeJS.Signals) => {
    server.kill(signal);
    await once(server, 'exit');
  };
}

function contents(path: string): readonly unknown[] {
  const database = new DatabaseSync(path);
  try {
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    return database.prepare('SELECT * FROM t').all();
  } finally {
    database.close();
  }
}

/** One upgrade's way with the data: how much was copied in the window, and of that the base of the database. */
async function round(mode: string, signal: NodeJS.Signals, { sqlite = host.sqlite, bytes = 600, refreshes = 0 } = {}) {
  const dir = await scratch();
  const at = `${dir}/data/db`;
  await mkdir(at, { recursive: true });
  const stop = await serve(`${at}/app.db`, mode, bytes);
  const items: DataItem[] = [
    { path: `${dir}/data`, kind: 'directory' },
    { path: `${at}/app.db`, kind: 'database' },
  ];
  const generation = { id: 'g', root: `${dir}/g` };
  const data = gnuData({ ...host, sqlite });
  const hot = await data.copyHot(items, generation);
  await host.clock.sleep(30);
  for (let count = 0; count < refreshes; count += 1) await hot.refresh(1);
  await host.clock.sleep(refreshes * 10);
  await stop(signal);
  const { manifestSha256, again } = await hot.finish();
  await data.verify(generation, manifestSha256);
  expect(await data.differences(items, generation)).toEqual([]);
  const [live, copy] = [at, `${generation.root}/tree${at}`];
  expect(listing(copy).map((line) => line.replace(copy, ''))).toEqual(
    listing(live).map((line) => line.replace(live, '')),
  );
  // Opened only as copies of copies: opening changes them.
  for (const [from, to] of [
    [live, `${dir}/live`],
    [copy, `${dir}/copy`],
  ] as const)
    await cp(from, to, { recursive: true });
  const sizes = await Promise.all(['', '-wal', '-shm', '.log'].map((suffix) => sizeOf(`${live}/app.db${suffix}`)));
  const [base = 0, ...rest] = sizes;
  const rows = contents(`${dir}/live/app.db`);
  expect(rows.length).toBeGreaterThan(200);
  expect(contents(`${dir}/copy/app.db`)).toEqual(rows);
  expect(() => execFileSync('fuser', [`${live}/app.db`], { stdio: 'ignore' })).toThrow();
  return {
    unheld: hot.unheld,
    /** Of the log when the service had stopped. */
    walBytes: rest[0] ?? 0,
    again,
    hadBase: again.bytes >= base + rest.reduce((sum, size) => sum + size, 0),
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a busy database whose server ends with %s',
  async (signal) => {
    for (let count = 0; count < ROUNDS; count += 1)
      expect(await round('wal', signal)).toMatchObject({ unheld: [], hadBase: false, walBytes: expect.any(Number) });
  },
  240_000,
);

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a busy database that is refreshed twice, with a log that is copied by blocks, whose server ends with %s',
  async (signal) => {
    for (let count = 0; count < 6; count += 1) {
      const { unheld, hadBase, again, walBytes } = await round('wal', signal, { bytes: 60_000, refreshes: 2 });
      expect({ unheld, hadBase }).toEqual({ unheld: [], hadBase: false });
      expect(again.bytes).toBeLessThan(walBytes);
    }
  },
  240_000,
);

test('a hold that ends too early costs the window the whole database, and the copy is right all the same', async () => {
  const early: Sqlite = {
    ...host.sqlite,
    async hold(database) {
      const hold = await host.sqlite.hold(database);
      await hold?.release();
      return hold;
    },
  };
  const rounds = [];
  for (let count = 0; count < 5; count += 1) rounds.push(await round('wal', 'SIGTERM', { sqlite: early }));
  expect(rounds.some(({ hadBase }) => hadBase)).toBe(true);
}, 120_000);

test('a database without a log is copied as it is once its server has stopped', async () => {
  for (let count = 0; count < 3; count += 1) {
    const { unheld } = await round('delete', 'SIGTERM');
    expect(unheld).toHaveLength(1);
  }
}, 60_000);

test.each(['given up', 'failed'])('a copy that is %s holds nothing any more', async (end) => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  const stop = await serve(`${dir}/data/app.db`, 'wal');
  const isFailing = end === 'failed';
  const full = realHost({
    run: async (effect, act) => {
      if (isFailing && effect.label.includes('cp -a')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return act(() => undefined);
    },
  });
  const items: DataItem[] = [{ path: `${dir}/data/app.db`, kind: 'database' }];
  const copying = gnuData(full).copyHot(items, { id: 'g', root: `${dir}/g` });
  if (isFailing) await expect(copying).rejects.toMatchObject({ code: 'E_NO_SPACE' });
  else await (await copying).abandon();
  await stop('SIGTERM');
  expect(await host.files.list(`${dir}/data`)).toEqual(['app.db', 'app.db.log']);
});
