import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type ErrorCode, RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { OwnCopy } from './guard.ts';
import { type OwnFile, type OwnFiles, ownFiles } from './own-files.ts';
import { isGuardService, UNITS } from './units.ts';

/** Where copies lie, and the units that name those in use. */
interface Places {
  readonly root: string;
  readonly units: string;
}

const PLACES: Places = { root: '/usr/local/lib/refit', units: UNITS };
const DIGEST = /^[0-9a-f]{64}$/;
const MAX_UNIT_BYTES = 1024 * 1024;
/** A copy that was asked for a moment ago may be another installation's, whose units are not written yet. */
const FRESH_MS = 3_600_000;

/** A host that has no place for a copy is still better guarded by what is there than by nothing. */
const NO_PLACE: readonly ErrorCode[] = ['E_NO_SPACE', 'E_READ_ONLY', 'E_PERMISSION'];

type Parts = Pick<Host, 'files' | 'identity' | 'clock'>;

/** See `Guard.copySelf`. */
export async function copySelf(host: Parts, installation: string, { root } = PLACES): Promise<OwnCopy> {
  const asIs = (reason: string): OwnCopy => ({ argv: host.identity.self, copied: false, reason });
  const own = await ownFiles(host);
  if (own === undefined) return asIs('it runs from sources, which need their packages beside them');
  try {
    return { argv: own.argv(await copyOf(host, own, root, installation)), copied: true };
  } catch (error) {
    if (error instanceof RefitError && NO_PLACE.includes(error.code)) return asIs(error.message);
    throw error;
  }
}

async function copyOf({ files }: Parts, own: OwnFiles, root: string, installation: string): Promise<string> {
  const lines: string[] = [];
  for (const { from, to, mode } of own.files) lines.push(`${(await files.digest(from)).sha256} ${mode} ${to}\n`);
  const digest = digestOf(lines);
  const directory = `${root}/${digest}`;
  if ((await files.stat(directory)) !== undefined) {
    // Changes nothing but its ctime, by which `pruneCopies` sees that somebody wants it.
    await files.setOwnership(directory, { mode: 0o755 });
    return directory;
  }
  const staged = `${root}/.staged-${installation}`;
  await files.removeTree(staged);
  try {
    if (digestOf(await stage(files, own.files, staged)) !== digest) {
      throw new RefitError(
        'E_WORLD_CHANGED',
        'Cannot copy refit: its own files changed meanwhile, expected them whole',
        {
          hint: 'Wait until the installation of refit is done, then type the command again',
        },
      );
    }
    await files.syncTree(staged);
    await files.rename(staged, directory);
    await files.sync(root);
  } catch (error) {
    await files.removeTree(staged);
    throw error;
  }
  return directory;
}

async function stage(files: Host['files'], own: readonly OwnFile[], staged: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { from, to, mode } of own) {
    const path = `${staged}/${to}`;
    await files.makeDirectory(posix.dirname(path), { mode: 0o755 });
    const { sha256 } = await files.writeNew(path, files.stream(from), { mode });
    lines.push(`${sha256} ${mode} ${to}\n`);
  }
  return lines;
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** See `Guard.pruneCopies`. */
export async function pruneCopies({ files, clock }: Parts, kept: string, { root, units } = PLACES): Promise<void> {
  if ((await files.stat(root)) === undefined) return;
  const texts: string[] = [kept];
  for (const name of (await files.list(units)).filter(isGuardService)) {
    texts.push((await files.read(`${units}/${name}`, { maxBytes: MAX_UNIT_BYTES })).toString('utf8'));
  }
  const oldest = BigInt(clock.now().getTime() - FRESH_MS) * 1_000_000n;
  for (const name of (await files.list(root)).filter((one) => DIGEST.test(one))) {
    const asked = (await files.stat(`${root}/${name}`))?.ctimeNs ?? 0n;
    const used = texts.some((text) => text.includes(`${root}/${name}/`));
    if (!used && asked < oldest) await files.removeTree(`${root}/${name}`);
  }
}
