import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { JournalUnwritable, openJournal } from '../../../src/engine/journal.ts';
import type { JournalRecord } from '../../../src/engine/record.ts';
import type { Effects } from '../../../src/host/effects.ts';
import type { Files } from '../../../src/host/files.ts';
import { journalFile, RESERVE_BYTES } from '../../../src/runbook/store/journal-file.ts';
import { type RunPaths, runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { realHost } from '../../data/workbench.ts';
import { isRoot, mountTmpfs, scratch } from '../../host/scratch.ts';
import { textOf } from '../records.ts';

const RECORD: JournalRecord = { type: 'hop.commit', hop: 0 };
const now = () => new Date('2026-01-01T00:00:00Z');

function runIn(directory: string): RunPaths {
  const run = runPaths(storePaths(directory, 'sample'), 'R');
  fs.mkdirSync(run.directory, { recursive: true });
  return run;
}

const open = (files: Files, run: RunPaths) => openJournal(journalFile(files, run), now);

/** Fails every write to a file of that name with this errno, as long as `fails` says so. */
function failing(errno: string, name: string, fails: () => boolean): Effects {
  return {
    run(effect, act) {
      if (effect.label.endsWith(`/${name}`) && effect.kind === 'write' && fails())
        throw Object.assign(new Error('injected'), { code: errno });
      return act(() => undefined);
    },
  };
}

test('what was appended is there, 0600, whatever the umask', async () => {
  const run = runIn(scratch());
  const journal = await open(realHost().files, run);
  await journal.append(RECORD);
  expect(fs.readFileSync(run.journal, 'utf8')).toBe(textOf([RECORD]));
  expect(fs.statSync(run.journal).mode & 0o777).toBe(0o600);
});

test('a torn last line is cut off before anything follows it', async () => {
  const run = runIn(scratch());
  fs.writeFileSync(run.journal, `${textOf([RECORD])}{"format":1,"n":1,"at":"20`);
  const journal = await open(realHost().files, run);
  expect(journal.records).toEqual([RECORD]);
  await journal.append({ type: 'run.end', outcome: 'committed' });
  expect((await open(realHost().files, run)).records).toHaveLength(2);
});

test('a disk that is full gives the reserve back, and the record is written', async () => {
  const run = runIn(scratch());
  fs.writeFileSync(run.reserve, Buffer.alloc(RESERVE_BYTES));
  const { files } = realHost(failing('ENOSPC', 'journal.jsonl', () => fs.existsSync(run.reserve)));
  const journal = await open(files, run);
  await journal.append(RECORD);
  expect(fs.existsSync(run.reserve)).toBe(false);
  expect(fs.readFileSync(run.journal, 'utf8')).toBe(textOf([RECORD]));
});

test.each([
  ['a full disk without a reserve', 'ENOSPC', 'E_NO_SPACE'],
  ['a disk that went read-only', 'EROFS', 'E_READ_ONLY'],
  ['a disk that is dying', 'EIO', 'E_IO'],
])('%s ends the run here, and says why', async (_name, errno, code) => {
  const run = runIn(scratch());
  fs.writeFileSync(run.journal, textOf([RECORD]));
  const journal = await open(realHost(failing(errno, 'journal.jsonl', () => true)).files, run);
  const error = await journal.append({ type: 'run.end', outcome: 'committed' }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(JournalUnwritable);
  expect(error).toMatchObject({
    cause: { code },
    message: expect.stringMatching(/^Cannot note what was done: Cannot /),
  });
  expect(journal.records).toEqual([RECORD]);
  expect(fs.readFileSync(run.journal, 'utf8')).toBe(textOf([RECORD]));
});

test('a bug while appending is a bug, not a full disk', async () => {
  const file = {
    path: '/j',
    read: async () => Buffer.alloc(0),
    append: () => Promise.reject(new TypeError('oops')),
    truncate: async () => undefined,
  };
  const journal = await openJournal(file, now);
  await expect(journal.append(RECORD)).rejects.toThrow(TypeError);
});

describe.runIf(isRoot)('on a file system of its own', () => {
  test('the reserve is real: a full tmpfs takes the record after it is freed, and no half line stays', async () => {
    const directory = scratch();
    mountTmpfs(directory, 'size=2m');
    const run = runIn(directory);
    const { files } = realHost();
    const journal = await open(files, run);
    await journal.append(RECORD);
    await files.writeAtomic(run.reserve, Buffer.alloc(RESERVE_BYTES), { mode: 0o600 });
    fill(path.join(directory, 'filler'));
    const big: JournalRecord = {
      type: 'step.fail',
      step: 0,
      failure: { code: 'E_NO_SPACE', message: 'x'.repeat(20_000) },
    };
    await journal.append(big);
    expect(fs.existsSync(run.reserve)).toBe(false);
    expect((await open(files, run)).records).toEqual([RECORD, big]);

    fill(path.join(directory, 'filler-2'));
    await expect(journal.append(big)).rejects.toBeInstanceOf(JournalUnwritable);
    expect((await open(files, run)).records).toEqual([RECORD, big]);
  });
});

/** Takes every block that is left. */
function fill(file: string): void {
  const handle = fs.openSync(file, 'w');
  try {
    for (const size of [65_536, 4_096]) {
      for (;;) fs.writeSync(handle, Buffer.alloc(size));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    fs.closeSync(handle);
  }
}
