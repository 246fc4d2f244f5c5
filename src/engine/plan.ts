import type { Json } from './json.ts';

/** One line of a plan: which step, with what input. Plain data, so it can be printed, compared and stored. */
export interface PlannedStep {
  /** Names the code that does it. Renaming one is a journal migration. */
  readonly kind: string;
  /** One of the plan's `stages`. */
  readonly stage: string;
  /** What a person reads in `plan`, in progress and in the journal: "Stop dockmesh.service". */
  readonly title: string;
  readonly input: Json;
  /** The service is down, or may be, once this step has begun: no pause between two such steps (law 7). */
  readonly window: boolean;
  /** It changes the product or what it uses. A run that never began one leaves the machine untouched. */
  readonly touches: boolean;
  /** Done before any hop begins with what is not ahead: no window opens for a hop whose next one cannot be had. */
  readonly ahead?: boolean;
}

/** One version-to-version edge, with a commit of its own. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  readonly steps: readonly PlannedStep[];
  /** Of a later hop: as the machine will be when it begins. Absent: the plan's. */
  readonly facts?: unknown;
}

/** Everything a run will do, decided before anything is touched. */
export interface Plan {
  readonly format: 1;
  readonly purpose: 'upgrade' | 'install' | 'rollback';
  readonly product: string;
  readonly installation: string;
  readonly from: string;
  readonly to: string;
  /** Stage names in the order they run. */
  readonly stages: readonly string[];
  /** What the steps need to know of the machine, as it was when the plan was made. JSON; the engine never looks into it. */
  readonly facts: unknown;
  readonly hops: readonly Hop[];
  /** The run that failed on its way, and that this one goes back from: to do so is no success, to fail in it leaves that failure. */
  readonly undoes?: string;
}

/** A step's place: its index in the whole plan is how the journal names it. */
export interface Place {
  readonly index: number;
  /** The hop with which it is committed. */
  readonly hop: number;
  readonly step: PlannedStep;
  /** The first of its hop that is not ahead. */
  readonly first: boolean;
}

/** Every step of every hop, in the order in which they are begun: what is ahead stage by stage, then hop by hop. */
export function placesOf({ hops, stages }: Plan): readonly Place[] {
  const all = hops.flatMap(({ steps }, hop) => {
    const begins = steps.findIndex(({ ahead }) => ahead !== true);
    return steps.map((step, i) => ({ hop, step, first: i === begins }));
  });
  const stageOf = ({ step }: (typeof all)[number]) => stages.indexOf(step.stage);
  const ahead = all.filter(({ step }) => step.ahead === true).sort((a, b) => stageOf(a) - stageOf(b));
  const others = all.filter(({ step }) => step.ahead !== true);
  return [...ahead, ...others].map((place, index) => ({ index, ...place }));
}
