import { Interrupted, type Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { archiveFile, archiveFiles, listPath } from '../backups/names.ts';
import { type ArchiveRecord, readRecord, writeJson } from '../backups/record.ts';
import { diskUse } from '../disk-use.ts';
import { ignoring } from '../ignoring.ts';
import { textOf } from '../outputs.ts';
import { bytes, duration } from '../words.ts';
import type { World } from '../world.ts';

/** Beyond what is counted: the lists beside it, the file system's own records. */
const MARGIN_BYTES = 16 * 2 ** 20;

/**
 * Keeps the copy of before in one file as well, for longer and for other places than the generation. All of it after the commit: it
 * takes as long as the data is large, and no failure in it may undo an upgrade that is healthy (law 11).
 */
export const archive: Step<World, null, null> = {
  prepare: async () => null,
  change: async () => null,
  revert: async () => undefined,
  async discard(world, _input, _undo, stop) {
    const { host, run, outputOf, report } = world;
    if ((await readRecord(host.files, run.paths)) !== undefined) return;
    if (!isProven(outputOf('prove-copy'))) {
      report({ kind: 'note', text: 'not archived: the copy could not be proven' });
      return;
    }
    try {
      await make(world, stop);
    } catch (error) {
      throw error instanceof Interrupted && error.reason === 'signal' ? notNow(world) : error;
    }
  },
};

async function make(world: World, stop: AbortSignal): Promise<void> {
  const { host, archives, data, layout, generation, facts, run, outputOf, report } = world;
  const { installation, options, generations } = facts;
  const compression = options.archive ?? 'zstd';
  const file = archiveFile(generations, run.id, compression);
  for (const { path } of archiveFiles(generations, run.id)) {
    await host.files.remove(path);
    await host.files.remove(listPath({ path }));
  }
  const size = await requireRoom(world);
  await ignoring(() => lowerPriority(host));
  report({ kind: 'note', text: `archiving ${bytes(size)} to ${file.path}` });
  const { sha256, ms, ...made } = await archives.make(generation, file, { stop });
  const [manifestSha256, filesSha256] = [textOf(outputOf('copy-data'), 'manifestSha256'), filesOf(world)];
  const record: ArchiveRecord = {
    format: 1,
    run: run.id,
    installation: installation.name,
    product: installation.product,
    version: installation.version,
    archive: file.path.slice(generations.length + 1),
    compression,
    bytes: made.bytes,
    sha256,
    ...(manifestSha256 === undefined ? {} : { manifestSha256 }),
    ...(filesSha256 === undefined ? {} : { filesSha256 }),
  };
  const kept = await layout.recorded({ root: generation.root });
  const binaries = kept.flatMap((live) => (live.present ? [[`binaries${live.path}`, live.sha256] as const] : []));
  const digests = Object.fromEntries([...binaries, ...(await data.digests(generation))]);
  await writeJson(host.files, listPath(file), { ...record, digests });
  // Last: from here on it counts.
  await writeJson(host.files, run.paths.archive, record);
  report({ kind: 'note', text: `archived as ${bytes(made.bytes)} in ${duration(ms)}` });
}

function filesOf({ outputOf }: World): string | undefined {
  return textOf(outputOf('copy-live'), 'filesSha256');
}

function isProven(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'proven' in output && output.proven === true;
}

/** What does not get smaller must fit, and what a rollback writes must fit after it: a copy of its own, and one beside the data. */
async function requireRoom({ host, generation, facts: { generations } }: World): Promise<number> {
  const size = (await diskUse(host, generation.root)) ?? 0;
  const { freeBytes } = await host.files.space(generations);
  const needed = 3 * size + MARGIN_BYTES;
  if (freeBytes >= needed) return size;
  throw new RefitError(
    'E_NO_SPACE',
    `Cannot archive the copy of before: saw ${bytes(freeBytes)} free at ${generations}, expected ${bytes(needed)}`,
    { hint: `The copy itself is kept; refit backup export ${generation.id} --copy-to DIR archives it elsewhere` },
  );
}

function notNow({ generation }: World): RefitError {
  return new RefitError('E_DECLINED', 'Cannot archive the copy of before: asked to stop', {
    hint: `The copy itself is kept; refit backup export ${generation.id} --copy-to DIR archives it`,
  });
}

/** All of this process, for good: the product's users come first, and nothing of the run is left to do but its end. */
async function lowerPriority({ files, commands }: Pick<Host, 'files' | 'commands'>): Promise<void> {
  const threads = await files.list('/proc/self/task');
  await commands.run(['renice', '-n', '19', '-p', ...threads], { timeoutMs: 10_000 });
  await commands.run(['ionice', '-c', '3', '-p', ...threads], { timeoutMs: 10_000 });
}
