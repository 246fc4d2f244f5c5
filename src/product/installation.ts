import type { Finding } from './finding.ts';
import type { DataPaths, Target } from './places.ts';
import type { Scope } from './template.ts';

/** What the service manager says of the unit. Source: `systemctl show`. */
export interface UnitInput {
  readonly name: string;
  /** The file ExecStart runs, absolute. */
  readonly execPath: string;
  /** The words after it. */
  readonly arguments: readonly string[];
  /** Empty: root. */
  readonly user: string;
  /** Empty: the user's own. */
  readonly group: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In the unit's order. */
  readonly environmentFiles: readonly { readonly path: string; readonly optional: boolean }[];
  /** As systemd prints it, '' or undefined when unset: the service then runs in `/`. */
  readonly workingDirectory: string | undefined;
}

/** Everything `detect` judges. The caller has looked; nothing here touches the machine. */
export interface DetectInput {
  /** The installation's name; default: the product's. */
  readonly name?: string | undefined;
  /** For the manager systemd. */
  readonly unit?: UnitInput | undefined;
  /** For the manager embedded: the root of everything, absolute. */
  readonly prefix?: string | undefined;
  /** As Go names them: linux, amd64. */
  readonly os: string;
  readonly arch: string;
  /** Env files that exist, by path: those `wantedEnvFiles` names. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of the files that are links (their last component is), what they lead to. `binaryPathOf` says which one to look at. */
  readonly links: ReadonlyMap<string, string>;
}

/** How an embedded service is run, with everything filled in. */
export interface EmbeddedRun {
  readonly argv: readonly string[];
  readonly runDirectory: string;
  readonly log: string;
}

/** A product as found on this host. Paths are absolute. */
export interface Installation {
  readonly name: string;
  readonly product: string;
  readonly title: string;
  /** The systemd unit; undefined for an embedded service. */
  readonly unit: string | undefined;
  readonly embedded: EmbeddedRun | undefined;
  /** The file that is replaced. */
  readonly binary: string;
  /** What the service manager starts: another name for `binary` where the profile follows a link. */
  readonly execPath: string;
  readonly workingDirectory: string;
  readonly user: string;
  readonly group: string;
  /** What the service works with, defaults included. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Only the keys that the unit or a file sets. */
  readonly givenKeys: readonly string[];
  /** The env file the product's own commands are given (`env.file_option`) and to which missing keys are added. */
  readonly envFile: string | undefined;
  readonly data: DataPaths;
  readonly targets: readonly Target[];
  /** For `expand`: add `version`, `commit` or `scratch` where a template needs them. */
  readonly scope: Scope;
  readonly findings: readonly Finding[];
}
