import type { Argv } from '../../host/commands.ts';
import { COPY_TIMEOUT_MS } from '../tools.ts';
import { TOP } from './scan.ts';

export const TAR_OPTIONS = { timeoutMs: COPY_TIMEOUT_MS, background: true } as const;

/** All attributes: without the pattern only `user.*` come back, and a capability or a label is lost. */
const ATTRIBUTES = ['--acls', '--xattrs', '--xattrs-include=*', '--numeric-owner'] as const;

/**
 * A generation's folder on stdout. Times of access and change mean nothing elsewhere, and would make each archive of the same data
 * another one. Records of 1 MiB: each write is one wake-up of whoever reads.
 */
export function tarOf(root: string, present: readonly string[]): Argv {
  const form = ['--format=posix', '--pax-option=delete=atime,delete=ctime', '--sparse', '--sort=name'] as const;
  const names = TOP.filter((name) => present.includes(name));
  return [
    'tar',
    '--create',
    '--file=-',
    '--blocking-factor=2048',
    `--directory=${root}`,
    ...form,
    ...ATTRIBUTES,
    ...names,
  ];
}

/** stdin into a folder that is new and nobody else's. */
export function untarInto(root: string): Argv {
  const own = ['--same-owner', '--same-permissions'] as const;
  return ['tar', '--extract', '--file=-', `--directory=${root}`, ...own, ...ATTRIBUTES];
}
