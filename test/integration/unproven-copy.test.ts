import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, notesOf, ofRun, runsOf } from './support/journal.ts';
import { errorOf, expectKept, expectNew, look, serverPid } from './support/outcome.ts';
import { until } from './support/processes.ts';
import { profileWith } from './support/profile.ts';
import { NEW, type Outcome, openScene, type Scene } from './support/scene.ts';

/** An upgrade whose copy of the data is damaged after the new version has started, and before it is proven. */
async function upgradeWithBadCopy(scene: Scene): Promise<Outcome> {
  const known = runsOf(scene).length;
  const run = scene.upgrade(['--to', NEW, '--profile', profileWith(scene, { soak: '2s' })]);
  await until('the soak', () => runsOf(scene).length > known && notesOf(scene).includes('watching it for'));
  const generation = path.join(scene.installed.state, '.refit-generations/sample', runsOf(scene).at(-1) ?? '');
  const copy = path.join(generation, 'tree', fs.realpathSync(scene.installed.database));
  const bytes = fs.readFileSync(copy);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  fs.writeFileSync(copy, bytes);
  return run;
}

const lastOf = (scene: Scene): unknown => linesOf(ofRun(scene, 'journal.jsonl')).at(-1);

test.concurrent('no way back: paused with the new version up, refused a rollback, kept by its name', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const { exit, stdout } = await upgradeWithBadCopy(scene);
  expect({ exit, lines: stdout.trimEnd().split('\n').slice(-3) }).toEqual({
    exit: 9,
    lines: [
      'sample is active (running) at v0.2.13 and answers',
      expect.stringMatching(
        /^paused at v0\.2\.13: Cannot undo this upgrade any more: the copy of the data cannot be trusted: .*\[E_COPY_UNPROVEN\]/,
      ),
      'next: refit resume tries the copy again, refit resume --waive no-way-back stays at v0.2.13',
    ],
  });
  expect(lastOf(scene)).toMatchObject({ type: 'run.pause', reason: 'no-way-back' });
  const pid = serverPid(scene);

  const refused = await scene.refit(['rollback', '--yes', '-o', 'json']);
  expect(refused.exit).toBe(9);
  expect(errorOf(refused)).toMatchObject({
    code: 'E_COPY_UNPROVEN',
    message: expect.stringMatching(/^Cannot go back: /),
    hint: expect.stringContaining('--waive no-way-back stays at v0.2.13'),
  });
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 9 });
  expect([serverPid(scene), await scene.answers()]).toEqual([pid, NEW]);
  await expectKept(scene, before, NEW);

  const stays = await scene.refit(['resume', '--waive', 'no-way-back']);
  expect(stays).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('; warning: the copy of the data cannot be'),
  });
  await expectNew(scene, before);
  const late = await scene.refit(['rollback', '--yes', '-o', 'json']);
  expect({ exit: late.exit, code: errorOf(late).code }).toEqual({ exit: 4, code: 'E_NOTHING_TO_ROLL_BACK' });
});

test.concurrent('no migration between the two: the binaries alone go back, and nothing written since is lost', async () => {
  await using scene = await openScene();
  expect(await scene.upgrade(['--to', 'v0.2.10'])).toMatchObject({ exit: 0 });
  const before = await look(scene);
  const { exit, stdout } = await upgradeWithBadCopy(scene);
  expect(exit).toBe(9);
  expect(stdout).toContain('stays at v0.2.13, refit rollback goes back and leaves the data as it is\n');
  const body = JSON.stringify({ note: 'written by the new version' });
  await fetch(`${scene.installed.url}/api/v1/sample/visit`, { method: 'POST', body });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  const now = await look(scene);
  expect({ version: now.version, files: now.files, data: now.data }).toEqual({
    version: 'v0.2.10',
    // With what the upgrade before kept beside the binary.
    files: before.files,
    data: before.data,
  });
  const notes = (contents: typeof now.contents) => contents.tables['visits']?.map(({ note }) => note);
  expect(notes(now.contents)).toEqual([...(notes(before.contents) ?? []), 'written by the new version']);
});
