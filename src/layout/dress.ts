import type { Host } from '../host/host.ts';
import { realFile } from './real-path.ts';

export type LayoutHost = Pick<Host, 'files' | 'commands' | 'clock'>;

/** Where the kernel has no SELinux, `cp --preserve=context` fails. */
const SELINUX = '/sys/fs/selinux/enforce';

/**
 * See `Layout.dress`. Owner first: chown clears capabilities and the setuid bit, in the kernel. Attributes last; a chmod after
 * them would be harmless but for POSIX ACLs, whose mask it is. For the same reason ACLs come only with an unchanged mode; to
 * cp they are a part of it, not an attribute.
 */
export async function dress(
  { files, commands }: LayoutHost,
  staged: string,
  target: string,
  owner: { readonly mode: number; readonly uid: number; readonly gid: number },
): Promise<void> {
  await files.setOwnership(staged, owner);
  const path = await realFile(files, target);
  const live = await files.stat(path);
  if (live !== undefined) {
    const acl = live.mode === owner.mode ? ['mode'] : [];
    const label = (await files.stat(SELINUX)) === undefined ? [] : ['context'];
    const kept = [...acl, 'xattr', ...label].join(',');
    const argv = ['cp', '--attributes-only', `--preserve=${kept}`, '--', path, staged] as const;
    await commands.must(argv, { timeoutMs: 60_000 });
  }
  await files.sync(staged);
}
