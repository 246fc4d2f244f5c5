import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import { expand, isExpandable } from '../product/template.ts';
import type { Architecture } from '../release/release.ts';
import { runHostChecks } from './checks/all.ts';
import { chooseRelease } from './choose-release.ts';
import { compile } from './compile.ts';
import { complete } from './complete.ts';
import { type Facts, NOT_INSTALLED, type PlannedFile } from './facts.ts';
import { requireAllowed, requireStrictly } from './gates.ts';
import { namedProfile } from './named-profile.ts';
import { notesFor } from './notes.ts';
import { optionsOf } from './plan-upgrade.ts';
import type { Planned } from './planned.ts';
import { goArchitecture } from './platform.ts';
import { settled } from './settled.ts';
import { tarballRelease } from './tarball.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

const DEFAULT_BINARY_DIRECTORY = '/usr/local/bin';

/** Decides what putting a product's files on a host that has none of it would do: no service, no data, no window. */
export async function planInstall(workshop: Workshop, asked: Wish): Promise<Planned> {
  const wish = await settled(workshop, asked);
  const { host } = workshop;
  if (wish.product === undefined) {
    throw new RefitError('E_INSTALLATION_UNKNOWN', 'Cannot tell what to install: saw no product on this host', {
      hint: 'Name it: refit install --from-tarball FILE --product dockmesh',
    });
  }
  const profile = await namedProfile(workshop, wish, wish.product);
  if (wish.spotChecks.length > 0) {
    throw new RefitError(
      'E_USAGE',
      `Cannot spot-check ${wish.spotChecks.join(', ')}: saw no ${profile.title} here yet`,
      {
        hint: 'Leave --spot-check away: what is installed for the first time runs no stacks',
      },
    );
  }
  requireAllowed(profile, wish);
  const chosen =
    wish.tarball === undefined
      ? (await chooseRelease(workshop, wish, { profile, installation: { name: profile.product } })).chosen
      : await tarballRelease(workshop, wish, profile, profile.product);
  requireStrictly(profile, chosen.tag, 'the chosen release');
  const arch = goArchitecture(host.identity.architecture);
  const archive = chosen.archive(arch);
  if (archive === undefined) throw new Error('internal: a release without an archive for this machine was chosen');
  const files = bareFiles(profile, archive.asset.name, arch, host.identity.uid);
  const binary = files.find((file) => file.binary)?.target ?? '';
  const name = profile.product;
  const facts: Facts = {
    profile,
    installation: {
      name,
      product: profile.product,
      title: profile.title,
      unit: profile.service.manager === 'systemd' ? profile.service.unit : name,
      manager: profile.service.manager,
      binary,
      version: NOT_INSTALLED,
      commit: undefined,
      envFile: undefined,
      user: undefined,
      arch,
      scope: { env: {}, binary, binary_dir: posix.dirname(binary), os: host.identity.platform, arch },
      embedded: undefined,
      workingDirectory: '/',
      stopTimeoutMs: 0,
    },
    target: {
      kind: 'release',
      tag: chosen.tag,
      archives: [archive],
      list: chosen.list,
      sha256: wish.sha256,
      manifest: chosen.manifest,
    },
    data: [],
    database: undefined,
    files,
    keepsakes: [],
    generations: `${workshop.stateDirectory}/${name}/generations`,
    // Nothing runs that would have to be stopped.
    options: optionsOf({ ...wish, notBefore: undefined, notAfter: undefined }),
    startTimeout: { ms: profile.service.start_timeout, because: 'profile' },
  };
  return complete(workshop, wish, {
    plan: compile('install', facts),
    checks: await runHostChecks({ workshop, found: { rooms: workshop.roomsFor({ kind: 'systemd' }) }, facts }),
    source: chosen.describe,
    proven: chosen.proven,
    choice: { asked: wish.tarball ?? wish.to, chosen: chosen.tag },
    passedBy: [],
    envDiff: '',
    notes: await notesFor(workshop, wish, profile, { from: chosen.tag, to: chosen.tag }),
    downloadBytes: archive.asset.size,
    dataBytes: 0,
  });
}

/** Members whose place is known without a configured service: the binary, and what goes beside it. */
function bareFiles(profile: Profile, archive: string, arch: Architecture, uid: number): readonly PlannedFile[] {
  const scope = { env: {}, binary_dir: DEFAULT_BINARY_DIRECTORY, os: 'linux', arch };
  return profile.release.members.flatMap(({ member, role, target, executable, mode }) => {
    const binary = role === 'binary';
    if (!binary && (target === undefined || !isExpandable(target, scope))) return [];
    return [
      {
        archive,
        arch,
        member,
        target: target === undefined ? `${DEFAULT_BINARY_DIRECTORY}/${posix.basename(member)}` : expand(target, scope),
        binary,
        executable,
        mode: mode ?? (executable ? 0o755 : 0o644),
        uid,
        gid: 0,
        keepPrevious: false,
        servedAs: undefined,
      },
    ];
  });
}
