import type { Bundle } from '@sigstore/bundle';

/** A signature file as a Sigstore bundle, whatever form it had. */
export interface ParsedBundle {
  /** "bundle v0.3", "legacy cosign bundle". */
  readonly format: string;
  readonly bundle: Bundle;
}
