import { chmod, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { dress } from '../../src/layout/dress.ts';
import { realHost, scratch } from '../data/workbench.ts';
import { adorn, worn } from './worn.ts';

const host = realHost();
const OWNER = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

async function files(): Promise<{ readonly live: string; readonly staged: string }> {
  const dir = await scratch();
  const [live, staged] = [`${dir}/live`, `${dir}/staged`];
  await writeFile(live, 'old');
  await writeFile(staged, 'new', { mode: 0o600 });
  await chmod(live, 0o640);
  adorn(live);
  return { live, staged };
}

test('the ACL and the attributes of the live file go along', async () => {
  const { live, staged } = await files();
  await dress(host, staged, live, { ...OWNER, mode: 0o640 });
  expect(worn(staged)).toEqual(worn(live));
  expect(worn(staged)[0]).toMatch(/^640 /);
});

test('a mode that is asked for stays as it is, and no ACL widens it', async () => {
  const { live, staged } = await files();
  await dress(host, staged, live, { ...OWNER, mode: 0o600 });
  const [mode, acl, attributes] = worn(staged);
  expect(mode).toMatch(/^600 /);
  expect(acl).not.toContain('user:1:');
  expect(attributes).toBe(worn(live)[2]);
});

test('where nothing is live yet, owner and mode are all', async () => {
  const { live, staged } = await files();
  await dress(host, staged, `${live}-to-be`, { ...OWNER, mode: 0o750 });
  expect(worn(staged)[0]).toBe(`750 ${OWNER.uid} ${OWNER.gid}\n`);
});
