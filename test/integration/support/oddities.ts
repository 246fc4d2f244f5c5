import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Scene } from './scene.ts';

export const dataOf = ({ installed }: Scene): string => path.dirname(installed.database);

/**
 * Beside the database: names of any bytes, a FIFO, a socket that somebody listens on, a hole, a second name, a link to nowhere,
 * attributes, somebody else's file of long ago.
 */
export async function withOddities(scene: Scene): Promise<void> {
  const at = (name: string): string => path.join(dataOf(scene), name);
  const bytes = Buffer.concat([Buffer.from(at('odd \n"\'\\$(id)')), Buffer.from([0xff, 0xfe, 0x07])]);
  fs.writeFileSync(bytes, 'odd');
  fs.writeFileSync(at('-rf'), 'a name like an option');
  execFileSync('mkfifo', [at('pipe')]);
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  onTestFinished(() => void server.close());
  execFileSync('truncate', ['-s', '1M', at('hole')]);
  fs.linkSync(at('-rf'), at('second'));
  fs.symlinkSync('/nowhere', at('dangling'));
  fs.writeFileSync(at('attributes'), 'more than its bytes');
  execFileSync('setfattr', ['-n', 'user.refit', '-v', 'kept', at('attributes')]);
  execFileSync('setfacl', ['-m', 'u:12345:r', at('attributes')]);
  fs.writeFileSync(at('old'), 'of long ago');
  fs.chmodSync(at('old'), 0o4751);
  fs.lchownSync(at('dangling'), 1234, 2345);
  execFileSync('touch', ['-h', '-d', '1999-12-31 23:59:59.123456789 UTC', at('old'), at('dangling')]);
}

/**
 * Every entry by the bytes of its name, without the database's: type, mode, owner, length, blocks, names, time of change, where it
 * leads; its attributes; what is in it.
 */
export function exactly(directory: string): string {
  const script = [
    'find . ! -name "sample.db*" -printf "%p %M %U:%G %s %b %n %T@ %l\\0" | sort -z',
    'find . ! -name "sample.db*" -print0 | sort -z | xargs -0 getfattr -h -d -m - -- 2>&1',
    'find . -type f ! -name "sample.db*" -print0 | sort -z | xargs -0 sha256sum -z --',
  ].join('; ');
  return execFileSync('sh', ['-c', script], { cwd: directory, encoding: 'latin1' });
}
