import { posix } from 'node:path';
import type { Finding } from './finding.ts';
import { childOn, type DataPaths } from './places.ts';
import type { Profile } from './schema.ts';

/** Programs that start other programs: the file a unit names is then not the product, and must never be replaced. */
const LAUNCHERS = new Set(
  'sh bash dash zsh busybox env sudo setpriv runuser su nice ionice numactl taskset docker podman strace'.split(' '),
);

/** Directories that hold more than one product: copied back whole, they would undo what others wrote. */
const SHARED = new Set(
  '/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/share /usr/local/var /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/run /var/tmp'.split(
    ' ',
  ),
);

/** Values of the environment with which an upgrade must not begin. */
export function refusals(profile: Profile, env: Readonly<Record<string, string>>): readonly Finding[] {
  return profile.env.refuse.flatMap(({ key, values, code, why, remedy }): Finding[] => {
    const value = env[key];
    if (value === undefined || !values.includes(value)) return [];
    return [
      { code, severity: 'inhibit', measured: `${key}=${value}: ${why}`, limit: `another value of ${key}`, remedy },
    ];
  });
}

/** Whether the file that would be replaced is the one the service runs. */
export function binaryFindings(
  profile: Profile,
  seen: { readonly named: string; readonly execPath: string; readonly link: string | undefined },
): readonly Finding[] {
  const findings: Finding[] = [];
  const launcher = posix.basename(seen.execPath);
  if (LAUNCHERS.has(launcher)) {
    findings.push({
      code: 'exec-is-launcher',
      severity: 'inhibit',
      measured: `the service starts ${seen.execPath}`,
      limit: 'the product itself',
      remedy: 'make ExecStart name the binary, or write a profile of your own with binary.path',
    });
  }
  if (seen.named !== seen.execPath && seen.link !== seen.execPath) {
    findings.push({
      code: 'binary-elsewhere',
      severity: 'inhibit',
      measured: `the service starts ${seen.execPath}`,
      limit: seen.named,
      remedy: `make the service start ${seen.named}, or correct binary.path in the profile`,
    });
  }
  if (seen.link !== undefined && !profile.binary.follow_link) {
    findings.push({
      code: 'binary-is-link',
      severity: 'inhibit',
      measured: `${seen.named} is a link to ${seen.link}`,
      limit: 'a file: a rename would replace the link and leave what it leads to',
      remedy: 'set binary.follow_link to true in an override, or make the service start the file itself',
    });
  }
  return findings;
}

/** Whether what would be copied back belongs to this product alone. */
export function dataFindings({ directories, trees }: DataPaths, workingDirectory: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (!posix.isAbsolute(workingDirectory)) {
    findings.push({
      code: 'working-directory-unknown',
      severity: 'inhibit',
      measured: workingDirectory,
      limit: 'an absolute path',
      remedy: 'give the unit a WorkingDirectory= that is a path',
    });
  }
  for (const { path, exclude } of directories) {
    if (SHARED.has(path)) {
      findings.push({
        code: 'data-directory-shared',
        severity: 'inhibit',
        measured: path,
        limit: 'a directory of its own',
        remedy: 'move the database into a directory of its own, and say so in the env file',
      });
    }
    for (const { root } of trees) {
      const child = childOn(path, root);
      const inside = path === root || (child !== undefined && !exclude.includes(child));
      if (!inside) continue;
      findings.push({
        code: 'data-holds-containers',
        severity: 'inhibit',
        measured: `${root} lies in ${path}`,
        limit: 'container data outside the database directory, or directly inside it',
        remedy: 'move one of them: putting the directory back would undo what containers wrote',
      });
    }
  }
  return findings;
}
