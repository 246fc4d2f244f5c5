import { RefitError } from '../errors.ts';
import type { Version } from '../version/version.ts';

/** As Go, and so the release files, name processors. */
export type Architecture = 'amd64' | 'arm64';

export interface AssetTarget {
  readonly os: string;
  readonly arch: Architecture;
  readonly version: Version;
}

/**
 * Fills `{os}`, `{arch}`, `{version}` (without `v`) and `{tag}` (as published) into a profile's asset name, e.g.
 * `dockmesh_{os}_{arch}.tar.gz`. E_PROFILE_INVALID where another word stands in braces or no plain file name comes out.
 */
export function assetName(template: string, { os, arch, version }: AssetTarget): string {
  const number = version.build === '' ? version.number : `${version.number}+${version.build}`;
  const words: Readonly<Record<string, string>> = { os, arch, version: number, tag: version.tag };
  const name = template.replaceAll(/\{([^{}]*)\}/g, (written, word: string) => words[word] ?? written);
  // The name becomes a URL segment and a file of ours: nothing that could leave the folder.
  if (/^[\w+-][\w.+-]*$/.test(name)) return name;
  throw new RefitError(
    'E_PROFILE_INVALID',
    `Cannot make an asset name of "${template}": saw "${name}", expected a plain file name`,
    { hint: 'use {os}, {arch}, {version} and {tag}: myserver_{os}_{arch}.tar.gz', facts: { template, name } },
  );
}
