import { builtinProfiles } from '../../src/product/builtin.ts';
import { loadProfile } from '../../src/product/load.ts';
import type { Profile } from '../../src/product/schema.ts';
import type { Facts, PlannedFile } from '../../src/runbook/facts.ts';

export async function builtin(name: 'dockmesh' | 'dockmesh-agent' | 'sample'): Promise<Profile> {
  const file = `${name}.yaml`;
  const text = (await builtinProfiles()).get(file);
  if (text === undefined) throw new Error(`no profile ${file}`);
  return loadProfile({ file, text });
}

export function plannedFile(target: string, more: Partial<PlannedFile> = {}): PlannedFile {
  return {
    archive: 'dockmesh_linux_amd64.tar.gz',
    arch: 'amd64',
    member: 'dockmesh',
    target,
    binary: false,
    executable: true,
    mode: 0o755,
    uid: 0,
    gid: 0,
    keepPrevious: false,
    servedAs: undefined,
    ...more,
  };
}

/** A dockmesh as `install.sh` leaves it, on its way to a release; nothing of it is on this machine. */
export async function dockmeshFacts(more: Partial<Facts> = {}): Promise<Facts> {
  const binary = '/usr/local/bin/dockmesh';
  return {
    profile: await builtin('dockmesh'),
    installation: {
      name: 'dockmesh',
      product: 'dockmesh',
      title: 'Dockmesh server',
      unit: 'dockmesh.service',
      manager: 'systemd',
      binary,
      version: 'v0.2.9',
      commit: 'abc1234',
      envFile: '/data/dockmesh.env',
      user: 'dockmesh',
      arch: 'amd64',
      scope: {
        env: {
          DOCKMESH_HTTP_ADDR: ':8080',
          DOCKMESH_AGENT_LISTEN: ':8443',
          DOCKMESH_DB_PATH: '/data/data/dockmesh.db',
        },
        binary,
        binary_dir: '/usr/local/bin',
        os: 'linux',
        arch: 'amd64',
      },
      embedded: undefined,
      workingDirectory: '/',
      stopTimeoutMs: 90_000,
    },
    target: {
      kind: 'release',
      tag: 'v0.2.13',
      archives: [{ arch: 'amd64', asset: { name: 'dockmesh_linux_amd64.tar.gz', url: 'https://mirror/a.tar.gz' } }],
      list: { assets: [] },
      sha256: undefined,
    },
    data: [
      { kind: 'database', path: '/data/data/dockmesh.db' },
      { kind: 'directory', path: '/data/data', exclude: ['backups', 'git-cache'] },
    ],
    database: { path: '/data/data/dockmesh.db', table: 'schema_migrations', column: 'version' },
    files: [plannedFile(binary, { binary: true, keepPrevious: true })],
    keepsakes: ['/data/dockmesh.env', '/etc/systemd/system/dockmesh.service'],
    startTimeout: { ms: 90_000, because: 'profile' },
    generations: '/data/.refit-generations/dockmesh',
    options: {
      waived: [],
      holdAgents: false,
      rehearse: true,
      spotChecks: [],
      token: false,
      envEdits: [],
      copies: [],
      keep: 3,
      keepDays: 7,
    },
    ...more,
  };
}
