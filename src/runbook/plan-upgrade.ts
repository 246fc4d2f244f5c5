import { RefitError } from '../errors.ts';
import { compare, requireVersion, same } from '../version/version.ts';
import { agentFacts } from './agent-facts.ts';
import { rowsOf } from './baseline-rows.ts';
import { runChecks } from './checks/all.ts';
import { type Choice, chooseRelease } from './choose-release.ts';
import type { Chosen } from './chosen.ts';
import { compile } from './compile.ts';
import { consented, crossedFiles, type Needed, neededCrossings } from './crossings/needed.ts';
import { shownCrossings } from './crossings/show.ts';
import type { Archive, Facts, PlannedFile, RunOptions, TargetFacts } from './facts.ts';
import { type Found, requireFound } from './find.ts';
import { requireAllowed, requireStrictly } from './gates.ts';
import { assemble, envEdits, plannedFiles, withEdits } from './gather.ts';
import { notesFor } from './notes.ts';
import { type Peek, peek } from './peek.ts';
import { pinnedRelease } from './pinned.ts';
import type { NothingToDo, Planned } from './planned.ts';
import { allQuestions } from './questions.ts';
import { settled } from './settled.ts';
import { requireSpotChecks } from './spot-checks.ts';
import { storePaths } from './store/paths.ts';
import { type InstallationState, readState } from './store/state.ts';
import { tarballRelease } from './tarball.ts';
import { type BinaryVersion, versionOf } from './version-of.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** Generations kept at least, and for how long a rollback by choice stays possible. */
const KEEP = 3;
const KEEP_DAYS = 7;

/** Looks at the host and at the source, and decides what an upgrade would do. Changes nothing. */
export async function planUpgrade(workshop: Workshop, asked: Wish): Promise<Planned | NothingToDo> {
  const wish = await settled(workshop, asked);
  const found = await requireFound(workshop, wish);
  requireAllowed(found.profile, wish);
  const version = await installedVersion(workshop, found);
  requireStrictly(found.profile, version.version, 'the installed version');
  const { chosen, passedBy, tooNew } = await choiceOf(workshop, wish, found);
  requireStrictly(found.profile, chosen.tag, 'the chosen release');
  const order = compareInstalled(version, chosen.tag);
  const { name, product, title } = found.installation;
  // What is below the installed version was not asked for where a newer release is passed by.
  if (order === 0 || (order > 0 && passedBy.length + tooNew.length > 0)) {
    return { nothingToDo: true, installation: name, product, version: version.version, passedBy, tooNew };
  }
  if (order > 0) {
    const rollback = await rollbackOf(workshop, name);
    throw new RefitError(
      'E_DOWNGRADE',
      `Cannot go from ${version.version} down to ${chosen.tag}: an old ${title} on new data loses or damages it`,
      {
        hint:
          rollback === undefined
            ? `No backup of before is known: refit history --installation ${name}`
            : `refit rollback goes back to ${rollback.version} with its data, from ${rollback.directory}`,
      },
    );
  }
  const looked = await peek(workshop, found.profile, found.installation);
  const facts = await factsFor(workshop, wish, found, version, chosen, looked);
  // A probe whose address cannot be made is met now, not when the service is down.
  allQuestions(facts, { version: chosen.tag, commit: 'none', digests: new Map() }, true);
  rowsOf(facts, true);
  await requireSpotChecks(found.rooms.health, facts, wish.token);
  const needed = await crossings(workshop, wish, found, { from: version.version, to: chosen.tag });
  const { diff } = await envEdits(
    workshop,
    found,
    needed.filter(({ code }) => !wish.waived.includes(code)),
  );
  const checks = await runChecks({ workshop, found, facts, peek: looked });
  const archives = facts.target.kind === 'release' ? facts.target.archives : [];
  return {
    plan: compile('upgrade', facts),
    checks,
    source: chosen.describe,
    proven: chosen.proven,
    choice: { asked: wish.tarball ?? wish.pinned ?? wish.to, chosen: chosen.tag },
    passedBy,
    tooNew,
    envDiff: diff,
    crossed: shownCrossings(needed, wish.waived),
    notes: await notesFor(workshop, wish, found.profile, { from: version.version, to: chosen.tag }),
    downloadBytes: sum(archives.map(({ asset }) => asset.size)),
    dataBytes: (await found.rooms.data.measure(facts.data)).bytes,
  };
}

async function choiceOf(workshop: Workshop, wish: Wish, found: Found): Promise<Choice> {
  const only = (chosen: Chosen): Choice => ({ chosen, passedBy: [], tooNew: [] });
  if (wish.pinned !== undefined) return only(await pinnedRelease(workshop, wish, wish.pinned, found.profile));
  if (wish.tarball !== undefined)
    return only(await tarballRelease(workshop, wish, found.profile, found.installation.name));
  return chooseRelease(workshop, wish, found);
}

/** What a rollback goes back to, as far as whoever asks may read it: a plan needs no root. */
async function rollbackOf(workshop: Workshop, name: string): Promise<InstallationState['rollback']> {
  try {
    return (await readState(workshop, storePaths(workshop.stateDirectory, name), name)).rollback;
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}

/** What the installed binary says of itself; it must say something. */
export async function installedVersion({ host }: Workshop, { profile, installation }: Found): Promise<BinaryVersion> {
  const version = await versionOf(host.commands, profile, installation.binary);
  if (version !== undefined) return version;
  throw new RefitError(
    'E_VERSION_UNPARSABLE',
    `Cannot read the installed version: ${installation.binary} ${profile.binary.version.argv.join(' ')} says nothing that fits`,
    {
      hint: `Run it yourself; it should print something like ${profile.product} v0.2.13 (…)`,
    },
  );
}

function compareInstalled(installed: BinaryVersion, tag: string): number {
  const from = requireVersion(installed.version, 'the installed version');
  const to = requireVersion(tag, 'the chosen release');
  return same(from, to) ? 0 : compare(from, to) || -1;
}

async function factsFor(
  workshop: Workshop,
  wish: Wish,
  found: Found,
  version: BinaryVersion,
  chosen: Chosen,
  looked: Peek | undefined,
): Promise<Facts> {
  const bare = await assemble(workshop, {
    found,
    version,
    target: { kind: 'generation', version: chosen.tag, root: '', run: '' },
    files: [],
    options: optionsOf(wish),
    deadlineMs: wish.deadlineMs,
  });
  const agents = await agentFacts(found, bare, wish.token, looked);
  const options = await edits(workshop, wish, found, version, chosen.tag);
  const archives = new Map<string, Archive>();
  const files = await plannedFiles(
    workshop,
    withEdits(found, options.envEdits),
    (arch) => {
      const archive = chosen.archive(arch);
      if (archive !== undefined) archives.set(archive.asset.name, archive);
      return archive?.asset.name;
    },
    agents.arches,
  );
  const wanted = [...archives.values()].filter(({ asset }) => files.some(({ archive }) => archive === asset.name));
  return {
    ...bare,
    target: releaseFacts(chosen, wanted, wish),
    files: requireBinary(files, found),
    crossed: crossedFiles(options),
    options: { ...options, holdAgents: agents.hold },
  };
}

function releaseFacts(chosen: Chosen, archives: readonly Archive[], wish: Wish): TargetFacts {
  return {
    kind: 'release',
    tag: chosen.tag,
    archives,
    list: chosen.list,
    sha256: wish.sha256,
    manifest: chosen.manifest,
    pins: chosen.pins,
  };
}

function requireBinary(files: readonly PlannedFile[], { profile }: Found): readonly PlannedFile[] {
  if (files.some(({ binary }) => binary)) return files;
  throw new RefitError('E_PROFILE_INVALID', `Cannot upgrade ${profile.title}: no member of its release is the binary`, {
    hint: 'Give one member of release.members the role "binary": refit docs profile',
  });
}

export function optionsOf(wish: Wish): RunOptions {
  const token = wish.token !== undefined;
  return {
    waived: wish.waived,
    token,
    holdAgents: false,
    rehearse: wish.rehearse,
    ...(wish.copyRate === undefined ? {} : { copyRate: wish.copyRate }),
    ...(wish.limitRate === undefined ? {} : { limitRate: wish.limitRate }),
    archive: wish.archive,
    spotChecks: wish.spotChecks,
    envEdits: [],
    copies: [],
    keep: KEEP,
    keepDays: KEEP_DAYS,
  };
}

async function edits(
  workshop: Workshop,
  wish: Wish,
  found: Found,
  version: BinaryVersion,
  tag: string,
): Promise<RunOptions> {
  const options = optionsOf(wish);
  if (!wish.applyEnvEdits) return options;
  const needed = await crossings(workshop, wish, found, { from: version.version, to: tag });
  return { ...options, ...consented(needed, wish.waived) };
}

function crossings(
  workshop: Workshop,
  { waived }: Wish,
  found: Found,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly Needed[]> {
  const way = { from: requireVersion(from, 'the installed version'), to: requireVersion(to, 'the chosen release') };
  return neededCrossings(workshop, found, way, waived);
}

function sum(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.some((size) => size === undefined)
    ? undefined
    : sizes.reduce<number>((total, size) => total + (size ?? 0), 0);
}
