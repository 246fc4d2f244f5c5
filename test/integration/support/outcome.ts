import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Contents, readDatabase } from '../../system/support/database.ts';
import { ARCH, NEW, type Outcome, type Scene } from './scene.ts';
import { digestOf, treeOf } from './tree.ts';

/** What an upgrade must keep, or bring back. */
export interface Before {
  readonly version: string | undefined;
  readonly pid: string;
  /** Digest, mode and owner of each installed file and of the env file. */
  readonly files: readonly string[];
  /** The same of the data and the stacks, without the database. */
  readonly data: readonly string[];
  readonly contents: Contents;
}

const OURS = [/\/\.refit-generations$/];
const DATABASE = [/\/sample\.db(-wal|-shm)?$/];

export async function look(scene: Scene): Promise<Before> {
  const { prefix, installed } = scene;
  const places = ['bin', 'share', 'etc'].map((name) => path.join(prefix, name));
  return {
    version: await scene.answers(),
    pid: serverPid(scene),
    files: places.flatMap((place) => treeOf(place, { times: false })),
    data: treeOf(installed.state, { times: false, skip: [...OURS, ...DATABASE] }),
    contents: readDatabase(installed.database),
  };
}

export function serverPid({ prefix }: Scene): string {
  const file = path.join(prefix, 'run/sample.pid');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** Not a byte of the product differs, the same process serves, and no run is open. */
export async function expectUntouched(scene: Scene, before: Before): Promise<void> {
  expect(await look(scene)).toEqual(before);
  expect(leftovers(scene)).toEqual([]);
}

/** The same process serves the same version: a run that is open has done nothing to it. */
export async function expectServing(scene: Scene, { version, pid }: Before): Promise<void> {
  expect({ version: await scene.answers(), pid: serverPid(scene) }).toEqual({ version, pid });
}

/** As before, in another process: it was stopped and went back. */
export async function expectOld(scene: Scene, before: Before): Promise<void> {
  const { pid: _before, ...rest } = before;
  const { pid: _now, ...now } = await look(scene);
  expect(now).toEqual(rest);
  expect(leftovers(scene)).toEqual([]);
}

/** Wholly the new version, with everything that was there. */
export async function expectNew(scene: Scene, before: Before, version = NEW): Promise<void> {
  const now = await look(scene);
  expect(now.version).toBe(version);
  expect(now.data).toEqual(before.data);
  expect(rowsOf(now.contents)).toEqual(rowsOf(before.contents));
  expect(now.contents.schema).toEqual([
    ...before.contents.schema,
    '034_backup_needs_review.sql',
    '035_backup_review_acked.sql',
  ]);
  expect(installedDigests(scene)).toEqual(releasedDigests(scene, version));
  expect(leftovers(scene)).toEqual([]);
}

/** A newer version with the data of before, whatever became of its run. */
export async function expectKept(scene: Scene, before: Before, version: string | undefined): Promise<void> {
  const now = await look(scene);
  expect(now.version).toBe(version);
  expect(now.data).toEqual(before.data);
  expect(rowsOf(now.contents)).toEqual(rowsOf(before.contents));
}

/** Rows by table, without the schema's own and the columns that migrations added. */
function rowsOf({ tables }: Contents): unknown {
  const { schema_migrations: _, ...rest } = tables;
  return JSON.parse(
    JSON.stringify(rest, (key, value) => (/^(needs_review|review_acked)$/.test(key) ? undefined : value)),
  );
}

const MEMBERS: readonly (readonly [name: string, member: string, arch: string])[] = [
  ['bin/sample', 'sample', ARCH],
  ['bin/samplectl', 'samplectl', ARCH],
  ['share/sample/install-agent.sh', 'install-agent.sh', ARCH],
  ['share/sample/bin/sample-agent-linux-amd64', 'sample-agent', 'amd64'],
  ['share/sample/bin/sample-agent-linux-arm64', 'sample-agent', 'arm64'],
];

function installedDigests({ prefix }: Scene): Readonly<Record<string, string>> {
  return Object.fromEntries(MEMBERS.map(([name]) => [name, digestOf(path.join(prefix, name))]));
}

function releasedDigests({ releases }: Scene, version: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    MEMBERS.map(([name, member, arch]) => {
      const archive = path.join(releases, version, `sample_linux_${arch}.tar.gz`);
      const bytes = execFileSync('tar', ['-xzOf', archive, member], { maxBuffer: 1 << 28 });
      return [name, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

/** What an ended run must have taken away with it. */
export function leftovers({ prefix, state }: Scene): readonly string[] {
  const names = fs.readdirSync(prefix, { recursive: true, encoding: 'utf8' });
  const staged = names.filter((name) => /(^|\/)\.refit-(?!generations$)[^/]*$/.test(name));
  const runs = names.filter((name) => /\/runs\/[^/]+\/(token|reserve|scratch|request-[^/]*)$/.test(name));
  const single = [
    'run/sample.hold',
    ...['window', 'run.lock.json'].map((name) => path.relative(prefix, `${state}/${name}`)),
  ];
  return [...staged, ...runs, ...single.filter((name) => fs.existsSync(path.join(prefix, name)))];
}

/** The error as a script is told of it, from an outcome of `-o json`. */
export function errorOf({ stdout }: Outcome): {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
} {
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;
}

/** What a person reads of a refusal: its words, its code, what to type next. */
export function expectError(
  { exit, stderr }: Outcome,
  expected: {
    readonly exit: number;
    readonly code: string;
    readonly saw: string | RegExp;
    readonly next: string | RegExp;
  },
): void {
  const [, message, code, next] = /error: ([\s\S]*?)\n {2}code: (\S+)\n(?: {2}next: ([^\n]*)\n)?$/.exec(stderr) ?? [];
  expect({ exit, code }, stderr).toEqual({ exit: expected.exit, code: expected.code });
  expect(message).toMatch(expected.saw);
  expect(next).toMatch(expected.next);
}

/** The three last lines of a run that failed: what is true now, what was seen with its code, what to type next. */
export function expectFailedRun(
  { exit, stdout, stderr }: Outcome,
  expected: {
    readonly exit: number;
    readonly code: string;
    readonly saw: string | RegExp;
    readonly next: string | RegExp;
    readonly now?: string;
  },
): void {
  const [now, happened, next] = stdout.trimEnd().split('\n').slice(-3);
  const code = /\[(E_[A-Z_]+)\]/.exec(happened ?? '')?.[1];
  expect({ exit, code }, `${stderr}\n${stdout}`).toEqual({ exit: expected.exit, code: expected.code });
  expect(now).toBe(expected.now ?? `sample is active (running) at v0.2.9 and answers`);
  expect(happened).toMatch(expected.saw);
  expect(next).toMatch(expected.next);
}
