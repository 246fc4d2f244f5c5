import type { Verb } from './verb.ts';
import { CONSENT, DRY_RUN, WHICH } from './verb-flags.ts';

/** Below `refit backup`. */
export const BACKUP: readonly Verb[] = [
  {
    name: 'list',
    help: 'what of before is kept on this host, and until when',
    flags: WHICH,
    load: async () => (await import('./commands/backup/list.ts')).list,
  },
  {
    name: 'verify',
    help: 'unpack it into scratch, read every file, open every database',
    operands: '<id>',
    flags: WHICH,
    load: async () => (await import('./commands/backup/verify.ts')).verify,
  },
  {
    name: 'restore',
    help: 'put it back: its binaries with its data, by a run like a rollback',
    operands: '<id>',
    flags: [...WHICH, ...CONSENT, DRY_RUN],
    load: async () => (await import('./commands/backup/restore.ts')).restore,
  },
  {
    name: 'prune',
    help: 'remove backups by rule, or by name',
    operands: '[ids...]',
    flags: [
      { spelling: '--keep <count>', help: 'so many of the newest stay' },
      { spelling: '--older-than <age>', help: 'younger ones stay: 36h, 30d, 8w' },
      ...WHICH,
      ...CONSENT.slice(0, 1),
      DRY_RUN,
    ],
    load: async () => (await import('./commands/backup/prune.ts')).prune,
  },
  {
    name: 'export',
    help: 'the archive on stdout, for age, ssh, rclone, restic: refit docs backup',
    operands: '<id>',
    flags: [
      { spelling: '--copy-to <dir>', help: 'into this folder instead' },
      { spelling: '--compression <format>', help: 'zstd or gzip; by default as it was archived' },
      ...WHICH,
    ],
    load: async () => (await import('./commands/backup/export.ts')).exportBackup,
  },
];
