import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Found } from '../../src/runbook/find.ts';
import { dataItems, generationsOf, keepsakes, plannedFiles } from '../../src/runbook/gather.ts';
import { isRoot, mountTmpfs } from '../host/scratch.ts';
import { type Bench, bench } from './workbench.ts';

const OWN = process.arch === 'arm64' ? 'arm64' : 'amd64';
const OTHER = OWN === 'arm64' ? 'amd64' : 'arm64';
const archiveOf = (arch: string) => `sample_linux_${arch}.tar.gz`;
const STACK_FILES = ['compose.yaml', '.env', '.env.age', '.sample.meta.json'];

/** As found, with something else about the installation. */
function altered({ found }: Bench, installation: Partial<Found['installation']>): Found {
  return { ...found, installation: { ...found.installation, ...installation } };
}

test('the data is what the installation names: of each stack the files the product writes, and nothing a container wrote', async () => {
  const { workshop, found, sample } = await bench({ started: false });
  fs.mkdirSync(path.join(sample.stacks, 'db'));
  fs.writeFileSync(path.join(sample.stacks, 'README'), 'no stack');
  const items = await dataItems(workshop, found);
  const inStacks = items.filter(({ path: each }) => each.startsWith(`${sample.stacks}/`)).map(({ path: each }) => each);
  expect(inStacks).toEqual(
    ['db', 'web'].flatMap((stack) => STACK_FILES.map((file) => `${sample.stacks}/${stack}/${file}`)),
  );
  expect(items.filter(({ path: each }) => !inStacks.includes(each))).toEqual([
    { kind: 'database', path: sample.database },
    { kind: 'directory', path: sample.data, exclude: ['git-cache', 'backups'] },
    { kind: 'file', path: sample.secrets },
    { kind: 'file', path: sample.secretsKey },
    { kind: 'file', path: sample.genesis },
  ]);
});

test('stacks behind a link are stacks', async () => {
  const { workshop, found, sample, directory } = await bench({ started: false });
  fs.renameSync(sample.stacks, path.join(directory, 'elsewhere'));
  fs.symlinkSync(path.join(directory, 'elsewhere'), sample.stacks);
  const items = await dataItems(workshop, found);
  expect(items).toContainEqual({ kind: 'file', path: `${sample.stacks}/web/compose.yaml` });
});

test('a product without stacks yet has none', async () => {
  const { workshop, found, sample } = await bench({ started: false });
  fs.rmSync(sample.stacks, { recursive: true });
  const items = await dataItems(workshop, found);
  expect(items.filter(({ path: each }) => each.startsWith(sample.stacks))).toEqual([]);
});

describe('generations lie', () => {
  test('beside the data', async () => {
    const { workshop, found, sample } = await bench({ started: false });
    expect(await generationsOf(workshop, found)).toBe(`${sample.state}/.refit-generations/sample`);
  });

  test('beside what a link leads to, so that they share its file system', async () => {
    const { workshop, found, sample, directory } = await bench({ started: false });
    fs.mkdirSync(path.join(directory, 'disk'));
    fs.renameSync(sample.data, path.join(directory, 'disk/data'));
    fs.symlinkSync(path.join(directory, 'disk/data'), sample.data);
    expect(await generationsOf(workshop, found)).toBe(`${directory}/disk/.refit-generations/sample`);
  });

  test('with our own state where there is no data', async () => {
    const one = await bench({ started: false });
    const without = altered(one, { data: { databases: [], directories: [], files: [], trees: [] } });
    expect(await generationsOf(one.workshop, without)).toBe(`${one.workshop.stateDirectory}/sample/generations`);
  });

  test.runIf(isRoot)('inside the data where it is a file system of its own', async () => {
    const { workshop, found, sample } = await bench({ started: false });
    mountTmpfs(sample.data, 'size=1m');
    expect(await generationsOf(workshop, found)).toBe(`${sample.data}/.refit-generations/sample`);
  });
});

describe('the files that are replaced', () => {
  test('keep owner and mode, know their archive, and only the binary keeps its predecessor', async () => {
    const { workshop, found, sample } = await bench({ started: false });
    fs.chmodSync(sample.binary, 0o750);
    const files = await plannedFiles(workshop, found, archiveOf, []);
    const { uid, gid } = fs.statSync(sample.binary);
    expect(files.find(({ binary }) => binary)).toEqual({
      archive: archiveOf(OWN),
      arch: OWN,
      member: 'sample',
      target: sample.binary,
      binary: true,
      executable: true,
      mode: 0o750,
      uid,
      gid,
      keepPrevious: true,
      servedAs: undefined,
    });
    expect(files.filter(({ keepPrevious }) => keepPrevious)).toHaveLength(1);
    expect(files.find(({ servedAs }) => servedAs === `/install/sample-agent-linux-${OWN}`)?.archive).toBe(
      archiveOf(OWN),
    );
  });

  test.each<[string, { readonly staged: boolean; readonly agents: readonly string[] }, boolean]>([
    ['lies there', { staged: true, agents: [] }, true],
    ['agents of it exist', { staged: false, agents: [OTHER] }, true],
    ['nobody needs', { staged: false, agents: [OWN] }, false],
  ])("another architecture's agent that %s", async (_name, { staged, agents }, wanted) => {
    const { workshop, found, sample } = await bench({ started: false });
    const other = path.join(sample.binaryDir, `sample-agent-linux-${OTHER}`);
    if (!staged) fs.rmSync(other);
    const asked: string[] = [];
    const files = await plannedFiles(workshop, found, (arch) => `${asked.push(arch)}`, agents);
    expect(files.some(({ target }) => target === other)).toBe(wanted);
    // A release may not have been built for it: then it must not be asked for.
    expect(asked.includes(OTHER)).toBe(wanted);
  });

  test('an architecture without an archive here is left alone', async () => {
    const one = await bench({ started: false });
    const riscv = {
      member: 'sample-agent',
      role: 'file',
      path: `${one.sample.binaryDir}/sample-agent-linux-riscv64`,
      arch: 'riscv64',
      executable: true,
      mode: undefined,
      ifPresent: false,
      servedAs: undefined,
    } as const;
    fs.writeFileSync(riscv.path, 'old');
    const files = await plannedFiles(one.workshop, altered(one, { targets: [riscv] }), archiveOf, ['riscv64']);
    expect(files).toEqual([]);
  });

  test('what is only replaced where it is, is not brought', async () => {
    const { workshop, found, sample } = await bench({ started: false });
    const ctl = path.join(sample.binDir, sample.ctl);
    fs.rmSync(ctl);
    const files = await plannedFiles(workshop, found, archiveOf, []);
    expect(files.some(({ target }) => target === ctl)).toBe(false);
  });

  test('an executable that was not there gets 0755, another file 0644, both in the name of whoever runs this', async () => {
    const { workshop, found, sample } = await bench({ started: false });
    fs.rmSync(sample.binaryDir, { recursive: true });
    const files = await plannedFiles(workshop, found, archiveOf, []);
    const uid = process.getuid?.();
    expect(files.find(({ target }) => target.startsWith(sample.binaryDir))).toMatchObject({ mode: 0o755, uid });
  });
});

test('kept for people: env file, unit and drop-ins, but neither what is made at boot nor our own', async () => {
  const { found } = await bench({ started: false });
  const unit = {
    ...found.unit,
    fragmentPath: '/etc/systemd/system/refit-demo.service',
    dropInPaths: [
      '/run/systemd/system/a.d/x.conf',
      '/etc/systemd/system/a.d/zz-refit-hold.conf',
      '/etc/systemd/system/a.d/10-limits.conf',
    ],
  };
  expect(keepsakes({ ...found, unit })).toEqual([
    found.installation.envFile,
    '/etc/systemd/system/refit-demo.service',
    '/etc/systemd/system/a.d/10-limits.conf',
  ]);
});
