import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, type DockmeshOptions, UPGRADE } from './support/dockmesh.ts';
import { expectOld, look } from './support/outcome.ts';
import { NEW, releases } from './support/releases.ts';

type Mode = NonNullable<Parameters<typeof releases>[0]>[string];

/** What systemd has a part in; the rest of the suite is test/integration/missed-rollback.test.ts. */
async function broken(mode: Mode, options: DockmeshOptions = {}) {
  const releasesDir = releases({ [NEW]: mode });
  const dockmesh = await bootDockmesh('missed', { releasesDir, ...options });
  const times = 'health: { soak: 3s, timeout: 8s }\nservice: { start_timeout: 15s, guard_interval: 1h }\n';
  dockmesh.write('/etc/refit/dockmesh.yaml', times);
  return { dockmesh, expected: { releasesDir, before: look(dockmesh) } };
}

/** What systemd counted: the old version is stopped and started by us alone. */
const restarts = ({ host, installed }: Dockmesh): readonly string[] =>
  host.must(['journalctl', '-u', installed.unit, '-o', 'cat']).match(/restart counter is at \d+/g) ?? [];

function expectReverted({ exitCode, stdout }: { exitCode: number; stdout: string }, saw: RegExp): void {
  const happened = stdout.trimEnd().split('\n').at(-2);
  expect({ exitCode, happened }).toEqual({
    exitCode: 7,
    happened: expect.stringMatching(/^failed and restored to v0\.2\.9: /),
  });
  expect(happened).toMatch(saw);
}

test('a crash loop with RestartSec 5 s: decided at the second non-zero exit', async () => {
  const { dockmesh, expected } = await broken('silent', { restartSec: '5s' });
  await using _ = dockmesh;
  const saw = /saw unit activating \(exit-code, exit 1\), 1 restarts, expected an answer \[E_SERVICE_START\]/;
  expectReverted(await dockmesh.upgrade(), saw);
  expect(restarts(dockmesh)).toEqual(['restart counter is at 1']);
  await expectOld(dockmesh, expected);
});

test('a crash loop with RestartSec 0.1 s: decided before systemd gives it up', async () => {
  const { dockmesh, expected } = await broken('silent', { restartSec: '100ms' });
  await using _ = dockmesh;
  expectReverted(
    await dockmesh.upgrade(),
    /saw unit \w+ \(.*\), [1-4] restarts, expected an answer \[E_SERVICE_START\]/,
  );
  // On a busy machine more of them have ended before anybody can look; systemd would have given up after the fifth start.
  expect(restarts(dockmesh)).not.toContain('restart counter is at 5');
  await expectOld(dockmesh, expected);
});

test.each(['100ms', '5s'])('one that answers before each of its crashes, RestartSec %s', async (restartSec) => {
  const { dockmesh, expected } = await broken('crashloop', { restartSec });
  await using _ = dockmesh;
  expectReverted(await dockmesh.upgrade(), /config load failed|unit \w+ \(.*\), \d restarts|: saw .*(ECONN|hang up)/);
  await expectOld(dockmesh, expected);
});

test.each<[Mode, RegExp]>([
  ['dies-late', /not stable: unit activating \(exit-code, exit 1\)|: saw .*(ECONN|hang up)/],
  ['ends-late', /not stable: unit inactive \(success/],
])('ready, and ended by itself in the soak (%s)', async (mode, saw) => {
  const { dockmesh, expected } = await broken(mode);
  await using _ = dockmesh;
  expectReverted(await dockmesh.upgrade(), saw);
  await expectOld(dockmesh, expected);
});

test('a binary that cannot be executed', async () => {
  const { dockmesh, expected } = await broken('none', { restartSec: '1s' });
  await using _ = dockmesh;
  const { viewer } = await dockmesh.stopAt('step.end swap-files', UPGRADE(dockmesh.source));
  // Fine when it was verified: by then somebody mounts, or marks, what was sound.
  dockmesh.host.must(['chmod', '0644', dockmesh.installed.binary]);
  dockmesh.goOn();
  expectReverted(await viewer, /saw unit activating \(exit-code, exit 203\), 1 restarts, expected an answer/);
  await expectOld(dockmesh, expected);
});
