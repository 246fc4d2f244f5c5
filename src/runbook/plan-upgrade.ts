import { RefitError } from '../errors.ts';
import { compare, requireVersion, same } from '../version/version.ts';
import { agentFacts } from './agent-facts.ts';
import { rowsOf } from './baseline-rows.ts';
import { runChecks, runHopChecks } from './checks/all.ts';
import { type Choice, chooseRelease } from './choose-release.ts';
import type { Chosen } from './chosen.ts';
import { compile } from './compile.ts';
import { complete } from './complete.ts';
import { afterCrossing } from './crossings/after.ts';
import { consented, crossedFiles, type Needed, neededCrossings } from './crossings/needed.ts';
import { shownCrossings } from './crossings/show.ts';
import {
  type Archive,
  type Facts,
  type PlannedFile,
  type RunOptions,
  type TargetFacts,
  targetVersion,
} from './facts.ts';
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
import { stagedBeside } from './staging.ts';
import { tarballRelease } from './tarball.ts';
import { type BinaryVersion, versionOf } from './version-of.ts';
import { wayTo } from './way.ts';
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
  const choice = await choiceOf(workshop, wish, found);
  const { passedBy, tooNew } = choice;
  requireStrictly(found.profile, choice.chosen.tag, 'the chosen release');
  const order = compareInstalled(version, choice.chosen.tag);
  const { name, product } = found.installation;
  // What is below the installed version was not asked for where a newer release is passed by.
  if (order === 0 || (order > 0 && passedBy.length + tooNew.length > 0)) {
    return { nothingToDo: true, installation: name, product, version: version.version, passedBy, tooNew };
  }
  const way = await wayTo(workshop, wish, found, version, choice);
  const { releases } = way;
  const chosen = releases.at(-1) ?? releases[0];
  const looked = await peek(workshop, found.profile, found.installation);
  const [first, ...later] = await hopsOver(workshop, wish, { found, version, looked }, releases);
  const facts = withTargetsOf(first.facts, later);
  // A probe whose address cannot be made is met now, not when the service is down.
  for (const hop of [first, ...later]) {
    allQuestions(hop.facts, { version: targetVersion(hop.facts), commit: 'none', digests: new Map() }, true);
    rowsOf(hop.facts, true);
  }
  await requireSpotChecks(found.rooms.health, facts, wish.token);
  const needed = await crossings(workshop, wish, found, { from: version.version, to: chosen.tag });
  const { diff } = await envEdits(
    workshop,
    found,
    needed.filter(({ code }) => !wish.waived.includes(code)),
  );
  const checks = await runChecks({ workshop, found, facts, later: later.map((hop) => hop.facts), peek: looked });
  for (const hop of later) checks.push(...(await runHopChecks({ workshop, ...hop, peek: undefined })));
  const archives = [first, ...later].flatMap(({ facts: { target } }) =>
    target.kind === 'release' ? target.archives : [],
  );
  return complete(workshop, wish, {
    plan: compile(
      'upgrade',
      facts,
      later.map((hop) => hop.facts),
    ),
    checks: [...checks, ...way.findings],
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
  });
}

async function choiceOf(workshop: Workshop, wish: Wish, found: Found): Promise<Choice> {
  const only = (chosen: Chosen): Choice => ({ chosen, passedBy: [], tooNew: [] });
  if (wish.pinned !== undefined) return only(await pinnedRelease(workshop, wish, wish.pinned, found.profile));
  if (wish.tarball !== undefined)
    return only(await tarballRelease(workshop, wish, found.profile, found.installation.name));
  return chooseRelease(workshop, wish, found);
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

/** An installation as it will be when a hop begins, and what is to become of it then. */
interface PlannedHop {
  readonly found: Found;
  readonly facts: Facts;
}

interface Beginning {
  readonly found: Found;
  readonly version: BinaryVersion;
  readonly looked: Peek | undefined;
}

/** Each hop begins where the one before it ends: at its version, with the keys that it added, as the account it made it. */
async function hopsOver(
  workshop: Workshop,
  wish: Wish,
  { found, version, looked }: Beginning,
  [chosen, ...others]: readonly [Chosen, ...Chosen[]],
): Promise<readonly [PlannedHop, ...PlannedHop[]]> {
  // A digest that a person names is that of what they asked for.
  const here = others.length === 0 ? wish : { ...wish, sha256: undefined };
  const facts = await factsFor(workshop, here, found, version, chosen, looked);
  const hop = { found, facts };
  const [next, ...rest] = others;
  if (next === undefined) return [hop];
  const after = {
    found: afterCrossing(found, facts.options),
    version: { version: chosen.tag, commit: undefined },
    looked,
  };
  // What goes back for good is what was there before the first.
  return [hop, ...(await hopsOver(workshop, { ...wish, archive: undefined }, after, [next, ...rest]))];
}

function withTargetsOf(facts: Facts, later: readonly PlannedHop[]): Facts {
  const mine = stagedBeside(facts);
  const others = later.flatMap((hop) => stagedBeside(hop.facts));
  const laterTargets = [...new Set(others)].filter((target) => !mine.includes(target));
  return laterTargets.length === 0 ? facts : { ...facts, laterTargets };
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
    ...(wish.notBefore === undefined ? {} : { notBefore: wish.notBefore }),
    ...(wish.notAfter === undefined ? {} : { notAfter: wish.notAfter }),
    ...(wish.copyRate === undefined ? {} : { copyRate: wish.copyRate }),
    ...(wish.limitRate === undefined ? {} : { limitRate: wish.limitRate }),
    ...(wish.allOrNothing === true ? { allOrNothing: true } : {}),
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
