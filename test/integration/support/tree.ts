import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A line per entry below `root`, itself included: mode, owner, size, mtime and digest, or where a link leads. */
export function treeOf(root: string, { times = true, skip = [] }: TreeOptions = {}): readonly string[] {
  const lines: string[] = [];
  // Latin-1, so that every byte of a name is there again.
  const top = Buffer.byteLength(root);
  const visit = (path: Buffer): void => {
    const name = path.subarray(top).toString('latin1') || '/';
    if (skip.some((pattern) => pattern.test(name))) return;
    const stat = lstatSync(path, { bigint: true });
    const meta = `${stat.mode.toString(8)} ${stat.uid}:${stat.gid}${times ? ` ${stat.mtimeNs}` : ''}`;
    const what = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() ? digestOf(path) : '';
    lines.push(`${name} ${meta} ${what}`);
    if (stat.isDirectory()) {
      const children = readdirSync(path, 'buffer').sort(Buffer.compare);
      for (const child of children) visit(Buffer.concat([path, Buffer.from('/'), child]));
    }
  };
  visit(Buffer.from(root));
  return lines;
}

export interface TreeOptions {
  readonly times?: boolean;
  /** Names below the root, with a slash in front, that are left out with all below them. */
  readonly skip?: readonly RegExp[];
}

export function digestOf(path: string | Buffer): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
