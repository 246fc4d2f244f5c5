import { expect, test } from 'vitest';
import { bootDockmesh, STOPPABLE_REFIT, UPGRADE } from './support/dockmesh.ts';
import { expectOld, look } from './support/outcome.ts';
import { NEW, releases, scratch } from './support/releases.ts';
import { mutantTree, STOPPABLE } from './support/tree.ts';

const RESET = "await order(commands, ['reset-failed', '--', unit]);";

/** A release in a crash loop that uses up the start limit of its unit; how the upgrade to it ends. */
async function crashLoop(mutated: boolean): Promise<number> {
  const releasesDir = releases({ [NEW]: 'crashloop' });
  await using dockmesh = await bootDockmesh('limit', { releasesDir, restartSec: '100ms' });
  const { host } = dockmesh;
  host.must(['mkdir', '-p', '/etc/systemd/system/dockmesh.service.d']);
  // The old version's start and one of the new: a third is one too many, unless they are forgotten.
  const limit = '[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=1h\n';
  dockmesh.write('/etc/systemd/system/dockmesh.service.d/own.conf', limit);
  host.must(['systemctl', 'daemon-reload']);
  const before = look(dockmesh);
  if (mutated) {
    const file = 'src/service/unit-start.ts';
    host.copyIn(mutantTree(scratch(), [{ file, from: RESET, to: '' }]), '/srv/refit');
  }
  const entry = mutated ? `/srv/refit/${STOPPABLE}` : STOPPABLE_REFIT;
  const { exitCode } = await dockmesh.refit(UPGRADE(dockmesh.source), entry);
  if (exitCode === 7) await expectOld(dockmesh, { releasesDir, before });
  else expect(dockmesh.answers()).toBeUndefined();
  return exitCode;
}

test('a crash loop uses up the starts of the unit: restored all the same', async () => {
  expect(await crashLoop(false)).toBe(7);
});

test('without reset-failed the old version is refused its start: mixed', async () => {
  expect(await crashLoop(true)).toBe(8);
});
