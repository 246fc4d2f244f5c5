import { expect, test } from 'vitest';
import { readDatabase } from './support/database.ts';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { releases } from './support/releases.ts';

const releasesDir = releases();

async function visit({ host, installed }: Dockmesh, note: string): Promise<void> {
  host.must([
    'curl',
    '-sSf',
    '-o',
    '/dev/null',
    '-d',
    JSON.stringify({ note }),
    `${installed.url}/api/v1/sample/visit`,
  ]);
}

const notes = (dockmesh: Dockmesh): readonly unknown[] =>
  dockmesh.contents().tables['visits']?.map(({ note }) => note) ?? [];

/** Databases in the folders of what was moved aside. */
const displaced = ({ host }: Dockmesh): readonly string[] =>
  host
    .must(['sh', '-c', 'find /var/lib/dockmesh/.refit-generations -path "*-before-rollback*" -name dockmesh.db'])
    .split('\n')
    .filter(Boolean);

test('a later rollback: the version and the data of before, and what was written since is kept aside', async () => {
  await using dockmesh = await bootDockmesh('later');
  await visit(dockmesh, 'before');
  const before = look(dockmesh);
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  await visit(dockmesh, 'since');
  expect(await dockmesh.refit(['rollback'])).toMatchObject({ exitCode: 2 });
  const { exitCode, stdout } = await dockmesh.refit(['rollback', '--yes']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('rolled back from v0.2.13 to v0.2.9; it was away for ');
  await expectOld(dockmesh, { releasesDir, before });
  expect(notes(dockmesh)).not.toContain('since');
  const [kept = ''] = displaced(dockmesh);
  const { tables } = readDatabase(`${dockmesh.host.root()}${kept}`);
  expect(tables['visits']?.map(({ note }) => note)).toContain('since');
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

const POINTS = [
  'step.begin stop',
  'step.end copy-data',
  'rename /usr/local/bin/dockmesh',
  'step.end restore-files',
  'step.end start',
];

test.each(POINTS)('a later rollback, killed at %s: resume finishes, or goes back to the new version', async (point) => {
  await using dockmesh = await bootDockmesh('cut');
  const { host } = dockmesh;
  const before = look(dockmesh);
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  await visit(dockmesh, 'since');
  const since = look(dockmesh);
  const cut = async (): Promise<void> => {
    const { viewer } = await dockmesh.stopAt(point, ['rollback', '--yes']);
    host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
    expect((await viewer).exitCode).toBe(9);
  };
  await cut();
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  await expectOld(dockmesh, { releasesDir, before: since, version: 'v0.2.13' });
  await cut();
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
  await expectOld(dockmesh, { releasesDir, before });
});

test('a release that does not stop: killed by its manager, and still rolled back', async () => {
  const stubborn = releases({ 'v0.2.13': 'nostop' });
  await using dockmesh = await bootDockmesh('stubborn', { releasesDir: stubborn });
  const { host } = dockmesh;
  host.must(['mkdir', '-p', '/etc/systemd/system/dockmesh.service.d']);
  dockmesh.write('/etc/systemd/system/dockmesh.service.d/own.conf', '[Service]\nTimeoutStopSec=1s\n');
  host.must(['systemctl', 'daemon-reload']);
  const before = look(dockmesh);
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  await expectOld(dockmesh, { releasesDir: stubborn, before });
});
