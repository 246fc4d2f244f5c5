import type { Host } from '../host/host.ts';
import type { Sandbox } from './sandbox.ts';
import { resultOf } from './sandbox-result.ts';

/** Where there is no systemd: a child of ours with the job's environment only. Nothing but the job's own manners confines it. */
export function plainSandbox(host: Pick<Host, 'commands'>): Sandbox {
  return {
    describe: 'a plain child: without systemd there is no sandbox',
    place: (_run, scratch) => ({ scratch }),
    async run(_run, job) {
      const { timeoutMs } = job;
      const env = { PATH: '/usr/bin:/bin', ...job.env };
      const done = await host.commands.run([job.binary, ...job.argv], {
        cwd: job.scratch,
        env,
        timeoutMs,
        maxOutput: 65_536,
      });
      return resultOf(done, timeoutMs);
    },
    // A child of ours dies with us.
    clear: async () => undefined,
  };
}
