import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildReleases } from '../../scripts/build-sample.mjs';
import { tarGz, tarMember } from '../release/tarball.ts';
import { type Before, expectError, expectFailedRun, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';
import { digestOf } from './support/tree.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;

let scene: Scene;
let before: Before;
let folder: string;

beforeAll(async () => {
  scene = await openScene({ versions: [OLD, NEW] });
  before = await look(scene);
  folder = path.join(scene.releases, NEW);
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(() => {
  buildReleases({ out: scene.releases, versions: [OLD, NEW] });
  // What an earlier test made refit fetch is of another release.
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true, force: true });
});

const upgrade = (...words: string[]): Promise<Outcome> => scene.upgrade(['--to', NEW, ...words]);

/** Puts other bytes in place of the archive, and an honest list of digests beside them. */
function release(archive: Buffer): void {
  fs.writeFileSync(path.join(folder, ARCHIVE), archive);
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.gz'));
  fs.writeFileSync(
    path.join(folder, 'checksums.txt'),
    names.map((name) => `${digestOf(path.join(folder, name))}  ${name}\n`).join(''),
  );
}

test('a wrong digest: refused, the file removed; mended at the source, the second try works', async () => {
  buildReleases({ out: scene.releases, versions: [OLD, NEW], breaks: { [NEW]: 'checksum' } });
  const wrong = {
    exit: 6,
    code: 'E_DIGEST_MISMATCH',
    saw: /expected [0-9a-f]{64} by checksums.txt/,
    next: 'ask the publisher',
  };
  expectFailedRun(await upgrade(), wrong);
  expect(fs.existsSync(path.join(scene.state, 'releases', NEW, ARCHIVE))).toBe(false);
  await expectUntouched(scene, before);
  buildReleases({ out: scene.releases, versions: [OLD, NEW] });
  expect(await scene.refit(['fetch', '--yes', '--source', scene.releases, '--to', NEW])).toMatchObject({ exit: 0 });
  expect(await scene.refit(['verify'])).toMatchObject({ exit: 0 });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('--sha256 is of the archive with the binary; the other architecture is proven as ever', async () => {
  const pin = digestOf(path.join(folder, ARCHIVE));
  const fetched = await scene.refit(['fetch', '--yes', '--source', scene.releases, '--to', NEW, '--sha256', pin]);
  expect(fetched).toMatchObject({ exit: 0 });
  expect(await scene.refit(['verify'])).toMatchObject({ exit: 0 });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('digests that contradict each other are both distrusted', async () => {
  fs.writeFileSync(path.join(folder, `${ARCHIVE}.sha256`), `${'0'.repeat(64)}  ${ARCHIVE}\n`);
  const saw = new RegExp(`checksums\\.txt says [0-9a-f]{64}, ${ARCHIVE}\\.sha256 says 0{64}`);
  expectFailedRun(await upgrade(), { exit: 6, code: 'E_DIGEST_MISMATCH', saw, next: 'trust neither until then' });
  fs.rmSync(path.join(folder, `${ARCHIVE}.sha256`));
  await expectUntouched(scene, before);
});

test('a server for another processor', async () => {
  buildReleases({ out: scene.releases, versions: [OLD, NEW], breaks: { [NEW]: 'noexec' } });
  expectFailedRun(await upgrade(), { exit: 6, code: 'E_ARCH_MISMATCH', saw: /ELF/, next: /./ });
  await expectUntouched(scene, before);
});

test('a tarball that would write elsewhere', async () => {
  release(tarGz(tarMember({ name: 'sample' }, 'x'), tarMember({ name: '../../../../tmp/refit-was-here' }, 'x')));
  expectFailedRun(await upgrade(), { exit: 6, code: 'E_ARCHIVE_UNSAFE', saw: /refit-was-here/, next: /./ });
  expect(fs.existsSync('/tmp/refit-was-here')).toBe(false);
  await expectUntouched(scene, before);
});

test('the release of another version under this label', async () => {
  release(fs.readFileSync(path.join(scene.releases, OLD, ARCHIVE)));
  expectFailedRun(await upgrade(), {
    exit: 6,
    code: 'E_VERSION_MISMATCH',
    saw: /v0\.2\.9.*v0\.2\.13|v0\.2\.13.*v0\.2\.9/,
    next: /./,
  });
  await expectUntouched(scene, before);
});

test('no digest at all: refused unless --sha256 pins it, and a wrong pin is refused', async () => {
  fs.rmSync(path.join(folder, 'checksums.txt'));
  const missing = { exit: 6, code: 'E_DIGEST_MISSING', saw: 'saw no digest of it', next: '--sha256' };
  expectFailedRun(await upgrade(), missing);
  const usage = { exit: 2, code: 'E_USAGE', saw: 'expected 64 hexadecimal digits', next: 'sha256sum' };
  expectError(await upgrade('--sha256', 'beef'), usage);
  const wrong = await upgrade('--sha256', createHash('sha256').update('other').digest('hex'));
  expectFailedRun(wrong, { exit: 6, code: 'E_DIGEST_MISMATCH', saw: 'by --sha256', next: /./ });
  await expectUntouched(scene, before);
  // It pins one archive; without agents of the other architecture one is enough.
  const other = `share/sample/bin/sample-agent-linux-${ARCH === 'amd64' ? 'arm64' : 'amd64'}`;
  fs.rmSync(path.join(scene.prefix, other));
  expect(await upgrade('--sha256', digestOf(path.join(folder, ARCHIVE)))).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(NEW);
});
