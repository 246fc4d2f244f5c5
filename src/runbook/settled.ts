import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/**
 * One file is a bundle or the vendor's plain tarball, whichever flag named it: a bundle is a source of releases, which a
 * tarball is not.
 */
export async function settled({ releases }: Pick<Workshop, 'releases'>, wish: Wish): Promise<Wish> {
  const { tarball, source } = wish;
  if (tarball !== undefined) {
    const isBundle = (await releases.localKind(tarball)) === 'bundle';
    return isBundle ? { ...wish, tarball: undefined, source: tarball } : wish;
  }
  if (source?.startsWith('/') !== true || (await releases.localKind(source)) !== 'file') return wish;
  return { ...wish, tarball: source, source: undefined };
}
