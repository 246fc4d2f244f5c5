import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkAgentAssets } from '../../../src/runbook/checks/agent-assets.ts';
import { checkAgentPolicy } from '../../../src/runbook/checks/agent-policy.ts';
import type { Peek } from '../../../src/runbook/peek.ts';
import { builtin } from '../facts.ts';
import { checked, looked, withOptions, withProfile } from './scene.ts';

const seen = (agentMode: string): Peek => ({ agentMode, agentArches: [], schema: [], runningJobs: [] });

test.each<[string, Peek | undefined, { readonly token?: boolean; readonly holdAgents?: boolean }, string, string]>([
  ['left alone by the server', seen('manual'), {}, 'ok', '"manual"'],
  ['replaced by the server within a minute', seen('auto'), {}, 'inhibit', '"auto"'],
  ['replaced by the server in waves', seen('staged'), {}, 'inhibit', '"staged"'],
  ['nobody knows', undefined, {}, 'warning', 'not checked: no token, and no readable copy of the database'],
  ['held by us', seen('auto'), { token: true, holdAgents: true }, 'ok', 'set by refit for the window'],
  ['left alone, as the API says itself', seen('auto'), { token: true }, 'ok', '"manual"'],
])('agents %s', async (_name, peek, options, severity, measured) => {
  const scene = { ...withOptions(await looked(), options), peek };
  expect(await checkAgentPolicy(scene)).toEqual([
    expect.objectContaining({ code: 'agent-policy', severity, measured }),
  ]);
});

test('the remedy of an inhibiting policy is a flag and a word', async () => {
  const [result] = await checkAgentPolicy({ ...(await looked()), peek: seen('auto') });
  expect(result?.remedy).toBe('--token-file FILE, or set the policy to "manual" yourself');
});

test('a product without agents has no policy', async () => {
  const { agents: _, ...profile } = await builtin('sample');
  const scene = await looked();
  expect(await checkAgentPolicy({ ...scene, facts: { ...scene.facts, profile } })).toEqual([]);
  expect(await checkAgentPolicy(withProfile(scene, {}))).toHaveLength(1);
});

test("another architecture's agent that stays as it is, is named", async () => {
  const scene = await checked();
  expect(await checkAgentAssets(scene)).toEqual([]);
  const files = scene.facts.files.filter(({ arch }) => arch === scene.facts.installation.arch);
  const other = scene.facts.files.find(({ arch }) => arch !== scene.facts.installation.arch)?.target ?? '';
  const [result] = await checkAgentAssets({ ...scene, facts: { ...scene.facts, files } });
  expect(result).toMatchObject({ code: 'agent-assets', severity: 'warning', measured: `${other} stays at v0.2.9` });
  fs.rmSync(path.resolve(other));
  expect(await checkAgentAssets({ ...scene, facts: { ...scene.facts, files } })).toEqual([]);
});
