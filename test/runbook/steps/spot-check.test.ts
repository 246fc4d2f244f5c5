import { expect, test } from 'vitest';
import type { Json } from '../../../src/engine/json.ts';
import { spotRows } from '../../../src/runbook/spot-checks.ts';
import { observeNow } from '../../../src/runbook/steps/baseline.ts';
import { NO_SPOTS, spotCheck, withSpots } from '../../../src/runbook/steps/spot-check.ts';
import type { World } from '../../../src/runbook/world.ts';
import { dockmeshFacts } from '../facts.ts';
import { type StackServer, type Stacks, stackServer } from '../stack-server.ts';
import { voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

const NEVER = new AbortController().signal;

/** A world that looked at those stacks before its window, and what it tells. Its rows have no patience. */
async function lookedAt(stacks: Stacks): Promise<{ world: World; server: StackServer; told: string[] }> {
  const server = await stackServer(stacks);
  const facts = server.at(await dockmeshFacts(), Object.keys(stacks));
  const { health } = facts.profile;
  const baseline = health.baseline.map((row) => ({ ...row, patience: 0 }));
  const one = await bench({ started: false });
  const told: string[] = [];
  const world: World = {
    ...(await (await voyage(one, (await planned(one)).plan)).world()),
    facts: { ...facts, profile: { ...facts.profile, health: { ...health, baseline } } },
    report: (progress) => {
      if (progress.kind === 'note') told.push(progress.text);
    },
  };
  const before: Json = await observeNow(world, spotRows(world.facts), NEVER);
  return { world: { ...world, outputOf: (kind) => (kind === 'baseline' ? before : undefined) }, server, told };
}

test('what ran before runs: it is listed and told, what did not run before too, and neither stands against the release', async () => {
  const { world, told } = await lookedAt({ web: { app: 'running', db: 'exited' }, shop: { till: 'running' } });
  const { verdict, checked } = await spotCheck(world, NEVER);
  expect(verdict).toMatchObject({ worse: [], external: [], already: [{ key: 'web/db' }] });
  expect(checked).toEqual([
    {
      stack: 'web',
      services: [
        { name: 'app', state: 'running' },
        { name: 'db', state: 'exited' },
      ],
    },
    { stack: 'shop', services: [{ name: 'till', state: 'running' }] },
  ]);
  expect(told).toEqual([
    'spot check of web: app running, db exited (was so before)',
    'spot check of shop: till running',
  ]);
});

test('what ran before and does not run is worse; where what it needs is away it is nobody’s fault', async () => {
  const { world, server } = await lookedAt({ web: { app: 'running' } });
  server.stacks = { web: { app: 'exited' } };
  const { verdict } = await spotCheck(world, NEVER);
  expect(verdict).toMatchObject({
    worse: [{ row: 'spot check', key: 'web/app', before: 'running', after: 'exited' }],
    external: [],
  });
  server.docker = false;
  expect((await spotCheck(world, NEVER)).verdict).toEqual({
    worse: [],
    already: [],
    external: [{ row: 'spot check', key: 'web', before: 'a list of 1', after: expect.stringMatching(/^500 /) }],
    notSeen: [],
  });
});

test('a stack that is gone is worse, and is told to have nothing', async () => {
  const { world, server, told } = await lookedAt({ web: { app: 'running' } });
  server.stacks = {};
  const { verdict, checked } = await spotCheck(world, NEVER);
  expect(verdict.worse.map(({ key, after }) => [key, after])).toEqual([
    ['web', 'gone'],
    ['web/app', 'gone'],
  ]);
  expect(checked).toEqual([{ stack: 'web', services: [] }]);
  expect(told).toEqual(['spot check of web: no services to be seen']);
});

test('where none was asked for nothing is read', async () => {
  const { world } = await lookedAt({});
  expect(await spotCheck(world, NEVER)).toBe(NO_SPOTS);
});

test('what the other rows say of a service is told once', async () => {
  const facts = await dockmeshFacts();
  const one = { key: 'web/app', before: 'running', after: 'exited' };
  const [row, spot] = [
    { row: 'containers', ...one },
    { row: 'spot check', ...one },
  ];
  const verdict = { worse: [], already: [row], external: [], notSeen: [] };
  const spots = { checked: [], verdict: { worse: [], already: [spot], external: [spot], notSeen: [] } };
  expect(withSpots({ facts }, verdict, spots)).toEqual({ worse: [], already: [row], external: [spot], notSeen: [] });
});
