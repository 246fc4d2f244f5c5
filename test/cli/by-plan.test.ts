import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PlanDocument } from '../../src/document/plan.ts';
import { factsOf } from '../../src/runbook/facts.ts';
import { hostId, hostKey } from '../../src/runbook/signed/host-key.ts';
import { planDocument } from '../document/made.ts';
import { scratch } from '../host/scratch.ts';
import { plan, records } from './support/made.ts';
import { type Desk, type DeskOptions, desk } from './support/open.ts';

const paused = records(3, { type: 'run.pause', reason: 'signal' });

/** A plan of this host in a file, and a desk whose open run was begun by a plan of that digest; undefined: by none. */
async function open(
  begunBy: (document: PlanDocument) => string | undefined,
  person: DeskOptions = {},
): Promise<Desk & { readonly file: string }> {
  const { workshop } = await desk();
  const document = planDocument({ host: { id: hostId(await hostKey(workshop.host)), name: 'here' } });
  const file = path.join(scratch(), 'plan.json');
  fs.writeFileSync(file, JSON.stringify(document));
  const facts = { ...factsOf(plan()), document: begunBy(document) };
  return { ...(await desk({ records: paused, of: plan({ facts }), ...person })), file };
}

test('an open run that the plan began goes on, once it is asked', async () => {
  const { type, terminal, file } = await open(({ digest }) => digest, { asks: true, answer: 'no' });
  await expect(type('upgrade', { plan: file })).rejects.toMatchObject({ code: 'E_DECLINED' });
  expect(terminal.stderr).toBe('Go on with the upgrade of dockmesh from v0.2.9 to v0.2.13? [y/N] ');
});

test.each([
  ['none', () => undefined],
  [`the plan ${'b'.repeat(64)}`, () => 'b'.repeat(64)],
])('an open run that was begun by %s does not', async (other, begunBy) => {
  const { type, file } = await open(begunBy);
  await expect(type('upgrade', { plan: file, yes: true })).rejects.toMatchObject({
    code: 'E_RUN_OPEN',
    message: expect.stringMatching(
      new RegExp(`^Cannot go by the plan ${file}: the open run \\w+ was begun by ${other}$`),
    ),
  });
});
