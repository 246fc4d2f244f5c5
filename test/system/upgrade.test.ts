import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bootDockmesh, UPGRADE } from './support/dockmesh.ts';
import { expectNew, look } from './support/outcome.ts';
import { memberDigest, OLD, releases } from './support/releases.ts';

const SERVE = resolve(import.meta.dirname, '../../scripts/serve-releases.mjs');
const releasesDir = releases();

test('from a directory: a hardened unit in /var/lib, its attributes, the binary of before, a line in the log', async () => {
  await using dockmesh = await bootDockmesh('directory');
  const { host, installed } = dockmesh;
  const before = look(dockmesh);
  host.must(['setcap', 'cap_net_bind_service=+ep', installed.binary]);
  host.must(['setfattr', '-n', 'user.owner', '-v', 'us', installed.binary]);
  const { viewer } = await dockmesh.stopAt('step.begin copy-data', UPGRADE(dockmesh.source));
  expect(host.must(['systemctl', 'show', '-P', 'ActiveState', 'refit-dockmesh'])).toBe('active');
  expect(host.must(['systemctl', 'show', '-P', 'KillMode', 'refit-dockmesh'])).toBe('mixed');
  expect(host.must(['systemctl', 'show', '-P', 'After', 'refit-dockmesh'])).toContain(installed.unit);
  dockmesh.goOn();
  const { exitCode, stdout } = await viewer;
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`upgraded from ${OLD} to v0.2.13; it was away for `);
  expect(host.must(['getcap', installed.binary])).toBe(`${installed.binary} cap_net_bind_service=ep`);
  expect(host.must(['getfattr', '--only-values', '-n', 'user.owner', installed.binary])).toBe('us');
  expect(host.must(['sha256sum', `${installed.binary}.old`])).toContain(memberDigest(releasesDir, OLD, 'dockmesh'));
  expect(host.must(['journalctl', '-t', 'refit', '-o', 'cat'])).toMatch(
    /^uid 0: upgrade of dockmesh from v0\.2\.9 to v0\.2\.13: committed \(exit 0, run \w{26}\)$/,
  );
  await expectNew(dockmesh, { releasesDir, before });
});

test('from a mirror, with the timings of the profile: a unit without hardening, its data in /data', async () => {
  await using dockmesh = await bootDockmesh('mirror', { layout: 'data', realTimings: true });
  const { host } = dockmesh;
  const before = look(dockmesh);
  host.must(['systemd-run', '--unit=mirror', process.execPath, SERVE, '--dir', dockmesh.source, '--port', '9000']);
  const retry = ['--retry', '50', '--retry-connrefused', '--retry-delay', '1'];
  host.must(['curl', '-sS', '-o', '/dev/null', ...retry, 'http://127.0.0.1:9000/releases.json']);
  const { exitCode } = await dockmesh.refit(UPGRADE('http://127.0.0.1:9000'));
  expect(exitCode).toBe(0);
  await expectNew(dockmesh, { releasesDir, before });
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});
