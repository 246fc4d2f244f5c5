import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { DataItem } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { CHANGES, everything, furnishedPlace, heldStill, place } from './moving.ts';
import { atEveryKill, realHost } from './workbench.ts';

const host = realHost();
const data = gnuData(host);

test.each(CHANGES)('between the phases: %s', async (_, change) => {
  const { source, copy, items, generation } = await furnishedPlace();
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
    await heldStill(writer);
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
