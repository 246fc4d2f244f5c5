import type { Files } from '../../host/files.ts';
import { CHECKSUMS_MAX_BYTES } from '../checksums.ts';
import type { SmallFiles } from './claimed.ts';
import type { BundledRelease } from './index-file.ts';
import type { OpenBundle, PlacedMember } from './open.ts';
import { readMember } from './read-member.ts';

/** One release of a bundle: its archives, which have an architecture, and the small files beside them. */
export interface BundledFiles extends BundledRelease {
  readonly archives: readonly (PlacedMember & { readonly file: string })[];
  readonly proofs: readonly (PlacedMember & { readonly file: string })[];
}

export function filesOf({ index, members }: OpenBundle): readonly BundledFiles[] {
  return index.releases.map((release) => {
    const folder = `releases/${release.tag}/`;
    const all = [...members.values()]
      .filter(({ name }) => name.startsWith(folder))
      .map((member) => ({ ...member, file: member.name.slice(folder.length) }));
    return {
      ...release,
      archives: all.filter(({ arch }) => arch !== undefined),
      proofs: all.filter(({ arch }) => arch === undefined),
    };
  });
}

/** The small files of a release, each as its index says. */
export async function readProofs(files: Files, bundle: OpenBundle, { proofs }: BundledFiles): Promise<SmallFiles> {
  const read = new Map<string, Buffer>();
  for (const member of proofs) read.set(member.file, await readMember(files, bundle, member, CHECKSUMS_MAX_BYTES));
  return read;
}
