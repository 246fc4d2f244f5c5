import type { RecordedWish } from '../../document/plan.ts';
import type { Wish } from '../wish.ts';

/** What a document says was asked for: `to` is the version that it came to, be it one to stop at. */
export function recordedWish({ token: _, stopAt: __, source, mirrors, ...rest }: Wish, to: string): RecordedWish {
  return {
    ...rest,
    to,
    ...(source === undefined ? {} : { source: shownSource(source) }),
    ...(mirrors === undefined ? {} : { mirrors: mirrors.map(shownSource) }),
  };
}

/** A place as a document may name it: neither a name nor a password, and no query, which may be one. */
export function shownSource(where: string): string {
  if (!/^https?:/i.test(where) || !URL.canParse(where)) return where;
  const { origin, pathname } = new URL(where);
  return `${origin}${pathname}`;
}

/**
 * What a plan's maker asked for, to be planned anew. `given`: sources as whoever runs it names them, which may say the
 * password that the document does not. Every key is named here, so that none is forgotten.
 */
export function wishAsRecorded(recorded: RecordedWish, given: readonly string[]): Omit<Wish, 'token'> {
  const known = (where: string): string => given.find((one) => shownSource(one) === where) ?? where;
  const wish: { readonly [Key in keyof Required<Omit<Wish, 'token' | 'stopAt'>>]: Wish[Key] } = {
    product: recorded.product,
    installation: recorded.installation,
    profile: recorded.profile,
    prefix: recorded.prefix,
    to: recorded.to,
    source: recorded.source === undefined ? undefined : known(recorded.source),
    mirrors: recorded.mirrors?.map(known),
    channel: recorded.channel,
    tarball: recorded.tarball,
    sha256: recorded.sha256,
    allowPrerelease: recorded.allowPrerelease,
    allowMajor: recorded.allowMajor,
    pinned: recorded.pinned,
    minAgeMs: recorded.minAgeMs,
    waived: recorded.waived,
    because: recorded.because,
    allOrNothing: recorded.allOrNothing,
    notBefore: recorded.notBefore,
    notAfter: recorded.notAfter,
    applyEnvEdits: recorded.applyEnvEdits,
    restoreData: recorded.restoreData,
    rehearse: recorded.rehearse,
    archive: recorded.archive,
    spotChecks: recorded.spotChecks,
    copyRate: recorded.copyRate,
    limitRate: recorded.limitRate,
    deadlineMs: recorded.deadlineMs,
  };
  const { mirrors, ...rest } = wish;
  return mirrors === undefined ? rest : { ...rest, mirrors };
}
