import type { Problem } from './problem.ts';
import { placeOf, scalarAt, type Tree, treeAt } from './tree.ts';

/** A policy that asks for nothing, or for what contradicts itself, must not look like one that protects. */
export function trustProblems(tree: Tree): readonly Problem[] {
  const trust = treeAt(tree, 'release', 'trust');
  if (trust?.kind !== 'map') return [];
  const problem = (path: string, message: string): Problem => {
    return { at: placeOf(tree, path.split('.'), 'value'), path, message };
  };
  const signed = ['sigstore', 'minisign'].filter((method) => treeAt(trust, method) !== undefined);
  const unclaimed = scalarAt(trust, 'checksums') === false;
  if (signed.length === 0 && (unclaimed || treeAt(trust, 'checksums') === undefined)) {
    const expected = 'checksums: true, sigstore or minisign';
    return [problem('release.trust', `saw a policy that asks for nothing, expected ${expected}`)];
  }
  const overList = signed.filter((method) => scalarAt(trust, method, 'over') === 'checksums');
  return [
    ...(unclaimed && overList.length > 0
      ? [problem('release.trust.checksums', `saw false beside a signature over checksums, expected true`)]
      : []),
    ...signerMessages(treeAt(trust, 'sigstore')).map((message) => problem('release.trust.sigstore', message)),
  ];
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
