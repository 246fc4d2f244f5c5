import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { rewrite } from '../../src/layout/rewrite.ts';
import { atEveryKill, realHost, scratch } from '../data/workbench.ts';
import { adorn, worn } from './worn.ts';

const host = realHost();
const OWNER = { mode: 0o640, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

async function written(): Promise<string> {
  const path = `${await scratch()}/server.env`;
  await writeFile(path, 'A=1\n');
  await chmod(path, 0o640);
  adorn(path);
  return path;
}

test('the text is another, and nothing else', async () => {
  const path = await written();
  const before = worn(path);
  await rewrite(host, { path, text: 'A=1\nB=2\n', ...OWNER }, 'RUN');
  expect([await readFile(path, 'utf8'), worn(path)]).toEqual(['A=1\nB=2\n', before]);
});

test('what is so already is not replaced; another mode is, and what is gone comes back', async () => {
  const path = await written();
  const { ino } = await stat(path);
  await rewrite(host, { path, text: 'A=1\n', ...OWNER }, 'RUN');
  expect((await stat(path)).ino).toBe(ino);
  await chmod(path, 0o600);
  await rewrite(host, { path, text: 'A=1\n', ...OWNER }, 'RUN');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  await host.files.remove(path);
  await rewrite(host, { path, text: 'A=1\n', ...OWNER }, 'RUN');
  expect([await readFile(path, 'utf8'), (await stat(path)).mode & 0o777]).toEqual(['A=1\n', 0o640]);
});

test('one that cannot be dressed is not put in place, and nothing stays beside it', async () => {
  const path = await written();
  const commands = {
    ...host.commands,
    must: async () => {
      throw new Error('no room for attributes');
    },
  };
  await expect(rewrite({ ...host, commands }, { path, text: 'B=2\n', ...OWNER }, 'RUN')).rejects.toThrow('no room');
  expect([await readFile(path, 'utf8'), await readdir(dirname(path))]).toEqual(['A=1\n', ['server.env']]);
});

test('killed after any effect it is wholly one or the other, and a second call ends with the new one alone', async () => {
  let path = '';
  const text = 'A=1\nB=2\n';
  const effects = await atEveryKill(
    async (mortal) => {
      path = await written();
      await rewrite(mortal, { path, text, ...OWNER }, 'RUN');
    },
    async () => {
      expect(['A=1\n', text]).toContain(await readFile(path, 'utf8'));
      await rewrite(host, { path, text, ...OWNER }, 'RUN');
      expect(await readFile(path, 'utf8')).toBe(text);
      expect(await readdir(dirname(path))).toEqual(['server.env']);
    },
  );
  expect(effects).toBeGreaterThan(4);
});
