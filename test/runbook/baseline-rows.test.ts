import { expect, test } from 'vitest';
import { comparedOf, rowsOf } from '../../src/runbook/baseline-rows.ts';
import { builtin, dockmeshFacts } from './facts.ts';

test('dockmesh: with a token all of it, filled in; without, what needs none', async () => {
  const facts = await dockmeshFacts();
  const rows = rowsOf(facts, true);
  expect(rows.map(({ name, url }) => `${name} ${url.replace('http://127.0.0.1:8080', '')}`)).toEqual([
    'docker /api/v1/health',
    'hosts /api/v1/hosts',
    'agents /api/v1/agents',
    'stacks /api/v1/stacks',
    'containers /api/v1/stacks',
    'alerts /api/v1/alerts/rules',
    'audit-chain /api/v1/audit/verify',
    'audit-log /api/v1/audit?limit=1000',
    'system /api/v1/system/health',
  ]);
  expect(rowsOf(facts, false)).toEqual(rows.slice(0, 1));
  expect(rows[0]).toMatchObject({ kind: 'value', ok: ['true'], external: true, patienceMs: 10_000, afterMs: 0 });
});

test('agents have more than 95 s to come back', async () => {
  const patient = rowsOf(await dockmeshFacts(), true).filter(({ name }) => /hosts|agents|containers/.test(name));
  expect(Math.min(...patient.map(({ patienceMs }) => patienceMs))).toBeGreaterThan(95_000);
});

test('what is compared, and what would be with a token', async () => {
  const { profile, options } = await dockmeshFacts();
  expect(comparedOf({ profile, options })).toMatchObject({ compared: ['docker'] });
  expect(comparedOf({ profile, options }).needToken).toHaveLength(8);
  expect(comparedOf({ profile, options: { ...options, token: true } }).needToken).toEqual([]);
  expect(comparedOf({ profile: await builtin('dockmesh-agent'), options })).toEqual({ compared: [], needToken: [] });
});
