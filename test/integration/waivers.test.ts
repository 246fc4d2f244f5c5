import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { encode } from '../../src/engine/journal.ts';
import { linesOf, ofRun, runsOf } from './support/journal.ts';
import { expectError, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];
const ADA = { env: { SUDO_USER: 'ada' } };
const WHY = 'that backup hangs since noon, OPS-123';
const WAIVE = ['--waive', 'backup-running', '--because', WHY];

/** As a backup of the product's own that never ends. */
function beginBackup({ installed }: Scene): void {
  using database = new DatabaseSync(installed.database);
  database.exec("INSERT INTO backup_runs (job_name, status, started_at) VALUES ('nightly', 'running', '')");
}

interface Waiver {
  readonly code: string;
  readonly who: string;
  readonly why: string | null;
  readonly measured: string | null;
}

const waiver = {
  code: 'backup-running',
  who: 'ada',
  why: WHY,
  measured: 'a backup is running',
  limit: expect.stringContaining('none: the server waits for it'),
};

test('who waived what, why, and what was seen: in the plan, the journal, the result, the status and the history', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  beginBackup(scene);
  const plan = await scene.refit(['plan', '--to', NEW, '--source', scene.releases, ...WAIVE], ADA);
  expect(plan.stdout).toContain(`waived    backup-running: a backup is running\n`);
  expect(plan.stdout).toContain(`\n          waived by ada: ${WHY}\n`);
  const { exit, stdout } = await scene.upgrade(['--to', NEW, ...WAIVE, '--waive', 'space'], ADA);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringContaining('\n--waive space: nothing to waive, no'),
  });
  const said = `backup-running (a backup is running; expected none: the server waits for it`;
  expect(stdout.trimEnd().split('\n').at(-2)).toContain(`; waived ${said}`);
  expect(stdout).toContain(`, by ada because ${WHY}\n`);
  const [begun] = linesOf(ofRun(scene, 'journal.jsonl'));
  expect(begun).toMatchObject({
    by: 'ada',
    plan: { facts: { options: { waived: ['backup-running', 'space'], waivers: [waiver] } } },
  });
  expect((await scene.refit(['status'])).stdout).toContain(`\n  waived ${said}`);
  expect((await scene.refit(['history'])).stdout).toContain(`  backup-running, by ada because ${WHY}\n`);
  const { runs } = JSON.parse((await scene.refit(['history', '-o', 'json'])).stdout) as {
    readonly runs: readonly { readonly waivers: readonly Waiver[] }[];
  };
  expect(runs[0]?.waivers).toEqual([waiver]);
});

test('a reason may come from the environment and from refit.yaml, and none is needed', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  beginBackup(scene);
  const because = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const all = ['plan', '--to', NEW, '--source', scene.releases, '--waive', 'backup-running', '-o', 'json', ...words];
    const { waivers } = JSON.parse((await scene.refit(all, { env })).stdout) as { readonly waivers: readonly Waiver[] };
    return waivers.map(({ who, why }) => [who, why]);
  };
  expect(await because([])).toEqual([['tester', null]]);
  expect(await because([], { REFIT_BECAUSE: 'one, two' })).toEqual([['tester', 'one, two']]);
  fs.writeFileSync(path.join(scene.directory, 'refit.yaml'), 'because: it is known\n');
  expect(await because([])).toEqual([['tester', 'it is known']]);
  expect(await because(['--because', 'I said so'])).toEqual([['tester', 'I said so']]);
});

test.each([
  ['with a control character', 'a\u001b[2Jb', 'saw a control character'],
  ['of many lines', 'a\nb', 'saw a control character'],
  ['without an end', 'x'.repeat(501), 'saw 501 characters'],
])('a reason %s: refused, nothing is done', async (_what, text, saw) => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const outcome = await scene.upgrade(['--to', NEW, '--waive', 'backup-running', '--because', text]);
  expectError(outcome, { exit: 2, code: 'E_USAGE', saw, next: '--because' });
  expect(runsOf(scene)).toEqual([]);
  await expectUntouched(scene, before);
});

/** As an older refit wrote it: the codes that were named, and nothing of what stood. */
function asBefore(scene: Scene): void {
  const file = ofRun(scene, 'journal.jsonl');
  const text = linesOf(file).map(({ format: _format, n, at, sum: _sum, ...record }) => {
    const old = JSON.parse(JSON.stringify(record, (key, value) => (/^waiv(ers|ing)$/.test(key) ? undefined : value)));
    return encode(old as object, n as number, new Date(at as string));
  });
  fs.writeFileSync(file, text.join(''));
}

test('a journal of before, with the names alone, is read: told, and gone back from', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  beginBackup(scene);
  expect(await scene.upgrade(['--to', NEW, ...WAIVE])).toMatchObject({ exit: 0 });
  asBefore(scene);
  expect((await scene.refit(['history'])).stdout).toMatch(/ {2}backup-running, by tester( because .*)?\n/);
  expect((await scene.refit(['status'])).exit).toBe(0);
  expect(await scene.refit(['rollback', '--yes', '--waive', 'backup-running'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(OLD);
});
