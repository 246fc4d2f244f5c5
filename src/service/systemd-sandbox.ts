import path from 'node:path';
import type { Commands } from '../host/commands.ts';
import type { Host } from '../host/host.ts';
import type { Sandbox, SandboxJob } from './sandbox.ts';
import { resultOf } from './sandbox-result.ts';

/** systemd needs a moment beyond the job's own limit to end it and tell us. */
const MANAGER_SLACK_MS = 20_000;
/** systemd's own limit for a stop, and some more. */
const STOP_TIMEOUT_MS = 100_000;

/**
 * A transient unit of its own: no network, no docker socket, a read-only system, the product's user. Binary and scratch are
 * bind-mounted under /run, because a 0700 staging folder is unreachable for that user (exit 203), and the binary is started
 * through /bin/sh, because systemd checks the path of ExecStart before the bind mounts exist.
 */
export function systemdSandbox(host: Pick<Host, 'commands' | 'files' | 'clock'>): Sandbox {
  const root = (run: string): string => `/run/refit-rehearse/${run}`;
  const unitsOf = (run: string): string => `refit-rehearse-${run}-`;
  return {
    describe: 'systemd sandbox',
    place: (run) => ({ scratch: `${root(run)}/scratch` }),
    async run(run, job) {
      const place = root(run);
      await host.files.makeDirectory(`${place}/bin`, { mode: 0o755 });
      await host.files.makeDirectory(`${place}/scratch`, { mode: 0o755 });
      const as = job.user === undefined ? [] : await identityOf(host.commands, job.user);
      if (job.user !== undefined) {
        await host.commands.must(['chown', '-R', '--', `${job.user}:`, job.scratch], { timeoutMs: 60_000 });
      }
      try {
        const unit = `${unitsOf(run)}${host.clock.random(4)}`;
        const argv = systemdRun(unit, place, job, as);
        const done = await host.commands.run(argv, { timeoutMs: job.timeoutMs + MANAGER_SLACK_MS, maxOutput: 65_536 });
        return resultOf(done, job.timeoutMs);
      } finally {
        await host.files.removeTree(place);
      }
    },
    /** Only who asked for the job was killed: the manager runs it on. */
    async clear(run) {
      await host.commands.must(['systemctl', 'stop', '--', `${unitsOf(run)}*.service`], { timeoutMs: STOP_TIMEOUT_MS });
      await host.files.removeTree(root(run));
    },
  };
}

/**
 * Words that make what follows them run as that user with its own group alone: User= would bring along every group the user is in,
 * and whoever is in the group `docker` is root.
 */
async function identityOf(commands: Commands, user: string): Promise<readonly string[]> {
  const { stdout } = await commands.must(['id', '-g', '--', user], { timeoutMs: 10_000 });
  return ['setpriv', `--reuid=${user}`, `--regid=${stdout.trim()}`, '--clear-groups', '--bounding-set=-all', '--'];
}

function systemdRun(
  unit: string,
  place: string,
  job: SandboxJob,
  as: readonly string[],
): readonly [string, ...string[]] {
  const program = `${place}/bin/${path.basename(job.binary)}`;
  const properties = [
    'PrivateNetwork=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'NoNewPrivileges=yes',
    'InaccessiblePaths=-/run/docker.sock -/var/run/docker.sock -/run/containerd/containerd.sock',
    `BindReadOnlyPaths=${job.binary}:${program}`,
    `BindPaths=${job.scratch}:${place}/scratch`,
    `ReadWritePaths=${place}/scratch`,
    `RuntimeMaxSec=${Math.ceil(job.timeoutMs / 1000)}`,
    'WorkingDirectory=/',
  ];
  return [
    'systemd-run',
    '--wait',
    '--pipe',
    '--collect',
    '--quiet',
    `--unit=${unit}`,
    ...properties.map((property) => `--property=${property}`),
    '/usr/bin/env',
    '-i',
    'PATH=/usr/bin:/bin',
    ...Object.entries(job.env).map(([key, value]) => `${key}=${value}`),
    ...as,
    '/bin/sh',
    '-c',
    'exec "$0" "$@"',
    program,
    ...job.argv,
  ];
}
