import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectToFit, misfits } from '../support/json-schema.ts';
import { NEW, OLD, type Outcome, openScene, run, type Scene } from './support/scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
});
afterAll(() => scene[Symbol.asyncDispose]());

const parsed = ({ exit, stdout, stderr }: Outcome): unknown => {
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return JSON.parse(stdout);
};

const json = async (...words: string[]): Promise<unknown> => parsed(await scene.refit([...words, '-o', 'json']));

test('status', async () => {
  const lines = (await scene.refit(['status'])).stdout.split('\n');
  expect(lines[0]).toBe(`sample is active (running) at ${NEW} and answers`);
  expect(lines[1]).toMatch(/last run: upgrade v0\.2\.9 -> v0\.2\.13, committed, away for \d.*, by tester/);
  expect(lines[2]).toMatch(/refit rollback goes back to v0\.2\.9 \(\d.*B\)/);
  const status = await json('status');
  expect(misfits('status', status)).toEqual([]);
  expect(status).toMatchObject({
    installations: [
      {
        installation: 'sample',
        now: { unit: 'sample', running: true, version: NEW, answers: true },
        state: { version: NEW, last: { standing: 'committed', exit: 0 }, rollback: { version: OLD } },
        worker: false,
        rollbackBytes: expect.any(Number),
      },
    ],
  });
});

test('history', async () => {
  const [head, row] = (await scene.refit(['history'])).stdout.split('\n');
  expect(head).toMatch(/^UTC\s+INSTALLATION\s+RUN\s+ENDED/);
  expect(row).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d\s+sample\s+upgrade v0\.2\.9 -> v0\.2\.13\s+committed\s+\S+ m?s\/\S+ m?s ±\S+ m?s\s+tester$/,
  );
  expect(await json('history')).toMatchObject({
    runs: [
      {
        installation: 'sample',
        from: OLD,
        to: NEW,
        by: 'tester',
        window: {
          by: 'prober',
          readyMs: expect.any(Number),
          aliveMs: expect.any(Number),
          resolutionMs: expect.any(Number),
        },
      },
    ],
  });
});

test('doctor', async () => {
  const { stdout } = await scene.refit(['doctor', '--product', 'sample']);
  expect(stdout).toContain('sample: installed as sample');
  expect(stdout).not.toContain('STOP');
  expect(await json('doctor', '--product', 'sample')).toMatchObject({
    stateDirectory: `${scene.prefix}/var/refit`,
    products: [
      {
        product: 'sample',
        installation: 'sample',
        checks: expect.arrayContaining([expect.objectContaining({ code: 'low-space' })]),
      },
    ],
  });
});

test('attach to a run that is over tells how it ended', async () => {
  const { exit, stdout } = await scene.refit(['attach']);
  expect({ exit, last: stdout.trimEnd().split('\n').slice(-2) }).toEqual({
    exit: 0,
    last: [
      expect.stringContaining('upgraded from v0.2.9 to v0.2.13'),
      'next: refit rollback goes back, with the data of before',
    ],
  });
});

test('attach and a rollback that is only shown, for scripts', async () => {
  expectToFit('events', (await scene.refit(['attach', '-o', 'json'])).stdout);
  expectToFit('plan', (await scene.refit(['rollback', '--dry-run', '-o', 'json'])).stdout);
});

test.each(['plan', 'events', 'status', 'pin'])('docs schema %s', async (name) => {
  const { stdout } = await scene.bare(['docs', 'schema', name]);
  expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('2020-12'), title: `refit ${name}` });
  expect(parsed(await scene.bare(['docs', 'schema', name, '-o', 'json']))).toEqual(JSON.parse(stdout));
});

test('docs schema of nothing names what there is', async () => {
  expect(await scene.bare(['docs', 'schema'])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('expected one of plan, events, status, pin'),
  });
});

test('docs: every error and exit code has its line, and a script gets the same text', async () => {
  const { stdout } = await scene.bare(['docs', 'errors']);
  expect(stdout.match(/^\s*E_[A-Z_]+/gm)?.length).toBeGreaterThan(40);
  expect(parsed(await scene.bare(['docs', 'errors', '-o', 'json']))).toEqual({ page: 'errors', text: stdout });
  expect((await scene.bare(['docs', 'exit-codes'])).stdout).toMatch(/100/);
  expect((await scene.bare(['docs', 'profile'])).stdout).toMatch(/^format: 1$/m);
});

test('completion: bash takes the script and completes verbs and flags', async () => {
  const { stdout } = await scene.bare(['completion', 'bash']);
  const complete = async (...words: string[]): Promise<readonly string[]> => {
    const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _refit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const done = await run(['bash', '-c', `${stdout}\n${asked}`], { env: scene.environment });
    expect(done.stderr).toBe('');
    return done.stdout.trim().split('\n');
  };
  expect(await complete('refit', 'roll')).toEqual(['rollback']);
  expect(await complete('refit', 'upgrade', '--dry')).toEqual(['--dry-run']);
  expect(await complete('refit', 'docs', 'ex')).toEqual(['exit-codes']);
});

test('the version, and help for every verb, on 80 columns', async () => {
  expect(await scene.bare(['--version'])).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  const { stdout } = await scene.bare(['--help']);
  for (const verb of ['upgrade', 'rollback', 'resume', 'status'])
    expect(stdout).toMatch(new RegExp(`^ {2}${verb}\\b`, 'm'));
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
