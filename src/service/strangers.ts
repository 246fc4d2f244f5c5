import type { Files } from '../host/files.ts';
import { runsFile } from './runs-file.ts';
import type { Stranger } from './service.ts';
import { unlessGone } from './unless-gone.ts';

/** The unit in a line of /proc/PID/cgroup: `0::/system.slice/a.service/sub` → `a.service`. */
export function unitOf(cgroup: string): string | undefined {
  const names = cgroup.split('\n').flatMap((line) => line.replace(/^[^:]*:[^:]*:/, '').split('/'));
  return names.find((name) => /\.(service|scope)$/.test(name) && !/^(session-.*|init)\.scope$/.test(name));
}

/** See `ServiceManager.strangers`: everyone that runs the file, whatever it belongs to. */
export async function runnersOf(files: Files, execPath: string): Promise<readonly Stranger[]> {
  const runs = await runsFile(files, execPath);
  const here = await files.readLink('/proc/self/ns/mnt');
  const found: Stranger[] = [];
  for (const name of await files.list('/proc')) {
    if (!/^\d+$/.test(name) || !(await runs(name))) continue;
    const cgroup = await unlessGone(() => files.read(`/proc/${name}/cgroup`, { maxBytes: 64 * 1024 }));
    const unit = unitOf((cgroup ?? '').toString());
    // The same path in a container is another file. A unit may have mounts of its own too (PrivateTmp=) and is of this host.
    const mounts = await unlessGone(() => files.readLink(`/proc/${name}/ns/mnt`));
    if (unit?.endsWith('.service') !== true && mounts !== here) continue;
    found.push({ pid: Number(name), unit });
  }
  return found;
}
