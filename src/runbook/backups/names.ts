import type { ArchiveFile, Compression } from '../../data/archives.ts';
import { isUlid, ULID_LENGTH } from '../store/ulid.ts';

/** How an archive's name ends, for whoever has to unpack it without us. */
const ENDINGS: Readonly<Record<Compression, string>> = { zstd: '.tar.zst', gzip: '.tar.gz' };

/** `left`: of a call that was killed, or of a later hop of a run: nobody needs it once that is over. `displaced`: what a run moved away, as plain files. */
type Kind = 'generation' | 'displaced' | 'archive' | 'list' | 'left';

/** What lies among the generations under one name. */
export interface Kept {
  readonly name: string;
  /** The run it is of. */
  readonly run: string;
  readonly kind: Kind;
}

/** Undefined for what is not ours. */
export function keptAs(name: string): Kept | undefined {
  const run = name.slice(0, ULID_LENGTH);
  if (!isUlid(run)) return undefined;
  return { name, run, kind: kindOf(name.slice(ULID_LENGTH)) };
}

function kindOf(rest: string): Kind {
  if (rest === '') return 'generation';
  // With the number of the hop, where it was not the first.
  if (/^(-\d{1,3})?-displaced$/.test(rest) || rest === '-before-rollback') return 'displaced';
  if (Object.values(ENDINGS).includes(rest)) return 'archive';
  return Object.values(ENDINGS).some((ending) => rest === `${ending}.json`) ? 'list' : 'left';
}

export function archiveFile(generations: string, run: string, compression: Compression): ArchiveFile {
  return { path: `${generations}/${run}${ENDINGS[compression]}`, compression };
}

/** Every path at which an archive of a run may be. */
export function archiveFiles(generations: string, run: string): readonly ArchiveFile[] {
  return (Object.keys(ENDINGS) as Compression[]).map((compression) => archiveFile(generations, run, compression));
}

/** Beside the archive: what it is, and the digest of each file in it. */
export function listPath({ path }: Pick<ArchiveFile, 'path'>): string {
  return `${path}.json`;
}

/** Where a generation is unpacked to be looked at; and where before it takes its place. */
export function scratchOf(generations: string, run: string): { readonly verify: string; readonly unpacking: string } {
  return { verify: `${generations}/${run}.verify`, unpacking: `${generations}/${run}.unpacking` };
}
