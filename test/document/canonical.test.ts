import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf, sealed } from '../../src/document/canonical.ts';

// RFC 8785, sections 3.2.2 and 3.2.3.
test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [
    { numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27] },
    '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
  ],
  [{ string: '€$\u000f\nA\'B"\\\\"/' }, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'],
  [
    { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
  ],
  [{ gone: undefined, kept: 0 }, '{"kept":0}'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('the order of members and what is around a value change nothing; a value does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(digestOf(turned)).toBe(digestOf(value));
      expect(digestOf(JSON.parse(JSON.stringify(value, null, 2)))).toBe(digestOf(value));
      expect(digestOf({ ...value, more: 1 })).not.toBe(digestOf({ ...value, more: 2 }));
    }),
  );
});

test('a digest is not over itself', () => {
  const one = sealed({ a: 1 });
  expect(digestOf(one)).toBe(one.digest);
  expect(digestOf({ ...one, digest: 'other' })).toBe(one.digest);
});
