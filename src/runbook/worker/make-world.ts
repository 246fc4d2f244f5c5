import type { Journal } from '../../engine/journal.ts';
import { replay } from '../../engine/replay.ts';
import type { Facts } from '../facts.ts';
import { hasBegun, outputOf } from '../outputs.ts';
import type { RunPaths, StorePaths } from '../store/paths.ts';
import { wayBackOf } from '../way-back.ts';
import type { Rooms, World } from '../world.ts';
import type { EventLog } from './events.ts';

export interface WorldParts {
  readonly rooms: Rooms;
  readonly facts: Facts;
  readonly store: StorePaths;
  readonly run: RunPaths;
  readonly id: string;
  readonly boot: string;
  readonly journal: Journal;
  readonly events: EventLog;
  /** By the plan, or by the command that goes on with the run. */
  readonly waivedBy: World['waivedBy'];
}

/** What the steps of one run may use. */
export function makeWorld({ rooms, facts, store, run, id, boot, journal, events, waivedBy }: WorldParts): World {
  return {
    ...rooms,
    facts,
    store,
    run: { id, paths: run, boot },
    generation: { id, root: `${facts.generations}/${id}` },
    hold: { unit: facts.installation.unit, marker: store.window, stateDirectory: store.root },
    hot: { current: undefined },
    probing: { current: undefined },
    hasBegun(kind) {
      const state = replay(journal.records);
      return state !== undefined && hasBegun(state, kind);
    },
    outputOf(kind) {
      const state = replay(journal.records);
      return state === undefined ? undefined : outputOf(state, kind);
    },
    wayBack() {
      const state = replay(journal.records);
      return state === undefined ? 'whole' : wayBackOf(state);
    },
    waivedBy,
    report: (progress) => events.write({ type: 'progress', progress }),
  };
}
