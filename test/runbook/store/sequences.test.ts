import { expect, test } from 'vitest';
import { noteInLedger, readLedger, type SequenceSeen } from '../../../src/runbook/store/ledger.ts';
import { highestSequence, noteSequence } from '../../../src/runbook/store/sequences.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const host = realHost();
const seen = (sequence: number, more: Partial<SequenceSeen> = {}): SequenceSeen => {
  return {
    type: 'sequence',
    sequence,
    tag: `1.0.${sequence}`,
    sha256: `digest ${sequence}`,
    run: 'R',
    waived: false,
    ...more,
  };
};

test('the highest counts, whatever came after it, and each is noted once', async () => {
  const ledger = `${scratch()}/ledger.jsonl`;
  expect(await highestSequence(host, { ledger })).toBeUndefined();
  await noteInLedger(host, { ledger }, { type: 'unskip', tag: 'v9.0.0', run: 'R', by: 'ada' });
  for (const one of [seen(5), seen(5), seen(3, { waived: true }), seen(3, { waived: true })])
    await noteSequence(host, { ledger }, one);
  expect(await highestSequence(host, { ledger })).toEqual(seen(5));
  expect(await readLedger(host, { ledger })).toHaveLength(3);
  await noteSequence(host, { ledger }, seen(6));
  expect((await highestSequence(host, { ledger }))?.sequence).toBe(6);
});
