import { basename } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { Artifact } from './trust.ts';

/** The question that was answered with no. In the facts of every refusal, so that a script can tell them apart. */
export type Check =
  | 'format'
  | 'digest'
  | 'chain'
  | 'integrated-time'
  | 'sct'
  | 'timestamp'
  | 'set'
  | 'inclusion'
  | 'log-body'
  | 'signature'
  | 'trusted-comment'
  | 'key'
  | 'issuer'
  | 'identity'
  | 'repository'
  | 'ref'
  | 'workflow';

/** What is proven, by what. */
export interface Case {
  readonly artifact: Artifact;
  /** Path of the signature file. */
  readonly signature: string;
}

export interface Seen {
  readonly seen: string;
  readonly expected: string;
  readonly cause?: unknown;
}

/** How a file is named in messages. */
export function nameOf(artifact: Artifact): string {
  if (artifact.kind === 'bytes') return artifact.name;
  return artifact.kind === 'file' ? basename(artifact.path) : `sha256:${artifact.sha256}`;
}

/** A signature file whose text cannot be what it should be. */
export function unreadable(signature: string, { seen, expected, cause }: Seen): RefitError {
  return new RefitError(
    'E_SIGNATURE_UNREADABLE',
    `Cannot read the signature ${basename(signature)}: saw ${seen}, expected ${expected}`,
    {
      hint: 'get it again from where the release was published; an HTML page or a cut file looks like this',
      facts: { check: 'format', signature, seen, expected },
      cause,
    },
  );
}

/** A signature that does not hold. */
export function doesNotHold(check: Check, { artifact, signature }: Case, { seen, expected, cause }: Seen): RefitError {
  const file = nameOf(artifact);
  return new RefitError(
    'E_SIGNATURE_INVALID',
    `Cannot trust ${file} by ${basename(signature)}: check ${check}: saw ${seen}, expected ${expected}`,
    {
      hint: 'do not install it: get file and signature again, and ask the publisher if it stays so',
      facts: { check, file, signature, seen, expected },
      cause,
    },
  );
}

/** A signature that holds, by somebody else. */
export function otherSigner(check: Check, { artifact, signature }: Case, { seen, expected }: Seen): RefitError {
  const file = nameOf(artifact);
  return new RefitError(
    'E_SIGNER_MISMATCH',
    `Cannot trust ${file} by ${basename(signature)}: check ${check}: it is signed by ${seen}, expected ${expected}`,
    {
      hint: 'do not install it unless the publisher says that this is who signs now',
      facts: { check, file, signature, seen, expected },
    },
  );
}

/** What verification itself rests on, a trusted root or a public key, is not there or makes no sense. */
export function noGround(file: string, what: string, { seen, expected, cause }: Seen): RefitError {
  return new RefitError('E_TRUST_UNREADABLE', `Cannot use ${file} as ${what}: saw ${seen}, expected ${expected}`, {
    hint: `name another file, or get the ${what} again from who publishes it`,
    facts: { file, seen, expected },
    cause,
  });
}
