import type { ArchiveFile, Compression } from '../data/archives.ts';
import type { DataItem } from '../data/data.ts';
import type { Plan } from '../engine/plan.ts';
import type { EmbeddedRun } from '../product/installation.ts';
import type { Profile } from '../product/schema.ts';
import type { Scope } from '../product/template.ts';
import type { Architecture, Asset, AssetList } from '../release/release.ts';
import type { DataChoice } from './schema-guard.ts';
import type { StartTimeout } from './start-timeout.ts';
import type { SequenceSeen } from './store/ledger.ts';
import type { Authority, Waiver } from './waiver.ts';

/** A product as found on this host, and what is to become of it. Plain data: a plan carries it, so that resume needs nothing else. */
export interface Facts {
  readonly profile: Profile;
  readonly installation: InstallationFacts;
  readonly target: TargetFacts;
  readonly data: readonly DataItem[];
  readonly database: DatabaseFacts | undefined;
  readonly files: readonly PlannedFile[];
  /** Env file, unit and drop-ins: kept in the generation for people, never rewritten silently. */
  readonly keepsakes: readonly string[];
  /** What a crossing makes or replaces: in the generation too, and never in evidence, since keys are among it. */
  readonly crossed?: readonly string[];
  /** Of a rollback over a change of the service's account: whose everything was. */
  readonly formerOwners?: FormerOwners | undefined;
  /** Of a first hop: what only later ones put in place. Who goes back past all of them must find that it was not there. */
  readonly laterTargets?: readonly string[];
  /** Directory of the generations, beside the data. */
  readonly generations: string;
  readonly startTimeout: StartTimeout;
  readonly options: RunOptions;
  /** SHA-256 of the plan document that somebody signed off; absent where the run was planned when it was asked for. */
  readonly document?: string | undefined;
}

/** The version of an installation that is yet to be. */
export const NOT_INSTALLED = 'none';

export interface InstallationFacts {
  /** Names its state: the unit without its suffix, or what --installation says. */
  readonly name: string;
  readonly product: string;
  readonly title: string;
  readonly unit: string;
  readonly manager: 'systemd' | 'embedded';
  /** The real file that is replaced. */
  readonly binary: string;
  readonly version: string;
  readonly commit: string | undefined;
  readonly envFile: string | undefined;
  readonly user: string | undefined;
  readonly arch: Architecture;
  /** Names for the profile's templates. Holds the environment: never shown. */
  readonly scope: Scope;
  /** How the embedded manager runs it; undefined under systemd. */
  readonly embedded: EmbeddedRun | undefined;
  readonly workingDirectory: string;
  /** How long a stop may take before the manager's own SIGKILL, in milliseconds. */
  readonly stopTimeoutMs: number;
}

/** Where the new version comes from. For a rollback: the generation that goes back. */
export type TargetFacts =
  | {
      readonly kind: 'release';
      readonly tag: string;
      readonly archives: readonly Archive[];
      /** What names the digests, and where more of it may lie. */
      readonly list: AssetList;
      /** Given by the person: `--sha256`. */
      readonly sha256: string | undefined;
      /** Where a signed manifest describes it. */
      readonly manifest?: PlannedManifest | undefined;
      /** Of a pinned release: the digest of each archive, by its name. */
      readonly pins?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly kind: 'generation';
      readonly version: string;
      readonly root: string;
      readonly run: string;
      /** Whether the data goes back too, and why. */
      readonly dataChoice?: DataChoice;
      /** What the run that made it left installed: what it leads away from. */
      readonly left?: string | undefined;
      /** SHA-256 of its list of files and of its data's manifest, from the journal of that run: the folder may be another's to write. */
      readonly filesSha256?: string | undefined;
      readonly manifestSha256?: string | undefined;
      /** Where the generation's folder is gone: what it is made from again. */
      readonly archive?: ArchiveFile & { readonly sha256: string };
    };

/** A signed manifest, as it was when this was planned. */
export interface PlannedManifest {
  readonly channel: string | undefined;
  readonly sequence: number;
  /** Of its bytes. */
  readonly sha256: string;
  /** The newest that had been seen on this installation. */
  readonly highest: SequenceSeen | undefined;
}

export interface Archive {
  readonly asset: Asset;
  readonly arch: Architecture;
}

export interface DatabaseFacts {
  readonly path: string;
  readonly table: string;
  readonly column: string;
}

/** One file of an archive and where it goes. */
export interface PlannedFile {
  readonly archive: string;
  readonly arch: Architecture;
  readonly member: string;
  readonly target: string;
  readonly binary: boolean;
  readonly executable: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly keepPrevious: boolean;
  /** URL path under which the running service hands it out. */
  readonly servedAs: string | undefined;
}

/** A file as the old version works with it, for the new one; what lies at `to` is replaced. */
export interface PlannedCopy {
  readonly from: string;
  readonly to: string;
  /** How it will look. Absent of a folder, which is copied as it is, and only where nothing is. */
  readonly dress?: { readonly mode: number; readonly uid: number; readonly gid: number };
}

/** Who the service is to run as, and what becomes theirs with it. */
export type ServiceUser = {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  /** The drop-in that says so. */
  readonly dropIn: string;
  /** Directories with all that is in them. */
  readonly directories: readonly string[];
  /** Single files, and folders without what is in them. */
  readonly paths: readonly string[];
  /** Of every folder in these: itself and the files with these names. Containers keep theirs beside them. */
  readonly trees: readonly { readonly root: string; readonly files: readonly string[] }[];
};

/** Who owned what: a path, with all in it where that is said, but for those that were others'. */
export type OwnersBefore = readonly {
  readonly path: string;
  /** By number: `0:0`. */
  readonly owner: string;
  readonly recursive: boolean;
  /** Owner by owner. */
  readonly others: Readonly<Record<string, readonly string[]>>;
}[];

export type FormerOwners = {
  readonly user: ServiceUser;
  readonly owners: OwnersBefore;
};

export interface RunOptions {
  /** Codes that were named to be waived, whether a finding has them or not. */
  readonly waived: readonly string[];
  /** Who named them, and why; a plan of an older refit has neither this nor what stood. */
  readonly waiving?: Authority | undefined;
  /** The waived findings that really stood. */
  readonly waivers?: readonly Waiver[] | undefined;
  /** ISO 8601, UTC: the service is not stopped before, or not after. */
  readonly notBefore?: string | undefined;
  readonly notAfter?: string | undefined;
  /** The agents are told to wait for the window: their policy would replace them before any verdict. */
  readonly holdAgents: boolean;
  /** An API token was given and lies in the run's folder. */
  readonly token: boolean;
  /** The migration is tried on a copy of the data first. */
  readonly rehearse: boolean;
  /** Bytes per second for the copy made while the service runs. */
  readonly copyRate?: number | undefined;
  /** Bytes per second for the download. */
  readonly limitRate?: number | undefined;
  /** The copy of before is archived after the commit, and how; undefined: it is not. */
  readonly archive?: Compression | undefined;
  /** Stacks whose services are read before the commit; they were there when this was planned. */
  readonly spotChecks: readonly string[];
  /** Lines to add to the env file, consented to. */
  readonly envEdits: readonly { readonly key: string; readonly value: string }[];
  /** What must be where the new version looks for it. */
  readonly copies: readonly PlannedCopy[];
  /** The account to run the service as, which is root's now; undefined: it stays. */
  readonly serviceUser?: ServiceUser | undefined;
  /** Of several hops: where a later one fails, a run of its own goes back to before the first. */
  readonly allOrNothing?: boolean;
  /** Generations kept at least, and for how many days. */
  readonly keep: number;
  readonly keepDays: number;
}

/** The one place where the engine's opaque facts become ours again. */
export function factsOf(plan: Plan): Facts {
  return plan.facts as Facts;
}

/** Of each hop, as the machine will be when it begins. */
export function factsOfHops({ hops, facts }: Plan): readonly Facts[] {
  return hops.map((hop) => (hop.facts ?? facts) as Facts);
}

/** Whether there is data to copy: an agent has none, nor has what is installed for the first time. */
export function hasData(plan: Plan): boolean {
  return plan.purpose !== 'install' && factsOf(plan).data.length > 0;
}

/** The version the service must report once this plan is done. */
export function targetVersion({ target }: Facts): string {
  return target.kind === 'release' ? target.tag : target.version;
}
