import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { DataItem } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { atEveryKill, listing, realHost, scratch } from './workbench.ts';

const host = realHost();
const data = gnuData(host);

/** A data directory, as an item, and where its generation goes. */
async function place() {
  const dir = await scratch();
  await mkdir(`${dir}/data/sub/deep`, { recursive: true });
  await writeFile(`${dir}/data/sub/file`, 'old', { mode: 0o640 });
  await writeFile(`${dir}/data/other`, 'other');
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  return { dir, source: `${dir}/data`, copy: `${dir}/g/tree${dir}/data`, items, generation };
}

/** All but the directory itself: modes, owners, times, contents, and attributes. */
function everything(directory: string): readonly string[] {
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
const CHANGES: readonly (readonly [string, (at: string) => Promise<unknown>])[] = [
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

test.each(CHANGES)('between the phases: %s', async (_, change) => {
  const { source, copy, items, generation } = await place();
  await symlink('nowhere', `${source}/link`);
  await link(`${source}/other`, `${source}/hard`);
  await link(`${source}/other`, `${source}/hard2`);
  await writeFile(`${source}/sparse`, '');
  await truncate(`${source}/sparse`, 16 * 1024 * 1024);
  await writeFile(Buffer.concat([Buffer.from(source), RAW]), 'odd');
  await writeFile(`${source}/-rf`, '');
  execFileSync('mkfifo', [`${source}/fifo`]);
  execFileSync('setfattr', ['-n', 'user.note', '-v', 'before', `${source}/sub`]);
  await host.clock.sleep(20);
  const hot = await data.copyHot(items, generation);
  await change(source);
  const { manifestSha256 } = await hot.finish();
  expect(everything(copy)).toEqual(everything(source));
  await data.verify(generation, manifestSha256);
  expect(await data.differences(items, generation)).toEqual([]);
});

test('what has not changed is not copied again', async () => {
  const { source, items, generation } = await place();
  await host.clock.sleep(20);
  const hot = await data.copyHot(items, generation);
  await appendFile(`${source}/other`, '!');
  const { again, bytes, files } = await hot.finish();
  expect(again).toEqual({ bytes: 6, files: 1 });
  expect({ bytes, files }).toEqual({ bytes: 9, files: 5 });
});

test('a file that a program has mapped to write is copied again, whatever stat says', async () => {
  const { source, copy, items, generation } = await place();
  const script = `import mmap, sys
f = open(sys.argv[1], 'r+b'); m = mmap.mmap(f.fileno(), 5); m[0:1] = b'O'
print('mapped', flush=True); sys.stdin.readline(); m[1:2] = b'T'; print('written', flush=True)`;
  const writer = spawn('python3', ['-c', script, `${source}/other`], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  await host.clock.sleep(20);
  const hot = await data.copyHot(items, generation);
  writer.stdin.end('go\n');
  await once(writer, 'exit');
  await hot.finish();
  expect(await readFile(`${copy}/other`, 'utf8')).toBe('OTher');
});

test('places that come, go, and lie in each other', async () => {
  const { dir, source, items, generation } = await place();
  await mkdir(`${source}/volume`);
  for (const name of ['volume/app.db', 'volume/left', 'key']) await writeFile(`${source}/${name}`, name);
  const all: DataItem[] = [
    ...items.map((item) => ({ ...item, exclude: ['volume'] })),
    { path: `${source}/volume/app.db`, kind: 'file' },
    { path: `${dir}/later`, kind: 'file' },
    { path: `${dir}/tree`, kind: 'directory' },
    { path: `${source}/key`, kind: 'file' },
  ];
  const hot = await data.copyHot(all, generation);
  await rm(`${source}/volume/app.db`);
  await writeFile(`${dir}/later`, 'x');
  await mkdir(`${dir}/tree/sub`, { recursive: true });
  await writeFile(`${dir}/tree/sub/file`, 'x');
  const { manifestSha256 } = await hot.finish();
  await data.verify(generation, manifestSha256);
  expect(await data.differences(all, generation)).toEqual([]);
  expect(await host.files.list(`${generation.root}/tree${source}/volume`)).toEqual([]);
});

test('what is in use while it is copied is no error, and the copy is that of what was left', async () => {
  const { source, copy, items, generation } = await place();
  const script = `const fs = require('node:fs');
    const at = process.argv[1];
    for (let n = 0; n < 300; n += 1) { fs.mkdirSync(at + '/d' + n); fs.writeFileSync(at + '/d' + n + '/f', 'x'.repeat(n)); }
    console.log('ready');
    for (let n = 0; ; n = (n + 7) % 300) {
      const [a, b] = [at + '/d' + n, at + '/e' + n];
      const from = fs.existsSync(a) ? a : b;
      fs.appendFileSync(from + '/f', 'y');
      fs.writeFileSync(from + '/g' + n, 'z');
      fs.rmSync(from + '/g' + (n - 1), { force: true });
      fs.renameSync(from, from === a ? b : a);
      if (n % 5 === 0) { fs.rmSync(from === a ? b : a, { recursive: true }); fs.mkdirSync(a); }
    }`;
  const writer = spawn(process.execPath, ['-e', script, source], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  for (let round = 0; round < 3; round += 1) {
    const hot = await data.copyHot(items, generation);
    writer.kill('SIGSTOP');
    await hot.finish();
    expect(everything(copy)).toEqual(everything(source));
    await data.verify(generation);
    writer.kill('SIGCONT');
  }
});

test('somebody who writes on while the service is stopped is found, and nothing is left', async () => {
  const { source, items, generation } = await place();
  const busy = realHost({
    async run(effect, act) {
      const result = await act(() => undefined);
      if (effect.label.includes('--remove-destination')) await appendFile(`${source}/other`, 'more');
      return result;
    },
  });
  const hot = await gnuData(busy).copyHot(items, generation);
  await appendFile(`${source}/other`, '!');
  await expect(hot.finish()).rejects.toMatchObject({ code: 'E_DATA_CHANGED' });
  expect(await host.files.list(generation.root)).toEqual([]);
});

test.each(['hot', 'stopped'])('a disk that is full while the data is %s leaves nothing in the way', async (phase) => {
  const { source, items, generation } = await place();
  let isHot = true;
  const full = realHost({
    run: async (effect, act) => {
      const fails = effect.kind === 'process' && effect.label.includes('cp -a') && isHot === (phase === 'hot');
      if (fails) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return act(() => undefined);
    },
  });
  const copying = async () => {
    const hot = await gnuData(full).copyHot(items, generation);
    isHot = false;
    await appendFile(`${source}/other`, '!');
    await hot.finish();
  };
  await expect(copying()).rejects.toMatchObject({ code: 'E_NO_SPACE' });
  expect(await host.files.list(generation.root)).toEqual([]);
  await data.copy(items, generation);
});

test('what is given up is gone, once and for all', async () => {
  const { items, generation } = await place();
  const hot = await data.copyHot(items, generation);
  await hot.abandon();
  await hot.abandon();
  expect(await host.files.list(generation.root)).toEqual([]);
  await expect(hot.finish()).rejects.toThrow('ended');
  const whole = await data.copyHot(items, generation);
  await whole.finish();
  await whole.abandon();
  await data.verify(generation);
});

test('whenever it is killed, there is either a whole copy or none, and the next call makes one', async () => {
  const { source, items, generation } = await place();
  let [absent, whole] = [0, 0];
  await atEveryKill(
    async (mortal, attempt) => {
      const hot = await gnuData(mortal).copyHot(items, generation);
      await writeFile(`${source}/sub/new-${attempt}`, 'x');
      await rm(`${source}/sub/new-${attempt - 1}`, { force: true });
      await hot.finish();
    },
    async () => {
      const found = await host.files.stat(`${generation.root}/manifest.json`);
      if (found === undefined) absent += 1;
      else await data.verify(generation).then(() => (whole += 1));
    },
  );
  expect(absent).toBeGreaterThan(8);
  expect(whole).toBeGreaterThan(0);
});
