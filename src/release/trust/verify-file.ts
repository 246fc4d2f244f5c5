import type { Files } from '../../host/files.ts';
import { findSignature, readGiven } from './find-signature.ts';
import { proveFile } from './prove-file.ts';
import { unreadable } from './refusals.ts';
import type { Artifact, ProvenFile, TrustRequest } from './trust.ts';

/** Proves a file by the signatures that were named, or that lie beside it. */
export async function verifyFile(files: Files, artifact: Artifact, request: TrustRequest): Promise<ProvenFile> {
  const { signer, minisignKey, signatures } = request;
  const wanted = [...(signer === undefined ? [] : ['sigstore']), ...(minisignKey === undefined ? [] : ['minisign'])];
  const given = wanted.length === 0 ? undefined : await readGiven(files, signatures);
  for (const [method, { path }] of given ?? []) {
    // Named and then passed over: whoever named it would believe that it was looked at.
    if (!wanted.includes(method))
      throw unreadable(path, { seen: `a ${method} signature`, expected: `a ${wanted.join(' or ')} one` });
  }
  return await proveFile(
    files,
    artifact,
    request,
    async (method) => given?.get(method) ?? (await findSignature(files, artifact, method)),
  );
}
