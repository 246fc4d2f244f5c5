import type { Problem } from './problem.ts';
import { placeOf, scalarAt, type Tree, treeAt } from './tree.ts';

/** A policy that asks for nothing, or for what contradicts itself, must not look like one that protects. */
export function trustProblems(tree: Tree): readonly Problem[] {
  const trust = treeAt(tree, 'release', 'trust');
  const problem = (path: string, message: string): Problem => {
    return { at: placeOf(tree, path.split('.'), 'value'), path, message };
  };
  const unsigned = manifestMessage(tree);
  const ofManifest = unsigned === undefined ? [] : [problem('release.manifest', unsigned)];
  if (trust?.kind !== 'map') return ofManifest;
  const signed = ['sigstore', 'minisign'].filter((method) => treeAt(trust, method) !== undefined);
  const unclaimed = scalarAt(trust, 'checksums') === false;
  if (signed.length === 0 && (unclaimed || treeAt(trust, 'checksums') === undefined)) {
    const expected = 'checksums: true, sigstore or minisign';
    return [problem('release.trust', `saw a policy that asks for nothing, expected ${expected}`)];
  }
  const overList = signed.filter((method) => scalarAt(trust, method, 'over') === 'checksums');
  const overManifest = signed.filter((method) => scalarAt(trust, method, 'over') === 'manifest');
  const noManifest = overManifest.length > 0 && treeAt(tree, 'release', 'manifest') === undefined;
  return [
    ...ofManifest,
    ...(noManifest
      ? [problem('release.trust', 'saw a signature over a manifest, expected release.manifest to describe it')]
      : []),
    ...(unclaimed && overList.length > 0
      ? [problem('release.trust.checksums', `saw false beside a signature over checksums, expected true`)]
      : []),
    ...signerMessages(treeAt(trust, 'sigstore')).map((message) => problem('release.trust.sigstore', message)),
  ];
}

/** An unsigned one would be a list of digests like any other, that looks as if it were more. */
function manifestMessage(tree: Tree): string | undefined {
  if (treeAt(tree, 'release', 'manifest') === undefined) return undefined;
  const over = ['sigstore', 'minisign'].map((method) => scalarAt(tree, 'release', 'trust', method, 'over'));
  if (!over.includes('manifest')) return 'saw nobody who must have signed it, expected over: manifest in release.trust';
  const channels = treeAt(tree, 'release', 'channels');
  return channels === undefined ? 'saw no channels, expected release.channels: its channel is compared' : undefined;
}

/** Either a workflow, whole, or an identity with who vouches for it. */
function signerMessages(sigstore: Tree | undefined): readonly string[] {
  if (sigstore?.kind !== 'map') return [];
  const has = (key: string): boolean => treeAt(sigstore, key) !== undefined;
  const workflow = ['repository', 'workflow', 'ref'];
  const missing = workflow.filter((key) => !has(key));
  if (has('identity')) {
    const both = workflow.filter(has);
    if (both.length > 0) return [`saw identity and ${both.join(', ')}, expected one way to name the signer`];
    return has('issuer') ? [] : ['saw identity alone, expected issuer with it: anybody can vouch for a name'];
  }
  if (missing.length === workflow.length)
    return ['saw nobody who must have signed, expected repository, workflow and ref, or identity and issuer'];
  return missing.length === 0
    ? []
    : [`saw no ${missing.join(' and no ')}, expected repository, workflow and ref together`];
}
