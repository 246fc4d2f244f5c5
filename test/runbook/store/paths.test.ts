import { expect, test } from 'vitest';
import { runPaths, storePaths } from '../../../src/runbook/store/paths.ts';

test('the folders of an installation and of a run', () => {
  const store = storePaths('/var/lib/refit', 'dockmesh');
  expect(store).toMatchInlineSnapshot(`
    {
      "cache": "/var/lib/refit/cache/sha256",
      "ledger": "/var/lib/refit/dockmesh/ledger.jsonl",
      "lock": "/var/lib/refit/dockmesh/run.lock",
      "rehearsals": "/var/lib/refit/dockmesh/rehearsals",
      "releases": "/var/lib/refit/dockmesh/releases",
      "root": "/var/lib/refit/dockmesh",
      "runs": "/var/lib/refit/dockmesh/runs",
      "state": "/var/lib/refit/dockmesh/state.json",
      "window": "/var/lib/refit/dockmesh/window",
    }
  `);
  expect(runPaths(store, 'RUN')).toMatchInlineSnapshot(`
    {
      "archive": "/var/lib/refit/dockmesh/runs/RUN/archive.json",
      "directory": "/var/lib/refit/dockmesh/runs/RUN",
      "events": "/var/lib/refit/dockmesh/runs/RUN/events.ndjson",
      "evidence": "/var/lib/refit/dockmesh/runs/RUN/evidence",
      "journal": "/var/lib/refit/dockmesh/runs/RUN/journal.jsonl",
      "reserve": "/var/lib/refit/dockmesh/runs/RUN/reserve",
      "scratch": "/var/lib/refit/dockmesh/runs/RUN/scratch",
      "token": "/var/lib/refit/dockmesh/runs/RUN/token",
      "verified": "/var/lib/refit/dockmesh/runs/RUN/verified.json",
    }
  `);
});
