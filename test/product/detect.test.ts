import { expect, test } from 'vitest';
import { binaryPathOf, detect } from '../../src/product/detect.ts';
import { expand } from '../../src/product/template.ts';
import { builtin, envText, initInput } from './given.ts';

const dockmesh = await builtin('dockmesh');
const agent = await builtin('dockmesh-agent');
const sample = await builtin('sample');
const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);

test.each(['/var/lib/dockmesh', '/data'])('dockmesh with everything under %s', (root) => {
  const found = detect(dockmesh, initInput(envText(root)));
  expect(found).toMatchObject({
    name: 'dockmesh',
    unit: 'dockmesh.service',
    binary: '/usr/local/bin/dockmesh',
    workingDirectory: '/',
    user: 'dockmesh',
    group: 'docker',
    envFile: '/var/lib/dockmesh/dockmesh.env',
    findings: [],
  });
  expect(found.data).toEqual({
    databases: [
      {
        path: `${root}/data/dockmesh.db`,
        schema: { table: 'schema_migrations', column: 'version' },
        audit: expect.stringMatching(/^SELECT .* FROM audit_log /),
      },
    ],
    directories: [{ path: `${root}/data`, exclude: ['git-cache', 'backups'] }],
    files: ['secrets.env', 'secrets.age-key', 'audit-genesis.sha256'].map((name) => `${root}/data/${name}`),
    trees: [{ root: `${root}/stacks`, files: ['compose.yaml', '.env', '.env.age', '.dockmesh.meta.json'] }],
  });
  expect(found.targets.map(({ member, path, arch }) => `${member} ${arch} ${path}`)).toEqual([
    'dockmesh amd64 /usr/local/bin/dockmesh',
    'dmctl amd64 /usr/local/bin/dmctl',
    'install-agent.sh amd64 /usr/local/share/dockmesh/install-agent.sh',
    'dockmesh-agent amd64 /usr/local/share/dockmesh/bin/dockmesh-agent-linux-amd64',
    'dockmesh-agent arm64 /usr/local/share/dockmesh/bin/dockmesh-agent-linux-arm64',
  ]);
  expect(found.targets.at(-1)?.servedAs).toBe('/install/dockmesh-agent-linux-arm64');
  expect(found.targets[2]?.mode).toBe(0o755);
  expect(
    dockmesh.health.probes.flatMap((probe) => (probe.kind === 'http' ? [expand(probe.url, found.scope)] : [])),
  ).toEqual([
    'http://127.0.0.1:9080/healthz/ready',
    'http://127.0.0.1:9080/api/v1/health',
    'http://127.0.0.1:9080/api/v1/system/info',
    'http://127.0.0.1:9080/',
  ]);
});

test('relative defaults mean the working directory, and that is / when the unit sets none', () => {
  const bare = detect(dockmesh, initInput('', { environmentFiles: [] }));
  expect(bare.data.databases[0]?.path).toBe('/data/dockmesh.db');
  expect(bare.data.directories[0]?.path).toBe('/data');
  const unit = { environmentFiles: [], workingDirectory: '!/home/dockmesh/dockmesh' };
  const elsewhere = detect(dockmesh, initInput('', unit));
  expect(elsewhere.data.databases[0]?.path).toBe('/home/dockmesh/dockmesh/data/dockmesh.db');
  expect(elsewhere.data.trees[0]?.root).toBe('/home/dockmesh/dockmesh/stacks');
});

test('agent assets are placed only where the service says it serves them from', () => {
  const { targets } = detect(dockmesh, initInput('DOCKMESH_DB_PATH=/data/data/d.db\nDOCKMESH_BINARY_DIR=\n'));
  expect(targets.map(({ member }) => member)).toEqual(['dockmesh', 'dmctl']);
});

test('a server left in setup mode is a finding that inhibits', () => {
  const { findings } = detect(dockmesh, initInput(`${envText('/data')}DOCKMESH_SETUP_FORCE=true\n`));
  expect(findings).toMatchObject([{ code: 'setup-force', severity: 'inhibit' }]);
});

test('the agent is the file behind the link, never the link', () => {
  const unit = {
    name: 'dockmesh-agent.service',
    execPath: '/usr/local/bin/dockmesh-agent',
    arguments: [],
    environmentFiles: [],
  };
  const real = '/var/lib/dockmesh/bin/dockmesh-agent';
  const links = new Map([[unit.execPath, real]]);
  const found = detect(agent, { ...initInput('', unit), links });
  expect(found).toMatchObject({ binary: real, execPath: unit.execPath, findings: [] });
  expect(found.targets).toMatchObject([{ member: 'dockmesh-agent', path: real }]);
  expect(found.data).toEqual({ databases: [], directories: [], files: [], trees: [] });
});

test('a server behind a link is not replaced by accident', () => {
  const links = new Map([['/usr/local/bin/dockmesh', '/opt/dockmesh/current/dockmesh']]);
  expect(codes(detect(dockmesh, { ...initInput(), links }).findings)).toEqual(['binary-is-link']);
});

test.each([
  ['/bin/sh', ['-c', 'exec dockmesh serve'], 'exec-is-launcher'],
  ['/usr/bin/docker', ['run', 'dockmesh'], 'exec-is-launcher'],
])('a unit that starts %s does not name the product', (execPath, words, code) => {
  expect(codes(detect(dockmesh, initInput(undefined, { execPath, arguments: words })).findings)).toContain(code);
});

test('a binary at another path than ExecStart is a finding', async () => {
  const elsewhere = await builtin('dockmesh', 'binary: { path: /opt/dockmesh }');
  expect(binaryPathOf(elsewhere, initInput())).toBe('/opt/dockmesh');
  expect(codes(detect(elsewhere, initInput()).findings)).toEqual(['binary-elsewhere']);
  // ExecStart naming the real file and the profile its link is one file under two names.
  const links = new Map([['/opt/dockmesh', '/usr/local/bin/dockmesh']]);
  expect(codes(detect(elsewhere, { ...initInput(), links }).findings)).toEqual(['binary-is-link']);
});

test.each([
  ['/var/lib/dockmesh.db', '/stacks', ['data-directory-shared']],
  ['/d.db', '/stacks', ['data-directory-shared']],
  ['/data/dockmesh.db', '/data/deep/stacks', ['data-holds-containers']],
  ['/data/dockmesh.db', '/data', ['data-holds-containers']],
  ['/data/dockmesh.db', '/data/stacks', []],
  ['/data/dockmesh.db', '/data/git-cache/x', []],
  ['/data/stacks/db/dockmesh.db', '/data/stacks', []],
])('the database at %s beside stacks in %s: %j', (database, stacks, expected) => {
  const text = `DOCKMESH_DB_PATH=${database}\nDOCKMESH_STACKS_ROOT=${stacks}\n`;
  expect(codes(detect(dockmesh, initInput(text)).findings)).toEqual(expected);
});

test('stacks directly inside the database directory are never part of its copy', () => {
  const text = 'DOCKMESH_DB_PATH=/data/dockmesh.db\nDOCKMESH_STACKS_ROOT=/data/stacks\n';
  expect(detect(dockmesh, initInput(text)).data.directories).toEqual([
    { path: '/data', exclude: ['git-cache', 'backups', 'stacks'] },
  ]);
});

test('a working directory that is no path is a finding', () => {
  expect(codes(detect(dockmesh, initInput(undefined, { workingDirectory: '~' })).findings)).toEqual([
    'working-directory-unknown',
  ]);
});

test('an address nothing can be made of is refused with its value', () => {
  const found = detect(dockmesh, initInput('DOCKMESH_HTTP_ADDR=8080\n'));
  expect(() => expand('{http env.DOCKMESH_HTTP_ADDR}', found.scope)).toThrow(
    expect.objectContaining({ code: 'E_CONFIG_INVALID', message: expect.stringContaining('"8080"') }),
  );
});

test('the sample server has everything under its prefix', () => {
  const texts = new Map([
    ['/p/etc/sample.env', 'SAMPLE_HTTP_ADDR=127.0.0.1:4000\nSAMPLE_BINARY_DIR=/p/share/sample/bin\n'],
  ]);
  const found = detect(sample, { name: 'one', prefix: '/p', os: 'linux', arch: 'arm64', texts, links: new Map() });
  expect(found).toMatchObject({
    name: 'one',
    unit: undefined,
    binary: '/p/bin/sample',
    execPath: '/p/bin/sample',
    envFile: '/p/etc/sample.env',
    workingDirectory: '/p',
    embedded: {
      argv: ['/p/bin/sample', 'serve', '--env-file', '/p/etc/sample.env'],
      runDirectory: '/p/run',
      log: '/p/run/sample.log',
    },
    findings: [],
  });
  expect(found.data.databases[0]?.path).toBe('/p/lib/sample/data/sample.db');
  expect(found.targets.map(({ arch, path }) => `${arch} ${path}`)).toEqual([
    'arm64 /p/bin/sample',
    'arm64 /p/bin/samplectl',
    'arm64 /p/share/sample/bin/sample-agent-linux-arm64',
    'amd64 /p/share/sample/bin/sample-agent-linux-amd64',
  ]);
});

test.each([
  [dockmesh, 'unit'],
  [sample, 'prefix'],
] as const)('without what the manager needs there is no installation', (profile, what) => {
  expect(() => detect(profile, { os: 'linux', arch: 'amd64', texts: new Map(), links: new Map() })).toThrow(
    expect.objectContaining({ code: 'E_INSTALLATION_UNKNOWN', message: expect.stringContaining(`saw no ${what}`) }),
  );
});
