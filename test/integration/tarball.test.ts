import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectError, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, openScene } from './support/scene.ts';
import { digestOf } from './support/tree.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;

test('a tarball that somebody carried here: proven by what lies beside it or by --sha256, else refused', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  const carried = path.join(scene.directory, 'carried');
  const file = path.join(carried, ARCHIVE);
  fs.mkdirSync(carried);
  fs.copyFileSync(path.join(scene.releases, NEW, ARCHIVE), file);
  const install = (...words: string[]) =>
    scene.refit(['install', '--from-tarball', ARCHIVE, ...words], { cwd: carried });

  expectError(await install('--yes'), {
    exit: 6,
    code: 'E_DIGEST_MISSING',
    saw: /checksums\.txt or sample_linux/,
    next: '--sha256',
  });
  expect((await install('--dry-run', '--sha256', digestOf(file))).stdout).toContain(`${OLD} -> ${NEW}`);
  fs.writeFileSync(`${file}.sha256`, `${'f'.repeat(64)}  ${ARCHIVE}\n`);
  expectError(await install('--yes'), { exit: 6, code: 'E_DIGEST_MISMATCH', saw: 'by sample_linux', next: /./ });
  fs.rmSync(`${file}.sha256`);
  fs.copyFileSync(path.join(scene.releases, NEW, 'checksums.txt'), path.join(carried, 'checksums.txt'));
  expect(await install('--dry-run')).toMatchObject({ exit: 0 });
  expect(fs.existsSync(scene.state)).toBe(false);
  expect(fs.existsSync(file)).toBe(true);
  await expectUntouched(scene, before);

  fs.rmSync(path.join(carried, 'checksums.txt'));
  fs.writeFileSync(`${file}.sha256`, `${digestOf(file)}\n`);
  const { exit, stdout } = await install('--yes');
  expect(exit).toBe(0);
  expect(stdout).toContain(`upgraded from ${OLD} to ${NEW}`);
  expect(await scene.answers()).toBe(NEW);
});

test('what is no tarball', async () => {
  await using scene = await openScene({ versions: [OLD] });
  const install = (...words: string[]) => scene.refit(['install', '--yes', ...words]);
  expectError(await install(), { exit: 2, code: 'E_USAGE', saw: 'without a tarball', next: '--from-tarball FILE' });
  expectError(await install('--from-tarball', '/nowhere.tar.gz'), {
    exit: 4,
    code: 'E_NOT_FOUND',
    saw: '/nowhere.tar.gz',
    next: /./,
  });
  expectError(await install('--from-tarball', scene.prefix), {
    exit: 4,
    code: 'E_NOT_FOUND',
    saw: 'saw a directory',
    next: '--from-tarball FILE',
  });
  expect(await scene.answers()).toBe(OLD);
});
