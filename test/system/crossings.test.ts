import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { releases } from './support/releases.ts';

const [OLD, NEW] = ['v0.1.3', 'v0.2.13'];

/**
 * As v0.1.3 made its installations: as root, in `/`, without keys for what it then looks for below `/data`. Beside the database
 * lies another authority, left by a command; in a stack's folder a container's file, which no change of owner may touch.
 */
async function old(name: string, releasesDir: string): Promise<Dockmesh> {
  const dockmesh = await bootDockmesh(name, {
    releasesDir,
    version: OLD,
    user: 'nobody-of-this-host',
    restartSec: '100ms',
  });
  const { host, installed } = dockmesh;
  const { data, envFile, unit, stacks } = installed;
  host.must(['systemctl', 'stop', unit]);
  host.must([
    'sh',
    '-c',
    `groupadd -f docker; usermod -aG docker dockmesh; mkdir -m 700 /data; cp -a ${data}/agents-* ${data}/secrets.env ${data}/audit-genesis.sha256 /data`,
  ]);
  host.must([
    'sh',
    '-c',
    `echo >> ${data}/agents-ca.crt; chmod 600 ${data}/agents-ca.crt; rm ${data}/secrets.env; mkdir ${data}/git-cache; echo > ${data}/git-cache/x; chown 33:33 ${data}/git-cache/x`,
  ]);
  host.must(['sed', '-i', '-E', '/SECRETS_PATH|AUDIT_GENESIS_PATH/d', envFile]);
  host.must([
    'sh',
    '-c',
    `mkdir -p ${stacks}/app/pgdata; echo x > ${stacks}/app/pgdata/x; chown -R 4242:4242 ${stacks}/app/pgdata`,
  ]);
  host.must(['systemctl', 'start', unit]);
  await dockmesh.untilAnswers();
  return dockmesh;
}

/** Owner, mode and digest of everything that a crossing may touch, and whom the service runs as. */
function look({ host, installed }: Dockmesh): string {
  const { state, unit, unitFile, binary } = installed;
  const kept = "-name '.refit-*' -prune -o -name 'dockmesh.db*' -prune -o -path '*/web/data' -prune -o";
  const each = 'stat -c "%n %u:%g %a" "$file"; test -f "$file" && sha256sum < "$file"';
  const tree = `find /data ${state} ${unitFile}* ${binary} ${kept} -print | sort | while read -r file; do ${each}; done`;
  return `${host.must(['sh', '-c', `${tree}; true`])}\n${host.must(['systemctl', 'show', '-p', 'User,Group', unit])}`;
}

const owner = ({ host }: Dockmesh, path: string): string => host.must(['stat', '-c', '%U:%G %a', path]);
const cross = ['--to', NEW, '--apply-crossings'] as const;

test('from root in / to an account of its own: shown, made, undone to the byte and to the owner, and made again', async () => {
  await using dockmesh = await old('cross', releases({}, [OLD, NEW]));
  const { host, installed } = dockmesh;
  const before = look(dockmesh);
  const plan = await dockmesh.refit(['plan', '--source', dockmesh.source, ...cross]);
  expect(plan.stdout).toContain('+User=dockmesh\n  +Group=docker\n');
  expect(plan.stdout).toContain(`dockmesh:docker ${installed.data} and all in it`);
  expect(look(dockmesh)).toBe(before);
  expect(await dockmesh.upgrade(...cross)).toMatchObject({ exitCode: 0 });
  expect(host.must(['systemctl', 'show', '-P', 'User', installed.unit])).toBe('dockmesh');
  expect(host.must(['sh', '-c', `cmp /data/agents-ca.crt ${installed.data}/agents-ca.crt`])).toBe('');
  expect(owner(dockmesh, `${installed.data}/agents-ca.key`)).toBe('dockmesh:docker 400');
  expect(owner(dockmesh, installed.stacks)).toMatch(/^dockmesh:docker /);
  expect(host.must(['stat', '-c', '%u:%g', `${installed.stacks}/app/pgdata/x`])).toBe('4242:4242');
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(look(dockmesh)).toBe(before);
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(host.must(['systemctl', 'show', '-P', 'User', installed.unit])).toBe('dockmesh');
  expect(owner(dockmesh, installed.stacks)).toMatch(/^dockmesh:docker /);
  expect(host.must(['stat', '-c', '%u:%g', `${installed.stacks}/app/pgdata/x`])).toBe('4242:4242');
  expect(dockmesh.leftovers()).toEqual([]);
});

test('a release that does not start: root again, every byte and owner as before', async () => {
  await using dockmesh = await old('cross-broken', releases({ [NEW]: 'boot' }, [OLD, NEW]));
  const before = look(dockmesh);
  expect(await dockmesh.upgrade(...cross)).toMatchObject({ exitCode: 7 });
  expect(look(dockmesh)).toBe(before);
  expect(dockmesh.leftovers()).toEqual([]);
});

test.each(['step.begin change-user', 'step.end edit-env', 'step.end change-user'])(
  'killed at %s: resume finishes',
  async (point) => {
    await using dockmesh = await old('cross-cut', releases({}, [OLD, NEW]));
    const { host, installed, source } = dockmesh;
    const { viewer } = await dockmesh.stopAt(point, ['upgrade', '--source', source, '--yes', ...cross]);
    host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
    await viewer;
    expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
    expect(host.must(['systemctl', 'show', '-P', 'User', installed.unit])).toBe('dockmesh');
    expect(host.must(['sh', '-c', `cmp /data/agents-ca.crt ${installed.data}/agents-ca.crt`])).toBe('');
    expect(dockmesh.leftovers()).toEqual([]);
  },
);
