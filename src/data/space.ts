import { posix } from 'node:path';
import type { FileSystemSpace, Files } from '../host/files.ts';

/** Bytes that will be written at or below a path, which need not exist yet. */
export interface Claim {
  readonly path: string;
  readonly bytes: number;
}

/** What one file system is asked for and has. `path`: the first claim on it. `device`: `st_dev`, in decimal. */
export interface SpaceNeed {
  readonly device: string;
  readonly path: string;
  readonly needed: number;
  readonly free: number;
  readonly freeInodes: number;
  readonly readOnly: boolean;
}

/** Adds claims up by file system, in the order they first appear; the caller judges. Changes nothing. */
export async function spaceNeeds(files: Files, claims: readonly Claim[]): Promise<readonly SpaceNeed[]> {
  const needs = new Map<bigint, SpaceNeed>();
  for (const { path, bytes } of claims) {
    const { device, freeBytes, freeInodes, readOnly } = await nearestSpace(files, path);
    const known = needs.get(device)?.needed ?? 0;
    const first = needs.get(device)?.path ?? path;
    const needed = known + bytes;
    needs.set(device, { device: String(device), path: first, needed, free: freeBytes, freeInodes, readOnly });
  }
  return [...needs.values()];
}

async function nearestSpace(files: Files, path: string): Promise<FileSystemSpace> {
  if (path === '/' || (await files.stat(path)) !== undefined) return files.space(path);
  return nearestSpace(files, posix.dirname(path));
}

/** What an upgrade writes: measured by `Data.measure`, and the sizes of the files to replace. */
export interface UpgradeSizes {
  /** Where generations are kept. */
  readonly generations: string;
  /** How many data copies may lie there at once: the one to make, and the one a rollback of it makes. */
  readonly copies: number;
  readonly data: {
    readonly bytes: number;
    readonly byDevice: readonly { readonly path: string; readonly bytes: number }[];
  };
  readonly binaries: readonly { readonly target: string; readonly oldBytes: number; readonly newBytes: number }[];
  /** Where the state lies, and what is downloaded and looked at there. */
  readonly state: Claim;
}

/**
 * The claims of an upgrade and of its rollback: copies in the generations; a second time beside the data, where putting back
 * stages it; new binaries beside their targets, and there the old ones again on the way back; what the state takes.
 */
export function upgradeClaims({ generations, copies, data, binaries, state }: UpgradeSizes): readonly Claim[] {
  const old = binaries.reduce((sum, { oldBytes }) => sum + oldBytes, 0);
  return [
    { path: generations, bytes: copies * (data.bytes + old) },
    ...data.byDevice.map(({ path, bytes }) => ({ path, bytes })),
    ...binaries.map(({ target, oldBytes, newBytes }) => ({ path: target, bytes: oldBytes + newBytes })),
    state,
  ];
}
