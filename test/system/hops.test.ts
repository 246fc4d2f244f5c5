import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, STOPPABLE_REFIT } from './support/dockmesh.ts';
import { expectOld, look } from './support/outcome.ts';
import { OLD, releases } from './support/releases.ts';

/** A minor each: the way from OLD to the last goes over both others. */
const [FIRST, MIDDLE, LAST] = ['v0.3.1', 'v0.4.2', 'v0.5.0'] as const;
const VERSIONS = [OLD, FIRST, MIDDLE, LAST];

async function boot(name: string, releasesDir: string, guardInterval = '1h'): Promise<Dockmesh> {
  const dockmesh = await bootDockmesh(name, { releasesDir });
  const service = `service: { start_timeout: 10s, guard_interval: ${guardInterval} }`;
  const quick = `health: { soak: 300ms, timeout: 5s }\n${service}\n`;
  dockmesh.write('/etc/refit/dockmesh.yaml', `${quick}upgrades: { policy: one-minor-at-a-time }\n`);
  return dockmesh;
}

const upgrade = ({ source }: Dockmesh): readonly string[] => ['upgrade', '--to', LAST, '--source', source, '--yes'];

function killWorker({ host }: Dockmesh): void {
  host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
  host.must(['sh', '-c', 'while systemctl is-active --quiet refit-dockmesh; do sleep 0.05; done']);
}

/** Wholly of that version, which answers; every row is there, and nothing of the run is left. */
async function expectAt(dockmesh: Dockmesh, releasesDir: string, version: string, rows: object): Promise<void> {
  expect(await dockmesh.untilAnswers()).toBe(version);
  expect(dockmesh.filesOf(releasesDir, version)).toEqual([]);
  expect(rowsOf(dockmesh)).toEqual(rows);
  expect(dockmesh.leftovers()).toEqual([]);
  // What a later hop kept for its own way back went with its commit.
  const kept = dockmesh.host.must(['find', '/var/lib/dockmesh/.refit-generations', '-name', '*-[0-9]']);
  expect(kept).toBe('');
}

/** How many rows each table of a person's has. */
function rowsOf(dockmesh: Dockmesh): object {
  const { tables } = dockmesh.contents();
  const counted = Object.entries(tables).flatMap(([name, rows]) =>
    ['users', 'api_tokens', 'agents', 'stacks'].includes(name) ? [[name, Object.keys(rows as object).length]] : [],
  );
  return Object.fromEntries(counted);
}

const POINTS = [
  // Nothing is stopped yet, and the last release is there already.
  'step.end unpack#3',
  'step.end stop',
  'step.end start',
  'hop.commit',
  'step.begin swap-files#2',
  'step.end start#2',
  'hop.commit#2',
  'step.end arm-window#3',
  'step.end copy-data#3',
  'step.end swap-files#3',
  'hop.commit#3',
];

test('three hops, the worker killed at each boundary and in each window: resume goes on to the last', async () => {
  const releasesDir = releases({}, VERSIONS);
  await using dockmesh = await boot('hops-killed', releasesDir);
  const rows = rowsOf(dockmesh);
  let words = upgrade(dockmesh);
  for (const point of POINTS) {
    const { viewer } = await dockmesh.stopAt(point, words);
    killWorker(dockmesh);
    expect([point, (await viewer).exitCode]).toEqual([point, 9]);
    words = ['resume'];
  }
  const { exitCode, stdout } = await dockmesh.refit(words, STOPPABLE_REFIT);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringContaining(`upgraded from ${OLD} to ${LAST}`),
  });
  await expectAt(dockmesh, releasesDir, LAST, rows);
  // One run, by whatever many workers.
  const journals = '/var/lib/refit/dockmesh/runs/*/journal.jsonl';
  expect(dockmesh.host.must(['sh', '-c', `grep -c hop.commit ${journals}`])).toBe('3');
});

test('killed in the second window with nobody there: the guard goes on over all hops that are left', async () => {
  const releasesDir = releases({}, VERSIONS);
  await using dockmesh = await boot('hops-guard', releasesDir, '1s');
  const rows = rowsOf(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.end stop#2', upgrade(dockmesh));
  killWorker(dockmesh);
  expect((await viewer).exitCode).toBe(9);
  const ended = 'while ! tail -n1 runs/*/journal.jsonl | grep -q \'"run.end"\'; do sleep 0.2; done';
  dockmesh.host.must(['timeout', '120', 'sh', '-c', `cd /var/lib/refit/dockmesh; ${ended}`]);
  dockmesh.host.must(['sh', '-c', 'while systemctl is-active --quiet refit-dockmesh; do sleep 0.05; done']);
  await expectAt(dockmesh, releasesDir, LAST, rows);
});

test('a middle release that is broken: the host stays healthy on the hop before, says so, and goes back from there', async () => {
  const releasesDir = releases({ [MIDDLE]: 'crashloop' }, VERSIONS);
  await using dockmesh = await boot('hops-broken', releasesDir);
  const before = look(dockmesh);
  const rows = rowsOf(dockmesh);
  const { exitCode, stdout } = await dockmesh.refit(upgrade(dockmesh));
  expect(exitCode).toBe(7);
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    `dockmesh.service is active (running) at ${FIRST} and answers`,
    expect.stringMatching(`^upgraded from ${OLD} to ${FIRST}; the next hop, to ${MIDDLE}, failed and was undone: `),
    expect.stringContaining(`refit rollback goes back to ${OLD}`),
  ]);
  expect(rowsOf(dockmesh)).toEqual(rows);
  expect(dockmesh.filesOf(releasesDir, FIRST)).toEqual([]);

  const again = await dockmesh.refit(['plan', '--to', LAST, '--source', dockmesh.source]);
  // Nothing else leads there.
  expect(again).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('it failed here before') });

  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  await expectOld(dockmesh, { releasesDir, before });
});

test('all or nothing: the same failure leads back to the start, in a run of its own', async () => {
  const releasesDir = releases({ [MIDDLE]: 'crashloop' }, VERSIONS);
  await using dockmesh = await boot('hops-nothing', releasesDir);
  const before = look(dockmesh);
  const { exitCode, stdout, stderr } = await dockmesh.refit([...upgrade(dockmesh), '--all-or-nothing']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 7,
    stderr: expect.stringContaining(`all or nothing was agreed: going back to ${OLD}`),
  });
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    `dockmesh.service is active (running) at ${OLD} and answers`,
    expect.stringMatching(
      `^upgraded from ${OLD} to ${FIRST}; the next hop, to ${MIDDLE}, failed and was undone: .*; then rolled back from ${FIRST} to ${OLD}`,
    ),
    expect.stringMatching('^next: '),
  ]);
  await expectOld(dockmesh, { releasesDir, before });
});

test.each(['guard', 'resume'])(
  'killed between that failure and the way back: %s goes back all the same',
  async (who) => {
    const releasesDir = releases({ [MIDDLE]: 'crashloop' }, VERSIONS);
    await using dockmesh = await boot(`hops-between-${who}`, releasesDir, who === 'guard' ? '2s' : '1h');
    const before = look(dockmesh);
    const { viewer } = await dockmesh.stopAt('run.end', [...upgrade(dockmesh), '--all-or-nothing']);
    killWorker(dockmesh);
    expect((await viewer).exitCode).toBe(7);
    if (who === 'guard') {
      const done =
        'until ls /var/lib/refit/dockmesh/runs/*/journal.jsonl | sed -n 2p | xargs tail -n1 | grep -q run.end; do sleep 0.2; done';
      dockmesh.host.must(['timeout', '120', 'sh', '-c', done]);
      dockmesh.host.must(['sh', '-c', 'while systemctl is-active --quiet refit-dockmesh; do sleep 0.05; done']);
      // It has nothing to look after any more, and goes at its next look at the latest.
      dockmesh.host.must([
        'timeout',
        '30',
        'sh',
        '-c',
        'while ls /etc/systemd/system/refit-guard-dockmesh*; do sleep 0.2; done',
      ]);
    } else {
      const { exitCode, stdout } = await dockmesh.refit(['resume']);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 7,
        stdout: expect.stringContaining(`rolled back from ${FIRST} to ${OLD}`),
      });
    }
    await expectOld(dockmesh, { releasesDir, before });
  },
);
