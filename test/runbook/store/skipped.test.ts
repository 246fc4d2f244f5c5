import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/engine/plan.ts';
import type { JournalRecord } from '../../../src/engine/record.ts';
import type { ErrorCode } from '../../../src/errors.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { noteInLedger } from '../../../src/runbook/store/ledger.ts';
import { runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { skippedReleases } from '../../../src/runbook/store/skipped.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, done, indexOf, textOf } from '../records.ts';

const host = realHost();
const name = (second: number) => newUlid({ now: () => new Date(second * 1000), random: () => '00'.repeat(10) });
const SHA = 'b'.repeat(64);
const ASSET = 'dockmesh_linux_amd64.tar.gz';

const plan = compile('upgrade', await dockmeshFacts());
const failing = (code: ErrorCode, of: Plan = plan): readonly JournalRecord[] => [
  ...done(of, 'prove', { [ASSET]: { sha256: SHA } }),
  { type: 'step.begin', step: indexOf(of, 'verify-health'), undo: null, boot: 'b' },
  { type: 'step.fail', step: indexOf(of, 'verify-health'), failure: { code, message: 'Cannot' } },
  { type: 'run.turn', reason: 'failure' },
  { type: 'undo.end', step: indexOf(of, 'prove') },
  { type: 'run.end', outcome: 'restored' },
];
const COMMITTED: readonly JournalRecord[] = [
  { type: 'hop.commit', hop: 0 },
  { type: 'run.end', outcome: 'committed' },
];

function scene() {
  const store = storePaths(scratch(), 'dockmesh');
  return {
    store,
    run(second: number, records: readonly JournalRecord[], of: Plan = plan): void {
      const { directory, journal } = runPaths(store, name(second));
      fs.mkdirSync(directory, { recursive: true });
      fs.writeFileSync(journal, textOf([begin(of, name(second)), ...records]));
    },
    tags: async () => (await skippedReleases(host, store)).map(({ tag }) => tag),
  };
}

test('what failed is known by its tag, its bytes and the run, when nothing of that run is left in place', async () => {
  const { store, run } = scene();
  expect(await skippedReleases(host, store)).toEqual([]);
  run(1, failing('E_HEALTH_FAILED'));
  expect(await skippedReleases(host, store)).toEqual([
    {
      tag: 'v0.2.13',
      sha256: SHA,
      run: name(1),
      at: new Date(1000).toISOString(),
      code: 'E_HEALTH_FAILED',
      message: 'Cannot',
    },
  ]);
});

test.each<ErrorCode>(['E_NO_SPACE', 'E_SOURCE_UNREACHABLE', 'E_STEP_CRASHED', 'E_SERVICE_STOP'])(
  '%s says nothing of a release',
  async (code) => {
    const { run, tags } = scene();
    run(1, failing(code));
    expect(await tags()).toEqual([]);
  },
);

test('what was only undone as asked, or is still open, or goes back, is not held against a release', async () => {
  const { run, tags } = scene();
  run(1, [
    { type: 'run.turn', reason: 'operator' },
    { type: 'run.end', outcome: 'restored' },
  ]);
  run(2, failing('E_HEALTH_FAILED').slice(0, -1));
  run(3, failing('E_HEALTH_FAILED'), { ...plan, purpose: 'rollback' });
  expect(await tags()).toEqual([]);
});

test('once it succeeded it is not passed by; once it failed again it is', async () => {
  const { run, tags } = scene();
  run(1, failing('E_SERVICE_START'));
  run(2, COMMITTED);
  expect(await tags()).toEqual([]);
  run(3, failing('E_MIGRATION_FAILED'));
  expect(await tags()).toEqual(['v0.2.13']);
});

test('a word in the ledger holds until it fails again', async () => {
  const { store, run, tags } = scene();
  run(1, failing('E_HEALTH_FAILED'));
  await noteInLedger(host, store, { type: 'unskip', tag: 'v0.2.13', run: name(1), by: 'ada' });
  expect(await tags()).toEqual([]);
  run(2, failing('E_HEALTH_FAILED'));
  expect(await tags()).toEqual(['v0.2.13']);
});
