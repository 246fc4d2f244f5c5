import { createHash } from 'node:crypto';
import { type CertificateAuthority, type TransparencyLogInstance, TrustedRoot } from '@sigstore/protobuf-specs';
import { type KeyFinderFunc, type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { fromLibrary } from './from-library.ts';
import { type KeptRoot, PINNED, readKept } from './kept-root.ts';
import publicGood from './public-good.json' with { type: 'json' };
import { readSmall } from './read-small.ts';
import { noGround } from './refusals.ts';
import { parseStrictJson } from './strict-json.ts';

const MEDIA_TYPES = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];
const WHAT = 'trusted root';

/** Where what is believed was read. */
export interface RootOrigin {
  readonly kind: 'file' | 'refreshed' | 'pinned';
  readonly path?: string | undefined;
  /** Of a refreshed one. */
  readonly kept?: KeptRoot | undefined;
  /** Why one that was refreshed is not the one that counts. */
  readonly passedOver?: string | undefined;
}

/** Which root is asked for: `--trusted-root`, and where a refreshed one may lie. Absolute paths. */
export interface WhichRoot {
  readonly trustedRoot?: string | undefined;
  readonly refreshedRoot?: string | undefined;
}

/** The authorities that are believed: those of the file, else of a refreshed root, else as pinned in this package. */
export async function trustMaterial(
  files: Files,
  which: WhichRoot,
  keys: KeyFinderFunc | undefined,
): Promise<TrustMaterial> {
  const { root, name } = await believedRoot(files, which);
  return materialOf(root, name, keys);
}

/**
 * A refreshed root counts where it is not older than the pinned one and can be used; else the pinned one does, which an
 * update of refit may have made the newer of the two. A file that was named counts or is refused.
 */
export async function believedRoot(
  files: Files,
  { trustedRoot, refreshedRoot }: WhichRoot,
): Promise<{
  readonly root: TrustedRoot;
  readonly name: string;
  readonly sha256: string;
  readonly origin: RootOrigin;
}> {
  if (trustedRoot !== undefined) {
    const data = await readSmall(files, trustedRoot, (seen) => noGround(trustedRoot, WHAT, seen));
    const origin = { kind: 'file', path: trustedRoot } as const;
    return { root: parseRoot(data, trustedRoot), name: trustedRoot, sha256: digestOf(data), origin };
  }
  const name = 'the pinned root';
  const pinned = (passedOver?: string) => {
    const origin = { kind: 'pinned', passedOver } as const;
    return { root: rootOf(publicGood, name), name, sha256: PINNED.sha256, origin };
  };
  if (refreshedRoot === undefined) return pinned();
  try {
    const kept = await readKept(files, refreshedRoot);
    if (kept === undefined) return pinned();
    if (kept.versions.targets < PINNED.targets) return pinned(`${refreshedRoot} is older than the pinned root`);
    const root = parseRoot(Buffer.from(kept.trustedRoot), refreshedRoot);
    materialOf(root, refreshedRoot, undefined);
    return { root, name: refreshedRoot, sha256: kept.sha256, origin: { kind: 'refreshed', path: refreshedRoot, kept } };
  } catch (error) {
    if (error instanceof RefitError) return pinned(error.message);
    throw error;
  }
}

/** Reads a `trusted_root.json`. E_TRUST_UNREADABLE, naming it, where nothing could be proven with it. */
export function parseRoot(data: Buffer, name: string): TrustedRoot {
  const refuse = (seen: string, expected: string) => noGround(name, WHAT, { seen, expected });
  const root = rootOf(parseStrictJson(data, { numbers: 'integers', refuse }), name);
  materialOf(root, name, undefined);
  return root;
}

function rootOf(json: unknown, name: string): TrustedRoot {
  const root = fromLibrary(() => TrustedRoot.fromJSON(json), unreadableRoot(name));
  const missing = missingFrom(root);
  if (missing !== undefined) throw noGround(name, WHAT, { seen: `no ${missing}`, expected: 'one' });
  return root;
}

function materialOf(root: TrustedRoot, name: string, keys: KeyFinderFunc | undefined): TrustMaterial {
  return fromLibrary(() => toTrustMaterial(root, keys), unreadableRoot(name));
}

const unreadableRoot = (name: string) => (cause: Error) =>
  noGround(name, WHAT, { seen: `what cannot be read (${cause.message})`, expected: 'keys and certificates', cause });

const digestOf = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** An absent start would be read as "since ever": the specification requires it. */
function missingFrom(root: TrustedRoot): string | undefined {
  if (!MEDIA_TYPES.includes(root.mediaType)) return `mediaType that is known, but "${root.mediaType.slice(0, 80)}"`;
  if (root.certificateAuthorities.length === 0) return 'certificate authority';
  if (root.tlogs.length === 0) return 'transparency log';
  const logs = [...root.tlogs, ...root.ctlogs];
  if (logs.some((log: TransparencyLogInstance) => log.publicKey?.validFor?.start === undefined))
    return "start of a log's validity";
  const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities];
  if (authorities.some((one: CertificateAuthority) => one.validFor?.start === undefined))
    return "start of an authority's validity";
  return undefined;
}
