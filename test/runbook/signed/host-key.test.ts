import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import { hostId, hostKey } from '../../../src/runbook/signed/host-key.ts';
import { scratch } from '../../host/scratch.ts';

const ID = '0123456789abcdef0123456789abcdef';

/** A machine whose /etc lies in a folder. */
function machine(id: string | undefined, hostname: string) {
  const root = scratch();
  fs.mkdirSync(path.join(root, 'etc'));
  if (id !== undefined) fs.writeFileSync(path.join(root, 'etc/machine-id'), id);
  const host = nodeHost(plainEffects, { ...readIdentity(), hostname });
  const { files } = host;
  const below: typeof files = {
    ...files,
    stat: (file) => files.stat(root + file),
    readHead: (file, max) => files.readHead(root + file, max),
  };
  return { identity: host.identity, files: below };
}

const idOf = async (...args: Parameters<typeof machine>): Promise<string> => hostId(await hostKey(machine(...args)));

test('a host is told by its machine ID, whatever it is called, and the ID itself is not told', async () => {
  const id = await idOf(`${ID}\n`, 'web1');
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(id).not.toContain(ID);
  expect(await idOf(`${ID}\n`, 'web2')).toBe(id);
  expect(await idOf(`${ID.replace('0', 'f')}\n`, 'web1')).not.toBe(id);
});

test.each([undefined, '', 'uninitialized\n'])('without one (%j) by its name', async (none) => {
  expect(await idOf(none, 'web1')).toBe(await idOf(none, 'web1'));
  expect(await idOf(none, 'web1')).not.toBe(await idOf(none, 'web2'));
});

test('what a text digests to hangs on the host: elsewhere nobody can try out what was in it', async () => {
  const [here, there] = [await hostKey(machine(ID, 'a')), await hostKey(machine(ID.replace('0', 'f'), 'a'))];
  expect(here('PASSWORD=1234')).toBe(here('PASSWORD=1234'));
  expect(here('PASSWORD=1234')).not.toBe(there('PASSWORD=1234'));
  expect(here('host')).toBe(hostId(here));
});
