import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withEntries } from '../../src/data/entries.ts';
import type { Argv } from '../../src/host/commands.ts';
import { listing, realHost, scratch } from './workbench.ts';

const host = realHost();

async function started(names: readonly (string | Buffer)[]): Promise<readonly Argv[]> {
  const at = await scratch();
  for (const name of names) await writeFile(Buffer.concat([Buffer.from(`${at}/`), Buffer.from(name)]), '');
  const place = { path: at, kind: 'directory' as const, directory: at, exclude: ['volume'] };
  return withEntries(host, { place, at }, ['echo', '--'], async (argv) => argv);
}

test('everything but what is left alone goes to one direct child', async () => {
  const [argv, ...more] = await started(['a', '.b', '-c', 'volume', '.refit-run', 'lost+found']);
  expect(argv?.slice(0, 2)).toEqual(['echo', '--']);
  expect(argv?.slice(2).map((path) => path.split('/').at(-1))).toEqual(['-c', '.b', 'a']);
  expect(more).toEqual([]);
});

test('nothing there starts nothing', async () => {
  expect(await started(['volume'])).toEqual([]);
});

test('more than one exec takes is handed over in parts', async () => {
  const names = Array.from({ length: 2600 }, (_, index) => `${index}`.padEnd(240, 'x'));
  const parts = await started(names);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap((argv) => argv.slice(2))).toHaveLength(names.length);
});

test('a name that is no string still arrives, through a find whose child dies with it', async () => {
  const [from, to] = [await scratch(), await scratch()];
  await mkdir(`${from}/volume`);
  await writeFile(Buffer.concat([Buffer.from(`${from}/`), Buffer.from([0xff])]), 'x');
  const place = { path: from, kind: 'directory' as const, directory: from, exclude: ['volume'] };
  const before = listing(from).filter((line) => !line.startsWith('volume') && !line.startsWith('|d'));
  const argvs: Argv[] = [];
  await withEntries(host, { place, at: from }, ['mv', '-t', to, '--'], async (argv) => {
    argvs.push(argv);
    await host.commands.must(argv, { timeoutMs: 10_000 });
  });
  expect(argvs[0]).toContain('--pdeathsig');
  const after = listing(to).filter((line) => !line.startsWith('|d'));
  expect(after.map((line) => line.replace(to, from))).toEqual(before);
});
