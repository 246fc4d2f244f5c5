import { expect, test } from 'vitest';
import type { Answer, Health, Question } from '../../../src/health/health.ts';
import { isBlamed, probe, questionsFor } from '../../../src/runbook/steps/probe.ts';
import type { World } from '../../../src/runbook/world.ts';
import { voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

const NEVER = new AbortController().signal;

test.each([
  [{ busy: false, before: undefined }, true],
  [{ busy: true, before: undefined }, false],
  [{ busy: false, before: '503 db unreachable' }, false],
])('%j is the fault of the release: %s', (wrong, blamed) => {
  expect(isBlamed(wrong)).toBe(blamed);
});

test('questions are asked until one is answered wrongly by the fault of the release', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('unpack');
  const world = await run.world();
  const questions = await questionsFor(world);
  expect(questions.map(({ name }) => name.split(' ')[0])).toEqual([
    'ready',
    'version',
    'agent-port',
    'app',
    'agent-download',
    'agent-download',
  ]);
  const says: Readonly<Record<string, Omit<Answer, 'name'>>> = {
    ready: { healthy: false, saw: '429 slow down', busy: true },
    version: { healthy: true, saw: 'v0.2.13' },
    'agent-port': { healthy: false, saw: 'closed' },
  };
  const ask: Health['ask'] = async ({ name }: Question) => ({
    name,
    ...(says[name] ?? { healthy: true, saw: 'well' }),
  });
  const asking = (ill: Readonly<Record<string, string>>): World => ({
    ...world,
    health: { ...world.health, ask },
    outputOf: (kind) => (kind === 'baseline' ? { rows: [], ill } : world.outputOf(kind)),
  });
  const busy = { name: 'ready', saw: '429 slow down', busy: true, before: undefined };
  const closed = { name: 'agent-port', saw: 'closed', busy: false };
  expect(await probe(asking({}), questions, NEVER)).toEqual([busy, { ...closed, before: undefined }]);
  expect(await probe(asking({ 'agent-port': 'refused' }), questions, NEVER)).toEqual([
    busy,
    { ...closed, before: 'refused' },
  ]);
});
