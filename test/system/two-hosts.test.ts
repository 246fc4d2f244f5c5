import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bootDockmesh, UPGRADE } from './support/dockmesh.ts';
import { expectNew, look } from './support/outcome.ts';
import { releases } from './support/releases.ts';

const SERVE = resolve(import.meta.dirname, '../../scripts/serve-releases.mjs');

test('two hosts upgrade from one mirror at the same time', async () => {
  const releasesDir = releases();
  await using one = await bootDockmesh('one');
  await using two = await bootDockmesh('two', { layout: 'data' });
  const before = { one: look(one), two: look(two) };
  const { host } = one;
  const mirror = `http://${host.address}:9000`;
  const serve = [
    process.execPath,
    SERVE,
    '--dir',
    one.source,
    '--host',
    host.address,
    '--port',
    '9000',
    '--fault',
    'reset*1@.tar.gz',
  ];
  host.must(['systemd-run', '--unit=mirror', ...serve]);
  const retry = ['--retry', '50', '--retry-connrefused', '--retry-delay', '1'];
  two.host.must(['curl', '-sS', '-o', '/dev/null', ...retry, `${mirror}/releases.json`]);
  const ended = await Promise.all([one.refit(UPGRADE(mirror)), two.refit(UPGRADE(mirror))]);
  expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  await expectNew(one, { releasesDir, before: before.one });
  await expectNew(two, { releasesDir, before: before.two });
});
