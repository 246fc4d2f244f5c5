import { bytes } from '../words.ts';
import type { Check } from './check.ts';

/** Beyond what is counted: journals, events, the file system's own records. */
const MARGIN_BYTES = 16 * 2 ** 20;
/** Fewer free than this fails in the middle. File systems without inodes say 0. */
const MIN_INODES = 1_000;
/** The one to make, and the one a rollback of it makes. */
const COPIES = 2;

/** Is there room for two generations and the copies of the data, on each file system involved? */
export const checkSpace: Check = async ({ workshop, found, facts }) => {
  const { rooms } = found;
  const data = await rooms.data.measure(facts.data);
  const binaries = await Promise.all(
    facts.files.map(async ({ target }) => {
      const oldBytes = (await workshop.host.files.stat(target))?.size ?? 0;
      // What the new ones take is known only once they are unpacked; releases of one product are about alike.
      return { target, oldBytes, newBytes: Math.ceil(oldBytes * 1.5) };
    }),
  );
  const needs = await rooms.space({ generations: facts.generations, copies: COPIES, data, binaries });
  return needs.map(({ path, free, freeInodes, needed }) => {
    const limit = needed + MARGIN_BYTES;
    const short = free < limit || (freeInodes > 0 && freeInodes < MIN_INODES);
    return {
      code: 'low-space',
      severity: short ? ('inhibit' as const) : ('ok' as const),
      measured: `${bytes(free)} free at ${path}`,
      limit: `${bytes(limit)} for copies and new files`,
      remedy: `free ${bytes(Math.max(0, limit - free))} there`,
    };
  });
};
