import type { Files } from '../host/files.ts';
import { runsFile } from './runs-file.ts';
import type { Stranger } from './service.ts';
import { unlessGone } from './unless-gone.ts';

const MAX_CGROUP = 64 * 1024;

/** The unit in a line of /proc/PID/cgroup: `0::/system.slice/a.service/sub` → `a.service`. */
export function unitOf(cgroup: string): string | undefined {
  const names = cgroup.split('\n').flatMap((line) => line.replace(/^[^:]*:[^:]*:/, '').split('/'));
  return names.find((name) => /\.(service|scope)$/.test(name) && !/^(session-.*|init)\.scope$/.test(name));
}

/** The unit of each, where it has one; without those that are gone. */
export async function unitsOf(files: Files, pids: readonly number[]): Promise<readonly Stranger[]> {
  const found = await Promise.all(
    pids.map(async (pid): Promise<readonly Stranger[]> => {
      const cgroup = await unlessGone(() => files.read(`/proc/${pid}/cgroup`, { maxBytes: MAX_CGROUP }));
      return cgroup === undefined ? [] : [{ pid, unit: unitOf(cgroup.toString()) }];
    }),
  );
  return found.flat();
}

/** See `ServiceManager.strangers`: everyone that runs the file, whatever it belongs to. */
export async function runnersOf(files: Files, execPath: string): Promise<readonly Stranger[]> {
  const runs = await runsFile(files, execPath);
  const here = await files.readLink('/proc/self/ns/mnt');
  const found: Stranger[] = [];
  for (const name of await files.list('/proc')) {
    if (!/^\d+$/.test(name) || !(await runs(name))) continue;
    const [{ unit } = { unit: undefined }] = await unitsOf(files, [Number(name)]);
    // The same path in a container is another file. A unit may have mounts of its own too (PrivateTmp=) and is of this host.
    const mounts = await unlessGone(() => files.readLink(`/proc/${name}/ns/mnt`));
    if (unit?.endsWith('.service') !== true && mounts !== here) continue;
    found.push({ pid: Number(name), unit });
  }
  return found;
}
