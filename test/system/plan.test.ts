import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { NEW } from './support/releases.ts';

/** All of a file but its content, which cannot change without its times, and the access time. */
const FACTS = '%y|%m|%U:%G|%s|%T@|%C@|%n|%i|%l\\n';
/** The host's own log. What the kernel shows, and /run, which no boot survives, are no part of the layer. */
const LOG = './var/log/journal';

interface Seen {
  readonly files: readonly string[];
  readonly units: readonly string[];
  readonly processes: readonly string[];
}

/** Every file of this host's own, every unit as systemd knows it, every process. */
function everything({ host }: Dockmesh): Seen {
  const layer = execFileSync('find', ['.', '-path', LOG, '-prune', '-o', '-printf', `%p|${FACTS}`], {
    cwd: host.layer(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const memory = host.must(['find', '/tmp', '/dev', '-path', '/dev/pts', '-prune', '-o', '-printf', `%p|${FACTS}`]);
  const all = ['--all', '--plain', '--no-legend', '--no-pager'];
  const units = ['list-units', 'list-unit-files'].map((verb) => host.must(['systemctl', ...all, verb]));
  return {
    files: `${layer}${memory}`.trim().split('\n').sort(),
    units: units.flatMap((text) => text.split('\n')),
    processes: host
      .must(['ps', '-e', '-o', 'pid=,args='])
      .split('\n')
      .filter((line) => !line.includes('ps -e')),
  };
}

const LOOKS: readonly (readonly string[])[] = [
  ['plan', '--to', 'v0.2.x'],
  ['plan', '--to', NEW, '-o', 'json'],
  ['upgrade', '--to', 'latest', '--dry-run'],
  ['status'],
  ['history'],
  ['doctor'],
];

test('a look changes nothing on the host: no file, no unit, no process', async () => {
  await using dockmesh = await bootDockmesh('looks');
  const before = everything(dockmesh);
  for (const words of LOOKS) {
    const source = words.includes('--to') ? ['--source', dockmesh.source] : [];
    expect(await dockmesh.refit([...words, ...source])).toMatchObject({ exitCode: 0 });
    expect({ words, ...everything(dockmesh) }).toEqual({ words, ...before });
  }
  // And it would be seen.
  dockmesh.host.must(['touch', '/var/lib/dockmesh']);
  expect(everything(dockmesh).files).not.toEqual(before.files);
});
