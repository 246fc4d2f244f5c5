import { expect, test } from 'vitest';
import { type Plan, placesOf } from '../../src/engine/plan.ts';
import { compile, STAGES } from '../../src/runbook/compile.ts';
import { type Facts, factsOf } from '../../src/runbook/facts.ts';
import { dockmeshFacts } from './facts.ts';

/** A plan as a person reads it: `w` of the window, `t` touches the product. */
function lines(plan: Plan): string {
  return plan.hops
    .flatMap(({ steps }) => steps)
    .map(
      ({ stage, kind, title, window, touches }) =>
        `${stage} ${window ? 'w' : '-'}${touches ? 't' : '-'} ${kind}: ${title}`,
    )
    .join('\n');
}

async function facts(more: Partial<Facts> = {}, options: Partial<Facts['options']> = {}): Promise<Facts> {
  const whole = await dockmeshFacts(more);
  return { ...whole, options: { ...whole.options, ...options } };
}

const GENERATION = { kind: 'generation', version: 'v0.2.9', root: '/g/R', run: 'R' } as const;

test('an upgrade with data and a database', async () => {
  const plan = compile('upgrade', await facts());
  expect(lines(plan)).toMatchInlineSnapshot(`
    "fetch -- download: Download dockmesh_linux_amd64.tar.gz
    verify -- prove: Verify dockmesh_linux_amd64.tar.gz
    verify -- unpack: Unpack 1 file beside its target
    verify -- learn-schema: Learn the schemas of v0.2.9 and v0.2.13 on empty databases
    backup -- baseline: Note how it is now: docker
    backup -- copy-live: Copy the installed files to /data/.refit-generations/dockmesh
    backup -- snapshot: Check a snapshot of /data/data/dockmesh.db
    backup -- rehearse: Rehearse the migration to v0.2.13 on a copy of the data
    backup -- hot-copy: Copy the data while the service runs: /data/data/dockmesh.db and what belongs to it
    swap w- arm-window: Keep everybody else from starting dockmesh.service
    swap wt stop: Stop dockmesh.service
    swap wt copy-data: Copy what has changed since
    swap wt swap-files: Put v0.2.13 in place: 1 file
    migrate wt start: Start dockmesh.service and wait for its answer
    migrate -t prove-schema: Prove that the data was migrated
    verify-health -t verify-health: Watch the health of v0.2.13
    verify-health -t prove-copy: Prove the copy of the data by restoring it"
  `);
  expect(plan).toMatchObject({
    format: 1,
    purpose: 'upgrade',
    product: 'dockmesh',
    installation: 'dockmesh',
    from: 'v0.2.9',
    to: 'v0.2.13',
    stages: STAGES,
  });
});

test('an upgrade of a product without data and without a database', async () => {
  expect(lines(compile('upgrade', await facts({ data: [], database: undefined })))).toMatchInlineSnapshot(`
    "fetch -- download: Download dockmesh_linux_amd64.tar.gz
    verify -- prove: Verify dockmesh_linux_amd64.tar.gz
    verify -- unpack: Unpack 1 file beside its target
    backup -- baseline: Note how it is now: docker
    backup -- copy-live: Copy the installed files to /data/.refit-generations/dockmesh
    swap w- arm-window: Keep everybody else from starting dockmesh.service
    swap wt stop: Stop dockmesh.service
    swap wt swap-files: Put v0.2.13 in place: 1 file
    migrate wt start: Start dockmesh.service and wait for its answer
    verify-health -t verify-health: Watch the health of v0.2.13"
  `);
});

test('an upgrade of data without a migration of its own proves no schema', async () => {
  const { migrate: _, ...profile } = (await facts()).profile;
  const plan = compile('upgrade', await facts({ profile }));
  expect(lines(plan)).toContain('snapshot');
  expect(lines(plan)).not.toMatch(/schema:/);
});

test('an upgrade that holds the agents tells them so before the service is stopped', async () => {
  const kinds = compile('upgrade', await facts({}, { holdAgents: true })).hops[0]?.steps.map(({ kind }) => kind) ?? [];
  expect(kinds.indexOf('hold-agents')).toBeGreaterThan(-1);
  expect(kinds.indexOf('hold-agents')).toBeLessThan(kinds.indexOf('arm-window'));
});

test.each<[string, Partial<Facts['options']>, string]>([
  [
    'keys',
    {
      envEdits: [
        { key: 'A', value: '1' },
        { key: 'B', value: '2' },
      ],
    },
    'Add A, B to /data/dockmesh.env',
  ],
  ['files', { copies: [{ from: '/data/ca.key', to: '/d/ca.key' }] }, 'Copy /data/ca.key to /d/ca.key'],
  [
    'both',
    { envEdits: [{ key: 'A', value: '1' }], copies: [{ from: '/a', to: '/b' }] },
    'Add A to /data/dockmesh.env, copy /a to /b',
  ],
])('an env edit of %s is said in words, without values', async (_name, options, title) => {
  const steps = compile('upgrade', await facts({}, options)).hops[0]?.steps ?? [];
  expect(steps.find(({ kind }) => kind === 'edit-env')).toEqual({
    kind: 'edit-env',
    stage: 'swap',
    title,
    input: null,
    window: true,
    touches: true,
  });
});

const ACCOUNT = {
  user: 'u',
  group: 'g',
  uid: 1,
  gid: 2,
  dropIn: '/etc/systemd/system/dockmesh.service.d/service-user.conf',
  directories: ['/data/data'],
  paths: [],
  trees: [],
};

test('the account changes before files are put in place for it; a rollback gives back before the old version starts', async () => {
  const options = { serviceUser: ACCOUNT, copies: [{ from: '/a', to: '/b', dress: { mode: 0o400, uid: 1, gid: 2 } }] };
  const kinds = compile('upgrade', await facts({}, options)).hops[0]?.steps.map(({ kind }) => kind) ?? [];
  const place = kinds.indexOf('change-user');
  expect(kinds.slice(place - 1, place + 3)).toEqual(['copy-data', 'change-user', 'edit-env', 'swap-files']);
  const target = { kind: 'generation', version: 'v0.1.3', root: '/g', run: 'R' } as const;
  const back = await facts({ target, formerOwners: { user: ACCOUNT, owners: [] } });
  const steps = compile('rollback', back).hops[0]?.steps ?? [];
  const at = steps.findIndex(({ kind }) => kind === 'restore-owners');
  expect(steps.slice(at - 1, at + 2).map(({ kind }) => kind)).toEqual(['copy-data', 'restore-owners', 'restore-data']);
  expect(steps[at]).toMatchObject({ window: true, input: { user: ACCOUNT, owners: [] } });
});

test('a profile that compares nothing has its probes asked before; one without either has nothing to note', async () => {
  const whole = await facts();
  const noted = (probes: Facts['profile']['health']['probes']) => {
    const health = { ...whole.profile.health, baseline: [], probes };
    const steps = compile('upgrade', { ...whole, profile: { ...whole.profile, health } }).hops[0]?.steps ?? [];
    return steps.find(({ kind }) => kind === 'baseline')?.title;
  };
  const { probes } = whole.profile.health;
  expect(noted(probes)).toBe('Note how it is now: ready, version, commit, agent-port, app');
  expect(noted(probes.filter(({ kind }) => kind === 'stable'))).toBeUndefined();
});

test('a rollback', async () => {
  const plan = compile('rollback', await facts({ target: GENERATION }));
  expect(lines(plan)).toMatchInlineSnapshot(`
    "backup -- prove-generation: Check the copies of v0.2.9
    backup -- copy-live: Copy the installed files to /data/.refit-generations/dockmesh
    backup -- stage-data: Lay the data of v0.2.9 ready beside the present data
    backup -- hot-copy: Copy the data while the service runs: /data/data/dockmesh.db and what belongs to it
    swap w- arm-window: Keep everybody else from starting dockmesh.service
    swap wt stop: Stop dockmesh.service
    swap wt copy-data: Copy what has changed since
    swap wt restore-data: Put the data of v0.2.9 back
    swap wt restore-files: Put the files of v0.2.9 back
    migrate wt start: Start dockmesh.service and wait for its answer
    verify-health -t verify-health: Watch the health of v0.2.9"
  `);
  expect(plan.to).toBe('v0.2.9');
});

test('a rollback without data', async () => {
  expect(lines(compile('rollback', await facts({ target: GENERATION, data: [] })))).toMatchInlineSnapshot(`
    "backup -- prove-generation: Check the copies of v0.2.9
    backup -- copy-live: Copy the installed files to /data/.refit-generations/dockmesh
    swap w- arm-window: Keep everybody else from starting dockmesh.service
    swap wt stop: Stop dockmesh.service
    swap wt restore-files: Put the files of v0.2.9 back
    migrate wt start: Start dockmesh.service and wait for its answer
    verify-health -t verify-health: Watch the health of v0.2.9"
  `);
});

test('an installation stops and starts nothing', async () => {
  const plan = compile('install', await facts({ data: [], database: undefined }));
  expect(lines(plan)).toMatchInlineSnapshot(`
    "fetch -- download: Download dockmesh_linux_amd64.tar.gz
    verify -- prove: Verify dockmesh_linux_amd64.tar.gz
    verify -- unpack: Unpack 1 file beside its target
    backup -- copy-live: Note what lies where the files go, in /data/.refit-generations/dockmesh
    swap -t swap-files: Put v0.2.13 in place: 1 file"
  `);
});

test('between the arming of the window and the answer there is no place for a pause', async () => {
  for (const [purpose, target] of [
    ['upgrade', (await facts()).target],
    ['rollback', GENERATION],
  ] as const) {
    const steps = compile(purpose, await facts({ target }, { envEdits: [{ key: 'A', value: '1' }] })).hops[0]?.steps;
    const flags = steps?.map(({ window }) => window) ?? [];
    expect(flags.slice(flags.indexOf(true), flags.lastIndexOf(true) + 1).every(Boolean)).toBe(true);
    expect(steps?.[flags.indexOf(true)]?.kind).toBe('arm-window');
    expect(steps?.[flags.lastIndexOf(true)]?.kind).toBe('start');
  }
});

test('the facts survive the journal: what a resumed worker reads is what was planned', async () => {
  const given = await facts();
  const read = factsOf(JSON.parse(JSON.stringify(compile('upgrade', given))) as Plan);
  expect(read).toEqual(JSON.parse(JSON.stringify(given)));
  expect(read.installation.scope.env['DOCKMESH_DB_PATH']).toBe('/data/data/dockmesh.db');
});

test('a spot check notes how the services are before, on the way back too, where nothing else is compared', async () => {
  const spotted = await facts({ target: GENERATION }, { spotChecks: ['web', 'shop'] });
  expect(lines(compile('rollback', spotted))).toContain(
    'backup -- baseline: Note how the services of web, shop are now\nbackup -- copy-live',
  );
  expect(lines(compile('rollback', await facts({ target: GENERATION })))).not.toContain('baseline');
  const upgrade = lines(compile('upgrade', await facts({}, { spotChecks: ['web'] })));
  expect(upgrade.match(/baseline: .*/g)).toEqual(['baseline: Note how it is now: docker']);
});

test('over several releases: all of them are got and proven first, each hop has its own facts, the last names the target', async () => {
  const first = await facts();
  const { installation, target } = first;
  if (target.kind !== 'release') throw new Error('it upgrades');
  const second = {
    ...first,
    installation: { ...installation, version: 'v0.2.13' },
    target: { ...target, tag: 'v0.2.14' },
  };
  const plan = compile('upgrade', first, [second]);
  expect(plan).toMatchObject({ from: 'v0.2.9', to: 'v0.2.14', facts: { target: { tag: 'v0.2.13' } } });
  expect(plan.hops.map(({ from, to }) => [from, to])).toEqual([
    ['v0.2.9', 'v0.2.13'],
    ['v0.2.13', 'v0.2.14'],
  ]);
  expect(plan.hops.map((hop) => (hop.facts as Facts | undefined)?.installation.version)).toEqual([
    undefined,
    'v0.2.13',
  ]);
  expect(
    placesOf(plan)
      .slice(0, 8)
      .map(({ step, hop }) => `${hop} ${step.stage} ${step.title}`),
  ).toEqual([
    '0 fetch v0.2.13: Download dockmesh_linux_amd64.tar.gz',
    '1 fetch v0.2.14: Download dockmesh_linux_amd64.tar.gz',
    '0 verify v0.2.13: Verify dockmesh_linux_amd64.tar.gz',
    '0 verify v0.2.13: Unpack 1 file beside its target',
    '1 verify v0.2.14: Verify dockmesh_linux_amd64.tar.gz',
    '1 verify v0.2.14: Unpack 1 file beside its target',
    '0 verify Learn the schemas of v0.2.9 and v0.2.13 on empty databases',
    '0 backup Note how it is now: docker',
  ]);
  const learns = placesOf(plan).filter(({ step }) => step.kind === 'learn-schema');
  expect(learns.map(({ step }) => step.stage)).toEqual(['verify', 'backup']);
});
