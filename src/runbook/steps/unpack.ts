import type { Json } from '../../engine/json.ts';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { PlannedFile } from '../facts.ts';
import { stagedBeside } from '../staging.ts';
import { trustPolicyOf } from '../trust-policy.ts';
import { versionOf } from '../version-of.ts';
import type { World } from '../world.ts';
import { downloadPath, releaseTarget } from './download.ts';
import type { Proven } from './prove.ts';

const HOSTILE: readonly string[] = ['E_ARCHIVE_UNSAFE', 'E_ARCHIVE_INVALID'];

/** A verified file beside its target. */
export type StagedFile = {
  readonly target: string;
  readonly staged: string;
  readonly sha256: string;
  readonly size: number;
};

export type Unpacked = { readonly files: readonly StagedFile[]; readonly commit: string | null };

/** Unpacks the members wanted, each beside its target, dressed like the file it replaces, synced; then asks the new binary its version. */
export const unpack: Step<World, null, null> = {
  prepare: async () => null,

  async change(world, _input, _undo, stop): Promise<Unpacked> {
    const { facts, layout, run } = world;
    await layout.sweep(stagedBeside(facts), run.part);
    const berth: Berth = {
      directoryOf: ({ target }) => layout.stageDirectory(target, run.part),
      dress: (staged, file) => layout.dress(staged, file.target, file),
    };
    return unpackTo(world, facts.files, berth, stop);
  },

  async revert({ layout, facts, run }) {
    await layout.sweep(stagedBeside(facts), run.part);
  },

  async discard({ layout, facts, run }) {
    await layout.sweep(stagedBeside(facts), run.part);
  },

  /** A reboot or a person may have removed or changed what was staged: met here, before the window. */
  async recheck({ host, hasBegun }, _input, _undo, output) {
    // A swap that was cut short has used some of them already, and finishes by digest.
    if (hasBegun('swap-files')) return;
    for (const { staged, sha256 } of (output as Unpacked).files) {
      const there = (await host.files.stat(staged)) === undefined ? undefined : await host.files.digest(staged);
      if (there?.sha256 === sha256) continue;
      throw new RefitError(
        'E_WORLD_CHANGED',
        `Cannot use ${staged}: saw ${there?.sha256 ?? 'nothing'}, expected ${sha256}`,
        {
          hint: 'Something changed it since it was verified; refit upgrade again',
        },
      );
    }
  },
};

/** Where files are unpacked to, and what makes them fit for there. */
export interface Berth {
  directoryOf(file: PlannedFile): Promise<string>;
  dress(staged: string, file: PlannedFile): Promise<void>;
}

/** Unpacks what is proven, and asks the new binary its version. */
export async function unpackTo(
  world: World,
  wanted: readonly PlannedFile[],
  berth: Berth,
  stop: AbortSignal,
): Promise<Unpacked> {
  const files: StagedFile[] = [];
  for (const archive of new Set(wanted.map((file) => file.archive))) {
    const members = wanted.filter((file) => file.archive === archive);
    files.push(...(await unpackArchive(world, archive, members, berth, stop)));
  }
  const commit = await requireVersion(world, files);
  return { files, commit: commit ?? null };
}

async function unpackArchive(
  world: World,
  archive: string,
  members: readonly PlannedFile[],
  berth: Berth,
  stop: AbortSignal,
): Promise<readonly StagedFile[]> {
  const { releases, facts, store, outputOf } = world;
  const { tag } = releaseTarget(facts);
  const evidence = (outputOf('prove') as Proven | undefined)?.[archive];
  if (evidence === undefined) throw new Error(`internal: ${archive} was never proven`);
  const policy = trustPolicyOf(facts.profile);
  // Between the proof and now lies a process's life, perhaps: only bytes that still match are unpacked.
  const artifact = await releases.verifyAgain(downloadPath(store.releases, tag, archive), evidence, policy);
  const wanted: { readonly file: PlannedFile; readonly to: string }[] = [];
  for (const file of members) wanted.push({ file, to: `${await berth.directoryOf(file)}/${stagedName(file)}` });
  const unpacked = await releases
    .unpack(
      artifact,
      wanted.map(({ file, to }) => ({ name: file.member, to, owner: { mode: 0o600 } })),
      { maxBytes: facts.profile.release.max_unpacked, stop },
    )
    .catch(async (error: unknown) => {
      // Or the next try, of a release that was mended meanwhile, would begin with it.
      if (error instanceof RefitError && HOSTILE.includes(error.code)) await world.host.files.remove(artifact.path);
      throw error;
    });
  const files: StagedFile[] = [];
  for (const { file, to } of wanted) {
    if (file.executable) await releases.requireExecutable(to, file.arch);
    await berth.dress(to, file);
    const digest = unpacked.find(({ name }) => name === file.member)?.digest;
    if (digest === undefined) throw new Error(`internal: ${file.member} was not unpacked`);
    files.push({ target: file.target, staged: to, sha256: digest.sha256, size: digest.size });
  }
  return files;
}

function stagedName({ target }: PlannedFile): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

/** The label on the archive is only a label: what the binary itself says must match. */
async function requireVersion(world: World, files: readonly StagedFile[]): Promise<string | undefined> {
  const { facts, host } = world;
  const { tag } = releaseTarget(facts);
  const binary = facts.files.find((file) => file.binary);
  const staged = files.find(({ target }) => target === binary?.target);
  if (staged === undefined) return undefined;
  const found = await versionOf(host.commands, facts.profile, staged.staged);
  if (found?.version === tag) return found.commit;
  throw new RefitError(
    'E_VERSION_MISMATCH',
    `Cannot trust ${staged.staged}: it says ${found?.version ?? 'no version'}, expected ${tag}`,
    {
      hint: 'The release is mislabelled: choose another with --to',
    },
  );
}

/** What `unpack` left, read from the journal. */
export function stagedFiles(outputOf: (kind: string) => Json | undefined): readonly StagedFile[] {
  return (outputOf('unpack') as Unpacked | undefined)?.files ?? [];
}

export function unpackedCommit(outputOf: (kind: string) => Json | undefined): string | undefined {
  return (outputOf('unpack') as Unpacked | undefined)?.commit ?? undefined;
}
