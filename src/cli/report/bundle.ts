import type { InspectedBundle, MadeBundle, VerifiedBundle } from '../../runbook/releases.ts';
import { bytes, fileCount } from '../../runbook/words.ts';
import { plain } from './plain.ts';

/** What was made, and the digest to compare where it arrives. */
export function madeText({ path, size, sha256, releases, members }: MadeBundle): string {
  return textOf([
    `${path}: ${releases.join(', ')}; ${fileCount(members.length)}, ${bytes(size)}`,
    `SHA-256 ${sha256}`,
    `next, where it arrives: refit install --from-tarball FILE, or refit upgrade --source FILE`,
  ]);
}

/** What is in it, release by release. */
export function inspectedText({ path, size, product, releases, notes, refit }: InspectedBundle): string {
  return textOf([
    `${path}: ${product}, ${bytes(size)}`,
    ...releases.flatMap(({ tag, archives, listSignatures }) => [
      `  ${tag}`,
      ...archives.flatMap(({ name, size: each, claimedBy, signatures }) => [
        `    ${name}  ${bytes(each)}${claimedBy.length === 0 ? '' : `, digest in ${claimedBy.join(', ')}`}`,
        ...signatures.map(({ signature, signer }) => `      ${signature} says: signed by ${signer}`),
      ]),
      ...listSignatures.map(({ signature, signer }) => `    ${signature} says: signed by ${signer}`),
    ]),
    ...(notes.length === 0 ? [] : [`  release notes of ${notes.join(', ')}`]),
    ...refit.map(({ name, size: each }) => `  ${name}  ${bytes(each)}`),
  ]);
}

/** What holds of each file, a line each. */
export function verifiedText({ path, size, product, members }: VerifiedBundle): string {
  const asked = members.some(({ proofs }) => proofs.length > 0);
  return textOf([
    ...members.map(({ name, by, proofs }) => {
      const signers = [...new Set(proofs.map(({ signer }) => signer))];
      return `ok  ${name}: as ${by.join(', ')} ${by.length === 1 ? 'says' : 'say'}${signers.map((one) => `, signed by ${one}`).join('')}`;
    }),
    `${path}: ${product}, ${fileCount(members.length)}, ${bytes(size)}: whole${asked ? '' : '; who signed it was not asked'}`,
  ]);
}

function textOf(lines: readonly string[]): string {
  return `${plain(lines.join('\n'))}\n`;
}
