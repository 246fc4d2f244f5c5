import { posix } from 'node:path';
import type { Host } from '../host/host.ts';

/** A file of this program, and its place in a copy. */
export interface OwnFile {
  readonly from: string;
  readonly to: string;
  readonly mode: number;
}

/** What has to be copied for this program to run elsewhere, and how it is started there. */
export interface OwnFiles {
  readonly files: readonly OwnFile[];
  argv(directory: string): readonly [string, ...string[]];
}

const NODE = 'node';
const ENTRY = 'bin/refit.js';
const BUNDLE = 'dist';
/** Beside the bundle, for node to know what kind of modules these are. */
const MANIFEST = 'package.json';
const SINGLE = 'refit';

/** The single executable, or node with the entry and its bundle. Undefined where it runs from sources: those need packages too. */
export async function ownFiles({ files, identity }: Pick<Host, 'files' | 'identity'>): Promise<OwnFiles | undefined> {
  const [program, ...words] = identity.self;
  const entry = words.at(-1);
  const executable = { from: await files.realPath(program), mode: 0o755 };
  if (entry === undefined) {
    return { files: [{ ...executable, to: SINGLE }], argv: (directory) => [`${directory}/${SINGLE}`] };
  }
  // A global installation is reached through a link in a directory of programs.
  const real = await files.realPath(entry);
  const root = posix.dirname(posix.dirname(real));
  if (real !== `${root}/${ENTRY}` || (await files.stat(`${root}/${BUNDLE}/main.js`)) === undefined) return undefined;
  const names = [ENTRY, MANIFEST, ...(await below(files, root, BUNDLE))];
  return {
    files: [
      { ...executable, to: NODE },
      ...names.map((name) => ({ from: `${root}/${name}`, to: name, mode: name === ENTRY ? 0o755 : 0o644 })),
    ],
    argv: (directory) => [`${directory}/${NODE}`, ...words.slice(0, -1), `${directory}/${ENTRY}`],
  };
}

async function below(files: Host['files'], root: string, directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await files.list(`${root}/${directory}`)) {
    const path = `${directory}/${name}`;
    const type = (await files.stat(`${root}/${path}`))?.type;
    if (type === 'directory') found.push(...(await below(files, root, path)));
    else if (type === 'file') found.push(path);
  }
  return found;
}
