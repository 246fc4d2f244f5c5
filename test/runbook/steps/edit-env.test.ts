import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Facts, factsOf } from '../../../src/runbook/facts.ts';
import { dieAfter } from '../../data/workbench.ts';
import { adorn, worn } from '../../layout/worn.ts';
import { effectsIn, killed, type Voyage, voyage } from '../voyage.ts';
import { type Bench, bench, planned } from '../workbench.ts';

const ADDED = [{ key: 'SAMPLE_NEW', value: 'yes' }];

/** Ready for the edit: everything before it would not change the env file, and is left out. */
async function scene(
  options: Partial<Facts['options']>,
  alter: (one: Bench) => void = () => undefined,
): Promise<{ readonly one: Bench; readonly run: Voyage }> {
  const one = await bench({ started: false });
  alter(one);
  const { plan } = await planned(one);
  const { files: _, ...facts } = factsOf(plan);
  const run = await voyage(one, plan, {
    target: { kind: 'generation', version: 'v0.2.13', root: '', run: '' },
    database: undefined,
    data: [],
    options: { ...facts.options, ...options },
  });
  return { one, run };
}

test('keys are added at the end; the way back leaves every byte as it was', async () => {
  const { one, run } = await scene({ envEdits: ADDED });
  const before = fs.readFileSync(one.sample.envFile, 'utf8');
  await run.begin('edit-env');
  expect(await run.change('edit-env')).toEqual({ keys: ['SAMPLE_NEW'], copied: [] });
  expect(fs.readFileSync(one.sample.envFile, 'utf8')).toBe(`${before}SAMPLE_NEW=yes\n`);
  // Called again after a kill: not added twice.
  await run.change('edit-env');
  expect(fs.readFileSync(one.sample.envFile, 'utf8')).toBe(`${before}SAMPLE_NEW=yes\n`);
  expect(fs.statSync(one.sample.envFile).mode & 0o777).toBe(0o600);
  await run.revert('edit-env');
  expect(fs.readFileSync(one.sample.envFile, 'utf8')).toBe(before);
  expect(fs.statSync(one.sample.envFile).mode & 0o777).toBe(0o600);
});

test('what else the file wears stays on it, there and back', async () => {
  const { one, run } = await scene({ envEdits: ADDED }, ({ sample }) => adorn(sample.envFile));
  const before = worn(one.sample.envFile);
  await run.begin('edit-env');
  await run.change('edit-env');
  expect(worn(one.sample.envFile)).toEqual(before);
  await run.revert('edit-env');
  expect(worn(one.sample.envFile)).toEqual(before);
});

test('behind a link the file is edited, with its own mode; the link stays a link', async () => {
  const { one, run } = await scene({ envEdits: ADDED }, ({ sample, directory }) => {
    fs.renameSync(sample.envFile, path.join(directory, 'real.env'));
    fs.symlinkSync(path.join(directory, 'real.env'), sample.envFile);
  });
  const real = path.join(one.directory, 'real.env');
  await run.begin('edit-env');
  await run.change('edit-env');
  for (const moment of ['changed', 'reverted']) {
    expect([moment, fs.readlinkSync(one.sample.envFile), fs.statSync(real).mode & 0o777]).toEqual([
      moment,
      real,
      0o600,
    ]);
    await run.revert('edit-env');
  }
});

test('folders are copied where nothing is, and go again', async () => {
  const { one, run } = await scene({}, ({ directory }) => {
    fs.mkdirSync(path.join(directory, 'old/sub'), { recursive: true });
    fs.writeFileSync(path.join(directory, 'old/sub/key'), 'secret', { mode: 0o400 });
    fs.mkdirSync(path.join(directory, 'there'));
  });
  const at = (name: string) => path.join(one.directory, name);
  const copies = [
    { from: at('old'), to: at('new') },
    { from: at('old'), to: at('there') },
    { from: at('missing'), to: at('nothing') },
  ];
  const edited = await voyage(one, run.plan, { ...run.facts, options: { ...run.facts.options, copies } });
  await edited.begin('edit-env');
  await edited.change('edit-env');
  await edited.change('edit-env');
  expect(fs.readFileSync(at('new/sub/key'), 'utf8')).toBe('secret');
  expect(fs.statSync(at('new/sub/key')).mode & 0o777).toBe(0o400);
  expect([fs.readdirSync(at('there')), fs.existsSync(at('nothing'))]).toEqual([[], false]);
  await edited.revert('edit-env');
  expect([fs.existsSync(at('new')), fs.existsSync(at('there')), fs.existsSync(at('old/sub/key'))]).toEqual([
    false,
    true,
    true,
  ]);
});

/** The authority that the agents trust, in the working directory; beside the database another one, and no key. */
async function authorities() {
  const { one, run } = await scene({}, ({ directory }) => {
    fs.mkdirSync(path.join(directory, 'cwd'));
    fs.mkdirSync(path.join(directory, 'data'));
    fs.writeFileSync(path.join(directory, 'cwd/ca.crt'), 'trusted');
    fs.writeFileSync(path.join(directory, 'cwd/ca.key'), 'key', { mode: 0o400 });
    fs.writeFileSync(path.join(directory, 'data/ca.crt'), 'of a command', { mode: 0o640 });
    fs.utimesSync(path.join(directory, 'data/ca.crt'), 1, 1);
  });
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  const copies = [0o644, 0o400].map((mode, n) => ({
    from: path.join(one.directory, 'cwd', n === 0 ? 'ca.crt' : 'ca.key'),
    to: path.join(one.directory, 'data', n === 0 ? 'ca.crt' : 'ca.key'),
    dress: { mode, uid, gid },
  }));
  const crossed = copies.map(({ to }) => to);
  const edited = await voyage(one, run.plan, { ...run.facts, crossed, options: { ...run.facts.options, copies } });
  await edited.begin('copy-live');
  await edited.change('copy-live');
  await edited.begin('edit-env');
  const seen = () =>
    fs.readdirSync(path.join(one.directory, 'data')).map((name) => {
      const file = path.join(one.directory, 'data', name);
      return [name, fs.readFileSync(file, 'utf8'), (fs.statSync(file).mode & 0o777).toString(8)];
    });
  return { edited, seen };
}

const OTHER = [['ca.crt', 'of a command', '640']];
const TRUSTED = [
  ['ca.crt', 'trusted', '644'],
  ['ca.key', 'key', '400'],
];

test('a file that lies at the new place already is replaced by the one the old version works with, and comes back', async () => {
  const { edited, seen } = await authorities();
  expect(seen()).toEqual(OTHER);
  expect(await edited.change('edit-env')).toMatchObject({ keys: [] });
  expect(seen()).toEqual(TRUSTED);
  await edited.change('edit-env');
  expect(seen()).toEqual(TRUSTED);
  await edited.revert('edit-env');
  expect(seen()).toEqual(OTHER);
});

test('killed anywhere while files are replaced, it ends wholly changed or wholly as before', async () => {
  const { edited, seen } = await authorities();
  const count = await effectsIn((effects) => edited.change('edit-env', effects));
  await edited.revert('edit-env');
  expect(count).toBeGreaterThan(6);
  for (let n = 0; n < count; n++) {
    await killed(edited.change('edit-env', dieAfter(n)));
    await edited.change('edit-env');
    expect(seen()).toEqual(TRUSTED);
    await edited.revert('edit-env');
    await killed(edited.change('edit-env', dieAfter(n)));
    await edited.revert('edit-env');
    expect(seen()).toEqual(OTHER);
  }
});

test('killed anywhere, called again or reverted, it ends wholly changed or wholly as before', async () => {
  const { one, run } = await scene({ envEdits: ADDED });
  const before = fs.readFileSync(one.sample.envFile, 'utf8');
  const beside = fs.readdirSync(path.dirname(one.sample.envFile));
  await run.begin('edit-env');
  const count = await effectsIn((effects) => run.change('edit-env', effects));
  await run.revert('edit-env');
  expect(count).toBeGreaterThan(0);
  const now = () => fs.readFileSync(one.sample.envFile, 'utf8');
  for (let n = 0; n < count; n++) {
    await killed(run.change('edit-env', dieAfter(n)));
    await run.change('edit-env');
    expect(now()).toBe(`${before}SAMPLE_NEW=yes\n`);
    await run.revert('edit-env');
    await killed(run.change('edit-env', dieAfter(n)));
    await run.revert('edit-env');
    await run.revert('edit-env');
    expect([now(), fs.readdirSync(path.dirname(one.sample.envFile))]).toEqual([before, beside]);
  }
});
