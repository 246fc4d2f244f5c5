import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import type { Files } from './files.ts';
import type { Http } from './http.ts';
import type { Lock } from './lock.ts';
import type { Sqlite } from './sqlite.ts';

/** Who and where we are. Read once at the start. */
export interface Identity {
  readonly uid: number;
  readonly pid: number;
  readonly hostname: string;
  /** As Node names them: linux/darwin, x64/arm64. */
  readonly platform: string;
  readonly architecture: string;
  /** How to start this same program again: node and its entry file, or the single executable. */
  readonly self: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

/** The machine. Built once, in main.ts, and handed down; nothing else touches the outside. */
export interface Host {
  readonly identity: Identity;
  readonly files: Files;
  readonly commands: Commands;
  readonly http: Http;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly sqlite: Sqlite;
}
