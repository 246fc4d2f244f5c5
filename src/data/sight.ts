import { escapeName } from './names.ts';
import type { Place } from './place.ts';

/** A place looked at somewhere: live, in a generation, in a staging folder. `at` stands for the place's directory. */
export interface Sight {
  readonly place: Place;
  readonly at: string;
}

/** Where a path (C-escaped) belongs: the index of its sight, and its name there. */
export function placing(
  sights: readonly Sight[],
): (path: string) => { readonly index: number; readonly name: string } | undefined {
  const prefixes = sights
    .map(({ place, at }, index) => ({ at: escapeName(at), index, names: place.names?.map(escapeName) }))
    .sort((a, b) => b.at.length - a.at.length || Number(b.names !== undefined) - Number(a.names !== undefined));
  return (path) => {
    for (const { at, index, names } of prefixes) {
      if (!path.startsWith(at)) continue;
      const name = path.length === at.length ? '' : path[at.length] === '/' ? path.slice(at.length + 1) : undefined;
      if (name !== undefined && (names === undefined || names.includes(name))) return { index, name };
    }
    return undefined;
  };
}
