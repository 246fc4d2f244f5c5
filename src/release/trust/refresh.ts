import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { ReleaseHost } from '../release.ts';
import { type KeptRoot, PINNED, readKept, writeKept } from './kept-root.ts';
import publicGoodTuf from './public-good-tuf.json' with { type: 'json' };
import { readSmall } from './read-small.ts';
import { refused } from './refusal-of-refresh.ts';
import { noGround } from './refusals.ts';
import type { Refreshed, RefreshRequest } from './trust.ts';
import { parseRoot } from './trusted-root.ts';
import { fetchTarget, type TufTarget } from './tuf.ts';

const PUBLIC_GOOD = 'https://tuf-repo-cdn.sigstore.dev';
const TARGET = 'trusted_root.json';

/**
 * Brings the newest trusted root, by TUF from the root that is pinned here, or from what an earlier refresh led to. Only what
 * proves itself, is newer than all that was seen, and can be used takes the place of the old one. Errors: E_TRUST_REFUSED,
 * E_TRUST_UNREADABLE, E_SOURCE_UNREACHABLE; the old one stays after each.
 */
export async function refreshTrust(host: ReleaseHost, request: RefreshRequest): Promise<Refreshed> {
  const { files, clock } = host;
  const mirror = (request.mirror ?? PUBLIC_GOOD).replace(/\/+$/, '');
  const kept = await readKept(files, request.kept);
  const trustedRoot = await startOf(host, request.tufRoot);
  const isPublic = request.tufRoot === undefined;
  // A refit that was updated may pin a newer TUF root than the last refresh found.
  const start = isPublic && kept !== undefined && kept.versions.root < PINNED.root ? undefined : kept;
  const found = await proven(mirror, () =>
    fetchTarget(host, { mirror, trustedRoot, kept: start?.metadata, target: TARGET }),
  );
  if (isPublic && found.versions.targets < PINNED.targets) {
    throw refused(
      mirror,
      `version ${found.versions.targets} of its targets`,
      `${PINNED.targets}, which is pinned, or later`,
    );
  }
  parseRoot(found.data, `${mirror}/targets/${TARGET}`);
  const next = keptFrom(found, mirror, clock.now());
  await files.makeDirectory(dirname(request.kept), { mode: 0o755 });
  await writeKept(files, request.kept, next);
  if (request.out !== undefined) await files.writeAtomic(request.out, found.data, { mode: 0o644 });
  const { sha256, versions, expires } = next;
  const before = kept?.sha256 ?? (isPublic ? PINNED.sha256 : undefined);
  return { mirror, sha256, versions, expires, changed: sha256 !== before };
}

async function startOf({ files }: ReleaseHost, path: string | undefined): Promise<string> {
  if (path === undefined) return JSON.stringify(publicGoodTuf);
  const data = await readSmall(files, path, (seen) => noGround(path, 'TUF root', seen));
  return data.toString('utf8');
}

/** The library throws what it likes, also for metadata that is no JSON. */
async function proven(mirror: string, bring: () => Promise<TufTarget>): Promise<TufTarget> {
  try {
    return await bring();
  } catch (error) {
    if (error instanceof RefitError || !(error instanceof Error)) throw error;
    if (error.message.startsWith('internal: ')) throw error;
    throw refused(mirror, `"${error.message}"`, 'newer metadata that its keys vouch for', error);
  }
}

function keptFrom({ data, metadata, versions, expires }: TufTarget, mirror: string, at: Date): KeptRoot {
  return {
    mirror,
    refreshedAt: at.toISOString(),
    expires: expires.toISOString(),
    versions,
    metadata,
    trustedRoot: data.toString('utf8'),
    sha256: createHash('sha256').update(data).digest('hex'),
  };
}
