import type { Files } from '../host/files.ts';

/** Unified, systemd's own legacy hierarchy, and the hybrid of both. */
const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];

/** Pids in a control group; none where systemd has removed it, which is the rule once a service is stopped. */
export async function processesOf(files: Files, controlGroup: string): Promise<readonly number[]> {
  if (controlGroup === '') return [];
  const found = new Set<number>();
  for (const hierarchy of HIERARCHIES) {
    const path = `${hierarchy}${controlGroup}/cgroup.procs`;
    if ((await files.stat(path)) === undefined) continue;
    const text = (await files.read(path, { maxBytes: 1024 * 1024 })).toString();
    for (const line of text.split('\n')) if (line !== '') found.add(Number(line));
  }
  return [...found];
}
