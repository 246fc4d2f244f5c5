import type { RefitError } from '../errors.ts';
import type { Digest } from '../host/files.ts';
import type { Part } from './part.ts';
import type { Asset, ReleaseHost } from './release.ts';

export interface DownloadOptions {
  /** Absolute path of the finished file. `<to>.part` and `<to>.part.json` beside it belong to the download. */
  readonly to: string;
  /** E_TOO_LARGE beyond it, as soon as it is announced or received. */
  readonly maxBytes: number;
  /** What its SHA-256 must be, where somebody has told: bytes of two sources that do not make that file are fetched anew. */
  readonly sha256?: string | undefined;
  /** No byte for that long ends an attempt. Default: STALL_TIMEOUT_MS. */
  readonly stallTimeoutMs?: number | undefined;
  /** At most. Default: as fast as it comes. */
  readonly bytesPerSecond?: number | undefined;
  /** Rejects with its reason and leaves a part that the next call goes on with. */
  readonly stop?: AbortSignal | undefined;
  /** Bytes so far, those of earlier attempts included, and of how many, where known. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
}

/** How one attempt at a file ended. */
export type Outcome =
  | { readonly kind: 'whole'; readonly digest: Digest }
  | {
      readonly kind: 'again';
      /** What to report where there is no other attempt. */
      readonly error: RefitError;
      /** Bytes of the file held when it ended. */
      readonly size: number;
      readonly retryAfter?: string | undefined;
    };

/** One attempt, from where the part ends. Rejects with what another attempt would not change. */
export type Attempt = (host: ReleaseHost, asset: Asset, part: Part, options: DownloadOptions) => Promise<Outcome>;
