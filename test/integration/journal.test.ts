import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { linesOf, ofRun, runsOf } from './support/journal.ts';
import { errorOf, expectError, expectNew, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const fetchOnly = (scene: Scene) => scene.refit(['fetch', '--yes', '--source', scene.releases, '--to', NEW]);

test('a damaged journal, and one of a newer refit: refused by all that would act on it; nothing is reset', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  expect(await fetchOnly(scene)).toMatchObject({ exit: 0 });
  const journal = ofRun(scene, 'journal.jsonl');
  const whole = fs.readFileSync(journal, 'utf8');
  const [first = ''] = whole.split('\n');

  fs.writeFileSync(journal, whole.replace('"step.begin"', '"step.bogin"'));
  const corrupt = {
    exit: 11,
    code: 'E_JOURNAL_CORRUPT',
    saw: `Cannot trust ${journal}: line 2 is damaged`,
    next: 'refit status',
  };
  for (const words of [
    ['resume'],
    ['rollback', '--yes'],
    ['upgrade', '--yes', '--source', scene.releases],
    ['attach'],
  ]) {
    expectError(await scene.refit(words), corrupt);
  }
  expect((await scene.refit(['status'])).stdout.split('\n')[0]).toBe(
    `sample is active (running) at ${OLD} and answers`,
  );
  expect(fs.readFileSync(journal, 'utf8')).toContain('"step.bogin"');

  const newer = first.replace('"format":1', '"format":2').replace(/,"sum":"[0-9a-f]{8}"\}$/, '');
  fs.writeFileSync(journal, `${newer},"sum":"${crc32(newer).toString(16).padStart(8, '0')}"}\n`);
  const { exit, ...rest } = await scene.refit(['resume', '-o', 'json']);
  expect({ exit, ...errorOf({ exit, ...rest }) }).toMatchObject({
    exit: 11,
    code: 'E_JOURNAL_NEWER',
    message: expect.stringContaining('saw journal format 2, this version knows 1'),
    hint: expect.stringContaining('newer'),
  });

  fs.writeFileSync(journal, `${whole}{"format":1,"n":${whole.split('\n').length - 1},"at":"20`);
  expect((await scene.refit(['status'])).stdout).toContain(`upgrade ${OLD} -> ${NEW} is paused`);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  expect(linesOf(journal).at(-1)).toMatchObject({ type: 'run.end', outcome: 'committed' });
  await expectNew(scene, before);
});

test('a clock that jumped back: the newest run is still the last one', async () => {
  await using scene = await openScene();
  const entry = path.join(import.meta.dirname, 'support/tomorrow.ts');
  expect(await scene.upgrade(['--to', 'v0.2.10'], { entry })).toMatchObject({ exit: 0 });
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  const { stdout } = await scene.refit(['history', '-o', 'json']);
  const { runs } = JSON.parse(stdout) as { runs: { run: string; from: string; to: string }[] };
  expect(runs.map(({ from, to }) => `${from} ${to}`)).toEqual([`v0.2.10 ${NEW}`, `${OLD} v0.2.10`]);
  expect(runsOf(scene)).toEqual(runs.map(({ run }) => run).reverse());
  expect((await scene.refit(['status'])).stdout).toContain('refit rollback goes back to v0.2.10');
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe('v0.2.10');
});
