import type { Changes } from './changes.ts';
import type { Content } from './content.ts';
import type { Generation } from './data.ts';
import type { Raw } from './entry.ts';
import type { Holds } from './holds.ts';
import { type Large, largeOf } from './large.ts';
import type { At } from './many.ts';
import type { Place } from './place.ts';
import type { Memory } from './remember.ts';
import { keptSights } from './tree.ts';

/** A hot copy that goes on: what it is of, and what is remembered of it. One memory for each place. */
export interface Unfinished {
  readonly places: readonly Place[];
  readonly generation: Generation;
  readonly memories: readonly Memory[];
  readonly holds: Holds;
}

/** Anything but a directory that is to be copied again. */
export interface Changed extends At {
  readonly entry: Raw;
  /** The index of its place. */
  readonly place: number;
  /** Where it can be read block by block. */
  readonly large: Large | undefined;
  /** Of its copy, which is there then. */
  readonly known: Uint8Array | undefined;
}

/** The same names in the copy: where they are to be removed and made. */
export interface InCopy {
  readonly gone: readonly At[];
  readonly made: readonly At[];
}

export function changedOf(
  { places, generation, memories, holds }: Unfinished,
  changes: readonly Changes[],
): readonly Changed[] {
  const kept = keptSights(places, generation);
  return changes.flatMap(({ copy }, place) => {
    const at = places[place]?.directory ?? '';
    return copy.map((entry) => ({
      at,
      name: entry.name,
      entry,
      place,
      large: largeOf(entry, at, kept[place]?.at ?? '', holds),
      known: memories[place]?.get(entry.name)?.blocks,
    }));
  });
}

/** Its copy, which is there, needs only what differs. */
export type InBlocks = Changed & { readonly large: Large };

export function isInBlocks(changed: Changed): changed is InBlocks {
  return changed.large !== undefined && changed.known !== undefined;
}

/** For each place what is known of its files by name. */
export function contentsOf(
  places: readonly Place[],
  known: readonly (readonly [Changed, Content])[],
): readonly Map<string, Content>[] {
  const contents = places.map(() => new Map<string, Content>());
  for (const [{ place, name }, content] of known) contents[place]?.set(name, content);
  return contents;
}
