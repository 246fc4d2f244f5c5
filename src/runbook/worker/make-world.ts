import { hopOf, planOfHop } from '../../engine/hop.ts';
import type { Journal } from '../../engine/journal.ts';
import type { Plan } from '../../engine/plan.ts';
import { type RunState, replay } from '../../engine/replay.ts';
import { factsOf } from '../facts.ts';
import { hasBegun, outputOf } from '../outputs.ts';
import type { RunPaths, StorePaths } from '../store/paths.ts';
import { wayBackOf } from '../way-back.ts';
import type { Rooms, World } from '../world.ts';
import type { EventLog } from './events.ts';

export interface WorldParts {
  readonly rooms: Rooms;
  readonly plan: Plan;
  readonly hop: number;
  readonly store: StorePaths;
  readonly run: RunPaths;
  readonly id: string;
  readonly boot: string;
  readonly journal: Journal;
  readonly events: EventLog;
  /** By the plan, or by the command that goes on with the run. */
  readonly waivedBy: World['waivedBy'];
}

/** What the steps of one hop of a run may use. */
export function makeWorld({ rooms, plan, hop, store, run, id, boot, journal, events, waivedBy }: WorldParts): World {
  const facts = factsOf(planOfHop(plan, hop));
  const part = partOf(id, hop);
  const stateNow = (): RunState | undefined => {
    const state = replay(journal.records);
    return state === undefined ? undefined : hopOf(state, hop);
  };
  return {
    ...rooms,
    facts,
    store,
    run: { id, part, paths: pathsOf(run, hop), boot },
    generation: { id: part, root: `${facts.generations}/${part}` },
    hold: { unit: facts.installation.unit, marker: store.window, stateDirectory: store.root },
    hot: { current: undefined },
    probing: { current: undefined },
    hasBegun(kind) {
      const state = stateNow();
      return state !== undefined && hasBegun(state, kind);
    },
    outputOf(kind) {
      const state = stateNow();
      return state === undefined ? undefined : outputOf(state, kind);
    },
    wayBack() {
      const state = stateNow();
      return state === undefined ? 'whole' : wayBackOf(state);
    },
    waivedBy,
    report: (progress) => events.write({ type: 'progress', progress }),
  };
}

/** What a hop keeps and stages has a name of its own: the start's stays for who goes back to it, the others go with their hop. */
function partOf(id: string, hop: number): string {
  return hop === 0 ? id : `${id}-${hop + 1}`;
}

function pathsOf(run: RunPaths, hop: number): RunPaths {
  return hop === 0 ? run : { ...run, evidence: `${run.evidence}/hop-${hop + 1}` };
}
