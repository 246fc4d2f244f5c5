import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitOf, RefitError } from '../../../src/errors.ts';
import { verifySigstore } from '../../../src/release/trust/sigstore.ts';
import type { Json } from '../../../src/release/trust/strict-json.ts';
import { openWorkshop, sha256 } from '../workshop.ts';
import { edit } from './support/edit.ts';
import { FORMS, POLICY, privateSigstore } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const SHA256 = sha256(ARTIFACT);
const sigstore = privateSigstore();
const bundles = FORMS.map((form) => sigstore.sign(ARTIFACT, { form }));

/** Every place in a JSON, as `edit` takes it. */
function places(json: Json, above = ''): readonly string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => [`${above}${key}`, ...places(value, `${above}${key}.`)]);
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown[]>(
    undefined,
    '',
    'AAAA',
    'MAA=',
    -1,
    2 ** 53,
    '99999999999999999999',
    '1'.repeat(400),
    {},
    [],
  ),
  fc.base64String({ maxLength: 200 }),
) as fc.Arbitrary<Json | undefined>;

/** A whole bundle of any form with up to three of its values replaced. */
const changed = fc
  .constantFrom(...bundles)
  .chain((bundle) =>
    fc.tuple(
      fc.constant(bundle),
      fc.array(fc.tuple(fc.constantFrom(...places(bundle)), anything), { minLength: 1, maxLength: 3 }),
    ),
  )
  .map(([bundle, changes]) => Buffer.from(JSON.stringify(changes.reduce(replaced, bundle))));

/** An earlier change may have taken the place away. */
function replaced(json: Json, [place, value]: readonly [string, Json | undefined]): Json {
  return places(json).includes(place) ? edit(json, place, () => value) : json;
}

/** A whole bundle with some of its bytes replaced, or cut. */
const damaged = fc
  .tuple(
    fc.constantFrom(...bundles.map((bundle) => JSON.stringify(bundle))),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.nat(),
  )
  .map(([text, writes, cut]) => {
    const data = Buffer.from(text);
    for (const [at, byte] of writes) data.writeUInt8(byte, at % data.length);
    return cut % 3 === 0 ? data.subarray(0, cut % data.length) : data;
  });

test.each([
  ['values', changed, 400],
  ['bytes', damaged, 400],
  [
    'anything',
    fc
      .oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.json().map((text) => Buffer.from(text)),
      )
      .map(Buffer.from),
    300,
  ],
])('%s replaced: proven as it was, or refused with a code', { timeout: 120_000 }, async (what, arbitrary, numRuns) => {
  await using shop = await openWorkshop();
  const trustedRoot = await shop.put('root.json', JSON.stringify(sigstore.root));
  const about = { artifact: { kind: 'digest', sha256: SHA256 }, signature: '/app.bundle' } as const;
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(arbitrary, async (data) => {
      const outcome = await verifySigstore(shop.host.files, about, data, { policy: POLICY, trustedRoot }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) {
        if (!(outcome instanceof RefitError)) throw outcome;
        expect(exitOf(outcome)).toBe(6);
        const check = String(outcome.facts['check']);
        seen.set(check, (seen.get(check) ?? 0) + 1);
        return;
      }
      // Only what nobody signs was replaced: a field that means nothing, or the same value.
      expect(outcome).toMatchObject({
        examined: { sha256: SHA256 },
        proof: { signer: `${POLICY.workflow}@refs/tags/v1.2.3` },
      });
      seen.set('proven', (seen.get('proven') ?? 0) + 1);
    }),
    { numRuns },
  );
  console.info(`${what}: ${numRuns} runs, ${[...seen].map(([check, count]) => `${check} ${count}`).join(', ')}`);
});
