import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atEnd } from './at-end.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const REFIT = path.join(ROOT, 'bin/refit.js');

export type Argv = readonly [string, ...string[]];

/** Milliseconds from before the start to after the end. Throws with what it printed unless it exits 0. */
export async function timed(argv: Argv, options: SpawnOptions = {}): Promise<number> {
  const [program, ...args] = argv;
  const began = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const killing = atEnd(() => child.kill());
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes;
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  const ms = performance.now() - began;
  killing.now();
  if (code !== 0) throw new Error(`Cannot measure ${argv.join(' ')}: ended with ${code ?? signal}\n${said}`);
  return ms;
}

/** What it printed on stdout. Throws unless it exits 0. */
export function output(argv: Argv): string {
  const [program, ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Cannot run ${argv.join(' ')}: ended with ${status}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** dist/ as the sources are now: what ships is what is measured. */
export function buildDist(): void {
  output([process.execPath, path.join(ROOT, 'scripts/build.mjs')]);
}

/** A directory that is gone when `use` is done, whatever happened. */
export async function withScratch<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-bench-'));
  const removal = atEnd(() => fs.rmSync(directory, { recursive: true, force: true }));
  try {
    return await use(directory);
  } finally {
    removal.now();
  }
}

/** Bytes no codec and no file system can shorten, the same MiB again and again: only their number matters here. */
export function writeLargeFile(file: string, bytes: number): void {
  const block = crypto
    .getRandomValues(Buffer.alloc(1 << 16))
    .toString('latin1')
    .repeat(16);
  const buffer = Buffer.from(block, 'latin1');
  const fd = fs.openSync(file, 'w');
  try {
    for (let left = bytes; left > 0; left -= buffer.length) fs.writeSync(fd, buffer, 0, Math.min(left, buffer.length));
    // Written back now, not while something is measured.
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
