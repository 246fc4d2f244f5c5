import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sqlite } from '../../src/host/sqlite.ts';
import { scratch } from './scratch.ts';

/** A server's database, open and in use, its last rows still in the log. */
function live(path: string, mode: 'wal' | 'delete'): DatabaseSync {
  const database = new DatabaseSync(path);
  onTestFinished(() => (database.isOpen ? database.close() : undefined));
  database.exec(`PRAGMA journal_mode=${mode}; CREATE TABLE t(name, value)`);
  database.exec("INSERT INTO t VALUES ('one', 1), ('two', NULL)");
  return database;
}

const NAMES = [{ name: 'one' }, { name: 'two' }];

/** What every implementation of `Sqlite` does. */
export function sqliteContract(name: string, sqlite: Sqlite): void {
  describe(`${name}: snapshots`, () => {
    test.each(['wal', 'delete'] as const)('of a live database in %s mode', async (mode) => {
      const at = scratch();
      const [from, to] = [join(at, 'a b?.db'), join(at, 'copy')];
      const database = live(from, mode);
      const before = readFileSync(from);
      await sqlite.snapshot(from, to);
      database.exec("INSERT INTO t VALUES ('later', 3)");
      expect(await sqlite.rows(to, 'SELECT name FROM t')).toEqual(NAMES);
      expect(await sqlite.quickCheck(to)).toEqual([]);
      expect(statSync(to).mode & 0o7777).toBe(0o600);
      if (mode === 'wal') expect(readFileSync(from).equals(before)).toBe(true);
      expect(readdirSync(at).filter((file) => file.startsWith('copy'))).toEqual(['copy']);
    });

    test('of one that was killed, its log included, which stays', async () => {
      const at = scratch();
      const from = join(at, 'db');
      const script = `const { DatabaseSync } = require('node:sqlite');
        const database = new DatabaseSync(process.argv[1]);
        database.exec("PRAGMA journal_mode=WAL; CREATE TABLE t(name); INSERT INTO t VALUES ('one'), ('two')");
        process.kill(process.pid, 'SIGKILL')`;
      spawnSync(process.execPath, ['-e', script, from]);
      const log = readFileSync(`${from}-wal`);
      expect(log.length).toBeGreaterThan(0);
      await sqlite.snapshot(from, join(at, 'copy'));
      expect(await sqlite.rows(join(at, 'copy'), 'SELECT name FROM t')).toEqual(NAMES);
      expect(readFileSync(`${from}-wal`).equals(log)).toBe(true);
    });

    test('refuse a place that is taken, and what is no database, leaving nothing', async () => {
      const at = scratch();
      const path = (file: string) => join(at, file);
      live(path('db'), 'delete').close();
      writeFileSync(path('taken'), 'precious');
      writeFileSync(path('garbage'), 'not a database '.repeat(500));
      await expect(sqlite.snapshot(path('db'), path('taken'))).rejects.toMatchObject({ code: 'E_FILE' });
      const garbage = sqlite.snapshot(path('garbage'), path('copy'));
      await expect(garbage).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
      await expect(sqlite.snapshot(path('none'), path('copy'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      expect(readFileSync(path('taken'), 'utf8')).toBe('precious');
      expect(readdirSync(at)).toEqual(['db', 'garbage', 'taken']);
    });
  });

  describe(`${name}: holds`, () => {
    /** A server that writes until it is told to stop, which it does cleanly. */
    async function busyServer(path: string) {
      const script = `const { DatabaseSync } = require('node:sqlite');
        const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
        database.exec('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=20; CREATE TABLE t(name)');
        const insert = database.prepare('INSERT INTO t VALUES (hex(randomblob(900)))');
        setInterval(() => insert.run(), 1);
        process.on('SIGTERM', () => { database.exec('PRAGMA wal_checkpoint(TRUNCATE)'); database.close(); process.exit(); });
        console.log('ready')`;
      const server = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void server.kill('SIGKILL'));
      await once(server.stdout, 'data');
      return server;
    }
    const changed = (path: string) => statSync(path, { bigint: true }).ctimeNs;
    const grown = (path: string, bytes: number) =>
      expect.poll(() => statSync(path).size, { timeout: 20_000 }).toBeGreaterThan(bytes);

    test('the base stays as it is and the log grows, until the server has stopped and after it', async () => {
      const path = join(scratch(), 'a b?.db');
      const server = await busyServer(path);
      await grown(path, 100_000);
      const hold = await sqlite.hold(path);
      const [base, log] = [changed(path), statSync(`${path}-wal`).size];
      await grown(`${path}-wal`, log + 100_000);
      server.kill('SIGTERM');
      await once(server, 'exit');
      expect(changed(path)).toBe(base);
      await hold?.release();
      await hold?.release();
      expect(changed(path)).toBe(base);
      expect(statSync(`${path}-wal`).size).toBeGreaterThan(log + 100_000);
      const written = new DatabaseSync(path);
      expect(written.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      written.close();
    });

    test('once it is released the server goes on as before', async () => {
      const path = join(scratch(), 'db');
      const server = await busyServer(path);
      const hold = await sqlite.hold(path);
      const base = changed(path);
      await hold?.release();
      await expect.poll(() => changed(path), { timeout: 20_000 }).not.toBe(base);
      server.kill('SIGTERM');
      await once(server, 'exit');
      expect(readdirSync(join(path, '..'))).toEqual(['db']);
    });

    test('there is none where there is no log, or where a stranger has locked all', async () => {
      const path = (file: string) => join(at, file);
      const at = scratch();
      live(path('plain'), 'delete');
      expect(await sqlite.hold(path('plain'))).toBeUndefined();
      const script = `const { DatabaseSync } = require('node:sqlite');
        const database = new DatabaseSync(process.argv[1]);
        database.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; CREATE TABLE t(name)');
        console.log('ready'); setInterval(() => undefined, 1000)`;
      const stranger = spawn(process.execPath, ['-e', script, path('db')], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void stranger.kill('SIGKILL'));
      await once(stranger.stdout, 'data');
      expect(await sqlite.hold(path('db'))).toBeUndefined();
      await expect(sqlite.hold(path('none'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      writeFileSync(path('garbage'), 'not a database '.repeat(500));
      await expect(sqlite.hold(path('garbage'))).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
    });
  });

  describe(`${name}: copies`, () => {
    test('values come as JSON can hold them', async () => {
      const path = join(scratch(), 'db');
      live(path, 'delete').close();
      const statement = "SELECT 1 AS i, 1.5 AS r, 's' AS s, NULL AS n, x'00ff' AS b, 9007199254740993 AS big, ? AS p";
      expect(await sqlite.rows(path, statement, ['given'])).toEqual([
        { i: 1, r: 1.5, s: 's', n: null, b: '00ff', big: '9007199254740993', p: 'given' },
      ]);
      expect(await sqlite.rows(path, 'SELECT name FROM t WHERE value = 7')).toEqual([]);
    });

    test('reading one leaves nothing beside it and changes nothing', async () => {
      const at = scratch();
      const source = join(scratch(), 'db');
      live(source, 'wal').close();
      cpSync(source, join(at, 'copy'));
      chmodSync(join(at, 'copy'), 0o400);
      expect(await sqlite.rows(join(at, 'copy'), 'SELECT name FROM t')).toEqual(NAMES);
      await expect(sqlite.rows(join(at, 'copy'), "INSERT INTO t VALUES ('x', 1)")).rejects.toThrow('Cannot');
      expect(readdirSync(at)).toEqual(['copy']);
    });

    test('a log that was copied with it is read', async () => {
      const at = scratch();
      const source = join(scratch(), 'db');
      const database = live(source, 'wal');
      for (const suffix of ['', '-wal']) cpSync(`${source}${suffix}`, join(at, `copy${suffix}`));
      database.close();
      expect(await sqlite.rows(join(at, 'copy'), 'SELECT name FROM t')).toEqual(NAMES);
    });

    test('damage is found', async () => {
      const at = scratch();
      const path = join(at, 'db');
      const database = live(path, 'delete');
      database.exec('CREATE INDEX i ON t(name)');
      for (let row = 0; row < 500; row += 1) database.exec(`INSERT INTO t VALUES ('row ${row}', ${row})`);
      database.close();
      const bytes = readFileSync(path);
      bytes.fill(0xaa, 3 * 4096, 4 * 4096);
      writeFileSync(path, bytes);
      const findings = await sqlite.quickCheck(path).catch((cause: unknown) => [cause]);
      expect(findings.length).toBeGreaterThan(0);
      writeFileSync(path, 'garbage '.repeat(999));
      await expect(sqlite.quickCheck(path)).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
      await expect(sqlite.rows(path, 'SELECT 1 FROM t')).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
      await expect(sqlite.quickCheck(join(at, 'none'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    });
  });
}
