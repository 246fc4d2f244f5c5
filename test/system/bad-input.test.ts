import { existsSync, lstatSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, type DockmeshOptions, REFIT, runIn, UPGRADE } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { NEW, OLD, releases } from './support/releases.ts';

const releasesDir = releases();
const sh = ({ host }: Dockmesh, script: string): string => host.must(['sh', '-ec', script]);

/** What is wrong with the host, and which finding says so. */
const FINDINGS: readonly (readonly [what: string, code: string, script: string])[] = [
  [
    'a unit that is stopped, and the binary run by hand',
    'unit-inactive',
    'systemctl stop dockmesh; set -a; . /var/lib/dockmesh/dockmesh.env; systemd-run --quiet --unit=hand -E DOCKMESH_DB_PATH /usr/local/bin/dockmesh --env-file /var/lib/dockmesh/dockmesh.env serve',
  ],
  [
    'a unit that was changed and not read again',
    'unit-changed',
    'echo "# changed" >> /etc/systemd/system/dockmesh.service',
  ],
  [
    'a server that would go back to its wizard',
    'setup-force',
    'echo DOCKMESH_SETUP_FORCE=true >> /var/lib/dockmesh/dockmesh.env',
  ],
  [
    'a binary of a package',
    'package-owned',
    'printf "Package: own\\nStatus: install ok installed\\nMaintainer: us\\nArchitecture: all\\nVersion: 1\\nDescription: own\\n\\n" >> /var/lib/dpkg/status; echo /usr/local/bin/dockmesh > /var/lib/dpkg/info/own.list',
  ],
  [
    'binaries on a read-only mount',
    'read-only',
    'mount --bind /usr/local/bin /usr/local/bin; mount -o remount,bind,ro /usr/local/bin',
  ],
  [
    'a file mounted over the binary',
    'mount-point',
    'cp -a /usr/local/bin/dockmesh /srv/mounted; mount --bind /srv/mounted /usr/local/bin/dockmesh',
  ],
  [
    'data on a disk that is too small',
    'low-space',
    'systemctl stop dockmesh; mv /var/lib/dockmesh /srv/data; mkdir /var/lib/dockmesh; mount -t tmpfs -o size=2m tmpfs /var/lib/dockmesh; cp -a /srv/data/. /var/lib/dockmesh; systemctl start dockmesh',
  ],
];

test.each(FINDINGS)('%s: refused by %s, and nothing is changed', async (_what, code, script) => {
  await using dockmesh = await bootDockmesh('bad');
  sh(dockmesh, script);
  const before = look(dockmesh);
  const { exitCode, stderr } = await dockmesh.upgrade();
  expect(stderr).toContain(`${code} (`);
  expect(stderr).toContain(`--waive ${code}`);
  expect(exitCode).toBe(4);
  expect(look(dockmesh)).toEqual(before);
  expect(dockmesh.filesOf(releasesDir, 'v0.2.9')).toEqual([]);
  expect(dockmesh.leftovers()).toEqual([]);
  expect(existsSync(`${dockmesh.host.root()}/var/lib/refit`)).toBe(false);
});

test('an immutable binary, on a file system that knows them', async () => {
  const disk = { megabytes: 512, directories: ['/usr/local/bin'] };
  await using dockmesh = await bootDockmesh('immutable', { disk });
  sh(dockmesh, 'chattr +i /usr/local/bin/dockmesh');
  const { exitCode, stderr } = await dockmesh.upgrade();
  sh(dockmesh, 'chattr -i /usr/local/bin/dockmesh');
  expect(stderr).toContain('immutable (');
  expect(stderr).toContain('chattr -i /usr/local/bin/dockmesh');
  expect(exitCode).toBe(4);
});

test('a masked unit: it cannot be asked what it runs, and the way out is named', async () => {
  await using dockmesh = await bootDockmesh('masked');
  sh(dockmesh, 'mv /etc/systemd/system/dockmesh.service /usr/lib/systemd/system; systemctl --quiet mask dockmesh');
  sh(dockmesh, 'systemctl daemon-reload');
  const { exitCode, stderr } = await dockmesh.upgrade();
  expect(stderr).toContain('E_SERVICE_UNKNOWN');
  expect(stderr).toContain('systemctl unmask dockmesh.service');
  expect(exitCode).toBe(4);
  expect(dockmesh.filesOf(releasesDir, 'v0.2.9')).toEqual([]);
});

test('no unit: nothing to upgrade is known here', async () => {
  await using dockmesh = await bootDockmesh('bare');
  sh(
    dockmesh,
    'systemctl --quiet disable --now dockmesh; rm /etc/systemd/system/dockmesh.service; systemctl daemon-reload',
  );
  const { exitCode, stderr } = await dockmesh.upgrade();
  expect(stderr).toContain('E_INSTALLATION_UNKNOWN');
  expect(exitCode).toBe(3);
});

test('not root: refused before anything is read, and status still answers', async () => {
  await using dockmesh = await bootDockmesh('nobody');
  const before = look(dockmesh);
  const asNobody = (words: readonly string[]) =>
    runIn(dockmesh.host, [
      'setpriv',
      '--reuid=nobody',
      '--regid=nogroup',
      '--clear-groups',
      process.execPath,
      REFIT,
      ...words,
    ]);
  const { exitCode, stderr } = await asNobody(UPGRADE(dockmesh.source));
  expect(stderr).toContain('E_NOT_ROOT');
  expect(exitCode).toBe(4);
  expect((await asNobody(['status'])).stdout).toMatch(/^dockmesh\.service is active \(running\)\n/);
  await expectOld(dockmesh, { releasesDir, before });
});

test('a socket that triggers the service: said, and in the window it triggers nothing', async () => {
  await using dockmesh = await bootDockmesh('socket');
  const { host } = dockmesh;
  dockmesh.write('/etc/systemd/system/dockmesh.socket', '[Socket]\nListenStream=/run/dockmesh.sock\n');
  sh(dockmesh, 'systemctl stop dockmesh; systemctl daemon-reload; systemctl start dockmesh.socket dockmesh');
  await dockmesh.untilAnswers();
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.begin swap-files', UPGRADE(dockmesh.source));
  host.exec(['curl', '-sS', '-m', '1', '--unix-socket', '/run/dockmesh.sock', 'http://localhost/']);
  expect(dockmesh.answers()).toBeUndefined();
  dockmesh.goOn();
  const { exitCode, stdout } = await viewer;
  expect(stdout).toContain('dockmesh.socket may start it');
  expect(exitCode).toBe(0);
  await expectNew(dockmesh, { releasesDir, before });
});

/** Where the data can lie. Not below /var/lib: the hardened unit may write nowhere else. */
const PLACES: readonly (readonly [what: string, script: string])[] = [
  ['behind a link', 'mv /data/data /srv/elsewhere; ln -s /srv/elsewhere /data/data'],
  [
    'on a mount of its own',
    'mv /data/data /srv/was; mkdir /data/data; mount -t tmpfs -o size=64m tmpfs /data/data; cp -a /srv/was/. /data/data',
  ],
];

test.each(PLACES)('data %s: upgraded, rolled back, and restored after a failure', async (_what, script) => {
  const options: DockmeshOptions = { layout: 'data' };
  for (const mode of ['none', 'boot'] as const) {
    const broken = releases({ [NEW]: mode });
    await using dockmesh = await bootDockmesh('places', { ...options, releasesDir: broken });
    sh(dockmesh, `systemctl stop dockmesh; ${script}; chown --reference=/data /data/data; systemctl start dockmesh`);
    await dockmesh.untilAnswers();
    const before = look(dockmesh);
    const isLink = (): boolean => lstatSync(`${dockmesh.host.root()}/data/data`).isSymbolicLink();
    const wasLink = isLink();
    if (mode === 'none') {
      expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
      await expectNew(dockmesh, { releasesDir: broken, before });
      expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
    } else expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 7 });
    await expectOld(dockmesh, { releasesDir: broken, before });
    expect(isLink()).toBe(wasLink);
  }
});

/** Fills a mounted directory to its last byte. */
const fill = (dockmesh: Dockmesh, directory: string): string =>
  sh(
    dockmesh,
    `dd if=/dev/zero of=${directory}/filler bs=64k 2> /dev/null || dd if=/dev/zero of=${directory}/filler2 bs=1 2> /dev/null || true`,
  );

test.each(['step.begin copy-live', 'step.begin copy-data'])(
  'the disk of the data is full from %s on: restored',
  async (point) => {
    await using dockmesh = await bootDockmesh('full');
    sh(
      dockmesh,
      'systemctl stop dockmesh; mv /var/lib/dockmesh /srv/was; mkdir /var/lib/dockmesh; mount -t tmpfs -o size=64m tmpfs /var/lib/dockmesh; cp -a /srv/was/. /var/lib/dockmesh; chown dockmesh: /var/lib/dockmesh; systemctl start dockmesh',
    );
    await dockmesh.untilAnswers();
    const before = look(dockmesh);
    const { viewer } = await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
    fill(dockmesh, '/var/lib/dockmesh');
    dockmesh.goOn();
    const { exitCode, stdout } = await viewer;
    expect(stdout).toContain('E_NO_SPACE');
    expect(exitCode).toBe(point.endsWith('copy-data') ? 7 : 4);
    sh(dockmesh, 'rm -f /var/lib/dockmesh/filler*');
    await expectOld(dockmesh, { releasesDir, before });
  },
);

test('the disk of the journal is full in the window: the reserve lets it finish', async () => {
  await using dockmesh = await bootDockmesh('full');
  sh(dockmesh, 'mkdir -p /var/lib/refit; mount -t tmpfs -o size=64m tmpfs /var/lib/refit');
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.begin copy-data', UPGRADE(dockmesh.source));
  fill(dockmesh, '/var/lib/refit');
  dockmesh.goOn();
  expect([0, 7]).toContain((await viewer).exitCode);
  sh(dockmesh, 'rm -f /var/lib/refit/filler*');
  const version = await dockmesh.untilAnswers();
  await (version === NEW ? expectNew : expectOld)(dockmesh, { releasesDir, before });
});

test('an old version that does not stop in its time: killed, that is told, and what was only in its -wal is kept', async () => {
  const stubborn = releases({ [OLD]: 'nostop' });
  await using dockmesh = await bootDockmesh('stubborn', { releasesDir: stubborn });
  sh(
    dockmesh,
    'mkdir /etc/systemd/system/dockmesh.service.d; printf "[Service]\nTimeoutStopSec=1s\n" > /etc/systemd/system/dockmesh.service.d/own.conf; systemctl daemon-reload',
  );
  const { installed } = dockmesh;
  const headers = { authorization: `Bearer ${installed.token}`, 'content-type': 'application/json' };
  const url = `http://${dockmesh.host.address}:${installed.ports.http}/api/v1/sample/visit`;
  const body = JSON.stringify({ note: 'in the -wal' });
  expect((await fetch(url, { method: 'POST', headers, body })).ok).toBe(true);
  const before = look(dockmesh);
  expect(JSON.stringify(before.contents.tables)).toContain('in the -wal');
  const { exitCode, stdout } = await dockmesh.upgrade();
  expect(stdout).toContain('warning: dockmesh did not stop in its time and was killed');
  expect(exitCode).toBe(0);
  await expectNew(dockmesh, { releasesDir: stubborn, before });
});
