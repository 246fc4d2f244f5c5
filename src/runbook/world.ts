import type { Archives } from '../data/archives.ts';
import type { Data, Generation, HotCopy } from '../data/data.ts';
import type { SpaceNeed, UpgradeSizes } from '../data/space.ts';
import type { Json } from '../engine/json.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Guard } from '../guard/guard.ts';
import type { Health } from '../health/health.ts';
import type { Prober, Probing } from '../health/prober.ts';
import type { Host } from '../host/host.ts';
import type { Layout } from '../layout/layout.ts';
import type { Sandbox } from '../service/sandbox.ts';
import type { Hold, ServiceManager } from '../service/service.ts';
import type { Databases } from './databases.ts';
import type { Facts } from './facts.ts';
import type { Releases } from './releases.ts';
import type { RunPaths, StorePaths } from './store/paths.ts';
import type { TransferPace } from './transfer-meter.ts';
import type { Authority } from './waiver.ts';
import type { WayBack } from './way-back.ts';

/** What a step may use: the rooms, and the hop of the run it is part of. Built anew by every worker, from the plan in the journal. */
export interface World extends Rooms {
  readonly facts: Facts;
  readonly store: StorePaths;
  readonly run: {
    readonly id: string;
    /** Names what this hop of it keeps and stages: of the first hop the run's own name. */
    readonly part: string;
    readonly paths: RunPaths;
    readonly boot: string;
  };
  /** What goes back together if this run does. */
  readonly generation: Generation;
  readonly hold: Hold;
  /** The copy that was made while the service ran. This worker's alone: nothing of it outlives a kill. */
  readonly hot: { current: HotCopy | undefined };
  /** What measures the window from outside, from before the stop. This worker's alone too. */
  readonly probing: { current: Probing | undefined };
  /** Whether a step of that kind was begun, finished or not. */
  hasBegun(kind: string): boolean;
  /** What the last finished step of that kind returned; undefined if there is none. */
  outputOf(kind: string): Json | undefined;
  /** What can be undone of this run. */
  wayBack(): WayBack;
  /** Who lets that one thing pass, by the plan or by going on with what the run paused for, and why; undefined: nobody. */
  waivedBy(code: string): Authority | undefined;
  report(progress: Progress): void;
}

/** The rooms of one product on this host. */
export interface Rooms {
  readonly host: Host;
  readonly service: ServiceManager;
  readonly sandbox: Sandbox;
  readonly data: Data;
  readonly archives: Archives;
  readonly layout: Layout;
  readonly health: Health;
  readonly prober: Prober;
  readonly fleet: Fleet;
  readonly guard: Guard;
  readonly releases: Releases;
  readonly databases: Databases;
  /** What each file system is asked for and has. */
  space(sizes: UpgradeSizes): Promise<readonly SpaceNeed[]>;
}

/** What a step says while it works. Shown, and kept in the event file; nothing depends on it. */
export type Progress =
  | ({
      readonly kind: 'bytes';
      readonly what: string;
      readonly done: number;
      readonly total: number | undefined;
    } & Partial<TransferPace>)
  | { readonly kind: 'note'; readonly text: string };
