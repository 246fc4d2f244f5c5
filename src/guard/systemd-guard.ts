import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Guard, Watch } from './guard.ts';
import { copySelf, pruneCopies } from './self-copy.ts';
import { serviceText, timerText } from './unit-texts.ts';
import { UNITS, unitsOf } from './units.ts';

type Parts = Pick<Host, 'files' | 'commands'>;

const SYSTEMCTL = ['systemctl', '--no-pager', '--no-ask-password'] as const;
const ORDER_MS = 30_000;
/** On a host with thousands of units, with its generators; systemd's own limit for it. */
const RELOAD_MS = 90_000;
/** systemctl's answer for a unit that nobody loaded. Source: systemctl(1), "Exit status". */
const NOT_LOADED = 5;

export function systemdGuard(host: Host): Guard {
  return {
    copySelf: (installation) => copySelf(host, installation),
    arm: (watch) => arm(host, watch),
    disarm: (installation) => disarm(host, installation),
    pruneCopies: (kept) => pruneCopies(host, kept),
  };
}

async function arm({ files, commands }: Parts, watch: Watch): Promise<void> {
  const { service, timer, wanted } = unitsOf(watch.installation);
  const [program, ...words] = watch.argv;
  // Older managers take no bare names. Source: systemd.service(5), "Command lines".
  const argv = [(await commands.find(program)) ?? program, ...words] as const;
  await files.writeAtomic(service, serviceText({ ...watch, argv }), { mode: 0o644 });
  await files.writeAtomic(timer, timerText(watch), { mode: 0o644 });
  // What `systemctl enable` does, but on the disk before the next line.
  await files.makeDirectory(posix.dirname(wanted), { mode: 0o755 });
  if ((await files.stat(wanted)) === undefined) await files.symlink(timer, wanted);
  await files.sync(posix.dirname(wanted));
  await reload(commands);
  await commands.must([...SYSTEMCTL, 'start', '--', posix.basename(timer)], { timeoutMs: ORDER_MS });
}

/** A kill anywhere in here leaves a guard that looks again and goes on with this, or one that is stopped and has no file any more. */
async function disarm({ files, commands }: Parts, installation: string): Promise<void> {
  const { service, timer, wanted } = unitsOf(installation);
  // The files first: until the manager is told to stop, it goes by what it has read of them. Once it has stopped, nobody would
  // come back for them, and the next boot would start a guard of nothing.
  for (const path of [wanted, timer, service]) await files.remove(path);
  for (const directory of [posix.dirname(wanted), UNITS]) {
    if ((await files.stat(directory)) !== undefined) await files.sync(directory);
  }
  const names = [posix.basename(timer), posix.basename(service)];
  const stopped = await commands.run([...SYSTEMCTL, 'stop', '--', ...names], { timeoutMs: ORDER_MS });
  if (stopped.exitCode !== 0 && stopped.exitCode !== NOT_LOADED) {
    throw new RefitError('E_COMMAND_FAILED', `Cannot stop ${names.join(' and ')}: saw ${stopped.stderr.trim()}`, {
      hint: `systemctl stop ${names.join(' ')}`,
    });
  }
  await reload(commands);
  // A timer whose service somebody deleted has failed, and would be listed until the next boot. Not loaded is no failure.
  for (const name of names) await commands.run([...SYSTEMCTL, 'reset-failed', '--', name], { timeoutMs: ORDER_MS });
}

async function reload(commands: Host['commands']): Promise<void> {
  await commands.must([...SYSTEMCTL, 'daemon-reload'], { timeoutMs: RELOAD_MS });
}
