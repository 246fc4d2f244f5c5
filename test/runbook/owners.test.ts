import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ServiceUser } from '../../src/runbook/facts.ts';
import { giveOwners, ownersBefore } from '../../src/runbook/owners.ts';
import { scratch } from '../fixtures/scene.ts';
import { bench } from './workbench.ts';

const {
  workshop: { host },
} = await bench({ shared: true });

const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
const mine = `${uid}:${gid}`;

/** A state directory with data, copies of ours in it, and a stack with what a container keeps. */
function state(): { readonly at: (name: string) => string; readonly user: ServiceUser } {
  const directory = scratch();
  const at = (name: string) => path.join(directory, name);
  for (const file of ['data/db', 'data/cache/x', 'data/.refit-generations/g', 'stacks/app/.env', 'stacks/app/pg/x']) {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.writeFileSync(at(file), '');
  }
  const user = {
    user: 'u',
    group: 'g',
    uid,
    gid,
    dropIn: at('drop-in'),
    directories: [at('data'), at('missing')],
    paths: [directory, at('data/db'), at('no-such-file')],
    trees: [{ root: at('stacks'), files: ['.env', 'compose.yaml'] }],
  };
  return { at, user };
}

test('what changes hands: the data and single files, of a stack nothing but its own; no copy of ours', async () => {
  const { at, user } = state();
  const owned = await ownersBefore(host, user);
  expect(owned.map(({ path: each, recursive }) => [path.relative(at('.'), each), recursive])).toEqual([
    ['data/cache', true],
    ['data/db', true],
    ['data', false],
    ['', false],
    ['stacks', false],
    ['stacks/app', false],
    ['stacks/app/.env', false],
  ]);
  expect(new Set(owned.map(({ owner }) => owner))).toEqual(new Set([mine]));
});

test('data and stacks that were moved to another disk change hands there, behind their links', async () => {
  const { at, user } = state();
  for (const name of ['data', 'stacks']) {
    fs.renameSync(at(name), at(`disk-${name}`));
    fs.symlinkSync(at(`disk-${name}`), at(name));
  }
  const owned = await ownersBefore(host, user);
  expect(owned.map(({ path: each }) => path.relative(at('.'), each))).toEqual([
    'disk-data/cache',
    'disk-data/db',
    'disk-data',
    '',
    'disk-stacks',
    'disk-stacks/app',
    'disk-stacks/app/.env',
  ]);
});

test('given and given back, also where something is gone meanwhile', async () => {
  const { at, user } = state();
  const [cache, ...rest] = await ownersBefore(host, user);
  if (cache === undefined) throw new Error('nothing was found');
  const before = [{ ...cache, others: { [mine]: [at('data/cache/x'), at('data/cache/gone')] } }, ...rest];
  fs.rmSync(at('data/db'));
  await giveOwners(host, before, user);
  await giveOwners(host, before, undefined);
  expect(fs.statSync(at('data/cache/x')).uid).toBe(uid);
  expect(fs.existsSync(at('data/db'))).toBe(false);
});
