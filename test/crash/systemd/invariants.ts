import fs from 'node:fs';
import type { Contents } from '../../system/support/database.ts';
import { ARCH, memberDigest, OTHER_ARCH } from '../../system/support/releases.ts';
import type { Container } from '../container.ts';
import { sha256 } from '../scene.ts';
import { COPIES, type CrashHost, OLD, STATE, UNITS } from './host.ts';
import { newestRun } from './run.ts';

/** What was true of the host before any trial. */
export interface Before {
  readonly contents: Contents;
  readonly data: string;
}

/** Stopped, and without a file, which `litter` looks for: the manager forgets it when it next reads its files, and it does nothing. */
const REMEMBERED = /^refit-guard-\S+ +loaded +inactive +dead /;
/** An answer that a worker was killed over, after the end: in a folder of refit's own, read by nobody until the next write there takes it away. */
const HALF_WRITTEN = new RegExp(`^${STATE}/.*/\\.refit-tmp-[^/]*$`);
const MIGRATIONS = ['034_backup_needs_review.sql', '035_backup_review_acked.sql'];

/** Everything that is not as it must be once a run has ended, however it did. */
export async function hostProblems(
  host: CrashHost,
  before: Before,
  container: Container,
  expected: string,
): Promise<readonly string[]> {
  const { dockmesh } = host;
  const run = newestRun(host);
  const outcome = run?.state.ended;
  // What could not be removed once all was done is a warning, which names it.
  const told = run?.state.warnings.map(({ failure }) => failure.message) ?? [];
  const version = outcome === 'committed' ? (run?.state.plan.to ?? OLD) : OLD;
  const problems = [
    ...(outcome === undefined ? ['the run has not ended'] : []),
    ...(expected === 'any' || outcome === expected ? [] : [`ended ${outcome}, expected ${expected}`]),
    ...filesProblems(host, version),
    ...rowProblems(dockmesh.contents(), before.contents, outcome === 'committed' ? MIGRATIONS : []),
    ...(dockmesh.dataFiles() === before.data ? [] : ['files of the data are not as they were']),
    ...[...dockmesh.leftovers(), ...litter(host)]
      .filter((left) => !REMEMBERED.test(left) && !HALF_WRITTEN.test(left))
      .filter((left) => !told.some((message) => message.includes(left)))
      .map((left) => `${left} is left behind`),
    // Derived, and written anew by the next command: a write of it that fails is no failure.
    ...(expected === 'any' ? [] : recordProblems(host, outcome)),
  ];
  const answered = dockmesh.answers();
  if (answered !== version) problems.push(`the service answers as ${answered}, expected ${version}`);
  if (!container.hasLostNothing()) problems.push('a container lost what it wrote');
  return problems;
}

function filesProblems({ at, dockmesh: { installed }, releasesDir }: CrashHost, version: string): readonly string[] {
  const files: readonly (readonly [path: string, member: string, arch: string])[] = [
    [installed.binary, 'dockmesh', ARCH],
    [`${installed.binDir}/dmctl`, 'dmctl', ARCH],
    [installed.installScript, 'install-agent.sh', ARCH],
    [`${installed.binaryDir}/dockmesh-agent-linux-${ARCH}`, 'dockmesh-agent', ARCH],
    [`${installed.binaryDir}/dockmesh-agent-linux-${OTHER_ARCH}`, 'dockmesh-agent', OTHER_ARCH],
  ];
  return files.flatMap(([file, member, arch]) => {
    return sha256(at(file)) === digestOf(releasesDir, version, member, arch) ? [] : [`${file} is not of ${version}`];
  });
}

const digests = new Map<string, string>();

/** Asked in each trial, and the same in each. */
function digestOf(...member: Parameters<typeof memberDigest>): string {
  const key = member.join(' ');
  const digest = digests.get(key) ?? memberDigest(...member);
  digests.set(key, digest);
  return digest;
}

/** The schema is that of the version, and each row is there with what it held; a migration adds columns. */
function rowProblems(now: Contents, before: Contents, added: readonly string[]): readonly string[] {
  const schema = [...before.schema, ...added].join();
  const problems = now.schema.join() === schema ? [] : [`the schema is ${now.schema.join()}, expected ${schema}`];
  for (const [table, rows] of Object.entries(before.tables)) {
    if (table === 'schema_migrations') continue;
    const has = new Set((now.tables[table] ?? []).map((row) => JSON.stringify(pick(row, Object.keys(rows[0] ?? {})))));
    const lost = rows.filter((row) => !has.has(JSON.stringify(row)));
    problems.push(...lost.map((row) => `the row ${table} ${JSON.stringify(row)} is lost`));
  }
  return problems;
}

function pick(row: Readonly<Record<string, unknown>>, columns: readonly string[]): object {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

/** What `leftovers` does not look for: the guard's. */
function litter({ at }: CrashHost): readonly string[] {
  const below = (directory: string) =>
    fs.existsSync(at(directory)) ? fs.readdirSync(at(directory), { recursive: true }).map(String) : [];
  return [
    ...below(UNITS).flatMap((name) => (name.includes('refit') ? `${UNITS}/${name}` : [])),
    ...below(COPIES).flatMap((name) => (/^\.[^/]*$/.test(name) ? `${COPIES}/${name}` : [])),
  ];
}

/** What `status` reads says the same as the journal. */
function recordProblems({ at }: CrashHost, outcome: string | undefined): readonly string[] {
  const { last, open } = JSON.parse(fs.readFileSync(at(`${STATE}/dockmesh/state.json`), 'utf8')) as {
    readonly last?: { readonly standing: string };
    readonly open?: unknown;
  };
  if (open !== undefined && open !== null) return ['state.json says that a run is open'];
  const standing = last?.standing;
  const fits = outcome === 'restored' ? ['restored', 'untouched'] : [outcome];
  return fits.includes(standing) ? [] : [`state.json says ${standing}, the journal ${outcome}`];
}
