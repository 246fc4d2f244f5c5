import type { Flag, Verb } from './verb.ts';

export const TRUSTED_ROOT: readonly Flag[] = [
  { spelling: '--trusted-root <file>', help: "of a private Sigstore, instead of the public one's" },
];

/** Below `refit trust`. */
export const TRUST: readonly Verb[] = [
  {
    name: 'refresh',
    help: 'bring the public root up to date, by TUF; goes online',
    flags: [
      { spelling: '--mirror <url>', help: 'a copy of the TUF repository' },
      { spelling: '--tuf-root <file>', help: "of a private Sigstore's TUF repository, to begin with" },
      { spelling: '--out <file>', help: 'write it there alone, for --trusted-root' },
    ],
    load: async () => (await import('./commands/trust/refresh.ts')).refresh,
  },
  {
    name: 'show',
    help: 'what is trusted, from where, until when',
    flags: TRUSTED_ROOT,
    load: async () => (await import('./commands/trust/show.ts')).show,
  },
];
