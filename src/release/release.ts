import type { Clock } from '../host/clock.ts';
import type { Digest, Files } from '../host/files.ts';
import type { Http } from '../host/http.ts';
import type { ManifestEvidence } from './manifest/manifest.ts';
import type { SignatureEvidence } from './trust-policy.ts';

/** What of the machine this room uses. */
export interface ReleaseHost {
  readonly files: Files;
  readonly http: Http;
  readonly clock: Clock;
  /** Absolute path where `refit trust refresh` keeps a newer root of the public Sigstore instance. */
  readonly refreshedRoot?: string | undefined;
  /** How often a request is made before its source counts as unreachable. Fewer where there is another one to turn to. */
  readonly attempts?: number;
}

/** The processors refit runs on, as Go, and so the release files, name them. */
export type Architecture = 'amd64' | 'arm64';

/** One downloadable file of a release. Plain data: it is written into plans. */
export interface Asset {
  /** A plain file name, without folders: "dockmesh_linux_amd64.tar.gz". */
  readonly name: string;
  /** Bytes, where the catalogue says so. A hint for progress and for cut transfers, never proof. */
  readonly size?: number | undefined;
  /** https:, http: or file:. Without credentials. */
  readonly url: string;
  /** Hosts that a redirect of it may lead to, and then https alone; undefined: any. */
  readonly redirects?: readonly string[] | undefined;
}

/** What can be looked up by name. */
export interface AssetList {
  readonly assets: readonly Asset[];
  /** Where assets lie that `assets` does not list: a URL ending in "/". Absent where `assets` is complete. */
  readonly base?: string | undefined;
  /** Of every asset. */
  readonly redirects?: readonly string[] | undefined;
  /** Who else may have the same files. */
  readonly elsewhere?: Elsewhere | undefined;
}

/** Other sources of one release, in the order in which they are tried. Plain data: it is written into plans. */
export interface Elsewhere {
  readonly tag: string;
  /** As `--source` names them: URLs and absolute folders. */
  readonly sources: readonly string[];
}

/** One published version and its files. `tag` always parses as a version. */
export interface Release extends AssetList {
  readonly tag: string;
  /** As its publisher marked it; the suffix of the tag counts as well, see `version/resolve.ts`. */
  readonly prerelease: boolean;
  /** RFC 3339, as the catalogue wrote it. */
  readonly publishedAt?: string | undefined;
  /** For people: which of several sources it is from, and which were passed by, and why. */
  readonly origin?: string | undefined;
}

/** Where releases come from. Errors: E_SOURCE_UNREACHABLE, E_SOURCE_INVALID (it answers nonsense), E_RELEASE_UNKNOWN. */
export interface Source {
  /** For people: "github.com/dockmesh/dockmesh", "https://mirror.lan/dockmesh", "/srv/releases". */
  describe(): string;
  /** Every release that has a version for a tag, in any order; drafts left out. */
  list(stop?: AbortSignal): Promise<readonly Release[]>;
  /** The release with exactly that tag. A source without a catalogue cannot know, and takes the word for it. */
  find(tag: string, stop?: AbortSignal): Promise<Release>;
  /** Release notes by tag, as written, of those wanted that have any. */
  notes(wants: (tag: string) => boolean, stop?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** Where a claim about a digest was read: "checksums.txt", "<asset>.sha256", "--sha256", "refit.pin" or a signed manifest. */
export type ClaimOrigin = 'checksums.txt' | 'manifest' | '--sha256' | 'refit.pin' | `${string}.sha256`;

/** Somebody says that an asset has this digest. */
export interface Claim {
  readonly from: ClaimOrigin;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** What a verification established. Plain data: it is journaled, and `verifyAgain` takes it after a crash. */
export interface Evidence extends Digest {
  readonly method: 'sha256';
  /** Every origin that was found. All of them agreed. */
  readonly from: readonly ClaimOrigin[];
  /** Who signed it, or the list that names it: everything the policy demanded. Absent where it demanded none. */
  readonly signatures?: readonly SignatureEvidence[];
  /** The signed manifest that names it. */
  readonly manifest?: ManifestEvidence;
  /** When, RFC 3339 in UTC. */
  readonly at: string;
}

declare const proof: unique symbol;

/** A file whose digest was proven. Only `verify.ts` makes one and only that can be unpacked, so the order is in the types. */
export interface VerifiedArtifact {
  /** Absolute. */
  readonly path: string;
  readonly evidence: Evidence;
  readonly [proof]: true;
}
