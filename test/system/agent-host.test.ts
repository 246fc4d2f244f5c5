import { lstatSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type InstalledAgent, installSampleAgentSystem } from '../../scripts/install-sample.mjs';
import { bootDockmesh, REFIT, runIn } from './support/dockmesh.ts';
import { bootHost, type LabHost } from './support/host.ts';
import { ARCH, memberDigest, NEW, OLD, releases } from './support/releases.ts';

const TARBALL = `/srv/releases/${NEW}/dockmesh_linux_${ARCH}.tar.gz`;
const QUICK = 'health: { soak: 3s, timeout: 2s }\n';

const refit = (host: LabHost, ...words: readonly string[]) => runIn(host, [process.execPath, REFIT, ...words]);
const install = (host: LabHost, ...words: readonly string[]) =>
  refit(host, 'install', '--from-tarball', TARBALL, '--yes', ...words);
const digest = (host: LabHost, path: string): string => host.must(['sha256sum', path]).split(' ')[0] ?? '';
const pid = (host: LabHost, unit: string): string => host.must(['systemctl', 'show', '-P', 'MainPID', unit]);

function startAgent(host: LabHost, releasesDir: string): InstalledAgent {
  const agent = installSampleAgentSystem({ root: host.root(), releasesDir, version: OLD, restartSec: '100ms' });
  host.must(['sh', '-c', `mkdir -p /etc/refit && echo '${QUICK}' > /etc/refit/dockmesh-agent.yaml`]);
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'start', agent.unit]);
  return agent;
}

async function agentHost(name: string, releasesDir: string) {
  const host = await bootHost(name);
  host.copyIn(releasesDir, '/srv/releases');
  return { host, agent: startAgent(host, releasesDir) };
}

test('an agent host: the real file behind the link is upgraded, then rolled back; link, keys and env stay', async () => {
  const releasesDir = releases();
  const { host, agent } = await agentHost('agent', releasesDir);
  await using _ = host;
  const rest = (): string =>
    host.must(['sh', '-c', `sha256sum ${agent.envFile} ${agent.state}/agent.* ${agent.state}/ca.crt`]);
  const [before, first] = [rest(), pid(host, agent.unit)];
  const { exitCode, stdout } = await install(host);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^next: refit rollback goes back$/m);
  expect(digest(host, agent.binary)).toBe(memberDigest(releasesDir, NEW, 'dockmesh-agent'));
  expect(lstatSync(`${host.root()}${agent.link}`).isSymbolicLink()).toBe(true);
  expect(readlinkSync(`${host.root()}${agent.link}`)).toBe(agent.binary);
  expect(digest(host, `${agent.binary}.old`)).toBe(memberDigest(releasesDir, OLD, 'dockmesh-agent'));
  expect(pid(host, agent.unit)).not.toBe(first);
  expect(rest()).toBe(before);
  expect((await refit(host, 'status')).stdout).toMatch(/^dockmesh-agent\.service is active \(running\) at v0\.2\.13/);
  expect(await refit(host, 'rollback', '--yes')).toMatchObject({ exitCode: 0 });
  expect(digest(host, agent.binary)).toBe(memberDigest(releasesDir, OLD, 'dockmesh-agent'));
  expect(rest()).toBe(before);
});

test.each(['agent-boot', 'agent-dies-late'] as const)('a broken agent (%s): restored, exit 7', async (mode) => {
  const releasesDir = releases({ [NEW]: mode });
  const { host, agent } = await agentHost('agent', releasesDir);
  await using _ = host;
  expect(await install(host)).toMatchObject({ exitCode: 7 });
  expect(digest(host, agent.binary)).toBe(memberDigest(releasesDir, OLD, 'dockmesh-agent'));
  expect((await refit(host, 'status')).stdout).toMatch(/^dockmesh-agent\.service is active \(running\) at v0\.2\.9/);
});

test('server and agent on one host: --product says which, and the other is left alone', async () => {
  const releasesDir = releases();
  await using dockmesh = await bootDockmesh('both');
  const { host, installed } = dockmesh;
  const agent = startAgent(host, releasesDir);
  const vague = await install(host);
  expect(vague.exitCode).toBe(3);
  expect(vague.stderr).toContain('--product');
  const server = pid(host, installed.unit);
  expect(await install(host, '--product', 'dockmesh-agent')).toMatchObject({ exitCode: 0 });
  expect(digest(host, agent.binary)).toBe(memberDigest(releasesDir, NEW, 'dockmesh-agent'));
  expect(pid(host, installed.unit)).toBe(server);
  expect(await install(host, '--product', 'dockmesh')).toMatchObject({ exitCode: 0 });
  expect(dockmesh.answers()).toBe(NEW);
  expect(digest(host, installed.binary)).toBe(memberDigest(releasesDir, NEW, 'dockmesh'));
});

test('a host with neither: --product is required, the binaries are installed and the next command is printed', async () => {
  const releasesDir = releases();
  await using host = await bootHost('bare');
  host.copyIn(releasesDir, '/srv/releases');
  const vague = await install(host);
  expect(vague.exitCode).toBe(3);
  expect(vague.stderr).toContain('--product');
  expect(host.exec(['test', '-e', '/usr/local/bin/dockmesh']).exitCode).toBe(1);
  const { exitCode, stdout } = await install(host, '--product', 'dockmesh');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^next: /m);
  expect(host.must(['/usr/local/bin/dockmesh', '--version'])).toContain(NEW);
  expect(digest(host, '/usr/local/bin/dmctl')).toBe(memberDigest(releasesDir, NEW, 'dmctl'));
});
