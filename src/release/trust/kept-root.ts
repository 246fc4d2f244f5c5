import { createHash } from 'node:crypto';
import type { Files } from '../../host/files.ts';
import { Fields } from './fields.ts';
import { readSmall } from './read-small.ts';
import { noGround } from './refusals.ts';
import { parseStrictJson } from './strict-json.ts';
import type { TufVersions } from './trust.ts';

/** Which root this package pins: the target of these versions of sigstore/root-signing. */
export const PINNED = {
  root: 15,
  targets: 14,
  sha256: '6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66',
} as const;

/** The metadata of a TUF repository, as it was signed. */
export interface TufTexts {
  readonly root: string;
  readonly timestamp: string;
  readonly snapshot: string;
  readonly targets: string;
}

/** A root that was refreshed, with what vouched for it: the next refresh must not be older than any part of that. */
export interface KeptRoot {
  readonly mirror: string;
  /** RFC 3339. */
  readonly refreshedAt: string;
  readonly expires: string;
  readonly versions: TufVersions;
  readonly metadata: TufTexts;
  readonly trustedRoot: string;
  /** Of `trustedRoot`. */
  readonly sha256: string;
}

const FORMAT = 1;
const WHAT = 'what was kept of a refreshed root';
const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;

/** All of it in one file, so that no crash leaves one part newer than the other. */
export async function writeKept(files: Files, path: string, kept: KeptRoot): Promise<void> {
  await files.writeAtomic(path, `${JSON.stringify({ format: FORMAT, ...kept }, null, 2)}\n`, { mode: 0o644 });
}

/** Undefined where nothing was refreshed yet. E_TRUST_UNREADABLE where the file is not one of ours, or damaged. */
export async function readKept(files: Files, path: string): Promise<KeptRoot | undefined> {
  if ((await files.stat(path)) === undefined) return undefined;
  const refuse = (seen: string, expected: string) => noGround(path, WHAT, { seen, expected });
  const data = await readSmall(files, path, (seen) => noGround(path, WHAT, seen));
  const fields = new Fields(parseStrictJson(data, { numbers: 'integers', refuse }), 'kept', refuse);
  if (fields.count('format') !== FORMAT) throw refuse(`the format ${fields.count('format')}`, `${FORMAT}`);
  const [versions, metadata] = [fields.object('versions'), fields.object('metadata')];
  const trustedRoot = fields.text('trustedRoot');
  const sha256 = createHash('sha256').update(trustedRoot).digest('hex');
  if (sha256 !== fields.text('sha256')) throw refuse(`a root with the digest ${sha256}`, fields.text('sha256'));
  const all = <T>(read: (role: (typeof ROLES)[number]) => T) =>
    Object.fromEntries(ROLES.map((role) => [role, read(role)])) as Record<(typeof ROLES)[number], T>;
  return {
    mirror: fields.text('mirror'),
    refreshedAt: fields.text('refreshedAt'),
    expires: fields.text('expires'),
    versions: all((role) => versions.count(role)),
    metadata: all((role) => metadata.text(role)),
    trustedRoot,
    sha256,
  };
}
