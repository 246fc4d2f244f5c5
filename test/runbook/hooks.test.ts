import { expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import type { Hook } from '../../src/product/schema.ts';
import { compile } from '../../src/runbook/compile.ts';
import { hooksAt, hookWarnings } from '../../src/runbook/hooks.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, indexOf } from './records.ts';

const HOOKS: readonly Hook[] = [
  {
    name: 'silence',
    at: 'before-window',
    run: ['silence', '{version}'],
    undo: ['speak', '{env.DOCKMESH_HTTP_ADDR}'],
    timeout: 5_000,
  },
  { name: 'drain', at: 'before-window', run: ['drain'], timeout: 1_000, user: 'ops', on_failure: 'warn' },
  { name: 'look', at: 'before-backup', run: ['look'], timeout: 1_000 },
  { name: 'tell', at: 'after-health', run: ['tell', '{number}'], timeout: 1_000 },
  { name: 'warm', at: 'after-window', run: ['warm'], timeout: 1_000 },
];

const facts = async () => {
  const whole = await dockmeshFacts();
  return { ...whole, profile: { ...whole.profile, hooks: [...HOOKS] } };
};

test('each at its place, in the order of the profile, with nothing left to look up', async () => {
  expect(hooksAt(await facts(), 'before-window')).toEqual([
    {
      name: 'silence',
      run: ['silence', 'v0.2.13'],
      undo: ['speak', ':8080'],
      user: null,
      timeoutMs: 5_000,
      onFailure: 'abort',
    },
    { name: 'drain', run: ['drain'], undo: null, user: 'ops', timeoutMs: 1_000, onFailure: 'warn' },
  ]);
  expect(hooksAt(await facts(), 'after-health')).toMatchObject([{ run: ['tell', '0.2.13'], onFailure: 'warn' }]);
});

test('one that an advisory names runs on its steps alone, and on no way back', async () => {
  const whole = await facts();
  const advisories = [{ code: 'warm-up', from: '<0.2.10', to: '>=0.2.10', hook: 'warm', why: 'the cache is new' }];
  const profile = { ...whole.profile, upgrades: { ...whole.profile.upgrades, advisories } };
  const namesAt = (given: Partial<typeof whole>) =>
    hooksAt({ ...whole, profile, ...given }, 'after-window').map(({ name }) => name);
  expect(namesAt({})).toEqual(['warm']);
  expect(namesAt({ installation: { ...whole.installation, version: 'v0.2.12' } })).toEqual([]);
  expect(namesAt({ target: { kind: 'generation', version: 'v0.2.13', root: '/g/R', run: 'R' } })).toEqual([]);
  expect(hooksAt({ ...whole, profile }, 'before-backup').map(({ name }) => name)).toEqual(['look']);
});

test.each([
  ['upgrade', { kind: 'release', tag: 'v0.2.13', archives: [], list: { assets: [] }, sha256: undefined }],
  ['rollback', { kind: 'generation', version: 'v0.2.9', root: '/g/R', run: 'R' }],
] as const)('in the plan of an %s: around the window, never in it', async (purpose, target) => {
  const steps = compile(purpose, { ...(await facts()), target }).hops[0]?.steps ?? [];
  const titles = steps.map(({ kind, title, window }) => (kind === 'hook' ? title : window ? 'window' : kind));
  const at = (name: string) => titles.findIndex((title) => title.startsWith(`Run the hook ${name}:`));
  expect([at('look'), at('silence'), at('drain')]).toEqual([at('look'), at('silence'), at('silence') + 1]);
  expect(at('look')).toBeLessThan(titles.indexOf('copy-live'));
  expect(titles[at('drain') + 1]).toBe('window');
  expect(titles[at('warm') - 1]).toBe('window');
  expect(titles.lastIndexOf('window')).toBeLessThan(at('warm'));
  expect(at('tell')).toBe(titles.length - 1);
});

test('what only warned is told at the end', async () => {
  const plan = compile('upgrade', await facts());
  const step = indexOf(plan, 'hook');
  const records = [
    begin(plan),
    { type: 'step.begin', step, undo: null, boot: 'b' },
    { type: 'step.end', step, output: { hook: 'look', warning: 'the hook look (look) ended with exit code 1' } },
  ] as const;
  const state = replay(records);
  expect(state === undefined ? [] : hookWarnings(state)).toEqual(['the hook look (look) ended with exit code 1']);
});
