import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { NEW, releases } from './support/releases.ts';

/** What systemd has a part in; the rest of the suite is test/integration/false-rollback.test.ts. */
const releasesDir = releases();

const notes = (dockmesh: Dockmesh): string => JSON.stringify(dockmesh.events().map(({ progress }) => progress ?? null));

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let patience = 600; !holds(); patience--) {
    if (patience === 0) throw new Error(`never came: ${what}`);
    await delay(100);
  }
}

test.each([
  ['restart', ['systemctl restart dockmesh.service']],
  [
    'stop, and start a moment later',
    ['systemctl stop dockmesh.service', 'sleep 1', 'systemctl start dockmesh.service'],
  ],
])("an administrator's %s in the soak: watched anew", async (_what, commands) => {
  await using dockmesh = await bootDockmesh('admin', { releasesDir });
  dockmesh.write(
    '/etc/refit/dockmesh.yaml',
    'health: { soak: 4s, timeout: 8s }\nservice: { start_timeout: 15s, guard_interval: 1h }\n',
  );
  const before = look(dockmesh);
  const run = dockmesh.upgrade();
  await until('the soak', () => {
    const { stdout } = dockmesh.host.exec(['sh', '-c', 'cat /var/lib/refit/dockmesh/runs/*/events.ndjson']);
    return stdout.includes('watching it for');
  });
  dockmesh.host.must(['sh', '-c', commands.join(' && ')]);
  const { exitCode, stdout, stderr } = await run;
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  expect(notes(dockmesh)).toContain('somebody restarted dockmesh.service; watching it anew');
  await expectNew(dockmesh, { releasesDir, before });
});

const DOCKER = '/run/docker.json';

/** Paused for Docker, which went away in the window; its guard looks every second. */
async function pausedForDocker() {
  const dockmesh = await bootDockmesh('external', { releasesDir });
  const { host, installed } = dockmesh;
  const row =
    '{ name: docker, kind: value, url: "http://localhost:8080/api/v1/health", field: docker, ok: [true], external: true, patience: 1s }';
  dockmesh.write(
    '/etc/refit/dockmesh.yaml',
    `health: { soak: 500ms, timeout: 2s, baseline: [${row}] }\nservice: { start_timeout: 3s, guard_interval: 1s }\n`,
  );
  dockmesh.write(DOCKER, '{}');
  host.must([
    'sh',
    '-c',
    `echo DOCKMESH_DOCKER=${DOCKER} >> ${installed.envFile} && systemctl restart ${installed.unit}`,
  ]);
  await dockmesh.untilAnswers();
  const before = look(dockmesh);
  const words = ['--to', 'v0.2.x', '--source', dockmesh.source, '--yes'];
  expect(await dockmesh.refit(['fetch', ...words])).toMatchObject({ exitCode: 0 });
  for (const stage of ['verify', 'backup'])
    expect(await dockmesh.refit([stage, '--yes'])).toMatchObject({ exitCode: 0 });
  host.must(['rm', DOCKER]);
  const { exitCode, stdout } = await dockmesh.refit(['upgrade', '--yes']);
  expect(exitCode).toBe(9);
  expect(stdout).toMatch(/^paused at v0\.2\.13: .*docker: true -> false \[E_HEALTH_EXTERNAL\]/m);
  expect(stdout).toMatch(/^next: refit resume once that is mended.*; its guard looks again soon after 20\d\d-/m);
  return { dockmesh, before };
}

const records = (dockmesh: Dockmesh): readonly Record<string, unknown>[] =>
  dockmesh.host
    .must(['cat', `${dockmesh.runDirectory()}/journal.jsonl`])
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const pauses = (dockmesh: Dockmesh): number => records(dockmesh).filter(({ reason }) => reason === 'external').length;

/** The run's end is on record, and its guard and worker are gone. */
const hasEnded = (dockmesh: Dockmesh) => (): boolean =>
  records(dockmesh).at(-1)?.['type'] === 'run.end' &&
  dockmesh.host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*']) === '';

test('Docker down after, and back later: its guard judges again, and nobody types anything', async () => {
  const { dockmesh, before } = await pausedForDocker();
  await using _ = dockmesh;
  dockmesh.write(DOCKER, '{}');
  await until('the end', hasEnded(dockmesh));
  expect(records(dockmesh).at(-1)).toMatchObject({ outcome: 'committed' });
  await expectNew(dockmesh, { releasesDir, before });
});

test('Docker gone for good: judged three times, then left to a person; once nothing runs any more the old version does', async () => {
  const { dockmesh, before } = await pausedForDocker();
  await using _ = dockmesh;
  const { host, installed } = dockmesh;
  await until('three judgements', () => pauses(dockmesh) === 3);
  const looks = (): number =>
    host.must(['journalctl', '-u', 'refit-guard-dockmesh.service', '-o', 'cat']).split('Finished').length;
  const seen = looks();
  await until('more looks', () => looks() > seen + 12);
  expect(pauses(dockmesh)).toBe(3);
  expect(records(dockmesh).filter(({ type }) => type === 'run.turn')).toEqual([]);
  expect(dockmesh.answers()).toBe(NEW);
  expect((await dockmesh.refit(['status'])).stdout).toMatch(/is paused: refit resume once that is mended/);
  host.must(['systemctl', 'stop', installed.unit]);
  await until('the end', hasEnded(dockmesh));
  expect(records(dockmesh).at(-1)).toMatchObject({ outcome: 'restored' });
  await expectOld(dockmesh, { releasesDir, before });
});
