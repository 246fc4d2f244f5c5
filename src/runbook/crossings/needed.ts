import { type CrossingFinding, crossingsBetween } from '../../product/crossings.ts';
import type { Finding } from '../../product/finding.ts';
import type { Version } from '../../version/version.ts';
import { idsOf } from '../account.ts';
import type { RunOptions, ServiceUser } from '../facts.ts';
import type { Found } from '../find.ts';
import type { Workshop } from '../workshop.ts';
import { copiesToMake, type LookedCopy, type Owner } from './copies.ts';
import { serviceUser } from './service-user.ts';

/** A crossing with all that had to be looked up to show and make its change exactly. */
export interface Needed extends Finding {
  readonly addition: { readonly key: string; readonly value: string } | undefined;
  readonly copies: readonly LookedCopy[];
  readonly serviceUser: ServiceUser | undefined;
  /** Whether refit can make it, all of it; else a person does what the remedy says. */
  readonly able: boolean;
}

type Host = Pick<Workshop, 'host'>;
type Where = Pick<Found, 'profile' | 'installation' | 'unit' | 'rooms'>;

/** What this installation needs on its way; a crossing without anything left to do is none. `waived`: codes that stay undone. */
export async function neededCrossings(
  workshop: Host,
  found: Where,
  way: { readonly from: Version; readonly to: Version },
  waived: readonly string[],
): Promise<readonly Needed[]> {
  const { profile, installation } = found;
  const crossings = crossingsBetween(profile, installation, way.from, way.to);
  // Most ways cross nothing: then nobody has to be asked whose this host's files would be.
  if (crossings.length === 0) return [];
  const left = crossings.flatMap(({ copy }) => copy.map(({ from }) => from));
  const accounts = new Map<string, ServiceUser>();
  for (const crossing of crossings) {
    const account = await serviceUser(workshop, found, crossing, left);
    if (account !== undefined) accounts.set(crossing.code, account);
  }
  const next = [...accounts].find(([code]) => !waived.includes(code))?.[1];
  const owner =
    next === undefined
      ? await ownerNow(workshop, found)
      : { uid: next.uid, gid: next.gid, whose: `${next.user}:${next.group}` };
  const needed: Needed[] = [];
  for (const crossing of crossings) {
    const copies = await copiesToMake(workshop, found, crossing.copy, owner);
    if (crossing.key === undefined && crossing.account === undefined && copies.length === 0) continue;
    needed.push(judged(crossing, found, copies, accounts.get(crossing.code)));
  }
  return needed;
}

/** Of a service that runs as root nobody has to be told: it reads everything. */
async function ownerNow({ host }: Host, { installation: { user, group } }: Where): Promise<Owner | undefined> {
  const ids = user === '' || user === 'root' ? undefined : await idsOf(host.commands, user, group);
  return ids === undefined ? undefined : { ...ids, whose: `${user}:${group || ids.gid}` };
}

function judged(
  { key, value, copy: _, account, ...finding }: CrossingFinding,
  { installation: { envFile }, unit }: Where,
  copies: readonly LookedCopy[],
  found: ServiceUser | undefined,
): Needed {
  const place = envFile ?? 'the environment of the service';
  const edits = [
    ...(key === undefined ? [] : [value === undefined ? `set ${key} in ${place}` : `add ${key}=${value} to ${place}`]),
    ...copies.map(({ from, to, replaces }) => (replaces ? `replace ${to} with ${from}` : `copy ${from} to ${to}`)),
    ...(found === undefined ? [] : [`run ${unit.unit} as ${found.user}:${found.group}`]),
    ...(account !== undefined && found === undefined
      ? [
          `useradd --system --no-create-home --shell /usr/sbin/nologin --groups ${account.group} ${account.user}, then plan again`,
        ]
      : []),
  ];
  return {
    ...finding,
    remedy: edits.join(', '),
    addition: key === undefined || value === undefined ? undefined : { key, value },
    copies,
    serviceUser: found,
    // Without an env file there is nowhere to add a key, and a value that only a person knows cannot be added at all.
    able:
      (key === undefined || (value !== undefined && envFile !== undefined)) &&
      (account === undefined || found !== undefined),
  };
}

/** All that can be done of it and was not waived, and the account that comes with it. */
export function makeable(
  needed: readonly Needed[],
  waived: readonly string[],
): { readonly made: readonly Needed[]; readonly account: ServiceUser | undefined } {
  const made = needed.filter(({ code, able }) => able && !waived.includes(code));
  return { made, account: made.find((each) => each.serviceUser !== undefined)?.serviceUser };
}

/** What a run is to do of it. */
export function consented(
  needed: readonly Needed[],
  waived: readonly string[],
): Pick<RunOptions, 'envEdits' | 'copies' | 'serviceUser'> {
  const { made, account } = makeable(needed, waived);
  return {
    envEdits: made.flatMap(({ addition }) => (addition === undefined ? [] : [addition])),
    copies: made.flatMap(({ copies }) =>
      copies.map(({ from, to, dress }) => ({ from, to, ...(dress === undefined ? {} : { dress }) })),
    ),
    ...(account === undefined ? {} : { serviceUser: account }),
  };
}

/** The files that these options make or replace. */
export function crossedFiles({
  copies,
  serviceUser: account,
}: Pick<RunOptions, 'copies' | 'serviceUser'>): readonly string[] {
  return [
    ...copies.filter(({ dress }) => dress !== undefined).map(({ to }) => to),
    ...(account === undefined ? [] : [account.dropIn]),
  ];
}
