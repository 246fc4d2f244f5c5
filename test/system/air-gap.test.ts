import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { installSampleAgentSystem } from '../../scripts/install-sample.mjs';
import { bootDockmesh, runIn } from './support/dockmesh.ts';
import { bootHost, type LabHost } from './support/host.ts';
import { expectNew, look } from './support/outcome.ts';
import { ARCH, memberDigest, NEW, OLD, releases, scratch } from './support/releases.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const EXECUTABLE = join(PROJECT, 'build', `refit-${process.platform}-${process.arch}`);
const REFIT = '/usr/local/bin/refit';
const BUNDLE = '/root/carried.refit.tar';
const QUICK = 'health: { soak: 3s, timeout: 2s }\n';

beforeAll(() => {
  execFileSync(process.execPath, [join(PROJECT, 'scripts/build-sea.mjs')], { stdio: ['ignore', 2, 2] });
});

/** Made by an ordinary user of a host that has nothing of the product and reaches a mirror. */
async function bundled(releasesDir: string): Promise<string> {
  await using mirror = await bootHost('mirror');
  await using connected = await bootHost('connected');
  mirror.copyIn(releasesDir, '/srv/releases');
  const serve = [join(PROJECT, 'scripts/serve-releases.mjs'), '--dir', '/srv/releases', '--host', mirror.address];
  mirror.must(['systemd-run', '--unit=mirror', process.execPath, ...serve, '--port', '9000']);
  const url = `http://${mirror.address}:9000`;
  connected.must(['curl', '-sS', '-o', '/dev/null', '--retry', '50', '--retry-connrefused', `${url}/releases.json`]);
  connected.copyIn(EXECUTABLE, REFIT);
  const file = '/var/tmp/carry/b.refit.tar';
  connected.must(['install', '-d', '-o', 'nobody', '/var/tmp/carry']);
  const words = ['fetch', NEW, '--bundle', file, '--product', 'dockmesh', '--source', url, '--with-refit'];
  const made = await runIn(connected, ['setpriv', '--reuid', 'nobody', '--clear-groups', REFIT, ...words]);
  expect(made, made.stderr).toMatchObject({ exitCode: 0 });
  const here = join(scratch(), 'b.refit.tar');
  cpSync(`${connected.root()}${file}`, here);
  return here;
}

/** No network but loopback, and no Node but the one that the sample server itself is written for. */
function cutOff(host: LabHost): void {
  host.must(['ip', 'link', 'set', 'eth0', 'down']);
  expect(host.must(['ip', '-o', 'addr', 'show', 'up', 'scope', 'global'])).toBe('');
  expect(host.must(['ip', 'route'])).toBe('');
  host.must(['sh', '-c', 'for each in $(which -a node); do rm -f "$each"; done']);
  expect(host.exec(['sh', '-c', 'command -v node']).exitCode).not.toBe(0);
}

/** refit itself comes out of the bundle. */
function bring(host: LabHost, bundle: string): void {
  host.copyIn(bundle, BUNDLE);
  host.must(['sh', '-c', `tar -xOf ${BUNDLE} refit/refit_linux_${ARCH} > ${REFIT} && chmod 755 ${REFIT}`]);
}

/** One bit of the archive, and, where it is to look right, its digest in the index too. */
function tamper(bundle: string, withIndex: boolean): string {
  const bytes = readFileSync(bundle);
  const at = bytes.indexOf(Buffer.from([0x1f, 0x8b]));
  const sum = (): string => {
    const member = `releases/${NEW}/dockmesh_linux_amd64.tar.gz`;
    const file = join(scratch(), 'sum.tar');
    writeFileSync(file, bytes);
    const body = execFileSync('tar', ['-xOf', file, member], { maxBuffer: 1 << 28 });
    return createHash('sha256').update(body).digest('hex');
  };
  const before = sum();
  bytes.writeUInt8(bytes.readUInt8(at + 100) ^ 1, at + 100);
  if (withIndex) bytes.write(sum(), bytes.indexOf(before));
  const file = join(scratch(), 'tampered.refit.tar');
  writeFileSync(file, bytes);
  return file;
}

const install = (host: LabHost, file: string, product: string) =>
  runIn(host, [REFIT, 'install', '--from-tarball', file, '--yes', '--product', product]);

/** Both kinds of tampering are met, by whoever looks; `untouched` says what must be as it was. */
async function refuseTampered(host: LabHost, bundle: string, product: string, untouched: () => void): Promise<void> {
  const file = '/root/tampered.refit.tar';
  for (const [withIndex, said] of [
    [false, 'by its index'],
    [true, 'by checksums.txt'],
  ] as const) {
    host.copyIn(tamper(bundle, withIndex), file);
    expect(await runIn(host, [REFIT, 'bundle', 'verify', file])).toMatchObject({ exitCode: 6 });
    const refused = await install(host, file, product);
    expect(refused, refused.stdout).toMatchObject({ exitCode: 6, stderr: expect.stringContaining(said) });
    untouched();
  }
}

test('across the gap in one file: tampered ones are refused, the good one upgrades server and agent', async () => {
  const releasesDir = releases();
  const bundle = await bundled(releasesDir);
  await using dockmesh = await bootDockmesh('gapped');
  const { host } = dockmesh;
  bring(host, bundle);
  cutOff(host);
  const before = look(dockmesh);
  await refuseTampered(host, bundle, 'dockmesh', () => {
    expect(look(dockmesh)).toEqual(before);
    expect(dockmesh.answers()).toBe(OLD);
    expect(dockmesh.leftovers()).toEqual([]);
  });
  const verified = await runIn(host, [REFIT, 'bundle', 'verify', BUNDLE]);
  expect(verified, verified.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': whole') });
  const server = await install(host, BUNDLE, 'dockmesh');
  expect(server, server.stderr).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });

  const agent = installSampleAgentSystem({ root: host.root(), releasesDir, version: OLD, restartSec: '100ms' });
  host.must(['sh', '-c', `echo '${QUICK}' > /etc/refit/dockmesh-agent.yaml`]);
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'start', agent.unit]);
  const digest = (): string => host.must(['sha256sum', agent.binary]).split(' ')[0] ?? '';
  const old = memberDigest(releasesDir, OLD, 'dockmesh-agent');
  // Server and agent come in one archive: what was proven is in the cache by now, and no bundle would be read for it.
  host.must(['rm', '-rf', '/var/lib/refit/cache']);
  await refuseTampered(host, bundle, 'dockmesh-agent', () => expect(digest()).toBe(old));
  const agents = await install(host, BUNDLE, 'dockmesh-agent');
  expect(agents, agents.stderr).toMatchObject({ exitCode: 0 });
  expect(digest()).toBe(memberDigest(releasesDir, NEW, 'dockmesh-agent'));
});
