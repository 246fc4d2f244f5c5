import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { releases } from './support/releases.ts';

const releasesDir = releases();
const UP = (version: string): string => `dockmesh.service is active (running) at ${version} and answers`;
const DOWN = 'dockmesh.service is inactive (dead) at v0.2.13 and does not answer';

const fetch = ({ source }: Dockmesh): readonly string[] => ['fetch', '--to', 'v0.2.x', '--source', source, '--yes'];

/** Types one stage; its last lines. */
async function type(dockmesh: Dockmesh, words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await dockmesh.refit(words);
  expect({ words, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ words, exitCode: 0, stderr: '' });
  return stdout.trimEnd().split('\n').slice(-3).join('\n');
}

test('stages typed one by one: each says what is true, the service is down after swap, the last one commits', async () => {
  await using dockmesh = await bootDockmesh('stages');
  const before = look(dockmesh);
  expect(await dockmesh.refit(['verify'])).toMatchObject({ exitCode: 4 });
  for (const words of [fetch(dockmesh), ['verify'], ['backup']]) {
    expect(await type(dockmesh, words)).toContain(UP('v0.2.9'));
  }
  expect(await dockmesh.refit(['migrate'])).toMatchObject({ exitCode: 2 });
  expect(await dockmesh.refit(['swap'])).toMatchObject({ exitCode: 2 });
  const swapped = await type(dockmesh, ['swap', '--yes']);
  expect(swapped).toContain(DOWN);
  expect(swapped).toContain('refit migrate');
  expect(dockmesh.answers()).toBeUndefined();
  expect(await type(dockmesh, ['migrate'])).toContain(UP('v0.2.13'));
  expect(await type(dockmesh, ['verify-health'])).toContain(UP('v0.2.13'));
  await expectNew(dockmesh, { releasesDir, before });
});

test('upgrade after some stages goes on from there, in the same run', async () => {
  await using dockmesh = await bootDockmesh('stages');
  const before = look(dockmesh);
  await type(dockmesh, fetch(dockmesh));
  await type(dockmesh, ['verify']);
  const run = dockmesh.runDirectory();
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  expect(dockmesh.runDirectory()).toBe(run);
  await expectNew(dockmesh, { releasesDir, before });
});

test.each([
  ['resume', expectNew],
  ['rollback', expectOld],
] as const)('a typed swap survives a reboot, and %s ends it', async (verb, expectEnd) => {
  await using dockmesh = await bootDockmesh('stages');
  const before = look(dockmesh);
  for (const words of [fetch(dockmesh), ['verify'], ['backup'], ['swap', '--yes']]) await type(dockmesh, words);
  await dockmesh.host.reboot();
  expect(await dockmesh.status()).toBe(DOWN);
  expect(dockmesh.host.exec(['systemctl', 'start', 'dockmesh']).exitCode).toBe(1);
  await type(dockmesh, verb === 'resume' ? ['resume'] : ['rollback', '--yes']);
  await expectEnd(dockmesh, { releasesDir, before });
});
