/** The list of digests of a whole release. */
export const CHECKSUMS = 'checksums.txt';

/** A signed manifest, as bilbycast publishes one. */
const MANIFEST = 'manifest.json';

/** What may lie beside a file and prove it. */
const ENDINGS = ['.sha256', '.sigstore.json', '.sigstore', '.sig.bundle', '.bundle', '.minisig'];
const SIGNATURES = ENDINGS.slice(1);

/** Names of what may prove `name`: behind the whole name, and as bilbycast publishes them in the place of its last extension. */
export function sidecarsOf(name: string): readonly string[] {
  const stem = name.replace(/(?<=[^/])\.[^./]+$/, '');
  return [...ENDINGS.map((end) => `${name}${end}`), ...(stem === name ? [] : SIGNATURES.map((end) => `${stem}${end}`))];
}

/** Whether a file of this name is a signature, by what its name ends with. */
export const isSignature = (name: string): boolean => SIGNATURES.some((end) => name.endsWith(end));

/** Every small file that may prove one of these archives of a release. */
export function proofNames(archives: readonly string[]): readonly string[] {
  const lists = [CHECKSUMS, MANIFEST, ...sidecarsOf(CHECKSUMS), ...sidecarsOf(MANIFEST)];
  return [...new Set([...lists, ...archives.flatMap(sidecarsOf)])].toSorted();
}
