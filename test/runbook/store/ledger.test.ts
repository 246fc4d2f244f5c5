import fs from 'node:fs';
import { expect, test } from 'vitest';
import { noteInLedger, readLedger, type Unskip } from '../../../src/runbook/store/ledger.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const host = realHost();
const line = (tag: string): Unskip => ({ type: 'unskip', tag, run: 'R', by: 'ada' });

test('every word is kept, in order; a torn last line is dropped', async () => {
  const ledger = `${scratch()}/ledger.jsonl`;
  expect(await readLedger(host, { ledger })).toEqual([]);
  await noteInLedger(host, { ledger }, line('v1.0.0'));
  fs.appendFileSync(ledger, '{"format":1,"n":1,"ty');
  expect(await readLedger(host, { ledger })).toEqual([line('v1.0.0')]);
  await noteInLedger(host, { ledger }, line('v2.0.0'));
  expect(await readLedger(host, { ledger })).toEqual([line('v1.0.0'), line('v2.0.0')]);
  expect(fs.statSync(ledger).mode & 0o777).toBe(0o600);
});

test('what is damaged is refused, not read as nothing', async () => {
  const ledger = `${scratch()}/ledger.jsonl`;
  await noteInLedger(host, { ledger }, line('v1.0.0'));
  fs.writeFileSync(ledger, fs.readFileSync(ledger, 'utf8').replace('v1.0.0', 'v1.0.1'));
  await expect(readLedger(host, { ledger })).rejects.toMatchObject({ code: 'E_JOURNAL_CORRUPT' });
});
