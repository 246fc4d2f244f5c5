import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARCH, REFIT, run } from '../support/scene.ts';
import { treeOf } from '../support/tree.ts';
import { ARCHIVES } from './cases/archives.ts';
import { SIGNATURES } from './cases/signatures.ts';
import { SOURCES } from './cases/sources.ts';
import { ARCHIVE, digest, expectRefused, openStage, type Stage } from './stage.ts';

// Each through the command that people type, to its end. All share one installed server and one mirror: what one case leaves
// behind, the next one finds, and the comparison with how it was before all of them would say so.
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  process.stderr.write(`negative corpus: ${SIGNATURES.length + SOURCES.length + ARCHIVES.length} cases\n`);
  await stage[Symbol.asyncDispose]();
});

test('the corpus is as large as it says, and no name stands for two', () => {
  const names = [...SIGNATURES, ...SOURCES, ...ARCHIVES].map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(100);
  expect(new Set(names).size).toBe(names.length);
});

describe('refit verify FILE', () => {
  test.each(SIGNATURES)('$name: $code', async ({ files, words, code, says }) => {
    const desk = fs.mkdtempSync(path.join(stage.scene.directory, 'desk-'));
    for (const [name, data] of Object.entries(files)) fs.writeFileSync(path.join(desk, name), data);
    const before = treeOf(desk);
    const argv = [process.execPath, REFIT, 'verify', 'app.tar.gz', ...words];
    const outcome = await run(argv, { env: stage.scene.environment, cwd: desk });
    expectRefused(outcome, { code, exit: 6, says });
    expect(outcome.stdout).toBe('');
    expect(treeOf(desk)).toEqual(before);
  });
});

describe('refit upgrade, from a source that lies', () => {
  test.each(SOURCES)('$name: $code', async ({ serve, code, exit, says, stays, waits, ca }) => {
    stage.serve(await serve(stage));
    const file = path.join(stage.scene.directory, 'ca.pem');
    if (ca !== undefined) fs.writeFileSync(file, ca);
    const outcome = await stage.upgrade({ waits, env: ca === undefined ? {} : { REFIT_CA_FILE: file } });
    expectRefused(outcome, { code, exit, says });
    await stage.expectUntouched(stays);
  });
});

describe('refit upgrade, to an archive whose digest is right', () => {
  test.each(ARCHIVES)('$name: $code', async ({ archive, code, saw }) => {
    const other = `sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;
    const listed = fs.readFileSync(path.join(stage.scene.releases, 'v0.2.13', 'checksums.txt'), 'utf8');
    const ofOther = listed.split('\n').find((line) => line.endsWith(other));
    stage.serve({ archive: { body: archive }, checksums: { body: `${digest(archive)}  ${ARCHIVE}\n${ofOther}\n` } });
    expectRefused(await stage.upgrade(), { code, exit: 6, says: [ARCHIVE, saw, /expected/] });
    await stage.expectUntouched();
  });
});
