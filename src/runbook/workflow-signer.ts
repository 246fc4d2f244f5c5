import type { SignerPolicy } from './releases.ts';

/** Vouches for workflows on github.com. */
const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';

export interface WorkflowNames {
  /** "owner/name" on github.com. */
  readonly repository: string;
  /** "release.yml" of that repository, or the URL of another's. */
  readonly workflow: string;
  readonly ref: string;
  readonly issuer?: string | undefined;
}

/** A workflow as its certificate names it: by whole URLs. */
export function workflowSigner({
  repository: name,
  workflow,
  ref,
  issuer = GITHUB_ACTIONS,
}: WorkflowNames): SignerPolicy & { readonly kind: 'workflow' } {
  const repository = `https://github.com/${name}`;
  const file = workflow.startsWith('https://') ? workflow : `${repository}/.github/workflows/${workflow}`;
  return { kind: 'workflow', issuer, repository, ref, workflow: file };
}
