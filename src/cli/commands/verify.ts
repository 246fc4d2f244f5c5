import { EXIT, RefitError } from '../../errors.ts';
import type { Artifact, ProvenFile } from '../../runbook/releases.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import type { Command, Flags } from '../context.ts';
import { absolute } from '../flags.ts';
import { proofText } from '../report/proof.ts';
import { say } from '../report/say.ts';
import { SIGNER_FLAGS, trustOf } from '../signer-flags.ts';
import { stageCommand } from './stage.ts';

/** Without files, the second stage of a run. With files, proves each by its signatures: anywhere, offline, without a run. */
export const verify: Command = async (context, flags, operands) => {
  if (operands.length === 0) {
    requireNoSigner(flags);
    return stageCommand('verify')(context, flags, operands);
  }
  const request = trustOf(context, flags);
  if (request.signatures.length > 0 && operands.length > 1) {
    throw new RefitError(
      'E_USAGE',
      `Cannot tell whose signature --signature names: saw ${operands.length} files, expected one`,
      { hint: 'without it, the signature of each is looked for beside it' },
    );
  }
  const workshop = await context.workshop();
  const files: ProvenFile[] = [];
  for (const operand of operands) {
    const artifact = await artifactOf(workshop, operand, absolute(context, operand));
    const proven = await workshop.releases.verifyFile(artifact, request);
    files.push({ ...proven, file: operand });
  }
  say(context, files.map(proofText).join('\n'), { files });
  return EXIT.ok;
};

/** A run asks nobody's signature: it must not look as if it had. */
function requireNoSigner(flags: Flags): void {
  const given = SIGNER_FLAGS.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new RefitError('E_USAGE', 'Cannot check who signed: saw no file, expected one', {
    hint: 'refit verify FILE …; the second stage of a run is refit verify alone',
  });
}

/** `sha256:…` is a digest, unless a file has that name. */
async function artifactOf({ host }: Workshop, operand: string, path: string): Promise<Artifact> {
  const sha256 = /^sha256:(?<hex>[0-9a-fA-F]{64})$/.exec(operand)?.groups?.['hex'];
  if (sha256 === undefined || (await host.files.stat(path)) !== undefined) return { kind: 'file', path };
  return { kind: 'digest', sha256: sha256.toLowerCase() };
}
