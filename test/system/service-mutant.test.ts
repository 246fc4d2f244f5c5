import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Activity } from '../../src/service/service.ts';
import { bootHost } from './support/host.ts';
import { scratch } from './support/releases.ts';
import { remoteManager } from './support/remote-manager.ts';
import { MANAGER_SERVER, mutantTree } from './support/tree.ts';

const UNIT = 'limited.service';
const TEXT = `[Unit]
StartLimitBurst=2
StartLimitIntervalSec=1h
[Service]
ExecStart=/bin/sh -c 'test -e /run/good && exec sleep 1000'
Restart=on-failure
RestartSec=100ms
`;
const MUTATION = {
  file: 'src/service/unit-start.ts',
  from: 'if (!fresh) await forgetStarts(commands, unit);',
  to: '',
};

/** A crash loop has used up the starts of its unit; what becomes of the good server that is started then. */
async function startedAfterCrashLoop(server: string | undefined, tree?: string): Promise<Activity> {
  await using host = await bootHost('limit');
  writeFileSync(`${host.root()}/etc/systemd/system/${UNIT}`, TEXT);
  host.must(['systemctl', 'daemon-reload']);
  if (tree !== undefined) host.copyIn(tree, '/srv/refit');
  await using manager = remoteManager(host, server);
  await manager.start(UNIT, undefined);
  while (!host.must(['journalctl', '-u', UNIT, '-o', 'cat']).includes('Start request repeated too quickly'))
    await delay(50);
  host.must(['touch', '/run/good']);
  await manager.start(UNIT, undefined).catch(() => undefined);
  await delay(500);
  return (await manager.state(UNIT)).activity;
}

test('a good server is started although a crash loop used up the starts of its unit', async () => {
  expect(await startedAfterCrashLoop(undefined)).toBe('active');
});

// Not shown by an upgrade: a daemon-reload forgets the starts too (systemd 252), and each hold comes with one.
test('without reset-failed it is refused', async () => {
  const tree = mutantTree(scratch(), [MUTATION]);
  expect(await startedAfterCrashLoop(`/srv/refit/${MANAGER_SERVER}`, tree)).toBe('failed');
});
