import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A line per entry below `root`, itself included: mode, owner, size, mtime and digest, or where a link leads. */
export function treeOf(root: string, { times = true, skip = [] }: TreeOptions = {}): readonly string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const name = path.slice(root.length) || '/';
    if (skip.some((pattern) => pattern.test(name))) return;
    const stat = lstatSync(path, { bigint: true });
    const meta = `${stat.mode.toString(8)} ${stat.uid}:${stat.gid}${times ? ` ${stat.mtimeNs}` : ''}`;
    const what = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? digestOf(path) : '';
    lines.push(`${name} ${meta} ${what}`);
    if (stat.isDirectory()) for (const child of readdirSync(path).sort()) visit(join(path, child));
  };
  visit(root);
  return lines;
}

export interface TreeOptions {
  readonly times?: boolean;
  /** Names below the root, with a slash in front, that are left out with all below them. */
  readonly skip?: readonly RegExp[];
}

export function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
