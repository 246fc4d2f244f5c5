import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { find, findAll, requireFound, stopTimeoutOf } from '../../src/runbook/find.ts';
import { isRoot } from '../host/scratch.ts';
import { bench, WISH, workshopAt } from './workbench.ts';

test('an installation below a prefix is found by it, with its rooms', async () => {
  const { found, sample } = await bench({ started: false });
  expect(found.installation).toMatchObject({
    name: 'sample',
    product: 'sample',
    binary: sample.binary,
    envFile: sample.envFile,
  });
  expect(found.rooms.service.kind).toBe('embedded');
  expect(await found.rooms.service.state('sample')).toMatchObject({ activity: 'inactive' });
  expect(stopTimeoutOf(found)).toBe(10_000);
});

test('--installation names it, and its state', async () => {
  const { workshop, wish } = await bench({ started: false });
  const found = await requireFound(workshop, { ...wish, installation: 'second' });
  expect(found.installation.name).toBe('second');
});

test.each(['../../etc', '.', '..', '.hidden', 'a/b', '', 'a b', 'x'.repeat(300), '$(id)', '-\n'])(
  'the name "%s" becomes neither a folder nor a unit',
  async (installation) => {
    const workshop = await workshopAt('/nowhere/refit');
    await expect(findAll(workshop, { ...WISH, installation })).rejects.toMatchObject({ code: 'E_USAGE' });
  },
);

test.each(['dockmesh', 'dockmesh@blue', 'dock-mesh_2', 'home\\x2dserver', 'a.b'])(
  'the name "%s" is looked for',
  async (installation) => {
    const workshop = { ...(await workshopAt('/nowhere/refit')), systemd: undefined };
    expect(await findAll(workshop, { ...WISH, installation })).toEqual([]);
  },
);

test('a product that is not here is missing, in words', async () => {
  const workshop = { ...(await workshopAt('/nowhere/refit')), systemd: undefined };
  expect(await find(workshop, WISH)).toBeUndefined();
  await expect(requireFound(workshop, { ...WISH, product: 'dockmesh' })).rejects.toMatchObject({
    code: 'E_INSTALLATION_UNKNOWN',
    message: 'Cannot find dockmesh on this host: saw no systemd on this host',
  });
});

test('a product nobody knows', async () => {
  const workshop = await workshopAt('/nowhere/refit');
  await expect(find(workshop, { ...WISH, product: 'nginx' })).rejects.toMatchObject({
    code: 'E_PROFILE_MISSING',
    message: expect.stringContaining('"nginx"'),
  });
});

test('two products below one prefix: which one must be said, and then it is found', async () => {
  const { workshop, wish } = await bench({ started: false });
  const [sample] = await workshop.profiles(undefined).then((all) => all.filter(({ product }) => product === 'sample'));
  if (sample === undefined) throw new Error('no sample profile');
  const two = { ...workshop, profiles: async () => [sample, { ...sample, product: 'other' }] };
  await expect(find(two, wish)).rejects.toMatchObject({
    code: 'E_INSTALLATION_AMBIGUOUS',
    message: 'Cannot choose between sample (sample), other (other)',
    hint: '--product sample, or --installation sample',
  });
  expect((await find(two, { ...wish, product: 'other' }))?.installation.product).toBe('other');
});

test('an env file that is a folder, or too large, cannot be read, and is named', async () => {
  const { workshop, wish, sample } = await bench({ started: false });
  fs.writeFileSync(sample.envFile, Buffer.alloc(2 ** 20 + 1, 'a'));
  await expect(find(workshop, wish)).rejects.toMatchObject({
    code: 'E_ENV_UNREADABLE',
    message: expect.stringContaining(sample.envFile),
  });
  fs.rmSync(sample.envFile);
  fs.mkdirSync(sample.envFile);
  await expect(find(workshop, wish)).rejects.toMatchObject({ code: 'E_ENV_UNREADABLE' });
});

test.runIf(isRoot)('an env file that is for root alone: sudo', async () => {
  const { workshop, wish, sample } = await bench({ started: false });
  fs.chmodSync(path.dirname(sample.envFile), 0o700);
  for (let up = sample.prefix; up !== '/tmp' && up !== '/'; up = path.dirname(up)) fs.chmodSync(up, 0o755);
  const { uid = 0, euid = 0 } = { uid: 65_534, euid: process.geteuid?.() };
  const stranger = { ...workshop, host: { ...workshop.host, identity: { ...workshop.host.identity, uid } } };
  process.seteuid?.(uid);
  try {
    await expect(find(stranger, wish)).rejects.toMatchObject({
      code: 'E_ENV_UNREADABLE',
      hint: 'Type the command again with sudo',
    });
  } finally {
    process.seteuid?.(euid);
  }
});

test('a missing env file is no error: the defaults hold', async () => {
  const { workshop, wish, sample } = await bench({ started: false });
  fs.rmSync(sample.envFile);
  expect((await find(workshop, wish))?.installation.env['SAMPLE_HTTP_ADDR']).toBe(':8080');
});
