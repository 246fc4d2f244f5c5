import { spawnSync } from 'node:child_process';

/** Gives a file an ACL and an attribute, where this machine has the tools for it. */
export function adorn(path: string): void {
  spawnSync('setfacl', ['-m', 'u:1:r', path]);
  spawnSync('setfattr', ['-n', 'user.refit', '-v', 'kept', path]);
}

/** Mode, owner, ACL and attributes of a file; what this machine has no tool for is empty, of every file. */
export function worn(path: string): readonly string[] {
  const tools = [
    ['stat', '-c', '%a %u %g'],
    ['getfacl', '-cpn'],
    ['getfattr', '-d', '--only-values'],
  ] as const;
  return tools.map(([tool, ...words]) => spawnSync(tool, [...words, path], { encoding: 'utf8' }).stdout ?? '');
}
