import type { Digest, Files, Ownership } from '../host/files.ts';
import { gunzip } from './archive/gunzip.ts';
import { canonicalName, nameProblem } from './archive/member-name.ts';
import { type Member, readMembers } from './archive/members.ts';
import { invalidArchive, quoted, unsafeArchive } from './archive/refusal.ts';
import type { VerifiedArtifact } from './release.ts';

export interface WantedMember {
  /** Exactly as in the archive, a leading "./" aside. */
  readonly name: string;
  /** Absolute path to write it to, where nothing may be yet. */
  readonly to: string;
  /** The archive's own mode and owner count for nothing: no set-uid bit comes out of it. */
  readonly owner: Ownership;
  /** Where the archive may lack it. */
  readonly optional?: boolean | undefined;
}

export interface UnpackLimits {
  readonly maxMembers: number;
  /** Of the whole unpacked archive. */
  readonly maxBytes: number;
  /** Unpacked to packed, beyond the first MiB. */
  readonly maxRatio: number;
}

export interface UnpackedMember {
  readonly name: string;
  readonly to: string;
  readonly digest: Digest;
}

const LIMITS: UnpackLimits = { maxMembers: 10_000, maxBytes: 1024 ** 3, maxRatio: 100 };

/**
 * Writes the wanted files of a proven tarball (.tar.gz), each by `Files.writeNew`, and nothing else. The whole archive is
 * judged first, so that a hostile one writes nothing: links that lead out, devices, doubles, bombs, oddities in members
 * nobody wants included. Errors: E_ARCHIVE_UNSAFE, E_ARCHIVE_INVALID (also where a wanted member is not in it),
 * E_DIGEST_MISMATCH (changed since it was verified), and those of the disk; the caller clears what was written then.
 */
export async function unpack(
  files: Files,
  artifact: VerifiedArtifact,
  wanted: readonly WantedMember[],
  options: Partial<UnpackLimits> & { readonly stop?: AbortSignal | undefined } = {},
): Promise<readonly UnpackedMember[]> {
  const limits = { ...LIMITS, ...options };
  const members = () => readMembers(gunzip(files, artifact, limits), artifact.path, limits);
  const byName = new Map(wanted.map((one) => [one.name, one]));
  await judgeAll(members(), artifact.path, byName, options.stop);
  const unpacked: UnpackedMember[] = [];
  for await (const member of members()) {
    options.stop?.throwIfAborted();
    const one = byName.get(canonicalName(member.name));
    if (one === undefined) continue;
    const digest = await files.writeNew(one.to, member.body, one.owner);
    unpacked.push({ name: one.name, to: one.to, digest });
  }
  return unpacked;
}

async function judgeAll(
  members: AsyncIterable<Member>,
  archive: string,
  wanted: ReadonlyMap<string, WantedMember>,
  stop: AbortSignal | undefined,
): Promise<void> {
  const found = new Set<string>();
  const folded = new Map([...wanted.keys()].map((name) => [name.toLowerCase(), name]));
  for await (const member of members) {
    stop?.throwIfAborted();
    const name = canonicalName(member.name);
    const why =
      memberProblem(member) ??
      (wanted.has(name) ? wantedProblem(member, name, found.has(name)) : lookalike(name, folded));
    if (why !== undefined) throw unsafeArchive(archive, `${why}: ${quoted(member.name)}`);
    found.add(name);
  }
  const missing = [...wanted.values()].filter(({ name, optional }) => optional !== true && !found.has(name));
  if (missing.length === 0) return;
  const holds = [...found].slice(0, 20).map(quoted).join(', ');
  throw invalidArchive(
    archive,
    `no ${missing.map(({ name }) => name).join(', ')} in it: it holds ${holds || 'nothing'}`,
  );
}

function memberProblem({ name, kind, target }: Member): string | undefined {
  const problem = nameProblem(name);
  if (problem !== undefined || kind !== 'link') return problem;
  return nameProblem(target) === undefined ? undefined : 'a link that leads outside';
}

/** Where the file system folds case, or a person reads: the last of the two would be the server. */
function lookalike(name: string, folded: ReadonlyMap<string, string>): string | undefined {
  const wanted = folded.get(name.toLowerCase());
  return wanted === undefined ? undefined : `a name that is ${wanted} in another case`;
}

function wantedProblem({ name, kind }: Member, wanted: string, isDouble: boolean): string | undefined {
  if (kind !== 'file') return `a ${kind} in place of a file`;
  if (isDouble) return 'two members of one name';
  // "bin/../dockmesh" is refused as a climb already; "././dockmesh" and "dockmesh/" come this far.
  return name === wanted || name === `./${wanted}` ? undefined : 'an oddly spelt name';
}
