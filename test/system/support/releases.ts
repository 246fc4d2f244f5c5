import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BreakMode, buildReleases } from '../../../scripts/build-sample.mjs';
import { HOST_NODE } from './host.ts';

export const OLD = 'v0.2.9';
export const NEW = 'v0.2.13';

/** What the product calls this machine's architecture, and the other one. */
export const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';
export const OTHER_ARCH = ARCH === 'arm64' ? 'amd64' : 'arm64';

const directories: string[] = [];
process.on('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'refit-system-'));
  directories.push(directory);
  return directory;
}

/** Releases of the sample server under the name of dockmesh; the same ones are built once. */
export function releases(breaks: Readonly<Record<string, BreakMode>> = {}, versions = [OLD, NEW]): string {
  const key = JSON.stringify({ breaks, versions });
  const built =
    builds.get(key) ?? buildReleases({ out: scratch(), as: 'dockmesh', node: HOST_NODE, versions, breaks }).out;
  builds.set(key, built);
  return built;
}

const builds = new Map<string, string>();

/** SHA-256 of one member of a release's archive. */
export function memberDigest(releasesDir: string, version: string, member: string, arch: string = ARCH): string {
  const archive = join(releasesDir, version, `dockmesh_linux_${arch}.tar.gz`);
  const bytes = execFileSync('tar', ['-xzOf', archive, member], { maxBuffer: 1 << 28 });
  return createHash('sha256').update(bytes).digest('hex');
}
