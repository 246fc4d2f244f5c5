/** A file, or its bytes, or what is known of one that lies elsewhere. */
export type Artifact =
  | { readonly kind: 'file'; readonly path: string }
  /** Read already, since these very bytes are used next: read again they could be others. */
  | { readonly kind: 'bytes'; readonly name: string; readonly data: Buffer }
  | { readonly kind: 'digest'; readonly sha256: string };

/**
 * Who must have signed. Exact texts, never regular expressions: as one, `https://github.com/acme/app` also means
 * `https://github.com/acme/app-evil/…`.
 */
export type SignerPolicy =
  | {
      readonly kind: 'identity';
      /** The certificate's subject alternative name: an e-mail address, or a workflow's URL with its `@ref`. */
      readonly identity: string;
      /** URL of who vouched for it. */
      readonly issuer: string;
    }
  | {
      readonly kind: 'workflow';
      readonly issuer: string;
      /** "https://github.com/owner/name". */
      readonly repository: string;
      /** A git ref; one `*` at its end stands for any rest: "refs/tags/v*". */
      readonly ref: string;
      /** URL of the workflow's file, without its `@ref`. */
      readonly workflow: string;
    }
  | {
      readonly kind: 'key';
      /** A public key in PEM, absolute path. */
      readonly path: string;
    };

/** What must hold for a file. Each part that is there is required; with none of them nothing could be proven. */
export interface TrustRequest {
  readonly signer?: SignerPolicy | undefined;
  /** A minisign public key: its one line of base64, or the absolute path of its file. */
  readonly minisignKey?: string | undefined;
  /** Absolute path of a `trusted_root.json` in place of the public good instance's. */
  readonly trustedRoot?: string | undefined;
  /** Absolute path where `refit trust refresh` keeps a newer one of the public good instance. */
  readonly refreshedRoot?: string | undefined;
  /** Absolute paths. What is not given is looked for beside the file, under the usual names. */
  readonly signatures: readonly string[];
}

/** What a Sigstore bundle proved. Times are RFC 3339 in UTC. */
export interface SigstoreProof {
  readonly method: 'sigstore';
  /** "bundle v0.3", "legacy cosign bundle". */
  readonly format: string;
  /** Path of the signature file. */
  readonly signature: string;
  /** The certificate's subject alternative name; "public key" where none signed. */
  readonly signer: string;
  readonly issuer?: string | undefined;
  readonly repository?: string | undefined;
  readonly ref?: string | undefined;
  readonly logIndex: string;
  /** When the log took it in; absent where another authority stamped the time (Rekor 2). */
  readonly integratedTime?: string | undefined;
  /** Of an attestation: what it says about the file, as a URL. */
  readonly predicateType?: string | undefined;
}

export interface MinisignProof {
  readonly method: 'minisign';
  /** "legacy", "prehashed". */
  readonly format: string;
  readonly signature: string;
  /** The key's ID as minisign prints it. */
  readonly signer: string;
  /** Signed too. */
  readonly trustedComment: string;
}

export type Proof = SigstoreProof | MinisignProof;

/** A file that proved itself: everything that was asked for, about exactly these bytes. */
export interface ProvenFile {
  /** As it was asked for. */
  readonly file: string;
  /** Lower case hexadecimal. */
  readonly sha256: string;
  /** Absent where only a digest was given. */
  readonly size?: number | undefined;
  readonly proofs: readonly Proof[];
}

/** Versions of the TUF metadata that vouch for a root. */
export interface TufVersions {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly targets: number;
}

export interface RefreshRequest {
  /** URL of the TUF repository; undefined: the public good instance's. */
  readonly mirror?: string | undefined;
  /** Absolute path of the TUF root to begin with, of a private instance; undefined: the pinned one. */
  readonly tufRoot?: string | undefined;
  /** Absolute path of what is kept, from one refresh to the next. */
  readonly kept: string;
  /** Absolute path that gets the `trusted_root.json` itself, as `--trusted-root` takes it. */
  readonly out?: string | undefined;
}

export interface Refreshed {
  readonly mirror: string;
  readonly sha256: string;
  readonly versions: TufVersions;
  /** Until when the repository vouches for it, RFC 3339. */
  readonly expires: string;
  /** Whether it is another one than before. */
  readonly changed: boolean;
}

/** What is believed, and where it was read. Times are RFC 3339. */
export interface Trusted {
  readonly from: 'file' | 'refreshed' | 'pinned';
  readonly path?: string | undefined;
  readonly sha256: string;
  readonly mirror?: string | undefined;
  readonly refreshedAt?: string | undefined;
  readonly expires?: string | undefined;
  readonly versions?: TufVersions | undefined;
  readonly passedOver?: string | undefined;
  readonly authorities: readonly {
    readonly kind: 'certificate authority' | 'transparency log' | 'certificate log' | 'timestamp authority';
    readonly uri: string;
    readonly from: string;
    /** Absent: until it is said otherwise. */
    readonly until?: string | undefined;
  }[];
}
