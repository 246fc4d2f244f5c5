import { RefitError } from '../errors.ts';
import type { Architecture } from '../release/release.ts';

/** Node's name of each processor refit runs on. */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = { x64: 'amd64', arm64: 'arm64' };

/** Node's name of this processor as Go, and so the release files, write it. */
export function goArchitecture(architecture: string): Architecture {
  const found = ARCHITECTURES[architecture];
  if (found !== undefined) return found;
  throw new RefitError(
    'E_CHECK_FAILED',
    `Cannot upgrade on this processor: saw ${architecture}, expected x64 or arm64`,
  );
}

/** Whether refit has archives of that name. */
export function isArchitecture(name: string): name is Architecture {
  return Object.values<string>(ARCHITECTURES).includes(name);
}
