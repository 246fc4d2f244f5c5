import type { Manifest, ManifestRequest, ManifestRow } from './manifest.ts';
import { refusalOf } from './refusal.ts';

/** The row that was asked for, of a manifest that is about what was asked for: everything compared exactly. */
export function requireMatch(manifest: Manifest, request: ManifestRequest): ManifestRow {
  const refuse = refusalOf(request.file);
  const same = (what: string, seen: string, expected: string): void => {
    if (seen !== expected) throw refuse(`the ${what} ${JSON.stringify(seen)}`, JSON.stringify(expected));
  };
  if (request.version !== undefined && !isVersion(manifest, request.version)) {
    throw refuse(`the version ${JSON.stringify(manifest.version)}`, JSON.stringify(request.version));
  }
  same('channel', manifest.channel, request.channel);
  same('device type', manifest.deviceType, request.deviceType);
  const row = manifest.rows.find(({ arch, variant }) => arch === request.arch && variant === request.variant);
  if (row !== undefined) return row;
  const seen = manifest.rows.map(({ arch, variant }) => `${arch} ${variant}`).join(', ');
  throw refuse(`artefacts for ${seen}`, `one for ${request.arch} ${request.variant}`);
}

/** Tags have a "v" before the version that a manifest names. */
export function isVersion({ version }: Pick<Manifest, 'version'>, tag: string): boolean {
  return tag === version || tag === `v${version}`;
}
