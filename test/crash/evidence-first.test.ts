import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ARCH, NEW, OLD, openScene, type Scene } from '../integration/support/scene.ts';
import { type Call, parseStrace, straceArgv } from './strace.ts';

/** Every system call of a command, its worker and their children, that opens, makes or starts something. */
async function traced(scene: Scene, name: string, words: readonly string[]): Promise<readonly Call[]> {
  const log = path.join(scene.directory, `${name}.strace`);
  await scene.refit(words, { before: straceArgv(log, []) });
  return parseStrace(fs.readFileSync(log, 'utf8')).filter(({ result }) => result !== undefined && result >= 0);
}

/** Calls about a path of those that were downloaded, or that lie in a folder for what is unpacked. */
const about = (calls: readonly Call[], pattern: RegExp): readonly string[] =>
  calls.filter(({ args }) => pattern.test(args)).map(({ line }) => line);

const DOWNLOADED = /\/releases\/v[^"]+\.tar\.gz/;
const STAGED = /\/\.refit-(?!generations)[^"]*\//;
const reads = (calls: readonly Call[]): readonly Call[] =>
  calls.filter(({ name, args }) => name.startsWith('open') && DOWNLOADED.test(args) && args.includes('O_RDONLY'));
const starts = (calls: readonly Call[]): readonly string[] =>
  calls.filter(({ name }) => name === 'execve').map(({ args }) => /^"([^"]*)"/.exec(args)?.[1] ?? '');
const isEvidence = ({ name, args }: Call): boolean =>
  name.startsWith('rename') && args.includes('/evidence/release.json"');

test('before there is evidence nothing downloaded is started, unpacked, or opened but once, to be hashed', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const fetch = await traced(scene, 'fetch', ['fetch', '--yes', '--source', scene.releases, '--to', NEW]);
  const verify = await traced(scene, 'verify', ['verify', '--yes']);
  const proven = verify.findIndex(isEvidence);
  expect(proven).toBeGreaterThan(0);
  const [before, after] = [[...fetch, ...verify.slice(0, proven)], verify.slice(proven)];
  process.stderr.write(`calls before the evidence: ${before.length}, after it: ${after.length}\n`);

  // The mirror is a folder here: what is copied from there has another path.
  const copies = path.join(scene.state, 'releases');
  const inStore = reads(before).filter(({ args }) => args.includes(`"${copies}/`));
  const names = inStore.map(({ args }) => /"[^"]*\/([^"/]+)"/.exec(args)?.[1]);
  expect(names.sort()).toEqual(['sample_linux_amd64.tar.gz', 'sample_linux_arm64.tar.gz']);
  expect(starts(before).filter((program) => program.includes('/releases/') || STAGED.test(program))).toEqual([]);
  expect(about(before, STAGED)).toEqual([]);

  // Only then: so that what is looked for above would have been seen.
  expect(about(after, STAGED).length).toBeGreaterThan(0);
  expect(starts(after).some((program) => STAGED.test(program))).toBe(true);
});

test('where there never is any, nothing is unpacked at all', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const list = path.join(scene.releases, NEW, 'checksums.txt');
  const archive = `sample_linux_${ARCH}.tar.gz`;
  const lines = fs.readFileSync(list, 'utf8').split('\n');
  const wrong = lines.map((line) => (line.endsWith(archive) ? `${'ab'.repeat(32)}  ${archive}` : line));
  fs.writeFileSync(list, wrong.join('\n'));
  const words = ['upgrade', '--yes', '--source', scene.releases, '--to', NEW];
  const calls = await traced(scene, 'upgrade', words);
  expect(calls.some(isEvidence)).toBe(false);
  expect(about(calls, DOWNLOADED).length).toBeGreaterThan(0);
  expect(about(calls, STAGED)).toEqual([]);
  expect(starts(calls).filter((program) => STAGED.test(program) || program.includes('/releases/'))).toEqual([]);
});
