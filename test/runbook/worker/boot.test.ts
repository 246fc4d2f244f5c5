import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bootToken } from '../../../src/runbook/worker/boot.ts';
import { realHost } from '../../data/workbench.ts';
import { isRoot, scratch } from '../../host/scratch.ts';

const host = realHost();
const stranger = { ...host, identity: { ...host.identity, uid: 1000 } };
const bootId = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

test('without root the token lies beside the state and bears the boot', async () => {
  const root = scratch();
  const token = await bootToken(stranger, root);
  expect(token).toMatch(new RegExp(`^[0-9a-f]{16}-${bootId}$`));
  expect(await bootToken(stranger, root)).toBe(token);
});

test.each([
  ['of another boot', '0011223344556677-00000000-0000-0000-0000-000000000000\n'],
  ['empty', ''],
])('a token %s is replaced', async (_name, text) => {
  const root = scratch();
  fs.writeFileSync(path.join(root, 'boot'), text);
  const token = await bootToken(stranger, root);
  expect(token.endsWith(bootId)).toBe(true);
  expect(fs.readFileSync(path.join(root, 'boot'), 'utf8')).toBe(`${token}\n`);
});

test.runIf(isRoot)('as root it lies where no boot survives it, for all installations', async () => {
  const root = scratch();
  const token = await bootToken(host, root);
  expect(await bootToken(host, scratch())).toBe(token);
  expect([fs.existsSync(path.join(root, 'boot')), fs.readFileSync('/run/refit/boot', 'utf8').trim()]).toEqual([
    false,
    token,
  ]);
});
