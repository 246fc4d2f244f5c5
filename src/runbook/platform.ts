import { RefitError } from '../errors.ts';

/** Node's name of this processor as Go, and so the release files, write it. */
export function goArchitecture(architecture: string): 'amd64' | 'arm64' {
  if (architecture === 'x64') return 'amd64';
  if (architecture === 'arm64') return 'arm64';
  throw new RefitError(
    'E_CHECK_FAILED',
    `Cannot upgrade on this processor: saw ${architecture}, expected x64 or arm64`,
  );
}
