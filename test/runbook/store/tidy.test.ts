import fs from 'node:fs';
import { expect, test } from 'vitest';
import { runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { tidyRuns } from '../../../src/runbook/store/tidy.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const host = realHost();
const name = (ms: number) => newUlid({ now: () => new Date(ms), random: () => '00'.repeat(10) });
const HOUR = 3_600_000;

test('tokens of runs that ended and of earlier requests go, and old refused requests whole; what comes later stays', async () => {
  const now = host.clock.now().getTime();
  const store = storePaths(scratch(), 'sample');
  const make = (id: string, journal: boolean) => {
    const run = runPaths(store, id);
    fs.mkdirSync(run.directory, { recursive: true });
    fs.writeFileSync(run.token, 'secret');
    if (journal) fs.writeFileSync(run.journal, '');
    return run;
  };
  const ended = make(name(now - 50 * HOUR), true);
  const refused = make(name(now - 49 * HOUR), false);
  const waiting = make(name(now - HOUR), false);
  const current = make(name(now), true);
  const later = make(name(now + HOUR), false);
  await tidyRuns(host, store, name(now));
  expect(
    [ended.token, ended.journal, refused.directory, waiting.token, waiting.directory, current.token, later.token].map(
      (path) => fs.existsSync(path),
    ),
  ).toEqual([false, true, false, false, true, true, true]);
});
