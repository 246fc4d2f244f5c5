import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { elfKind, HEAD_BYTES, looksLike } from './looks-like.ts';
import type { Architecture } from './release.ts';

/**
 * Proves, without running it, that a file can run here: an ELF executable for `arch`, or a script. E_ARCH_MISMATCH says
 * what it is instead. A vendor's checksum of the wrong file is still right, so this is asked after verification too.
 */
export async function requireExecutable(files: Files, path: string, arch: Architecture): Promise<void> {
  const head = await files.readHead(path, HEAD_BYTES);
  const elf = elfKind(head);
  if (head.toString('latin1', 0, 2) === '#!' || (elf?.machine === arch && elf.runnable)) return;
  const seen = looksLike(head);
  throw new RefitError(
    'E_ARCH_MISMATCH',
    `Cannot use ${path}: saw ${seen}, expected an ${arch} ELF executable or a script`,
    {
      hint: `the release holds the wrong file under this name: choose another release with --to, or the ${arch} tarball`,
      facts: { path, seen, expected: arch },
    },
  );
}
