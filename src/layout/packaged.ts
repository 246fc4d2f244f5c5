import type { Argv, Commands } from '../host/commands.ts';
import type { Obstacle } from './layout.ts';

const LOOK = { timeoutMs: 30_000 };

/** Each reads the lists of all files of all packages, however many paths it is asked about. */
const MANAGERS: readonly Argv[] = [
  ['dpkg-query', '--search', '--'],
  ['rpm', '--query', '--file', '--'],
];

/**
 * The files among these that a package manager installed: it would put its own back, or refuse to. All in one question, to which
 * the answer is nearly always no; rpm's does not say which line is about which file, so a yes is asked for each alone.
 */
export async function packaged(commands: Commands, paths: readonly string[]): Promise<readonly Obstacle[]> {
  const found: Obstacle[] = [];
  for (const manager of MANAGERS) {
    if (paths.length === 0 || (await commands.find(manager[0])) === undefined) continue;
    const { stdout } = await commands.query([...manager, ...paths], LOOK);
    if (ownerIn(stdout) === undefined) continue;
    for (const path of paths) {
      const alone = await commands.query([...manager, path], LOOK);
      const owner = ownerIn(alone.stdout);
      if (owner === undefined) continue;
      const remedy = `Upgrade ${owner} with the package manager`;
      found.push({ kind: 'package-owned', path, saw: `the package ${owner}`, remedy });
    }
  }
  return found;
}

/**
 * The first package named: dpkg says "dockmesh: /usr/bin/dockmesh" or "one, two:amd64: /path", rpm "dockmesh-1.0-1.x86_64".
 * Passed over is what rpm says of a file of nobody ("file /path is not owned by any package", on stdout), and a diversion, which
 * is no package ("local diversion from: /path"), unless the path is where one leads to: that file is the diverting package's.
 */
export function ownerIn(stdout: string): string | undefined {
  const lines = stdout.split('\n').filter((line) => line !== '' && !/^(file \/|local diversion )/.test(line));
  const diverted = lines.map((line) => /^diversion by (\S+) (?:from|to): /.exec(line)?.[1]);
  const owners = lines.filter((_, index) => diverted[index] === undefined).map((line) => line.split(/(?:, |: )/)[0]);
  return owners[0] ?? diverted[0];
}
