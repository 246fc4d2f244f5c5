import type { Journal } from '../../engine/journal.ts';
import { replay } from '../../engine/replay.ts';
import type { Facts } from '../facts.ts';
import type { RunPaths, StorePaths } from '../store/paths.ts';
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
}

/** What the steps of one run may use. */
export function makeWorld({ rooms, facts, store, run, id, boot, journal, events }: WorldParts): World {
  return {
    ...rooms,
    facts,
    store,
    run: { id, paths: run, boot },
    generation: { id, root: `${facts.generations}/${id}` },
    hold: { unit: facts.installation.unit, marker: store.window, stateDirectory: store.root },
    hasBegun(kind) {
      const state = replay(journal.records);
      return (
        state?.places.some(({ index, step }) => step.kind === kind && state.steps[index]?.status !== 'pending') === true
      );
    },
    outputOf(kind) {
      const state = replay(journal.records);
      const place = state?.places.findLast(
        ({ index, step }) => step.kind === kind && isDone(state.steps[index]?.status),
      );
      return place === undefined ? undefined : state?.steps[place.index]?.output;
    },
    report: (progress) => events.write({ type: 'progress', progress }),
  };
}

function isDone(status: string | undefined): boolean {
  return status === 'done' || status === 'kept' || status === 'discarded';
}
