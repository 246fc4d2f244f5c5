import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectError, expectOld, look } from './support/outcome.ts';
import { NEW, OLD, openScene } from './support/scene.ts';
import { treeOf } from './support/tree.ts';

test('rollback after a commit: the version and the data of before, asked first', async () => {
  await using scene = await openScene();
  expectError(await scene.refit(['rollback', '--yes']), {
    exit: 4,
    code: 'E_NOTHING_TO_ROLL_BACK',
    saw: 'no committed run',
    next: 'refit history',
  });
  const before = await look(scene);
  expect(await scene.upgrade(['--to', 'v0.2.x'])).toMatchObject({ exit: 0 });
  const body = JSON.stringify({ note: 'written after the upgrade' });
  await fetch(`${scene.installed.url}/api/v1/sample/visit`, { method: 'POST', body });
  const upgraded = treeOf(scene.prefix);
  const dry = await scene.refit(['rollback', '--dry-run', '-o', 'json']);
  expect({ exit: dry.exit, ...JSON.parse(dry.stdout) }).toMatchObject({
    exit: 0,
    purpose: 'rollback',
    from: NEW,
    to: OLD,
    loses: {
      tables: expect.arrayContaining([
        { name: 'schema_migrations', before: 8, now: 10 },
        { name: 'audit_log', before: 2, now: 3 },
      ]),
      audits: 1,
    },
  });
  const text = (await scene.refit(['rollback', '--dry-run'])).stdout;
  expect(text).toMatch(/ {10}rows of audit_log 2 -> 3/);
  expect(text).toContain('          files: none');
  expectError(await scene.refit(['rollback']), {
    exit: 2,
    code: 'E_CONFIRMATION_NEEDED',
    saw: 'not a terminal',
    next: '--yes',
  });
  expect(treeOf(scene.prefix)).toEqual(upgraded);
  const { exit, stdout } = await scene.refit(['rollback', '--yes']);
  expect(exit).toBe(0);
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    'sample is active (running) at v0.2.9 and answers',
    expect.stringMatching(/^rolled back from v0\.2\.13 to v0\.2\.9; it was away for /),
    'next: refit status',
  ]);
  const { files: _kept, ...rest } = before;
  const { files: _now, ...now } = await look(scene);
  expect({ ...now, pid: rest.pid }).toEqual(rest);
  const { exit: again } = await scene.upgrade(['--to', 'v0.2.x']);
  expect({ again, version: await scene.answers() }).toEqual({ again: 0, version: NEW });
});

test('the version before knows every migration: the binaries go back, and nothing written since is lost', async () => {
  await using scene = await openScene();
  for (const tag of ['v0.2.10', NEW]) expect(await scene.upgrade(['--to', tag])).toMatchObject({ exit: 0 });
  const body = JSON.stringify({ note: 'written after the upgrade' });
  await fetch(`${scene.installed.url}/api/v1/sample/visit`, { method: 'POST', body });
  const notes = async (): Promise<string> => JSON.stringify((await look(scene)).contents);
  expect(await notes()).toContain('written after the upgrade');
  const forced = await scene.refit(['rollback', '--dry-run', '--restore-data']);
  expect(forced.stdout).toContain('loses   what was written since');
  const { exit, stdout } = await scene.refit(['rollback', '--yes']);
  expect({ exit, version: await scene.answers() }).toEqual({ exit: 0, version: 'v0.2.10' });
  expect(stdout).toContain('keeps   the data as it is: v0.2.10 knows every migration in it');
  expect(stdout).not.toContain('loses');
  expect(await notes()).toContain('written after the upgrade');
});

test('migrations that a profile calls additive: the binaries go back, and the newer rows stay', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const profile = path.join(scene.directory, 'additive.yaml');
  const builtin = fs.readFileSync(path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml'), 'utf8');
  const line = '  failure_lines: [db migrate failed]\n';
  expect(builtin).toContain(line);
  fs.writeFileSync(profile, builtin.replace(line, `${line}  additive: [{ from: ${OLD}, to: ${NEW} }]\n`));
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  const { contents } = await look(scene);
  expect((await scene.refit(['rollback', '--dry-run'])).stdout).toMatch(/because v0\.2\.9 does not know 034_\S+\.sql/);
  const { exit, stdout } = await scene.refit(['rollback', '--yes', '--profile', profile]);
  expect({ exit, version: await scene.answers() }).toEqual({ exit: 0, version: OLD });
  expect(stdout).toContain('keeps   the data as it is: the profile says that what came from v0.2.9 to');
  expect((await look(scene)).contents.schema).toEqual(contents.schema);
});

test('a release that is not healthy: restored by itself, exit 7, its words are kept', async () => {
  await using scene = await openScene({ breaks: { [NEW]: 'boot' } });
  const before = await look(scene);
  const { exit, stdout } = await scene.upgrade(['--to', NEW]);
  expect(exit).toBe(7);
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    'sample is active (running) at v0.2.9 and answers',
    expect.stringMatching(/^failed and restored to v0\.2\.9: .* \[E_[A-Z_]+\]/),
    expect.stringContaining('evidence'),
  ]);
  await expectOld(scene, before);
});
