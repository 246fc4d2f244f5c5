import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { inPlace } from '../../src/layout/in-place.ts';
import type { Target } from '../../src/layout/layout.ts';
import { atEveryKill, realHost, scratch } from '../data/workbench.ts';

const host = realHost();
const layout = inPlace(host);
const OWNER = { mode: 0o755, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

async function text(path: string): Promise<string | undefined> {
  return (await host.files.stat(path)) === undefined ? undefined : readFile(path, 'utf8');
}

/** A new version of a file, staged and dressed. */
async function staged(target: string, content: string, keepPrevious = false): Promise<Target> {
  const path = `${await layout.stageDirectory(target, 'RUN')}/${target.split('/').at(-1)}`;
  await host.files.remove(path);
  const { sha256, size } = await host.files.writeNew(path, content, { mode: 0o600 });
  await layout.dress(path, target, OWNER);
  return { staged: path, target, sha256, size, ...OWNER, keepPrevious };
}

/** An installed server, and an asset that only the new version brings. */
async function installed() {
  const dir = await scratch();
  await writeFile(`${dir}/server`, 'old');
  await chmod(`${dir}/server`, 0o755);
  const names = [`${dir}/server`, `${dir}/assets/agent`];
  const store = { root: `${dir}/g` };
  await layout.copyLive(names, store);
  return { dir, names, store };
}

test('new files are live, the old one stays for a person', async () => {
  const { dir, names } = await installed();
  const targets = [await staged(`${dir}/server`, 'new', true), await staged(`${dir}/assets/agent`, 'agent')];
  expect((await layout.swap(targets)).replaced).toEqual(names);
  expect(await text(`${dir}/server`)).toBe('new');
  expect(await text(`${dir}/server.old`)).toBe('old');
  expect(await text(`${dir}/assets/agent`)).toBe('agent');
  expect((await layout.swap(targets)).replaced).toEqual([]);
  expect(await text(`${dir}/server.old`)).toBe('old');
  await layout.sweep(names, 'RUN');
  expect(await host.files.list(dir)).toEqual(['assets', 'g', 'server', 'server.old']);
});

test('one staging directory that cannot be removed does not keep the others', async () => {
  const { dir, names } = await installed();
  for (const name of names) await staged(name, 'new');
  const removeTree: typeof host.files.removeTree = async (path) => {
    if (path === `${dir}/.refit-RUN`) throw new RefitError('E_READ_ONLY', `Cannot remove ${path}`);
    return host.files.removeTree(path);
  };
  const stubborn = inPlace({ ...host, files: { ...host.files, removeTree } });
  await expect(stubborn.sweep(names, 'RUN')).rejects.toMatchObject({ code: 'E_READ_ONLY' });
  expect([await host.files.list(dir), await host.files.list(`${dir}/assets`)]).toEqual([
    ['.refit-RUN', 'assets', 'g', 'server'],
    [],
  ]);
});

test('an .old of an earlier upgrade is replaced, also where it is the live file already', async () => {
  const { dir } = await installed();
  await writeFile(`${dir}/server.old`, 'older');
  const target = await staged(`${dir}/server`, 'new', true);
  await layout.swap([target]);
  expect(await text(`${dir}/server.old`)).toBe('old');
  await host.files.remove(`${dir}/server.old`);
  await link(`${dir}/server`, `${dir}/server.old`);
  await layout.swap([await staged(`${dir}/server`, 'newer', true)]);
  expect([await text(`${dir}/server`), await text(`${dir}/server.old`)]).toEqual(['newer', 'new']);
});

test('the file behind a link is replaced, the link stays', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/real`);
  await writeFile(`${dir}/real/agent`, 'old');
  await symlink('real/agent', `${dir}/agent`);
  await layout.copyLive([`${dir}/agent`], { root: `${dir}/g` });
  await layout.swap([await staged(`${dir}/agent`, 'new')]);
  expect([await readlink(`${dir}/agent`), await text(`${dir}/real/agent`)]).toEqual(['real/agent', 'new']);
  await layout.restore({ root: `${dir}/g` }, 'RUN');
  expect([await readlink(`${dir}/agent`), await text(`${dir}/real/agent`)]).toEqual(['real/agent', 'old']);
});

test('a staged file that is not as it was dressed replaces nothing', async () => {
  const { dir } = await installed();
  const good = await staged(`${dir}/assets/agent`, 'agent');
  const bad = await staged(`${dir}/server`, 'new');
  await writeFile(bad.staged, 'truncated by somebody');
  await expect(layout.swap([good, bad])).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
  expect([await text(`${dir}/server`), await text(`${dir}/assets/agent`)]).toEqual(['old', undefined]);
});

test('a staged file that is gone without being live is an error', async () => {
  const { dir } = await installed();
  const target = await staged(`${dir}/server`, 'new');
  await host.files.remove(target.staged);
  await expect(layout.swap([target])).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
});

test('a new file wears what the live one wore', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/server`, 'old');
  // Where we may not give capabilities, neither file has any.
  const capabilities = (path: string) => {
    try {
      return execFileSync('getcap', [path], { encoding: 'utf8' }).replace(path, '').trim();
    } catch {
      return 'no getcap';
    }
  };
  await host.commands.run(['sh', '-c', 'setcap cap_net_bind_service+ep "$0"', `${dir}/server`], { timeoutMs: 10_000 });
  const before = capabilities(`${dir}/server`);
  const target = await staged(`${dir}/server`, 'new');
  expect(capabilities(target.staged)).toBe(before);
  expect((await stat(target.staged)).mode & 0o7777).toBe(0o755);
  await layout.copyLive([`${dir}/server`], { root: `${dir}/g` });
  await layout.swap([target]);
  await writeFile(`${dir}/server`, 'broken');
  await layout.restore({ root: `${dir}/g` }, 'RUN');
  expect(capabilities(`${dir}/server`)).toBe(before);
});

test('restore puts everything back, removes what was absent and the .old that says the same', async () => {
  const { dir, store } = await installed();
  await layout.swap([await staged(`${dir}/server`, 'new', true), await staged(`${dir}/assets/agent`, 'agent')]);
  await layout.restore(store, 'RUN');
  expect(await text(`${dir}/server`)).toBe('old');
  expect(await host.files.list(dir)).toEqual(['.refit-RUN', 'assets', 'g', 'server']);
  expect(await text(`${dir}/assets/agent`)).toBeUndefined();
  expect((await layout.restore(store, 'RUN')).replaced).toEqual([]);
});

test('a damaged copy is found before anything is renamed', async () => {
  const { dir, store } = await installed();
  await layout.swap([await staged(`${dir}/server`, 'new'), await staged(`${dir}/assets/agent`, 'agent')]);
  await writeFile(`${dir}/g/binaries${dir}/server`, 'bad');
  await expect(layout.restore(store, 'RUN')).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  expect([await text(`${dir}/server`), await text(`${dir}/assets/agent`)]).toEqual(['new', 'agent']);
});

test('a link that leads elsewhere by now is not restored through', async () => {
  const { dir, store } = await installed();
  await host.files.rename(`${dir}/server`, `${dir}/elsewhere`);
  await symlink('elsewhere', `${dir}/server`);
  await expect(layout.restore(store, 'RUN')).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
});

test('swap killed after any effect always leaves a file, and a second call ends with the new ones', async () => {
  let dir = '';
  let targets: readonly Target[] = [];
  const effects = await atEveryKill(
    async (mortal) => {
      dir = (await installed()).dir;
      targets = [await staged(`${dir}/server`, 'new', true), await staged(`${dir}/assets/agent`, 'agent')];
      await inPlace(mortal).swap(targets);
    },
    async () => {
      expect(['old', 'new']).toContain(await text(`${dir}/server`));
      await layout.swap(targets);
      const files = [`${dir}/server`, `${dir}/server.old`, `${dir}/assets/agent`];
      expect(await Promise.all(files.map(text))).toEqual(['new', 'old', 'agent']);
    },
  );
  expect(effects).toBeGreaterThan(4);
});

test('restore killed after any effect always leaves a file, and a second call ends with the old ones', async () => {
  let state: Awaited<ReturnType<typeof installed>> | undefined;
  const effects = await atEveryKill(
    async (mortal) => {
      state = await installed();
      const { dir, store } = state;
      await layout.swap([await staged(`${dir}/server`, 'new', true), await staged(`${dir}/assets/agent`, 'agent')]);
      await inPlace(mortal).restore(store, 'RUN');
    },
    async () => {
      const { dir = '', store = { root: '' } } = state ?? {};
      expect(['old', 'new']).toContain(await text(`${dir}/server`));
      await layout.restore(store, 'RUN');
      const files = [`${dir}/server`, `${dir}/server.old`, `${dir}/assets/agent`];
      expect(await Promise.all(files.map(text))).toEqual(['old', undefined, undefined]);
    },
  );
  expect(effects).toBeGreaterThan(5);
});

test('an unfinished copy of the live files is not taken for one', async () => {
  const { dir, names, store } = await installed();
  expect(await layout.recorded(store)).toMatchObject([{ present: true, path: names[0] }, { present: false }]);
  await host.files.remove(`${dir}/g/binaries.json`);
  await expect(layout.recorded(store)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await writeFile(`${dir}/g/binaries.json`, '{');
  await expect(layout.recorded(store)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test('kept copies are read again: a changed byte, another mode and a missing one are told', async () => {
  const { dir, store } = await installed();
  const copy = `${store.root}/binaries${dir}/server`;
  await layout.verify(store);
  await writeFile(copy, 'odd');
  await expect(layout.verify(store)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  await writeFile(copy, 'old');
  await layout.verify(store);
  await chmod(copy, 0o4755);
  await expect(layout.verify(store)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  await host.files.remove(copy);
  await expect(layout.verify(store)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});
