import type { Compression } from '../../data/archives.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { RunPaths } from '../store/paths.ts';

/** What an archive is and must be. In its run's own folder, which is root's; and beside it, with every file's digest, for others. */
export interface ArchiveRecord {
  readonly format: 1;
  readonly run: string;
  readonly installation: string;
  readonly product: string;
  /** The version whose data it holds, and whose binaries. */
  readonly version: string;
  readonly archive: string;
  readonly compression: Compression;
  readonly bytes: number;
  readonly sha256: string;
  readonly manifestSha256?: string;
  readonly filesSha256?: string;
}

/** When `backup verify` last proved them. */
export interface Verified {
  readonly generation?: string;
  readonly archive?: string;
}

const MAX_BYTES = 65_536;

/** Undefined where no archive was finished. */
export async function readRecord(files: Files, { archive }: RunPaths): Promise<ArchiveRecord | undefined> {
  const record = await readJson<ArchiveRecord>(files, archive);
  if (record === undefined || record.format === 1) return record;
  throw new RefitError('E_DIGEST_MISMATCH', `Cannot use ${archive}: saw format ${record.format}, expected 1`, {
    hint: 'Use the version of refit that made it',
  });
}

export async function readVerified(files: Files, { verified }: RunPaths): Promise<Verified> {
  return (await readJson<Verified>(files, verified)) ?? {};
}

async function readJson<T>(files: Files, path: string): Promise<T | undefined> {
  if ((await files.stat(path)) === undefined) return undefined;
  const text = (await files.read(path, { maxBytes: MAX_BYTES })).toString('utf8');
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new RefitError('E_DIGEST_MISMATCH', `Cannot use ${path}: saw damaged JSON`, { cause });
  }
}

export async function writeJson(files: Files, path: string, value: object): Promise<void> {
  await files.writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
