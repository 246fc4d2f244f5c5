import { BACKUP } from './backup-verbs.ts';
import { BUNDLING, bundleVerb } from './bundle-verbs.ts';
import { TRUST, TRUSTED_ROOT } from './trust-verbs.ts';
import type { Flag, Verb } from './verb.ts';
import {
  ALLOW_MAJOR,
  ARCHIVE,
  BECAUSE,
  CONSENT,
  DRY_RUN,
  NO_REHEARSE,
  NOTES,
  OPENING,
  PINNED,
  PREFIX,
  PROFILES,
  SIGNED,
  SPOT_CHECK,
  TARBALL,
  TARGET,
  UPGRADING,
  WAIVE,
  WAY,
  WHICH,
} from './verb-flags.ts';

const CACHE: readonly Verb[] = [
  {
    name: 'list',
    help: 'the archives, where they are from, and what holds them',
    flags: [PREFIX],
    load: async () => (await import('./commands/cache/list.ts')).list,
  },
  {
    name: 'prune',
    help: 'remove those that nothing holds',
    flags: [
      { spelling: '--older-than <age>', help: 'those used since stay: 36h, 30d, 8w' },
      { spelling: '--max-size <size>', help: 'only until so much is left: 500M, 2G' },
      PREFIX,
      DRY_RUN,
    ],
    load: async () => (await import('./commands/cache/prune.ts')).prune,
  },
];

const stage = (name: string, help: string, flags: readonly Flag[], below: readonly Verb[] = []): Verb => ({
  name,
  help,
  flags,
  below,
  load: async () => (await import('./commands/stage.ts')).stageCommand(name),
});

export const VERBS: readonly Verb[] = [
  {
    name: 'plan',
    help: 'show what an upgrade would do; change nothing',
    flags: [
      ...TARGET,
      ...WAY,
      PINNED,
      ...WHICH,
      ...CONSENT.slice(1),
      ...OPENING,
      NO_REHEARSE,
      ...ARCHIVE,
      SPOT_CHECK,
      TARBALL,
      NOTES,
      { spelling: '--rehearse', help: 'try the migration on a copy of the data now; only the download stays' },
      { spelling: '--exit-code', help: 'exit 100 if an upgrade is available' },
      { spelling: '--out <file>', help: 'write it as a document, to be signed off: upgrade --plan FILE' },
    ],
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    name: 'upgrade',
    help: 'upgrade, and go back by itself if the new version is not healthy',
    flags: [
      ...TARGET,
      ...WAY,
      PINNED,
      ...UPGRADING,
      { spelling: '--dry-run', help: 'as plan' },
      { spelling: '--plan <file>', help: 'do exactly what plan --out wrote, or refuse' },
    ],
    load: async () => (await import('./commands/upgrade.ts')).upgrade,
  },
  {
    name: 'pin',
    help: 'write down a release, to be committed: its URLs, sizes and proven digests',
    flags: [
      ...TARGET,
      ...PROFILES,
      { spelling: '--arch <names>', help: 'amd64,arm64; by default all that are released' },
      { spelling: '--out <file>', help: 'the file to write (refit.pin)' },
    ],
    load: async () => (await import('./commands/pin.ts')).pin,
  },
  {
    name: 'install',
    help: 'upgrade, or install, from a local tarball or bundle',
    flags: [
      TARBALL,
      { spelling: '--to <version>', help: 'which of the releases of a bundle; latest by default' },
      { spelling: '--sha256 <hex>', help: 'digest the tarball must have' },
      { spelling: '--allow-prerelease', help: 'let ranges and latest choose prereleases' },
      ALLOW_MAJOR,
      ...UPGRADING,
      { spelling: '--dry-run', help: 'as plan' },
    ],
    load: async () => (await import('./commands/install.ts')).install,
  },
  {
    name: 'fetch',
    help: 'stage 1: check, choose, download; or releases into one file',
    operands: '[version]',
    flags: [...TARGET, ...WAY, PINNED, ...BUNDLING, ...UPGRADING],
    load: async () => (await import('./commands/fetch.ts')).fetch,
  },
  {
    name: 'verify',
    help: 'stage 2: prove the download, unpack beside each target; or prove FILEs',
    operands: '[files...]',
    flags: [...WHICH, ...CONSENT, ...SIGNED],
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  stage('backup', 'stage 3: copy what is installed, check the database', [...WHICH, ...CONSENT], BACKUP),
  stage('swap', 'stage 4: stop, copy the data, rename (the service stays down)', [...WHICH, ...CONSENT]),
  stage('migrate', 'stage 5: start, prove that the data was migrated', [...WHICH, ...CONSENT]),
  stage('verify-health', 'stage 6: watch its health, then commit', [...WHICH, ...CONSENT]),
  {
    name: 'rollback',
    help: 'go back: of an open run, or to the version before the last one',
    flags: [
      ...WHICH,
      ...CONSENT,
      ...OPENING,
      SPOT_CHECK,
      { spelling: '--restore-data', help: 'put the data of then back though the schema fits' },
      DRY_RUN,
    ],
    load: async () => (await import('./commands/rollback.ts')).rollback,
  },
  {
    name: 'resume',
    help: 'finish a run that was paused, killed or cut by a power loss',
    flags: [...WHICH, { ...WAIVE, help: 'let pass what the run paused for; may be repeated' }, BECAUSE],
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  {
    name: 'attach',
    help: 'watch the run that is under way',
    flags: WHICH,
    load: async () => (await import('./commands/attach.ts')).attach,
  },
  {
    name: 'status',
    help: 'what is true now',
    flags: WHICH,
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'history',
    help: 'the runs of an installation',
    flags: WHICH,
    load: async () => (await import('./commands/history.ts')).history,
  },
  {
    name: 'evidence',
    help: 'pack what was kept of a run (the last one), without secrets',
    operands: '[run]',
    flags: [...WHICH, { spelling: '--copy-to <dir>', help: 'the directory to write it to, instead of this one' }],
    load: async () => (await import('./commands/evidence.ts')).evidence,
  },
  {
    name: 'cache',
    help: 'proven archives that are kept on this host',
    flags: [PREFIX],
    below: CACHE,
    load: async () => (await import('./commands/cache/list.ts')).list,
  },
  {
    name: 'unskip',
    help: 'let ranges choose a release again that failed here',
    operands: '<tag>',
    flags: WHICH,
    load: async () => (await import('./commands/unskip.ts')).unskip,
  },
  {
    name: 'path',
    help: 'which versions an upgrade goes over, by a policy; without any host',
    operands: '<from> <to>',
    flags: [
      ...PROFILES,
      WAIVE,
      { spelling: '--policy <name>', help: 'semver-drop-in, one-minor-at-a-time, window or none' },
      { spelling: '--catalogue <file>', help: 'JSON array of versions, or a directory of releases' },
      { spelling: '--allow-prerelease', help: 'the target may be a prerelease' },
      ALLOW_MAJOR,
      { spelling: '--major-target <which>', help: 'one-minor-at-a-time: any-patch or first-patch of a new major' },
      { spelling: '--major-source <which>', help: 'one-minor-at-a-time: any of the old major, or only its newest' },
      { spelling: '--floor <version>', help: 'window: nothing below it' },
      { spelling: '--grace <minors>', help: 'window: how many minors back' },
    ],
    load: async () => (await import('./commands/path.ts')).path,
  },
  {
    name: 'trust',
    help: 'who is believed about signatures: shows it, below it refresh',
    flags: TRUSTED_ROOT,
    below: TRUST,
    load: async () => (await import('./commands/trust/show.ts')).show,
  },
  {
    name: 'doctor',
    help: 'what refit sees on this host, and what it lacks',
    flags: WHICH,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  bundleVerb(SIGNED.slice(1)),
  {
    name: 'docs',
    help: 'the manual: backup, errors, profile, exit-codes; schema NAME',
    operands: '<page> [name]',
    flags: [],
    load: async () => (await import('./commands/docs.ts')).docs,
  },
  {
    name: 'completion',
    help: 'print shell completion: bash',
    operands: '<shell>',
    flags: [],
    load: async () => (await import('./commands/completion.ts')).completionOf([...VERBS], GLOBAL),
  },
  {
    name: 'worker',
    help: 'carry out a request file; started by refit itself',
    operands: '<request>',
    flags: [],
    hidden: true,
    load: () => Promise.reject(new Error('internal: main runs workers')),
  },
];

/** Every verb, those below another too. */
export const ALL_VERBS: readonly Verb[] = VERBS.flatMap((verb) => [verb, ...(verb.below ?? [])]);

/** Flags of every verb. */
export const GLOBAL: readonly Flag[] = [
  { spelling: '-o, --output <format>', help: 'table, json or ndjson' },
  { spelling: '--state-dir <dir>', help: 'where refit keeps its journals (default /var/lib/refit)' },
];
