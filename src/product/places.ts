import { posix } from 'node:path';
import type { Profile } from './schema.ts';
import { expand, type Scope } from './template.ts';

/** What the new version may rewrite, by absolute paths. */
export interface DataPaths {
  readonly databases: readonly {
    readonly path: string;
    readonly schema: { readonly table: string; readonly column: string } | undefined;
    readonly audit: string | undefined;
  }[];
  /** `exclude`: names directly inside. The root of a tree below is among them: what containers write there is never copied. */
  readonly directories: readonly { readonly path: string; readonly exclude: readonly string[] }[];
  readonly files: readonly string[];
  readonly trees: readonly { readonly root: string; readonly files: readonly string[] }[];
}

/** Where one member of one archive goes. */
export interface Target {
  readonly member: string;
  readonly role: 'binary' | 'file';
  readonly path: string;
  /** The architecture of the archive it is taken from. */
  readonly arch: string;
  readonly executable: boolean;
  /** Undefined: that of the file it replaces, else 0755 when executable, else 0644. */
  readonly mode: number | undefined;
  /** Replaced where it is, never brought. */
  readonly ifPresent: boolean;
  /** The path under which the running server serves it. */
  readonly servedAs: string | undefined;
}

/** The name directly inside `directory` under which `path` lies, or undefined where it does not. */
export function childOn(directory: string, path: string): string | undefined {
  const relative = posix.relative(directory, path);
  if (relative === '' || relative.startsWith('..')) return undefined;
  return relative.split('/')[0];
}

/** Relative paths mean what they mean to the service: from its working directory. */
export function dataPaths(profile: Profile, scope: Scope, directory: string): DataPaths {
  const absolute = (template: string) => posix.resolve('/', directory, expand(template, scope));
  const trees = profile.data.trees.map(({ root, files }) => ({ root: absolute(root), files }));
  return {
    databases: profile.data.databases.map(({ path, schema, audit }) => ({ path: absolute(path), schema, audit })),
    directories: profile.data.directories.map(({ path, exclude }) => {
      const whole = absolute(path);
      const roots = trees.flatMap(({ root }) => (posix.dirname(root) === whole ? [posix.basename(root)] : []));
      return { path: whole, exclude: [...new Set([...exclude, ...roots])] };
    }),
    files: [...new Set(profile.data.files.map(absolute))],
    trees,
  };
}

/** Every place a release is unpacked to, one per architecture where the server hands out all of them. */
export function targetsOf(
  profile: Profile,
  scope: Scope,
  given: Readonly<Record<string, string>>,
  directory: string,
): readonly Target[] {
  const { members, arches } = profile.release;
  const own = scope.arch ?? '';
  return members.flatMap((member) => {
    // An empty value is a value to no product we know: a path made of it would be in `/`.
    if (member.when_env !== undefined && (given[member.when_env] ?? '') === '') return [];
    const wanted = member.every_arch ? [own, ...arches.filter((arch) => arch !== own)] : [own];
    return wanted.map((arch) => {
      const there = { ...scope, arch };
      return {
        member: member.member,
        role: member.role,
        path:
          member.target === undefined
            ? (scope.binary ?? '')
            : posix.resolve('/', directory, expand(member.target, there)),
        arch,
        executable: member.executable,
        mode: member.mode,
        ifPresent: member.if_present,
        servedAs: member.served_as === undefined ? undefined : expand(member.served_as, there),
      };
    });
  });
}
