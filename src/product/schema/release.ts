import * as v from 'valibot';
import { manifest } from './manifest.ts';
import { trust } from './trust.ts';
import { envKey, fileName, INSTALLED, memberPath, mode, size, strict, template } from './values.ts';

/** One file of the archive that is wanted; every other member is ignored. */
const member = strict({
  /** Its path inside the archive. */
  member: memberPath,
  /** `binary` is the one file whose version is asked and which `binary.path` (or ExecStart) places. */
  role: v.optional(v.picklist(['binary', 'file'], 'binary or file'), 'file'),
  /** Where it goes. Absent for the binary only. */
  target: v.optional(template(...INSTALLED)),
  executable: v.optional(v.boolean('true or false'), false),
  /** Permission bits. Default: those of the file it replaces, else 0755 when executable, else 0644. */
  mode: v.optional(mode),
  /** Replace it where it is, never bring it. */
  if_present: v.optional(v.boolean('true or false'), false),
  /** Wanted only where the service's environment sets this key. */
  when_env: v.optional(envKey),
  /** Wanted from the archive of every architecture (the server hands it out), one target each by `{arch}`. */
  every_arch: v.optional(v.boolean('true or false'), false),
  /** The path under which the running server serves it: a `served` probe compares the digest. */
  served_as: v.optional(template('os', 'arch')),
});

const channel = v.pipe(
  v.string('a channel such as stable'),
  v.regex(/^[A-Za-z0-9_-]{1,32}$/, 'a channel such as stable'),
);

/** Where releases come from and what is in them. */
export const releases = strict({
  /** False refuses every upgrade and installation, before anything is asked of anybody. A rollback is nobody's to refuse. */
  enabled: v.optional(v.boolean('true or false'), true),
  /** Channels that may be installed from; the first where nobody says which. */
  channels: v.optional(
    v.pipe(
      v.array(channel),
      v.minLength(1, 'at least one channel'),
      v.maxLength(8, 'at most 8 channels'),
      v.check((names) => new Set(names).size === names.length, 'different channels'),
    ),
  ),
  /** `semver`: versions are strict semver 2.0, without "v"; whatever else is asked for or found is refused. */
  versions: v.optional(v.picklist(['tags', 'semver'], 'tags or semver'), 'tags'),
  /** `owner/name`. Absent: --source is required. */
  github: v.optional(
    v.pipe(
      v.string('a repository'),
      v.regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'a repository such as owner/name'),
    ),
  ),
  /** The archive of one operating system and architecture. */
  asset: template('os', 'arch', 'version', 'number'),
  /** The list of digests beside the archives, as sha256sum writes it. A `<asset>.sha256` beside an archive is always read too. */
  checksums: v.optional(fileName),
  /** What must hold before an archive is unpacked. */
  trust: v.optional(trust),
  /** Releases have a signed manifest. */
  manifest: v.optional(manifest),
  /** Architectures that are released, as Go names them. */
  arches: v.optional(
    v.array(v.picklist(['amd64', 'arm64', 'arm', '386', 'riscv64'], 'an architecture such as amd64')),
    ['amd64', 'arm64'],
  ),
  /** Largest archive that is downloaded. */
  max_bytes: v.optional(size, '512MiB'),
  /** Largest sum of what is unpacked from one archive. */
  max_unpacked: v.optional(size, '1GiB'),
  members: v.pipe(v.array(member), v.minLength(1, 'at least the binary')),
});
