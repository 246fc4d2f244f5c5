import { RefitError } from '../errors.ts';
import type { SignerPolicy, TrustRequest } from '../runbook/releases.ts';
import { workflowSigner } from '../runbook/workflow-signer.ts';
import type { Context, Flags } from './context.ts';
import { absolute, text, wholeTexts } from './flags.ts';

/** Every flag that says something about signatures. */
export const SIGNER_FLAGS: readonly string[] =
  'signature identity issuer repository workflow ref publicKey minisignKey trustedRoot'.split(' ');

/** Who must have signed, as the flags say. */
export function trustOf(context: Pick<Context, 'workingDirectory'>, flags: Flags): TrustRequest {
  const path = (name: string): string | undefined => {
    const value = text(flags, name);
    return value === undefined ? undefined : absolute(context, value);
  };
  const minisignKey = text(flags, 'minisignKey');
  return {
    signer: signerOf(flags, path('publicKey')),
    minisignKey: minisignKey?.startsWith('RW') === true ? minisignKey : path('minisignKey'),
    trustedRoot: path('trustedRoot'),
    signatures: wholeTexts(flags, 'signature').map((one) => absolute(context, one)),
  };
}

function signerOf(flags: Flags, publicKey: string | undefined): SignerPolicy | undefined {
  const [identity, issuer, repository] = ['identity', 'issuer', 'repository'].map((name) => text(flags, name));
  const ways = [identity, repository, publicKey].filter((way) => way !== undefined);
  if (ways.length > 1) throw unclear('more than one of --identity, --repository and --public-key', 'one of them');
  if (publicKey !== undefined) return { kind: 'key', path: publicKey };
  if (repository !== undefined) return workflowOf(flags, repository, issuer);
  if (identity === undefined && issuer === undefined) return undefined;
  if (identity === undefined) throw unclear('--issuer alone', '--identity with it');
  if (issuer === undefined) throw unclear('--identity alone', '--issuer with it: anybody can vouch for a name');
  return { kind: 'identity', identity, issuer };
}

const NAME = /^(?:https:\/\/github\.com\/)?(?<name>[A-Za-z0-9-]+\/[A-Za-z0-9._-]+)$/;
const WORKFLOW_FILE = /^(?:\.github\/workflows\/)?(?<file>[A-Za-z0-9._-]+\.ya?ml)$/;

function workflowOf(flags: Flags, written: string, issuer: string | undefined): SignerPolicy {
  const [workflow, ref] = [text(flags, 'workflow'), text(flags, 'ref')];
  if (workflow === undefined || ref === undefined) throw unclear('--repository alone', '--workflow and --ref with it');
  const name = NAME.exec(written)?.groups?.['name'];
  if (name === undefined) throw unclear(`"${written}" as --repository`, 'owner/name');
  const file = WORKFLOW_FILE.exec(workflow)?.groups?.['file'];
  if (file === undefined && !/^https:\/\/[^@*]+\.ya?ml$/.test(workflow)) {
    throw unclear(
      `"${workflow}" as --workflow`,
      'a file such as release.yml, or its URL where another repository has it',
    );
  }
  if (!/^refs\/[^*]+\*?$/.test(ref))
    throw unclear(`"${ref}" as --ref`, 'a whole ref such as refs/tags/v*, with * at its end only');
  return workflowSigner({ repository: name, workflow: file ?? workflow, ref, issuer });
}

function unclear(seen: string, expected: string): RefitError {
  return new RefitError('E_USAGE', `Cannot tell who must have signed: saw ${seen}, expected ${expected}`, {
    hint: 'refit verify --help',
  });
}
