import { type ChildProcess, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  link,
  mkdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { DataItem } from '../../src/data/data.ts';
import { listing, realHost, scratch } from './workbench.ts';

/** A data directory, as an item, and where its generation goes. */
export async function place() {
  const dir = await scratch();
  await mkdir(`${dir}/data/sub/deep`, { recursive: true });
  await writeFile(`${dir}/data/sub/file`, 'old', { mode: 0o640 });
  await writeFile(`${dir}/data/other`, 'other');
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  return { dir, source: `${dir}/data`, copy: `${dir}/g/tree${dir}/data`, items, generation };
}

/** All but the directory itself: modes, owners, times, contents, and attributes. */
export function everything(directory: string): readonly string[] {
  const attributes = execFileSync('getfattr', ['-R', '-h', '-d', '-m', '-', '.'], {
    cwd: directory,
    encoding: 'latin1',
  });
  const acl = execFileSync('getfacl', ['-R', '-p', '-n', '.'], { cwd: directory, encoding: 'latin1' });
  const below = acl.split('\n\n').filter((part) => !part.startsWith('# file: .\n'));
  const lines = listing(directory).filter((line) => !line.startsWith('|d|'));
  return [...lines.map((line) => line.replaceAll(directory, '')), attributes, ...below];
}

const RAW = Buffer.from([0x2f, 0x6f, 0xff, 0x0a, 0x22, 0x5c]);

/** What happens to the data between the two phases. */
export const CHANGES: readonly (readonly [string, (at: string) => Promise<unknown>])[] = [
  ['nothing', async () => undefined],
  ['a file that grows', (at) => appendFile(`${at}/sub/file`, 'more')],
  ['a file that shrinks', (at) => truncate(`${at}/sub/file`, 1)],
  [
    'a new file, and a new directory with some',
    async (at) => {
      await writeFile(`${at}/new`, 'new');
      await mkdir(`${at}/made/deep`, { recursive: true });
      await writeFile(`${at}/made/deep/file`, 'new');
      await utimes(`${at}/made/deep`, 1, 1.25);
    },
  ],
  ['a new directory without any', (at) => mkdir(`${at}/sub/empty`, { mode: 0o711 })],
  ['a file that goes', (at) => rm(`${at}/sub/file`)],
  ['a tree that goes', (at) => rm(`${at}/sub`, { recursive: true })],
  ['a file that is renamed', (at) => rename(`${at}/sub/file`, `${at}/sub/deep/moved`)],
  ['a directory that is renamed', (at) => rename(`${at}/sub`, `${at}/bus`)],
  [
    'a file of the same size and mtime',
    async (at) => {
      const { atime, mtime } = await stat(`${at}/sub/file`);
      await writeFile(`${at}/sub/file`, 'dlo');
      await utimes(`${at}/sub/file`, atime, mtime);
    },
  ],
  [
    'a file replaced by one that looks the same',
    async (at) => {
      await writeFile(`${at}/sub/.file`, 'dlo', { mode: 0o640 });
      execFileSync('touch', ['-r', `${at}/sub/file`, `${at}/sub/.file`]);
      await rename(`${at}/sub/.file`, `${at}/sub/file`);
    },
  ],
  [
    'a file that becomes a directory',
    async (at) => {
      await rm(`${at}/sub/file`);
      await mkdir(`${at}/sub/file`);
      await writeFile(`${at}/sub/file/in`, 'x');
    },
  ],
  [
    'a directory that becomes a link',
    async (at) => {
      await rm(`${at}/sub`, { recursive: true });
      await symlink('other', `${at}/sub`);
    },
  ],
  [
    'a link that leads elsewhere',
    async (at) => {
      await rm(`${at}/link`);
      await symlink('elsewhere', `${at}/link`);
    },
  ],
  [
    'modes',
    async (at) => {
      await chmod(`${at}/sub/file`, 0o4755);
      await chmod(`${at}/sub`, 0o2770);
      await chmod(`${at}/sub/deep`, 0o1700);
    },
  ],
  [
    'owners',
    async (at) => {
      await chown(`${at}/sub/file`, 12, 34);
      await chown(`${at}/sub`, 12, 34);
    },
  ],
  [
    'attributes and ACLs',
    async (at) => {
      for (const path of [`${at}/sub`, `${at}/sub/file`]) {
        execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', path]);
        execFileSync('setfacl', ['-m', 'u:7:r', path]);
      }
      execFileSync('setfacl', ['-d', '-m', 'u:7:rw', `${at}/sub/deep`]);
    },
  ],
  ['times of directories', (at) => utimes(`${at}/sub`, 1, 2.5)],
  ['a second name', (at) => link(`${at}/sub/file`, `${at}/sub/deep/second`)],
  ['one name fewer', (at) => rm(`${at}/hard2`)],
  ['a file of three names', (at) => appendFile(`${at}/hard`, 'x')],
  [
    'a hole',
    async (at) => {
      await truncate(`${at}/sparse`, 32 * 1024 * 1024);
      await appendFile(`${at}/sparse`, 'end');
    },
  ],
  [
    'names of odd bytes',
    async (at) => {
      await writeFile(Buffer.concat([Buffer.from(`${at}/sub`), RAW]), 'odd');
      await rm(Buffer.concat([Buffer.from(at), RAW]));
      await mkdir(Buffer.concat([Buffer.from(`${at}/sub/deep`), RAW]));
      await writeFile(Buffer.concat([Buffer.from(`${at}/sub/deep`), RAW, RAW]), 'odd');
      await writeFile(`${at}/new\nline`, 'x');
      await appendFile(`${at}/-rf`, 'x');
    },
  ],
  [
    'a socket and a FIFO',
    async (at) => {
      execFileSync('mkfifo', [`${at}/sub/fifo`]);
      await rm(`${at}/fifo`);
    },
  ],
];

/** The same with something of each kind in it, and older than any tick of the clock. */
export async function furnishedPlace() {
  const made = await place();
  const { source } = made;
  await symlink('nowhere', `${source}/link`);
  await link(`${source}/other`, `${source}/hard`);
  await link(`${source}/other`, `${source}/hard2`);
  await writeFile(`${source}/sparse`, '');
  await truncate(`${source}/sparse`, 16 * 1024 * 1024);
  await writeFile(Buffer.concat([Buffer.from(source), RAW]), 'odd');
  await writeFile(`${source}/-rf`, '');
  execFileSync('mkfifo', [`${source}/fifo`]);
  execFileSync('setfattr', ['-n', 'user.note', '-v', 'before', `${source}/sub`]);
  await realHost().clock.sleep(20);
  return made;
}

/** Holds a process still; resolves when it is. A signal is only on its way when `kill` returns: a call that has begun ends first. */
export async function heldStill({ pid = 0 }: ChildProcess): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  while (!/^\d+ \(.*\) T /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await setTimeout(1);
}
