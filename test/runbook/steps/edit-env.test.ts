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

test('files are copied where they are not, folders too, and go again; what was there stays as it is', async () => {
  const { one, run } = await scene({}, ({ directory }) => {
    fs.mkdirSync(path.join(directory, 'old/sub'), { recursive: true });
    fs.writeFileSync(path.join(directory, 'old/sub/key'), 'secret', { mode: 0o400 });
    fs.writeFileSync(path.join(directory, 'there'), 'mine');
  });
  const at = (name: string) => path.join(one.directory, name);
  const copies = [
    { from: at('old'), to: at('new') },
    { from: at('old/sub/key'), to: at('there') },
    { from: at('missing'), to: at('nothing') },
  ];
  const edited = await voyage(one, run.plan, { ...run.facts, options: { ...run.facts.options, copies } });
  await edited.begin('edit-env');
  await edited.change('edit-env');
  await edited.change('edit-env');
  expect(fs.readFileSync(at('new/sub/key'), 'utf8')).toBe('secret');
  expect(fs.statSync(at('new/sub/key')).mode & 0o777).toBe(0o400);
  expect([fs.readFileSync(at('there'), 'utf8'), fs.existsSync(at('nothing')), fs.existsSync(at('new/old'))]).toEqual([
    'mine',
    false,
    false,
  ]);
  await edited.revert('edit-env');
  expect([fs.existsSync(at('new')), fs.readFileSync(at('there'), 'utf8'), fs.existsSync(at('old/sub/key'))]).toEqual([
    false,
    'mine',
    true,
  ]);
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
