import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keepInCache } from '../../../src/runbook/cache/keep.ts';
import { takeFromCache } from '../../../src/runbook/cache/take.ts';
import { atEveryKill, realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const BYTES = randomBytes(100_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const PROVEN = { 'a.tar.gz': { sha256: SHA256, size: BYTES.length } };

function scene() {
  const root = scratch();
  const shelves = { downloads: path.join(root, 'releases/v1'), cache: path.join(root, 'cache/sha256') };
  fs.mkdirSync(shelves.downloads, { recursive: true });
  const archive = path.join(shelves.downloads, 'a.tar.gz');
  fs.writeFileSync(archive, BYTES, { mode: 0o600 });
  return { host: realHost(), shelves, archive, entry: path.join(shelves.cache, SHA256), to: path.join(root, 'to') };
}

const modeOf = (file: string) => fs.statSync(file).mode & 0o777;

test('what was proven moves into a cache that only its owner may enter, under its digest', async () => {
  const { host, shelves, archive, entry } = scene();
  await keepInCache(host, shelves, PROVEN);
  expect(fs.existsSync(archive)).toBe(false);
  expect(fs.readFileSync(entry).equals(BYTES)).toBe(true);
  expect([modeOf(shelves.cache), modeOf(path.dirname(shelves.cache)), modeOf(entry)]).toEqual([0o700, 0o700, 0o600]);
});

test('what nobody proved, or is not as long as what was proven, stays out', async () => {
  const { host, shelves, archive } = scene();
  await keepInCache(host, shelves, undefined);
  await keepInCache(host, shelves, {});
  await keepInCache(host, shelves, { 'a.tar.gz': { sha256: SHA256, size: BYTES.length + 1 } });
  expect(fs.existsSync(shelves.cache)).toBe(false);
  expect(fs.existsSync(archive)).toBe(true);
});

test('killed after any effect of it, another call ends it', async () => {
  const { shelves, archive, entry } = scene();
  const effects = await atEveryKill(
    async (host) => {
      if (!fs.existsSync(entry)) fs.writeFileSync(archive, BYTES);
      await keepInCache(host, shelves, PROVEN);
    },
    async () => {
      // Here or there, and whole.
      expect(fs.readFileSync(fs.existsSync(entry) ? entry : archive).equals(BYTES)).toBe(true);
      fs.rmSync(path.dirname(shelves.cache), { recursive: true, force: true });
    },
  );
  expect(effects).toBe(2);
});

test('a cache that cannot be written stops nothing', async () => {
  const { host, shelves, archive } = scene();
  fs.writeFileSync(path.dirname(shelves.cache), 'in the way');
  await keepInCache(host, shelves, PROVEN);
  expect(fs.readFileSync(archive).equals(BYTES)).toBe(true);
});

test('taken: another name for the same bytes; pruning it takes nothing away from who has it', async () => {
  const { host, shelves, entry, to } = scene();
  await keepInCache(host, shelves, PROVEN);
  expect(await takeFromCache(host, shelves.cache, SHA256, to)).toBe('taken');
  expect(fs.statSync(to).ino).toBe(fs.statSync(entry).ino);
  await host.files.remove(entry);
  expect(fs.readFileSync(to).equals(BYTES)).toBe(true);
});

test('a damaged entry is removed, and nothing is taken', async () => {
  const { host, shelves, entry, to } = scene();
  await keepInCache(host, shelves, PROVEN);
  fs.writeFileSync(entry, randomBytes(BYTES.length));
  expect(await takeFromCache(host, shelves.cache, SHA256, to)).toBe('damaged');
  expect(fs.existsSync(entry)).toBe(false);
  expect(fs.existsSync(to)).toBe(false);
});

test('what is not there, or is no file, or has its name taken, is fetched', async () => {
  const { host, shelves, archive, entry, to } = scene();
  expect(await takeFromCache(host, shelves.cache, SHA256, to)).toBe('absent');
  fs.mkdirSync(shelves.cache, { recursive: true });
  fs.symlinkSync(archive, entry);
  expect(await takeFromCache(host, shelves.cache, SHA256, to)).toBe('absent');
  fs.rmSync(entry);
  await keepInCache(host, shelves, PROVEN);
  fs.writeFileSync(to, 'mine');
  expect(await takeFromCache(host, shelves.cache, SHA256, to)).toBe('absent');
  expect(fs.readFileSync(to, 'utf8')).toBe('mine');
});

test('one that is pruned in the middle is absent', async () => {
  const { host, shelves, entry, to } = scene();
  await keepInCache(host, shelves, PROVEN);
  const pruning = {
    files: {
      ...host.files,
      async link(...names: Parameters<typeof host.files.link>) {
        fs.rmSync(entry);
        return host.files.link(...names);
      },
    },
  };
  expect(await takeFromCache(pruning, shelves.cache, SHA256, to)).toBe('absent');
});
