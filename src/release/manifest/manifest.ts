/** One archive that a manifest names. */
export interface ManifestRow {
  readonly arch: string;
  readonly variant: string;
  /** Lower case hexadecimal. */
  readonly sha256: string;
  readonly url: string;
}

/** A signed list of what a release is. Contract: bilbycast's `manifest.json`. */
export interface Manifest {
  readonly version: string;
  readonly channel: string;
  readonly deviceType: string;
  /** RFC 3339, as written; only told. */
  readonly releasedAt: string;
  /** Grows with every release: one that does not is an old one served again. */
  readonly sequence: number;
  readonly rows: readonly ManifestRow[];
}

/** What was asked for, which a manifest must be about. Plain data: a plan carries it. */
export interface ManifestRequest {
  /** Its file's name beside the archives. */
  readonly file: string;
  /** With or without "v". Undefined of a local tarball: which version it is, its binary says, once it is proven. */
  readonly version: string | undefined;
  readonly channel: string;
  readonly deviceType: string;
  /** As the manifest names it. */
  readonly arch: string;
  readonly variant: string;
  /** Exactly these hosts may be named. */
  readonly hosts: readonly string[];
}

/** What of a manifest is kept as evidence. */
export interface ManifestEvidence {
  readonly version: string;
  readonly channel: string;
  readonly sequence: number;
  /** Of the manifest's own bytes. */
  readonly sha256: string;
}
