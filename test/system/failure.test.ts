import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, type DockmeshOptions } from './support/dockmesh.ts';
import { expectOld, look } from './support/outcome.ts';
import { NEW, OLD, releases } from './support/releases.ts';

type Mode = NonNullable<Parameters<typeof releases>[0]>[string];

async function broken(mode: Mode, options: DockmeshOptions = {}) {
  const releasesDir = releases({ [NEW]: mode });
  const dockmesh = await bootDockmesh('broken', { releasesDir, ...options });
  return { dockmesh, expected: { releasesDir, before: look(dockmesh) } };
}

const pid = ({ host, installed }: Dockmesh): string =>
  host.must(['systemctl', 'show', '-P', 'MainPID', installed.unit]);

const logged = ({ host, installed }: Dockmesh): string => host.must(['journalctl', '-u', installed.unit, '-o', 'cat']);

function dropIn({ host, installed, write }: Dockmesh, text: string): void {
  host.must(['mkdir', '-p', `/etc/systemd/system/${installed.unit}.d`]);
  write(`/etc/systemd/system/${installed.unit}.d/own.conf`, text);
  host.must(['systemctl', 'daemon-reload']);
}

test.each(['migration', 'boot', 'health', 'agentport', 'wiped'] as const)(
  'a release broken by %s: restored, exit 7',
  async (mode) => {
    const { dockmesh, expected } = await broken(mode);
    await using _ = dockmesh;
    const { exitCode, stdout } = await dockmesh.upgrade('--no-rehearse');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/^failed and restored to v0\.2\.9: .*; it was away for /m);
    await expectOld(dockmesh, expected);
  },
);

test('a crash loop: a start limit that the release used up is no obstacle on the way back', async () => {
  const { dockmesh, expected } = await broken('crashloop', { restartSec: '100ms' });
  await using _ = dockmesh;
  dropIn(dockmesh, '[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=1h\n');
  const { exitCode } = await dockmesh.upgrade();
  expect(exitCode).toBe(7);
  expect(logged(dockmesh)).toMatch(/Start request repeated too quickly|config load failed/);
  await expectOld(dockmesh, expected);
});

test('a release that ends without a word: decided at its second failure', async () => {
  // Long enough for a busy machine to look in between.
  const { dockmesh, expected } = await broken('none', { restartSec: '3s' });
  await using _ = dockmesh;
  dropIn(dockmesh, `[Service]\nExecStartPre=/bin/sh -c '! grep -q "version.:.${NEW}" ${dockmesh.installed.binary}'\n`);
  const { exitCode, stdout } = await dockmesh.upgrade();
  expect(exitCode).toBe(7);
  expect(stdout).toMatch(/saw unit activating \(exit-code.*\), 1 restarts, expected an answer \[E_SERVICE_START\]/);
  expect(logged(dockmesh).match(/restart counter is at \d+/g)).toEqual(['restart counter is at 1']);
  await expectOld(dockmesh, expected);
});

test.each([
  ['checksum', 6, 'E_DIGEST_MISMATCH'],
  ['migration', 4, 'E_MIGRATION_FAILED'],
  ['noexec', 6, 'E_ARCH_MISMATCH'],
] as const)('a release broken by %s is met before the service is stopped: exit %i', async (mode, exit, code) => {
  const { dockmesh, expected } = await broken(mode);
  await using _ = dockmesh;
  const running = pid(dockmesh);
  const { exitCode, stdout, stderr } = await dockmesh.upgrade();
  expect(stdout + stderr).toContain(code);
  expect(exitCode).toBe(exit);
  expect(pid(dockmesh)).toBe(running);
  await expectOld(dockmesh, expected);
});

test('a sick server is brought back as sick as it was', async () => {
  const releasesDir = releases({ [OLD]: 'health', [NEW]: 'boot' });
  await using dockmesh = await bootDockmesh('sick', { releasesDir });
  const { exitCode } = await dockmesh.upgrade();
  expect(exitCode).toBe(7);
  expect(dockmesh.filesOf(releasesDir, OLD)).toEqual([]);
  expect(await dockmesh.status()).toBe('dockmesh.service is active (running) at v0.2.9 and does not answer');
  expect(dockmesh.leftovers()).toEqual([]);
});
