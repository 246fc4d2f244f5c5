import { expect, test } from 'vitest';
import { NEW, OLD, openScene } from './support/scene.ts';

const MIDDLE = 'v0.2.10';

test('how long it will take: at first from how fast the data is read, then as the runs before it', async () => {
  await using scene = await openScene({ versions: [OLD, MIDDLE, NEW] });
  const plan = (...words: string[]) => scene.refit(['plan', '--to', NEW, '--source', scene.releases, ...words]);
  const estimateOf = async () =>
    (JSON.parse((await plan('-o', 'json')).stdout) as { estimate: object | null }).estimate;
  expect(await estimateOf()).toEqual({
    seconds: expect.any(Number),
    windowMs: null,
    because: 'from how fast its data can be read: no such run here yet',
  });
  expect((await plan()).stdout).toMatch(/^ {2}takes {3}about \d+ s \(from how fast/m);
  expect(await scene.upgrade(['--to', MIDDLE])).toMatchObject({ exit: 0 });
  expect(await estimateOf()).toEqual({
    seconds: expect.any(Number),
    windowMs: expect.any(Number),
    because: 'as in the last run',
  });
  expect((await plan()).stdout).toMatch(
    /^ {2}takes {3}about .*, of it [\d.]+ m?s without service \(as in the last run\)$/m,
  );
  const back = await scene.refit(['rollback', '--dry-run', '-o', 'json']);
  expect(JSON.parse(back.stdout)).toMatchObject({ estimate: { because: expect.stringContaining('no such run') } });
});
