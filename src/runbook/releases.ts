import type { Digest, Ownership } from '../host/files.ts';
import type { InspectedBundle } from '../release/bundle/inspect.ts';
import type { BundleRequest, MadeBundle } from '../release/bundle/make.ts';
import type { VerifiedBundle } from '../release/bundle/verify.ts';
import type { Manifest, ManifestEvidence, ManifestRequest, ManifestRow } from '../release/manifest/manifest.ts';
import type { SignedManifest, SignedManifestRequest } from '../release/manifest/signed-manifest.ts';
import type { ReleaseNotes } from '../release/notes/notes.ts';
import type { Pin, PinnedAsset } from '../release/pin.ts';
import type {
  Architecture,
  Asset,
  AssetList,
  Claim,
  Elsewhere,
  Evidence,
  Release,
  VerifiedArtifact,
} from '../release/release.ts';
import type { LocalTarball } from '../release/source/local-tarball.ts';
import type {
  Artifact,
  ProvenFile,
  Refreshed,
  RefreshRequest,
  SignerPolicy,
  Trusted,
  TrustRequest,
} from '../release/trust/trust.ts';
import type { SignatureEvidence, TrustPolicy } from '../release/trust-policy.ts';

export type {
  Artifact,
  Evidence,
  InspectedBundle,
  MadeBundle,
  ManifestEvidence,
  ManifestRequest,
  Pin,
  PinnedAsset,
  ProvenFile,
  Refreshed,
  RefreshRequest,
  ReleaseNotes,
  SignatureEvidence,
  SignerPolicy,
  Trusted,
  TrustPolicy,
  TrustRequest,
  VerifiedBundle,
};

/** Where releases are looked for. */
export interface SourceName {
  /** `--source`: a URL or an absolute folder; undefined: the product's own repository. */
  readonly from: string | undefined;
  /** Further ones, tried in this order where it does not do. */
  readonly mirrors?: readonly string[] | undefined;
  /** `owner/name` on GitHub, where the profile names one. */
  readonly repository: string | undefined;
}

/** A file wanted from an archive. */
export interface Wanted {
  readonly name: string;
  /** A new path, in a folder of ours. */
  readonly to: string;
  readonly owner: Ownership;
}

export interface ChooseOptions {
  readonly allowPrerelease: boolean;
  /** Tags that are not chosen, as if they were not there. */
  readonly without?: readonly string[];
  /** Asked of what the request means, newest first; what does not pass is not chosen either. */
  readonly passes?: (release: Release) => boolean;
}

/** What the runbook needs of the release room; main.ts fills it in. Errors are those of the functions behind it. */
export interface Releases {
  describe(source: SourceName): string;
  /** The release a request (a tag, a range, "latest") means. */
  choose(source: SourceName, request: string, options: ChooseOptions): Promise<Release>;
  /** Every tag there is, in any order; none that only its publisher knows to be a prerelease. */
  tags(source: SourceName): Promise<readonly string[]>;
  /** Notes of every version from `from` (its own not; undefined: from the first) to `to`, oldest first. */
  notes(
    source: SourceName,
    crossing: { readonly from?: string | undefined; readonly to: string },
  ): Promise<readonly ReleaseNotes[]>;
  requireAsset(release: Release, name: string): Asset;
  /** E_PIN_MISSING, E_PIN_INVALID. */
  readPin(path: string): Promise<Pin>;
  pinText(pin: Pin): string;
  localTarball(path: string): Promise<LocalTarball>;
  /** What an absolute path leads to: `file` is any that is no bundle. Undefined: nothing. */
  localKind(path: string): Promise<'bundle' | 'file' | 'directory' | 'other' | undefined>;
  /** Fetches releases and writes them into one file. */
  makeBundle(request: BundleRequest): Promise<MadeBundle>;
  inspectBundle(path: string): Promise<InspectedBundle>;
  /** Reads every byte of a bundle, offline; proves who signed where that is asked. */
  verifyBundle(path: string, trust: TrustRequest): Promise<VerifiedBundle>;
  download(
    asset: Asset,
    options: {
      readonly to: string;
      readonly maxBytes: number;
      readonly stop: AbortSignal;
      readonly bytesPerSecond?: number | undefined;
      readonly onProgress: (done: number, total: number | undefined) => void;
      /** Its SHA-256, as far as anybody has told. */
      readonly sha256?: string | undefined;
      readonly elsewhere?: Elsewhere | undefined;
      /** One line on a source that did not do. */
      readonly onPassedBy?: (text: string) => void;
    },
  ): Promise<Digest>;
  claims(
    list: AssetList,
    request: {
      readonly name: string;
      readonly pinned?: string | undefined;
      readonly pin?: string | undefined;
      readonly stop?: AbortSignal;
    },
  ): Promise<readonly Claim[]>;
  /** Fetches a release's manifest, proves it, and only then reads it. */
  signedManifest(list: AssetList, request: SignedManifestRequest): Promise<SignedManifest>;
  /** The archive that a manifest names for what was asked for. */
  manifestRow(manifest: Manifest, request: ManifestRequest): ManifestRow;
  /** Proves a download by everything that the policy demands, with what lies beside it in its release. */
  prove(
    path: string,
    list: AssetList,
    request: {
      readonly name: string;
      readonly pinned?: string | undefined;
      readonly pin?: string | undefined;
      readonly policy: TrustPolicy;
      readonly manifest?: ManifestRequest | undefined;
      readonly stop?: AbortSignal;
    },
  ): Promise<VerifiedArtifact>;
  verifyAgain(path: string, evidence: Evidence, policy: TrustPolicy): Promise<VerifiedArtifact>;
  /** Proves a file, of any kind, by signatures: offline, and without a run. */
  verifyFile(artifact: Artifact, request: TrustRequest): Promise<ProvenFile>;
  /** Brings the public good instance's root up to date, by TUF: the only thing that goes online for trust. */
  refreshTrust(request: RefreshRequest): Promise<Refreshed>;
  showTrust(trustedRoot: string | undefined): Promise<Trusted>;
  /** Writes the wanted members of a proven archive and nothing else; digests by member. */
  unpack(
    artifact: VerifiedArtifact,
    wanted: readonly Wanted[],
    options: { readonly maxBytes: number; readonly stop: AbortSignal },
  ): Promise<readonly { readonly name: string; readonly digest: Digest }[]>;
  requireExecutable(path: string, arch: Architecture): Promise<void>;
}
