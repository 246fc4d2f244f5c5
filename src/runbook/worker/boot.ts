import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';

const DIRECTORY = '/run/refit';

/**
 * A random token that no boot survives: a crash is told from a power cut by it, and the boot id does not change on every
 * reboot (law 13). Kept in /run where we may; elsewhere beside the state, with the kernel's boot id, which is the best there is.
 */
export async function bootToken(
  { files, clock, identity }: Pick<Host, 'files' | 'clock' | 'identity'>,
  root: string,
): Promise<string> {
  const volatile = identity.uid === 0;
  const path = volatile ? `${DIRECTORY}/boot` : `${root}/boot`;
  const bootId = volatile
    ? ''
    : (await files.read('/proc/sys/kernel/random/boot_id', { maxBytes: 64 })).toString('utf8').trim();
  const known = await read(files, path);
  if (known?.endsWith(bootId)) return known;
  const token = `${clock.random(8)}${bootId === '' ? '' : `-${bootId}`}`;
  if (volatile) await files.makeDirectory(DIRECTORY, { mode: 0o755 });
  await files.writeAtomic(path, `${token}\n`, { mode: 0o644 });
  return token;
}

async function read(files: Host['files'], path: string): Promise<string | undefined> {
  try {
    const text = (await files.read(path, { maxBytes: 256 })).toString('utf8').trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}
