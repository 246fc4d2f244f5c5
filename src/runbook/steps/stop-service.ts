import { RefitError } from '../../errors.ts';
import type { Stopped } from '../../service/service.ts';
import type { World } from '../world.ts';

/** Beyond the manager's own SIGKILL: killing `systemctl` would not kill the stop job (design, "Window discipline"). */
const BEYOND_MANAGER_MS = 10_000;

/** Stops the service and sees to it that nothing of it can write to the data any more. */
export async function stopService({ service, facts }: World): Promise<Stopped> {
  const { unit, stopTimeoutMs } = facts.installation;
  const stopped = await service.stop(unit, { timeoutMs: stopTimeoutMs + BEYOND_MANAGER_MS });
  if (stopped.remaining.length === 0) return stopped;
  throw new RefitError(
    'E_SERVICE_STOP',
    `Cannot stop all of ${unit}: saw processes ${stopped.remaining.join(', ')} left`,
    {
      hint: `They may write to the data: look with systemctl status ${unit}, end them, then type the command again`,
    },
  );
}
