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

/** Where a rehearsal leaves its download for the next upgrade, and the lock that it held; the folder above them changes with it. */
const CACHE = /^\.\/var\/lib(\/refit(\/dockmesh(\/run\.lock|\/releases(\/.*)?)?)?)?\|/;
/** systemd makes a private /tmp for the sandbox and removes it; SQLite's reader marks itself in the -shm and adopts the -wal. */
const TIMELESS = /^(\/tmp|\.\/var\/tmp|\.\/var\/lib\/dockmesh\/data\/dockmesh\.db-(shm|wal))\|/;

/** Without what a rehearsal may leave, and without the times that it cannot leave alone. */
function butForRehearsal({ files, ...rest }: Seen): Seen {
  const seen = files
    .filter((line) => !CACHE.test(line))
    .map((line) => (TIMELESS.test(line) ? line.replace(/\|\d+\.\d+\|\d+\.\d+\|/, '|times|') : line));
  return { files: seen, ...rest };
}

test('a rehearsal leaves its download, and tidies up after one that was killed: no scratch, no unit, no process', async () => {
  await using dockmesh = await bootDockmesh('rehearsal');
  const { host, refit, source } = dockmesh;
  const before = everything(dockmesh);
  const words = ['plan', '--rehearse', '--to', NEW, '--source', source, '-o', 'json'];
  const { exitCode, stdout } = await refit(words);
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    rehearsal: { passed: true, cache: { directory: `/var/lib/refit/dockmesh/releases/${NEW}` } },
  });
  expect(butForRehearsal(everything(dockmesh))).toEqual(butForRehearsal(before));
  const after = everything(dockmesh).files.filter((line) => !before.files.includes(line));
  expect(after.flatMap((line) => line.match(/^\.?(\/var\/lib\/refit[^|]*)/)?.[1] ?? []).sort()).toEqual(
    [
      '/var/lib/refit',
      '/var/lib/refit/dockmesh',
      '/var/lib/refit/dockmesh/releases',
      `/var/lib/refit/dockmesh/releases/${NEW}`,
      ...JSON.parse(stdout).rehearsal.cache.files.map(
        ({ name }: { readonly name: string }) => `/var/lib/refit/dockmesh/releases/${NEW}/${name}`,
      ),
      '/var/lib/refit/dockmesh/run.lock',
    ].sort(),
  );
  expect(host.exec(['sh', '-c', 'ls /run/refit-rehearse']).stdout).toBe('');

  // As one is found whose refit was killed: the manager runs its job on.
  const killed = '01M7Z2FADZXNTZWVDEXV1FQKF6';
  host.must([
    'mkdir',
    '-p',
    `/var/lib/refit/dockmesh/rehearsals/${killed}/scratch`,
    `/run/refit-rehearse/${killed}/bin`,
  ]);
  host.must(['systemd-run', '--quiet', `--unit=refit-rehearse-${killed}-0123abcd`, 'sleep', '1000']);
  expect(await refit(words)).toMatchObject({ exitCode: 0 });
  expect(host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*'])).toBe('');
  expect(host.exec(['sh', '-c', 'ls /run/refit-rehearse']).stdout).toBe('');
  expect(host.exec(['ls', '/var/lib/refit/dockmesh/rehearsals']).exitCode).not.toBe(0);
});
