import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import type { ProvenFile } from '../../../src/release/trust/trust.ts';
import { verifyFile } from '../../../src/release/trust/verify-file.ts';
import { openWorkshop, refusalOf, type Workshop } from '../workshop.ts';
import { flipped } from './support/edit.ts';
import { minisignPair } from './support/minisign.ts';

const ARTIFACT = Buffer.from('what was released');
const ours = minisignPair();
const stranger = minisignPair();
const good = ours.sign(ARTIFACT);

async function verified(shop: Workshop, text: string, key: string, artifact: Buffer = ARTIFACT): Promise<ProvenFile> {
  const path = await shop.put('app.tar.gz', artifact);
  await shop.put('app.tar.gz.minisig', text);
  return await verifyFile(shop.host.files, { kind: 'file', path }, { minisignKey: key, signatures: [] });
}

/** The signature with a change in its line of that number. */
const line = (number: number, change: (old: string) => string): string =>
  good
    .split('\n')
    .map((old, index) => (index === number ? change(old) : old))
    .join('\n');

describe('proves a file', () => {
  test.each(['Ed', 'ED'] as const)('by %s', async (format) => {
    await using shop = await openWorkshop();
    const { proofs, size } = await verified(
      shop,
      ours.sign(ARTIFACT, { format, comment: 'v1.2.3 – für alle' }),
      ours.line,
    );
    expect(size).toBe(ARTIFACT.length);
    expect(proofs).toEqual([
      {
        method: 'minisign',
        format: format === 'Ed' ? 'legacy' : 'prehashed',
        signature: `${shop.folder}/app.tar.gz.minisig`,
        signer: expect.stringMatching(/^[0-9A-F]{16}$/),
        trustedComment: 'v1.2.3 – für alle',
      },
    ]);
  });

  test('by a key in a file, and lines that end in CRLF', async () => {
    await using shop = await openWorkshop();
    const key = await shop.put('ours.pub', ours.file.replaceAll('\n', '\r\n'));
    expect((await verified(shop, good.replaceAll('\n', '\r\n'), key)).proofs).toHaveLength(1);
  });

  // From the documentation of jedisct1/rust-minisign-verify: made by minisign itself.
  test.each([
    [
      'prehashed',
      `untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==`,
    ],
    [
      'legacy',
      `untrusted comment: signature from minisign secret key
RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=
trusted comment: timestamp:1555779966\tfile:test
QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==`,
    ],
  ])('that minisign signed, %s', async (format, text) => {
    await using shop = await openWorkshop();
    const key = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3';
    const { proofs } = await verified(shop, text, key, Buffer.from('test'));
    expect(proofs).toMatchObject([{ format, signer: 'E7620F1842B4E81F' }]);
  });
});

const renamed = (old: string, to: string): string => {
  const bytes = Buffer.from(old, 'base64');
  bytes.write(to);
  return bytes.toString('base64');
};

test.each<[string, string, string, string | undefined, Buffer?]>([
  ['a byte of the file', good, 'E_SIGNATURE_INVALID', 'signature', Buffer.from('What was released')],
  [
    'a byte of the file, legacy',
    ours.sign(ARTIFACT, { format: 'Ed' }),
    'E_SIGNATURE_INVALID',
    'signature',
    Buffer.from('x'),
  ],
  ['a bit of the signature', line(1, (old) => flipped(old, 20)), 'E_SIGNATURE_INVALID', 'signature'],
  ['prehashed called legacy', line(1, (old) => renamed(old, 'Ed')), 'E_SIGNATURE_INVALID', 'signature'],
  ['another trusted comment', line(2, (old) => `${old} and more`), 'E_SIGNATURE_INVALID', 'trusted-comment'],
  ['a bit of the second signature', line(3, (old) => flipped(old)), 'E_SIGNATURE_INVALID', 'trusted-comment'],
  ['another key', stranger.sign(ARTIFACT), 'E_SIGNER_MISMATCH', 'key'],
  ['another key ID', line(1, (old) => flipped(old, 3)), 'E_SIGNER_MISMATCH', 'key'],
  ['an algorithm of the future', line(1, (old) => renamed(old, 'Fx')), 'E_SIGNATURE_UNREADABLE', 'format'],
  ['a short signature', line(1, (old) => old.slice(4)), 'E_SIGNATURE_UNREADABLE', 'format'],
  ['base64 that is none', line(1, (old) => `${old.slice(0, -2)}!!`), 'E_SIGNATURE_UNREADABLE', 'format'],
  [
    'no trusted comment',
    good.replace('trusted comment: timestamp', 'comment: timestamp'),
    'E_SIGNATURE_UNREADABLE',
    'format',
  ],
  ['a cut file', good.split('\n').slice(0, 2).join('\n'), 'E_SIGNATURE_UNREADABLE', 'format'],
  ['a line too many', `${good}more\n`, 'E_SIGNATURE_UNREADABLE', 'format'],
  ['an HTML page', '<!doctype html>', 'E_SIGNATURE_UNREADABLE', 'format'],
  ['a Sigstore bundle', '{}', 'E_SIGNATURE_UNREADABLE', undefined],
])('%s', async (_, text, code, check, artifact) => {
  await using shop = await openWorkshop();
  const refusal = await refusalOf(() => verified(shop, text, ours.line, artifact));
  expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code, exit: 6 });
  if (check !== undefined) expect(refusal.facts['check']).toBe(check);
  expect(refusal.message).toContain('app.tar.gz.minisig');
});

test.each([
  ['of another algorithm', renamed(ours.line, 'XX')],
  ['too short', ours.line.slice(4)],
  ['with a line too many', `${ours.file}more\n`],
  ['that is a signature', good],
  ['that is empty', ''],
])('a key %s', async (_, text) => {
  await using shop = await openWorkshop();
  const key = await shop.put('ours.pub', text);
  expect(await refusalOf(() => verified(shop, good, key))).toMatchObject({ code: 'E_TRUST_UNREADABLE' });
});

test('a key that is not there', async () => {
  await using shop = await openWorkshop();
  const refusal = await refusalOf(() => verified(shop, good, `${shop.folder}/none.pub`));
  expect(refusal).toMatchObject({ code: 'E_TRUST_UNREADABLE', facts: { seen: 'no file none.pub' } });
});

test('a digest alone is not enough', async () => {
  await using shop = await openWorkshop();
  const signatures = [await shop.put('app.minisig', good)];
  const artifact = { kind: 'digest', sha256: '0'.repeat(64) } as const;
  const request = { minisignKey: ours.line, signatures };
  expect(await refusalOf(() => verifyFile(shop.host.files, artifact, request))).toMatchObject({
    facts: { check: 'digest' },
  });
});
