import type { Plan, PlannedStep } from '../../../src/engine/plan.ts';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { type RunState, replay } from '../../../src/engine/replay.ts';
import { standingOf } from '../../../src/engine/standing.ts';
import type { Judged } from '../../../src/runbook/checks/judge.ts';
import type { Ending, Now } from '../../../src/runbook/ending.ts';
import type { Planned } from '../../../src/runbook/planned.ts';
import type { DataChoice } from '../../../src/runbook/schema-guard.ts';
import { runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import type { StoredRun } from '../../../src/runbook/store/runs.ts';
import type { Skipped } from '../../../src/runbook/store/skipped.ts';
import type { Window } from '../../../src/runbook/store/window.ts';

export const RUN = '01M7Z2FADZXNTZWVDEXV1FQKF6';

const step = (stage: string, kind: string, title: string, window = false): PlannedStep => ({
  kind,
  stage,
  title,
  input: null,
  window,
  touches: window,
});

const STEPS = [
  step('fetch', 'download', 'Download dockmesh_linux_amd64.tar.gz, dockmesh_linux_arm64.tar.gz'),
  step('verify', 'prove', 'Verify dockmesh_linux_amd64.tar.gz, dockmesh_linux_arm64.tar.gz'),
  step('verify', 'unpack', 'Unpack 5 files beside their targets'),
  step('backup', 'copy-live', 'Copy the installed files to /var/lib/dockmesh/.refit-generations/dockmesh'),
  step('swap', 'stop', 'Stop dockmesh.service', true),
  step('swap', 'swap-files', 'Put v0.2.13 in place: 5 files', true),
  step('migrate', 'start', 'Start dockmesh.service and wait for its answer', true),
  step('verify-health', 'verify-health', 'Watch the health of v0.2.13'),
];

/** Facts of an installation whose environment holds a secret; as little of the rest as the reports read. */
const facts = (target: object) => ({
  target,
  data: [{ path: '/var/lib/dockmesh/data' }],
  files: [{ member: 'dockmesh', target: '/usr/local/bin/dockmesh' }],
  options: { token: false, spotChecks: [], keep: 3, keepDays: 7 },
  startTimeout: { ms: 90_000, because: 'profile' },
  profile: {
    release: {},
    service: { manager: 'systemd', guard_interval: 30_000 },
    health: {
      baseline: [
        { name: 'docker', token: false },
        { name: 'hosts', token: true },
        { name: 'alerts', token: true },
      ],
    },
  },
  installation: {
    name: 'dockmesh',
    manager: 'embedded',
    scope: { env: { DOCKMESH_SECRET: 'hunter2' }, os: 'linux', arch: 'amd64' },
  },
});

export function plan(over: Partial<Plan> = {}): Plan {
  const { from = 'v0.2.9', to = 'v0.2.13' } = over;
  return {
    format: 1,
    purpose: 'upgrade',
    product: 'dockmesh',
    installation: 'dockmesh',
    from,
    to,
    stages: ['fetch', 'verify', 'backup', 'swap', 'migrate', 'verify-health'],
    facts: facts({ kind: 'release', tag: to, archives: [{ asset: { name: 'a.tar.gz', size: 41_500_000 } }] }),
    hops: [{ from, to, steps: STEPS }],
    ...over,
  } as Plan;
}

/** Back over `RUN`, which upgraded to v0.2.13. */
export function rollbackPlan(dataChoice: DataChoice = FOREIGN): Plan {
  const way = { from: 'v0.2.13', to: 'v0.2.9' };
  const steps = [
    step('backup', 'copy-live', 'Copy the installed files to /var/lib/dockmesh/.refit-generations/dockmesh'),
    step('swap', 'stop', 'Stop dockmesh.service', true),
    step('swap', 'restore-data', 'Put the data of v0.2.9 back', true),
    step('migrate', 'start', 'Start dockmesh.service and wait for its answer', true),
    step('verify-health', 'verify-health', 'Watch the health of v0.2.9'),
  ];
  const target = facts({ kind: 'generation', version: 'v0.2.9', root: '/generation', run: RUN, dataChoice });
  return plan({ ...way, purpose: 'rollback', hops: [{ ...way, steps }], facts: target as never });
}

const FOREIGN: DataChoice = {
  keeps: false,
  because: 'foreign',
  foreign: ['034_backup_needs_review.sql', '035_backup_review_acked.sql', '036', '037', '038'],
};

/** A release that ranges pass by. */
export const SKIPPED: Skipped = {
  tag: 'v0.2.14',
  sha256: 'a'.repeat(64),
  run: RUN,
  at: '2026-01-02T03:04:05.678Z',
  code: 'E_HEALTH_FAILED',
  message: 'Cannot find v0.2.14 healthy: /api/v1/health: saw status 500, expected 200',
};

export function judged(over: Partial<Judged> & Pick<Judged, 'code' | 'severity'>): Judged {
  return { measured: 'all well', limit: 'anything', remedy: 'Nothing', waived: false, ...over };
}

export const LOW_SPACE = judged({
  code: 'low-space',
  severity: 'inhibit',
  measured: '12.0 MiB free at /var/lib/dockmesh/.refit-generations/dockmesh',
  limit: 'at least 312 MiB: two generations of binaries, the data twice, and room for the unpacked release',
  remedy: 'Make room on the file system of /var/lib/dockmesh, or move the generations to another one',
});

export const UNIT_CHANGED = judged({
  code: 'unit-changed',
  severity: 'warning',
  measured: 'the unit file is newer than what systemd has loaded',
  limit: 'unit files as loaded',
  remedy: 'systemctl daemon-reload',
});

export function planned(over: Partial<Planned> = {}): Planned {
  return {
    plan: plan(),
    checks: [judged({ code: 'tool-missing', severity: 'ok' }), judged({ code: 'unit-broken', severity: 'ok' })],
    source: 'github.com/dockmesh/dockmesh',
    choice: { asked: 'v0.2.x', chosen: 'v0.2.13' },
    passedBy: [],
    envDiff: '',
    downloadBytes: 41_500_000,
    dataBytes: 160 * 1024,
    ...over,
  };
}

/** A journal's records after `run.begin`: which steps were done, and what came then. */
export function records(done: number, ...then: readonly JournalRecord[]): readonly JournalRecord[] {
  const steps = Array.from({ length: done }, (_, index): readonly JournalRecord[] => [
    { type: 'step.begin', step: index, undo: null, boot: 'b' },
    { type: 'step.end', step: index, output: null },
  ]);
  return [...steps.flat(), ...then];
}

export function stateOf(records: readonly JournalRecord[], of: Plan = plan()): RunState {
  const state = replay([{ type: 'run.begin', run: RUN, by: 'ada', plan: of }, ...records]);
  if (state === undefined) throw new Error('a journal that begins has a state');
  return state;
}

export const STORE = storePaths('/var/lib/refit', 'dockmesh');

/** `window`: of a number, as the worker measured it. */
export function stored(records: readonly JournalRecord[], window?: number | Window, of?: Plan): StoredRun {
  const measured =
    typeof window === 'number' ? ({ readyMs: window, aliveMs: null, resolutionMs: 10, by: 'worker' } as const) : window;
  return { id: RUN, paths: runPaths(STORE, RUN), state: stateOf(records, of), window: measured };
}

export function now(over: Partial<Now> = {}): Now {
  return {
    unit: 'dockmesh.service',
    activity: 'active (running)',
    running: true,
    version: 'v0.2.13',
    answers: true,
    ...over,
  };
}

export function ending(run: StoredRun, over: Partial<Ending> = {}): Ending {
  return { run, standing: standingOf(run.state), now: now(), evidence: undefined, ...over };
}
