import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { Stranger } from './service.ts';

/** What Linux appends to the name of a running file that was replaced or removed. */
const DELETED = ' (deleted)';

/** It may be gone, or not ours to look at, by the time we look. */
const GONE = new Set(['E_NOT_FOUND', 'E_PERMISSION', 'E_FILE']);

async function unlessGone<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RefitError && GONE.has(error.code)) return undefined;
    throw error;
  }
}

/** The unit in a line of /proc/PID/cgroup: `0::/system.slice/a.service/sub` → `a.service`. */
export function unitOf(cgroup: string): string | undefined {
  const names = cgroup.split('\n').flatMap((line) => line.replace(/^[^:]*:[^:]*:/, '').split('/'));
  return names.find((name) => /\.(service|scope)$/.test(name) && !/^(session-.*|init)\.scope$/.test(name));
}

/** See `ServiceManager.strangers`: everyone that runs the file, whatever it belongs to. */
export async function runnersOf(files: Files, execPath: string): Promise<readonly Stranger[]> {
  const real = (await unlessGone(() => files.realPath(execPath))) ?? execPath;
  const here = await files.readLink('/proc/self/ns/mnt');
  const found: Stranger[] = [];
  for (const name of await files.list('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const exe = await unlessGone(() => files.readLink(`/proc/${name}/exe`));
    if (exe === undefined || (exe !== real && exe !== real + DELETED)) continue;
    const cgroup = await unlessGone(() => files.read(`/proc/${name}/cgroup`, { maxBytes: 64 * 1024 }));
    const unit = unitOf((cgroup ?? '').toString());
    // The same path in a container is another file. A unit may have mounts of its own too (PrivateTmp=) and is of this host.
    const mounts = await unlessGone(() => files.readLink(`/proc/${name}/ns/mnt`));
    if (unit?.endsWith('.service') !== true && mounts !== here) continue;
    found.push({ pid: Number(name), unit });
  }
  return found;
}
