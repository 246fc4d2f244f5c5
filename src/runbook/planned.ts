import type { Plan } from '../engine/plan.ts';
import type { TooNew } from './age.ts';
import type { Judged } from './checks/judge.ts';
import type { CrossedShown } from './crossings/show.ts';
import type { Estimate } from './estimate.ts';
import type { LostWrites } from './lost-writes.ts';
import type { Evidence, ReleaseNotes } from './releases.ts';
import type { Skipped } from './store/skipped.ts';

/** A plan as a person sees it before anything is changed. */
export interface Planned {
  readonly plan: Plan;
  readonly checks: readonly Judged[];
  /** Where the release comes from, or the backup that goes back, in words; undefined for a plain rollback. */
  readonly source: string | undefined;
  /** What was asked for, and what it resolved to. */
  readonly choice: { readonly asked: string; readonly chosen: string };
  /** Newer releases that were asked for and failed here before, newest first. */
  readonly passedBy: readonly Skipped[];
  /** What was proven already, of a tarball on this machine; undefined for what is yet to be downloaded. */
  readonly proven?: Evidence | undefined;
  /** Newer ones that were asked for and are too young by `--min-age`, newest first. */
  readonly tooNew?: readonly TooNew[];
  /** Env file edits a crossing needs, as `diff -U0`; empty where none. */
  readonly envDiff: string;
  /** What crossings change beside it; undefined of what crosses nothing. */
  readonly crossed?: CrossedShown | undefined;
  /** Bytes to download, as far as the source says; undefined where it says nothing. */
  readonly downloadBytes: number | undefined;
  /** What a rollback would lose that puts the data of then back; undefined where nothing is lost or it cannot be read. */
  readonly lost?: LostWrites | undefined;
  /** What the publisher says of every version on the way, oldest first; undefined where the source has nothing to say. */
  readonly notes?: readonly ReleaseNotes[] | undefined;
  /** Bytes of data that are copied in the window. */
  readonly dataBytes: number;
  /** How long it is going to take; undefined where nothing tells. */
  readonly estimate?: Estimate | undefined;
}

/** Asked for what is installed already. */
export interface NothingToDo {
  readonly nothingToDo: true;
  readonly installation: string;
  readonly product: string;
  readonly version: string;
  readonly passedBy: readonly Skipped[];
  readonly tooNew?: readonly TooNew[];
}
