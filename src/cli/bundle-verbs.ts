import type { Flag, Verb } from './verb.ts';

/** What `fetch` takes to put releases into one file. */
export const BUNDLING: readonly Flag[] = [
  { spelling: '--bundle <file>', help: 'releases into one FILE.refit.tar, for a host without a network' },
  { spelling: '--arch <names>', help: 'of these architectures only: amd64,arm64', many: true },
  { spelling: '--also <version>', help: 'another release into the bundle; may be repeated', many: true },
  { spelling: '--with-refit', help: 'this executable into the bundle' },
];

/** `signer`: the flags that say who must have signed. Signatures of a bundle are in it. */
export const bundleVerb = (signer: readonly Flag[]): Verb => ({
  name: 'bundle',
  help: 'look at a bundle that fetch --bundle made, or prove it',
  flags: [],
  below: [
    {
      name: 'inspect',
      help: 'what is in it, and who its signatures name',
      operands: '<file>',
      flags: [],
      load: async () => (await import('./commands/bundle/inspect.ts')).inspect,
    },
    {
      name: 'verify',
      help: 'read every byte; with a signer named, prove who signed',
      operands: '<file>',
      flags: signer,
      load: async () => (await import('./commands/bundle/verify.ts')).verify,
    },
  ],
  load: async () => (await import('./commands/bundle.ts')).bundle,
});
