import type { Host } from '../host/host.ts';
import type { EmbeddedRun } from '../product/installation.ts';
import type { Profile } from '../product/schema.ts';
import type { ServiceManager } from '../service/service.ts';
import type { Releases } from './releases.ts';
import type { Rooms } from './world.ts';

/** Everything main.ts builds once: the host, and the rooms that do not depend on a product. */
export interface Workshop {
  readonly host: Host;
  readonly releases: Releases;
  /** Undefined where this host has no systemd. */
  readonly systemd: ServiceManager | undefined;
  readonly stateDirectory: string;
  /** Built-in profiles and their overrides, `file` first where one was named. Rejects with E_PROFILE_INVALID. */
  profiles(file: string | undefined): Promise<readonly Profile[]>;
  /** The rooms for one installation. */
  roomsFor(service: ServiceKind): Rooms;
}

/** Which service manager an installation needs. */
export type ServiceKind =
  | { readonly kind: 'systemd' }
  | {
      readonly kind: 'embedded';
      readonly unit: string;
      readonly run: EmbeddedRun;
      readonly workingDirectory: string;
      readonly stopTimeoutMs: number;
    };
