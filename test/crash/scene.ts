import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildReleases } from '../../scripts/build-sample.mjs';
import { type InstalledBelowPrefix, installSample } from '../../scripts/install-sample.mjs';
import { bundleMutant, type Mutation } from '../support/mutant.ts';
import { hooksText } from './hooks.ts';

/** Installed first; what it becomes; where only NEW leads to, a good one and one that fails; releases that fail: one never looks healthy, one migrates and then dies; one that a hook bars. */
export const OLD = 'v0.2.9';
export const NEW = 'v0.2.13';
export const FAR = 'v0.3.1';
export const FAR_SICK = 'v0.3.2';
export const SICK = 'v0.2.14';
export const DYING = 'v0.2.15';
export const BARRED = 'v0.2.16';

/** What the profile of the matrix makes an upgrade add to the env file. */
export const ENV_LINE = 'SAMPLE_CRASH_MATRIX=on';

const ROOT = path.resolve(import.meta.dirname, '../..');
const VERSIONS = [OLD, NEW, SICK, DYING, BARRED, FAR, FAR_SICK];

/** What all trials share. */
export interface Scene {
  readonly directory: string;
  readonly releases: string;
  readonly profile: string;
  /** refit as one file, with the faulty effects in its workers. */
  readonly program: string;
  /** Digests of the installed files by version, then by path below the prefix. */
  readonly digests: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Migrations each version knows. */
  readonly schemas: ReadonlyMap<string, readonly string[]>;
}

/** Releases, profile and program, once for all trials. */
export async function buildScene(directory: string, mutation: Mutation | undefined): Promise<Scene> {
  const releases = path.join(directory, 'releases');
  buildReleases({
    out: releases,
    versions: VERSIONS,
    breaks: { [SICK]: 'redflag', [DYING]: 'crashloop', [FAR_SICK]: 'crashloop' },
  });
  const profile = path.join(directory, 'sample.yaml');
  fs.writeFileSync(profile, profileText());
  const program = path.join(directory, 'refit.mjs');
  await bundleMutant({ entry: 'test/crash/faulty-main.ts', out: program, mutation });
  const digests = new Map<string, ReadonlyMap<string, string>>();
  const schemas = new Map<string, readonly string[]>();
  for (const version of VERSIONS) {
    const prefix = path.join(directory, `only-${version}`);
    const installed = await installSample({ prefix, releasesDir: releases, version });
    digests.set(version, digestsOf(installed));
    schemas.set(version, schemaOf(installed.database));
    fs.rmSync(prefix, { recursive: true });
  }
  return { directory, releases, profile, program, digests, schemas };
}

/** Everything a release puts on the machine. */
export function installedFiles({ binary, binDir, ctl, installScript, binaryDir, agent }: InstalledBelowPrefix) {
  const agents = ['amd64', 'arm64'].map((arch) => path.join(binaryDir, `${agent}-linux-${arch}`));
  return [binary, path.join(binDir, ctl), installScript, ...agents];
}

export function digestsOf(installed: InstalledBelowPrefix): ReadonlyMap<string, string> {
  const digest = (file: string) => (fs.existsSync(file) ? sha256(file) : 'absent');
  return new Map(
    installedFiles(installed).map((file) => [path.relative(installed.prefix, file), digest(file)] as const),
  );
}

function schemaOf(database: string): readonly string[] {
  const db = new DatabaseSync(database, { readOnly: true });
  const rows = db.prepare('SELECT version FROM schema_migrations ORDER BY version').all();
  db.close();
  return rows.map((row) => String(row['version']));
}

export function sha256(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** The shipped profile, with a short soak, hooks, an upgrade that needs a line in the env file, and one that leads over another release. */
function profileText(): string {
  const shipped = fs.readFileSync(path.join(ROOT, 'src/product/profiles/sample.yaml'), 'utf8');
  const [key, value] = ENV_LINE.split('=');
  const crossing = `
    - code: crash-matrix
      since: v0.2.10
      key: ${key}
      value: "${value}"
      severity: warning
      why: the matrix wants to see an env file change and change back`;
  const advisory = `
  advisories:
    - code: over-new
      from: "<0.2.13 || >0.2.13 <0.3.0"
      to: ">=0.3.0"
      avoid: ">=0.3.0"
      why: the matrix wants to see two hops`;
  const policy = '\n  policy: semver-drop-in';
  const quick = replaceOnce(
    replaceOnce(shipped, 'soak: 300ms', 'soak: 50ms'),
    `\nupgrades:${policy}`,
    `\nupgrades:${policy}${advisory}`,
  );
  return replaceOnce(quick, '\n  crossings:', `\n  crossings:${crossing}`) + hooksText();
}

function replaceOnce(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} does not occur once`);
  return text.replace(from, () => to);
}
