import { RefitError } from '../../errors.ts';
import type { CrossingCopy } from '../../product/crossings.ts';
import type { Ids } from '../account.ts';
import type { PlannedCopy } from '../facts.ts';
import type { Found } from '../find.ts';
import type { Workshop } from '../workshop.ts';

export interface LookedCopy extends PlannedCopy {
  /** Something else lies there, and goes. */
  readonly replaces: boolean;
  /** Whose it will be, in words; undefined where it is copied as it is. */
  readonly whose?: string;
}

/** Whom the service will run as. */
export interface Owner extends Ids {
  readonly whose: string;
}

/** What of these copies there is to do. `owner`: whom the service will run as; undefined: whoever owns it stays its owner. */
export async function copiesToMake(
  workshop: Pick<Workshop, 'host'>,
  found: Pick<Found, 'rooms'>,
  pairs: readonly CrossingCopy[],
  owner: Owner | undefined,
): Promise<readonly LookedCopy[]> {
  const looked = await Promise.all(pairs.map((pair) => lookAt(workshop, found, pair, owner)));
  return looked.filter((copy) => copy !== undefined);
}

async function lookAt(
  { host: { files } }: Pick<Workshop, 'host'>,
  { rooms: { layout } }: Pick<Found, 'rooms'>,
  { from, to }: CrossingCopy,
  owner: Owner | undefined,
): Promise<LookedCopy | undefined> {
  try {
    if ((await files.stat(from)) === undefined) return undefined;
    const real = await files.realPath(from);
    if ((await files.stat(real))?.type !== 'file') {
      return (await files.stat(to)) === undefined ? { from, to, replaces: false } : undefined;
    }
    const [source, there] = [await layout.look(real), await layout.look(to)];
    if (!source.present) return undefined;
    const { uid, gid } = owner ?? source;
    const dress = { mode: source.mode, uid, gid };
    const whose = owner?.whose ?? `${uid}:${gid}`;
    if (!there.present) return { from, to, dress, whose, replaces: false };
    const same = there.sha256 === source.sha256 && there.uid === dress.uid && there.gid === dress.gid;
    return same ? undefined : { from, to, dress, whose, replaces: there.sha256 !== source.sha256 };
  } catch (error) {
    // A plan needs no root, and keys are nobody else's to read: root makes it.
    if (error instanceof RefitError && error.code === 'E_PERMISSION') return { from, to, replaces: false };
    throw error;
  }
}
