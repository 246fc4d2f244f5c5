import { expect, test } from 'vitest';
import { type Away, awaySince, follow, isGood, type Sample, UNTRACKED } from '../../src/health/away.ts';

/** "+0" is a good answer at 0, "-100" none at 100, "-100:900" one that was waited for until 900. */
function sampled(written: string): readonly Sample[] {
  return written.split(' ').map((word) => {
    const [asked = 0, answered = asked] = word.slice(1).split(':').map(Number);
    return { askedAtMs: asked, answeredAtMs: answered, good: word.startsWith('+') };
  });
}

const trackOf = (written: string) => sampled(written).reduce(follow, UNTRACKED);

test.each<[string, string, Away | undefined]>([
  ['refused, and then answered', '+0 +100 -152 -157 -200 +205', { ms: 53, resolutionMs: 5 }],
  ['the order to stop came long after the last good answer', '+0 -152 +205', { ms: 53, resolutionMs: 53 }],
  ['a good answer after the order to stop', '+0 +160 -250 -300 +305', { ms: 55, resolutionMs: 90 }],
  ['asked before the order to stop, answered after it', '+0 -140:160 -300 +310', { ms: 160, resolutionMs: 20 }],
  ['waited for', '+0 -152:1152 -1157 +1157:1200', { ms: 1048, resolutionMs: 1043 }],
  [
    'away twice: a version that died, and the one before it',
    '+0 -152 -200 +205 -300 -400 +405',
    { ms: 158, resolutionMs: 97 },
  ],
  [
    'away before the order to stop, and back in time',
    '+0 -10 -15 +20 +140 -155 -160 +165',
    { ms: 10, resolutionMs: 5 },
  ],
  ['still away', '+0 -152 -157', undefined],
  ['away already when it was told to stop', '+0 -100 -157 +200', undefined],
  ['never seen well', '-100 -152 +200', undefined],
  ['never seen away', '+0 +100 +200 +300', undefined],
])('%s', (_name, written, expected) => {
  expect(awaySince(trackOf(written), 150)).toEqual(expected);
});

test('an order to stop that came before anything was asked', () => {
  expect(awaySince(trackOf('-100 +200'), 50)).toBeUndefined();
});

test('whether the last question was answered well', () => {
  expect(['+0', '+0 -1', '+0 -1 +2', '-1'].map((written) => isGood(trackOf(written)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
