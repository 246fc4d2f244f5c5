import type { ProvenFile } from '../../runbook/releases.ts';
import { plain } from './plain.ts';

/** What proved a file, a fact per line. */
export function proofText({ file, sha256, size, proofs }: ProvenFile): string {
  const facts = proofs.map((proof): readonly (readonly [string, string | undefined])[] => [
    ['proven by', `${proof.method}, ${proof.format}: ${proof.signature}`],
    ['signer', proof.signer],
    ...(proof.method === 'minisign'
      ? ([['comment', proof.trustedComment]] as const)
      : ([
          ['issuer', proof.issuer],
          ['repository', proof.repository],
          ['ref', proof.ref],
          ['says', proof.predicateType],
          ['log index', proof.logIndex],
          ['logged at', proof.integratedTime],
        ] as const)),
  ]);
  const all = [['SHA-256', `${sha256}${size === undefined ? '' : `, ${size} bytes`}`] as const, ...facts.flat()];
  const lines = all.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}  ${plain(value)}`]));
  return `${plain(file)}\n${lines.join('\n')}\n`;
}
