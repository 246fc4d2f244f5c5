import * as v from 'valibot';
import { strict, text } from './values.ts';

/**
 * Names are compared whole, so none may look like a pattern: as a regular expression, which is what other tools take, the
 * repository `acme/app` also means `acme/app-evil`.
 */
function exact(pattern: RegExp, expected: string) {
  return v.pipe(v.string(expected), v.maxLength(2048, 'at most 2048 characters'), v.regex(pattern, expected));
}

const OVER = ['asset', 'checksums', 'manifest'] as const;

/** What is signed: the archive itself, or checksums.txt or the manifest, which then must name the archive. */
const over = v.optional(v.picklist(OVER, `one of ${OVER.join(', ')}`), 'asset');

const sigstore = strict({
  over,
  /** URL of who vouches for the signer. Default with `repository`: GitHub Actions. */
  issuer: v.optional(exact(/^https:\/\/[^\s*]+$/, 'an https URL, exactly as in the certificate')),
  /** `owner/name` on github.com, whose workflow must have signed. */
  repository: v.optional(exact(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'a repository such as owner/name')),
  /** That workflow's file, or its URL where another repository has it; without its `@ref`. */
  workflow: v.optional(
    exact(/^(?:[A-Za-z0-9._-]+|https:\/\/[^\s@*]+)\.ya?ml$/, 'a file such as release.yml, or its URL without "@ref"'),
  ),
  /** The git ref it must have run on; one `*` at the end stands for any rest. A branch is whoever may push to it. */
  ref: v.optional(
    exact(/^refs\/(?:tags|heads)\/[^\s*]*\*?$/, 'a whole ref such as refs/tags/v*, with * at its end only'),
  ),
  /** In place of a workflow: a name exactly as in the certificate. */
  identity: v.optional(exact(/^[^\s*]+$/, 'a name exactly as in the certificate, without "*"')),
  /** Absolute path on this host: the `trusted_root.json` of a private Sigstore. */
  trusted_root: v.optional(exact(/^\/[^\0\n]+$/, 'an absolute path')),
});

const minisign = strict({
  over,
  public_key: v.pipe(
    text,
    v.regex(/^RW[QRST][A-Za-z0-9+/]{53}$/, 'the line of a minisign public key, which begins with RW'),
  ),
});

/** What must hold before anything of a release is unpacked; all of it. Absent: a digest that is claimed. */
export const trust = strict({
  /** A digest of the archive must be claimed. False: its signature is enough; a digest that is claimed must agree all the same. */
  checksums: v.optional(v.boolean('true or false'), true),
  sigstore: v.optional(sigstore),
  minisign: v.optional(minisign),
});
