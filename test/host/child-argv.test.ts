import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { childArgv } from '../../src/host/child-argv.ts';

const ALL = { setpriv: '/bin/setpriv', nice: '/bin/nice', ionice: '/bin/ionice', shell: '/bin/sh' };
const NONE = { setpriv: undefined, nice: undefined, ionice: undefined, shell: undefined };

test('ids come before the death signal, the guard after it, priorities last', () => {
  const argv = childArgv(['/bin/cp', 'a'], { uid: 7, gid: 8, background: true }, ALL, 42);
  const first = '/bin/setpriv --reuid 7 --regid 8 --clear-groups --pdeathsig KILL --';
  expect(argv.slice(0, 9).join(' ')).toBe(first);
  expect(argv.slice(9, 11)).toEqual(['/bin/sh', '-c']);
  expect(argv.slice(12).join(' ')).toBe('42 /bin/nice -n 19 /bin/ionice -c 3 /bin/cp a');
});

test('what the host lacks is left out', () => {
  expect(childArgv(['/bin/cp', 'a'], { background: true }, NONE, 42)).toEqual(['/bin/cp', 'a']);
});

test('the guard starts nothing where the parent is another one already', () => {
  const [, , , , shell = '', ...rest] = childArgv(['/bin/echo', 'ran'], {}, ALL, process.pid);
  expect(spawnSync(shell, rest, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'ran\n' });
  const [, , , , , ...orphan] = childArgv(['/bin/echo', 'ran'], {}, ALL, 1);
  expect(spawnSync(shell, orphan, { encoding: 'utf8' })).toMatchObject({ status: 1, stdout: '' });
});
