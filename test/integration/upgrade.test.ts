import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectToFit } from '../support/json-schema.ts';
import { linesOf, ofRun, runsOf } from './support/journal.ts';
import { expectNew, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const umask = (mask: string): readonly string[] => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];

const modeOf = (file: string): string => (fs.statSync(file).mode & 0o7777).toString(8);

/** Modes are said, whatever the umask of who types. */
function expectModes({ state, prefix }: Scene, run: string): void {
  const modes = {
    '..': '711',
    '.': '711',
    'state.json': '644',
    'run.lock': '600',
    releases: '700',
    runs: '711',
    [`runs/${run}`]: '700',
    [`runs/${run}/journal.jsonl`]: '600',
    [`runs/${run}/events.ndjson`]: '600',
    [`runs/${run}/evidence`]: '700',
  };
  expect(Object.fromEntries(Object.keys(modes).map((name) => [name, modeOf(path.join(state, name))]))).toEqual(modes);
  const installed = { 'bin/sample': '755', 'bin/sample.old': '755', 'bin/samplectl': '755', 'etc/sample.env': '600' };
  expect(Object.fromEntries(Object.keys(installed).map((name) => [name, modeOf(path.join(prefix, name))]))).toEqual(
    installed,
  );
  expect(modeOf(path.join(prefix, 'lib/sample/.refit-generations', 'sample'))).toBe('700');
}

test('a range: the newest of it, with three last lines, under umask 0', async () => {
  await using scene = await openScene();
  await fetch(`${scene.installed.url}/api/v1/sample/visit`, { method: 'POST', body: JSON.stringify({ note: 'kept' }) });
  const before = await look(scene);
  const { exit, stdout, stderr } = await scene.upgrade(['--to', 'v0.2.x'], { before: umask('0000') });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining('v0.2.13 is committed') });
  expect(stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13 (asked for: v0.2.x)');
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    'sample is active (running) at v0.2.13 and answers',
    expect.stringMatching(
      /^upgraded from v0\.2\.9 to v0\.2\.13; it was away for [\d.]+ m?s \(ready, ±[\d.]+ m?s; alive [\d.]+ m?s\)$/,
    ),
    'next: refit rollback goes back, with the data of before',
  ]);
  await expectNew(scene, before);
  const [run = ''] = runsOf(scene);
  expectModes(scene, run);
  expect(JSON.parse(fs.readFileSync(path.join(scene.state, 'state.json'), 'utf8'))).toEqual({
    format: 1,
    installation: 'sample',
    product: 'sample',
    version: NEW,
    last: {
      run,
      purpose: 'upgrade',
      from: OLD,
      to: NEW,
      by: 'tester',
      standing: 'committed',
      exit: 0,
      windowMs: expect.any(Number),
      window: {
        readyMs: expect.any(Number),
        aliveMs: expect.any(Number),
        resolutionMs: expect.any(Number),
        by: 'prober',
      },
      waivers: [],
    },
    skipped: [],
    rollback: { version: OLD, directory: expect.stringContaining(`/.refit-generations/sample/${run}`) },
  });
});

test('latest, as events, under umask 0077: their numbers have no gap, the last line is the result', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const { exit, stdout } = await scene.upgrade(['--to', 'latest', '-o', 'ndjson'], { before: umask('0077') });
  expect(exit).toBe(0);
  expectToFit('events', stdout);
  await expectNew(scene, before);
  expectModes(scene, runsOf(scene)[0] ?? '');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; seq?: number });
  const result = lines.at(-1);
  const events = lines.slice(0, -1);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['run.begin', 'step.end', 'hop.commit', 'run.end']),
  );
  expect(events).toEqual(linesOf(ofRun(scene, 'events.ndjson')));
  expect(result).toMatchObject({ type: 'result', from: OLD, to: NEW, standing: 'committed', exit: 0, by: 'tester' });
});

test('every flag has an environment variable; prereleases are chosen where that is said', async () => {
  const versions = ['v0.2.9', 'v0.2.13', 'v0.2.14-rc.1'];
  await using scene = await openScene({ versions });
  const env = { REFIT_TO: 'latest', REFIT_SOURCE: scene.releases, REFIT_OUTPUT: 'json' };
  const planned = async (more: Readonly<Record<string, string>>): Promise<string> => {
    const { stdout } = await scene.refit(['plan'], { env: { ...env, ...more } });
    return (JSON.parse(stdout) as { to: string }).to;
  };
  expect(await planned({})).toBe(NEW);
  expect(await planned({ REFIT_TO: 'v0.2.14-rc.1' })).toBe('v0.2.14-rc.1');
  const before = await look(scene);
  const { exit, stdout } = await scene.refit(['upgrade'], {
    env: { ...env, REFIT_ALLOW_PRERELEASE: 'true', REFIT_YES: '1' },
  });
  expect({ exit, stdout: JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    stdout: { to: 'v0.2.14-rc.1', standing: 'committed' },
  });
  await expectNew(scene, before, 'v0.2.14-rc.1');
});

test('every flag has a key in refit.yaml, which what is typed overrules', async () => {
  await using scene = await openScene();
  fs.writeFileSync(
    `${scene.directory}/refit.yaml`,
    `to: v0.2.10\nsource: ${scene.releases}\nyes: true\noutput: json\n`,
  );
  const plan = await scene.refit(['plan', '--to', 'v0.2.13']);
  expect(JSON.parse(plan.stdout)).toMatchObject({ to: 'v0.2.13' });
  const before = await look(scene);
  const { exit, stdout } = await scene.refit(['upgrade']);
  expect({ exit, stdout: JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    stdout: { to: 'v0.2.10', standing: 'committed' },
  });
  await expectNew(scene, before, 'v0.2.10');
});
