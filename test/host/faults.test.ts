import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Faults, faultyEffects } from '../../src/host/faults.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { scratch } from './scratch.ts';

const CHILD = join(import.meta.dirname, 'children/faulty.ts');

/** The files there after the child's three effects, and how it ended. */
function run(faults: Faults): { at: string; signal: string | null; found: Record<string, string> } {
  const at = scratch();
  writeFileSync(join(at, 'a'), 'old');
  const { signal } = spawnSync(process.execPath, [CHILD, at, JSON.stringify(faults)]);
  const found = readdirSync(at).map((name) => [
    name.startsWith('.refit-tmp-') ? 'temporary' : name,
    readFileSync(join(at, name), 'utf8'),
  ]);
  return { at, signal, found: Object.fromEntries(found) };
}

test('without a fault it does what plain effects do', () => {
  expect(run({})).toMatchObject({ signal: null, found: { j: 'line\n' } });
});

test.each([
  [{ n: 1, when: 'before' }, { a: 'old' }],
  [
    { n: 1, when: 'middle' },
    { a: 'old', temporary: 'n' },
  ],
  [
    { n: 1, when: 'middle', nth: 2 },
    { a: 'old', temporary: 'new' },
  ],
  [{ n: 1, when: 'after' }, { a: 'new' }],
  [
    { n: 2, when: 'middle' },
    { a: 'new', j: 'li' },
  ],
  [
    { n: 2, when: 'after' },
    { a: 'new', j: 'line\n' },
  ],
  [{ n: 3, when: 'after' }, { j: 'line\n' }],
] as const)('killed at %o', (killAt, found) => {
  expect(run({ killAt })).toMatchObject({ signal: 'SIGKILL', found });
});

test('what a killed writer left is gone after the next write', async () => {
  const { at } = run({ killAt: { n: 1, when: 'middle' } });
  await nodeFiles(faultyEffects({})).writeAtomic(join(at, 'b'), 'x', { mode: 0o600 });
  expect(readdirSync(at)).toEqual(['a', 'b']);
});

test.each([
  ['ENOSPC', 'E_NO_SPACE'],
  ['EROFS', 'E_READ_ONLY'],
  ['EIO', 'E_IO'],
] as const)('a write fails with %s as a real one does, before it and in the middle', async (errno, code) => {
  const at = scratch();
  writeFileSync(join(at, 'j'), 'kept\n');
  for (const when of ['before', 'middle'] as const) {
    const files = nodeFiles(faultyEffects({ failAt: { n: 2, errno, when } }));
    await files.sync(at);
    await expect(files.appendDurable(join(at, 'j'), 'line\n')).rejects.toMatchObject({ code, facts: { errno } });
    expect(readFileSync(join(at, 'j'), 'utf8')).toBe('kept\n');
    await files.sync(at);
    const atomic = nodeFiles(faultyEffects({ failAt: { n: 1, errno, when } }));
    await expect(atomic.writeAtomic(join(at, 'j'), 'new', { mode: 0o600 })).rejects.toMatchObject({ code });
    expect(readdirSync(at)).toEqual(['j']);
  }
});

test('a change fails before it, a process not at all', async () => {
  const at = scratch();
  const files = nodeFiles(faultyEffects({ failAt: { n: 1, errno: 'EROFS' } }));
  await expect(files.symlink('x', join(at, 'l'))).rejects.toMatchObject({ code: 'E_READ_ONLY' });
  expect(readdirSync(at)).toEqual([]);
  const effects = faultyEffects({ failAt: { n: 1, errno: 'EIO' } });
  expect(await effects.run({ kind: 'process', label: 'run true' }, async () => 'ran')).toBe('ran');
});

test('effects are traced with their numbers and their middles', async () => {
  const at = scratch();
  const tracePath = join(at, 'trace');
  const files = nodeFiles(faultyEffects({ tracePath, markers: true }));
  await files.sync(at);
  await files.appendDurable(join(at, 'j'), 'ab');
  const lines = readFileSync(tracePath, 'utf8').trim().split('\n');
  const { pid } = process;
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { pid, n: 1, kind: 'change', label: `sync ${at}` },
    { pid, n: 2, kind: 'write', label: `append to ${join(at, 'j')}` },
    { pid, n: 2, middle: 1 },
  ]);
});
