import type { Architecture, AssetList, Evidence } from '../release/release.ts';
import type { Archive, PlannedManifest } from './facts.ts';

/** A release that was chosen, before it is known which of its archives are wanted. */
export interface Chosen {
  readonly tag: string;
  /** RFC 3339, where the source says it. */
  readonly publishedAt?: string | undefined;
  readonly describe: string;
  archive(arch: Architecture): Archive | undefined;
  readonly list: AssetList;
  /** The signed manifest that describes it, where the product has them. */
  readonly manifest?: PlannedManifest | undefined;
  /** What was proven to choose it at all; absent where nothing was downloaded yet. */
  readonly proven?: Evidence | undefined;
  /** Of a pinned release: the digest of each archive, by its name. */
  readonly pins?: Readonly<Record<string, string>> | undefined;
}
