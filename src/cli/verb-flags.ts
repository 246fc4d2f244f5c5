import { TRUSTED_ROOT } from './trust-verbs.ts';
import type { Flag } from './verb.ts';

export const PREFIX: Flag = { spelling: '--prefix <dir>', help: 'root of an installation without systemd' };
export const WHICH: readonly Flag[] = [
  { spelling: '--product <name>', help: 'the product, where several are installed' },
  { spelling: '--installation <name>', help: 'the unit without .service, where several of one product are' },
  { spelling: '--profile <file>', help: 'a profile of your own: refit docs profile' },
  PREFIX,
];
export const PROFILES: readonly Flag[] = WHICH.filter(({ spelling }) => /^--pro(duct|file) /.test(spelling));
export const TARGET: readonly Flag[] = [
  { spelling: '--to <version>', help: 'a range (v0.2.x), a tag or latest' },
  {
    spelling: '--source <where>',
    help: 'mirror URL, directory or bundle, instead of GitHub; may be repeated',
    many: true,
  },
  { spelling: '--channel <name>', help: 'one of the channels that the profile allows' },
  { spelling: '--limit-rate <rate>', help: 'bytes per second (500K) that a download may take' },
  { spelling: '--sha256 <hex>', help: 'digest the archive must have' },
  { spelling: '--allow-prerelease', help: 'let ranges and latest choose prereleases' },
  { spelling: '--min-age <age>', help: 'pass by releases younger than that: 36h, 7d, 2w' },
  { spelling: '--allow-new', help: 'take them all the same' },
];
export const ALLOW_MAJOR: Flag = {
  spelling: '--allow-major',
  help: 'consent to another major version, where the policy asks for it',
};
export const WAY: readonly Flag[] = [
  ALLOW_MAJOR,
  { spelling: '--stop-at <version>', help: 'end at this version of the way' },
  { spelling: '--all-or-nothing', help: 'where a later release of the way fails, go back to where it began' },
];
export const PINNED: Flag = { spelling: '--pinned [file]', help: 'what refit pin wrote (refit.pin), and nothing else' };
export const WAIVE: Flag = {
  spelling: '--waive <code>',
  help: 'let one named finding pass; may be repeated',
  many: true,
};
export const BECAUSE: Flag = {
  spelling: '--because <text>',
  help: 'why; the journal keeps it with who and what was seen',
};
export const CONSENT: readonly Flag[] = [
  { spelling: '-y, --yes', help: 'do not ask' },
  WAIVE,
  BECAUSE,
  { spelling: '--apply-crossings', help: 'make the edits that the plan shows: env file, files, unit, owners' },
  { spelling: '--apply-env-edits', help: 'the same, under its first name' },
  { spelling: '--token-file <file>', help: 'API token of the product: its agents, its health, its commit' },
  {
    spelling: '--deadline <duration>',
    help: 'how long a started service may take to answer, instead of what was learned',
  },
  { spelling: '--copy-rate <rate>', help: 'bytes per second (50M) for copying while the service runs' },
];
export const NO_REHEARSE: Flag = {
  spelling: '--no-rehearse',
  help: 'do not try the migration on a copy of the data first',
};
export const ARCHIVE: readonly Flag[] = [
  { spelling: '--archive <format>', help: 'how the copy of before is archived after the commit: zstd or gzip' },
  { spelling: '--no-archive', help: 'do not archive the copy of before' },
];
export const OPENING: readonly Flag[] = [
  { spelling: '--not-before <time>', help: 'do not stop the service before: 02:00, or ISO 8601 with a zone' },
  { spelling: '--not-after <time>', help: 'nor begin to stop it after; the run then turns back' },
];
export const DRY_RUN: Flag = { spelling: '--dry-run', help: 'show it only' };
export const SPOT_CHECK: Flag = {
  spelling: '--spot-check <stack>',
  help: 'read the services of this stack before the commit; may be repeated',
  many: true,
};
export const TARBALL: Flag = {
  spelling: '--from-tarball <file>',
  help: 'release tarball, its checksum beside it; or a bundle',
};
export const NOTES: Flag = { spelling: '--notes', help: 'the release notes of every version on the way, in full' };

export const SIGNED: readonly Flag[] = [
  { spelling: '--signature <file>', help: 'where it does not lie beside FILE; may be repeated', many: true },
  { spelling: '--identity <name>', help: 'who must have signed, exactly as in the certificate' },
  { spelling: '--issuer <url>', help: 'who must vouch for that (with --repository: GitHub Actions)' },
  { spelling: '--repository <name>', help: 'owner/name whose workflow must have signed' },
  { spelling: '--workflow <file>', help: "that workflow's file, such as release.yml" },
  { spelling: '--ref <ref>', help: 'the git ref it must have run on; * at the end: refs/tags/v*' },
  { spelling: '--public-key <file>', help: 'the key that must have signed the bundle, in PEM' },
  { spelling: '--minisign-key <key>', help: 'the minisign key that must have signed: its line, or its file' },
  ...TRUSTED_ROOT,
];
/** What every verb takes that may go all the way. */
export const UPGRADING: readonly Flag[] = [
  ...WHICH,
  ...CONSENT,
  ...OPENING,
  NO_REHEARSE,
  ...ARCHIVE,
  SPOT_CHECK,
  NOTES,
];
