import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { LayoutHost } from './dress.ts';
import type { BinaryStore, Live } from './layout.ts';
import { look, lookAt } from './look.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const COPY_TIMEOUT_MS = 60 * 60 * 1000;

export function storedPath(store: BinaryStore, path: string): string {
  return `${store.root}/binaries${path}`;
}

/** An exit status other than 0 where an attribute or a capability could not be kept: see cp(1) on --preserve=xattr. */
export const CP = ['cp', '-a', '--preserve=xattr', '--reflink=auto', '--sparse=always'] as const;

/** See `Layout.copyLive`. */
export async function copyLive(
  { files, commands }: LayoutHost,
  targets: readonly string[],
  store: BinaryStore,
): Promise<readonly Live[]> {
  const tree = `${store.root}/binaries`;
  await files.remove(`${store.root}/binaries.json`);
  await files.removeTree(tree);
  await files.makeDirectory(tree, { mode: 0o700 });
  const lives: Live[] = [];
  for (const target of targets) lives.push(await look(files, target));
  for (const path of new Set(lives.filter((live) => live.present).map((live) => live.path))) {
    const copy = storedPath(store, path);
    await files.makeDirectory(posix.dirname(copy), { mode: 0o700 });
    const argv = [...CP, '--no-target-directory', '--', path, copy] as const;
    await commands.must(argv, { timeoutMs: COPY_TIMEOUT_MS, background: true });
  }
  for (const live of lives) await prove(files, live, storedPath(store, live.path));
  await files.syncTree(tree);
  await files.sync(store.root);
  await files.writeAtomic(`${store.root}/binaries.json`, `${JSON.stringify({ format: 1, lives })}\n`, { mode: 0o600 });
  return lives;
}

/** Rejects where what lies at `path` is not what was recorded. */
export async function prove(files: Files, live: Live, path: string): Promise<void> {
  const saw = await lookAt(files, live.target, path);
  if (isSame(live, saw)) return;
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot trust ${path}: saw ${describe(saw)}, expected ${describe(live)} as at ${live.path}`,
    { hint: 'Nothing else may write there; look at the disk', facts: { path } },
  );
}

/** See `Layout.verify`. */
export async function verify(files: Files, store: BinaryStore): Promise<void> {
  for (const live of await recorded(files, store)) await prove(files, live, storedPath(store, live.path));
}

export function isSame(a: Live, b: Live): boolean {
  return describe(a) === describe(b);
}

function describe(live: Live): string {
  if (!live.present) return 'nothing';
  return `${live.sha256} of ${live.size} bytes, mode 0${live.mode.toString(8)}, owner ${live.uid}:${live.gid}`;
}

/** See `Layout.recorded`. Only we write it, into a folder only we can write. */
export async function recorded(files: Files, store: BinaryStore): Promise<readonly Live[]> {
  const path = posix.join(store.root, 'binaries.json');
  const text = (await files.read(path, { maxBytes: MAX_BYTES })).toString();
  try {
    const { format, lives } = JSON.parse(text) as { format?: unknown; lives?: readonly Live[] };
    if (format === 1 && lives !== undefined) return lives;
  } catch {
    // Said below: what cannot be parsed is as damaged as what says nothing.
  }
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot use ${path}: saw "${text.slice(0, 40)}", expected a list of format 1`,
    {
      hint: 'Use the version of refit that made it',
      facts: { path },
    },
  );
}
