import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Effect, type Effects, plainEffects } from '../../src/host/effects.ts';
import type { Files } from '../../src/host/files.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { filesContract } from './files.contract.ts';
import { isRoot, mountBind, mountTmpfs, scratch } from './scratch.ts';

filesContract('node', () => ({ files: nodeFiles(plainEffects), at: scratch() }));

const files = nodeFiles(plainEffects);
const OWNER = { mode: 0o600 };

/** Effects that look at the disk in the middle of a write. */
function watched(look: () => unknown): { files: Files; effects: Effect[]; seen: unknown[] } {
  const [effects, seen]: [Effect[], unknown[]] = [[], []];
  const watching: Effects = {
    run: (effect, act) => {
      effects.push(effect);
      return act(() => void seen.push(look()));
    },
  };
  return { files: nodeFiles(watching), effects, seen };
}

test('modes hold under any umask', async () => {
  const at = scratch();
  const before = process.umask(0o777);
  try {
    await files.writeAtomic(join(at, 'atomic'), '', { mode: 0o664 });
    await files.writeNew(join(at, 'new'), '', { mode: 0o755 });
    await files.appendDurable(join(at, 'journal'), '');
    await files.append(join(at, 'events'), '', 0o644);
    await files.makeDirectory(join(at, 'd'), { mode: 0o711 });
  } finally {
    process.umask(before);
  }
  const modes = ['atomic', 'new', 'journal', 'events', 'd'].map((name) => statSync(join(at, name)).mode & 0o7777);
  expect(modes).toEqual([0o664, 0o755, 0o600, 0o644, 0o711]);
});

test('each change is one effect, and only writes have a middle', async () => {
  const at = scratch();
  const { files, effects, seen } = watched(() => undefined);
  const path = join(at, 'f');
  await files.makeDirectory(join(at, 'd/e'), { mode: 0o700 });
  await files.writeNew(path, 'hello', OWNER);
  await files.sync(path);
  await files.truncate(path, 1);
  await files.setOwnership(path, OWNER);
  await files.link(path, join(at, 'g'));
  await files.rename(join(at, 'g'), join(at, 'h'));
  await files.symlink('f', join(at, 'l'));
  await files.remove(join(at, 'l'));
  await files.syncTree(at);
  await files.removeTree(join(at, 'd'));
  expect(effects.map(({ kind }) => kind)).toEqual(['change', 'write', ...Array(9).fill('change')]);
  expect(new Set(effects.map(({ label }) => label)).size).toBe(effects.length);
  expect(seen).toHaveLength(1);
  await files.read(path, { maxBytes: 9 });
  await files.digest(path);
  expect(effects).toHaveLength(11);
});

test('in the middle of an atomic write the old file is whole, twice', async () => {
  const path = join(scratch(), 'f');
  writeFileSync(path, 'old');
  const { files, seen } = watched(() => readFileSync(path, 'utf8'));
  await files.writeAtomic(path, 'new one', OWNER);
  expect(seen).toEqual(['old', 'old']);
});

test('in the middle of an append half of the line is there', async () => {
  const path = join(scratch(), 'f');
  const { files, seen } = watched(() => readFileSync(path, 'utf8'));
  await files.appendDurable(path, 'abcdef');
  expect(seen).toEqual(['abc']);
});

test('in the middle of a transfer its first chunk is there', async () => {
  const path = join(scratch(), 'f');
  const { files, seen } = watched(() => readFileSync(path, 'utf8'));
  const chunks = async function* () {
    yield Buffer.from('first');
    yield Buffer.from('second');
  };
  await files.receive(path, chunks(), { ...OWNER, offset: 0, maxBytes: 99 });
  expect(seen).toEqual(['first']);
});

test('a FIFO in the place of a file does not make us wait', async () => {
  const at = scratch();
  execFileSync('mkfifo', [join(at, 'f')]);
  await expect(files.read(join(at, 'f'), { maxBytes: 9 })).rejects.toMatchObject({ code: 'E_FILE' });
  await expect(files.appendDurable(join(at, 'f'), 'x')).rejects.toMatchObject({ code: 'E_FILE' });
  await files.syncTree(at);
  await files.removeTree(at);
  expect(await files.stat(at)).toBeUndefined();
});

test('files of /proc are read whole though their size is 0', async () => {
  expect((await files.read('/proc/self/status', { maxBytes: 65_536 })).toString()).toContain('VmRSS');
});

test('names may be any bytes', async () => {
  const at = scratch();
  mkdirSync(join(at, 'd'));
  const odd = Buffer.concat([Buffer.from(join(at, 'd/')), Buffer.from([0x66, 0xff, 0x0a])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from([0x2f, 0xfe])]), 'x');
  await files.syncTree(at);
  await files.removeTree(join(at, 'd'));
  expect(readdirSync(at)).toEqual([]);
});

test('a tree deeper than a path can be is removed', async () => {
  const at = scratch();
  const before = process.cwd();
  process.chdir(at);
  for (const name of ['d', ...Array(60).fill('x'.repeat(100))]) {
    mkdirSync(name);
    process.chdir(name);
  }
  process.chdir(before);
  await files.removeTree(join(at, 'd'));
  expect(readdirSync(at)).toEqual([]);
});

test('a full disk is said, and an append leaves no part of its line', async () => {
  const full = { code: 'E_NO_SPACE', facts: { errno: 'ENOSPC' } };
  await expect(files.append('/dev/full', 'x', 0o600)).rejects.toMatchObject(full);
  await expect(files.appendDurable('/dev/full', 'x')).rejects.toMatchObject(full);
});

if (isRoot) {
  test('a full disk: no write claims success, none leaves a part behind', async () => {
    const at = scratch();
    mountTmpfs(at, 'size=64k');
    const full = { code: 'E_NO_SPACE' };
    const path = join(at, 'j');
    await files.appendDurable(path, 'kept\n');
    await expect(files.appendDurable(path, 'x'.repeat(100_000))).rejects.toMatchObject(full);
    expect(readFileSync(path, 'utf8')).toBe('kept\n');
    await expect(files.writeAtomic(path, Buffer.alloc(100_000), OWNER)).rejects.toMatchObject(full);
    await expect(files.writeNew(join(at, 'n'), Buffer.alloc(100_000), OWNER)).rejects.toMatchObject(full);
    expect(readdirSync(at)).toEqual(['j']);
    const chunks = async function* () {
      for (let part = 0; part < 40; part += 1) yield Buffer.alloc(100_000);
    };
    const options = { ...OWNER, offset: 0, maxBytes: 1e9 };
    await expect(files.receive(join(at, 'r'), chunks(), options)).rejects.toMatchObject(full);
    expect(await files.space(at)).toMatchObject({ freeBytes: 0, readOnly: false });
  });

  test('a read-only file system is told from missing rights', async () => {
    const at = scratch();
    mountTmpfs(at, 'size=64k');
    writeFileSync(join(at, 'f'), 'x');
    execFileSync('mount', ['-o', 'remount,ro', at]);
    const refused = { code: 'E_READ_ONLY', facts: { errno: 'EROFS' } };
    await expect(files.writeAtomic(join(at, 'f'), 'y', OWNER)).rejects.toMatchObject(refused);
    await expect(files.appendDurable(join(at, 'f'), 'y')).rejects.toMatchObject(refused);
    await expect(files.remove(join(at, 'f'))).rejects.toMatchObject(refused);
    await expect(files.makeDirectory(join(at, 'd'), OWNER)).rejects.toMatchObject(refused);
    expect(await files.writable(at)).toBe(false);
    expect(await files.writable(join(at, 'd/e'))).toBe(false);
    expect((await files.space(at)).readOnly).toBe(true);
  });

  test('owners are set with the mode', async () => {
    const at = scratch();
    const owner = { mode: 0o750, uid: 65_534, gid: 65_533 };
    await files.writeAtomic(join(at, 'a'), 'x', owner);
    await files.writeNew(join(at, 'n'), 'x', owner);
    await files.makeDirectory(join(at, 'd'), owner);
    await files.writeNew(join(at, 's'), 'x', OWNER);
    await files.setOwnership(join(at, 's'), { ...owner, mode: 0o4750 });
    for (const name of ['a', 'n', 'd']) expect(await files.stat(join(at, name))).toMatchObject(owner);
    expect(await files.stat(join(at, 's'))).toMatchObject({ uid: 65_534, mode: 0o4750 });
  });

  test.each([
    ['of another file system', (at: string) => mountTmpfs(at, 'size=64k')],
    ['of the same file system', (at: string) => mountBind(scratch(), at)],
  ])('a tree with a mount %s in it is refused whole', async (_, mount) => {
    const at = scratch();
    const point = join(at, 'd/a mount');
    mkdirSync(point, { recursive: true });
    writeFileSync(join(at, 'd/before'), '');
    mount(point);
    writeFileSync(join(point, 'precious'), '');
    await expect(files.removeTree(join(at, 'd'))).rejects.toMatchObject({ code: 'E_FILE', facts: { mount: point } });
    await expect(files.removeTree(point)).rejects.toMatchObject({ code: 'E_FILE' });
    expect([readdirSync(join(at, 'd')), readdirSync(point)]).toEqual([['a mount', 'before'], ['precious']]);
  });
}
