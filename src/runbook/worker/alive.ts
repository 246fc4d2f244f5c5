import { RefitError } from '../../errors.ts';
import type { Commands } from '../../host/commands.ts';
import type { ServiceManager } from '../../service/service.ts';

/** Whether a worker that was started still exists. Cheap enough to be asked many times a second. */
export type Alive = () => Promise<boolean>;

type Processes = Pick<Commands, 'startTimeOf'>;

/** Of a child of ours. Asked about right after its start, before its id could be somebody else's. */
export async function processAlive(processes: Processes, pid: number): Promise<Alive> {
  const startTime = await processes.startTimeOf(pid);
  return async () => startTime !== undefined && (await processes.startTimeOf(pid)) === startTime;
}

/** Of a unit's main process: the manager is asked for it until it has answered once. */
export function unitAlive(manager: Pick<ServiceManager, 'state'>, processes: Processes, unit: string): Alive {
  let known: Alive | undefined;
  return async () => {
    try {
      known ??= await mainProcess(manager, processes, unit);
    } catch (error) {
      // It was collected: the worker has ended.
      if (error instanceof RefitError && error.code === 'E_SERVICE_UNKNOWN') return false;
      // A manager that is too busy to answer says nothing about the worker.
      if (error instanceof RefitError) return true;
      throw error;
    }
    return known();
  };
}

async function mainProcess(manager: Pick<ServiceManager, 'state'>, processes: Processes, unit: string): Promise<Alive> {
  const { pid } = await manager.state(unit);
  // Started with --service-type=exec it has one from the start, and none only when it has ended.
  return pid === undefined ? async () => false : processAlive(processes, pid);
}
