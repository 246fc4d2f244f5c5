import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, UPGRADE } from './support/dockmesh.ts';
import { expectOld, look } from './support/outcome.ts';
import { NEW, OLD, releases } from './support/releases.ts';

const AGENTS = [{ name: 'one' }, { name: 'two', arch: 'arm64' as const }];
const TOKEN_FILE = '/root/token';

/** A server whose policy replaces its agents at once, as soon as it looks. */
async function auto(releasesDir: string): Promise<Dockmesh> {
  const dockmesh = await bootDockmesh('policy', { releasesDir, agents: AGENTS });
  const { host, installed } = dockmesh;
  dockmesh.write(TOKEN_FILE, `${installed.token}\n`);
  const api = `${installed.url}/api/v1/agents/upgrade-policy`;
  const put = ['-X', 'PUT', '-H', `Authorization: Bearer ${installed.token}`, '-d', '{"mode":"auto"}'];
  host.must(['curl', '-sSf', '-o', '/dev/null', ...put, api]);
  // Each look at the agents is a second apart from now on, and at the first one all of them would be replaced.
  host.must(['sh', '-c', `echo DOCKMESH_EVALUATE_MS=1000 >> ${installed.envFile}`]);
  return dockmesh;
}

const rows = (dockmesh: Dockmesh, table: string) => dockmesh.contents().tables[table] ?? [];
const mode = (dockmesh: Dockmesh): unknown =>
  rows(dockmesh, 'settings').find(({ key }) => key === 'agent.upgrade_mode')?.['value'];
const agentVersions = (dockmesh: Dockmesh) => rows(dockmesh, 'agents').map(({ version }) => version);
const withToken = (dockmesh: Dockmesh) => [...UPGRADE(dockmesh.source), '--token-file', TOKEN_FILE];

test('a policy that would replace the agents is refused without a token, and can be waived', async () => {
  const releasesDir = releases();
  await using dockmesh = await auto(releasesDir);
  const before = look(dockmesh);
  const { exitCode, stderr } = await dockmesh.upgrade();
  expect(exitCode).toBe(4);
  expect(stderr).toContain('agent-policy ("auto")');
  expect(stderr).toContain('--waive agent-policy');
  await expectOld(dockmesh, { releasesDir, before });
  expect(await dockmesh.upgrade('--waive', 'agent-policy')).toMatchObject({ exitCode: 0 });
  expect(dockmesh.filesOf(releasesDir, NEW)).toEqual([]);
});

test('with a token it is manual until the commit, and auto again after it', async () => {
  const releasesDir = releases();
  await using dockmesh = await auto(releasesDir);
  dockmesh.write('/etc/refit/dockmesh.yaml', 'health: { soak: 3s, timeout: 5s, baseline: [] }\n');
  const { viewer } = await dockmesh.stopAt('step.end verify-health', withToken(dockmesh));
  expect(mode(dockmesh)).toBe('manual');
  expect(agentVersions(dockmesh)).toEqual([OLD, OLD]);
  dockmesh.goOn();
  expect(await viewer).toMatchObject({ exitCode: 0 });
  expect(mode(dockmesh)).toBe('auto');
  expect(dockmesh.filesOf(releasesDir, NEW)).toEqual([]);
  expect(dockmesh.leftovers()).toEqual([]);
});

test('a failing upgrade sets it back too', async () => {
  const releasesDir = releases({ [NEW]: 'boot' });
  await using dockmesh = await auto(releasesDir);
  expect(await dockmesh.refit(withToken(dockmesh))).toMatchObject({ exitCode: 7 });
  expect(mode(dockmesh)).toBe('auto');
  expect(agentVersions(dockmesh)).toEqual([OLD, OLD]);
  expect(dockmesh.filesOf(releasesDir, OLD)).toEqual([]);
  expect(dockmesh.leftovers()).toEqual([]);
});

test('where the API refuses by then, the rest is restored and the refusal is told', async () => {
  const releasesDir = releases({ [NEW]: 'boot' });
  await using dockmesh = await auto(releasesDir);
  const { host, installed } = dockmesh;
  const { viewer } = await dockmesh.stopAt('step.end hold-agents', withToken(dockmesh));
  const revoke = 'new (require("node:sqlite").DatabaseSync)(process.argv[1]).exec("DELETE FROM api_tokens")';
  host.must([process.execPath, '-e', revoke, installed.database]);
  dockmesh.goOn();
  const { exitCode, stdout, stderr } = await viewer;
  expect(exitCode).toBe(7);
  expect(stdout + stderr).toMatch(/policy could not be set back to "auto"/);
  expect(await dockmesh.status()).toBe('dockmesh.service is active (running) at v0.2.9 and answers');
  expect(dockmesh.filesOf(releasesDir, OLD)).toEqual([]);
  expect(dockmesh.leftovers()).toEqual([]);
});
