import { storePaths } from '../store/paths.ts';
import { bytes } from '../words.ts';
import type { CheckResult, HostChecked } from './check.ts';
import { stateBytes } from './state-bytes.ts';

/** Beyond what is counted: journals, events, the file system's own records. */
const MARGIN_BYTES = 16 * 2 ** 20;
/** Fewer free than this fails in the middle. */
const MIN_INODES = 1_000;
/** The one to make, and the one a rollback of it makes. */
const COPIES = 2;
/** And one that is unpacked first; or the start's, which stays while a later hop makes its own. */
const COPIES_WITH_ANOTHER = 3;
const CODE = 'low-space';

/** Is there room for two generations, the copies of the data and what is downloaded, on each file system involved? */
export async function checkSpace({ workshop, found, facts, later = [] }: HostChecked): Promise<readonly CheckResult[]> {
  const { rooms } = found;
  const { files } = workshop.host;
  const data = await rooms.data.measure(facts.data);
  const binaries = await Promise.all(
    facts.files.map(async ({ target, keepPrevious }) => {
      const there = (await files.stat(target)) !== undefined;
      const real = there ? await files.realPath(target) : target;
      const size = (await files.stat(real))?.size ?? 0;
      const previous = keepPrevious ? ((await files.stat(`${real}.old`))?.size ?? 0) : 0;
      // What the new ones take is known only once they are unpacked; releases of one product are about alike, and those of
      // all hops lie there before the first window.
      return { target, oldBytes: size + previous, newBytes: Math.ceil(size * 1.5) * (1 + later.length) };
    }),
  );
  const sizeOf = new Map(binaries.map(({ target, newBytes }) => [target, newBytes]));
  const downloads = [facts, ...later].map((hop) => stateBytes(files, hop, ({ target }) => sizeOf.get(target) ?? 0));
  const state = {
    path: storePaths(workshop.stateDirectory, facts.installation.name).root,
    bytes: (await Promise.all(downloads)).reduce((total, each) => total + each, 0),
  };
  const unpacks = facts.target.kind === 'generation' && facts.target.archive !== undefined;
  const copies = unpacks || later.length > 0 ? COPIES_WITH_ANOTHER : COPIES;
  const needs = await rooms.space({ generations: facts.generations, copies, data, binaries, state });
  return needs.map(({ path, free, freeInodes, needed, readOnly }): CheckResult => {
    const least = needed + MARGIN_BYTES;
    const limit = `${bytes(least)} for copies and new files`;
    const measured = `${bytes(free)} free at ${path}`;
    if (readOnly) {
      return { code: CODE, severity: 'inhibit', measured: `${path} is read-only`, limit, remedy: 'mount it writable' };
    }
    if (free < least) {
      return { code: CODE, severity: 'inhibit', measured, limit, remedy: `free ${bytes(least - free)} there` };
    }
    if (freeInodes < MIN_INODES) {
      const inodes = `${freeInodes} free inodes at ${path}`;
      return {
        code: CODE,
        severity: 'inhibit',
        measured: inodes,
        limit: `${MIN_INODES}`,
        remedy: 'remove files there',
      };
    }
    return { code: CODE, severity: 'ok', measured, limit, remedy: 'nothing to do' };
  });
}
